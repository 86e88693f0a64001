// A run that is killed or stopped at any moment goes on to the very result of one that was not.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../host/report/report.ts';
import { readCheckpoint } from '../../host/training/checkpoint.ts';
import { type Ended, run, start, temporaryFolder } from '../support/command-line.ts';

const folder = temporaryFolder();
// Long enough to be hit in the middle, with sleeps, rate drops and an epoch boundary on the way.
const ASKED = [
  'train',
  'biograd',
  '--samples',
  '1000',
  '--epochs',
  '2',
  '--test',
  '300',
  '--set',
  'hidden=128',
];

interface Outcome {
  readonly report: Omit<Report, 'emulator'>;
  readonly samples: string;
  /** All of the chip's memory at the end of training. */
  readonly state: Uint8Array;
}

function outcome(out: string): Outcome {
  const { emulator: _, ...report } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report;
  const { state } = readCheckpoint(join(out, 'snapshot.smnt'));
  return { report, samples: readFileSync(join(out, 'samples.csv'), 'utf8'), state };
}

function expectSame(out: string, reference: Outcome): void {
  const { state, ...rest } = outcome(out);
  expect(rest).toEqual({ report: reference.report, samples: reference.samples });
  expect(Buffer.compare(state, reference.state)).toBe(0);
}

async function resumed(out: string): Promise<Ended> {
  const ended = await run(['train', '--resume', out], folder);
  expect(ended.stderr).not.toMatch(/fault/);
  expect(ended.code).toBe(0);
  return ended;
}

let reference: Outcome;
beforeAll(async () => {
  const out = join(folder, 'uninterrupted');
  const { code } = await run([...ASKED, '--out', out], folder);
  expect(code).toBe(0);
  reference = outcome(out);
});

describe('a run that is ended before its time', () => {
  it.each([
    ['right after its folder is there', /^/, 0],
    ['early', /\d+\/2000 samples/, 60],
    ['in the middle', /1000\/2000 samples/, 0],
    ['late', /1800\/2000 samples/, 10],
  ])('by kill -9 %s resumes to the same bits', async (name, pattern, delayMs) => {
    const out = join(folder, `killed ${name}`);
    const { child, ended, says } = start([...ASKED, '--out', out], folder);
    await says(pattern);
    while (!existsSync(join(out, 'run.yaml'))) await sleep(1);
    await sleep(delayMs);
    child.kill('SIGKILL');
    expect((await ended).signal).toBe('SIGKILL');
    expect(existsSync(join(out, 'report.json'))).toBe(false);
    await resumed(out);
    expectSame(out, reference);
    expect(readdirSync(out).filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });

  it('by kill -9 again and again resumes to the same bits', async () => {
    const out = join(folder, 'killed often');
    const first = start([...ASKED, '--out', out], folder);
    await first.says(/\d+\/2000 samples/);
    first.child.kill('SIGKILL');
    await first.ended;
    for (let i = 0; i < 2; i++) {
      const next = start(['train', '--resume', out], folder);
      await next.says(/\d+\/2000 samples/);
      await sleep(100 * i);
      next.child.kill('SIGKILL');
      await next.ended;
    }
    await resumed(out);
    expectSame(out, reference);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s says how to go on, and does', async (signal) => {
    const out = join(folder, signal);
    const { child, ended, says } = start([...ASKED, '--out', out], folder);
    await says(/400\/2000 samples/);
    child.kill(signal);
    const { code, stderr, stdout } = await ended;
    expect(code).toBe(130);
    expect(stdout).toBe('');
    expect(stderr).toContain(`seamount train --resume ${out}`);
    const { presented } = readCheckpoint(join(out, 'snapshot.smnt'));
    expect(presented).toBeGreaterThanOrEqual(400);
    expect(presented).toBeLessThan(2000);
    await resumed(out);
    expectSame(out, reference);
  });
});

describe('resuming', () => {
  it('a finished run only shows its result again', async () => {
    const { stdout, stderr } = await resumed(join(folder, 'uninterrupted'));
    expect(stdout).toMatch(/test set/);
    expect(stderr).toBe('');
  });
});
