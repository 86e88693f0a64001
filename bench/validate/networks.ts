// The measured networks, as far as their shapes are public; what is not published is marked [A] and part of the range
// or of the stated assumptions.

import type { ShapeLayer, ShapeSynapses } from './shapes.ts';
import type { Span } from './span.ts';
import type { SyntheticLayer, SyntheticLink, SyntheticNetwork } from './synthetic.ts';

/** Steps of a learning epoch: the first paper calls 2 to 8 typical, 1 is the densest [HW 4.3]. */
const EPOCH_STEPS: Span = { low: 8, value: 4, high: 1 };

/** Blouw et al. 2019: input and hidden layers on chip. */
export const KEYWORD_SPOTTING: SyntheticNetwork = {
  name: 'keyword spotting 390-256-256',
  layers: [
    { name: 'input', size: 390 },
    { name: 'hidden 1', size: 256 },
    { name: 'hidden 2', size: 256 },
  ],
  links: [
    { from: 'input', to: 'hidden 1' },
    { from: 'hidden 1', to: 'hidden 2' },
  ],
};

/** The same enlarged to N * 2,560 + 512 neurons: ensembles of 256, one on a core, each fed by one other [A]. */
export function scaledKeywordSpotting(n: number): SyntheticNetwork {
  const names = Array.from({ length: 10 * n + 2 }, (_, i) => `ensemble ${i}`);
  const layers: SyntheticLayer[] = [
    { name: 'input', size: 390, injected: true },
    ...names.map((name) => ({ name, size: 256 })),
  ];
  const links: SyntheticLink[] = names.map((to, i) => ({ from: i === 0 ? 'input' : names[i - 1]!, to }));
  return { name: `keyword spotting, N = ${n}`, layers, links };
}

/** Lin et al. 2018: one plastic layer; its inputs are compartments of the chip [A]. */
export function sStdp(plastic: boolean, end: keyof Span): SyntheticNetwork {
  return {
    name: 'S-STDP 1920-10',
    layers: [
      { name: 'features', size: 1920 },
      { name: 'classes', size: 10 },
    ],
    links: [{ from: 'features', to: 'classes', plastic }],
    epochSteps: EPOCH_STEPS[end],
  };
}

/** Matsuo et al. 2024: all excitatory neurons on each other, plastic; inhibition both ways, static [A]. */
export function attractors(end: keyof Span): SyntheticNetwork {
  return {
    name: 'attractors 512 + 256',
    layers: [
      { name: 'excitatory', size: 512 },
      { name: 'inhibitory', size: 256 },
    ],
    links: [
      { from: 'excitatory', to: 'excitatory', plastic: true },
      { from: 'excitatory', to: 'inhibitory' },
      { from: 'inhibitory', to: 'excitatory' },
    ],
    epochSteps: EPOCH_STEPS[end],
  };
}

/** Shares of all possible connections between the attractors' neurons; not published [A]. */
export const ATTRACTOR_DENSITY: Span = { low: 0.1, value: 0.3, high: 1 };

/** Rueckauer et al. 2021, N-MNIST: 522 neurons and 597 k parameters are 34 * 34 inputs, 512 and 10 [D]. */
export const NXTF_NMNIST: SyntheticNetwork = {
  name: 'NxTF N-MNIST 1156-512-10',
  layers: [
    { name: 'events', size: 1156, injected: true },
    { name: 'hidden', size: 512 },
    { name: 'classes', size: 10 },
  ],
  links: [
    { from: 'events', to: 'hidden' },
    { from: 'hidden', to: 'classes' },
  ],
};

/** EMSTDP's plastic part: 200-100-10 forward, and two error neurons a neuron that feed back [R], [A]. */
export function emstdpDense(plastic: boolean, end: keyof Span): SyntheticNetwork {
  const forward: SyntheticNetwork = {
    name: 'EMSTDP 200-100-10',
    layers: [
      { name: 'hidden', size: 100 },
      { name: 'classes', size: 10 },
      { name: 'features', size: 200 },
    ],
    links: [
      { from: 'features', to: 'hidden', plastic },
      { from: 'hidden', to: 'classes', plastic },
    ],
    epochSteps: EPOCH_STEPS[end],
  };
  if (!plastic) return forward;
  return {
    ...forward,
    layers: [...forward.layers, { name: 'class errors', size: 20 }, { name: 'hidden errors', size: 200 }],
    links: [
      ...forward.links,
      { from: 'classes', to: 'class errors' },
      { from: 'class errors', to: 'hidden errors' },
      { from: 'class errors', to: 'classes' },
      { from: 'hidden errors', to: 'hidden' },
    ],
  };
}

function conv(kernel: number, stride: number, padding = 0, depthwise = false): ShapeSynapses {
  return { kind: 'conv', kernel, stride: [stride, stride], padding: [padding, padding], depthwise };
}

