// BioGrad (after Tang, Kumar, Polykretis, Michmizos, arXiv 2110.14092): gradient-based learning with dendrites,
// error neurons and a sleep phase in which a Hebbian rule aligns the feedback weights. A reconstruction for
// Loihi 1; what it costs and where it differs from the paper is in docs/recipes/biograd.md.

import type { EventList } from '../../machine/event-list.ts';
import type { Network } from '../../network/network.ts';
import { type Encoder, shifting } from '../common/encoder.ts';
import { LatencyEncoder } from '../common/latency-encoder.ts';
import { halvingBefore, slowerBy } from '../common/rate-drops.ts';
import type { Act, Alignment, Lesson, Readout, Recipe, SamplePart, Task } from '../recipe.ts';
import { bioGradNetwork } from './network.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';
import { FRAME, testSteps, timeline } from './timeline.ts';

/** The phases are the parts, but for that of test samples. */
const PHASE_PARTS: Readonly<Record<string, SamplePart>> = {
  forward: 'forward',
  error: 'error',
  learning: 'learning',
  sleep: 'sleep',
  management: 'management',
  inference: 'forward',
};

/**
 * Which sleep it is, from 0, if the chip sleeps before sample n: at once, then after times that double, at most `sleepEvery`
 * apart.
 */
function sleepBefore(n: number, { sleepFirst, sleepEvery }: Settings): number | undefined {
  let next = 0;
  let sleep = 0;
  for (; next < n; sleep++) next += Math.min(Math.max(next, sleepFirst), sleepEvery);
  return next === n ? sleep : undefined;
}

class BioGradLesson implements Lesson {
  readonly beforeTest: readonly Act[] = [{ presentation: 'deploy' }];
  readonly readout: Readout;
  readonly stepsPerTrainingSample: number;
  readonly stepsPerTestSample: number;
  readonly phaseParts = PHASE_PARTS;
  readonly alignments: readonly Alignment[];
  readonly receptiveFields;
  readonly layers;
  readonly #settings: Settings;
  readonly #task: Task;
  readonly #encoder: Encoder;
  readonly #labelStep: number;
  readonly #errorStep: number;
  readonly #frames: readonly Act[];
  #network: Network | undefined;
  #image = 0;
  #label = 0;
  #ports: { start: number; infer: number } | undefined;

  constructor(settings: Settings, task: Task) {
    this.#settings = settings;
    this.#task = task;
    const { height, width, seed } = task;
    const shape = { planes: 1, height, width, pixelBytes: 1 };
    this.#encoder = shifting(new LatencyEncoder(settings, seed), shape, settings.inputShift, seed);
    const t = timeline(settings);
    this.#labelStep = t.readLow;
    this.#errorStep = t.error;
    this.stepsPerTrainingSample = t.steps;
    this.stepsPerTestSample = testSteps(settings);
    this.receptiveFields = { projection: 'W1', height: task.height, width: task.width };
    this.readout = {
      name: 'spikes',
      population: 'OR',
      variable: 'spikeCounts',
      description: `spike counts of the readout compartments on a ramp of ${settings.rampLevels} levels`,
    };
    const b = { forward: 'W2' } as const;
    this.alignments = [
      { ...b, name: 'EB', feedback: 'BB', sign: 1 },
      { ...b, name: 'EA', feedback: 'BA', sign: -1 },
    ];
    this.layers = [
      { name: 'input', populations: ['image'] },
      { name: 'hidden', populations: ['R'] },
      { name: 'error', populations: ['P', 'M'] },
      { name: 'feedback', populations: ['A'] },
      { name: 'forced', populations: ['D', 'O'] },
    ];
    this.#frames = settings.feedback === 'sleep' ? this.#sleepFrames() : [];
  }

  /** Made when it is asked for: evaluation threads have the image of it. */
  get network(): Network {
    this.#network ??= bioGradNetwork(this.#settings, this.#task);
    return this.#network;
  }

  /** A frame of each hidden neuron. */
  #sleepFrames(): Act[] {
    return Array.from({ length: this.#settings.hidden }, (_, neuron): Act => {
      return {
        presentation: 'frame',
        fill: (events) => {
          events.push(0, events.port('doze').first);
          events.push(0, events.port('dream').first + neuron);
          events.push(FRAME.dreamAgain, events.port('dream').first + neuron);
          events.push(FRAME.reward, events.port('feedback reward').first);
        },
      };
    });
  }

  /** The neurons that dream in a sleep are those that follow on the last that did. */
  #sleepActs(sleep: number): Act[] {
    const { hidden, sleepNeurons = hidden } = this.#settings;
    const frames = Array.from(
      { length: sleepNeurons },
      (_, i) => this.#frames[(sleep * sleepNeurons + i) % hidden]!,
    );
    return [{ presentation: 'fall asleep' }, ...frames, { presentation: 'wake up' }];
  }

  before(n: number): readonly Act[] {
    const { feedback, rateDrops, sleepNeurons } = this.#settings;
    const acts: Act[] = [];
    const halving = halvingBefore(n, rateDrops, this.#task);
    if (halving > 0) acts.push({ presentation: slowerBy(halving) });
    const sleep = feedback === 'sleep' && sleepNeurons !== 0 ? sleepBefore(n, this.#settings) : undefined;
    if (sleep !== undefined) acts.push(...this.#sleepActs(sleep));
    return acts;
  }

  #resolve(events: EventList): { start: number; infer: number } {
    if (this.#ports === undefined) {
      this.#ports = { start: events.port('start').first, infer: events.port('infer').first };
      this.#image = events.port('image').first;
      this.#label = events.port('label').first;
    }
    return this.#ports;
  }

  train(events: EventList, image: Uint8Array, label: number, n: number): string {
    const { start } = this.#resolve(events);
    events.push(0, start);
    events.push(0, this.#image + image.length); // always on
    this.#encoder.encodeForTraining(events, this.#image, image, n);
    events.push(this.#labelStep, this.#label + label);
    if (this.#settings.feedback === 'copies') {
      events.push(this.#errorStep + 1, events.port('output reward').first);
      events.push(this.#errorStep + 3, events.port('feedback reward').first);
    }
    return 'train';
  }

  test(events: EventList, image: Uint8Array): string {
    const { infer } = this.#resolve(events);
    events.push(0, infer);
    events.push(0, this.#image + image.length);
    this.#encoder.encode(events, this.#image, image);
    return 'test';
  }
}

export const biograd: Recipe<Settings> = {
  name: 'biograd',
  title: 'BioGrad',
  about:
    'Gradient-based learning with dendrites, spiking error neurons and a sleep phase that aligns the feedback ' +
    'weights; after Tang et al. 2021 (arXiv 2110.14092), a reconstruction for Loihi 1.',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: { 'fashion-mnist': { preset: 'quick-fashion' } },
  epochs: 3,
  create: (settings, task) => new BioGradLesson(settings, task),
};
