// Compartment noise: one draw per enabled compartment and step, to the dendrite or to the membrane. [HW 2.4]

import type { ChipImage, CoreImage, GroupImage } from '../image/image.ts';
import { shiftMagnitude } from './arithmetic.ts';
import { streamKey, subkey, word } from './random.ts';

/** r from 16 random bits: uniform on -127..127 or -127..128, or a sign (bit 8) and the seven bits above it (C19). */
function draw(range: ChipImage['semantics']['noiseRange'], bits: number): bigint {
  if (range === 'signBit') return BigInt(bits >> 9) * (bits & 0x100 ? -1n : 1n);
  return (BigInt(bits) * (range === 'upTo128' ? 256n : 255n)) / 65536n - 127n;
}

/** (r + 64 · mantOffset) · 2^(exp - 7), truncated to an integer; compartment `i` of the group, this step. */
export function noiseOf(
  image: ChipImage,
  core: CoreImage,
  group: GroupImage,
  i: number,
  time: number,
): bigint {
  const key = subkey(streamKey(image.seed, 'noise', group.population), time);
  const r = draw(image.semantics.noiseRange, word(key, group.element + i) & 0xffff);
  const { exponent, mantissaOffset } = core.noise;
  return shiftMagnitude(r + 64n * BigInt(mantissaOffset), exponent - 7);
}
