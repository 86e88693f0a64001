// The image: what is loaded into a chip, in the chip's own terms (registers, tables, lists), independent of how
// the core lays it out in memory. It is what the compiler writes and what every executor of it reads.

import type { Semantics } from '../chip/semantics.ts';
import type { CompartmentStart, Compression, LayerShape, Pair, RandomTape } from '../network/network.ts';
import type { Instruction } from '../program/program.ts';

/** Raised when a field changes its meaning. */
export const IMAGE_VERSION = 1;

/** Impulse and decay of a trace as the engine uses them. */
export interface TraceImage {
  /** Whole part of the impulse, 0..127. */
  readonly impulse: number;
  /** Fraction of the impulse in 1/128. */
  readonly fraction: number;
  /** Decay factor per step in 2^-24; 0 = only this epoch's impulse. */
  readonly keep: number;
}

/** A product of a learning rule; codes are those of the rule language. */
export interface ProductImage {
  readonly target: 'w' | 'd' | 't';
  readonly gate: 'x0' | 'y0' | 'u';
  /** k of u<k>, else 0. */
  readonly decimation: number;
  readonly mantissa: number;
  readonly down: number;
  /** Shift to 1/128. */
  readonly up: number;
  readonly factors: readonly {
    readonly variable: string;
    readonly constant: number;
    readonly sign: boolean;
  }[];
}

/** A neuron program with the values of one group; lists that operands refer to by their places. [HW 7] */
export interface NeuronProgramImage {
  /** Dendritic accumulators of a compartment; the first port's are those that every group has. */
  readonly ports: number;
  /** State words; one start value, or one per compartment. */
  readonly state: readonly { readonly name: string; readonly width: number; readonly initial: Int32Array }[];
  /** One value, or one per compartment. */
  readonly parameters: readonly { readonly name: string; readonly values: Int32Array }[];
  readonly tables: readonly Int32Array[];
  readonly temporaries: number;
  readonly instructions: readonly Omit<Instruction, 'line'>[];
}

/** Compartments of one population on one core. Those that run a program leave the fixed model's registers 0. */
export interface GroupImage {
  readonly population: number;
  /** Element of the population that the first compartment is. */
  readonly element: number;
  readonly count: number;
  readonly effectiveDecayU: number;
  readonly effectiveDecayV: number;
  /** In units of v. */
  readonly threshold: number;
  /** In units of v; of all compartments, or one each. */
  readonly bias: number | Int32Array;
  readonly refractory: number;
  readonly noise: boolean;
  readonly thresholdOp: 'spike' | 'pass' | 'saturate';
  readonly join: 'none' | 'add' | 'or' | 'and' | 'pass';
  /** Groups of this core that it pops. */
  readonly children: readonly number[];
  /** What it pushes itself; null if it has no parent. */
  readonly push: 'v' | 'u' | null;
  /** Whose spikes are post spikes of the synapses that end here; null if none of them learns. */
  readonly postSpikes: 'self' | 'parent' | 'none' | null;
  /** y1, y2, y3. */
  readonly postTraces: readonly TraceImage[] | null;
  /** null: the fixed model. */
  readonly program: NeuronProgramImage | null;
  /** Arithmetic by option; null for the chip's own compartments. */
  readonly wide: WideGroupImage | null;
  /** u, v and refractory counters at the start. */
  readonly start: CompartmentStart;
}

/** Parameters of wide compartments, one per compartment; the group's own are not used then. */
export interface WideGroupImage {
  readonly effectiveDecayU: Int32Array;
  readonly effectiveDecayV: Int32Array;
  /** In units of v. */
  readonly threshold: Int32Array;
  /** In units of v; null if it is not ternary. */
  readonly thresholdLow: Int32Array | null;
  /** In units of v. */
  readonly bias: Int32Array;
  readonly refractory: Int32Array;
  readonly vMin: Int32Array;
  readonly vMax: Int32Array;
  readonly resetInterval: Int32Array;
  readonly resetOffset: Int32Array;
}

/** Impulse and decay of a trace of a wide block. */
export interface WideTraceImage {
  readonly impulse: number;
  /** In 1/128 or 1/256, as the semantics say. */
  readonly fraction: number;
  /** Decay factor, float64. */
  readonly factor: number;
}

