// Networks that SLAYER trained for Loihi: a folder with `network.yaml`, the constants of all neurons, and the weights of
// each dense layer as a text file, `…Fc1.txt`, `…Fc2.txt`, one integer a line, outputs outermost.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { UserError } from '../errors.ts';
import type { LayerShape } from '../network/network.ts';
import { type Layer, type LayerStack, sizeOf } from './layers.ts';
import { YamlSource } from './yaml-source.ts';

const PARAMETERS = 'network.yaml';
const LAYER_FILE = /Fc(\d+)\.txt$/;
/** Polarity, y and x of the camera behind N-MNIST, the one data set whose weights come without sizes. */
const NMNIST: LayerShape = [2, 34, 34];

const schema = z.looseObject({
  simulation: z.looseObject({ Ts: z.literal(1), tSample: z.int().min(1) }),
  neuron: z.looseObject({
    type: z.literal('LOIHI'),
    vThMant: z.int().min(0),
    vDecay: z.int().min(0).max(4096),
    iDecay: z.int().min(0).max(4096),
    refDelay: z.int().min(1),
    wgtExp: z.int(),
  }),
  training: z.looseObject({ path: z.looseObject({ in: z.string() }) }),
});

/** True if a folder is such a network. */
export function isSlayerFolder(folder: string): boolean {
  return existsSync(join(folder, PARAMETERS)) && readdirSync(folder).some((name) => LAYER_FILE.test(name));
}

function weightsOf(file: string): Int16Array {
  const lines = readFileSync(file, 'utf8').trimEnd().split(/\r?\n/);
  return Int16Array.from(lines, (line, i) => {
    const value = Number(line);
    if (line.trim() !== '' && Number.isInteger(value) && Math.abs(value) <= 256) return value;
    throw new UserError(`"${line}" is no weight; integers of -256..255 are`, {
      code: 'bad-weight',
      file,
      line: i + 1,
      got: line,
      limit: [-256, 255],
    });
  });
}

/**
 * Reads a folder.
 * @throws UserError naming the file and the line or key
 */
export function readSlayerFolder(folder: string): LayerStack {
  const source = new YamlSource(join(folder, PARAMETERS));
  const { simulation, neuron, training } = source.parse(schema, () => []);
  if (!/nmnist/i.test(training.path.in)) {
    throw source.blame(
      new UserError(
        `training.path.in is "${training.path.in}": the weights come without sizes, and only the inputs of NMNIST are known`,
        { code: 'unknown-size', got: training.path.in },
      ),
      ['training', 'path', 'in'],
    );
  }
  const files = readdirSync(folder)
    .filter((name) => LAYER_FILE.test(name))
    .sort((a, b) => Number(LAYER_FILE.exec(a)![1]) - Number(LAYER_FILE.exec(b)![1]));
  let inputs = sizeOf(NMNIST);
  const layers = files.map((name, i): Layer => {
    const file = join(folder, name);
    const weights = weightsOf(file);
    const outputs = weights.length / inputs;
    if (!Number.isInteger(outputs)) {
      throw new UserError(
        `layer ${i + 1}: ${weights.length} weights are not a whole number of rows of ${inputs}`,
        {
          code: 'bad-network',
          file,
          got: weights.length,
          limit: inputs,
        },
      );
    }
    inputs = outputs;
    return {
      name: `layer ${i + 1}`,
      neuron: {
        decayU: neuron.iDecay,
        decayV: neuron.vDecay,
        threshold: neuron.vThMant,
        refractory: neuron.refDelay,
        weightExponent: neuron.wgtExp,
      },
      synapses: { kind: 'dense', outputs, weights },
    };
  });
  return { shape: NMNIST, layers, steps: simulation.tSample };
}
