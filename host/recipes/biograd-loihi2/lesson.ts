// What is presented when: the same for images and for events, but for the encoder.

import { AskedLesson } from '../common/asked-lesson.ts';
import type { Encoder } from '../common/encoder.ts';
import type { Lesson, Task } from '../recipe.ts';
import { ANSWER, bioGradLoihi2Network, type HiddenLayer, leastSteps } from './network.ts';
import type { CommonSettings } from './settings.ts';

/** @param field what the hidden neurons see; the last input, beyond it, is always on */
export function bioGradLoihi2Lesson(
  settings: CommonSettings,
  task: Task,
  layer: HiddenLayer,
  encoder: Encoder,
  field: { readonly height: number; readonly width: number },
): Lesson {
  const least = leastSteps(layer.forwardSteps, task.classes);
  // A sample is a whole number of learning epochs, and of turns of the outputs.
  const unit = layer.epochSteps % 2 === 0 ? layer.epochSteps : 2 * layer.epochSteps;
  const steps = Math.ceil(least / unit) * unit;
  // What decays needs the same pause after a test sample.
  const testSteps = layer.keep === undefined ? layer.forwardSteps + ANSWER : steps;
  const isDeep = layer.second !== undefined;
  return new AskedLesson(task, settings.rateDrops, {
    network: () => bioGradLoihi2Network(settings, task, layer, { train: steps, test: testSteps }),
    encoder,
    readout: {
      name: 'sum',
      population: 'answer',
      variable: 'u',
      description: 'payload of the spike with which each output answers, its sum',
    },
    steps,
    testSteps,
    labelStep: 0,
    askStep: testSteps - ANSWER,
    projection: 'W1',
    field,
    alignments: [{ name: 'B', forward: 'W2', feedback: 'B', sign: 1 }],
    layers: [
      { name: 'input', populations: ['input'] },
      { name: 'hidden', populations: ['soma'] },
      ...(isDeep ? [{ name: 'second hidden', populations: ['soma 2'] }] : []),
      { name: 'output', populations: ['output'] },
      { name: 'feedback', populations: isDeep ? ['apical', 'apical 1'] : ['apical'] },
    ],
  });
}
