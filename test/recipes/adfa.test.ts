// The recipe on the chip: what a hidden neuron makes of the error, what changes which weights and in which direction, and
// that it learns.

import { describe, expect, it } from 'vitest';
import { loadChip } from '../../host/chip/load.ts';
import { compile } from '../../host/compile/compile.ts';
import { inspectProducts } from '../../host/compile/legality.ts';
import type { Dataset } from '../../host/data/dataset.ts';
import { generateDigits } from '../../host/data/digits.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import { G_ENTRIES, G_NEGATIVE, G_SHAPES, gTable } from '../../host/recipes/adfa/g.ts';
import { settingsSchema } from '../../host/recipes/adfa/settings.ts';
import { timeline } from '../../host/recipes/adfa/timeline.ts';
import { slowerBy } from '../../host/recipes/common/rate-drops.ts';
import type { Lesson } from '../../host/recipes/recipe.ts';
import { findRecipe } from '../../host/recipes/registry.ts';
import { Course } from '../../host/training/course.ts';
import { Examiner } from '../../host/training/evaluate.ts';
import { Rounding } from '../support/rounding.ts';

const SEED = 3;
const data: Dataset = generateDigits({ trainCount: 1500, testCount: 300 });
const { train } = data;
const pixels = train.height * train.width;
const { chip } = loadChip('loihi2');

function lessonOf(settings: Readonly<Record<string, unknown>>): Lesson {
  const recipe = findRecipe('adfa');
  const task = {
    height: train.height,
    width: train.width,
    classes: data.classes.length,
    seed: SEED,
    trainingPresentations: train.count,
  };
  return recipe.create(
    recipe.resolve('digits', { hidden: [24, 16], hiddenThreshold: 60, hiddenInit: 40, ...settings }),
    task,
  );
}

const machineOf = (lesson: Lesson): Machine =>
  new Machine(compile(lesson.network, chip).image, { probeBytes: 2 ** 22, probeRecords: 40 });

/** Presents one training sample. */
function present(lesson: Lesson, machine: Machine, sample: number): void {
  const events = new EventList(machine.image);
  const image = train.images.subarray(sample * pixels, (sample + 1) * pixels);
  machine.present(lesson.train(events, image, train.labels[sample]!, sample), events);
}

describe('a hidden neuron', () => {
  const settings = { g: 'tanh', activityCost: 0, learnShift: 10 } as const;
  const lesson = lessonOf(settings);
  const machine = machineOf(lesson);
  const resolved = settingsSchema.parse({ ...settings, hidden: [24, 16] });
  const t = timeline(resolved);

  it('leaves error × g at the drive it had in y2 and y3, rounded at random', () => {
    const table = gTable('tanh', resolved.gWidth, resolved.forwardSteps);
    const feedback = machine.weights.read('B2');
    const drives = machine.probes.add('hidden 2', 'state drive', t.steps);
    const payloads = machine.probes.add('output', 'payload', t.steps);
    const sent = machine.probes.add('output', 'spikes', t.steps);
    const [y2, y3] = (['y2', 'y3'] as const).map((kind) => machine.probes.add('hidden 2', kind, t.steps));
    const rounding = new Rounding();
    for (let sample = 0; sample < 30; sample++) {
      present(lesson, machine, sample);
      const drive = machine.probes.drain(drives)[t.error]!;
      const senders = machine.probes.drain(sent)[t.error]!;
      const errors = machine.probes.drain(payloads)[t.error]!.map((e, k) => e * senders[k]!);
      const [plus, minus] = [
        machine.probes.drain(y2!)[t.steps - 1]!,
        machine.probes.drain(y3!)[t.steps - 1]!,
      ];
      for (let j = 0; j < 16; j++) {
        const entry = Math.floor((drive[j]! * Math.round(2 ** 20 / 120)) / 2 ** 20) + G_NEGATIVE;
        const g = table[Math.min(G_ENTRIES - 1, Math.max(0, entry))]!;
        const d = errors.reduce((sum, e, k) => sum + e * feedback[k * 16 + j]!, 0);
        const due = (d * g) / 2 ** settings.learnShift;
        const learned = plus[j]! - minus[j]!;
        expect(Math.min(plus[j]!, minus[j]!)).toBe(0);
        if (Math.abs(due) > 126) expect(Math.abs(learned)).toBeGreaterThanOrEqual(126);
        else rounding.add(learned, due, 1);
      }
    }
    expect(Math.abs(rounding.deviations)).toBeLessThan(4);
  });
});

describe('an output', () => {
  it('forgets what comes after it compared', () => {
    const lesson = lessonOf({});
    const machine = machineOf(lesson);
    const steps = lesson.stepsPerTrainingSample;
    const sums = machine.probes.add('output', 'state sum', steps);
    for (let sample = 0; sample < 10; sample++) {
      present(lesson, machine, sample);
      const trace = machine.probes.drain(sums);
      expect(trace.slice(0, -2).some((values) => values.some((sum) => sum !== 0))).toBe(true);
      expect(Math.max(...trace.at(-1)!.map(Math.abs))).toBe(0);
    }
  });
});

