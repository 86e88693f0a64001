// What the command says of vectors: one line per failing one with the first difference, what cannot be run, what is
// found under a path.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runConformance } from '../../../host/conformance/conformance.ts';
import { userErrorOf } from '../../support/errors.ts';
import { events, type SmallVector, vectorJson } from './small-vector.ts';

const folder = mkdtempSync(join(tmpdir(), 'seamount-conformance-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

/** What is said of a file with this text. */
function saidOf(text: string): string | null {
  const file = join(folder, `case-${++files}.json`);
  writeFileSync(file, text);
  const [check, ...others] = [...runConformance([file])];
  expect(others).toEqual([]);
  expect(check?.name).toBe(file.replace('.json', ''));
  return check!.failure;
}

const NEURON: SmallVector = {
  steps: 3,
  populations: [{ id: 'nrn', model: 'LIF', n: 2, params: { du: 4095, dv: 0, vth: 1 } }],
  connections: [
    { id: 'wire', type: 'direct', pre: 'in', post: 'nrn' },
    { id: 'c', type: 'Dense', pre: 'nrn', post: null, weights: [[3, 5]] },
  ],
  input: { in: events('activation', 2, [1, 0, 1], [2, 0, 1], [2, 1, -1]) },
  expected: {
    nrn: {
      v: [
        [64, 0],
        [0, -64],
        [0, -64],
      ],
      s: { events: [[2, 0]] },
    },
    c: { a_out: { events: [[3, 0, 2]] }, weights_effective: [[2, 4]] },
  },
};

/** The vector with parts of it replaced. */
function changed(changes: object): string {
  return JSON.stringify({ ...vectorJson(NEURON), ...changes });
}

function expecting(changes: Readonly<Record<string, object>>): string {
  const expected = Object.fromEntries(
    Object.entries(NEURON.expected).map(([id, variables]) => [id, { ...variables, ...changes[id] }]),
  );
  return changed({ expected });
}

describe('conformance', () => {
  it('passes a vector that agrees', () => {
    expect(saidOf(changed({}))).toBeNull();
  });

  it.each([
    [{ nrn: { s: { events: [] } } }, 'step 2, nrn.s[0]: expected 0, got 1'],
    [
      {
        nrn: {
          s: {
            events: [
              [2, 0],
              [3, 1, -1],
            ],
          },
        },
      },
      'step 3, nrn.s[1]: expected -1, got 0',
    ],
    [
      {
        nrn: {
          v: [
            [64, 0],
            [0, -64],
            [0, -65],
          ],
        },
      },
      'step 3, nrn.v[1]: expected -65, got -64',
    ],
    [{ c: { a_out: { events: [[3, 0, 3]] } } }, 'step 3, c.a_out[0]: expected 3, got 2'],
    [{ c: { weights_effective: [[2, 5]] } }, 'before step 1, c.weights_effective[0][1]: expected 5, got 4'],
    // The first in time, whatever the order in the file.
    [
      {
        nrn: {
          v: [
            [64, 0],
            [0, -64],
            [1, 0],
          ],
          s: {
            events: [
              [1, 1],
              [2, 0],
            ],
          },
        },
      },
      'step 1, nrn.s[1]: expected 1, got 0',
    ],
  ])('says where %j differs first', (changes, line) => {
    expect(saidOf(expecting(changes))).toBe(line);
  });

  it.each([
    ['{"schema": "seamount-golden/1", ', /^cannot be read: .*JSON/],
    ['[]', /^is malformed: it names no schema$/],
    ['{"schema": "other/1"}', /^cannot be replayed: schema other\/1 has no replayer$/],
    [changed({ steps: 'many' }), /^is malformed: steps: /],
    [changed({ semantics: 'silicon' }), /^is malformed: semantics: /],
    [changed({ expected: { other: { v: [] } } }), /^is malformed: expected "other" is no population/],
    [expecting({ nrn: { w: [] } }), /^cannot be replayed: nrn has no variable "w"$/],
    [expecting({ nrn: { v: [[64, 0]] } }), /^is malformed: nrn\.v has 1 rows, not 3$/],
    [
      expecting({ nrn: { v: [[64], [0], [0]] } }),
      /^is malformed: nrn\.v has rows of 1 values, not 2 numbers$/,
    ],
    [
      changed({ network: { populations: [{ id: 'nrn', model: 'HH', n: 1 }], connections: [] } }),
      /^cannot be replayed: there is no model "HH" under semantics lava$/,
    ],
    [
      changed({ network: { populations: [{ id: 'nrn', model: 'LIF', n: 2, params: { tau: 3 } }] } }),
      /^cannot be replayed: nrn: model LIF has no parameter "tau"$/,
    ],
    [
      changed({ network: { populations: [{ id: 'nrn', model: 'LIF', n: 2, init: { w: 1 } }] } }),
      /^cannot be replayed: nrn: model LIF has no start value "w"$/,
    ],
    [
      changed({ network: { populations: [{ id: 'nrn', model: 'LIF', n: 2, params: { vth: [1] } }] } }),
      /^is malformed: nrn\.params\.vth is not a number, nor a list of 2$/,
    ],
    [
      changed({ network: { connections: [{ id: 'c', type: 'Fractal', pre: 'in', post: null }] } }),
      /^cannot be replayed: there is no connection type "Fractal"$/,
    ],
    [
      changed({
        network: { connections: [{ id: 'c', type: 'Dense', pre: 'out', post: null, weights: [[1]] }] },
      }),
      /^is malformed: no input or population is named "out"$/,
    ],
    [
      changed({
        network: { connections: [{ id: 'c', type: 'Dense', pre: 'in', post: null, weights: [[1]] }] },
      }),
      /^is malformed: c\.weights has rows of 1 values, not 2$/,
    ],
    [
      changed({ input: { in: events('activation', 2, [1, 2, 1]) } }),
      /^is malformed: input in has an event \[1, 2\]$/,
    ],
  ])('fails what it cannot run, with a line: %s', (text, line) => {
    expect(saidOf(text)).toMatch(line);
  });

  it('judges a statistical vector by the mean and the deviation over many seeds', () => {
    // x1 = 40 decays to 36.19: 36 or 37, mean 36.193, deviation 0.395.
    const statistical = (mean: number, std: number): string =>
      JSON.stringify({
        ...vectorJson({
          steps: 2,
          connections: [
            {
              id: 'syn',
              type: 'LearningDense',
              pre: 'in',
              post: null,
              weights: [[0]],
              learning: { x1_impulse256: 10240, x1_tau: 10 },
              post_spikes: 'in',
            },
          ],
          input: { in: events('spikes', 1, [1, 0]) },
          rng: { mode: 'statistical', seeds: 400 },
          expected: { syn: { at: [2], x1: { mean_milli: [[mean]], std_milli: [[std]] } } },
        }),
        kind: 'statistical',
      });
    expect(saidOf(statistical(36193, 395))).toBeNull();
    expect(saidOf(statistical(37000, 395))).toMatch(
      /^step 2, syn\.x1\[0\]: expected mean 37\.000 ± 0\.187, got 36\.\d+ \(1 of 1 entries differ over 200 seeds\)$/,
    );
    expect(saidOf(statistical(36193, 2000))).toMatch(
      /expected standard deviation 2\.000 ± 0\.600, got 0\.\d+/,
    );
  });

  it('walks folders, leaves INDEX.json out, and takes nBP sets as sets', () => {
    const root = join(folder, 'tree');
    mkdirSync(join(root, 'a', 'b'), { recursive: true });
    mkdirSync(join(root, 'set'));
    writeFileSync(join(root, 'INDEX.json'), '[]');
    writeFileSync(join(root, 'a', 'b', 'deep.json'), changed({}));
    writeFileSync(join(root, 'a', 'notes.txt'), 'no vector');
    writeFileSync(join(root, 'set', 'seed1-init.npz'), '');
    writeFileSync(join(root, 'set', 'network.json'), '{}');
    const checks = [...runConformance([root])];
    expect(checks.map(({ name, failure }) => [name.slice(root.length + 1), failure === null])).toEqual([
      ['a/b/deep', true],
      [expect.stringMatching(/^set\/seed1: /), false],
    ]);
  });

  it('refuses a path that does not exist, and one without vectors', () => {
    expect(userErrorOf(() => [...runConformance([join(folder, 'none')])]).details.code).toBe('no-such-file');
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    expect(userErrorOf(() => [...runConformance([empty])]).message).toBe(`no vector was found in ${empty}`);
  });
});
