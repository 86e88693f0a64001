// Desire backpropagation (after Gerlinghoff, Luo, Goh and Wong 2023, arXiv 2211.05412): every neuron learns from whether it
// should have fired more, less, or as it did. What differs from the paper is in docs/recipes/desire.md

import { AskedLesson } from '../common/asked-lesson.ts';
import { answerReadout } from '../common/asked-network.ts';
import { LatencyEncoder } from '../common/latency-encoder.ts';
import type { Lesson, Recipe, Task } from '../recipe.ts';
import { copyName, desireNetwork, layerName, weightsName } from './network.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';
import { timeline } from './timeline.ts';

function desireLesson(settings: Settings, task: Task): Lesson {
  const { say, steps, testSteps } = timeline(settings);
  const judge = say.at(-1)!;
  return new AskedLesson(task, settings.rateDrops, {
    network: () => desireNetwork(settings, task),
    encoder: new LatencyEncoder(settings, task.seed),
    readout: answerReadout('sum', 'sums of the outputs, the spikes they would fire and what is left'),
    steps,
    testSteps,
    labelStep: judge - 1,
    askStep: judge - 1,
    projection: weightsName(0),
    alignments: settings.hidden.map((_, l) => ({
      name: copyName(l + 1),
      forward: weightsName(l + 1),
      feedback: copyName(l + 1),
      sign: 1,
    })),
    layers: [
      { name: 'input', populations: ['image'] },
      ...settings.hidden.map((_, l) => ({ name: layerName(l), populations: [`soma ${l + 1}`] })),
      { name: 'output', populations: ['output'] },
      { name: 'desires', populations: settings.hidden.map((_, l) => `desire ${l + 1}`) },
    ],
  });
}

export const desire: Recipe<Settings> = {
  name: 'desire',
  title: 'Desire backpropagation',
  about:
    'Layers whose neurons learn from a ternary desire (fire more, less, or as before) that copies of the weights take down; ' +
    'after Gerlinghoff et al. 2023 (arXiv 2211.05412), for chips with neuron programs.',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: {},
  epochs: 5,
  create: desireLesson,
};
