// The lists of a block, one for every row: what the image shares between rows or leaves to be expanded, written out.

import type { BlockImage, ConvolutionImage } from '../image/image.ts';
import { convolutionSynapses } from '../network/convolution.ts';

export interface SynapseLists {
  /** Those of row r are rowStart[r] to rowStart[r + 1]. */
  readonly rowStart: Uint32Array;
  /** Columns. */
  readonly targets: Uint32Array;
  readonly mantissas: Int16Array;
  readonly delays: Uint8Array | null;
}

/** Every row's copy of the list it shares. */
function unshared(block: BlockImage): SynapseLists {
  const { shared, rowStart, targets, mantissas, delays } = block;
  const { list, base } = shared!;
  const starts = new Uint32Array(list.length + 1);
  list.forEach((each, row) => {
    starts[row + 1] = starts[row]! + rowStart![each + 1]! - rowStart![each]!;
  });
  const synapses = starts.at(-1)!;
  const lists = {
    rowStart: starts,
    targets: new Uint32Array(synapses),
    mantissas: new Int16Array(synapses),
    delays: delays === null ? null : new Uint8Array(synapses),
  };
  list.forEach((each, row) => {
    const [start, end] = [rowStart![each]!, rowStart![each + 1]!];
    lists.targets.set(
      targets!.subarray(start, end).map((target) => target + base[row]!),
      starts[row]!,
    );
    lists.mantissas.set(mantissas!.subarray(start, end), starts[row]!);
    if (delays !== null) lists.delays?.set(delays.subarray(start, end), starts[row]!);
  });
  return lists;
}

/** What the chip makes of the kernels for the rows of a block. */
function expanded(block: BlockImage, image: ConvolutionImage): SynapseLists {
  const { from, to, firstChannel, weights, ...geometry } = image;
  const [channels] = to;
  const all = new Int16Array(channels * (from[0] / image.groups) * image.kernel[0] * image.kernel[1]);
  all.set(weights, (firstChannel * all.length) / channels);
  const convolution = { ...geometry, channels, weights: all };
  const stretch = { element: block.columnElement, count: block.columns };
  const { rowStart, targets, weights: mantissas } = convolutionSynapses(from, convolution, true, stretch);
  // Elements that are no rows have no synapses.
  const starts = new Uint32Array(block.rowElements.length + 1);
  block.rowElements.forEach((element, row) => {
    starts[row + 1] = rowStart[element + 1]!;
  });
  return { rowStart: starts, targets, mantissas, delays: null };
}

/** The lists of a block that is no matrix. */
export function synapseLists(block: BlockImage): SynapseLists {
  if (block.convolution !== null) return expanded(block, block.convolution);
  if (block.shared !== null) return unshared(block);
  const { rowStart, targets, mantissas, delays } = block;
  return { rowStart: rowStart!, targets: targets!, mantissas: mantissas!, delays };
}

/** Finished weight of a list's synapse: mantissa · 2^exponent in accumulator units, floored. [HW 3.2], C5 */
export function listWeight(mantissa: number, exponent: number): number {
  return Math.floor(mantissa * 2 ** exponent);
}
