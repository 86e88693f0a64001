// The programs that come with the emulator, by name.

import { ATRLIF, CUBA_LIF, PROTOTYPE_LIF } from './library/lif.ts';
import { RF, RF_IZ, RF_ZERO } from './library/resonator.ts';
import { DELTA, SIGMA, SIGMA_DELTA, SIGMA_DELTA_CORRECTED } from './library/sigma-delta.ts';
import {
  GRADED_RELU_VEC,
  GRADED_VEC,
  INV_SQRT,
  NORM_VEC_DELAY,
  NORM_VEC_SQUARE,
  PROD_NEURON,
} from './library/vector.ts';

/** Text of every program. */
export const LIBRARY = {
  'cuba-lif': CUBA_LIF,
  atrlif: ATRLIF,
  'prototype-lif': PROTOTYPE_LIF,
  rf: RF,
  'rf-iz': RF_IZ,
  'rf-zero': RF_ZERO,
  sigma: SIGMA,
  delta: DELTA,
  'sigma-delta': SIGMA_DELTA,
  'sigma-delta-corrected': SIGMA_DELTA_CORRECTED,
  'graded-vec': GRADED_VEC,
  'graded-relu-vec': GRADED_RELU_VEC,
  'prod-neuron': PROD_NEURON,
  'norm-vec-delay': NORM_VEC_DELAY,
  'norm-vec-square': NORM_VEC_SQUARE,
  'inv-sqrt': INV_SQRT,
} as const satisfies Readonly<Record<string, string>>;

export type LibraryProgram = keyof typeof LIBRARY;
