// A network in the chip's own integers: populations of compartments, projections of synapses, learning rules,
// input ports, and the management schedules of its presentations. Plain data; nothing here knows about cores.

/** Registers of a compartment profile. [HW 2.1] */
export interface CompartmentParameters {
  /** Register decayU, 0..4095; the core's offset bit is added to it. */
  readonly decayU: number;
  /** Register decayV, 0..4095. */
  readonly decayV: number;
  /** Threshold mantissa, 0..131071; the threshold is mantissa << 6. */
  readonly threshold: number;
  /** Bias mantissa · 2^exponent; a mantissa for all compartments, or one for each. Default 0. */
  readonly bias?: { readonly mantissa: number | Int16Array; readonly exponent: number };
  /** Refractory delay in steps; 1, the default, means no dead step. */
  readonly refractory?: number;
  /** Adds the core class's noise. Default false. */
  readonly noise?: boolean;
  /** What happens at the threshold: a spike (default), v passed on, or v held there. [HW 2.5] */
  readonly thresholdOp?: 'spike' | 'pass' | 'saturate';
}

/**
 * Parameters of single compartments, one per element, in place of the profile's. A chip shares profiles; models
 * do not, so only wide compartments have them.
 */
export interface CompartmentColumns {
  readonly decayU?: Int32Array;
  readonly decayV?: Int32Array;
  readonly threshold?: Int32Array;
  /** Mantissa below which a compartment sends -1: it is ternary. */
  readonly thresholdLow?: Int32Array;
  /** In units of v. */
  readonly bias?: Int32Array;
  readonly refractory?: Int32Array;
  readonly vMin?: Int32Array;
  readonly vMax?: Int32Array;
  /** u and v are cleared before every step t with t % interval = offset % interval; 0 = never. */
  readonly resetInterval?: Int32Array;
  readonly resetOffset?: Int32Array;
}

/** State at the start, one value per element; what is not given is 0. */
export interface CompartmentStart {
  readonly u?: Int32Array;
  readonly v?: Int32Array;
  /** The refractory counter, or the last silent step where the semantics count whole steps. */
  readonly refractory?: Int32Array;
}

/** Compartments that this one pops from the stack: element i pops element i of each child. [HW 2.5] */
export interface Join {
  readonly operation: 'add' | 'or' | 'and' | 'pass';
  /** One or two populations of the same size and core class. */
  readonly children: readonly string[];
  /** What the children push. Default v. */
  readonly push?: 'v' | 'u';
}

/** Impulse and time constant of a trace. [HW 4.4] */
export interface TraceParameters {
  /** 0..127, in steps of 1/128. */
  readonly impulse: number;
  /** Time constant in steps; 0 = only this epoch's impulse, Infinity = no decay. */
  readonly tau: number;
}

/** Steps of a presentation in which spikes can happen, both included; a claim that legality checks rely on. */
export interface SpikeWindow {
  readonly presentation: string;
  readonly first: number;
  readonly last: number;
}

/** The neuron program of a population, for chips that have such programs. [HW 7] */
export interface ProgramUse {
  /** Text in the language of host/program. */
  readonly text: string;
  /** A value for every parameter of the program: one for all compartments, or one for each. */
  readonly parameters?: Readonly<Record<string, number | readonly number[]>>;
  /** Start values of state words, instead of those that the program gives. */
  readonly initial?: Readonly<Record<string, number | readonly number[]>>;
}

interface PopulationBase {
  readonly name: string;
  readonly size: number;
  readonly coreClass: string;
  /**
   * Whose spikes count as post spikes for the synapses that end here: the compartment's own (default), its
   * parent's, the compartment that pops it, or nobody's. [HW 4.7]
   */
  readonly postSpikes?: 'self' | 'parent' | 'none';
  /** Post traces, for synapses that learn here. */
  readonly postTraces?: {
    readonly y1?: TraceParameters;
    readonly y2?: TraceParameters;
    readonly y3?: TraceParameters;
  };
  readonly spikes?: SpikeWindow;
  readonly placement?: Placement;
}

/** Where a population lies, instead of being split evenly over the cores of its class. */
export interface Placement {
  /** Counted from the first core of the class. */
  readonly firstCore: number;
  /** Elements on each core from there on; the last core holds the rest. */
  readonly perCore: number;
}

/** Compartments of the fixed model. */
export interface NativePopulation extends PopulationBase {
  readonly compartment: CompartmentParameters;
  readonly columns?: CompartmentColumns;
  readonly start?: CompartmentStart;
  readonly join?: Join;
  readonly program?: never;
}

/** Compartments that run a neuron program. */
export interface ProgramPopulation extends PopulationBase {
  readonly program: ProgramUse;
  readonly compartment?: never;
  readonly columns?: never;
  readonly start?: never;
  readonly join?: never;
}

export type Population = NativePopulation | ProgramPopulation;

