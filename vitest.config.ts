import { defineConfig } from 'vitest/config';

/** No test is about its own time: a limit only ends what hangs, on a machine however busy. */
const HANGS_MS = 1_800_000;

export default defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: HANGS_MS, hookTimeout: HANGS_MS },
});
