// What the rows of a wide block received in the last steps: one payload per row and step, in a ring.

import { BLOCK_HISTORY, BLOCK_HISTORY_MASK, BLOCK_ROWS } from './layout';

/** The payloads of a step that the ring still holds, i32 [row]. */
export function historyOf(block: usize, step: u32): usize {
  const slot = step & load<u32>(block, BLOCK_HISTORY_MASK);
  return <usize>load<u32>(block, BLOCK_HISTORY) + ((slot * load<u32>(block, BLOCK_ROWS)) << 2);
}
