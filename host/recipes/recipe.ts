// A recipe: a learning system made only of populations, microcode and a management schedule. It builds a network
// for a task and says what to present; how samples are ordered, evaluated and reported is not its affair.

import type * as z from 'zod';
import type { EventList } from '../machine/event-list.ts';
import type { Network } from '../network/network.ts';

/** What a recipe must know of the data and the run. */
export interface Task {
  readonly height: number;
  readonly width: number;
  /** Planes that lie below each other in the height: colours, polarities. Default 1. */
  readonly planes?: number;
  readonly classes: number;
  /** uint32. */
  readonly seed: number;
  /** Samples that will be presented in training, over all epochs. */
  readonly trainingPresentations: number;
}

/** One presentation and what fills its event list. */
export interface Act {
  readonly presentation: string;
  readonly fill?: (events: EventList) => void;
}

/** A feedback matrix beside the forward matrix it should be aligned with. */
export interface Alignment {
  readonly name: string;
  /** Projection [hidden][output]. */
  readonly forward: string;
  /** Projection [output][hidden]. */
  readonly feedback: string;
  /** -1 if the feedback stands for the negative of the forward weights. */
  readonly sign: 1 | -1;
}

/** What the answer to a test sample is taken from: the class with the largest value, the lowest one in a tie. */
export interface Readout {
  readonly name: string;
  /** One compartment a class. */
  readonly population: string;
  /** Spikes over the sample, or the current u after its last step. */
  readonly variable: 'spikeCounts' | 'u';
  readonly description: string;
}

/** What a chip can be doing for a training sample; energy and time are told apart by it in every recipe. */
export const SAMPLE_PARTS = ['forward', 'error', 'learning', 'sleep', 'management'] as const;
export type SamplePart = (typeof SAMPLE_PARTS)[number];

/** A network that answers test samples in place of the one that learned. */
export interface Deployment {
  readonly network: Network;
  /** Its projections that take over weights, and the projection of the trained network that each takes them from. */
  readonly weights: Readonly<Record<string, string>>;
}

/** A recipe set up for a task. */
export interface Lesson {
  readonly network: Network;
  /** Chip-side work before training sample `n`, counted from 0 over all epochs: sleep, rate changes. */
  readonly before: (n: number) => readonly Act[];
  /** Presents a training sample; `n` as above. `label` is injected, not read. */
  readonly train: (events: EventList, image: Uint8Array, label: number, n: number) => string;
  /** Answers test samples; without it a copy of the trained chip does. */
  readonly deployment?: Deployment;
  /** Work before an evaluation, on the chip that answers: learning off. */
  readonly beforeTest: readonly Act[];
  /** Presents a test sample to the chip that answers. */
  readonly test: (events: EventList, image: Uint8Array) => string;
  readonly readout: Readout;
  /** Other ways to read the same answers. */
  readonly otherReadouts?: readonly Readout[];
  readonly stepsPerTrainingSample: number;
  readonly stepsPerTestSample: number;
  /** What each accounting phase of the network is a part of. */
  readonly phaseParts: Readonly<Record<string, SamplePart>>;
  readonly alignments: readonly Alignment[];
  /** Projection [pixel][hidden] whose columns are shown as receptive fields, and the size of the images it sees. */
  readonly receptiveFields: { readonly projection: string; readonly height: number; readonly width: number };
  /** Layers of the chip that answers, in the order of the signal, for the plot of spikes. */
  readonly layers: readonly { readonly name: string; readonly populations: readonly string[] }[];
}

export interface Recipe<Settings = unknown> {
  readonly name: string;
  readonly title: string;
  /** One or two sentences on what it is and after which work. */
  readonly about: string;
  /** Parses `--set` values; unknown keys are errors. */
  readonly settings: z.ZodType<Settings>;
  /** Names of the settings, for messages. */
  readonly settingNames: readonly string[];
  /** Settings chosen on a split of a data set's training samples and frozen, by the name of the data set. */
  readonly tuned: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Epochs if none are asked for. */
  readonly epochs: number;
  readonly create: (settings: Settings, task: Task) => Lesson;
}
