// Fails unless the test accuracy of a report reaches a floor.

import { readFileSync } from 'node:fs';

const [file, floor] = process.argv.slice(2);
const { accuracy, data, samples, hostWeightWrites } = JSON.parse(readFileSync(file, 'utf8'));
const percent = (share) => `${(100 * share).toFixed(2)} %`;
process.stdout.write(
  `${data.title}: ${percent(accuracy.test)} after ${samples.train} samples, floor ${percent(Number(floor))}\n`,
);
if (hostWeightWrites !== 0 || !(accuracy.test >= Number(floor))) process.exit(1);
