// BioGrad with what Loihi 2 adds: neurons that are programs, errors of several bits as payload of spikes, third factors of
// each neuron in y2 and y3. See docs/recipes/biograd.md

import type { ProgramUse } from '../../network/network.ts';
import { shifting } from '../common/encoder.ts';
import { LatencyEncoder } from '../common/latency-encoder.ts';
import type { Recipe, Task } from '../recipe.ts';
import { bioGradLoihi2Lesson } from './lesson.ts';
import { type HiddenLayer, leastSteps } from './network.ts';
import { RESTING_SOMA, SECOND_SOMA, SOMA } from './programs.ts';
import { IMAGE_SETTING_NAMES, type ImageSettings, imageSchema } from './settings.ts';

/** The learning epoch is the sample: x0 says which inputs fired in it. */
function hiddenLayer(settings: ImageSettings, { height, width, classes }: Task): HiddenLayer {
  const { forwardSteps, hiddenStep, decay, secondHidden } = settings;
  const keep = 4096 - decay;
  const soma = (text: string, threshold: number, forward: number): ProgramUse => {
    const parameters = { threshold: 2 * threshold, forward };
    return decay === 0 ? { text, parameters } : { text: RESTING_SOMA, parameters: { ...parameters, keep } };
  };
  const second = {
    neurons: secondHidden,
    soma: soma(SECOND_SOMA, settings.secondThreshold, forwardSteps),
    init: settings.secondInit,
    feedbackInit: settings.secondFeedback,
  };
  // Spikes of the first of two layers arrive a step before those of the second must have been sent.
  const first = soma(SOMA, settings.hiddenThreshold, secondHidden === 0 ? forwardSteps : forwardSteps - 1);
  return {
    name: 'biograd-loihi2',
    inputs: height * width + 1,
    forwardSteps,
    epochSteps: leastSteps(forwardSteps, classes),
    soma: first,
    ...(secondHidden === 0 ? {} : { second }),
    ...(decay === 0 ? {} : { keep }),
    rule: (halvings) => {
      const factor = `2^-${hiddenStep + halvings}*u0*x0`;
      return [`dw = ${factor}*y2 - ${factor}*y3`];
    },
  };
}

export const biogradLoihi2: Recipe<ImageSettings> = {
  name: 'biograd-loihi2',
  title: 'BioGrad for Loihi 2',
  about:
    'BioGrad with neuron programs, errors of several bits in the payload of spikes, and third factors of each neuron; ' +
    'after Tang et al. 2021 (arXiv 2110.14092), a reconstruction for Loihi 2.',
  settings: imageSchema,
  settingNames: IMAGE_SETTING_NAMES,
  tuned: {},
  epochs: 12,
  create: (settings, task) => {
    const { height, width, seed } = task;
    const shape = { planes: 1, height, width, pixelBytes: 1 };
    const encoder = shifting(new LatencyEncoder(settings, seed), shape, settings.inputShift, seed);
    return bioGradLoihi2Lesson(settings, task, hiddenLayer(settings, task), encoder, task);
  },
};
