// Probes: columns recorded at the end of every step, and spike counts summed over steps. The host drains them
// between calls; a full buffer stops recording rather than overwrite.

import {
  BLOCK_COLUMNS,
  BLOCK_CORE,
  BLOCK_TAP,
  CHIP_PROBE_COUNT,
  CHIP_PROBES,
  CHIP_TIME,
  CORE_SLOT_MASK,
  GROUP_SPIKE_BITS,
  PROBE_BUFFER,
  PROBE_BYTES,
  PROBE_CAPACITY,
  PROBE_COUNT,
  PROBE_FILLED,
  PROBE_KIND,
  PROBE_SOURCE,
  PROBE_SPIKE_BITS,
  PROBE_SPIKE_COUNTS,
  PROBE_STRIDE,
  PROBE_TAP,
  PROBE_WORDS,
} from './layout';

/** Adds this step's spikes of a group to the counts, u32 per compartment. */
function countSpikes(probe: usize): void {
  const bits: usize = load<u32>(<usize>load<u32>(probe, PROBE_SOURCE), GROUP_SPIKE_BITS);
  const counts: usize = load<u32>(probe, PROBE_BUFFER);
  const count = load<u32>(probe, PROBE_COUNT);
  for (let first: usize = 0; first < count; first += 8) {
    for (let word = <u32>load<u8>(bits + (first >> 3)); word != 0; word &= word - 1) {
      const place = counts + ((first + ctz(word)) << 2);
      store<u32>(place, load<u32>(place) + 1);
    }
  }
}

/** Takes what a wide block delivered for this step out of its tap. */
function drainTap(chip: usize, block: usize, to: usize): void {
  const columns = load<u32>(block, BLOCK_COLUMNS);
  const slot = load<u32>(chip, CHIP_TIME) & load<u32>(<usize>load<u32>(block, BLOCK_CORE), CORE_SLOT_MASK);
  const tap = <usize>load<u32>(block, BLOCK_TAP) + ((slot * columns) << 2);
  memory.copy(to, tap, columns << 2);
  memory.fill(tap, 0, columns << 2);
}

/** Whether u, v or other words of compartments are recorded in every step. */
export function recordsWords(chip: usize): bool {
  const probes: usize = load<u32>(chip, CHIP_PROBES);
  const end = probes + load<u32>(chip, CHIP_PROBE_COUNT) * PROBE_STRIDE;
  for (let probe = probes; probe < end; probe += PROBE_STRIDE)
    if (load<u32>(probe, PROBE_KIND) == PROBE_WORDS) return true;
  return false;
}

export function recordProbes(chip: usize): void {
  const count = load<u32>(chip, CHIP_PROBE_COUNT);
  let probe: usize = load<u32>(chip, CHIP_PROBES);
  for (let i: u32 = 0; i < count; i++, probe += PROBE_STRIDE) {
    const kind = load<u32>(probe, PROBE_KIND);
    const filled = load<u32>(probe, PROBE_FILLED);
    if (filled == load<u32>(probe, PROBE_CAPACITY)) continue;
    const elements = load<u32>(probe, PROBE_COUNT);
    const source: usize = load<u32>(probe, PROBE_SOURCE);
    const buffer: usize = load<u32>(probe, PROBE_BUFFER);
    if (kind == PROBE_SPIKE_COUNTS) {
      countSpikes(probe);
      continue;
    }
    if (kind == PROBE_TAP) drainTap(chip, source, buffer + ((filled * elements) << 2));
    else if (kind == PROBE_WORDS) memory.copy(buffer + ((filled * elements) << 2), source, elements << 2);
    else if (kind == PROBE_BYTES) memory.copy(buffer + filled * elements, source, elements);
    else if (kind == PROBE_SPIKE_BITS) {
      const bytes = (elements + 7) >> 3;
      memory.copy(buffer + filled * bytes, load<u32>(source, GROUP_SPIKE_BITS), bytes);
    }
    store<u32>(probe, filled + 1, PROBE_FILLED);
  }
}
