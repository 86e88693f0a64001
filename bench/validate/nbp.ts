// The calibration check: the network of Renner et al. on the cores of its published program, with weights that were
// recorded after 60 epochs of training. [HW 8.1]

import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Chip } from '../../host/chip/schema.ts';
import { compile } from '../../host/compile/compile.ts';
import type { Dataset, ImageSet } from '../../host/data/dataset.ts';
import { listDatasets, loadDataset } from '../../host/data/load.ts';
import { readNpz } from '../../host/data/npz.ts';
import { dynamicEnergy, type Energy, energyByUnit, energyProfile } from '../../host/energy/energy.ts';
import { energyInterval } from '../../host/energy/interval.ts';
import type { ChipImage, TimingImage } from '../../host/image/image.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import type { TimingMode } from '../../host/machine/timing-mode.ts';
import type { CounterName, Counts } from '../../host/measure/counters.ts';
import { type Measurement, measure, since, total, totalTimeS } from '../../host/measure/measure.ts';
import { NbpLesson, startChain } from '../../host/recipes/nbp/recipe.ts';
import { settingsSchema } from '../../host/recipes/nbp/settings.ts';
import { TEST, TRAIN } from '../../host/recipes/nbp/timeline.ts';
import type { Weights } from '../../host/recipes/nbp/weights.ts';

/** What was measured, of a sample. */
export const NBP_MEASURED = {
  inferenceJ: 2.5e-6,
  trainingJ: 0.59e-3,
  trainingStepS: 125e-6,
  inferenceStepS: 42.5e-6,
} as const;

/** Embedded processors inject spikes in every step of this network [HW 6.4]. */
export const NBP_EMBEDDED_STEP_S = 37e-6;

const RECORDED = '../shared/golden/nbp';
const WEIGHTS = '-net-early-60epochs.npz';

export interface NbpMaterial {
  readonly weights: Weights;
  readonly data: Dataset;
}

/** Weights and images, if they are at hand. */
export function nbpMaterial(): NbpMaterial | undefined {
  const hasImages = listDatasets().some(({ name, format }) => name === 'mnist' && format === 'idx');
  if (!hasImages || !existsSync(RECORDED)) return undefined;
  const file = readdirSync(RECORDED).find((name) => name.endsWith(WEIGHTS));
  if (file === undefined) return undefined;
  const arrays = readNpz(resolve(join(RECORDED, file)));
  const matrix = (name: string): Int16Array => Int16Array.from(arrays.get(name)!.data as Int16Array);
  return { weights: { w1: matrix('w1'), w2: matrix('w2') }, data: loadDataset('mnist') };
}

/** The part of a run that is told per sample and per step. */
export interface NbpRun {
  readonly samples: number;
  readonly counts: Counts;
  readonly energyJ: Energy;
  /** By reading of what a learning epoch visits. */
  readonly byVisitsJ: Readonly<Record<'all plastic' | 'active axons', number>>;
  readonly stepS: { readonly spiking: number; readonly learning: number; readonly whole: number };
}

function runOf(chip: Chip, measured: Measurement, samples: number): NbpRun {
  const counts = total(measured);
  const profile = energyProfile(chip, chip.energy.defaultProfile);
  const joules = (visits: CounterName): number =>
    dynamicEnergy(energyByUnit(profile, counts, visits)).value / samples;
  const steps = measured.times.reduce((sum, time) => sum + time.steps, 0);
  const sum = (part: 'spikingS' | 'learningS'): number =>
    measured.times.reduce((all, time) => all + time[part], 0) / steps;
  return {
    samples,
    counts,
    energyJ: energyInterval(chip, counts, samples),
    byVisitsJ: {
      'all plastic': joules('synapseVisitsAllPlastic'),
      'active axons': joules('synapseVisitsActiveAxons'),
    },
    stepS: { spiking: sum('spikingS'), learning: sum('learningS'), whole: totalTimeS(measured) / steps },
  };
}

const imageOf = ({ images, height, width }: ImageSet, k: number): Uint8Array =>
  images.subarray(k * height * width, (k + 1) * height * width);

/** The two networks of the recipe, compiled for a chip. */
export class NbpNetworks {
  readonly training: ChipImage;
  readonly inference: ChipImage;
  readonly #chip: Chip;
  readonly #data: Dataset;
  readonly #lesson: NbpLesson;

  constructor(chip: Chip, { weights, data }: NbpMaterial) {
    const { height, width } = data.train;
    const task = { height, width, classes: data.classes.length, seed: 0, trainingPresentations: 0 };
    this.#lesson = new NbpLesson(settingsSchema.parse({ placement: 'published' }), task, weights);
    this.#chip = chip;
    this.#data = data;
    this.training = compile(this.#lesson.network, chip).image;
    this.inference = compile(this.#lesson.deployment.network, chip).image;
  }

  /** Trains on the first samples. @param timing in place of the image's own */
  train(samples: number, timing: TimingImage = this.training.timing, mode: TimingMode = 'analytic'): NbpRun {
    const { train } = this.#data;
    return this.#run({ ...this.training, timing }, mode, TRAIN.chainStart, samples, (events, k) =>
      this.#lesson.train(events, imageOf(train, k), train.labels[k]!),
    );
  }

  /** Answers the first test images. */
  infer(samples: number, timing: TimingImage = this.inference.timing): NbpRun {
    const { test } = this.#data;
    return this.#run({ ...this.inference, timing }, 'analytic', TEST.chainStart, samples, (events, k) =>
      this.#lesson.test(events, imageOf(test, k)),
    );
  }

  #run(
    image: ChipImage,
    mode: TimingMode,
    chainStart: number,
    samples: number,
    fill: (events: EventList, sample: number) => string,
  ): NbpRun {
    const machine = new Machine(image, { timing: mode });
    const events = new EventList(image);
    startChain(chainStart)(events);
    machine.present('prelude', events);
    const before = measure(machine);
    for (let k = 0; k < samples; k++) {
      events.clear();
      machine.present(fill(events, k), events);
    }
    return runOf(this.#chip, since(before, measure(machine)), samples);
  }
}
