// A recipe that learns a function instead of classes. A trial shows a batch of points, more than once; after each pass
// the host computes a loss from what the network sent, and the recipe says what to present next.

import type { z } from 'zod';
import type { EventList } from '../machine/event-list.ts';
import type { Network } from '../network/network.ts';
import type { Act, SamplePart } from './recipe.ts';

/** What a recipe must know of the problem and the run. */
export interface FunctionTask {
  /** Values of an input function that come before the coordinates; within -1..1. */
  readonly sensors: number;
  /** Within 0..1. */
  readonly coordinates: number;
  /** What the largest answer stands for. */
  readonly amplitude: number;
  /** uint32. */
  readonly seed: number;
  /** Over all epochs. */
  readonly trials: number;
}

/** Presents something, or a whole batch: then the loss of the answers comes back. */
export type TrialStep = Act | 'batch';

/** A recipe set up for a problem. */
export interface FunctionLesson {
  readonly network: Network;
  /** Population of one neuron whose graded spikes are the answers. */
  readonly answers: string;
  /** Presents a point, in training and in tests. */
  readonly ask: (events: EventList, inputs: Float64Array) => string;
  /** What an answer stands for. */
  readonly valueOf: (payload: number) => number;
  /** Trial `n`, counted from 0 over all epochs; it is given the loss of every batch. */
  readonly trial: (n: number) => Generator<TrialStep, void, number>;
  /** Times that a trial shows its batch. */
  readonly passes: number;
  readonly stepsPerPoint: number;
  readonly readout: string;
  /** What each accounting phase of the network is a part of. */
  readonly phaseParts: Readonly<Record<string, SamplePart>>;
  readonly layers: readonly { readonly name: string; readonly population: string }[];
}

/** Chosen at the validation points of a problem and frozen. */
export interface Tuned {
  readonly settings: Readonly<Record<string, unknown>>;
  /** Epochs that the settings are for. */
  readonly epochs: number;
}

export interface FunctionRecipe<Settings = unknown> {
  readonly name: string;
  readonly title: string;
  /** One or two sentences on what it is and after which work. */
  readonly about: string;
  /** Parses `--set` values; unknown keys are errors. */
  readonly settings: z.ZodType<Settings>;
  readonly settingNames: readonly string[];
  /** By the name of the problem. */
  readonly tuned: Readonly<Record<string, Tuned>>;
  /** Epochs of `trialsPerEpoch` trials for other problems, if none are asked for. */
  readonly epochs: number;
  readonly trialsPerEpoch: number;
  readonly create: (settings: Settings, task: FunctionTask) => FunctionLesson;
}
