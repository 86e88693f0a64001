// Compartment noise: one draw per enabled compartment and step, to the dendrite or to the membrane. [HW 2.4]
//
// Assumed: the exponent is the one of the formula, not the register whose values below 7 act as one more.

import type { ChipImage, CoreImage, GroupImage } from '../image/image.ts';
import { shiftMagnitude } from './arithmetic.ts';
import { streamKey, subkey, word } from './random.ts';

/** r, uniform on -127..127 (C19), from 16 random bits. */
function uniform(bits: number): bigint {
  return (BigInt(bits) * 255n) / 65536n - 127n;
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
  const r = uniform(word(key, group.element + i) & 0xffff);
  const { exponent, mantissaOffset } = core.noise;
  return shiftMagnitude(r + 64n * BigInt(mantissaOffset), exponent - 7);
}
