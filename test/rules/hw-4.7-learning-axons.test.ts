// HW 4.7: where learning synapses may be, whose spikes are their post spikes, and which synapses an epoch visits.

import { describe, expect, it } from 'vitest';
import { chipWith } from '../support/chips.ts';
import { PairMachine } from '../support/learning-pair.ts';
import {
  BUILDS,
  compileSmall,
  EXACT,
  EXCITATORY,
  KICK,
  KICK_WEIGHT,
  KICKED,
  SILENT,
  SmallMachine,
  type SmallNetwork,
} from '../support/small-network.ts';

const FLAT = { impulse: 16, tau: Infinity };

/** A silent dendrite whose synapses learn, and the soma that pops it; each port element kicks one soma. */
function tree(postSpikes: 'self' | 'parent', size: number): SmallNetwork {
  return {
    ports: [
      { name: 'pre', size: 2 },
      { name: 'kick', size },
    ],
    rules: { rule: ['dw = y0 + 2*y0*x1 + x0*y1'] },
    populations: [
      { name: 'dendrite', size, compartment: SILENT, postSpikes, postTraces: { y1: FLAT } },
      { name: 'soma', size, compartment: KICKED, join: { operation: 'add', children: ['dendrite'] } },
    ],
    projections: [
      {
        name: 'plastic',
        from: 'pre',
        to: 'dendrite',
        connection: { kind: 'all', weights: new Int16Array(2 * size) },
        synapse: EXCITATORY,
        rule: 'rule',
        preTraces: { x1: FLAT },
      },
      {
        name: 'kicks',
        from: 'kick',
        to: 'soma',
        connection: { kind: 'one-to-one', weight: KICK_WEIGHT },
        synapse: KICK,
      },
    ],
  };
}

describe.each(BUILDS)('HW 4.7 post spikes, %s build', (build) => {
  it.each([
    ['self', 3],
    ['parent', 3],
    ['self', 67],
    ['parent', 67],
  ] as const)('are those of %s (%i compartments)', (postSpikes, size) => {
    const { image } = compileSmall(tree(postSpikes, size));
    const small = new SmallMachine(image, build).watch('dendrite', 'y1', 'spikes').watch('soma', 'spikes');
    const last = size - 1;
    // The somas 1 and the last fire in step 2, where pre element 0 spikes too; element 1 spikes in step 3.
    small
      .step({ kick: [1, last] })
      .step({ pre: [0] })
      .step({ pre: [1] });
    const fires = Array.from({ length: size }, (_, i) => (i === 1 || i === last ? 1 : 0));
    expect(small.recorded('soma', 'spikes')[1]).toEqual(fires);
    expect(
      small
        .recorded('dendrite', 'spikes')
        .flat()
        .some((s) => s === 1),
    ).toBe(false);
    const heard = postSpikes === 'parent' ? fires : fires.map(() => 0);
    expect(small.read('dendrite', 'y1')).toEqual(heard.map((s) => 16 * s));
    // y0 + 2 y0 x1 + x0 y1: row 0 has x1 = 16 and both spikes, row 1 comes one step after the post spike.
    expect(small.weights('plastic')).toEqual([
      ...heard.map((s) => (1 + 32 + 16) * s),
      ...heard.map((s) => (1 + 16) * s),
    ]);
  });
});

describe('HW 4.7 placement', () => {
  it('puts learning axons together above the static ones; each takes two entries', () => {
    const projection = (name: string, from: string, rule?: string) => ({
      name,
      from,
      to: 'cells',
      connection: { kind: 'all' as const, weights: new Int16Array(3 * 4) },
      synapse: EXACT,
      ...(rule === undefined ? {} : { rule }),
    });
    const { image, cores } = compileSmall({
      ports: ['a', 'b', 'c', 'd'].map((name) => ({ name, size: 3 })),
      rules: { rule: ['dw = x0'] },
      populations: [{ name: 'cells', size: 4, compartment: SILENT }],
      projections: [
        projection('first', 'a', 'rule'),
        projection('second', 'b'),
        projection('third', 'c', 'rule'),
        projection('fourth', 'd'),
      ],
    });
    const { axons } = image.cores[0]!;
    expect(axons.map(({ profile }) => profile >= 0)).toEqual([
      ...Array(6).fill(false),
      ...Array(6).fill(true),
    ]);
    expect(axons.map(({ source }) => source)).toEqual([1, 1, 1, 3, 3, 3, 0, 0, 0, 2, 2, 2]);
    expect(cores[0]!.use.find(({ resource }) => resource === 'inputAxons')).toMatchObject({
      used: 6 + 2 * 6,
    });
  });
});

describe.each(BUILDS)('HW 8.1 visits, %s build', (build) => {
  // 3 rows of 5 plastic synapses, epochs of 2 steps: pre spikes in epochs 1, 2 and 3, post spikes in 2 and 4.
  const pair = {
    build,
    rule: ['dw = x0*y0'],
    rows: 3,
    columns: 5,
    epochSteps: 2,
    pre: [[1, 2], [3, 5], [3]],
    post: [[3], [8], [], [], [4, 7]],
    steps: 8,
  };
  const expected = {
    allPlastic: 4n * 15n,
    activeAxons: (1n + 2n + 1n) * 5n,
    allPlasticWithError: 2n * 15n,
    activeAxonsWithError: 2n * 5n,
  };

  it.each([
    ['allPlastic', false],
    ['activeAxons', false],
    ['allPlastic', true],
    ['activeAxons', true],
  ] as const)(
    'are counted in all readings; the chip tells which one counts: %s, %s',
    (visits, skipEpochWithoutError) => {
      const chip = chipWith({ learning: { visits, skipEpochWithoutError } });
      const machine = new PairMachine({ ...pair, chip }).advance(8);
      const counts = machine.counts();
      expect({
        allPlastic: counts.synapseVisitsAllPlastic,
        activeAxons: counts.synapseVisitsActiveAxons,
        allPlasticWithError: counts.synapseVisitsAllPlasticWithError,
        activeAxonsWithError: counts.synapseVisitsActiveAxonsWithError,
      }).toEqual(expected);
      const reading = skipEpochWithoutError ? (`${visits}WithError` as const) : visits;
      expect(counts.synapseVisits).toBe(expected[reading]);
      // The learning engine takes 6.1 ns a visit, whatever it changes.
      const { learningS } = machine.machine.times()[1]!;
      expect(learningS).toBeCloseTo(Number(expected[reading]) * 6.1e-9, 14);
    },
  );
});
