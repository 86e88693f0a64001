/** A matrix [from][to] as [to][from]. */
export const transposed = (weights: Int16Array, from: number, to: number): Int16Array =>
  Int16Array.from(weights, (_, i) => weights[(i % from) * to + Math.floor(i / from)]!);
