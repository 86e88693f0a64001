// The report of a run: `report.json`, schema "seamount.report/1" (design 4.2). SI units in the names; unknown is
// null, never 0.

import type { EnergyUnit } from '../energy/energy.ts';
import type { Percentiles, TornadoRow } from '../energy/uncertainty.ts';
import type { AreaEstimate } from '../measure/area.ts';
import type { CounterName } from '../measure/counters.ts';
import type { CycleSummary } from '../measure/cycle.ts';
import type { SamplePart } from '../recipes/recipe.ts';

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A stretch of training that the report plots: at a number of samples, on a copy of the chip. */
export interface Checkpoint {
  /** Training samples presented so far. */
  readonly samples: number;
  /** Accuracy on a slice of the training set, 0..1. */
  readonly accuracy: number;
  /** Angle between feedback and forward weights in degrees, by feedback matrix. */
  readonly alignmentDeg: Readonly<Record<string, number>>;
}

/** Points of a cut through a learned function, in the order of the axis. */
export interface ApproximationCut {
  readonly title: string;
  readonly axis: string;
  readonly x: readonly number[];
  readonly truth: readonly number[];
  readonly answers: readonly number[];
}

/** How close a learned function came to the true one. */
export interface Approximation {
  /** ‖answers - truth‖ / ‖truth‖ in L2; after training. */
  readonly relativeL2: { readonly train: number; readonly test: number };
  /** On the test points, after each epoch. */
  readonly perEpoch: readonly number[];
  readonly readout: string;
  readonly trials: number;
  readonly trialsPerEpoch: number;
  /** What the host computes in training, from what, and how it is charged; in sentences. */
  readonly host: readonly string[];
  readonly cuts: readonly ApproximationCut[];
}

/** Energy under one reading of what a learning epoch visits. */
export interface VisitRow {
  readonly reading: string;
  readonly visitsPerTrainingSample: number;
  readonly learningPerTrainingSampleJ: number;
  /** Under the profile of the figures. */
  readonly perTrainingSampleJ: number;
  /** Under every profile. */
  readonly byProfileJ: Readonly<Record<string, number>>;
  /** Time of the busiest core's learning engine. */
  readonly learningTimePerTrainingSampleS: number;
}

/** A number of the chip as the report cites it. */
export interface Cited {
  readonly value: number;
  /** Equal to the value where the source states no interval. */
  readonly low: number;
  readonly high: number;
  readonly class: string | null;
  readonly source: string;
}

/** Joules of one event. */
export interface CoefficientRow extends Cited {
  readonly profile: string;
  readonly name: string;
}

/** Seconds of one event. */
export interface LatencyRow {
  readonly name: string;
  readonly valueS: number;
  /** Equal to the value where the source states no interval. */
  readonly lowS: number;
  readonly highS: number;
  readonly class: string | null;
  readonly source: string | null;
}

/**
 * How sure the energies are: percentiles over draws of the coefficients from their intervals, at the profile and the
 * reading of the learning visits of the figures. docs/uncertainty.md
 */
export interface EnergyUncertainty {
  readonly draws: number;
  readonly perTrainingSampleJ: Percentiles;
  /** The same with profile and reading drawn as well. */
  readonly perTrainingSampleAnyChoiceJ: Percentiles;
  readonly perTestSampleJ: Percentiles;
  /** Per training sample. */
  readonly byUnitJ: Readonly<Record<EnergyUnit, Percentiles>>;
  readonly byPhaseJ: Readonly<Record<string, Percentiles>>;
  readonly byPartJ: Readonly<Record<SamplePart, Percentiles>>;
  /** Of the whole run; null = unknown. */
  readonly dynamicJ: Percentiles;
  readonly staticJ: Percentiles | null;
  readonly embeddedJ: Percentiles | null;
  readonly ioJ: Percentiles | null;
  /** Of the energy per training sample, widest first. */
  readonly tornado: readonly TornadoRow[];
}

/** Dynamic energy of a core. */
export interface CoreEnergy {
  readonly core: number;
  readonly coreClass: string;
  readonly perTrainingSampleJ: number;
}

