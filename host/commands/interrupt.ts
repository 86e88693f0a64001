// Ctrl-C for commands whose work can be taken up again.

import type { Progress } from '../training/progress.ts';

/** Stops at the next chance on the first Ctrl-C, at once on the second. */
export function watchInterrupt(
  progress: Progress,
  said: string,
): { readonly interrupted: () => boolean; readonly end: () => void } {
  let stopping = false;
  const onSignal = (): void => {
    if (stopping) process.exit(130);
    stopping = true;
    progress.say(said);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    interrupted: () => stopping,
    end: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
