// Predictions against measurements: error factors, and what the intervals cover.

import type { Prediction } from './predictions.ts';
import type { Measured } from './published.ts';

export interface Comparison {
  readonly prediction: Prediction;
  readonly measured: Measured;
  /** Model over measurement; undefined where only a range is public. */
  readonly ratio: number | undefined;
  /** The interval meets the measurement. */
  readonly isCovered: boolean;
}

export interface Score {
  readonly points: number;
  /** Geometric mean of how many times off the figures are, 1 being exact. */
  readonly meanFactor: number;
  readonly worst: Comparison;
  readonly covered: number;
}

/** How many times off, whichever way. */
export function factorOf(ratio: number): number {
  return Math.max(ratio, 1 / ratio);
}

/** @throws Error if a prediction has no measurement, or the other way round */
export function compare(predictions: readonly Prediction[], measured: readonly Measured[]): Comparison[] {
  const without = measured.filter(({ id }) => !predictions.some((prediction) => prediction.id === id));
  if (without.length > 0) throw new Error(`no prediction of ${without.map(({ id }) => id).join(', ')}`);
  return predictions.map((prediction) => {
    const found = measured.find(({ id }) => id === prediction.id);
    if (found === undefined) throw new Error(`nothing was measured of ${prediction.id}`);
    const isPoint = found.low === found.high;
    return {
      prediction,
      measured: found,
      ratio: isPoint ? prediction.value / found.low : undefined,
      isCovered: prediction.low <= found.high && prediction.high >= found.low,
    };
  });
}

/** What counts: points, blind. */
export function isScored({ ratio, prediction }: Comparison): boolean {
  return ratio !== undefined && prediction.standing !== 'not blind';
}

/** Figures of one study are not independent. */
export function studyOf({ prediction }: Comparison): string {
  return prediction.id.slice(0, prediction.id.indexOf('-'));
}

export function scoreOf(comparisons: readonly Comparison[]): Score {
  const counted = comparisons.filter(isScored);
  const factors = counted.map(({ ratio }) => factorOf(ratio!));
  const meanLog = factors.reduce((sum, factor) => sum + Math.log(factor), 0) / factors.length;
  const worst = counted[factors.indexOf(Math.max(...factors))];
  if (worst === undefined) throw new Error('nothing to score');
  return {
    points: counted.length,
    meanFactor: Math.exp(meanLog),
    worst,
    covered: counted.filter(({ isCovered }) => isCovered).length,
  };
}
