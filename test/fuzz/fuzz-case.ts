// A random case as plain data, small enough to be read in a file. Numbers that name another part (a population, a
// rule, a core class) are taken modulo what there is, and what would be illegal is left out when the case is built,
// so any change that shrinking makes still gives a case.

import type { Semantics } from '../../host/chip/semantics.ts';
import type { ProgramCase } from './program-case.ts';

/** Impulse in 1/128; tau in steps, -1 = no decay. */
export interface TraceCase {
  readonly impulse: number;
  readonly tau: number;
}

/** A seeded list of numbers: what each style means is in build-case. */
export interface SeededCase {
  readonly seed: number;
  readonly style: 'any' | 'extreme' | 'small' | 'strong';
}

export interface CoreClassCase {
  readonly negVmLimit: number;
  readonly posVmLimit: number;
  readonly noise: {
    readonly exponent: number;
    readonly mantissaOffset: number;
    readonly target: 'dendrite' | 'membrane';
  } | null;
  readonly epochSteps: number;
  readonly learning: boolean;
  readonly reward: TraceCase | null;
  readonly cores: number;
}

/** Lists that the projections of one source share, if none of them learns. */
export interface SharingCase {
  readonly axons: 'discrete' | 'pop16' | 'pop32';
  /** Places among the divisors of the source's size. */
  readonly atoms: number;
  readonly stride: number;
}

export interface PortCase {
  /** Place in the case's sizes. */
  readonly size: number;
  /** Spikes per element and step, in 1/64. */
  readonly density: number;
  readonly x1: TraceCase;
  readonly x2: TraceCase;
  readonly sharing?: SharingCase | null;
  /** It drives wires and third factors, and no projections. */
  readonly values: boolean;
  /** What its spikes carry; null = nothing. */
  readonly payloads: SeededCase | null;
}

export interface PopulationCase {
  /** Place in the case's sizes. */
  readonly size: number;
  readonly coreClass: number;
  readonly decayU: number;
  readonly decayV: number;
  readonly threshold: number;
  readonly bias: { readonly mantissa: number; readonly exponent: number } | null;
  readonly refractory: number;
  readonly noise: boolean;
  readonly thresholdOp: 'spike' | 'pass' | 'saturate';
  readonly join: 'add' | 'or' | 'and' | 'pass';
  /** Earlier populations; they give this one its size and core class. */
  readonly children: readonly number[];
  readonly push: 'v' | 'u';
  readonly postSpikes: 'self' | 'parent' | 'none';
  /** y1, y2, y3 */
  readonly y: readonly [TraceCase, TraceCase, TraceCase];
  readonly x1: TraceCase;
  readonly x2: TraceCase;
  readonly sharing?: SharingCase | null;
  /** It runs a program in place of the fixed model. */
  readonly program: number | null;
  /** The program's post traces have impulses and decays as well. */
  readonly programTraces: boolean;
  /** Parameters of single compartments, `ternary` among them. */
  readonly columns: SeededCase | null;
  readonly ternary: boolean;
  /** u, v and refractory counters at the start. */
  readonly start: SeededCase | null;
}

/** Learning with traces of its own. */
export interface OwnCase {
  readonly epochSteps: number;
  /** A port or population of the size of the targets; else the target itself. */
  readonly postSpikes: number;
  readonly y: readonly [TraceCase, TraceCase, TraceCase];
  /** Value ports and populations that give y1, y2, y3; null: none does. */
  readonly thirdFactors: readonly (number | null)[];
  readonly gradedTrace: 'none' | 'overwrite' | 'saturate' | 'carry';
  readonly exists: SeededCase | null;
  readonly tags: SeededCase | null;
  readonly delays: SeededCase | null;
  readonly unclipped: boolean;
}

export interface ProjectionCase {
  readonly from: number;
  readonly to: number;
  readonly kind: 'all' | 'uniform' | 'one-to-one' | 'sparse' | 'convolution';
  readonly signMode: 'mixed' | 'excitatory' | 'inhibitory';
  readonly bits: number;
  readonly exponent: number;
  readonly delayMax: number;
  /** `each`: delays of their own, up to `delayMax`. */
  readonly delays: 'one' | 'each';
  readonly weights: SeededCase;
  readonly rule: number | null;
  // What cases kept from before do not have.
  readonly compression?: 'dense' | 'sparse' | 'runLength' | null;
  readonly ignoreDelays?: boolean;
  readonly box?: boolean;
  /** Mantissa; weights beyond it are brought within. */
  readonly weightLimit?: number | null;
  /** If it learns: its synapses are in as many groups, less one, that share a weight; those of a convolution in its kernels'. */
  readonly tied?: number | null;
  /** Input port of the target's program. */
  readonly port: number;
  readonly graded: boolean;
  readonly tapped: boolean;
  /** Weights without a format, and the bits of their sum. */
  readonly sumBits: number | null;
  readonly own: OwnCase | null;
}

/** Value ports first, then populations; the source comes before the target and has its size. */
export interface WireCase {
  readonly from: number;
  readonly to: number;
  readonly port: number;
}

/** Random numbers of the run, for semantics that ask for them. */
export interface TapeCase {
  readonly seed: number;
  readonly style: 'any' | 'never' | 'always';
}

export interface FactorCase {
  readonly variable: string;
  readonly constant: number;
  readonly sign: boolean;
}

export interface ProductCase {
  readonly target: 'w' | 'd' | 't';
  readonly gate: 'x0' | 'y0' | 'u';
  readonly decimation: number;
  readonly mantissa: number;
  readonly exponent: number;
  readonly factors: readonly FactorCase[];
}

export interface RuleCase {
  readonly products: readonly ProductCase[];
}

export interface RewardCase {
  /** A population of one compartment; any other number or null is a port of its own. */
  readonly population: number | null;
  readonly coreClass: number;
}

export interface EntryCase {
  readonly step: number;
  readonly kind: 'phase' | 'learning' | 'rule' | 'postImpulses' | 'reset';
  readonly index: number;
  readonly on: boolean;
  readonly values: readonly [number, number, number];
}

export interface FuzzCase {
  readonly seed: number;
  readonly semantics: Semantics;
  readonly chip: {
    readonly dsOffset: number;
    readonly dmOffset: number;
    readonly tilesX: number;
    readonly tilesY: number;
    readonly coresPerTile: number;
    readonly visits: 'allPlastic' | 'activeAxons';
    readonly skipEpochWithoutError: boolean;
    /** Expands convolutions itself. */
    readonly kernels?: boolean;
  };
  /** Few, so that joins and one-to-one projections find partners. */
  readonly sizes: readonly number[];
  readonly coreClasses: readonly CoreClassCase[];
  readonly ports: readonly PortCase[];
  readonly populations: readonly PopulationCase[];
  readonly projections: readonly ProjectionCase[];
  readonly rules: readonly RuleCase[];
  readonly programs: readonly ProgramCase[];
  readonly wires: readonly WireCase[];
  readonly tape: TapeCase;
  readonly rewards: readonly RewardCase[];
  readonly schedule: readonly EntryCase[];
  readonly steps: number;
  /** A presentation is this long; registers are compared at its end, spikes and states of compartments in between. */
  readonly presentationSteps: number;
  readonly inputSeed: number;
}
