// The helper words of the hardware reference on integers of any size. [HW 0.2]

/** wrap(x, n): keeps n bits + sign, two's complement. */
export function wrap(x: bigint, bits: number): bigint {
  return BigInt.asIntN(bits + 1, x);
}

export function sat(x: bigint, low: bigint, high: bigint): bigint {
  if (x < low) return low;
  return x > high ? high : x;
}

export function sgn(x: bigint): bigint {
  if (x === 0n) return 0n;
  return x > 0n ? 1n : -1n;
}

export function magnitude(x: bigint): bigint {
  return x < 0n ? -x : x;
}

/** x · 2^exponent, floored: bits that an exponent below 0 shifts out are lost. */
export function shift(x: bigint, exponent: number): bigint {
  return exponent >= 0 ? x << BigInt(exponent) : x >> BigInt(-exponent);
}

/** The same with the magnitude rounded down, for both signs: floor0. */
export function shiftMagnitude(x: bigint, exponent: number): bigint {
  return sgn(x) * shift(magnitude(x), exponent);
}