/** EMSTDP's fixed part: 28 * 28 inputs, 16 kernels of 5 * 5 and 8 of 3 * 3, stride 2 [R]. */
export const EMSTDP_CONV: readonly ShapeLayer[] = [
  { name: 'input', channels: 1, height: 28, width: 28, cores: 1 },
  { name: 'conv 1', channels: 16, height: 12, width: 12, cores: 3, from: conv(5, 2) },
  { name: 'conv 2', channels: 8, height: 5, width: 5, cores: 1, from: conv(3, 2) },
];

/** Rueckauer et al. 2021, MNIST: four layers on 14 cores; these shapes, with two compartments a neuron, fill them [A]. */
export const NXTF_MNIST: readonly ShapeLayer[] = [
  { name: 'input', channels: 1, height: 28, width: 28, cores: 1 },
  { name: 'conv 1', channels: 16, height: 12, width: 12, cores: 4, compartments: 2, from: conv(5, 2) },
  { name: 'conv 2', channels: 32, height: 10, width: 10, cores: 6, compartments: 2, from: conv(3, 1) },
  { name: 'conv 3', channels: 64, height: 4, width: 4, cores: 2, compartments: 2, from: conv(3, 2) },
  { name: 'classes', channels: 10, height: 1, width: 1, cores: 1, compartments: 2, from: { kind: 'dense' } },
];

const MOBILENET_CORES = 861;
/** Channels and stride of the separable blocks of MobileNet. */
const MOBILENET_BLOCKS = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  ...Array.from({ length: 5 }, () => [512, 1]),
  [1024, 2],
  [1024, 1],
] as const;

/**
 * Rueckauer et al. 2021, CIFAR-10: MobileNet's 28 layers without a stride in the first one [A]; with two compartments a
 * neuron they take 93 % of the published 861 cores' compartments.
 */
export function mobileNet(): readonly ShapeLayer[] {
  let side = 32;
  let channels = 32;
  const layers: ShapeLayer[] = [
    { name: 'input', channels: 3, height: side, width: side, cores: 0, compartments: 1 },
    { name: 'conv', channels, height: side, width: side, cores: 0, from: conv(3, 1, 1) },
  ];
  for (const [outputs, stride] of MOBILENET_BLOCKS) {
    side /= stride;
    const depthwise = conv(3, stride, 1, true);
    layers.push({ name: 'depthwise', channels, height: side, width: side, cores: 0, from: depthwise });
    layers.push({
      name: 'pointwise',
      channels: outputs,
      height: side,
      width: side,
      cores: 0,
      from: conv(1, 1),
    });
    channels = outputs;
  }
  layers.push({ name: 'classes', channels: 10, height: 1, width: 1, cores: 0, from: { kind: 'dense' } });
  const sizeOf = ({ channels: c, height, width }: ShapeLayer): number => c * height * width;
  const all = layers.reduce((sum, layer) => sum + sizeOf(layer), 0);
  return layers.map((layer) => ({
    ...layer,
    compartments: 2,
    cores: Math.max(1, Math.floor((sizeOf(layer) / all) * MOBILENET_CORES)),
  }));
}

/** Lava-DL's PilotNet LIF: layers, strides and cores as its benchmark prints them. */
export const PILOTNET_LIF: readonly ShapeLayer[] = [
  { name: 'input', channels: 3, height: 66, width: 200, cores: 13 },
  { name: 'conv 1', channels: 24, height: 32, width: 99, cores: 25, from: conv(3, 2) },
  { name: 'conv 2', channels: 36, height: 15, width: 49, cores: 13, from: conv(3, 2) },
  { name: 'conv 3', channels: 48, height: 7, width: 24, cores: 3, from: conv(3, 2) },
  {
    name: 'conv 4',
    channels: 64,
    height: 4,
    width: 22,
    cores: 3,
    from: { kind: 'conv', kernel: 3, stride: [2, 1], padding: [1, 0] },
  },
  { name: 'conv 5', channels: 64, height: 2, width: 20, cores: 2, from: conv(3, 1) },
  { name: 'dense 1', channels: 100, height: 1, width: 1, cores: 12, from: { kind: 'dense' } },
  { name: 'dense 2', channels: 50, height: 1, width: 1, cores: 1, from: { kind: 'dense' } },
  { name: 'dense 3', channels: 10, height: 1, width: 1, cores: 1, from: { kind: 'dense' } },
  { name: 'dense 4', channels: 1, height: 1, width: 1, cores: 1, from: { kind: 'dense' } },
];

/** DVS gesture network of the SANA-FE repository: layer sizes; kernels follow from them, the first one's is [A]. */
export const DVS_GESTURE: readonly ShapeLayer[] = [
  { name: 'input', channels: 1, height: 32, width: 32, cores: 1 },
  { name: 'conv 1', channels: 16, height: 15, width: 15, cores: 4, from: conv(3, 2) },
  { name: 'conv 2', channels: 32, height: 13, width: 13, cores: 6, from: conv(3, 1) },
  { name: 'conv 3', channels: 64, height: 11, width: 11, cores: 8, from: conv(3, 1) },
  { name: 'conv 4', channels: 11, height: 9, width: 9, cores: 1, from: conv(3, 1) },
  { name: 'classes', channels: 11, height: 1, width: 1, cores: 1, from: { kind: 'dense' } },
];
