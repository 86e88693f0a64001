// The two kinds of failure, never mixed: the user's input is wrong (exit code 2, one clear message, no
// stack), or an assertion of ours failed (exit code 70, any other Error).

/** Where and by how much something is wrong; every field is optional data for tools. */
export interface UserErrorDetails {
  /** Stable machine-readable name, e.g. `unknown-key`. */
  readonly code: string;
  /** Path inside the input, e.g. `core.compartments` or `population hidden`. */
  readonly path?: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  readonly got?: unknown;
  readonly limit?: unknown;
  /** What to do about it. */
  readonly hint?: string;
}

/** The user's input is wrong. The message names the place and the limit; exit code 2. */
export class UserError extends Error {
  readonly details: UserErrorDetails;

  constructor(message: string, details: UserErrorDetails) {
    super(message);
    this.name = 'UserError';
    this.details = details;
  }

  /** One line `file:line:column: message`, and a second line with the hint if there is one. */
  override toString(): string {
    const { file, line, column, hint } = this.details;
    const place =
      file === undefined ? '' : `${[file, line, column].filter((x) => x !== undefined).join(':')}: `;
    return `${place}${this.message}${hint === undefined ? '' : `\n  ${hint}`}`;
  }
}

/** Levenshtein distance, for "did you mean". */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The candidate nearest to what was typed, or undefined if none is near. */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(typed.length / 3)) + 1;
  for (const candidate of candidates) {
    const d = distance(typed.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** `; did you mean X?` or an empty string. */
export function didYouMean(typed: string, candidates: readonly string[]): string {
  const best = nearest(typed, candidates);
  return best === undefined ? '' : `; did you mean "${best}"?`;
}
