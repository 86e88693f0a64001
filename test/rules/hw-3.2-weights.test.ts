// HW 3.1 and 3.2: weight grids of all sign modes and widths, and effective weights of all exponents, exhaustively.

import { describe, expect, it } from 'vitest';
import { chipWith } from '../support/chips.ts';
import { userErrorOf } from '../support/errors.ts';
import { readState } from '../support/machine-state.ts';
import { effectiveWeight, type SignMode, stored } from '../support/reference.ts';
import { BUILDS, compileSmall, SILENT, SmallMachine, type SmallNetwork } from '../support/small-network.ts';

const MODES: readonly SignMode[] = ['mixed', 'excitatory', 'inhibitory'];
const WIDTHS = [1, 2, 3, 4, 5, 6, 8];
const EXPONENTS = Array.from({ length: 16 }, (_, i) => i - 8);

/** Every mantissa that a mode can be asked for; mixed weights at exponent 7 end above -2^21. */
function mantissas(mode: SignMode, exponent: number): number[] {
  const first = mode === 'mixed' ? (exponent === 7 ? -254 : -256) : mode === 'inhibitory' ? -255 : 0;
  const last = mode === 'inhibitory' ? 0 : 255;
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Mantissas whose stored value overflows at exponent 7 are left at 0. */
function fitting(mode: SignMode, bits: number, exponent: number): number[] {
  return mantissas(mode, exponent).map((m) =>
    Math.abs(effectiveWeight(mode, bits, exponent, m)) <= 2097088 ? m : 0,
  );
}

function one(mode: SignMode, bits: number, exponent: number, weights: readonly number[]): SmallNetwork {
  return {
    ports: [{ name: 'in', size: 1 }],
    populations: [{ name: 'cells', size: weights.length, compartment: SILENT }],
    projections: [
      {
        name: 'synapses',
        from: 'in',
        to: 'cells',
        connection: { kind: 'all', weights: Int16Array.from(weights) },
        synapse: { signMode: mode, bits, exponent },
      },
    ],
  };
}

describe('HW 3.1 weight grids', () => {
  it.each(MODES)('drop the low bits of every mantissa: %s', (mode) => {
    for (const bits of WIDTHS) {
      const asked = fitting(mode, bits, 0);
      const { image, quantization } = compileSmall(one(mode, bits, 0, asked));
      const kept = asked.map((m) => stored(mode, bits, m));
      expect(new SmallMachine(image, 'release').weights('synapses'), `${bits} bits`).toEqual(kept);
      const changes = asked.map((m, i) => Math.abs(m - kept[i]!));
      expect(quantization).toEqual([
        {
          projection: 'synapses',
          synapses: asked.length,
          rounded: changes.filter((d) => d > 0).length,
          worst: Math.max(...changes),
        },
      ]);
    }
  });

  it.each([
    ['excitatory', 8, [37, 255], [37, 255]],
    ['excitatory', 6, [37, 255], [36, 252]],
    ['excitatory', 4, [37, 255], [32, 240]],
    ['excitatory', 1, [37, 255], [0, 128]],
    ['inhibitory', 8, [-37], [-37]],
    ['inhibitory', 6, [-37], [-36]],
    ['inhibitory', 4, [-37, -255], [-32, -240]],
    ['mixed', 8, [-101, -37, -5, -1, 1, 37, 255], [-102, -38, -6, -2, 0, 36, 254]],
    ['mixed', 6, [-37], [-40]],
    ['mixed', 4, [-37], [-64]],
  ] as const)('%s %i bits: %j is stored as %j (A.9)', (mode, bits, asked, kept) => {
    const { image } = compileSmall(one(mode, bits, 0, asked));
    expect(new SmallMachine(image, 'release').weights('synapses')).toEqual(kept);
  });

  it.each([
    ['mixed', -257, [-256, 255]],
    ['mixed', 256, [-256, 255]],
    ['excitatory', -1, [0, 255]],
    ['excitatory', 256, [0, 255]],
    ['inhibitory', 1, [-255, 0]],
    ['inhibitory', -256, [-255, 0]],
  ] as const)('%s refuses the mantissa %i at every width', (mode, mantissa, limit) => {
    for (const bits of WIDTHS) {
      const error = userErrorOf(() => compileSmall(one(mode, bits, 0, [mantissa])));
      expect(error.details, `${bits} bits`).toMatchObject({ code: 'out-of-range', got: mantissa, limit });
    }
  });

  it('refuses a width that the chip does not have: there is no 7-bit weight', () => {
    for (const bits of [0, 7, 9]) {
      const { details } = userErrorOf(() => compileSmall(one('mixed', bits, 0, [0])));
      expect(details).toMatchObject({ path: 'projection "synapses"', got: bits, limit: WIDTHS });
    }
  });
});

describe('HW 3.2 limits', () => {
  it('refuses exponents beyond -8..7 (C17)', () => {
    for (const exponent of [-9, 8]) {
      const { details } = userErrorOf(() => compileSmall(one('mixed', 8, exponent, [0])));
      expect(details).toMatchObject({ got: exponent, limit: [-8, 7] });
    }
  });

  it('refuses an effective weight beyond 2^21 - 64', () => {
    expect(() => compileSmall(one('mixed', 8, 7, [-254]))).not.toThrow();
    const error = userErrorOf(() => compileSmall(one('mixed', 8, 7, [-256])));
    expect(error.details).toMatchObject({ got: -32768, limit: [-32767, 32767] });
  });
});

describe.each(BUILDS)('HW 3.2 effective weights, %s build', (build) => {
  const formats = WIDTHS.flatMap((bits) => EXPONENTS.map((exponent) => ({ bits, exponent })));
  const chip = chipWith({ core: { synapseFormats: 1000 } });

  it.each(MODES)('are the grid mantissa times 2^exponent, floored to a multiple of 64: %s', (mode) => {
    const size = mantissas(mode, 0).length;
    const asked = formats.map(({ bits, exponent }) => {
      const weights = fitting(mode, bits, exponent);
      return [...weights, ...Array<number>(size - weights.length).fill(0)];
    });
    const { image } = compileSmall(
      {
        ports: formats.map((_, f) => ({ name: `p${f}`, size: 1 })),
        populations: [{ name: 'cells', size, compartment: SILENT }],
        projections: formats.map(({ bits, exponent }, f) => ({
          name: `s${f}`,
          from: `p${f}`,
          to: 'cells',
          connection: { kind: 'all', weights: Int16Array.from(asked[f]!) },
          synapse: { signMode: mode, bits, exponent },
        })),
      },
      chip,
    );
    const small = new SmallMachine(image, build);
    formats.forEach(({ bits, exponent }, f) => {
      small.step({ [`p${f}`]: [0] }).step();
      const expected = asked[f]!.map((m) => effectiveWeight(mode, bits, exponent, m));
      expect(readState(small.machine, 0, 'current'), `${bits} bits, exponent ${exponent}`).toEqual(expected);
    });
  });

  it.each([
    [37, [0, 256, 1152, 2304, 9216, 294912]],
    [-37, [-64, -320, -1216, -2432, -9728, -311296]],
  ])('of the mixed mantissa %i are those of A.9', (mantissa, effective) => {
    const values = [-8, -3, -1, 0, 2, 7].map((exponent) => {
      const small = new SmallMachine(compileSmall(one('mixed', 8, exponent, [mantissa])).image, build);
      small.step({ in: [0] }).step();
      return readState(small.machine, 0, 'current')[0];
    });
    expect(values).toEqual(effective);
  });

  it('shifts every synapse by itself, not the sum (C6)', () => {
    const { image } = compileSmall({
      ports: [{ name: 'in', size: 3 }],
      populations: [{ name: 'cells', size: 1, compartment: SILENT }],
      projections: [
        {
          name: 'synapses',
          from: 'in',
          to: 'cells',
          connection: { kind: 'uniform', weight: 3 },
          synapse: { signMode: 'excitatory', bits: 8, exponent: -2 },
        },
      ],
    });
    const small = new SmallMachine(image, build).step({ in: [0, 1, 2] }).step();
    expect(readState(small.machine, 0, 'current')).toEqual([0]);
  });

  it('adds hundreds of rows exactly', () => {
    const rows = 700;
    const columns = 70;
    const weights = Int16Array.from({ length: rows * columns }, (_, i) => ((i * 37) % 256) - 128 - (i % 2));
    const { image } = compileSmall({
      ports: [{ name: 'in', size: rows }],
      populations: [{ name: 'cells', size: columns, compartment: SILENT }],
      projections: [
        {
          name: 'synapses',
          from: 'in',
          to: 'cells',
          connection: { kind: 'all', weights },
          synapse: { signMode: 'mixed', bits: 8, exponent: -1 },
        },
      ],
    });
    const all = Array.from({ length: rows }, (_, i) => i);
    const small = new SmallMachine(image, build).step({ in: all }).step();
    const expected = Array.from({ length: columns }, (_, c) =>
      all.reduce((sum, r) => sum + effectiveWeight('mixed', 8, -1, weights[r * columns + c]!), 0),
    );
    expect(readState(small.machine, 0, 'current')).toEqual(expected);
  });
});
