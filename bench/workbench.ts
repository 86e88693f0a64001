// A core on its memory with single kernels callable: the engine's own sources, compiled as the release build is, with the
// loops of bench/kernels/core.ts around them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main as compileAssembly } from 'assemblyscript/asc';
import { loadChip } from '../host/chip/load.ts';
import { compile } from '../host/compile/compile.ts';
import type { ChipImage } from '../host/image/image.ts';
import { installPrograms } from '../host/machine/codegen/install-programs.ts';
import { installRules } from '../host/machine/codegen/install-rules.ts';
import { type Core, type CoreExports, coreLayout, openCore } from '../host/machine/core-module.ts';
import { ImageLoader } from '../host/machine/load-image.ts';
import { type MemoryMap, mapMemory } from '../host/machine/memory-map.ts';
import { NetworkBuilder } from '../host/network/builder.ts';
import type { Population } from '../host/network/network.ts';
import { packageFolder } from '../host/versions.ts';
import { benchFolder } from './native.ts';

/** Exports of bench/kernels/core.ts besides those of the core. */
interface Loops {
  readonly repeatFlush: (
    chip: number,
    block: number,
    lists: number,
    listCount: number,
    queued: number,
    turns: number,
  ) => void;
  readonly repeatUpdate: (chip: number, core: number, group: number, turns: number) => bigint;
  readonly repeatProgram: (chip: number, core: number, group: number, turns: number) => bigint;
  readonly repeatLearn: (...numbers: number[]) => void;
  readonly changedSoFar: () => number;
  readonly clippedSoFar: () => number;
}

let loops: Promise<WebAssembly.Module> | null = null;

/** Compiles a file of bench/kernels with the options of the release build. */
export async function compileKernel(name: string): Promise<WebAssembly.Module> {
  const folder = packageFolder();
  const outFile = join(benchFolder(), `${name}.wasm`);
  const { error, stderr } = await compileAssembly([
    join(folder, 'bench/kernels', `${name}.ts`),
    '--config',
    join(folder, 'asconfig.json'),
    '--target',
    'release',
    '--outFile',
    outFile,
  ]);
  if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`);
  return new WebAssembly.Module(readFileSync(outFile));
}

/** The image of one population alone on core class `core`. */
export function populationImage(population: Population, chip: string): ChipImage {
  const net = new NetworkBuilder('benchmark', 1)
    .phase('forward')
    .phase('learning')
    .phase('management')
    .coreClass({ name: 'core' })
    .population(population)
    .presentation('step', 1);
  return compile(net.build(), loadChip(chip).chip).image;
}

/** A kernel on a memory that a core has. */
export function instantiateKernel<Exports>(module: WebAssembly.Module, memory: WebAssembly.Memory): Exports {
  const abort = (): never => {
    throw new Error('the kernel aborted');
  };
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as Exports;
}

/** Hash of bytes as bench/native/bench.h has it. */
export function hash(start: number, bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => (Math.imul(sum, 31) + byte) >>> 0, start);
}

export class Workbench {
  readonly image: ChipImage;
  readonly core: Core;
  readonly loops: Loops;
  readonly map: MemoryMap;
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  /** Address of the spare words. */
  readonly spare: number;

  private constructor(image: ChipImage, module: WebAssembly.Module, spareWords: number) {
    const layout = coreLayout('release');
    this.image = image;
    this.map = mapMemory(image, layout, { events: 1, probeBytes: 64, probeCount: 1 });
    this.spare = Math.ceil(this.map.bytes / 64) * 64;
    const { core, exports } = openCore<CoreExports & Loops>(module, 'bench', this.spare + 4 * spareWords);
    this.core = core;
    this.loops = exports;
    const { buffer } = core.memory;
    new ImageLoader(image, this.map, layout, buffer).load();
    this.bytes = new Uint8Array(buffer);
    this.words = new Int32Array(buffer);
    installPrograms(image, this.map, core, this.words);
    installRules(image, this.map, core, this.words);
  }

  /** @param spareWords words beyond what the image needs */
  static async open(image: ChipImage, spareWords: number): Promise<Workbench> {
    loops ??= compileKernel('core');
    return new Workbench(image, await loops, spareWords);
  }
}
