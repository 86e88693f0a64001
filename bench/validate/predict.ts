// Writes down what the model says: predictions.json beside the sources, and the tables of docs/predictions.md. Run only
// to predict anew; comparisons read what was written.

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { markdownTable, show, showRange, withPart } from './page.ts';
import { type Prediction, predictions } from './predictions.ts';

const FILE = resolve('bench/validate/predictions.json');
const PAGE = resolve('docs/predictions.md');
const DIGITS = 4;

function rounded(prediction: Prediction): Prediction {
  const [value, low, high] = [prediction.value, prediction.low, prediction.high].map((x) =>
    Number(x.toPrecision(DIGITS)),
  );
  return { ...prediction, value: value!, low: low!, high: high! };
}

const made = predictions().map(rounded);
writeFileSync(FILE, `${JSON.stringify(made, null, 2)}\n`);
const rows = made.map(({ what, unit, standing, how, ...span }) => [
  what,
  show(span.value, unit),
  span.low === span.high ? '' : showRange(span, unit),
  standing === 'bounded' ? 'bounded, not predicted' : standing,
  how,
]);
const table = markdownTable(['figure', 'model', 'interval', 'standing', 'how'], rows);
writeFileSync(PAGE, withPart(readFileSync(PAGE, 'utf8'), 'predictions', table));
process.stdout.write(`${FILE}\n${PAGE}\n`);
