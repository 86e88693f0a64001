// The biases of a group, in units of v. [HW 2.1]

import type { CompartmentParameters } from '../network/network.ts';
import type { Slice } from './core-plan.ts';

/** One for all compartments of a slice, or one each. */
export function biasOf({ bias }: CompartmentParameters, { element, count }: Slice): number | Int32Array {
  if (bias === undefined) return 0;
  const { mantissa, exponent } = bias;
  if (typeof mantissa === 'number') return mantissa * 2 ** exponent;
  return Int32Array.from(mantissa.subarray(element, element + count), (each) => each * 2 ** exponent);
}
