// HW 2.2: rounding, wrap and saturation of u and v, at the edges of their widths and against the plain formula on
// random compartments.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompartmentParameters } from '../../host/network/network.ts';
import { chipWith } from '../support/chips.ts';
import { readState, writeState } from '../support/machine-state.ts';
import {
  type CompartmentReference,
  type CompartmentState,
  decay,
  effectiveWeight,
  update,
} from '../support/reference.ts';
import {
  BUILDS,
  column,
  compileSmall,
  run,
  SmallMachine,
  type SmallNetwork,
} from '../support/small-network.ts';

const MAX = 2 ** 23 - 1;
const EDGES = [0, 1, -1, 2, -2, 37, -37, 4095, -4095, 4096, -4096, 4097, -4097, MAX, -MAX, -MAX - 1];

/** One population per decay register; all on one wide core. */
function decayNetwork(
  registers: readonly number[],
  parameters: Partial<CompartmentParameters>,
): SmallNetwork {
  return {
    populations: registers.map((register) => ({
      name: `decay ${register}`,
      size: EDGES.length,
      compartment: { decayU: register, decayV: register, threshold: 131071, ...parameters },
    })),
  };
}

function wideChip(dsOffset: number, dmOffset: number) {
  return chipWith({
    core: { compartments: 2 ** 20, dendriticAccumulators: 2 ** 24, compartmentProfiles: 5000 },
    compartment: { dsOffset, dmOffset },
  });
}

describe.each(BUILDS)('HW 2.2 decay, %s build', (build) => {
  // Every register at every 16th place, and around the powers of two.
  const registers = Array.from({ length: 4096 }, (_, i) => i).filter(
    (i) => i % 16 === 5 || [0, 1, 2, 4094, 4095].includes(i) || Number.isInteger(Math.log2(i)),
  );

  it.each([
    ['the plain kernel', 0, 1, 'spike'],
    ['the plain kernel', 1, 0, 'spike'],
    ['the general kernel', 1, 1, 'saturate'],
  ] as const)(
    'floors the magnitude for both signs: %s, offsets %i and %i',
    (_, dsOffset, dmOffset, thresholdOp) => {
      const chip = wideChip(dsOffset, dmOffset);
      const { image } = compileSmall(decayNetwork(registers, { thresholdOp }), chip);
      const { machine } = new SmallMachine(image, build);
      const edges = registers.flatMap(() => EDGES);
      writeState(machine, 0, 'current', edges);
      writeState(machine, 0, 'voltage', edges);
      machine.present('step');
      const u = registers.flatMap((register) => EDGES.map((x) => decay(x, register + dsOffset)));
      // u of this step is added to v, which stays within its limits.
      const v = registers.flatMap((register) =>
        EDGES.map((x) =>
          Math.min(Math.max(decay(x, register + dmOffset) + decay(x, register + dsOffset), -MAX), MAX),
        ),
      );
      expect(readState(machine, 0, 'current')).toEqual(u);
      // -2^23 is below vMin; no compartment reaches its threshold of 131071 * 64 = 2^23 - 64 unless v is above.
      const reset = v.map((x) => (x > 131071 * 64 ? (thresholdOp === 'saturate' ? 131071 * 64 : 0) : x));
      expect(readState(machine, 0, 'voltage')).toEqual(reset);
    },
  );

  it('ends at 0: small values shrink by at least 1 a step (A.3)', () => {
    const { image } = compileSmall({
      populations: [{ name: 'cells', size: 2, compartment: { decayU: 409, decayV: 0, threshold: 131071 } }],
    });
    const small = new SmallMachine(image, build);
    writeState(small.machine, 0, 'current', [37, -37]);
    small.watch('cells', 'u', 'v').steps(60);
    const u = small.recorded('cells', 'u');
    const v = small.recorded('cells', 'v');
    expect(column(u).slice(0, 8)).toEqual([33, 29, 26, 23, 20, 17, 15, 13]);
    expect(column(u, 1).slice(0, 8)).toEqual([-33, -29, -26, -23, -20, -17, -15, -13]);
    expect(column(v).slice(0, 8)).toEqual([33, 62, 88, 111, 131, 148, 163, 176]);
    expect(u.at(-1)).toEqual([0, 0]);
  });
});