describe('weights', () => {
  it.each(['direct', 'layered'])('change on axons that spiked, to the side of the error (%s)', (feedback) => {
    const lesson = lessonOf({ feedback, relayShift: 8, learnShift: 6 });
    const machine = machineOf(lesson);
    const last = lesson.stepsPerTrainingSample - 1;
    const posts = (['y2', 'y3'] as const).map((kind) => machine.probes.add('hidden 1', kind, last + 1));
    const events = new EventList(machine.image);
    let changes = 0;
    for (let sample = 0; sample < 20; sample++) {
      const before = machine.weights.read('W1');
      events.clear();
      const image = train.images.subarray(sample * pixels, (sample + 1) * pixels);
      lesson.train(events, image, train.labels[sample]!, sample);
      present(lesson, machine, sample);
      const after = machine.weights.read('W1');
      const [y2, y3] = posts.map((probe) => machine.probes.drain(probe)[last]!);
      for (let i = 0; i <= pixels; i++) {
        for (let j = 0; j < 24; j++) {
          const change = after[i * 24 + j]! - before[i * 24 + j]!;
          if (change === 0) continue;
          changes++;
          expect(Math.sign(change)).toBe(Math.sign(y2![j]! - y3![j]!));
          expect(i === pixels || image[i]! >= 16).toBe(true);
        }
      }
    }
    expect(changes).toBeGreaterThan(100);
  });

  it.each([0, 1])(
    'change more on inputs that came early, if these count by their time; %i halvings',
    (halvings) => {
      const lesson = lessonOf({ inputCredit: 'time', hiddenStep: 0, learnShift: 8, inputDropout: 0 });
      const machine = machineOf(lesson);
      const last = lesson.stepsPerTrainingSample - 1;
      for (let n = 1; n <= halvings; n++) machine.present(slowerBy(n), new EventList(machine.image));
      const posts = (['y2', 'y3'] as const).map((kind) => machine.probes.add('hidden 1', kind, last + 1));
      const traces = machine.probes.addOnProjection('W1', 'x1', last + 1);
      const rounding = new Rounding();
      const shares = new Set<number>();
      for (let sample = 0; sample < 20; sample++) {
        const before = machine.weights.read('W1');
        present(lesson, machine, sample);
        const after = machine.weights.read('W1');
        const [y2, y3] = posts.map((probe) => machine.probes.drain(probe).at(-1)!);
        const x1 = machine.probes.drainProjection(traces).at(-1)!;
        const image = train.images.subarray(sample * pixels, (sample + 1) * pixels);
        for (let i = 0; i <= pixels; i++) {
          if (i < pixels && image[i]! < 16) continue;
          const share = 1 - x1[i]! / 16;
          shares.add(share);
          for (let j = 0; j < 24; j++) {
            const due = (share * (y2![j]! - y3![j]!)) / 2 ** halvings;
            if (Math.abs(before[i * 24 + j]! + due) < 250)
              rounding.add(after[i * 24 + j]!, before[i * 24 + j]! + due, 2);
          }
        }
      }
      expect(Math.abs(rounding.deviations)).toBeLessThan(4);
      expect(Math.max(...shares)).toBeGreaterThan(3 * Math.min(...shares));
    },
  );

  it('stay as they are where g is 0, in every hidden layer', () => {
    const lesson = lessonOf({ gTable: new Array(G_ENTRIES).fill(0) });
    const machine = machineOf(lesson);
    const before = ['W1', 'W2', 'W3'].map((name) => machine.weights.read(name));
    for (let sample = 0; sample < 10; sample++) present(lesson, machine, sample);
    expect(machine.weights.read('W1')).toEqual(before[0]);
    expect(machine.weights.read('W2')).toEqual(before[1]);
    expect(machine.weights.read('W3')).not.toEqual(before[2]);
  });
});

describe('recipe adfa', () => {
  it.each([{ hidden: [64, 48] }, { hidden: [64, 48, 48] }, { hidden: [64, 48], feedback: 'layered' }])(
    'learns with $hidden, $feedback',
    (settings) => {
      const lesson = lessonOf(settings);
      const { image } = compile(lesson.network, chip);
      const machine = new Machine(image, { timing: 'functional' });
      new Course(machine, lesson, train, SEED).present(0, train.count);
      expect(machine.access).toEqual({ weightWrites: 0, stateReads: 0 });
      const examiner = new Examiner({ trained: image, timing: 'functional' }, lesson);
      examiner.load(machine.snapshot());
      expect(examiner.examine(data.test, 0, data.test.count).correct / data.test.count).toBeGreaterThan(0.35);
    },
  );

  it('is legal on loihi2, every product of it', () => {
    const { verdicts } = inspectProducts(lessonOf({ feedback: 'layered' }).network, chip);
    expect(verdicts).toHaveLength(6);
    expect(verdicts.every(({ refusal }) => refusal === undefined)).toBe(true);
  });

  it('refuses settings that contradict each other', () => {
    const resolve = (settings: Record<string, unknown>) => findRecipe('adfa').resolve('mnist', settings);
    expect(() => resolve({ latencySteps: 20, forwardSteps: 10 })).toThrow(/latencySteps/);
    expect(() => resolve({ hiddenStep: 7 })).toThrow(/rateDrops/);
    expect(() => resolve({ errorLow: 4000 })).toThrow(/errorLow/);
    expect(() => resolve({ gTable: [1, 2, 3] })).toThrow(/gTable/);
  });

  it('has tables of every shape within the range of the program', () => {
    for (const shape of G_SHAPES) {
      const table = gTable(shape, 1, 10);
      expect(table).toHaveLength(G_ENTRIES);
      expect(Math.max(...table.map(Math.abs))).toBeLessThanOrEqual(7);
    }
    expect(gTable('box', 1, 10)).toEqual([0, 0, 0, 0, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 0, 0]);
  });
});
