// Progress on standard error: one line that is rewritten on a terminal, a line per tenth of the work elsewhere.

export interface ProgressState {
  readonly presented: number;
  readonly total: number;
  readonly epochs: number;
  readonly perEpoch: number;
  readonly samplesPerS: number;
  /** How good the last evaluation was, in words. */
  readonly reached?: string;
}

/** `1:05` or `2:03:04`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const h = Math.floor(whole / 3600);
  const m = Math.floor((whole % 3600) / 60);
  const s = String(whole % 60).padStart(2, '0');
  return h === 0 ? `${m}:${s}` : `${h}:${String(m).padStart(2, '0')}:${s}`;
}

function text({ presented, total, epochs, perEpoch, samplesPerS, reached }: ProgressState): string {
  const epoch = Math.min(epochs, Math.floor(presented / perEpoch) + 1);
  const parts = [`epoch ${epoch}/${epochs}`, `${presented}/${total} samples`];
  if (reached !== undefined) parts.push(reached);
  if (samplesPerS > 0) {
    parts.push(`${Math.round(samplesPerS)} samples/s`, `ETA ${duration((total - presented) / samplesPerS)}`);
  }
  return parts.join('  ');
}

export class Progress {
  readonly #out: NodeJS.WriteStream;
  #lastTenth = -1;
  #lastShown = 0;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  /** Shows where training stands; at most ten times a second on a terminal. */
  show(state: ProgressState): void {
    if (this.#out.isTTY) {
      const now = performance.now();
      if (now - this.#lastShown < 100 && state.presented < state.total) return;
      this.#lastShown = now;
      this.#out.write(`\r\u001b[K${text(state).slice(0, (this.#out.columns ?? 80) - 1)}`);
      return;
    }
    const tenth = Math.floor((10 * state.presented) / state.total);
    if (tenth === this.#lastTenth) return;
    this.#lastTenth = tenth;
    this.#out.write(`${text(state)}\n`);
  }

  /** Says something on a line of its own. */
  say(line: string): void {
    this.#out.write(this.#out.isTTY ? `\r\u001b[K${line}\n` : `${line}\n`);
  }
}
