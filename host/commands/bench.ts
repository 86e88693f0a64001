// `seamount bench`: side-by-side speed ratios. The benchmarks are a program of their own, which the product does not import.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { packageFolder } from '../versions.ts';
import { checkJsonPlace } from './output.ts';

export interface BenchOptions {
  readonly list?: true;
  readonly check?: true;
  readonly json?: string;
}

/** Runs benchmarks by name, or all; returns the exit code of their program. */
export async function bench(names: readonly string[], options: BenchOptions): Promise<number> {
  checkJsonPlace(options.json);
  const folder = packageFolder();
  const program = join(folder, 'dist/bench/run.js');
  if (!existsSync(program) || !existsSync(join(folder, 'node_modules/assemblyscript'))) {
    throw new UserError('the benchmarks compile kernels, and need a checkout with its development packages', {
      code: 'no-benchmarks',
      hint: 'in a checkout: npm ci && npm run build',
    });
  }
  const args = [
    ...names,
    ...(options.list ? ['--list'] : []),
    ...(options.check ? ['--check'] : []),
    ...(options.json === undefined ? [] : ['--json', options.json]),
  ];
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit' });
  // A Ctrl-C reaches both; the benchmarks' end is awaited.
  process.on('SIGINT', () => {});
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 70)));
  });
}
