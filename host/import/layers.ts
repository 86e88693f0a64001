// Networks that are a stack of layers, as training frameworks export them: one population per layer, on cores of its
// own, each reached by the one before. Spikes take a step from layer to layer.

import { UserError } from '../errors.ts';
import { NetworkBuilder } from '../network/builder.ts';
import { convolvedShape } from '../network/convolution.ts';
import type {
  CompartmentParameters,
  Connection,
  Convolution,
  CoreClass,
  LayerShape,
  Network,
  ScheduleEntry,
} from '../network/network.ts';

/** A current-based neuron, with effective decays: 0 keeps all, 4096 forgets all. */
export interface LayerNeuron {
  readonly decayU: number;
  readonly decayV: number;
  readonly threshold: number;
  readonly refractory: number;
  /** Exponent of the weights that reach it. */
  readonly weightExponent: number;
}

/** What reaches a layer. */
export type LayerSynapses =
  /** Biases alone: the layer turns constant input into spikes. */
  | { readonly kind: 'input'; readonly shape: LayerShape }
  /** Weights [out][in]. */
  | { readonly kind: 'dense'; readonly outputs: number; readonly weights: Int16Array }
  | { readonly kind: 'conv'; readonly convolution: Convolution };

export interface Layer {
  readonly name: string;
  readonly neuron: LayerNeuron;
  /** Added in every step, in units of 64; one per channel or one per element. */
  readonly bias?: Int16Array;
  readonly synapses: LayerSynapses;
}

export interface LayerStack {
  /** Of the input. */
  readonly shape: LayerShape;
  readonly layers: readonly Layer[];
  /** Steps of a sample. */
  readonly steps: number;
}

/** Accounting phases that every network has. */
const PHASES = ['forward', 'learning', 'management'];
/** A bias is added in units of 64. */
const BIAS_EXPONENT = 6;
const FORGET_ALL = 4096;

export function sizeOf([channels, height, width]: LayerShape): number {
  return channels * height * width;
}

/** Effective decay as register and offset bit: the highest register with the bit set forgets all. [HW 2.3] */
function register(decay: number, usual: 0 | 1): { readonly register: number; readonly offset: 0 | 1 } {
  const offset = decay === 0 ? 0 : decay === FORGET_ALL ? 1 : usual;
  return { register: decay - offset, offset };
}

function biasesOf({ bias }: Layer, size: number): CompartmentParameters['bias'] {
  if (bias === undefined || bias.every((each) => each === 0)) return undefined;
  const perValue = size / bias.length;
  return {
    mantissa: Int16Array.from({ length: size }, (_, i) => bias[Math.floor(i / perValue)]!),
    exponent: BIAS_EXPONENT,
  };
}

function transposed(weights: Int16Array, outputs: number, inputs: number): Int16Array {
  const matrix = new Int16Array(weights.length);
  for (let out = 0; out < outputs; out++)
    for (let i = 0; i < inputs; i++) matrix[i * outputs + out] = weights[out * inputs + i]!;
  return matrix;
}

function outputShape(before: LayerShape, { synapses }: Layer): LayerShape {
  if (synapses.kind === 'input') return synapses.shape;
  return synapses.kind === 'dense' ? [synapses.outputs, 1, 1] : convolvedShape(before, synapses.convolution);
}

function connectionOf(before: LayerShape, { name, synapses }: Layer): Connection | undefined {
  if (synapses.kind === 'input') return undefined;
  if (synapses.kind === 'conv')
    return { kind: 'convolution', shape: before, convolution: synapses.convolution };
  const inputs = sizeOf(before);
  const { outputs, weights } = synapses;
  if (weights.length !== outputs * inputs) {
    throw new UserError(
      `layer "${name}": has ${weights.length} weights; ${outputs} outputs of ${inputs} inputs need ${outputs * inputs}`,
      { code: 'bad-network', path: name, got: weights.length, limit: outputs * inputs },
    );
  }
  return { kind: 'all', weights: transposed(weights, outputs, inputs) };
}

/**
 * Training counts no delay between layers: a bias acts from the step on in which the first input can reach its layer.
 * On the chip every layer has run for as many steps by then as there are layers before it, so it starts anew; what it
 * sent before reaches the next one before that starts anew.
 */
function startsOf(layers: readonly Layer[]): ScheduleEntry[] {
  const first = layers[0]?.synapses.kind === 'input' ? 0 : 1;
  return layers.flatMap(({ name, bias }, i) =>
    bias === undefined || i + first === 0 ? [] : [{ step: i + first, kind: 'reset', population: name }],
  );
}

/** Names of what a stack of layers becomes. */
export const INPUT_PORT = 'input';
export const RUN = 'run';

/**
 * The network of a stack of layers: port `input` unless its first layer is the input, and a population per layer.
 * @throws UserError naming the layer
 */
export function networkOfLayers(name: string, { shape, layers, steps }: LayerStack): Network {
  const net = new NetworkBuilder(name, 1);
  for (const phase of PHASES) net.phase(phase);
  if (layers[0]?.synapses.kind !== 'input') net.port({ name: INPUT_PORT, size: sizeOf(shape) });
  let before = shape;
  let from = INPUT_PORT;
  for (const layer of layers) {
    const { neuron } = layer;
    const after = outputShape(before, layer);
    const [u, v] = [register(neuron.decayU, 1), register(neuron.decayV, 0)];
    const bias = biasesOf(layer, sizeOf(after));
    const coreClass: CoreClass = { name: layer.name, dsOffset: u.offset, dmOffset: v.offset };
    net.coreClass(coreClass);
    net.population({
      name: layer.name,
      size: sizeOf(after),
      coreClass: layer.name,
      compartment: {
        decayU: u.register,
        decayV: v.register,
        threshold: neuron.threshold,
        refractory: neuron.refractory,
        ...(bias === undefined ? {} : { bias }),
      },
    });
    const connection = connectionOf(before, layer);
    if (connection !== undefined) {
      net.project({
        name: `${from} to ${layer.name}`,
        from,
        to: layer.name,
        connection,
        synapse: { signMode: 'mixed', bits: 8, exponent: neuron.weightExponent },
      });
    }
    before = after;
    from = layer.name;
  }
  return net
    .presentation(
      RUN,
      steps,
      startsOf(layers).filter(({ step }) => step < steps),
    )
    .build();
}

/**
 * The same stack with the biases of its input layer, one per element.
 * @throws UserError if its first layer is no input layer, or the number of biases is another
 */
export function withInputBias(stack: LayerStack, bias: Int16Array): LayerStack {
  const [input, ...others] = stack.layers;
  if (input?.synapses.kind !== 'input' || bias.length !== sizeOf(input.synapses.shape)) {
    const wanted =
      input?.synapses.kind === 'input'
        ? `${sizeOf(input.synapses.shape)} are needed`
        : 'there is no input layer';
    throw new UserError(`${bias.length} input biases, and ${wanted}`, {
      code: 'bad-input',
      got: bias.length,
    });
  }
  return { ...stack, layers: [{ ...input, bias }, ...others] };
}
