// The WebAssembly core: found, compiled once per build, instantiated on a memory that the host owns.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { instantiateSync } from '@assemblyscript/loader';
import type { instantiate } from '../../build/core.js';
import type { instantiate as instantiateThreads } from '../../build/core.threads.js';
import { UserError } from '../errors.ts';
import { packageFolder } from '../versions.ts';

/** `release` has SIMD; `scalar` is the same without; `debug` has SIMD, assertions and a source map. */
export type CoreBuild = 'release' | 'scalar' | 'debug';

export type CoreExports = Awaited<ReturnType<typeof instantiate>>;
/** What the build for several threads has beside the exports of `release`, which it otherwise is. */
export type ThreadExports = Awaited<ReturnType<typeof instantiateThreads>>;

/** Names of the core's exported numbers: record layouts and counter places. */
export type LayoutName = {
  [Name in keyof CoreExports]: CoreExports[Name] extends { readonly value: number } ? Name : never;
}[keyof CoreExports];

/** The core's record layouts. */
export type Layout = { readonly [Name in LayoutName]: number };

/** The functions of the core's mesh; what each does is said where it is defined. Cycles are unsigned 64-bit. */
export interface MeshFunctions {
  readonly reset: CoreExports['meshReset'];
  readonly offer: CoreExports['meshOffer'];
  readonly nextEvent: CoreExports['meshNextEvent'];
  readonly advance: CoreExports['meshAdvance'];
  readonly consume: CoreExports['meshConsume'];
}

export interface Core {
  readonly memory: WebAssembly.Memory;
  readonly layout: Layout;
  /** Runs a presentation; addresses of the chip record, the program record and the event list. */
  readonly present: (chip: number, program: number, events: number) => void;
  /** The mesh: the first argument of each is the address of its record. */
  readonly mesh: MeshFunctions;
  /** Functions that the core calls by number: compiled neuron programs. */
  readonly table: WebAssembly.Table;
}

/** A core on a memory that threads share. */
export interface ThreadedCore extends Core {
  readonly module: WebAssembly.Module;
  /** Runs the order of a team beside its other threads; address of the shard record. */
  readonly presentShard: ThreadExports['presentShard'];
  /** Runs it without them; address of the team record. */
  readonly presentAlone: ThreadExports['presentAlone'];
}

/** The layout version that this host lays out memory for. */
const LAYOUT_VERSION = 2;
const PAGE_BYTES = 65536;

const FILES: Record<CoreBuild | 'threads', string> = {
  release: 'core.wasm',
  scalar: 'core.scalar.wasm',
  debug: 'core.debug.wasm',
  threads: 'core.threads.wasm',
};

const modules = new Map<CoreBuild | 'threads', WebAssembly.Module>();

function compileCore(build: CoreBuild | 'threads'): WebAssembly.Module {
  let module = modules.get(build);
  if (module === undefined) {
    const file = join(packageFolder(), 'build', FILES[build]);
    if (!existsSync(file)) throw new Error(`${file} does not exist: run "npm run build"`);
    module = new WebAssembly.Module(readFileSync(file));
    modules.set(build, module);
  }
  return module;
}

/** Of the modules that were instantiated before. */
const layouts = new WeakMap<WebAssembly.Module, Layout>();

function layoutOf(exports: CoreExports): Layout {
  const numbers = Object.entries(exports).flatMap(([place, value]) =>
    value instanceof WebAssembly.Global ? [[place, Number(value.value) >>> 0] as const] : [],
  );
  const layout = Object.fromEntries(numbers) as Layout;
  if (layout.LAYOUT_VERSION !== LAYOUT_VERSION) {
    throw new Error(
      `the core has layout version ${layout.LAYOUT_VERSION}, this host needs ${LAYOUT_VERSION}: run "npm run build"`,
    );
  }
  return layout;
}

/** The record layouts of a build, without a memory to run in. */
export function coreLayout(build: CoreBuild): Layout {
  return layouts.get(compileCore(build)) ?? instantiateCore(build, PAGE_BYTES).layout;
}

/** Addresses are signed where the host looks up words by them. */
const MEMORY_LIMIT = 2 ** 31;

/** @throws UserError if the core cannot address as many bytes */
function checkBytes(bytes: number): void {
  if (bytes <= MEMORY_LIMIT) return;
  const size = (n: number): string => `${(n / 2 ** 30).toFixed(1)} GiB`;
  throw new UserError(`the network takes ${size(bytes)} in the emulator, which has ${size(MEMORY_LIMIT)}`, {
    code: 'does-not-fit',
    path: 'emulator memory',
    got: bytes,
    limit: MEMORY_LIMIT,
    hint: 'a row of synapses that learn takes memory for all targets on its core; spread over more cores (cores of the core class), lists of few targets have fewer rows on each',
  });
}

/**
 * Instantiates the core on a new memory of at least `bytes` bytes.
 * @throws UserError if the core cannot address as much
 */
export function instantiateCore(build: CoreBuild, bytes: number): Core {
  checkBytes(bytes);
  return openCore(compileCore(build), build, bytes).core;
}

/** Puts a thread to sleep while a word is as it was; the core calls it. */
export function sleeper({ buffer }: WebAssembly.Memory): (address: number, value: number) => void {
  const words = new Int32Array(buffer);
  return (address, value) => {
    Atomics.wait(words, address >> 2, value);
  };
}

/**
 * Instantiates the core for the first of several threads, on a new memory that they share.
 * @throws UserError if the core cannot address as much
 */
export function instantiateThreadedCore(bytes: number): ThreadedCore {
  checkBytes(bytes);
  const module = compileCore('threads');
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { core, exports } = openOn<ThreadExports>(module, 'threads', memory, {
    meeting: { sleep: sleeper(memory) },
  });
  const { presentShard, presentAlone } = exports;
  return { ...core, module, presentShard, presentAlone };
}

/** The same for a module that has the core's exports, and perhaps others. `name`: what its assertions call it. */
export function openCore<Exports extends CoreExports>(
  module: WebAssembly.Module,
  name: string,
  bytes: number,
): { core: Core; exports: Exports } {
  return openOn(module, name, new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) }));
}

function openOn<Exports extends CoreExports>(
  module: WebAssembly.Module,
  name: string,
  memory: WebAssembly.Memory,
  imports: WebAssembly.Imports = {},
): { core: Core; exports: Exports } {
  const abort = (_message: number, _file: number, line: number, column: number): never => {
    throw new Error(`assertion of the core failed at line ${line}, column ${column} (${name} build)`);
  };
  const { exports } = instantiateSync<Exports>(module, { ...imports, env: { memory, abort } });
  let layout = layouts.get(module);
  if (layout === undefined) {
    layout = layoutOf(exports);
    layouts.set(module, layout);
  }
  const mesh = {
    reset: exports.meshReset,
    offer: exports.meshOffer,
    nextEvent: exports.meshNextEvent,
    advance: exports.meshAdvance,
    consume: exports.meshConsume,
  };
  const core = { memory, layout, present: exports.present, mesh, table: exports.table };
  return { core, exports };
}
