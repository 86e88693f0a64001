// Calibration and predictions: what docs/validation.md and docs/predictions.md say is what the model says, and the
// calibration check holds.

import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { type Comparison, compare, scoreOf } from '../../bench/validate/compare.ts';
import { NBP_EMBEDDED_STEP_S, NBP_MEASURED, NbpNetworks, nbpMaterial } from '../../bench/validate/nbp.ts';
import { KEYWORD_SPOTTING } from '../../bench/validate/networks.ts';
import { withPart } from '../../bench/validate/page.ts';
import { type Prediction, STUDIES } from '../../bench/validate/predictions.ts';
import { MEASURED } from '../../bench/validate/published.ts';
import { costOfShapes } from '../../bench/validate/shapes.ts';
import { emulate } from '../../bench/validate/synthetic.ts';
import { comparisonText, predictionsText } from '../../bench/validate/texts.ts';
import { loadChip } from '../../host/chip/load.ts';

vi.setConfig({ testTimeout: 300_000 });

const page = (name: string): string => readFileSync(`docs/${name}.md`, 'utf8');
const predicted = JSON.parse(readFileSync('bench/validate/predictions.json', 'utf8')) as Prediction[];
const { chip } = loadChip('loihi1');

describe('HW 8.1 nBP, the calibration check', () => {
  it('is within 15 % of the inference energy, 30 % of the training energy and twice the training step', (context) => {
    const material = nbpMaterial();
    if (material === undefined) {
      console.warn(`SKIPPED "${context.task.name}": no recorded weights or no mnist`);
      context.skip();
    }
    const networks = new NbpNetworks(chip, material!);
    const inference = networks.infer(500);
    const training = networks.train(20);
    const off = (model: number, measured: number): number => Math.abs(model / measured - 1);
    expect(off(inference.energyJ.value, NBP_MEASURED.inferenceJ)).toBeLessThan(0.15);
    expect(off(training.byVisitsJ['all plastic'], NBP_MEASURED.trainingJ)).toBeLessThan(0.3);
    const step = training.stepS.whole + NBP_EMBEDDED_STEP_S;
    expect(Math.max(step / NBP_MEASURED.trainingStepS, NBP_MEASURED.trainingStepS / step)).toBeLessThan(2);
    // The other reading of what is visited is off by far.
    expect(training.byVisitsJ['active axons']).toBeLessThan(0.2 * NBP_MEASURED.trainingJ);
  });
});

describe('HW 8.2 to 8.5 predictions', () => {
  it.each(['lin', 'dvs'])('are what the model says, study %s', (study) => {
    for (const { id, value } of STUDIES[study]!()) {
      const written = predicted.find((prediction) => prediction.id === id)!;
      expect(Math.abs(value / written.value - 1), id).toBeLessThan(0.01);
    }
  });

  it('belong to a study, and lie within their intervals', () => {
    for (const { id, value, low, high } of predicted) {
      expect(Object.keys(STUDIES)).toContain(id.slice(0, id.indexOf('-')));
      expect(low).toBeLessThanOrEqual(value);
      expect(value).toBeLessThanOrEqual(high);
    }
  });

  it('are in the pages as they were written down, and compared as the page says', () => {
    const predictions = page('predictions');
    expect(withPart(predictions, 'predictions', predictionsText(predicted))).toBe(predictions);
    const validation = page('validation');
    const text = comparisonText(compare(predicted, MEASURED));
    expect(withPart(validation, 'comparison', text)).toBe(validation);
  });

  it('cost the same from shapes as emulated, where a network can be both', () => {
    const rate = 0.05;
    const emulated = emulate(KEYWORD_SPOTTING, chip, rate);
    const shaped = costOfShapes(
      KEYWORD_SPOTTING.layers.map(({ name, size }, i) => ({
        name,
        channels: size,
        height: 1,
        width: 1,
        cores: 1,
        ...(i === 0 ? {} : { from: { kind: 'dense' } as const }),
      })),
      chip,
      rate,
    );
    expect(shaped.compartments).toBe(emulated.compartments);
    const perStep = ({ counts, steps }: typeof shaped) =>
      [counts.spikes, counts.messages, counts.synapticOps, counts.compartmentUpdatesActive].map(
        (count) => Number(count) / steps,
      );
    // Four steps of drawn spikes, 180 of them: within a fifth, more than two deviations.
    perStep(shaped).forEach((count, i) => {
      expect(Math.abs(count / perStep(emulated)[i]! - 1)).toBeLessThan(0.2);
    });
    expect(Math.abs(shaped.stepS / emulated.stepS - 1)).toBeLessThan(0.1);
  });
});

describe('the score of a comparison', () => {
  const comparison = (value: number, measured: number, standing: Prediction['standing']): Comparison[] =>
    compare(
      [{ id: 'a-b', what: '', unit: 'J', standing, how: '', value, low: value / 2, high: value * 2 }],
      [{ id: 'a-b', low: measured, high: measured, source: '', why: '' }],
    );

  it('is a geometric mean of factors, either way, and counts what intervals cover', () => {
    const comparisons = [...comparison(4, 1, 'bounded'), ...comparison(1, 1, 'predicted')];
    expect(scoreOf(comparisons)).toMatchObject({ points: 2, meanFactor: 2, covered: 1 });
    expect(scoreOf(comparison(1, 4, 'bounded')).meanFactor).toBeCloseTo(4, 12);
  });

  it('leaves out what is not blind and what is a range', () => {
    const range = compare(
      [{ id: 'c-d', what: '', unit: 'J', standing: 'bounded', how: '', value: 9, low: 9, high: 9 }],
      [{ id: 'c-d', low: 1, high: 2, source: '', why: '' }],
    );
    const all = [...comparison(1, 1, 'bounded'), ...comparison(9, 1, 'not blind'), ...range];
    expect(scoreOf(all)).toMatchObject({ points: 1, meanFactor: 1 });
    expect(range[0]!.isCovered).toBe(false);
  });

  it('refuses a figure without its counterpart', () => {
    expect(() => compare([], MEASURED)).toThrow('no prediction of');
    expect(() => compare(predicted, [])).toThrow('nothing was measured of');
  });
});
