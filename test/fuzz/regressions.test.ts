// Cases that once failed, replayed on every build.

import { describe, expect, it } from 'vitest';
import { BUILDS, loadRegressions } from './campaign.ts';
import { compareCase, differenceText } from './differ.ts';

const regressions = loadRegressions();

describe('cases that once differed from the model', () => {
  it('are kept', () => {
    expect(regressions.length).toBeGreaterThan(0);
  });

  it.each(regressions)('$name agrees: $regression.found', ({ regression }) => {
    const { difference } = compareCase(regression.case, BUILDS);
    expect(difference && differenceText(difference)).toBeUndefined();
  });
});
