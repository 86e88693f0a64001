// The recipe on the chip: when errors come in a frame and what they change, that a trace is enough for an input that is over,
// that copies learn what the weights learn, and that it learns.

import { describe, expect, it } from 'vitest';
import { generateDigits } from '../../host/data/digits.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { FRAME, LEARN, LESS, MORE, RETURN } from '../../host/recipes/ottt/timeline.ts';
import { learnAll, lessonOf, machineOf, present } from '../support/lessons.ts';

const data = generateDigits({ trainCount: 1800, testCount: 100 });
const { train } = data;
const pixels = train.height * train.width;
const HIDDEN = 48;
const CLASSES = 10;

const ottt = (settings: Readonly<Record<string, unknown>> = {}) =>
  lessonOf('ottt', data, { hidden: HIDDEN, rateDrops: [], ...settings });

const firedIn = (raster: readonly Int32Array[], step: number): number[] =>
  [...raster[step]!].flatMap((fired, element) => (fired === 1 ? [element] : []));

describe('recipe ottt', () => {
  it('has an error in every frame from the first one on: "more" for the label, then "less" for others', () => {
    const lesson = ottt({ errorLow: -100, errorPlaces: 8 });
    const machine = machineOf(lesson);
    const probes = ['output', 'apical'].map((name) => machine.probes.add(name, 'spikes'));
    const seen = { more: 0, less: 0, back: 0 };
    for (let sample = 0; sample < 20; sample++) {
      present(lesson, machine, data, sample);
      const [output, apical] = probes.map((probe) => machine.probes.drain(probe));
      for (const step of output!.keys()) {
        const place = step % FRAME;
        const fired = firedIn(output!, step);
        if (step < FRAME || (place !== MORE && place !== LESS)) expect(fired).toEqual([]);
        else if (place === MORE) expect(fired.every((k) => k === train.labels[sample])).toBe(true);
        else expect(fired).not.toContain(train.labels[sample]);
        const returned = firedIn(apical!, step).length;
        if (place !== RETURN) expect(returned).toBe(0);
        seen.back += returned;
        if (place === MORE) seen.more += fired.length;
        if (place === LESS) seen.less += fired.length;
      }
    }
    expect(Math.min(seen.more, seen.less)).toBeGreaterThan(20);
    expect(seen.back).toBeGreaterThan(200);
  });

  it('changes weights at the end of every frame, with the sign of the error, by what the trace has kept', () => {
    for (const leak of [0, 0.5]) {
      const lesson = ottt({ leak, threshold: 40, hiddenStep: 1, outputStep: 2 });
      const machine = machineOf(lesson);
      const events = new EventList(machine.image);
      const weights = machine.probes.addOnProjection('W2', 'weights', FRAME * 6);
      const x1 = machine.probes.addOnProjection('W1', 'x1', FRAME * 6);
      const [y2, y3] = (['y2', 'y3'] as const).map((kind) => machine.probes.add('output', kind));
      const before = machine.weights.read('W1');
      // All pixels in the first frame, none later; the sample before has left no trace.
      events.clear();
      const image = events.port('image').first;
      events.push(0, events.port('start').first);
      events.push(0, events.port('label').first + 3);
      for (let pixel = 0; pixel < pixels; pixel++) events.push(0, image + pixel);
      machine.present('train', events);
      const traces = machine.probes.drainProjection(x1);
      const kept = [...traces[2 * FRAME - 1]!.subarray(0, pixels)].filter((trace) => trace > 0).length;
      const changed = machine.weights
        .read('W1')
        .filter((w, i) => w !== before[i] && i < pixels * HIDDEN).length;
      if (leak === 0) expect([kept, changed]).toEqual([0, 0]);
      else {
        expect(kept).toBeGreaterThan(pixels / 2);
        expect(changed).toBeGreaterThan(100);
      }
      const [course, more, less] = [
        machine.probes.drainProjection(weights),
        machine.probes.drain(y2!),
        machine.probes.drain(y3!),
      ];
      for (let step = 1; step < course.length; step++) {
        for (let i = 0; i < HIDDEN * CLASSES; i++) {
          const change = course[step]![i]! - course[step - 1]![i]!;
          if (change === 0) continue;
          expect(step % FRAME).toBe(LEARN);
          expect((change > 0 ? more! : less!)[step]![i % CLASSES]).toBeGreaterThan(0);
        }
      }
    }
  });

  it('keeps a copy of the output weights by the same spikes and errors, in both variants', () => {
    for (const settings of [{}, { update: 'sample' }]) {
      const lesson = ottt({ ...settings, outputInit: 0, errorLow: 0, outputStep: 1 });
      const machine = machineOf(lesson);
      for (let sample = 0; sample < 60; sample++) present(lesson, machine, data, sample);
      const w = machine.weights.read('W2');
      const copy = machine.weights.read('B');
      let [product, ww, cc] = [0, 0, 0];
      for (const [i, weight] of w.entries()) {
        const other = copy[(i % CLASSES) * HIDDEN + Math.floor(i / CLASSES)]!;
        product += weight * other;
        ww += weight ** 2;
        cc += other ** 2;
      }
      expect(product / Math.sqrt(ww * cc)).toBeGreaterThan(0.85);
      expect(Math.abs(Math.sqrt(cc / ww) - 1)).toBeLessThan(0.2);
    }
  });

  it('learns digits, without a write or a read of the host', () => {
    const { accuracy, access } = learnAll(ottt(), data);
    expect(access).toEqual({ weightWrites: 0, stateReads: 0 });
    expect(accuracy).toBeGreaterThan(0.5);
  });
});
