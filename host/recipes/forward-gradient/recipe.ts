// Weight perturbation (after Wan, Zhang and Karniadakis, arXiv 2411.07057): every synapse draws a sign, the network is run
// with its weights moved along the signs and against them, and the difference of the two losses, which the host computes
// from what the network sends and returns as a reward, says how far along the signs the weights stay. docs/recipes/forward-gradient.md

import { CounterHash, Stream } from '../../data/counter-hash.ts';
import type { EventList } from '../../machine/event-list.ts';
import type { FunctionLesson, FunctionRecipe, FunctionTask, TrialStep } from '../function-recipe.ts';
import type { Act, SamplePart } from '../recipe.ts';
import { Encoder } from './encoder.ts';
import {
  forwardGradientNetwork,
  type Layer,
  passSteps,
  REWARD_MAX,
  REWARD_UNITS,
  rewardOf,
} from './network.ts';
import { PRESETS } from './presets.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';

const PHASE_PARTS: Readonly<Record<string, SamplePart>> = {
  forward: 'forward',
  learning: 'learning',
  management: 'management',
};

/** Layers that a trial perturbs. */
function layersOf({ perturb }: Settings, n: number): readonly Layer[] {
  if (perturb === 'global') return ['hidden', 'output'];
  return perturb === 'output' || n % 2 === 1 ? ['output'] : ['hidden'];
}

class ForwardGradientLesson implements FunctionLesson {
  readonly network;
  readonly answers = 'output';
  readonly passes = 2;
  readonly stepsPerPoint: number;
  readonly readout = 'the payload of the output spike that ends a pass';
  readonly phaseParts = PHASE_PARTS;
  readonly layers = [{ name: 'hidden', population: 'hidden' }];
  readonly #settings: Settings;
  readonly #task: FunctionTask;
  readonly #encoder: Encoder;

  constructor(settings: Settings, task: FunctionTask) {
    this.#settings = settings;
    this.#task = task;
    this.network = forwardGradientNetwork(settings, task);
    this.#encoder = new Encoder(settings, task);
    this.stepsPerPoint = passSteps(settings, task);
  }

  ask(events: EventList, inputs: Float64Array): string {
    this.#encoder.push(events, inputs);
    events.push(0, events.port('start').first);
    if (this.#task.sensors > 0) events.push(this.stepsPerPoint - 3, events.port('multiply').first);
    events.push(this.stepsPerPoint - 2, events.port('ask').first);
    return 'pass';
  }

  valueOf(payload: number): number {
    return (payload / this.#settings.scale) * this.#task.amplitude;
  }

  *trial(n: number): Generator<TrialStep, void, number> {
    const layers = layersOf(this.#settings, n);
    yield this.#reward(layers, () => 0, true);
    yield this.#reward(layers, (layer) => this.#perturbation(layer));
    const along = yield 'batch';
    yield this.#reward(layers, (layer) => -2 * this.#perturbation(layer));
    const against = yield 'batch';
    yield this.#reward(layers, (layer) => this.#perturbation(layer) - this.#step(layer, n, along - against));
  }

  /** In reward units. */
  #perturbation(layer: Layer): number {
    const { hiddenStep, outputStep } = this.#settings;
    return REWARD_UNITS * (layer === 'hidden' ? hiddenStep : outputStep);
  }

  /** What stays of the pattern, in reward units; no more than a perturbation. */
  #step(layer: Layer, n: number, difference: number): number {
    const { rate, rateEnd, hiddenRate } = this.#settings;
    const now = rate * rateEnd ** (n / this.#task.trials) * (layer === 'hidden' ? hiddenRate : 1);
    const most = this.#perturbation(layer);
    // Rounded stochastically, or steps would end where they fall below half a unit.
    const dither = new CounterHash(this.#task.seed, Stream.rewardRounding, n).between(0, 1);
    const step = Math.floor((REWARD_UNITS * now * difference) / this.#task.amplitude ** 2 + dither);
    return Math.max(most - REWARD_MAX, -most, Math.min(most, step));
  }

  /** Moves the weights of layers along their patterns by `amount` reward units, or asks for new patterns. */
  #reward(layers: readonly Layer[], amount: (layer: Layer) => number, draws = false): Act {
    return {
      presentation: rewardOf(layers),
      fill: (events) => {
        for (const layer of layers) {
          const payload = amount(layer);
          if (payload !== 0) events.push(0, events.port(`reward ${layer}`).first, payload);
          if (draws) events.push(0, events.port(`draw ${layer}`).first);
        }
      },
    };
  }
}

export const forwardGradient: FunctionRecipe<Settings> = {
  name: 'forward-gradient',
  title: 'Forward gradient',
  about:
    'Weight perturbation: each synapse draws a sign, and the loss difference of two passes, with the weights moved along the ' +
    'signs and against them, comes back as a reward. After Wan, Zhang and Karniadakis 2024 (arXiv 2411.07057).',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: PRESETS,
  epochs: 20,
  trialsPerEpoch: 200,
  create: (settings, task) => new ForwardGradientLesson(settings, task),
};