/** A product with factors of any constant, and their widths. `up` is the exponent itself if products are not scaled. */
export interface WideProductImage extends ProductImage {
  readonly factors: readonly (ProductImage['factors'][number] & {
    /** Bits to which it is clipped, + sign; 0 = as it is. */
    readonly width: number;
  })[];
}

/** Learning state of a wide block: its own traces, and its rule. */
export interface PlasticImage {
  readonly epochSteps: number;
  readonly products: readonly WideProductImage[];
  /** x1, x2, y1, y2, y3. */
  readonly traces: readonly WideTraceImage[];
  readonly hasThirdFactors: boolean;
  readonly gradedTrace: 'none' | 'overwrite' | 'saturate' | 'carry';
  /** [row][column]; null = all. */
  readonly exists: Uint8Array | null;
  readonly tags: Int32Array;
  readonly delays: Int32Array;
  readonly weightMin: number;
  readonly weightMax: number;
  /** Weights move by multiples of 2^grid. */
  readonly grid: number;
}

/** Synapses with wide weights and payloads; weights and delays of the block are [row][column]. */
export interface WideBlockImage {
  /** Weights as stored: mantissas, or finished weights in accumulator units. */
  readonly weights: Int32Array;
  /** Exponent of every synapse, and the greatest magnitude after it (0 = any). */
  readonly synapseShift: number;
  readonly synapseLimit: number;
  /** Exponent of the sum over a step's spikes, and the width to which it wraps (0 = none). */
  readonly sumShift: number;
  readonly sumBits: number;
  readonly graded: boolean;
  readonly tapped: boolean;
  /** Synapses of each row, which may be fewer than its columns; null = all. They are what is counted. */
  readonly rowSynapses: Uint32Array | null;
  readonly plastic: PlasticImage | null;
}

/** Which list each row has. */
export interface SharedListsImage {
  /** By row. */
  readonly list: Uint32Array;
  /** By row: the column that target 0 of the list is. */
  readonly base: Int32Array;
}

/** Kernels of a convolution between layers [channel][y][x], and the output channels that the block has a part of. */
export interface ConvolutionImage {
  readonly from: LayerShape;
  readonly to: LayerShape;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly groups: number;
  readonly firstChannel: number;
  /** [output channel, from the first on][input channel of its group][y][x] */
  readonly weights: Int16Array;
}

/** Synapses of a block that share one weight, by group. */
export interface TiedImage {
  /** Those of group g are starts[g] to starts[g + 1] of `places`. */
  readonly starts: Uint32Array;
  /** Places in `weights` or `mantissas` of the block. */
  readonly places: Uint32Array;
}

/** Synapses of one projection on one core. */
export interface BlockImage {
  readonly projection: number;
  readonly group: number;
  /** How its lists are packed. */
  readonly compression: Compression;
  /** Counter and time of its synaptic operations. [HW 6.2] */
  readonly operation: 'dense' | 'sparse' | 'conv';
  /** Input port of the group's program; 0 if there is none. */
  readonly port: number;
  /** Compartment of the group that column 0 is. */
  readonly firstTarget: number;
  readonly columns: number;
  /** Element of the target population that column 0 is. */
  readonly columnElement: number;
  /** Element of the source population or port, per row. */
  readonly rowElements: Uint32Array;
  readonly signMode: 'mixed' | 'excitatory' | 'inhibitory';
  readonly bits: number;
  readonly exponent: number;
  /** Least and greatest mantissa that a rule leaves. */
  readonly weightMin: number;
  readonly weightMax: number;
  /** Spikes arrive without delay. [HW 3.3] */
  readonly ignoresDelays: boolean;
  /** A spike's weight is taken away again after the delay. [HW 3.3] */
  readonly box: boolean;
  /** Of all synapses, if `delays` is null. */
  readonly delay: number;
  /** [row][column], or as `targets`; null if all are the same. */
  readonly delays: Uint8Array | null;
  /** Dense: mantissas [row][column]. */
  readonly weights: Int16Array | Int32Array | null;
  /** Sparse: target (column) and mantissa of each synapse; those of row r are rowStart[r] to rowStart[r + 1]. */
  readonly targets: Uint32Array | null;
  readonly mantissas: Int16Array | null;
  readonly rowStart: Uint32Array | null;
  /** Shared lists; null if row r has list r, from column 0 on. */
  readonly shared: SharedListsImage | null;
  /** Kernels; weights, targets, mantissas and rowStart are null then. */
  readonly convolution: ConvolutionImage | null;
  /** Index of the core's rule; -1 if static. */
  readonly rule: number;
  readonly usesTags: boolean;
  /** Null unless its synapses are tied. */
  readonly tied: TiedImage | null;
  /** Null for the chip's own synapses. */
  readonly wide: WideBlockImage | null;
}

