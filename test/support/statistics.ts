// Bounds for tests of randomness. All runs have fixed seeds, so a bound is passed or not for ever; five standard
// deviations would be missed by a correct generator once in about two million tests.

const SIGMAS = 5;

/** Largest distance of an observed frequency from probability p over n draws. */
export function frequencyBound(p: number, n: number): number {
  return SIGMAS * Math.sqrt((p * (1 - p)) / n);
}

/** Largest distance of a mean of n draws of this standard deviation from its expectation. */
export function meanBound(deviation: number, n: number): number {
  return (SIGMAS * deviation) / Math.sqrt(n);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** Chi-square of observed counts against a uniform expectation. */
export function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, n) => sum + n, 0) / counts.length;
  return counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
}

/** Mean plus five standard deviations of a chi-square variable. */
export function chiSquareBound(degreesOfFreedom: number): number {
  return degreesOfFreedom + SIGMAS * Math.sqrt(2 * degreesOfFreedom);
}

/** Pearson correlation. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let covariance = 0;
  let varianceA = 0;
  let varianceB = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB];
    covariance += x * y;
    varianceA += x * x;
    varianceB += y * y;
  }
  return covariance / Math.sqrt(varianceA * varianceB);
}

/** Largest correlation of n independent pairs. */
export function correlationBound(n: number): number {
  return SIGMAS / Math.sqrt(n);
}
