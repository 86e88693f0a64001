// The management schedule: register writes before the spiking phase of a step. [HW 6.4]

import type { EntryImage } from '../image/image.ts';
import type { ModelCore } from './core.ts';

/** Does what an entry asks of a core. Gives the number of registers written. */
export function writeRegisters(
  cores: readonly ModelCore[],
  entry: Exclude<EntryImage, { kind: 'phase' }>,
): number {
  const core = cores[entry.core]!;
  switch (entry.kind) {
    case 'learning':
      core.learning = entry.on && core.canLearn;
      return 1;
    case 'product':
      core.replaceProduct(entry.rule, entry.index, entry.product);
      return 1;
    case 'postImpulse':
      core.setPostImpulse(entry.group, entry.trace, entry.impulse, entry.fraction);
      return 1;
    case 'reset':
      return core.resetGroup(entry.group);
  }
}
