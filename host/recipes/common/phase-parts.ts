import type { SamplePart } from '../recipe.ts';

/** Parts of a sample, of recipes whose phases have the names of the parts; what answers a test sample is all forward. */
export const PHASE_PARTS: Readonly<Record<string, SamplePart>> = {
  forward: 'forward',
  error: 'error',
  learning: 'learning',
  management: 'management',
  inference: 'forward',
};
