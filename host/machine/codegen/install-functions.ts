// Puts generated functions where the core finds them: into its table.

import type { Core } from '../core-module.ts';
import { moduleBytes, type WasmFunction } from './wasm-code.ts';

/** Puts the functions `0`, `1`, … of a module into a table; returns the place of the first one. */
export function fillTable(
  module: WebAssembly.Module,
  table: WebAssembly.Table,
  memory: WebAssembly.Memory,
): number {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const functions = Object.keys(exports).length;
  const first = table.grow(functions);
  for (let i = 0; i < functions; i++) table.set(first + i, exports[`${i}`] as WebAssembly.ExportValue);
  return first;
}

/** Compiles functions and puts them into the core's table; other threads put the module into theirs. */
export function installFunctions(
  functions: readonly WasmFunction[],
  { memory, table }: Core,
): { module: WebAssembly.Module; first: number } {
  const isShared = memory.buffer instanceof SharedArrayBuffer;
  const module = new WebAssembly.Module(moduleBytes(functions, isShared ? 'shared' : 'own'));
  return { module, first: fillTable(module, table, memory) };
}
