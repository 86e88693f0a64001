// Values that the chip rounds stochastically, against what they are on average.

import { expect } from 'vitest';

/** Sum of what was not as expected, in standard deviations of its stochastic rounding. */
export class Rounding {
  #sum = 0;
  #variance = 0;

  /** @param grid what results are multiples of */
  add(got: number, expected: number, grid: number): void {
    expect(Math.abs(got - expected)).toBeLessThan(grid * 1.01);
    const share = expected / grid - Math.floor(expected / grid);
    this.#sum += got - expected;
    this.#variance += grid ** 2 * share * (1 - share);
  }

  get deviations(): number {
    return this.#sum / Math.sqrt(this.#variance);
  }
}
