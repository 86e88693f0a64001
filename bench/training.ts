// On-chip training, one thread: the core against plain scalar TypeScript loops that do the same arithmetic on the same
// samples, and end with the same weights.

import { loadChip } from '../host/chip/load.ts';
import { compile } from '../host/compile/compile.ts';
import type { Dataset } from '../host/data/dataset.ts';
import { shuffledOrder } from '../host/data/shuffle.ts';
import type { ChipImage } from '../host/image/image.ts';
import { EventList } from '../host/machine/event-list.ts';
import { Machine } from '../host/machine/machine.ts';
import type { Lesson } from '../host/recipes/recipe.ts';
import { findRecipe } from '../host/recipes/registry.ts';
import { type BenchResult, type Contender, compete } from './bench.ts';
import { PlainChip } from './plain-chip.ts';

const EVENT_WORDS = 16_384;
const SLICE = 20;
/** Samples after which the two must have the same weights. */
const CHECKED = 200;

/** Presents training sample n and what comes before it; returns nothing. */
type Present = (presentation: string, events: EventList) => void;

class Pupil {
  readonly #lesson: Lesson;
  readonly #data: Dataset;
  readonly #order: Uint32Array;
  readonly #events: EventList;
  readonly #present: Present;
  #n = 0;

  constructor(lesson: Lesson, data: Dataset, image: ChipImage, present: Present) {
    this.#lesson = lesson;
    this.#data = data;
    this.#order = shuffledOrder(data.train.count, 1, 0);
    this.#events = new EventList(image);
    this.#present = present;
  }

  learn(samples: number): number {
    const { train } = this.#data;
    const pixels = train.height * train.width;
    const events = this.#events;
    for (let i = 0; i < samples; i++, this.#n++) {
      for (const { presentation, fill } of this.#lesson.before(this.#n)) {
        events.clear();
        fill?.(events);
        this.#present(presentation, events);
      }
      const sample = this.#order[this.#n % train.count]!;
      events.clear();
      const image = train.images.subarray(sample * pixels, (sample + 1) * pixels);
      this.#present(this.#lesson.train(events, image, train.labels[sample]!, this.#n), events);
    }
    return samples;
  }
}

/** Spikes of an event list as arrays by step, for the plain chip. */
function spikesByStep(
  image: ChipImage,
  presentation: string,
  events: EventList,
  words: Int32Array,
): number[][] {
  const { steps } = image.presentations.find(({ name }) => name === presentation)!;
  events.write(words, 0, words.length, steps);
  const list = words.subarray(steps + 1);
  return Array.from({ length: steps }, (_, step) => [...list.subarray(words[step]!, words[step + 1]!)]);
}

function same(a: Int16Array, b: Int16Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** Samples per second of CPU time of recipe `biograd`, and the ratio to the plain loops. */
export function trainingBenchmark(data: Dataset, hidden: number): BenchResult {
  const recipe = findRecipe('biograd');
  const task = {
    height: data.train.height,
    width: data.train.width,
    classes: data.classes.length,
    seed: 1,
    trainingPresentations: data.train.count,
  };
  const lesson = recipe.create(recipe.resolve(data.name, { hidden }), task);
  const { image } = compile(lesson.network, loadChip('loihi1').chip);
  const machine = new Machine(image);
  const plain = new PlainChip(image);
  const words = new Int32Array(EVENT_WORDS);
  const onCore = new Pupil(lesson, data, image, (presentation, events) =>
    machine.present(presentation, events),
  );
  const onPlain = new Pupil(lesson, data, image, (presentation, events) =>
    plain.present(presentation, spikesByStep(image, presentation, events, words)),
  );
  onCore.learn(CHECKED);
  onPlain.learn(CHECKED);
  for (const { name } of image.projections.filter(({ plastic }) => plastic)) {
    if (!same(machine.readWeights(name), plain.weights(name)))
      throw new Error(`the two sides disagree on ${name}`);
  }
  const contenders: Contender[] = [
    { name: 'core', slice: () => onCore.learn(SLICE) },
    { name: 'plain loops', slice: () => onPlain.learn(SLICE) },
  ];
  return compete(
    `training biograd, ${data.name}, 784-${hidden}-10, one thread`,
    'training samples/s',
    contenders,
  );
}
