// Evaluation of a snapshot: a copy of the chip, with learning off, answers samples. The chip that is trained is
// not touched. What the answer is read from are spike counts; the class with most spikes wins, a tie goes to the
// lowest index.

import type { ImageSet } from '../data/dataset.ts';
import type { ChipImage } from '../image/image.ts';
import { EventList } from '../machine/event-list.ts';
import { Machine, type Probe } from '../machine/machine.ts';
import { type Measurement, measure, since } from '../measure/measure.ts';
import type { Alignment, Lesson } from '../recipes/recipe.ts';

/** Answers to a stretch of samples. */
export interface Evaluation {
  readonly count: number;
  readonly correct: number;
  readonly tied: number;
  /** Class, per sample. */
  readonly answers: Uint8Array;
  /** 1 where the answer was a tie. */
  readonly ties: Uint8Array;
  readonly measurement: Measurement;
  /** Spikes by layer, over all samples. */
  readonly layerSpikes: Readonly<Record<string, number>>;
}

/** Angle between a feedback matrix and the forward matrix it stands for, in degrees; NaN if one of them is 0. */
function angleDeg(machine: Machine, { forward, feedback, sign }: Alignment): number {
  const w = machine.readWeights(forward);
  const b = machine.readWeights(feedback);
  const { rows, columns } = machine.image.projections.find(({ name }) => name === forward)!;
  let dot = 0;
  let ww = 0;
  let bb = 0;
  for (let hidden = 0; hidden < rows; hidden++) {
    for (let output = 0; output < columns; output++) {
      const x = sign * w[hidden * columns + output]!;
      const y = b[output * rows + hidden]!;
      dot += x * y;
      ww += x * x;
      bb += y * y;
    }
  }
  return (Math.acos(dot / Math.sqrt(ww * bb)) * 180) / Math.PI;
}

/** A copy of the chip for evaluations; one per thread. */
export class Examiner {
  readonly #machine: Machine;
  readonly #lesson: Lesson;
  readonly #events: EventList;
  readonly #answer: Probe;
  readonly #layers: readonly {
    readonly name: string;
    readonly probes: readonly Probe[];
    readonly ports: readonly string[];
  }[];

  constructor(image: ChipImage, lesson: Lesson) {
    this.#machine = new Machine(image);
    this.#lesson = lesson;
    this.#events = new EventList(image);
    this.#answer = this.#machine.probe(lesson.readout.population, 'spikeCounts');
    const ports = new Set(image.ports.map(({ name }) => name));
    this.#layers = lesson.layers.map(({ name, populations }) => ({
      name,
      probes: populations
        .filter((item) => !ports.has(item))
        .map((item) => this.#machine.probe(item, 'spikeCounts')),
      ports: populations.filter((item) => ports.has(item)),
    }));
  }

  /** Takes over the state of the chip in training. */
  load(snapshot: Uint8Array): void {
    this.#machine.restore(snapshot);
  }

  /** Angles of the snapshot's feedback matrices, in degrees. */
  alignmentDeg(): Record<string, number> {
    return Object.fromEntries(
      this.#lesson.alignments.map((alignment) => [alignment.name, angleDeg(this.#machine, alignment)]),
    );
  }

  /** Weights of the snapshot, [from][to]. */
  weights(projection: string): Int16Array {
    return this.#machine.readWeights(projection);
  }

  /** Answers the samples start .. start + count - 1 of a set. */
  examine(set: ImageSet, start: number, count: number): Evaluation {
    const machine = this.#machine;
    const events = this.#events;
    for (const { presentation } of this.#lesson.beforeTest) machine.present(presentation);
    machine.drainCounts(this.#answer);
    for (const { probes } of this.#layers) for (const probe of probes) machine.drainCounts(probe);
    const before = measure(machine);
    const answers = new Uint8Array(count);
    const ties = new Uint8Array(count);
    const pixels = set.height * set.width;
    let correct = 0;
    let tied = 0;
    const injected = new Map<string, number>(
      this.#layers.flatMap(({ ports }) => ports.map((port) => [port, 0] as const)),
    );
    for (let i = 0; i < count; i++) {
      const sample = start + i;
      events.clear();
      const presentation = this.#lesson.test(
        events,
        set.images.subarray(sample * pixels, (sample + 1) * pixels),
      );
      for (const port of injected.keys()) injected.set(port, injected.get(port)! + events.countOf(port));
      machine.present(presentation, events);
      const spikes = machine.drainCounts(this.#answer);
      let best = 0;
      for (let k = 1; k < spikes.length; k++) if (spikes[k]! > spikes[best]!) best = k;
      answers[i] = best;
      if (spikes.some((n, k) => k !== best && n === spikes[best])) {
        ties[i] = 1;
        tied++;
      }
      if (best === set.labels[sample]) correct++;
    }
    const layerSpikes = Object.fromEntries(
      this.#layers.map(({ name, probes, ports }) => {
        const fired = probes.reduce(
          (sum, probe) => sum + machine.drainCounts(probe).reduce((a, b) => a + b, 0),
          0,
        );
        return [name, fired + ports.reduce((sum, port) => sum + injected.get(port)!, 0)];
      }),
    );
    return { count, correct, tied, answers, ties, measurement: since(before, measure(machine)), layerSpikes };
  }
}