describe.each(BUILDS)('HW 2.2 wrap and saturation, %s build', (build) => {
  /** u and v after one step from a state, with an input of `weight` mantissas of 64 · 2^exponent. */
  function oneStep(
    state: { u?: number; v?: number },
    weights: readonly number[],
    parameters: Partial<CompartmentParameters> = {},
  ) {
    const { image } = compileSmall(
      {
        ports: [{ name: 'in', size: weights.length }],
        populations: [
          { name: 'cells', size: 1, compartment: { decayU: 0, decayV: 0, threshold: 131071, ...parameters } },
        ],
        projections: [
          {
            name: 'synapses',
            from: 'in',
            to: 'cells',
            connection: { kind: 'all', weights: Int16Array.from(weights) },
            synapse: { signMode: 'mixed', bits: 8, exponent: 7 },
          },
        ],
      },
      chipWith({ compartment: { dsOffset: 0 } }),
    );
    const small = new SmallMachine(image, build);
    small.step({ in: weights.map((_, i) => i) });
    writeState(small.machine, 0, 'current', [state.u ?? 0]);
    writeState(small.machine, 0, 'voltage', [state.v ?? 0]);
    small.step();
    const u = readState(small.machine, 0, 'current')[0];
    return { u, v: readState(small.machine, 0, 'voltage')[0], overflows: small.counts().overflows };
  }
  const unit = 128 * 64; // one mantissa at exponent 7

  it('wraps the input at 21 bits + sign (A.4)', () => {
    // 256 = 2^21 / 8192 mantissas are one more than fit.
    expect(oneStep({}, [128, 128])).toMatchObject({ u: -2097152, overflows: 1n });
    expect(oneStep({}, [-254, -4])).toMatchObject({ u: 2097152 - 2 * unit, overflows: 1n });
    expect(oneStep({}, [254])).toMatchObject({ u: 254 * unit, overflows: 0n });
  });

  it('wraps u at 23 bits + sign and raises a flag (A.4)', () => {
    expect(oneStep({ u: MAX + 1 - 2 * unit }, [2])).toMatchObject({ u: -MAX - 1, overflows: 1n });
    expect(oneStep({ u: MAX - 2 * unit }, [2])).toMatchObject({ u: MAX, overflows: 0n });
    expect(oneStep({ u: -MAX - 1 }, [-2])).toMatchObject({ u: MAX + 1 - 2 * unit, overflows: 1n });
  });

  it('wraps u + bias, so that a large negative current makes a compartment fire', () => {
    const { v, overflows } = oneStep({ u: -MAX - 1 }, [0], { bias: { mantissa: -1, exponent: 0 } });
    expect(overflows).toBe(1n);
    expect(v).toBe(0); // t wrapped to 2^23 - 1, above every threshold: fired and was reset
    expect(oneStep({ u: -MAX - 1 }, [0]).v).toBe(-MAX);
  });

  it('saturates v and never wraps it', () => {
    expect(oneStep({ u: -MAX, v: -MAX }, [0]).v).toBe(-MAX);
    expect(oneStep({ u: MAX, v: MAX }, [0], { thresholdOp: 'pass' }).v).toBe(MAX);
  });

  it.each([
    [0, 0, 0, 511],
    [5, 1, -31, 2047],
    [23, 7, -8388607, 8388607],
  ])('holds v within the limits of registers %i and %i', (negVmLimit, posVmLimit, low, high) => {
    const { image } = compileSmall({
      coreClasses: [{ name: 'core', negVmLimit, posVmLimit }],
      populations: [
        {
          name: 'cells',
          size: 2,
          compartment: { decayU: 0, decayV: 0, threshold: 131071, thresholdOp: 'pass' },
        },
      ],
    });
    const { machine } = new SmallMachine(image, build);
    writeState(machine, 0, 'current', [-MAX, MAX]);
    writeState(machine, 0, 'voltage', [-MAX, MAX]);
    machine.present('step');
    expect(readState(machine, 0, 'voltage')).toEqual([low, high]);
  });
});

