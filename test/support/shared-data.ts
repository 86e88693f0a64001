// Data that are not part of the repository: found, or the test is skipped and says so.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestContext } from 'vitest';

/** Absolute path of a file or folder in $SEAMOUNT_DATA or ../shared/data. */
export function sharedData(path: string, context: TestContext): string {
  const roots = [process.env.SEAMOUNT_DATA, join('..', 'shared', 'data')];
  const found = roots
    .filter((root) => root !== undefined && root !== '')
    .map((root) => resolve(root!, path))
    .find((file) => existsSync(file));
  if (found !== undefined) return found;
  console.warn(
    `SKIPPED "${context.task.name}": no ${path} in $SEAMOUNT_DATA or ../shared/data, so it was not tested`,
  );
  return context.skip();
}
