// Predictive coding: values and predictions relax together, then every weight learns from the error and the rate at its two
// ends; after Wang et al. 2022 (PC-SNN, arXiv 2211.15386), a reconstruction. docs/recipes/pc.md

import { AskedLesson } from '../common/asked-lesson.ts';
import { answerReadout } from '../common/asked-network.ts';
import { LatencyEncoder } from '../common/latency-encoder.ts';
import type { Lesson, Recipe, Task } from '../recipe.ts';
import { predictiveCodingNetwork } from './network.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';
import { timeline } from './timeline.ts';

function predictiveCodingLesson(settings: Settings, task: Task): Lesson {
  const { judge, steps, testSteps } = timeline(settings);
  return new AskedLesson(task, settings.rateDrops, {
    network: () => predictiveCodingNetwork(settings, task),
    encoder: new LatencyEncoder(settings, task.seed),
    readout: answerReadout('sum', 'sums of the outputs, which are what they predict'),
    steps,
    testSteps,
    labelStep: judge - 1,
    askStep: judge - 1,
    projection: 'W1',
    alignments: [{ name: 'B', forward: 'W2', feedback: 'B', sign: 1 }],
    layers: [
      { name: 'input', populations: ['image'] },
      { name: 'predictions', populations: ['prediction'] },
      { name: 'values', populations: ['value'] },
      { name: 'output', populations: ['output'] },
    ],
  });
}

export const pc: Recipe<Settings> = {
  name: 'pc',
  title: 'Predictive coding',
  about:
    'Values relax between what the image predicts and what the outputs should be, then weights learn from error × rate; after ' +
    'Wang et al. 2022 (PC-SNN, arXiv 2211.15386), a reconstruction for chips with neuron programs.',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: {},
  epochs: 2,
  create: predictiveCodingLesson,
};
