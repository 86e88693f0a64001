// One thread of a sweep.

import { workerData } from 'node:worker_threads';
import { runTrial, type TrialPoint, type TrialResult } from './trial.ts';
import type { TrialSetup } from './trial-pool.ts';

const { base, dataset } = workerData as TrialSetup;

export function answer(point: TrialPoint): TrialResult {
  return runTrial(base, point, dataset);
}
