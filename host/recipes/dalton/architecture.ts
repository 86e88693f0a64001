// The architectures of the paper, as layers of shapes. Average pooling of a convolution's current, 2 x 2, is the same as a
// kernel that is one element longer with a stride of 2, so a layer here is a convolution or dense.

import type { LayerShape } from '../../network/network.ts';
import type { Settings } from './settings.ts';

/** A convolution of the published table: channels, kernel, pooled or not; all are 'valid'. */
interface Published {
  readonly channels: number;
  readonly kernel: number;
  readonly pooled: boolean;
}

const convolution = (channels: number, kernel: number, pooled: boolean): Published => ({
  channels,
  kernel,
  pooled,
});

/** A1 to A5, and a network without convolutions. */
export const ARCHITECTURES = {
  dense: { convolutions: [], dense: [256] },
  A1: { convolutions: [convolution(16, 3, true)], dense: [128, 64] },
  A2: { convolutions: [convolution(32, 7, true), convolution(32, 5, true)], dense: [512, 128] },
  A3: {
    convolutions: [convolution(48, 5, true), convolution(64, 3, true), convolution(128, 3, true)],
    dense: [512, 256],
  },
  A4: {
    convolutions: [
      convolution(24, 3, false),
      convolution(24, 3, true),
      convolution(48, 3, true),
      convolution(48, 3, true),
    ],
    dense: [256, 128],
  },
  A5: {
    convolutions: [
      convolution(64, 3, false),
      convolution(64, 3, true),
      convolution(128, 3, true),
      convolution(128, 3, true),
    ],
    dense: [1024, 1024],
  },
} as const;

export type ArchitectureName = keyof typeof ARCHITECTURES;
export const ARCHITECTURE_NAMES = Object.keys(ARCHITECTURES) as readonly ArchitectureName[];

/** A layer of neurons and what joins it to the layer below. */
export interface Layer {
  readonly name: string;
  readonly kind: 'convolution' | 'dense';
  /** Of its input. */
  readonly from: LayerShape;
  /** Of its neurons; a dense layer is a column of channels. */
  readonly shape: LayerShape;
  /** Length of the kernel along both axes and its stride, pooling included; of a dense layer 0. */
  readonly kernel: number;
  readonly stride: number;
  /** How its input is numbered: plane by plane, as an image, or place by place (see `localSynapses`). */
  readonly fromPlanes: boolean;
  /** True if the kernel stands for one that is an element shorter, averaged over 2 x 2 places. */
  readonly pooled: boolean;
  /** False for kernels that stay as they are. */
  readonly learns: boolean;
  /** True if the places of a kernel weight learn it together. */
  readonly tied: boolean;
}

export const sizeOf = ([channels, height, width]: LayerShape): number => channels * height * width;

/** The layers of neurons between input and readout, from below; fewer than one element along an axis is a shape of 0. */
export function layersOf(settings: Settings, input: LayerShape): Layer[] {
  const { convolutions, dense } = ARCHITECTURES[settings.architecture];
  const layers: Layer[] = [];
  let from = input;
  convolutions.forEach(({ channels, kernel, pooled }, i) => {
    const length = pooled ? kernel + 1 : kernel;
    const stride = pooled ? 2 : 1;
    const reach = (pixels: number): number => Math.max(0, Math.floor((pixels - length) / stride) + 1);
    const shape: LayerShape = [
      Math.max(1, Math.floor(channels / settings.narrower)),
      reach(from[1]),
      reach(from[2]),
    ];
    const learns = settings.kernels !== 'frozen';
    layers.push({
      name: `conv ${i + 1}`,
      kind: 'convolution',
      from,
      shape,
      kernel: length,
      stride,
      fromPlanes: i === 0 || !learns,
      pooled,
      learns,
      tied: settings.kernels === 'tied',
    });
    from = shape;
  });
  const sizes = settings.dense.length > 0 ? settings.dense : dense;
  sizes.forEach((size, i) => {
    const shape: LayerShape = [size, 1, 1];
    layers.push({
      name: `dense ${i + 1}`,
      kind: 'dense',
      from,
      shape,
      kernel: 0,
      stride: 0,
      fromPlanes: false,
      pooled: false,
      learns: true,
      tied: false,
    });
    from = shape;
  });
  return layers;
}
