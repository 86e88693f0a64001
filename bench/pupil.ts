// A lesson's training samples in their order, presented to whatever executes the image.

import { loadChip } from '../host/chip/load.ts';
import { compile } from '../host/compile/compile.ts';
import type { Dataset } from '../host/data/dataset.ts';
import { shuffledOrder } from '../host/data/shuffle.ts';
import type { ChipImage } from '../host/image/image.ts';
import { EventList } from '../host/machine/event-list.ts';
import type { Lesson } from '../host/recipes/recipe.ts';
import { findRecipe } from '../host/recipes/registry.ts';
import type { PlainChip } from './plain-chip.ts';

const EVENT_WORDS = 16_384;

/** Runs one presentation. */
export type Present = (presentation: string, events: EventList) => void;

/** Recipe `biograd` for a data set, on a Loihi 1. */
export function biogradLesson(
  data: Dataset,
  settings: Readonly<Record<string, unknown>>,
): { lesson: Lesson; image: ChipImage } {
  const recipe = findRecipe('biograd');
  const task = {
    height: data.train.height,
    width: data.train.width,
    classes: data.classes.length,
    seed: 1,
    trainingPresentations: data.train.count,
  };
  const lesson = recipe.create(recipe.resolve(data.name, settings), task);
  return { lesson, image: compile(lesson.network, loadChip('loihi1').chip).image };
}

export class Pupil {
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

/** Presents to plain loops. */
export function toPlainChip(image: ChipImage, plain: PlainChip): Present {
  const words = new Int32Array(EVENT_WORDS);
  return (presentation, events) =>
    plain.present(presentation, spikesByStep(image, presentation, events, words));
}
