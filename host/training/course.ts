// The training samples in the order of seed and epoch, with what the recipe wants done between them.

import type { ImageSet } from '../data/dataset.ts';
import { shuffledOrder } from '../data/shuffle.ts';
import { EventList } from '../machine/event-list.ts';
import type { Lesson } from '../recipes/recipe.ts';
import type { Executor } from './executor.ts';

export class Course {
  readonly #machine: Executor;
  readonly #lesson: Lesson;
  readonly #train: ImageSet;
  readonly #seed: number;
  readonly #events: EventList;
  #order: { epoch: number; samples: Uint32Array } | undefined;

  constructor(machine: Executor, lesson: Lesson, train: ImageSet, seed: number) {
    this.#machine = machine;
    this.#lesson = lesson;
    this.#train = train;
    this.#seed = seed;
    this.#events = new EventList(machine.image);
  }

  /** Presents the samples `start` to `end` - 1, counted over all epochs. */
  present(start: number, end: number): void {
    const { images, labels, count, height, width } = this.#train;
    const pixels = height * width;
    const lesson = this.#lesson;
    const events = this.#events;
    for (let n = start; n < end; n++) {
      const epoch = Math.floor(n / count);
      if (this.#order?.epoch !== epoch)
        this.#order = { epoch, samples: shuffledOrder(count, this.#seed, epoch) };
      const sample = this.#order.samples[n % count]!;
      for (const { presentation, fill } of lesson.before(n)) {
        events.clear();
        fill?.(events);
        this.#machine.present(presentation, events);
      }
      events.clear();
      const image = images.subarray(sample * pixels, (sample + 1) * pixels);
      this.#machine.present(lesson.train(events, image, labels[sample]!, n), events);
    }
  }
}
