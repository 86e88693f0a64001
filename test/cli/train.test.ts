// The main job from the command line, as a user starts it, and what its run folder holds.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Report } from '../../host/report/report.ts';
import { type Ended, run, temporaryFolder } from '../support/command-line.ts';

const folder = temporaryFolder();

describe('seamount train biograd', () => {
  let ended: Ended;
  let report: Report;
  const out = join(folder, 'digits');
  beforeAll(async () => {
    ended = await run(['train', 'biograd', '--out', out, '--json', 'report.json'], folder);
    report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report;
  });

  it('reaches 95 % on digits, which it calls synthetic', () => {
    expect(ended.code).toBe(0);
    expect(report.accuracy.test).toBeGreaterThanOrEqual(0.95);
    expect(ended.stdout).toMatch(/digits.*synthetic/i);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toMatch(/synthetic/i);
  });

  it('shows progress with ETA and accuracy, then accuracy, energy, time, speed and the folder', () => {
    expect(ended.stderr).toMatch(
      /epoch 2\/3 {2}\d+\/36000 samples {2}accuracy \d+\.\d % {2}\d+ samples\/s {2}ETA \d+:\d\d/,
    );
    for (const text of [
      /test set +9\d\.\d+ %/,
      /Energy per training sample/,
      /Time per training sample/,
      /learning engine/,
      /sleep/,
    ]) {
      expect(ended.stdout).toMatch(text);
    }
    expect(ended.stdout).toContain(`run folder: ${out}`);
  });

  it('trains on the chip alone', () => {
    expect(report.hostWeightWrites).toBe(0);
    expect(report.hostStateReads).toBe(0);
    expect(report.legality.extensions).toEqual([]);
    expect(report.legality.chip).toBe('loihi1');
  });

  it('adds up: units, phases and the total of the energy per training sample', () => {
    const { perTrainingSampleJ, byUnitJ, byPhaseJ } = report.energy;
    const sum = (parts: Readonly<Record<string, number>>): number =>
      Object.values(parts).reduce((a, b) => a + b, 0);
    expect(sum(byUnitJ) / perTrainingSampleJ.value).toBeCloseTo(1, 9);
    expect(sum(byPhaseJ) / perTrainingSampleJ.value).toBeCloseTo(1, 9);
    expect(perTrainingSampleJ.low).toBeLessThanOrEqual(perTrainingSampleJ.value);
    expect(perTrainingSampleJ.high).toBeGreaterThanOrEqual(perTrainingSampleJ.value);
  });

  it('writes the folder of the contract, and the report where it was asked to', () => {
    for (const name of ['report.json', 'report.html', 'run.yaml', 'snapshot.smnt', 'samples.csv'])
      expect(existsSync(join(out, name)), name).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toEqual(report);
    const asked = parse(readFileSync(join(out, 'run.yaml'), 'utf8')) as Record<string, unknown>;
    expect(asked).toMatchObject({ request: { recipe: 'biograd', data: 'digits', seed: 1 } });
    const rows = readFileSync(join(out, 'samples.csv'), 'utf8').trim().split('\n').slice(1);
    expect(rows).toHaveLength(report.samples.test);
    const correct = rows.filter((row) => row.split(',')[3] === '1').length;
    expect(correct / rows.length).toBeCloseTo(report.accuracy.test, 12);
  });

  it('gives the same report from the same seed, another from another', async () => {
    const short = ['train', 'biograd', '--samples', '300', '--epochs', '1', '--test', '100', '--json', '-'];
    const reports = await Promise.all(
      ['7', '7', '8'].map(async (seed, i) => {
        const { stdout } = await run([...short, '--seed', seed, '--out', join(folder, `short ${i}`)], folder);
        const { emulator: _, ...rest } = JSON.parse(stdout) as Report;
        return rest;
      }),
    );
    expect(reports[0]).toEqual(reports[1]);
    expect(reports[2]!.counts).not.toEqual(reports[0]!.counts);
  });
});
