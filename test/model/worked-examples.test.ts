// The reference model against the worked integer traces of the hardware reference (appendix A), which public models
// of the chip produced.

import { describe, expect, it } from 'vitest';
import { ModelChip } from '../../host/model/chip.ts';
import type { CompartmentParameters, Projection } from '../../host/network/network.ts';
import { pairNetwork } from '../support/learning-pair.ts';
import { compileSmall, EXACT, type SmallNetwork } from '../support/small-network.ts';

/** Runs a network of one core step by step; `spikes`: port elements by step, from 1. */
function model(
  network: SmallNetwork,
  steps: number,
  spikes: Readonly<Record<number, readonly number[]>> = {},
) {
  const chip = new ModelChip(compileSmall(network).image);
  const rows = Array.from({ length: steps }, (_, i) => {
    chip.present('step', [(spikes[i + 1] ?? []).map((element) => ({ element, payload: 1 }))]);
    return chip.cores[0]!.registers();
  });
  const column = (name: string, i = 0): (number | undefined)[] => rows.map((row) => row[name]?.[i]);
  return { chip, column };
}

function cell(compartment: CompartmentParameters, weight: number): SmallNetwork {
  const synapses: Projection = {
    name: 'synapses',
    from: 'in',
    to: 'cell',
    connection: { kind: 'uniform', weight },
    synapse: EXACT,
  };
  return {
    ports: [{ name: 'in', size: 1 }],
    populations: [{ name: 'cell', size: 1, compartment }],
    projections: [synapses],
  };
}

describe('the reference model', () => {
  it('decays u and v and fires above the threshold (A.1)', () => {
    const network = cell({ decayU: 1024, decayV: 128, threshold: 200 }, 100);
    const { column } = model(network, 8, { 1: [0], 4: [0] });
    expect(column('u')).toEqual([0, 6400, 4798, 3597, 9096, 6819, 5112, 3832]);
    expect(column('v')).toEqual([0, 6400, 10998, 0, 9096, 0, 5112, 8784]);
    expect(column('spikes')).toEqual([0, 0, 0, 1, 0, 1, 0, 0]);
  });

  it('floors the magnitude of negative values too (A.1)', () => {
    const network = cell({ decayU: 1024, decayV: 128, threshold: 200 }, -100);
    const { column } = model(network, 8, { 1: [0], 4: [0] });
    expect(column('u')).toEqual([0, -6400, -4798, -3597, -9096, -6819, -5112, -3832]);
    expect(column('v')).toEqual([0, -6400, -10998, -14251, -22901, -29004, -33209, -36003]);
  });

  it('compares strictly and waits refractory - 1 steps (A.2)', () => {
    const firing = (threshold: number, refractory: number): number[] => {
      const bias = { mantissa: 100, exponent: 6 };
      const { column } = model(cell({ decayU: 4095, decayV: 0, threshold, refractory, bias }, 0), 10);
      return column('spikes').flatMap((fired, i) => (fired === 1 ? [i + 1] : []));
    };
    expect(firing(300, 1)).toEqual([4, 8]);
    expect(firing(150, 1)).toEqual([2, 4, 6, 8, 10]);
    expect(firing(150, 3)).toEqual([2, 6, 10]);
  });

  it('learns by the times of spikes, with the impulse of a second spike added at once (A.5)', () => {
    const trace = { impulse: 16, tau: Number.POSITIVE_INFINITY };
    const network = pairNetwork({
      build: 'release',
      rule: ['dw = 2^-2*x1*y0 - 2^-2*y1*x0'],
      epochSteps: 4,
      weight: 100,
      x1: trace,
      postTraces: { y1: trace },
      steps: 8,
    });
    // Element 0 is the pre side, element 1 kicks the post side in the step after.
    const { column } = model(network, 8, { 2: [0], 3: [1], 5: [0], 6: [1], 7: [0] });
    const weights = column('weights of block 0');
    expect([weights[3], weights[6], weights[7]]).toEqual([104, 104, 108]);
    expect([column('x1')[3], column('x1')[7]]).toEqual([16, 48]);
    expect([column('y1')[3], column('y1')[7]]).toEqual([16, 32]);
    expect([column('tx')[1], column('tx')[4], column('tx')[6]]).toEqual([2, 1, 3]);
  });
});
