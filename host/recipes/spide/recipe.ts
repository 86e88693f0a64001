// SPIDE (after Xiao, Meng, Zhang, Wang and Lin, Neural Networks 161, 2023, arXiv 2302.00232): the rates of a recurrent network
// settle, and in a second phase ternary neurons solve the equation of the implicit gradient. Written for chips with neuron
// programs; what differs from the paper is in docs/recipes/spide.md.

import { AskedLesson } from '../common/asked-lesson.ts';
import { answerReadout } from '../common/asked-network.ts';
import { LatencyEncoder } from '../common/latency-encoder.ts';
import type { Lesson, Recipe, Task } from '../recipe.ts';
import { spideNetwork } from './network.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';
import { ANSWER, timeline } from './timeline.ts';

function spideLesson(settings: Settings, task: Task): Lesson {
  const { steps, testSteps } = timeline(settings);
  return new AskedLesson(task, settings.rateDrops, {
    network: () => spideNetwork(settings, task),
    encoder: new LatencyEncoder(settings, task.seed),
    readout: answerReadout('sum', 'sums of the outputs over phase one'),
    steps,
    testSteps,
    labelStep: 0,
    askStep: testSteps - ANSWER,
    projection: 'W',
    alignments: [
      { name: 'copy of F', forward: 'F', feedback: 'copy of F', sign: 1 },
      { name: 'copy of O', forward: 'O', feedback: 'copy of O', sign: 1 },
    ],
    layers: [
      { name: 'input', populations: ['image'] },
      { name: 'recurrent', populations: ['soma'] },
      { name: 'output', populations: ['output'] },
      { name: 'error', populations: ['error'] },
    ],
  });
}

export const spide: Recipe<Settings> = {
  name: 'spide',
  title: 'SPIDE',
  about:
    'A recurrent network whose rates settle, and ternary neurons that solve the equation of the implicit gradient; after ' +
    'Xiao et al. 2023 (arXiv 2302.00232), for chips with neuron programs.',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: {},
  epochs: 2,
  create: spideLesson,
};