/** A source of injected spikes: images, labels, start signals. */
export interface Port {
  readonly name: string;
  readonly size: number;
  /** Its events are values for wires, in the step of the event; by default they are spikes for projections. */
  readonly values?: boolean;
  readonly spikes?: SpikeWindow;
}

/** Settings that all compartments of a core share. [HW 2.3], [HW 2.4], [HW 4.3] */
export interface CoreClass {
  readonly name: string;
  /** Register negVmLimit: vMin = -(2^n) + 1. Default 23. */
  readonly negVmLimit?: number;
  /** Register posVmLimit: vMax = 2^(9 + 2n) - 1. Default 7. */
  readonly posVmLimit?: number;
  /** Offset bits, added to every decayU and decayV of the core; register 4095 then forgets all. Default: the chip's. */
  readonly dsOffset?: 0 | 1;
  readonly dmOffset?: 0 | 1;
  readonly noise?: {
    readonly exponent: number;
    readonly mantissaOffset: number;
    readonly target: 'dendrite' | 'membrane';
  };
  /** Steps of a learning epoch, 1..63. Default 1. */
  readonly epochSteps?: number;
  /** Whether learning is enabled at the start. Default true. */
  readonly learning?: boolean;
  /** Reward trace r1. */
  readonly reward?: TraceParameters;
  /** Use exactly this many cores instead of as few as fit. */
  readonly cores?: number;
}

export type SignMode = 'mixed' | 'excitatory' | 'inhibitory';

/** How the weights of a projection are stored. [HW 3.1] */
export interface SynapseParameters {
  readonly signMode: SignMode;
  /** Bits of a weight. */
  readonly bits: number;
  /** Weight exponent, -8..7. */
  readonly exponent: number;
  /** Delay of all synapses, or one per synapse: [from][to], or in the order of a sparse connection. Default 0. */
  readonly delay?: number | Uint8Array;
  /** How its lists are packed. Default: as takes the least memory. */
  readonly compression?: Compression;
  /** A rule leaves weight mantissas within -weightLimit..weightLimit. [HW 3.3] */
  readonly weightLimit?: number;
  /** Spikes arrive without delay, whatever d is; rules read and change it all the same. [HW 3.3] */
  readonly ignoreDelays?: boolean;
  /** A spike adds the weight at once and takes it away again after the delay. [HW 3.3] */
  readonly box?: boolean;
}

/** How synapses lie in memory: consecutive targets, an index each, a distance each [HW 1.3]; or kernels [HW 7]. */
export type Compression = 'dense' | 'sparse' | 'runLength' | 'convolution';

/**
 * Sources whose lists are alike, but for a shift of the targets, share one; population axons share one entry of the
 * axon table, and a message says which of their sources (atoms) fired. [HW 1.3], [HW 5]
 */
export interface Sharing {
  readonly axons: 'discrete' | 'pop16' | 'pop32';
  /** Sources of a population axon. */
  readonly atoms?: number;
  /** Elements from one atom of an axon to the next. Default 1. */
  readonly stride?: number;
}

/** Which synapses exist, and their weight mantissas. */
export type Connection =
  /** Every source to every target; [from][to], row-major. */
  | { readonly kind: 'all'; readonly weights: Int16Array | Int32Array }
  /** Every source to every target with one weight. */
  | { readonly kind: 'uniform'; readonly weight: number }
  /** Source i to target i with one weight. */
  | { readonly kind: 'one-to-one'; readonly weight: number }
  | SparseConnection
  | ConvolutionConnection;

/** Only the synapses it lists: those of source i are rowStart[i] to rowStart[i + 1], by ascending target. */
export interface SparseConnection {
  readonly kind: 'sparse';
  /** One more than there are sources. */
  readonly rowStart: Uint32Array;
  readonly targets: Uint32Array;
  readonly weights: Int16Array;
}

/** Channels, height, width. */
export type LayerShape = readonly [number, number, number];
/** Along y and along x. */
export type Pair = readonly [number, number];

/** Kernels that are applied as a cross-correlation, as frameworks for training do. */
export interface Convolution {
  /** Of the result. */
  readonly channels: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly groups: number;
  /** [out][in / groups][y][x] */
  readonly weights: Int16Array;
}

/** Elements of source and target lie as [channel][y][x], in C order. */
export interface ConvolutionConnection {
  readonly kind: 'convolution';
  /** Of the source. */
  readonly shape: LayerShape;
  readonly convolution: Convolution;
}

