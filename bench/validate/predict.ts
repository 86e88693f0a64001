// Writes down what the model says: predictions.json beside the sources, and the tables of docs/predictions.md. Run only
// to predict anew; comparisons read what was written.

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { withPart } from './page.ts';
import { type Prediction, predictions } from './predictions.ts';
import { predictionsText } from './texts.ts';

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
writeFileSync(PAGE, withPart(readFileSync(PAGE, 'utf8'), 'predictions', predictionsText(made)));
process.stdout.write(`${FILE}\n${PAGE}\n`);
