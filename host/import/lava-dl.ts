// lava-dl's exchange format (`.net`): HDF5, a group per layer with type, shape, weights and neuron. Layers dense, conv
// and flatten, and an input layer with neurons of its own; decays are effective, the bias counts in units of 64.

import { basename } from 'node:path';
import { UserError } from '../errors.ts';
import type { Convolution, LayerShape, Pair } from '../network/network.ts';
import { type Hdf5Group, isDataset, readHdf5 } from './hdf5.ts';
import { type Layer, type LayerNeuron, type LayerStack, sizeOf } from './layers.ts';

const DEFAULT_STEPS = 100;
const NEURON_TYPES = ['CUBA', 'LOIHI'];

/** A group of the file, with errors that say where. */
class Part {
  readonly #file: string;
  readonly path: string;
  readonly #group: Hdf5Group;

  constructor(file: string, path: string, group: Hdf5Group) {
    this.#file = file;
    this.path = path;
    this.#group = group;
  }

  refuse(message: string, limit?: unknown): never {
    throw new UserError(`${this.path === '' ? '' : `${this.path}: `}${message}`, {
      code: 'bad-network',
      file: this.#file,
      path: this.path,
      ...(limit === undefined ? {} : { limit }),
    });
  }

  has(name: string): boolean {
    return this.#group[name] !== undefined;
  }

