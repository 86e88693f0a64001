// Entries of management schedules.

import type { ScheduleEntry } from '../../network/network.ts';

export const phaseAt = (step: number, phase: string): ScheduleEntry => ({ step, kind: 'phase', phase });

export const learningAt = (step: number, coreClass: string, on: boolean): ScheduleEntry => ({
  step,
  kind: 'learning',
  coreClass,
  on,
});

export const resetAt = (step: number, population: string): ScheduleEntry => ({
  step,
  kind: 'reset',
  population,
});

export const ruleAt = (step: number, rule: string, line: string): ScheduleEntry => ({
  step,
  kind: 'rule',
  rule,
  line,
});
