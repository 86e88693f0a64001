// Wires: values that arrive in the step in which they are sent, with no synapse between.

import type { WireImage } from '../image/image.ts';
import type { ModelCore } from './core.ts';

/** Carries a wire's values; `sent`: what each of its elements sends in step `time`, 0 = nothing. */
export function carry(
  cores: readonly ModelCore[],
  { to, count }: WireImage,
  sent: (i: number) => bigint,
  time: number,
): void {
  const core = cores[to.core]!;
  for (let i = 0; i < count; i++) {
    if (to.kind === 'group') core.arrive(to.group, to.port, to.first + i, sent(i), time);
    else core.arriveFactor(to.block, to.trace, to.first + i, sent(i));
  }
}
