// The worked examples of dendritic trees, run as a user does: their time course step by step. [HW 2.5]

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readNpz } from '../../host/data/npz.ts';
import { run, temporaryFolder } from '../support/command-line.ts';
import { decay } from '../support/reference.ts';

const folder = temporaryFolder();

/** Probed variables of an example, by step. */
async function course(name: string, probes: readonly string[]): Promise<number[][]> {
  const file = fileURLToPath(new URL(`../../examples/${name}.yaml`, import.meta.url));
  const out = join(folder, name);
  const { code, stderr } = await run(
    ['run', file, '--out', out, ...probes.flatMap((probe) => ['--probe', probe])],
    folder,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const recorded = readNpz(join(out, 'probes.npz'));
  return probes.map((probe) => Array.from(recorded.get(probe)!.data, Number));
}

const stepsOf = (spikes: readonly number[]): number[] =>
  spikes.flatMap((fired, step) => (fired ? [step] : []));

describe('examples/soft-reset.yaml', () => {
  it('takes the threshold off and keeps the rest, so that the rate is exact', async () => {
    const [v, spikes] = await course('soft-reset', ['dendrite.v', 'soma.spikes']);
    let own = 0;
    let fired = false;
    const expected = Array.from({ length: 60 }, () => {
      own += (77 - (fired ? 200 : 0)) * 64;
      fired = own > 200 * 64;
      return [own, fired ? 1 : 0];
    });
    expect(v).toEqual(expected.map(([each]) => each));
    expect(spikes).toEqual(expected.map(([, each]) => each));
    expect(stepsOf(spikes!)).toHaveLength(Math.floor((60 * 77) / 200));
  });
});

describe('examples/adaptive-lif.yaml', () => {
  it('fires ever more slowly as its auxiliary voltage falls, and settles', async () => {
    const [low, v, spikes] = await course('adaptive-lif', ['auxiliary.v', 'main.v', 'main.spikes']);
    let auxiliary = 0;
    let main = 0;
    let fired = false;
    const expected = Array.from({ length: 200 }, () => {
      auxiliary = decay(auxiliary, 100) - (fired ? 4 * 64 : 0);
      main = decay(main, 300) + 60 * 64 + auxiliary;
      fired = main > 100 * 64;
      if (fired) main = 0;
      return [auxiliary, main, fired ? 1 : 0];
    });
    expect(low).toEqual(expected.map(([each]) => each));
    expect(v).toEqual(expected.map(([, each]) => each));
    expect(spikes).toEqual(expected.map(([, , each]) => each));
    const steps = stepsOf(spikes!);
    const intervals = steps.slice(1).map((step, i) => step - steps[i]!);
    expect([...new Set(intervals)]).toEqual([2, 3, 4, 5]);
  });
});
