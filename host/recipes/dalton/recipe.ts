// DALTON (after Gaurav, Do, Doan and Yi, IEEE TETC 13(3), 2024, doi 10.1109/TETC.2024.3440932): every layer learns from a
// local readout whose weights and surrogate derivative are those of the layer above. Written for chips with neuron programs;
// what differs from the paper is in docs/recipes/dalton.md.

import { AskedLesson } from '../common/asked-lesson.ts';
import { answerReadout } from '../common/asked-network.ts';
import type { Encoder } from '../common/encoder.ts';
import { RasterEncoder } from '../common/event-encoder.ts';
import { LatencyEncoder } from '../common/latency-encoder.ts';
import type { Lesson, Recipe, Task } from '../recipe.ts';
import { cameraSideOf, daltonNetwork, planOf, slowedNeurons } from './network.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';

/** Images as a latency code, or rasters as they are. */
function encoderOf(settings: Settings, { height, width, seed }: Task): Encoder {
  if (settings.input === 'latency') return new LatencyEncoder(settings, seed);
  const cameraSide = cameraSideOf(height);
  const code = { side: cameraSide - 2 * settings.crop, steps: settings.steps, dropout: 0 };
  return new RasterEncoder(code, seed, { cameraSide, columns: width });
}

function daltonLesson(settings: Settings, task: Task): Lesson {
  const plan = planOf(settings, task);
  const { layers, first, timeline } = plan;
  const [planes, height, width] = layers[first]!.from;
  const copied = settings.credit === 'dalton' ? layers.slice(first, -1).map((_, i) => first + i) : [];
  return new AskedLesson(task, settings.rateDrops, {
    network: () => daltonNetwork(settings, task),
    encoder: encoderOf(settings, task),
    readout: answerReadout('sum', 'sums of the fixed readout of the last layer'),
    steps: timeline.steps,
    testSteps: timeline.testSteps,
    // Fixed kernels have no bias.
    ...(first === 0 ? {} : { biasSteps: [] }),
    labelStep: timeline.error - 1,
    askStep: timeline.error - 1,
    fillSlower: (events, halving) => {
      for (const layer of slowedNeurons(settings, plan, halving))
        events.push(0, events.port('slower').first + layer);
    },
    projection: `W ${first + 1}`,
    field: { height: planes * height, width },
    alignments: copied.map((l) => ({
      name: `copy of W ${l + 2}`,
      forward: `W ${l + 2}`,
      feedback: `copy of W ${l + 2}`,
      sign: 1,
    })),
    layers: [
      { name: 'input', populations: ['image'] },
      ...layers.map(({ name }, l) => ({ name, populations: [`soma ${l + 1}`] })),
    ],
  });
}

export const dalton: Recipe<Settings> = {
  name: 'dalton',
  title: 'DALTON',
  about:
    'Layers that learn from local readouts with the weights and the surrogate derivative of the layer above; after ' +
    'Gaurav et al. 2024 (doi 10.1109/TETC.2024.3440932), for chips with neuron programs.',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: { 'n-mnist': { preset: 'events' }, 'cifar-10': { preset: 'colours' } },
  epochs: 3,
  create: daltonLesson,
};
