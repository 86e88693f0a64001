// Kernels in C: compiled when a benchmark needs them, into a temporary folder, and run as processes that take turns with
// this one.

import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { packageFolder } from '../host/versions.ts';

/** Everything the processor has but vectors of more than 128 bits: what WebAssembly has, too. */
const OPTIONS = ['-O3', '-march=native', '-mno-avx512f', '-mprefer-vector-width=128'];

export const NO_COMPILER = 'no gcc';

/** What a native process answers: its results, as bench/native/bench.h says. */
export interface NativeAnswer {
  readonly seconds: number;
  readonly numbers: readonly [number, number, number];
}

let folder: string | null = null;

/** Removed when this process ends. */
export function benchFolder(): string {
  if (folder === null) {
    const made = mkdtempSync(join(tmpdir(), 'seamount-bench-'));
    process.on('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}

/** True if there is a gcc that makes programs for this processor. */
export function hasCompiler(): boolean {
  try {
    execFileSync('gcc', [...OPTIONS, '-E', '-x', 'c', '-'], { input: '', stdio: ['pipe', 'pipe', 'ignore'] });
    return true;
  } catch {
    return false;
  }
}

export class NativeProgram {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting: { resolve: (answer: NativeAnswer) => void; reject: (error: Error) => void }[] = [];

  /** Compiles bench/native/NAME.c and starts it. */
  constructor(name: string, args: readonly number[]) {
    const program = join(benchFolder(), name);
    const source = join(packageFolder(), 'bench/native', `${name}.c`);
    execFileSync('gcc', [...OPTIONS, '-o', program, source], { stdio: ['ignore', 'ignore', 'inherit'] });
    this.#child = spawn(program, args.map(String), { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const [ns, a, b, c] = line.split(' ').map(Number) as [number, number, number, number];
      this.#waiting.shift()?.resolve({ seconds: ns / 1e9, numbers: [a, b, c] });
    });
    this.#child.on('close', (code) => {
      for (const { reject } of this.#waiting) reject(new Error(`native ${name} ended with ${code}`));
    });
  }

  /** Works so many turns. */
  run(turns: number): Promise<NativeAnswer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(`${turns}\n`);
    });
  }

  end(): void {
    this.#child.stdin.end();
  }
}