describe.each(BUILDS)('HW 2.2 whole updates, %s build', (build) => {
  const compartment = fc.record({
    decayU: fc.constantFrom(0, 1, 409, 2048, 4095),
    decayV: fc.constantFrom(0, 128, 4095),
    threshold: fc.constantFrom(0, 1, 100, 20000, 131071),
    bias: fc.record({ mantissa: fc.integer({ min: -4096, max: 4095 }), exponent: fc.nat(7) }),
    refractory: fc.constantFrom(1, 2, 5, 63),
  });

  it.each(['gt', 'ge'] as const)('match the plain formula, spike test %s', (spikeTest) => {
    const property = fc.property(
      fc.array(compartment, { minLength: 1, maxLength: 3 }),
      fc.array(fc.integer({ min: -127, max: 127 }), { minLength: 5 * 6, maxLength: 5 * 6 }),
      fc.constantFrom(-2, 0, 7),
      fc.array(fc.subarray([0, 1, 2, 3, 4]), { minLength: 30, maxLength: 30 }),
      (populations, halves, exponent, spikes) => {
        const weights = Int16Array.from(halves, (x) => 2 * x);
        const { probes } = run(
          {
            ports: [{ name: 'in', size: 5 }],
            populations: populations.map((parameters, p) => ({
              name: `p${p}`,
              size: 6,
              compartment: parameters,
            })),
            projections: populations.map((_, p) => ({
              name: `s${p}`,
              from: 'in',
              to: `p${p}`,
              connection: { kind: 'all', weights },
              synapse: { signMode: 'mixed', bits: 8, exponent },
            })),
          },
          {
            build,
            chip: chipWith({ semantics: { spikeTest } }),
            steps: spikes.length,
            spikes: { in: spikes.flatMap((elements, t) => elements.map((i) => [t + 1, i] as const)) },
            watch: populations.flatMap((_, p) => [
              [`p${p}`, 'u'] as const,
              [`p${p}`, 'v'] as const,
              [`p${p}`, 'spikes'] as const,
            ]),
          },
        );
        populations.forEach((parameters, p) => {
          const reference: CompartmentReference = {
            effectiveDecayU: parameters.decayU + 1,
            effectiveDecayV: parameters.decayV,
            threshold: parameters.threshold * 64,
            bias: parameters.bias.mantissa * 2 ** parameters.bias.exponent,
            refractory: parameters.refractory,
            spikeTest,
          };
          const states: CompartmentState[] = Array.from({ length: 6 }, () => ({ u: 0, v: 0, wait: 0 }));
          spikes.forEach((_, t) => {
            const fired = states.map((state, i) => {
              const arrived = t === 0 ? [] : spikes[t - 1]!;
              const input = arrived.reduce(
                (sum, row) => sum + effectiveWeight('mixed', 8, exponent, weights[row * 6 + i]!),
                0,
              );
              return update(state, reference, input) ? 1 : 0;
            });
            expect(probes[`p${p} u`]![t]).toEqual(states.map(({ u }) => u));
            expect(probes[`p${p} v`]![t]).toEqual(states.map(({ v }) => v));
            expect(probes[`p${p} spikes`]![t]).toEqual(fired);
          });
        });
      },
    );
    fc.assert(property, { numRuns: 25, seed: 22 });
  });

  it('fires at rest when the threshold is 0 and reaching it is enough', () => {
    const { probes } = run(
      {
        populations: [{ name: 'cells', size: 3, compartment: { decayU: 4095, decayV: 4095, threshold: 0 } }],
      },
      { build, chip: chipWith({ semantics: { spikeTest: 'ge' } }), steps: 4, watch: [['cells', 'spikes']] },
    );
    expect(probes['cells spikes']).toEqual(Array(4).fill([1, 1, 1]));
  });

  it('lets u integrate while v is held at 0', () => {
    const { probes } = run(
      {
        ports: [{ name: 'in', size: 1 }],
        populations: [
          { name: 'cells', size: 1, compartment: { decayU: 0, decayV: 0, threshold: 50, refractory: 4 } },
        ],
        projections: [
          {
            name: 'synapses',
            from: 'in',
            to: 'cells',
            connection: { kind: 'uniform', weight: 100 },
            synapse: { signMode: 'mixed', bits: 8, exponent: 0 },
          },
        ],
      },
      {
        build,
        steps: 6,
        spikes: {
          in: [
            [1, 0],
            [2, 0],
            [3, 0],
          ],
        },
        watch: [
          ['cells', 'u'],
          ['cells', 'v'],
          ['cells', 'spikes'],
        ],
      },
    );
    const u2 = decay(6400, 1) + 6400;
    const u3 = decay(u2, 1) + 6400;
    expect(column(probes['cells u']).slice(0, 4)).toEqual([0, 6400, u2, u3]);
    expect(column(probes['cells v'])).toEqual([0, 0, 0, 0, 0, 0]);
    // Dead for refractory - 1 = 3 steps after the spike of step 2.
    expect(column(probes['cells spikes'])).toEqual([0, 1, 0, 0, 0, 1]);
  });
});
