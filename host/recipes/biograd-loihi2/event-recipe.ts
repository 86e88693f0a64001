// BioGrad for events of a camera: leaky hidden neurons, and their eligibility in the tags of the synapses. A tag sums up,
// epoch by epoch, the trace of its axon × the spikes of its neuron; at the end of the sample the error turns the sum into
// a change of the weight. The start spike of the next sample is a reward spike of the hidden cores, too, and makes them
// forget. See docs/recipes/biograd.md

import { CAMERA_SIDE, RASTER_COLUMNS, RASTER_ROWS } from '../../data/event-raster.ts';
import { UserError } from '../../errors.ts';
import { type Encoder, shifting } from '../common/encoder.ts';
import { CameraEncoder, RasterEncoder } from '../common/event-encoder.ts';
import type { Recipe, Task } from '../recipe.ts';
import { bioGradLoihi2Lesson } from './lesson.ts';
import type { HiddenLayer } from './network.ts';
import { LEAKY_SOMA } from './programs.ts';
import { EVENT_SETTING_NAMES, type EventSettings, eventSchema } from './settings.ts';

/** Voltages are held above minus this many thresholds. */
const FLOOR = 4;

function hiddenLayer(settings: EventSettings): HiddenLayer {
  const { side, hiddenThreshold, keep, epochSteps, traceImpulse, traceSteps, tagStep, hiddenStep } = settings;
  // The events of the last column arrive one step later; odd, so that the outputs' turns are learning epochs.
  const forwardSteps = RASTER_COLUMNS + 1;
  const threshold = 2 * hiddenThreshold;
  return {
    name: 'biograd-events',
    inputs: 2 * side * side + 1,
    forwardSteps,
    epochSteps,
    soma: {
      text: LEAKY_SOMA,
      parameters: { threshold, floor: -FLOOR * threshold, keep, forward: forwardSteps, epoch: epochSteps },
    },
    preTraces: { x1: { impulse: traceImpulse, tau: traceSteps } },
    rule: (halvings) => {
      const factor = `2^-${hiddenStep + halvings}*u0*t`;
      return [`dt = -1*u0*r0*t + 2^-${tagStep}*u0*x1*y1`, `dw = ${factor}*y2 - ${factor}*y3`];
    },
    startIsReward: true,
  };
}

/** Rasters are taken as they are, images through the camera. */
function encoderOf(
  { side, inputDropout, inputShift }: EventSettings,
  { height, width, seed }: Task,
): Encoder {
  const code = { side, dropout: inputDropout };
  if (height === RASTER_ROWS && width === RASTER_COLUMNS) {
    const shape = { planes: 2, height: CAMERA_SIDE, width: CAMERA_SIDE, pixelBytes: RASTER_COLUMNS };
    return shifting(new RasterEncoder(code, seed), shape, inputShift, seed);
  }
  if (Math.max(height, width) <= CAMERA_SIDE) {
    const camera = new CameraEncoder(height, width, code, seed);
    return shifting(camera, { planes: 1, height, width, pixelBytes: 1 }, inputShift, seed);
  }
  throw new UserError(
    `takes images of up to ${CAMERA_SIDE} x ${CAMERA_SIDE} pixels, or event rasters of ${RASTER_ROWS} x ${RASTER_COLUMNS}; these are ${height} x ${width}`,
    { code: 'bad-data', path: 'recipe biograd-events', got: [height, width] },
  );
}

export const biogradEvents: Recipe<EventSettings> = {
  name: 'biograd-events',
  title: 'BioGrad for events',
  about:
    'BioGrad on the events of a camera, with eligibility in the tags of the synapses; after Tang et al. 2021 ' +
    '(arXiv 2110.14092), a reconstruction for Loihi 2.',
  settings: eventSchema,
  settingNames: EVENT_SETTING_NAMES,
  tuned: { mnist: { preset: 'camera' } },
  epochs: 20,
  create: (settings, task) => {
    const shape = { height: 2 * settings.side, width: settings.side };
    return bioGradLoihi2Lesson(settings, task, hiddenLayer(settings), encoderOf(settings, task), shape);
  },
};
