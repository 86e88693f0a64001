// What follows from a chip's numbers: ranges, capacities and places. Everything here is a pure function of the chip.

import type { Chip } from './schema.ts';

/** Inclusive. */
export interface Limits {
  readonly min: number;
  readonly max: number;
}

/** Place of a core: its chip, the column and row of its tile, and its number at the router. All from 0. */
export interface CorePlace {
  readonly chipIndex: number;
  readonly x: number;
  readonly y: number;
  readonly local: number;
}

/** Range of n bits + sign. */
export function signedLimits(bits: number): Limits {
  return { min: -(2 ** bits), max: 2 ** bits - 1 };
}

/** The largest delay, in steps, with rings of D accumulators: D - 2 [HW 3.4]. */
export function delayMaxFor(chip: Chip, accumulators: number): number {
  return Math.min(accumulators - 2, chip.synapse.delayMax);
}

/**
 * The shortest ring of accumulators that can hold a delay, or undefined if none can.
 *
 * @param delay steps, 0 or more
 */
export function accumulatorsFor(chip: Chip, delay: number): number | undefined {
  return chip.core.accumulatorsPerCompartment.find((length) => delay <= delayMaxFor(chip, length));
}

/** Compartments that fit in a core when each has a ring of D accumulators [HW 3.4]. */
export function compartmentsPerCore(chip: Chip, accumulators: number): number {
  const { compartments, dendriticAccumulators } = chip.core;
  return Math.min(compartments, Math.floor(dendriticAccumulators / accumulators));
}

/** Compartments that are served, and so paid for, when n are mapped: whole groups [HW 1.2]. */
export function servedCompartments(chip: Chip, mapped: number): number {
  const { serviceGroup } = chip.core;
  return Math.ceil(mapped / serviceGroup) * serviceGroup;
}

function requireRegister(name: string, value: number, bits: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits) {
    throw new RangeError(`${name} ${value} is not in 0..${2 ** bits - 1}`);
  }
}

/**
 * Least voltage for a value n of the register negVmLimit: -(2^n) + 1, within the width of v [HW 2.1].
 *
 * @throws RangeError if n does not fit in the register
 */
export function vMin(chip: Chip, negVmLimit: number): number {
  const { compartment } = chip;
  requireRegister('negVmLimit', negVmLimit, compartment.negVmLimit);
  return -(2 ** Math.min(negVmLimit, compartment.voltage)) + 1;
}

/**
 * Greatest voltage for a value n of the register posVmLimit: 2^(9 + 2n) - 1, within the width of v [HW 2.1].
 *
 * @throws RangeError if n does not fit in the register
 */
export function vMax(chip: Chip, posVmLimit: number): number {
  const { compartment } = chip;
  requireRegister('posVmLimit', posVmLimit, compartment.posVmLimit);
  return 2 ** Math.min(9 + 2 * posVmLimit, compartment.voltage) - 1;
}

/** Range of the bias, mantissa · 2^exponent [HW 2.1]. */
export function biasLimits(chip: Chip): Limits {
  const { biasMantissa, biasExponentMax } = chip.compartment;
  const { min, max } = signedLimits(biasMantissa);
  return { min: min * 2 ** biasExponentMax, max: max * 2 ** biasExponentMax };
}

/** Greatest threshold, in units of v [HW 2.1]. */
export function thresholdMax(chip: Chip): number {
  const { thresholdMantissa, thresholdShift } = chip.compartment;
  return (2 ** thresholdMantissa - 1) * 2 ** thresholdShift;
}

export function tilesPerChip(chip: Chip): number {
  return chip.topology.tilesX * chip.topology.tilesY;
}

export function coresPerChip(chip: Chip): number {
  return tilesPerChip(chip) * chip.topology.coresPerTile;
}

/** Cores of all chips that a mapping may use. */
export function coreCount(chip: Chip): number {
  return coresPerChip(chip) * chip.topology.chips;
}

/**
 * Place of a core. Cores of a tile are neighbours in the numbering, tiles follow row by row, then chips.
 *
 * @param coreIndex 0 .. {@link coreCount} - 1
 * @throws RangeError outside of that
 */
export function coreTile(chip: Chip, coreIndex: number): CorePlace {
  if (!Number.isInteger(coreIndex) || coreIndex < 0 || coreIndex >= coreCount(chip)) {
    throw new RangeError(`core ${coreIndex} is not in 0..${coreCount(chip) - 1}`);
  }
  const { tilesX, coresPerTile } = chip.topology;
  const onChip = coreIndex % coresPerChip(chip);
  const tile = Math.floor(onChip / coresPerTile);
  return {
    chipIndex: Math.floor(coreIndex / coresPerChip(chip)),
    x: tile % tilesX,
    y: Math.floor(tile / tilesX),
    local: onChip % coresPerTile,
  };
}

/** The number of the core at a place; the inverse of {@link coreTile}. */
export function coreIndexAt(chip: Chip, place: CorePlace): number {
  const { tilesX, coresPerTile } = chip.topology;
  return place.chipIndex * coresPerChip(chip) + (place.y * tilesX + place.x) * coresPerTile + place.local;
}
