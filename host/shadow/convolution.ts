// The synapses of a convolution, one by one: every output looks for the inputs that its kernel covers. [HW 7]

import type { BlockImage, ConvolutionImage } from '../image/image.ts';

/** Lists in the order of the block's rows. */
export function convolutionRows(
  block: BlockImage,
  { from, to, kernel, stride, padding, dilation, groups, firstChannel, weights }: ConvolutionImage,
): { mantissas: Int16Array; targets: Uint32Array; rowStart: Uint32Array } {
  const bySource = new Map<number, { column: number; weight: number }[]>();
  for (const element of block.rowElements) bySource.set(element, []);
  const [inputs, outputs] = [from[0] / groups, to[0] / groups];
  for (let column = 0; column < block.columns; column++) {
    const element = block.columnElement + column;
    const x = element % to[2];
    const y = Math.floor(element / to[2]) % to[1];
    const channel = Math.floor(element / (to[1] * to[2]));
    for (let input = 0; input < inputs; input++) {
      const fromChannel = Math.floor(channel / outputs) * inputs + input;
      const place = ((channel - firstChannel) * inputs + input) * kernel[0] * kernel[1];
      for (let k = 0; k < kernel[0] * kernel[1]; k++) {
        const fromY = y * stride[0] - padding[0] + Math.floor(k / kernel[1]) * dilation[0];
        const fromX = x * stride[1] - padding[1] + (k % kernel[1]) * dilation[1];
        if (fromY < 0 || fromY >= from[1] || fromX < 0 || fromX >= from[2]) continue;
        bySource
          .get((fromChannel * from[1] + fromY) * from[2] + fromX)!
          .push({ column, weight: weights[place + k]! });
      }
    }
  }
  const rows = Array.from(block.rowElements, (element) => bySource.get(element)!);
  const rowStart = new Uint32Array(rows.length + 1);
  rows.forEach((row, i) => {
    rowStart[i + 1] = rowStart[i]! + row.length;
  });
  const synapses = rows.flat();
  return {
    mantissas: Int16Array.from(synapses, ({ weight }) => weight),
    targets: Uint32Array.from(synapses, ({ column }) => column),
    rowStart,
  };
}
