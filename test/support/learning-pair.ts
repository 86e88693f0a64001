// Plastic synapses from a port to compartments that are made to fire at chosen steps: what the tests of traces
// and rules have in common. A post spike of step t is a kick of step t - 1, so it is at step 2 or later.

import type { Chip } from '../../host/chip/schema.ts';
import type { CoreBuild } from '../../host/machine/core-module.ts';
import type { MachineOptions } from '../../host/machine/machine.ts';
import type {
  Connection,
  CoreClass,
  Population,
  Projection,
  ScheduleEntry,
  SynapseParameters,
  TraceParameters,
} from '../../host/network/network.ts';
import {
  compileSmall,
  EXCITATORY,
  KICK,
  KICK_WEIGHT,
  KICKED,
  SmallMachine,
  type SmallNetwork,
} from './small-network.ts';

export interface Pair {
  readonly build: CoreBuild;
  readonly chip?: Chip;
  readonly seed?: number;
  readonly rule: readonly string[];
  readonly epochSteps?: number;
  readonly coreClass?: Partial<CoreClass>;
  readonly x1?: TraceParameters;
  readonly x2?: TraceParameters;
  readonly postTraces?: Population['postTraces'];
  /** Default 8 bits, excitatory. */
  readonly synapse?: SynapseParameters;
  /** Pre elements; default 1. */
  readonly rows?: number;
  /** Post compartments; default 1. */
  readonly columns?: number;
  /** Initial mantissas, one or [row][column]; default 0. */
  readonly weight?: number | readonly number[];
  /** Instead of a matrix of these weights. */
  readonly connection?: Connection;
  /** Steps in which all pre elements spike, or those of each. */
  readonly pre?: readonly number[] | readonly (readonly number[])[];
  /** Steps in which all post compartments spike, or those of each. */
  readonly post?: readonly number[] | readonly (readonly number[])[];
  /** Steps in which a reward spike is injected; with `coreClass.reward` set there is a reward channel. */
  readonly reward?: readonly number[];
  readonly entries?: readonly ScheduleEntry[];
  readonly steps: number;
}

type Steps = readonly number[] | readonly (readonly number[])[] | undefined;

/** Elements that spike at a step. */
function spiking(steps: Steps, size: number, step: number): number[] {
  const of = (i: number): readonly number[] => {
    if (steps === undefined) return [];
    const own = steps[i];
    return Array.isArray(own) ? own : (steps as readonly number[]);
  };
  return Array.from({ length: size }, (_, i) => i).filter((i) => of(i).includes(step));
}

export function pairNetwork(pair: Pair): SmallNetwork {
  const rows = pair.rows ?? 1;
  const columns = pair.columns ?? 1;
  const weight = pair.weight ?? 0;
  const weights = Int16Array.from({ length: rows * columns }, (_, i) =>
    typeof weight === 'number' ? weight : weight[i]!,
  );
  const preTraces: NonNullable<Projection['preTraces']> = {
    ...(pair.x1 === undefined ? {} : { x1: pair.x1 }),
    ...(pair.x2 === undefined ? {} : { x2: pair.x2 }),
  };
  const rewarded = pair.coreClass?.reward !== undefined || pair.reward !== undefined;
  return {
    ...(pair.seed === undefined ? {} : { seed: pair.seed }),
    coreClasses: [{ name: 'core', epochSteps: pair.epochSteps ?? 1, ...pair.coreClass }],
    ports: [
      { name: 'pre', size: rows },
      { name: 'kick', size: columns },
      ...(rewarded ? [{ name: 'reward', size: 1 }] : []),
    ],
    rules: { rule: pair.rule },
    populations: [
      {
        name: 'post',
        size: columns,
        compartment: KICKED,
        ...(pair.postTraces === undefined ? {} : { postTraces: pair.postTraces }),
      },
    ],
    projections: [
      {
        name: 'plastic',
        from: 'pre',
        to: 'post',
        connection: pair.connection ?? { kind: 'all', weights },
        synapse: pair.synapse ?? EXCITATORY,
        rule: 'rule',
        preTraces,
      },
      {
        name: 'kicks',
        from: 'kick',
        to: 'post',
        connection: { kind: 'one-to-one', weight: KICK_WEIGHT },
        synapse: KICK,
      },
    ],
    rewards: rewarded ? [{ from: 'reward', coreClass: 'core' }] : [],
    ...(pair.entries === undefined ? {} : { entries: pair.entries, steps: pair.steps }),
  };
}

/** A machine that runs a pair; `advance` runs its next step with the spikes that are due. */
export class PairMachine extends SmallMachine {
  readonly #pair: Pair;

  constructor(pair: Pair, options: MachineOptions = {}) {
    super(compileSmall(pairNetwork(pair), pair.chip).image, pair.build, undefined, options);
    this.#pair = pair;
  }

  advance(steps = 1): this {
    const { pre, post, reward, rows = 1, columns = 1 } = this.#pair;
    return this.steps(steps, (step) => ({
      pre: spiking(pre, rows, step),
      kick: spiking(post, columns, step + 1),
      ...(reward?.includes(step) ? { reward: [0] } : {}),
    }));
  }
}

/** Runs a pair; gives the weights after every step, [step - 1][row · columns + column]. */
export function learn(pair: Pair): number[][] {
  const machine = new PairMachine(pair);
  return Array.from({ length: pair.steps }, () => machine.advance().weights('plastic'));
}

/** The weights at the end of a run. */
export function learned(pair: Pair): number[] {
  return new PairMachine(pair).advance(pair.steps).weights('plastic');
}
