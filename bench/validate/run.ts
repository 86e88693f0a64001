// Regenerates the figures of docs/validation.md: the calibration check, the predictions against what was measured, and
// what each timing parameter is worth. Parts whose data are not at hand stay as they are.

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadChip } from '../../host/chip/load.ts';
import { compare } from './compare.ts';
import { NbpNetworks, nbpMaterial } from './nbp.ts';
import { withPart } from './page.ts';
import type { Prediction } from './predictions.ts';
import { MEASURED } from './published.ts';
import { biogradWorkload, cycleSensitivity, nbpWorkloads, sensitivity } from './sensitivity.ts';
import { comparisonText, cycleSensitivityText, nbpText, sensitivityText } from './texts.ts';

const PAGE = resolve('docs/validation.md');
const PREDICTIONS = resolve('bench/validate/predictions.json');
const TEST_IMAGES = 10_000;
const TRAINING_SAMPLES = 500;

let page = readFileSync(PAGE, 'utf8');
const predicted = JSON.parse(readFileSync(PREDICTIONS, 'utf8')) as Prediction[];
page = withPart(page, 'comparison', comparisonText(compare(predicted, MEASURED)));
const material = nbpMaterial();
if (material === undefined)
  process.stdout.write('no recorded weights or no mnist: nBP and the doubled parameters stay as they are\n');
else {
  const networks = new NbpNetworks(loadChip('loihi1').chip, material);
  page = withPart(page, 'nbp', nbpText(networks.infer(TEST_IMAGES), networks.train(TRAINING_SAMPLES)));
  const workloads = [...nbpWorkloads(networks), biogradWorkload(material.data)];
  page = withPart(page, 'sensitivity', sensitivityText(sensitivity(workloads)));
  page = withPart(page, 'cycle sensitivity', cycleSensitivityText(cycleSensitivity(workloads)));
}
writeFileSync(PAGE, page);
process.stdout.write(`${PAGE}\n`);
