import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { listDatasets, loadDataset } from '../../../host/data/load.ts';
import { sharedData } from '../../support/shared-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'seamount-cues-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Two samples, as ReckOn writes them: the label comes before the last spikes. */
const TRAIN = ['2', '30, 8', '1, 2100', '-2, 1', '0, 2249', '-1, 2250', '-2, 0', '39, 0', '-1, 2250', ''];
const TEST = ['1', '2, 3', '-2, 1', '-1, 2250'];

function write(train: readonly string[]): void {
  writeFileSync(join(folder, 'dataset_cueAcc_train.dat'), train.join('\r\n'));
  writeFileSync(join(folder, 'dataset_cueAcc_test.dat'), TEST.join('\r\n'));
}

describe('the cue accumulation task', () => {
  it('is read as rasters of 40 neurons and 2,250 ms', () => {
    write(TRAIN);
    const { train, test, classes } = loadDataset(folder);
    expect(train).toMatchObject({ count: 2, height: 40, width: 2250, labels: Uint8Array.of(1, 0) });
    const spikes = [...train.images].flatMap((value, i) => (value === 0 ? [] : [i]));
    expect(spikes).toEqual([2249, 2250 + 2100, 30 * 2250 + 8, (40 + 39) * 2250]);
    expect(test.labels).toEqual(Uint8Array.of(1));
    expect(classes).toEqual(['0', '1']);
  });

  it.each([
    ['two'.split(' '), /line 1: "two" is no number of samples/],
    [['1', '40, 8', '-2, 1', '-1, 2250'], /line 2: neuron 40 at 8 ms; there are 40, and 2250 ms/],
    [['1', '4, 8', '-2, 2', '-1, 2250'], /line 3: class 2; there are 0 and 1/],
    [['1', '4, 8', '-1, 2250'], /line 3: the sample ends without a class/],
    [['2', '4, 8', '-2, 1', '-1, 2250'], /ends after 1 of 2 samples/],
    [['1', '4 8'], /line 2: "4 8" is not two numbers/],
  ])('is refused with the line that is wrong: %j', (train, message) => {
    write(train);
    expect(() => loadDataset(folder)).toThrow(message);
  });

  it('is found among the data sets, complete', (context) => {
    const path = sharedData('reckon-cue-accumulation', context);
    const { train, test } = loadDataset(path);
    expect([train.count, test.count]).toEqual([50, 50]);
    const listed = listDatasets({ env: { SEAMOUNT_DATA: join(path, '..') } });
    expect(listed.find(({ name }) => name === 'reckon-cue-accumulation')?.format).toBe('cues');
  });
});