export interface Projection {
  readonly name: string;
  /** A population or a port. */
  readonly from: string;
  /** A population. */
  readonly to: string;
  /** Input port of the target's program. Default its first one. */
  readonly port?: string;
  readonly connection: Connection;
  readonly synapse: SynapseParameters;
  /** Name of the learning rule; shared lists cannot learn, and convolutions only with tied kernels. */
  readonly rule?: string;
  /**
   * Synapses that learn and share one weight, which no chip has: the group of each, in the order of the weights. After a
   * learning epoch a group's synapses on a core take one weight, its old one changed by the sum of what the rule changed
   * in each. `kernels`: the groups are a convolution's kernel weights.
   */
  readonly tied?: Uint32Array | 'kernels';
  /** Pre traces of its axons, if a rule reads them. */
  readonly preTraces?: { readonly x1?: TraceParameters; readonly x2?: TraceParameters };
  readonly sharing?: Sharing;
  /** The payload of a spike multiplies the weight; by default every spike counts as 1. [HW 7] */
  readonly graded?: boolean;
  /** Weights that have no format, and the width, + sign, to which the sum of a step wraps: shared kernels. */
  readonly unformatted?: { readonly sumBits: number };
  /** What it delivers in each step can be probed. */
  readonly tapped?: boolean;
  readonly own?: OwnLearning;
}

/** Learning state that a model gives to each of its connections, where a chip shares it by axon and compartment. */
export interface OwnLearning {
  readonly epochSteps: number;
  /** Port or population whose spikes are the post spikes; of the size of the targets. */
  readonly postSpikes: string;
  readonly postTraces?: NonNullable<Population['postTraces']>;
  /** Value ports or populations that set the post traces in every step: rules with a third factor. */
  readonly thirdFactors?: { readonly y1?: string; readonly y2?: string; readonly y3?: string };
  /** What the payload of a spike does to x1. */
  readonly gradedTrace?: 'overwrite' | 'saturate' | 'carry';
  /** Which of the connection's synapses exist, [from][to]; by default all. */
  readonly exists?: Uint8Array;
  /** Tags and learned delays at the start, [from][to]. */
  readonly tags?: Int32Array;
  readonly delays?: Int32Array;
  /** The weights at the start are not clipped to the range of their sign mode. */
  readonly unclipped?: boolean;
}

/**
 * Values of a port or a population that arrive at another in the step in which they are sent; a population
 * reaches only populations that were added after it.
 */
export interface Wire {
  readonly from: string;
  readonly to: string;
  /** Input port of the target's program. Default its first one. */
  readonly port?: string;
}

/** Random numbers that a run supplies instead of the chip's; lists of one entry are constants. */
export interface RandomTape {
  /** By step, 0..1: a fraction above it is rounded up. */
  readonly preDecay: readonly number[];
  /** By step, 0..127: a fraction above it is rounded up. */
  readonly preImpulse: readonly number[];
  readonly postDecay: readonly number[];
  readonly postImpulse: readonly number[];
  /** For the impulse of an earlier post spike of the same epoch. */
  readonly postAgain: readonly number[];
  /** By learning epoch, 0..1. */
  readonly weight: readonly number[];
}

/** Spikes of a port or a one-compartment population that are reward spikes of all cores of a class. [HW 4.6] */
export interface RewardConnection {
  readonly from: string;
  readonly coreClass: string;
}

/** A learning rule in the users' syntax, one line per target. */
export interface LearningRule {
  readonly name: string;
  readonly lines: readonly string[];
}

/** One entry of a management schedule, due before the spiking phase of its step. */
export type ScheduleEntry =
  /** From here on events are charged to this phase; not a register write. */
  | { readonly step: number; readonly kind: 'phase'; readonly phase: string }
  /** Enables or disables the learning engine of every core of a class. */
  | { readonly step: number; readonly kind: 'learning'; readonly coreClass: string; readonly on: boolean }
  /** Replaces the products of a rule, on every core that has it, by those of a line with as many products. */
  | { readonly step: number; readonly kind: 'rule'; readonly rule: string; readonly line: string }
  /** Changes the impulses of post traces of a population, on every core that holds part of it. */
  | {
      readonly step: number;
      readonly kind: 'postImpulses';
      readonly population: string;
      readonly impulses: { readonly y1?: number; readonly y2?: number; readonly y3?: number };
    }
  /** Writes 0 to u, v and the refractory counters of a population. */
  | { readonly step: number; readonly kind: 'reset'; readonly population: string };

/** What the chip can be asked to run in one go: a number of steps with a management schedule. */
export interface Presentation {
  readonly name: string;
  readonly steps: number;
  readonly entries: readonly ScheduleEntry[];
}

/** An accounting phase, and the phase that a learning epoch at its end is charged to. */
export interface AccountingPhase {
  readonly name: string;
  readonly learningAs: string;
}

export interface Network {
  readonly name: string;
  /** Key of every random stream of the chip; uint32. */
  readonly seed: number;
  readonly coreClasses: readonly CoreClass[];
  readonly ports: readonly Port[];
  readonly populations: readonly Population[];
  readonly projections: readonly Projection[];
  readonly rewards: readonly RewardConnection[];
  readonly wires: readonly Wire[];
  readonly tape?: RandomTape;
  readonly rules: readonly LearningRule[];
  readonly phases: readonly AccountingPhase[];
  readonly presentations: readonly Presentation[];
  /** Open questions that the network leans on; the report lists them. */
  readonly assumptions: readonly string[];
}
