// Words of synapse memory that an input axon's list takes. [HW 1.3], C2

import type { Chip } from '../chip/schema.ts';

/** A run of synapses with one format in an axon's list. */
export interface ListPart {
  readonly synapses: number;
  readonly weightBits: number;
  readonly delayBits: number;
  readonly tagBits: number;
  /** Dense: consecutive targets, one base index an entry. Sparse: an index per synapse. */
  readonly compression: 'dense' | 'sparse';
}

/** Width of a compartment index on a core with n compartments: 6 to 12 bits. */
export function indexBits(compartments: number): number {
  return Math.min(12, Math.max(6, Math.ceil(Math.log2(Math.max(2, compartments)))));
}

/** Width of a delay field that can hold `delay`; a format without delays has none. */
export function delayBits(delay: number): number {
  return delay === 0 ? 0 : Math.ceil(Math.log2(delay + 1));
}

/** Bits of the entries of one part. */
function entryBits(chip: Chip, part: ListPart, index: number): number[] {
  const { synapsesMax, formatId, count } = chip.core.synapseEntry;
  const bits: number[] = [];
  for (let left = part.synapses; left > 0; left -= synapsesMax) {
    const n = Math.min(left, synapsesMax);
    const each =
      part.weightBits + part.delayBits + part.tagBits + (part.compression === 'sparse' ? index : 0);
    // nengo-loihi's quick bound leaves the base index of a dense entry out. [HW 1.3]
    const base = part.compression === 'dense' && chip.core.synapseEntry.packing === 'nxtf' ? index : 0;
    bits.push(formatId + count + base + n * each);
  }
  return bits;
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