export interface RuleImage {
  readonly name: string;
  readonly products: readonly ProductImage[];
}

/** An input axon: its rows, and if it learns its pre-trace profile. */
export interface AxonImage {
  /** Identifies the source for random keys: population or port number and element. */
  readonly source: number;
  readonly element: number;
  /** Pairs (block, row). */
  readonly rows: Uint32Array;
  /** Pre-trace profile, -1 for a static axon. */
  readonly profile: number;
  /** Words of synapse memory that its list takes. */
  readonly words: number;
}

/** Where each source's spikes go: CSR lists of (core, axon), cores by their place in `cores`. */
export interface RouteTable {
  readonly start: Uint32Array;
  readonly core: Uint32Array;
  readonly axon: Uint32Array;
}

export interface CorePlaceImage {
  readonly chip: number;
  readonly x: number;
  readonly y: number;
}

export interface CoreImage {
  /** Number of the core over all chips. */
  readonly index: number;
  readonly place: CorePlaceImage;
  readonly coreClass: string;
  readonly vMin: number;
  readonly vMax: number;
  readonly noise: {
    readonly exponent: number;
    readonly mantissaOffset: number;
    readonly target: 'dendrite' | 'membrane';
  };
  /** Length of the ring of dendritic accumulators. */
  readonly accumulators: number;
  readonly epochSteps: number;
  readonly learning: boolean;
  readonly reward: TraceImage | null;
  /** Children before parents. */
  readonly groups: readonly GroupImage[];
  readonly blocks: readonly BlockImage[];
  /** Static axons first, then the learning ones. */
  readonly axons: readonly AxonImage[];
  readonly preTraceProfiles: readonly (readonly [TraceImage, TraceImage])[];
  readonly rules: readonly RuleImage[];
  /** One row per compartment, groups in order. */
  readonly routes: RouteTable;
}

/** A register write of a management schedule; cores, groups and rules by their place in the image. */
export type EntryImage =
  | { readonly step: number; readonly kind: 'phase'; readonly phase: number }
  | { readonly step: number; readonly kind: 'learning'; readonly core: number; readonly on: boolean }
  | {
      readonly step: number;
      readonly kind: 'product';
      readonly core: number;
      readonly rule: number;
      readonly index: number;
      readonly product: ProductImage;
    }
  | {
      readonly step: number;
      readonly kind: 'postImpulse';
      readonly core: number;
      readonly group: number;
      /** 0 to 2 for y1 to y3. */
      readonly trace: number;
      readonly impulse: number;
      readonly fraction: number;
    }
  | { readonly step: number; readonly kind: 'reset'; readonly core: number; readonly group: number };

export interface PresentationImage {
  readonly name: string;
  readonly steps: number;
  readonly entries: readonly EntryImage[];
}

/** Times of the step's parts, in quanta. [HW 6.4] */
export interface TimingImage {
  readonly quantumS: number;
  readonly compartmentAccess: number;
  readonly compartmentUpdate: number;
  readonly spikeOut: number;
  readonly axonOut: number;
  readonly axonIn: number;
  readonly hopEastWest: number;
  readonly hopNorthSouth: number;
  /** Messages that one link holds. */
  readonly linkBuffer: number;
  readonly synapticOpDense: number;
  readonly synapticOpSparse: number;
  readonly synapticOpConv: number;
  readonly learningVisit: number;
  readonly managementWrite: number;
  readonly barrier: number;
  /** What the embedded processors add to every step. */
  readonly embeddedStep: number;
  readonly cycle: CycleTimingImage;
}

