// aDFA: deep spiking layers that learn from the output's error over fixed random weights and from a freely chosen function
// in the place of the derivative; after Zhang et al. 2024 (arXiv 2409.07776), a reconstruction. docs/recipes/adfa.md

import { AskedLesson } from '../common/asked-lesson.ts';
import { answerReadout } from '../common/asked-network.ts';
import { LatencyEncoder } from '../common/latency-encoder.ts';
import type { Lesson, Recipe, Task } from '../recipe.ts';
import { adfaNetwork, layerName } from './network.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';
import { timeline } from './timeline.ts';

function adfaLesson(settings: Settings, task: Task): Lesson {
  const { error, steps } = timeline(settings);
  const hidden = settings.hidden.map((_, layer) => layerName(layer + 1));
  return new AskedLesson(task, settings.rateDrops, {
    network: () => adfaNetwork(settings, task),
    encoder: new LatencyEncoder(settings, task.seed),
    readout: answerReadout('sum', 'sums of the outputs, sent as payloads when they are asked'),
    steps,
    testSteps: steps,
    labelStep: error - 1,
    askStep: error - 2,
    projection: 'W1',
    alignments: [],
    layers: [
      { name: 'input', populations: ['image'] },
      ...hidden.map((name) => ({ name, populations: [name] })),
      { name: 'output', populations: ['output'] },
    ],
  });
}

export const adfa: Recipe<Settings> = {
  name: 'adfa',
  title: 'aDFA',
  about:
    'Spiking layers that learn from the error of the output over fixed random weights, with a freely chosen function in the ' +
    'place of the derivative; after Zhang et al. 2024 (arXiv 2409.07776), a reconstruction for Loihi 2.',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: { 'fashion-mnist': { preset: 'deep-fashion' } },
  epochs: 5,
  create: adfaLesson,
};
