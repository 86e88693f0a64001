// A convolution as the matrix of its synapses: kernels [C_out][kx][ky][C_in / groups], shapes [X][Y][C], flattened in
// C order. It is a true convolution, so the kernel is flipped in x and y.

import { ConformanceError } from './conformance-error.ts';
import type { VectorConnection } from './vector.ts';

type Pair = readonly [number, number];

function pairOf(value: number | Pair | undefined, otherwise: number): Pair {
  if (value === undefined) return [otherwise, otherwise];
  return typeof value === 'number' ? [value, value] : value;
}

/** Elements along one axis of the result. */
function outputLength(
  length: number,
  kernel: number,
  stride: number,
  padding: number,
  dilation: number,
): number {
  return Math.floor((length + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
}

/**
 * Weights [from][to] of every synapse.
 * @param shape of the input, [X, Y, C]
 * @param rows elements of the source
 */
export function convolutionMatrix(
  connection: VectorConnection,
  shape: readonly number[] | undefined,
  rows: number,
): { columns: number; weights: Int32Array } {
  const { id, groups = 1 } = connection;
  const kernels = connection.weights as number[][][][] | undefined;
  const perGroup = kernels?.[0]?.[0]?.[0]?.length;
  if (kernels === undefined || perGroup === undefined || shape?.length !== 3) {
    throw new ConformanceError(
      `is malformed: ${id} needs weights of four dimensions and an input shape of three`,
    );
  }
  const [width, height, channels] = shape as [number, number, number];
  const outputs = kernels.length;
  if (width * height * channels !== rows || perGroup * groups !== channels || outputs % groups !== 0) {
    throw new ConformanceError(
      `is malformed: ${id}: shape ${shape.join(' x ')}, ${groups} groups and ${outputs} kernels of ${perGroup} channels do not fit ${rows} inputs`,
    );
  }
  const [kx, ky] = [kernels[0]!.length, kernels[0]![0]!.length];
  const stride = pairOf(connection.stride, 1);
  const padding = pairOf(connection.padding, 0);
  const dilation = pairOf(connection.dilation, 1);
  const outWidth = outputLength(width, kx, stride[0], padding[0], dilation[0]);
  const outHeight = outputLength(height, ky, stride[1], padding[1], dilation[1]);
  const columns = outWidth * outHeight * outputs;
  if (columns < 1) throw new ConformanceError(`is malformed: ${id} has no outputs`);
  const weights = new Int32Array(rows * columns);
  for (let ox = 0; ox < outWidth; ox++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let i = 0; i < kx; i++) {
        const x = ox * stride[0] - padding[0] + i * dilation[0];
        if (x < 0 || x >= width) continue;
        for (let j = 0; j < ky; j++) {
          const y = oy * stride[1] - padding[1] + j * dilation[1];
          if (y < 0 || y >= height) continue;
          for (let o = 0; o < outputs; o++) {
            const firstChannel = Math.floor(o / (outputs / groups)) * perGroup;
            const column = (ox * outHeight + oy) * outputs + o;
            for (let c = 0; c < perGroup; c++) {
              const row = (x * height + y) * channels + firstChannel + c;
              weights[row * columns + column]! += kernels[o]![kx - 1 - i]![ky - 1 - j]![c]!;
            }
          }
        }
      }
    }
  }
  return { columns, weights };
}