/** What mode `cycle` knows of units, mesh and barrier; times in quanta. */
export interface CycleTimingImage {
  /** Compartments that are served together. */
  readonly serviceGroup: number;
  readonly outputAxonInterval: number;
  readonly outputAxonQueue: number;
  readonly interfaceQueue: number;
  readonly inputAxonInterval: number;
  readonly inputAxonQueue: number;
  readonly synapseQueue: number;
  readonly synapseWord: number;
  readonly dendriteOp: number;
  readonly dendriteQueue: number;
  readonly learningWord: number;
  /** Products of the rule that a learning visit's time is of. */
  readonly learningProducts: number;
  readonly injection: number;
  /** Flits of a spike message. */
  readonly messageFlits: number;
  /** Tiles of a chip, and cores at each. */
  readonly tilesX: number;
  readonly tilesY: number;
  readonly coresPerTile: number;
  readonly hopEastWest: number;
  readonly hopNorthSouth: number;
  readonly hopLocal: number;
  readonly hopChip: number;
  readonly flitPeriod: number;
  readonly chipFlitPeriod: number;
  readonly fabrics: number;
  readonly bufferFlits: number;
  readonly sinkFlits: number;
  readonly barrierLocal: number;
  readonly barrierNode: number;
  readonly barrierChip: number;
}

/** Which plastic synapses a learning epoch visits, as far as its time is concerned. [HW 8.1] */
export type VisitReading = 'allPlastic' | 'activeAxons' | 'allPlasticWithError' | 'activeAxonsWithError';

export interface ChipImage {
  readonly version: number;
  readonly network: string;
  readonly chip: string;
  readonly seed: number;
  readonly semantics: Semantics;
  readonly timing: TimingImage;
  readonly visits: VisitReading;
  readonly phases: readonly { readonly name: string; readonly learningAs: number }[];
  readonly managementPhase: number;
  readonly ports: readonly {
    readonly name: string;
    readonly size: number;
    readonly first: number;
    /** Value ports come after all others. */
    readonly values: boolean;
  }[];
  readonly portRoutes: RouteTable;
  /** Reward channels: port or population elements whose spikes are reward spikes, CSR like `portRoutes`. */
  readonly rewards: readonly RewardImage[];
  /** Spikes that are post spikes of wide blocks. */
  readonly postNotes: readonly PostNoteImage[];
  readonly wires: readonly WireImage[];
  readonly tape: RandomTape | null;
  readonly populations: readonly PopulationImage[];
  readonly projections: readonly ProjectionImage[];
  readonly cores: readonly CoreImage[];
  readonly presentations: readonly PresentationImage[];
}

/** A port element, or a compartment of a core (in unpadded order). */
export type SourceImage =
  | { readonly kind: 'port'; readonly element: number }
  | { readonly kind: 'compartment'; readonly core: number; readonly compartment: number };

/** A reward source and the cores it reaches. */
export interface RewardImage {
  readonly from: SourceImage;
  readonly cores: readonly number[];
}

/** A source whose spikes are post spikes of one column of a wide block. */
export interface PostNoteImage {
  readonly from: SourceImage;
  readonly core: number;
  readonly block: number;
  readonly column: number;
}

/** Values that arrive in the step in which they are sent: elements first, first + 1 … of both ends. */
export interface WireImage {
  readonly from:
    | { readonly kind: 'port'; readonly element: number }
    | { readonly kind: 'group'; readonly core: number; readonly group: number; readonly first: number };
  readonly to:
    | {
        readonly kind: 'group';
        readonly core: number;
        readonly group: number;
        /** Input port of its program. */
        readonly port: number;
        readonly first: number;
      }
    | {
        readonly kind: 'thirdFactor';
        readonly core: number;
        readonly block: number;
        /** 0 to 2 for y1 to y3. */
        readonly trace: number;
        readonly first: number;
      };
  readonly count: number;
}

export interface PopulationImage {
  readonly name: string;
  readonly size: number;
  /** Where its elements are, in order. */
  readonly slices: readonly {
    readonly core: number;
    readonly group: number;
    readonly element: number;
    readonly count: number;
  }[];
}

export interface ProjectionImage {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Sources and targets of the whole projection. */
  readonly rows: number;
  readonly columns: number;
  readonly plastic: boolean;
  readonly blocks: readonly { readonly core: number; readonly block: number }[];
}
