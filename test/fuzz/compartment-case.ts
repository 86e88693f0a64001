// The parts of a random population that are given for each compartment.

import type { CompartmentColumns, CompartmentStart } from '../../host/network/network.ts';
import type { SeededCase } from './fuzz-case.ts';
import { hash, valuesOf } from './seeded.ts';

/** Parameters of single compartments; about half of them are given. */
export function columnsOf(list: SeededCase, ternary: boolean, size: number): CompartmentColumns {
  const ranges: Readonly<Record<keyof CompartmentColumns, readonly [number, number]>> = {
    decayU: [0, 4096],
    decayV: [0, 4096],
    threshold: [-3, 3000],
    thresholdLow: [-3000, 3],
    bias: [-100000, 100000],
    refractory: [1, 7],
    vMin: [-(2 ** 23), 0],
    vMax: [0, 2 ** 23 - 1],
    resetInterval: [0, 6],
    resetOffset: [0, 9],
  };
  return Object.fromEntries(
    Object.entries(ranges).flatMap(([name, [low, high]], i) => {
      const given = name === 'thresholdLow' ? ternary : hash(list.seed, 1000 + i) % 2 === 0;
      return given ? [[name, valuesOf(list, i, size, low, high)]] : [];
    }),
  );
}

export function startOf(list: SeededCase, size: number): CompartmentStart {
  const half = 2 ** 23 - 1;
  return {
    u: valuesOf(list, 20, size, -half, half),
    v: valuesOf(list, 21, size, -half, half),
    refractory: valuesOf(list, 22, size, 0, 6),
  };
}
