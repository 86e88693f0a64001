import { describe, expect, it } from 'vitest';
import { convolutionCounts, convolutionSynapses } from '../../../host/network/convolution.ts';

describe('the synapses of a convolution in a stretch of its result', () => {
  it('are as many as are listed, whole channels or parts of them, in groups or not', () => {
    for (const groups of [1, 2]) {
      const convolution = {
        channels: 4,
        kernel: [3, 2],
        stride: [2, 1],
        padding: [1, 0],
        dilation: [1, 2],
        groups,
        weights: new Int16Array((4 * 2 * 3 * 2) / groups), // of weight 0, which count
      } as const;
      for (const [element, count] of [
        [0, 60],
        [0, 15],
        [7, 3],
        [11, 40],
      ] as const) {
        const { rowStart } = convolutionSynapses([2, 5, 7], convolution, true, { element, count });
        const listed = Uint32Array.from(rowStart.subarray(1), (end, row) => end - rowStart[row]!);
        expect(convolutionCounts([2, 5, 7], convolution, { element, count })).toEqual(listed);
      }
    }
  });
});
