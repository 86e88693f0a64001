// A chip for a command. The schemas and readers of chip files take longer to load than all else that a short command does,
// and only a chip of the user's own needs them.

import { findChipFile } from './chip-file.ts';
import type { LoadedChip } from './load.ts';
import { shippedChip } from './precompiled.ts';

/**
 * Loads a chip.
 *
 * @param nameOrFile as for `loadChip`
 * @throws UserError as `loadChip` does
 */
export async function openChip(nameOrFile: string): Promise<LoadedChip> {
  const shipped = shippedChip(findChipFile(nameOrFile, [], process.cwd()));
  return shipped ?? (await import('./load.ts')).loadChip(nameOrFile);
}
