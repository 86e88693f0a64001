// A convolution as the synapses it stands for.

import type { Convolution, LayerShape, SparseConnection } from './network.ts';

/** Shape of the layer that a convolution makes of another. */
export function convolvedShape([, ...lengths]: LayerShape, convolution: Convolution): LayerShape {
  const { channels, kernel, stride, padding, dilation } = convolution;
  const [height, width] = lengths.map(
    (length, i) =>
      Math.floor((length + 2 * padding[i]! - dilation[i]! * (kernel[i]! - 1) - 1) / stride[i]!) + 1,
  );
  return [channels, height!, width!];
}

/** Outputs along one axis that an input reaches, by ascending output, and the place in the kernel that joins them. */
function taps(
  { kernel, stride, padding, dilation }: Convolution,
  axis: 0 | 1,
  input: number,
  outputs: number,
): { readonly output: number; readonly place: number }[] {
  return Array.from({ length: kernel[axis] }, (_, i) => kernel[axis] - 1 - i).flatMap((place) => {
    const distance = input + padding[axis] - place * dilation[axis];
    const output = distance / stride[axis];
    return distance >= 0 && distance % stride[axis] === 0 && output < outputs ? [{ output, place }] : [];
  });
}

/** A stretch of the elements of the result. */
interface Stretch {
  readonly element: number;
  readonly count: number;
}

/** A convolution's synapses, and the place of each one's weight in the kernels. */
export interface ConvolutionSynapses extends SparseConnection {
  readonly places: Uint32Array;
}

/**
 * Synapses of a convolution that end in a stretch of its result; targets count from its first element.
 * @param zeros keep those of weight 0, which do nothing
 */
export function convolutionSynapses(
  from: LayerShape,
  convolution: Convolution,
  zeros = false,
  stretch?: Stretch,
): ConvolutionSynapses {
  const [inChannels, inHeight, inWidth] = from;
  const [outChannels, outHeight, outWidth] = convolvedShape(from, convolution);
  const { kernel, groups, weights } = convolution;
  const [perGroup, outPerGroup] = [inChannels / groups, outChannels / groups];
  const plane = outHeight * outWidth;
  const { element, count } = stretch ?? { element: 0, count: outChannels * plane };
  const [firstOut, endOut] = [Math.floor(element / plane), Math.ceil((element + count) / plane)];
  const rowStart = new Uint32Array(inChannels * inHeight * inWidth + 1);
  const targets: number[] = [];
  const places: number[] = [];
  const lines = Array.from({ length: inHeight }, (_, y) => taps(convolution, 0, y, outHeight));
  const columns = Array.from({ length: inWidth }, (_, x) => taps(convolution, 1, x, outWidth));
  let row = 0;
  for (let channel = 0; channel < inChannels; channel++) {
    const group = Math.floor(channel / perGroup);
    const first = Math.max(firstOut, group * outPerGroup);
    const end = Math.min(endOut, (group + 1) * outPerGroup);
    for (let y = 0; y < inHeight; y++) {
      for (let x = 0; x < inWidth; x++) {
        for (let out = first; out < end; out++) {
          const base = (out * perGroup + (channel % perGroup)) * kernel[0];
          for (const line of lines[y]!) {
            for (const column of columns[x]!) {
              const place = (base + line.place) * kernel[1] + column.place;
              const target = out * plane + line.output * outWidth + column.output - element;
              if (target < 0 || target >= count || (weights[place] === 0 && !zeros)) continue;
              targets.push(target);
              places.push(place);
            }
          }
        }
        rowStart[++row] = targets.length;
      }
    }
  }
  return {
    kind: 'sparse',
    rowStart,
    targets: Uint32Array.from(targets),
    weights: Int16Array.from(places, (place) => weights[place]!),
    places: Uint32Array.from(places),
  };
}

/** How many synapses of a convolution, those of weight 0 included, each source has in a stretch of its result. */
export function convolutionCounts(
  from: LayerShape,
  convolution: Convolution,
  { element, count }: Stretch,
): Uint32Array {
  const [inChannels, inHeight, inWidth] = from;
  const [outChannels, outHeight, outWidth] = convolvedShape(from, convolution);
  const [perGroup, outPerGroup] = [inChannels / convolution.groups, outChannels / convolution.groups];
  const plane = outHeight * outWidth;
  const [firstOut, endOut] = [Math.floor(element / plane), Math.ceil((element + count) / plane)];
  const lines = Array.from({ length: inHeight }, (_, y) => taps(convolution, 0, y, outHeight));
  const columns = Array.from({ length: inWidth }, (_, x) => taps(convolution, 1, x, outWidth));
  const counts = new Uint32Array(inChannels * inHeight * inWidth);
  let row = 0;
  for (let channel = 0; channel < inChannels; channel++) {
    const group = Math.floor(channel / perGroup);
    const planes: number[] = [];
    let whole = 0;
    for (
      let out = Math.max(firstOut, group * outPerGroup);
      out < Math.min(endOut, (group + 1) * outPerGroup);
      out++
    ) {
      const first = out * plane - element;
      if (first >= 0 && first + plane <= count) whole++;
      else planes.push(first);
    }
    for (const line of lines) {
      for (const column of columns) {
        let synapses = whole * line.length * column.length;
        for (const first of planes) {
          for (const down of line) {
            for (const across of column) {
              const target = first + down.output * outWidth + across.output;
              if (target >= 0 && target < count) synapses++;
            }
          }
        }
        counts[row++] = synapses;
      }
    }
  }
  return counts;
}