  get names(): readonly string[] {
    return Object.keys(this.#group);
  }

  part(name: string): Part {
    const group = this.#group[name];
    if (group === undefined || isDataset(group)) this.refuse(`has no group "${name}"`);
    return new Part(this.#file, this.path === '' ? name : `${this.path}/${name}`, group);
  }

  text(name: string): string {
    const item = this.#group[name];
    const value = isDataset(item) ? item.values[0] : undefined;
    return typeof value === 'string' ? value : this.refuse(`has no text "${name}"`);
  }

  numbers(name: string): readonly number[] {
    const item = this.#group[name];
    if (!isDataset(item)) return this.refuse(`has no "${name}"`);
    return item.values.map((value) =>
      typeof value === 'number' ? value : this.refuse(`"${name}" is no number`),
    );
  }

  number(name: string, otherwise?: number): number {
    if (otherwise !== undefined && !this.has(name)) return otherwise;
    const values = this.numbers(name);
    return values.length === 1 ? values[0]! : this.refuse(`"${name}" has ${values.length} values, not one`);
  }

  /** A whole number in low..high. */
  integer(name: string, low: number, high: number, otherwise?: number): number {
    const value = this.number(name, otherwise);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    return this.refuse(`"${name}" is ${value}; ${low}..${high} are possible`, [low, high]);
  }

  integers(name: string): Int16Array {
    const values = this.numbers(name);
    const wrong = values.find((value) => !Number.isInteger(value) || Math.abs(value) > 32767);
    if (wrong !== undefined)
      this.refuse(`"${name}" holds ${wrong}; the chip's weights and biases are integers`);
    return Int16Array.from(values);
  }

  shape(name: string): readonly number[] {
    const item = this.#group[name];
    return isDataset(item) ? item.shape : this.refuse(`has no "${name}"`);
  }

  /** [along y, along x]; the file has x last, as the weights do. */
  pair(name: string, otherwise: number, low: number): Pair {
    const values = this.has(name) ? this.numbers(name) : [otherwise, otherwise];
    if (values.length === 2 && values.every((value) => Number.isInteger(value) && value >= low))
      return [values[0]!, values[1]!];
    return this.refuse(`"${name}" is ${values.join(', ')}; two whole numbers from ${low} on are needed`);
  }
}

function neuronOf(layer: Part): LayerNeuron {
  const neuron = layer.part('neuron');
  const type = neuron.text('type');
  if (!NEURON_TYPES.includes(type))
    neuron.refuse(
      `a neuron of type ${type} is not read; the types are ${NEURON_TYPES.join(', ')}`,
      NEURON_TYPES,
    );
  if (neuron.number('gradedSpike', 0) !== 0) neuron.refuse('graded spikes are not read');
  return {
    decayU: neuron.integer('iDecay', 0, 4096),
    decayV: neuron.integer('vDecay', 0, 4096),
    threshold: neuron.integer('vThMant', 0, 131071),
    refractory: neuron.integer('refDelay', 1, 63, 1),
    weightExponent: neuron.integer('wgtExp', -8, 7, 0),
  };
}

/** channels, height, width of a layer that the file gives as [channels, height, width] or [outputs]. */
function layerShape(layer: Part): LayerShape {
  const shape = layer.numbers('shape');
  if (shape.length === 1) return [shape[0]!, 1, 1];
  return shape.length === 3
    ? [shape[0]!, shape[1]!, shape[2]!]
    : layer.refuse(`"shape" has ${shape.length} values; one or three are read`);
}

function convolutionOf(layer: Part, before: LayerShape): Convolution {
  const weights = layer.integers('weight');
  const [channels = 0, inputs = 0, height = 0, width = 0] = layer.shape('weight');
  const groups = layer.integer('groups', 1, before[0], 1);
  if (inputs * groups !== before[0] || channels % groups !== 0)
    layer.refuse(
      `kernels of ${inputs} channels in ${groups} groups do not fit ${before[0]} channels before it`,
    );
  if (weights.length !== channels * inputs * height * width)
    layer.refuse('kernels over several steps are not read');
  return {
    channels,
    kernel: [height, width],
    stride: layer.pair('stride', 1, 1),
    padding: layer.pair('padding', 0, 0),
    dilation: layer.pair('dilation', 1, 1),
    groups,
    weights,
  };
}

/** Input shape of a stack that begins with weights. */
function firstShape(layer: Part): LayerShape {
  if (layer.text('type') === 'input') return layerShape(layer);
  if (layer.text('type') !== 'dense') layer.refuse('the first layer must be of type input or dense');
  return [layer.shape('weight')[1] ?? 0, 1, 1];
}

function layerOf(layer: Part, name: string, before: LayerShape): Layer | undefined {
  const type = layer.text('type');
  if (type === 'flatten') return undefined; // elements lie in this order already
  if (layer.has('delay') && layer.numbers('delay').some((delay) => delay !== 0))
    layer.refuse('axon delays are not read');
  if (type === 'input') {
    if (!layer.has('neuron')) return undefined;
    return { name, neuron: neuronOf(layer), synapses: { kind: 'input', shape: layerShape(layer) } };
  }
  const common = {
    name,
    neuron: neuronOf(layer),
    ...(layer.has('bias') ? { bias: layer.integers('bias') } : {}),
  };
  if (type === 'dense') {
    const [outputs = 0, inputs = 0] = layer.shape('weight');
    if (inputs !== sizeOf(before))
      layer.refuse(`has ${inputs} inputs; the layer before has ${sizeOf(before)}`);
    return { ...common, synapses: { kind: 'dense', outputs, weights: layer.integers('weight') } };
  }
  if (type === 'conv')
    return { ...common, synapses: { kind: 'conv', convolution: convolutionOf(layer, before) } };
  return layer.refuse(`a layer of type ${type} is not read; the types are input, dense, conv, flatten`);
}

/**
 * Reads a `.net` file.
 * @throws UserError naming file and layer
 */
export async function readLavaDl(file: string): Promise<LayerStack> {
  const root = new Part(file, '', await readHdf5(file));
  const parent = root.part('layer');
  const names = [...parent.names].sort((a, b) => Number(a) - Number(b));
  if (names.length === 0) parent.refuse('has no layers');
  const shape = firstShape(parent.part(names[0]!));
  let before = shape;
  const layers: Layer[] = [];
  for (const name of names) {
    const part = parent.part(name);
    const isInput = part.text('type') === 'input';
    const layer = layerOf(part, isInput ? 'input' : `layer ${name}`, before);
    if (layer === undefined) continue;
    layers.push(layer);
    if (part.has('shape')) before = layerShape(part);
    else part.refuse('has no "shape"');
  }
  if (layers.length === 0) parent.refuse(`of ${basename(file)} has no layer with neurons`);
  const steps = root.has('simulation')
    ? root.part('simulation').integer('tSample', 1, 2 ** 24, DEFAULT_STEPS)
    : DEFAULT_STEPS;
  return { shape, layers, steps };
}
