// A recorded nBP set, where it is at hand: every spike, sum and weight of its first samples, and the event counts of
// its first hundred, with the weight read early and late. It is not part of the repository.

import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, type TestContext, vi } from 'vitest';
import type { Check } from '../../host/conformance/nbp-check.ts';
import { nbpSetsIn, replayNbpSet } from '../../host/conformance/nbp-set.ts';
import { listDatasets } from '../../host/data/load.ts';

const RECORDED = '../shared/golden/nbp';
const LIMIT = 200;
/** Two machines with 81 cores, some hundred samples: seconds, unless the computer is busy. */
vi.setConfig({ testTimeout: 300_000 });

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function recordedOrSkip(context: TestContext): string {
  const hasImages = listDatasets().some(({ name, format }) => name === 'mnist' && format === 'idx');
  if (!existsSync(RECORDED) || !hasImages) {
    console.warn(`SKIPPED "${context.task.name}": no ${RECORDED} or no mnist, so it was not tested`);
    context.skip();
  }
  return nbpSetsIn(RECORDED)[0]!;
}

/** A folder with some files of the set. */
function partOf(name: string, ...endings: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'nbp-'));
  folders.push(folder);
  for (const ending of ['-init.npz', ...endings])
    copyFileSync(join(RECORDED, name + ending), join(folder, name + ending));
  return folder;
}

function replay(folder: string, name: string, limit: number): Check[] {
  return [...replayNbpSet(folder, name, { limit })];
}

const failures = (checks: readonly Check[]): string[] =>
  checks.flatMap(({ name, failure }) => (failure === null ? [] : [`${name}: ${failure}`]));
const names = (checks: readonly Check[]): string[] => checks.map(({ name }) => name);

describe.each(['net-early', 'net-late'])('a recorded nBP set, %s', (run) => {
  it('has the spikes, sums and weights of the network on the chip, in every copy', (context) => {
    const name = recordedOrSkip(context);
    const checks = replay(partOf(name, `-${run}.npz`), name, LIMIT);
    expect(failures(checks)).toEqual([]);
    const weights = [1, 10, 100].flatMap((n) =>
      [
        ...['h1', 'h1_copy', 'h1_copy2'].map((to) => `x -> ${to}`),
        ...['o', 'o_copy', 'o_copy2'].map((to) => `h1 -> ${to}`),
        'o -> h1T',
        'oT- -> h1T',
      ].map((matrix) => `${run}: weights after ${n} samples, ${matrix}`),
    );
    const recorded = ['n_in', 'raster', 'raster_crc32', 'hid_sum', 'out_sum'].map(
      (field) => `${run}: ${field}`,
    );
    expect(names(checks)).toEqual([
      'labels',
      'inputs',
      ...weights,
      ...recorded,
      `${run}: weights written by the host`,
    ]);
  });
});

describe('a recorded nBP set', () => {
  it('has the event counts of the first hundred samples, but for one that the test has changed', (context) => {
    const name = recordedOrSkip(context);
    const folder = partOf(name);
    const counts = JSON.parse(readFileSync(join(RECORDED, `${name}-counts.json`), 'utf8'));
    const windows = Object.fromEntries(
      ['net-early', 'net-late'].map((run) => [run, { first_100_samples: counts[run].first_100_samples }]),
    );
    const { spikes } = counts['net-early'].first_100_samples;
    spikes.h1++;
    writeFileSync(join(folder, `${name}-counts.json`), JSON.stringify(windows));
    const checks = replay(folder, name, 100);
    expect(failures(checks)).toEqual([
      `net-early: counts of 100 samples: spikes of h1: is ${spikes.h1 - 1}, recorded ${spikes.h1}`,
    ]);
    for (const what of [
      'synaptic operations',
      'messages, an axon per core',
      'weights changed',
      'spikes of h1T',
    ])
      for (const run of ['net-early', 'net-late'])
        expect(names(checks)).toContain(`${run}: counts of 100 samples: ${what}`);
  });

  it('runs the inference network with recorded weights', (context) => {
    const name = recordedOrSkip(context);
    const checks = replay(partOf(name, '-net-early-60epochs.npz', '-counts.json'), name, 20).filter((check) =>
      check.name.includes('inference'),
    );
    expect(names(checks)).toEqual([
      'net-early-60epochs: inference: sums of the outputs',
      'net-early-60epochs: inference: spikes of the outputs',
    ]);
    expect(failures(checks)).toEqual([]);
  });

  it('fails when the other reading is asked to give the recorded spikes', (context) => {
    const name = recordedOrSkip(context);
    const folder = partOf(name);
    copyFileSync(join(RECORDED, `${name}-net-late.npz`), join(folder, `${name}-net-early.npz`));
    const failing = failures(replay(folder, name, 10));
    // Sample 0 is the same in both, so are the weights after it. [nbp-network 8]
    expect(failing.some((line) => line.startsWith('net-early: raster: [1]'))).toBe(true);
    expect(failing.some((line) => line.includes('after 1 samples'))).toBe(false);
  });

  it('fails, and says why, when there is nothing to compare with', (context) => {
    const name = recordedOrSkip(context);
    const folder = partOf(name);
    writeFileSync(join(folder, `${name}-net-early.npz`), 'no archive');
    const [problem] = failures(replay(folder, name, 10));
    expect(problem).toContain('is no .npz file');
  });
});

describe('an nBP set without images', () => {
  it('is one failed check', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nbp-'));
    folders.push(folder);
    writeFileSync(join(folder, 'seed1-init.npz'), '');
    expect(nbpSetsIn(folder)).toEqual(['seed1']);
    expect([...replayNbpSet(folder, 'seed1', { cwd: folder, env: {} })]).toHaveLength(1);
  });
});
