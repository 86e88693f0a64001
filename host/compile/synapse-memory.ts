// Words of synapse memory that an input axon's list takes. [HW 1.3], C2

import type { Chip } from '../chip/schema.ts';
import { entrySizes, indexBits, type Packing, type Targets, targetBits } from './packing.ts';

/** A run of synapses with one format in an axon's list. */
export interface ListPart {
  readonly targets: Targets;
  readonly packing: Packing;
  readonly weightBits: number;
  readonly delayBits: number;
  readonly tagBits: number;
  /** Width of an index, if the format has another one than the core's. */
  readonly indexBits?: number;
}

/** Width of a delay field that can hold `delay`; a format without delays has none. */
export function delayBits(delay: number): number {
  return delay === 0 ? 0 : Math.ceil(Math.log2(delay + 1));
}

/** Bits of the entries of one part. */
function entryBits(chip: Chip, part: ListPart, coreIndex: number): number[] {
  const { synapsesMax, formatId, count, packing: rule } = chip.core.synapseEntry;
  const { packing, targets, weightBits, tagBits, indexBits: index = coreIndex } = part;
  const each = weightBits + part.delayBits + tagBits + targetBits(packing, index);
  // nengo-loihi's quick bound leaves the base index of an entry out. [HW 1.3]
  const base = packing.compression !== 'sparse' && rule === 'nxtf' ? index : 0;
  return entrySizes(packing, targets, synapsesMax).map(
    (synapses) => formatId + count + base + synapses * each,
  );
}

/**
 * Words of one axon's list.
 * @param compartments of the core, which decides the width of an index
 */
export function listWords(chip: Chip, parts: readonly ListPart[], compartments: number): number {
  const word = chip.core.synapseWord;
  const index = indexBits(compartments);
  const entries = parts.flatMap((part) => entryBits(chip, part, index));
  if (chip.core.synapseEntry.packing === 'nengo')
    return entries.reduce((sum, bits) => sum + Math.ceil(bits / word), 0);
  const bits = entries.reduce((sum, b) => sum + b, 0);
  const rest = bits % word;
  // Room for an end marker of about six bits. [HW 1.3]
  return Math.ceil(bits / word) + (rest === 0 || rest >= word - 5 ? 1 : 0);
}