export interface Report {
  readonly schema: 'seamount.report/1';
  /** `float`: a full-precision twin ran in place of the chip; what only a chip has is unknown. */
  readonly precision: 'chip' | 'float';
  readonly chip: {
    readonly name: string;
    readonly title: string;
    readonly status: string;
    /** Null = unknown. */
    readonly generation: string | null;
  };
  readonly recipe: {
    readonly name: string;
    readonly title: string;
    readonly about: string;
    readonly settings: Readonly<Record<string, unknown>>;
  };
  readonly data: {
    readonly name: string;
    readonly title: string;
    /** True for data made by a program, said wherever the data are named; null = unknown. */
    readonly synthetic: boolean | null;
    readonly sources: readonly { readonly name: string; readonly sha256: string }[];
  };
  readonly seed: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly samples: {
    /** Distinct samples. */
    readonly train: number;
    readonly test: number;
    readonly epochs: number;
    readonly presented: number;
    readonly stepsPerTrainingSample: number;
    readonly stepsPerTestSample: number;
  };
  readonly accuracy: {
    /** On a slice of the training set, after training. */
    readonly train: number;
    readonly test: number;
    /** On the test set after each epoch. */
    readonly perEpoch: readonly number[];
    readonly readout: string;
    /** Share of test samples whose answer was a tie; it goes to the lowest index. */
    readonly ties: number;
    /** The same answers on the test set, read in other ways. */
    readonly otherReadouts: readonly {
      readonly name: string;
      readonly description: string;
      readonly test: number;
    }[];
    readonly checkpoints: readonly Checkpoint[];
  };
  /** Null where classes are learned; where a function is, accuracies are NaN, null in the file. */
  readonly approximation: Approximation | null;
  readonly legality: {
    readonly chip: string;
    /** Null = unknown, which is not the same as none. */
    readonly extensions: readonly string[] | null;
    readonly assumptions: readonly string[] | null;
  };
  readonly hostWeightWrites: number;
  readonly hostStateReads: number;
  readonly counts: {
    readonly total: Readonly<Record<CounterName, number>>;
    readonly perTrainingSample: Readonly<Record<CounterName, number>>;
    readonly perTestSample: Readonly<Record<CounterName, number>>;
    readonly perPhase: Readonly<Record<string, Readonly<Record<CounterName, number>>>>;
  };
  /** Chip time; all null if the run did not model it (mode "functional"). */
  readonly time: {
    readonly perTrainingSampleS: number | null;
    readonly perTestSampleS: number | null;
    readonly perStepS: { readonly mean: number; readonly max: number } | null;
    /** Per training sample. */
    readonly byPhaseS: Readonly<
      Record<string, { readonly spikingS: number; readonly learningS: number; readonly managementS: number }>
    > | null;
    readonly mode: string;
    /** Mode `cycle`: utilization and critical path of training. */
    readonly cycle: CycleSummary | null;
    readonly coefficients: readonly LatencyRow[];
  };
  readonly energy: {
    /** Dynamic; low and high over profiles and readings of the learning visits. */
    readonly perTrainingSampleJ: Interval;
    readonly perTestSampleJ: Interval;
    /** Per training sample. */
    readonly byUnitJ: Readonly<Record<EnergyUnit, number>>;
    readonly byPhaseJ: Readonly<Record<string, number>>;
    /** The phases put together to what every recipe has. */
    readonly byPartJ: Readonly<Record<SamplePart, number>>;
    readonly byCoreJ: readonly CoreEnergy[];
    /** Of the whole run; null = unknown. None of the four is in another. */
    readonly dynamicJ: number;
    readonly staticJ: number | null;
    readonly embeddedJ: number | null;
    readonly ioJ: number | null;
    /** Power of a chip, in watts; null = unknown. */
    readonly staticPowerW: Cited | null;
    readonly embeddedPowerW: Cited | null;
    readonly ioPowerW: Cited | null;
    /** What no public source says, in sentences. */
    readonly unknowns: readonly string[];
    /** Null = the report is from before draws were made. */
    readonly uncertainty: EnergyUncertainty | null;
    readonly profile: string;
    readonly learningVisits: string;
    readonly byProfileJ: Readonly<Record<string, number>>;
    readonly byVisits: readonly VisitRow[];
    /** Events that happened and that a profile has no coefficient for. */
    readonly notModelled: Readonly<Record<string, readonly string[]>>;
    readonly coefficients: readonly CoefficientRow[];
  };
  readonly mapping: {
    readonly chips: number;
    readonly cores: number;
    readonly utilization: Readonly<
      Record<string, { readonly max: number; readonly mean: number; readonly limit: number }>
    >;
    readonly perCore: readonly {
      readonly core: number;
      readonly coreClass: string;
      readonly use: Readonly<Record<string, number>>;
    }[];
    /** Null = unknown. */
    readonly area: AreaEstimate | null;
  };
  readonly emulator: {
    readonly wallS: number;
    readonly trainingSamplesPerS: number;
    readonly synapticOpsPerS: number;
    readonly threads: number;
    readonly build: string;
  };
  readonly layers: {
    /** Spikes per test sample, by layer. */
    readonly spikesPerTestSample: Readonly<Record<string, number>>;
  };
  readonly receptiveFields: {
    readonly height: number;
    readonly width: number;
    /** Weight mantissas of some hidden neurons, [neuron][pixel]. */
    readonly neurons: readonly (readonly number[])[];
  } | null;
}
