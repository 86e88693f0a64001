// The compartments: no memory from step to step, three classes with a bias that only a gate can cancel, and gates.

import type { CompartmentParameters, Placement, Population } from '../../network/network.ts';
import type { Settings } from './settings.ts';

/** The one core class: offset bits make both decays 4096, every step is a learning epoch. */
export const CORE_CLASS = {
  name: 'neurons',
  dsOffset: 1,
  dmOffset: 1,
  epochSteps: 1,
  reward: { impulse: 1, tau: 0 },
} as const;

const MEMORYLESS: CompartmentParameters = { decayU: 4095, decayV: 4095, threshold: 1024 };
/** Held far below the threshold: 8,192 units of weight must cancel the bias. */
const BIASED: CompartmentParameters = { ...MEMORYLESS, bias: { mantissa: -4096, exponent: 7 } };

/** Where the published program starts a class, and over how many cores it spreads a population. */
interface Spread {
  readonly firstCore: number;
  readonly cores: number;
}

/** Counted from the program's core 2, the first that it uses. */
const SPREADS = {
  learn: { firstCore: 0, cores: 78 },
  plain: { firstCore: 14, cores: 79 },
  gate: { firstCore: 38, cores: 1 },
} as const satisfies Record<string, Spread>;

export type PopulationClass = keyof typeof SPREADS;

function placementOf(size: number, { firstCore, cores }: Spread): Placement {
  return { firstCore, perCore: Math.ceil(size / cores) };
}

/**
 * A population of a class.
 * @param deadSteps steps after a spike in which it cannot fire
 */
export function population(
  name: string,
  size: number,
  kind: PopulationClass,
  settings: Settings,
  deadSteps = kind === 'gate' ? 0 : 1,
): Population {
  const compartment = kind === 'gate' ? MEMORYLESS : BIASED;
  const common = {
    name,
    size,
    coreClass: CORE_CLASS.name,
    compartment: { ...compartment, refractory: deadSteps + 1 },
  };
  return settings.placement === 'packed'
    ? common
    : { ...common, placement: placementOf(size, SPREADS[kind]) };
}

/** Name of gate k, `g00` to `g11`. */
export function gateName(k: number): string {
  return `g${String(k).padStart(2, '0')}`;
}
