import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as limits from '../../../host/chip/limits.ts';
import { loadChip } from '../../../host/chip/load.ts';
import { loadChild } from './chip-fixture.ts';

const { chip } = loadChip('loihi1');

describe('HW 3.4 delays and accumulators', () => {
  it.each([
    [8, 1024, 6],
    [16, 512, 14],
    [32, 256, 30],
    [64, 128, 62],
  ])('rings of %d leave %d compartments and a delay of %d', (length, compartments, delay) => {
    expect(limits.compartmentsPerCore(chip, length)).toBe(compartments);
    expect(limits.delayMaxFor(chip, length)).toBe(delay);
    expect(limits.accumulatorsFor(chip, delay)).toBe(length);
    expect(limits.accumulatorsFor(chip, delay + 1)).toBe(length === 64 ? undefined : 2 * length);
  });

  it('never gives a core more compartments than it has', () => {
    const wide = loadChild('core:\n  dendriticAccumulators: 100000 accumulators # [A]\n').chip;
    expect(limits.compartmentsPerCore(wide, 8)).toBe(1024);
  });
});

describe('HW 1.2 service groups', () => {
  it('round the served compartments up to four', () => {
    expect([0, 1, 4, 5, 1024].map((n) => limits.servedCompartments(chip, n))).toEqual([0, 4, 4, 8, 1024]);
  });
});

describe('HW 2.1 ranges', () => {
  it('follow from the limit registers of the voltage', () => {
    expect(limits.vMin(chip, 23)).toBe(-8388607);
    expect(limits.vMin(chip, 0)).toBe(0);
    expect(limits.vMax(chip, 7)).toBe(8388607);
    expect(limits.vMax(chip, 0)).toBe(511);
  });

  it('do not exceed the width of the voltage', () => {
    expect(limits.vMin(chip, 31)).toBe(-8388607);
    expect(() => limits.vMin(chip, 32)).toThrow(RangeError);
    expect(() => limits.vMax(chip, 8)).toThrow(RangeError);
    expect(() => limits.vMax(chip, -1)).toThrow(RangeError);
    expect(() => limits.vMax(chip, 1.5)).toThrow(RangeError);
  });

  it('follow from the widths of bias and threshold', () => {
    expect(limits.signedLimits(23)).toEqual({ min: -8388608, max: 8388607 });
    expect(limits.biasLimits(chip)).toEqual({ min: -4096 * 128, max: 4095 * 128 });
    expect(limits.thresholdMax(chip)).toBe(131071 * 64);
  });
});

describe('HW 1.1 places of cores', () => {
  const board = loadChild('topology:\n  chips: 3 chips # [A]\n').chip;

  it('number the cores of a tile, then tiles row by row, then chips', () => {
    expect(limits.coreTile(board, 0)).toEqual({ chipIndex: 0, x: 0, y: 0, local: 0 });
    expect(limits.coreTile(board, 5)).toEqual({ chipIndex: 0, x: 1, y: 0, local: 1 });
    expect(limits.coreTile(board, 32)).toEqual({ chipIndex: 0, x: 0, y: 1, local: 0 });
    expect(limits.coreTile(board, 127)).toEqual({ chipIndex: 0, x: 7, y: 3, local: 3 });
    expect(limits.coreTile(board, 128)).toEqual({ chipIndex: 1, x: 0, y: 0, local: 0 });
  });

  it('and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: limits.coreCount(board) - 1 }), (core) => {
        expect(limits.coreIndexAt(board, limits.coreTile(board, core))).toBe(core);
      }),
    );
  });

  it('exist for the cores of the chips that a mapping may use, and no others', () => {
    expect(limits.coreCount(chip)).toBe(128);
    expect(limits.coreCount(board)).toBe(384);
    expect(() => limits.coreTile(chip, 128)).toThrow(RangeError);
    expect(() => limits.coreTile(chip, -1)).toThrow(RangeError);
    expect(() => limits.coreTile(chip, 0.5)).toThrow(RangeError);
  });
});
