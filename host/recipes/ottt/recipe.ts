// OTTT, online training through time (after Xiao, Meng, Zhang, He and Lin, NeurIPS 2022, arXiv 2210.04195): in every step an
// error comes back through space alone, and what memory learning needs is a trace of each axon. Written for chips with neuron
// programs; what differs from the paper is in docs/recipes/ottt.md.

import { AskedLesson } from '../common/asked-lesson.ts';
import { answerReadout } from '../common/asked-network.ts';
import { RateEncoder } from '../common/rate-encoder.ts';
import type { Lesson, Recipe, Task } from '../recipe.ts';
import { otttNetwork, testSteps, trainSteps } from './network.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';
import { ANSWER, FRAME, INPUT } from './timeline.ts';

function otttLesson(settings: Settings, task: Task): Lesson {
  return new AskedLesson(task, settings.rateDrops, {
    network: () => otttNetwork(settings, task),
    encoder: new RateEncoder(settings, FRAME, task.seed),
    readout: answerReadout('sum', 'sums of the leaky outputs over all frames'),
    steps: trainSteps(settings),
    testSteps: testSteps(settings),
    startStep: INPUT,
    biasSteps: Array.from({ length: settings.frames }, (_, frame) => frame * FRAME + INPUT),
    labelStep: INPUT,
    askStep: testSteps(settings) - ANSWER,
    projection: 'W1',
    alignments: [{ name: 'B', forward: 'W2', feedback: 'B', sign: 1 }],
    layers: [
      { name: 'input', populations: ['image'] },
      { name: 'hidden', populations: ['soma'] },
      { name: 'output', populations: ['output'] },
      { name: 'feedback', populations: ['apical'] },
    ],
  });
}

export const ottt: Recipe<Settings> = {
  name: 'ottt',
  title: 'OTTT',
  about:
    'Online training through time: in every step errors come back through space, and traces of the axons are all the memory ' +
    'that learning has; after Xiao et al. 2022 (arXiv 2210.04195), for chips with neuron programs.',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: {},
  epochs: 1,
  create: otttLesson,
};
