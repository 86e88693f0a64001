// The learning kernel alone: one rule on all rows of one block, generated, interpreted, written by hand, and in C.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main as compileAssembly } from 'assemblyscript/asc';
import { loadChip } from '../host/chip/load.ts';
import { compile } from '../host/compile/compile.ts';
import type { ChipImage } from '../host/image/image.ts';
import { deriveKey, streamKey } from '../host/image/random-keys.ts';
import { type Core, coreLayout, instantiateCore } from '../host/machine/core-module.ts';
import { installRules } from '../host/machine/install-rules.ts';
import { ImageLoader } from '../host/machine/load-image.ts';
import { type MemoryMap, mapMemory } from '../host/machine/memory-map.ts';
import { mix32 } from '../host/mix32.ts';
import { NetworkBuilder } from '../host/network/builder.ts';
import { packageFolder } from '../host/versions.ts';
import { type BenchResult, type Contender, compete } from './bench.ts';

const RULE = 'dw = 3*2^-7*u0*x1*y1 - 2^-6*u0*x2*y2';
const ROWS = 64;
const COLUMNS = 1024;
/** Epochs after which the weights begin anew, or they would all end at a limit. */
const RESET_EPOCHS = 32;
const SLICE_EPOCHS = 64;

function ruleImage(): ChipImage {
  const trace = { impulse: 1, tau: Infinity };
  const net = new NetworkBuilder('rule', 1)
    .phase('forward')
    .phase('learning')
    .phase('management')
    .coreClass({ name: 'core' })
    .port({ name: 'pre', size: ROWS })
    .rule('rule', RULE)
    .population({
      name: 'post',
      size: COLUMNS,
      coreClass: 'core',
      compartment: { decayU: 4095, decayV: 4095, threshold: 131071 },
      postTraces: { y1: trace, y2: trace },
    })
    .project({
      name: 'plastic',
      from: 'pre',
      to: 'post',
      connection: { kind: 'all', weights: new Int16Array(ROWS * COLUMNS) },
      synapse: { signMode: 'mixed', bits: 8, exponent: 0 },
      rule: 'rule',
      preTraces: { x1: trace, x2: trace },
    })
    .presentation('step', 1);
  return compile(net.build(), loadChip('loihi1').chip).image;
}

/** A number of 0..31: bits of the hash of a place. */
function traceValue(place: number, shift: number): number {
  return (mix32(place) >>> shift) & 31;
}

/** Weights and traces as the core has them, without a step that would lead there. */
class Workbench {
  readonly core: Core;
  readonly image = ruleImage();
  readonly map: MemoryMap;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #first = Uint8Array.from({ length: ROWS * COLUMNS }, (_, i) => mix32(i));
  #epoch = 0;
  changed = 0;
  clipped = 0;

  constructor() {
    const layout = coreLayout('release');
    this.map = mapMemory(this.image, layout, { events: 1, probeBytes: 64, probeCount: 1 });
    this.core = instantiateCore('release', this.map.bytes);
    const { buffer } = this.core.memory;
    new ImageLoader(this.image, this.map, layout, buffer).load();
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
    installRules(this.image, this.map, this.core, this.#words);
    const { postTrace, postStride } = this.map.cores[0]!;
    for (let i = 0; i < COLUMNS; i++) {
      this.#bytes[postTrace + i] = traceValue(i, 8);
      this.#bytes[postTrace + postStride + i] = traceValue(i, 16);
    }
    this.#words[(this.block + layout.BLOCK_LIVE) >> 2] = 3;
  }

  get block(): number {
    return this.map.cores[0]!.blocks[0]!.record;
  }

  get weights(): Uint8Array {
    const { weights } = this.map.cores[0]!.blocks[0]!;
    return this.#bytes.subarray(weights, weights + ROWS * COLUMNS);
  }

  get hash(): number {
    return this.weights.reduce((hash, byte) => (Math.imul(hash, 31) + byte) >>> 0, 0);
  }

  /** Address of y1 or y2. */
  post(trace: number): number {
    const { postTrace, postStride } = this.map.cores[0]!;
    return postTrace + trace * postStride;
  }

  /** Runs epochs: `begin` sees the time, `row` learns one row and returns the two counts. */
  run(epochs: number, begin: (time: number) => void, row: (index: number) => number): number {
    for (let i = 0; i < epochs; i++) {
      if (this.#epoch % RESET_EPOCHS === 0) this.weights.set(this.#first);
      begin(++this.#epoch);
      for (let index = 0; index < ROWS; index++) {
        const counts = row(index);
        this.changed += counts & 0xffff;
        this.clipped += counts >>> 16;
      }
    }
    return epochs * ROWS * COLUMNS;
  }

  /** The rule's own function. */
  generated(epochs: number): number {
    const { layout, table } = this.core;
    const { chip, cores } = this.map;
    const { record, xHistory, blocks } = cores[0]!;
    const learn = table.get(this.#words[blocks[0]!.function >> 2]!) as (...numbers: number[]) => number;
    const history = xHistory + this.image.cores[0]!.epochSteps;
    return this.run(
      epochs,
      (time) => {
        this.#words[(chip + layout.CHIP_TIME) >> 2] = time;
      },
      (index) => {
        this.#bytes[history] = traceValue(index, 8);
        this.#bytes[history + layout.HISTORY_STEPS] = traceValue(index, 16);
        return learn(chip, record, this.block, index, index, 0, COLUMNS);
      },
    );
  }
}

type LearnRow = (
  weights: number,
  columns: number,
  y1: number,
  y2: number,
  x1: number,
  x2: number,
  key: number,
) => number;

/** Compiles bench/kernels/learning.ts as the core is compiled. */
async function handWritten(memory: WebAssembly.Memory): Promise<LearnRow> {
  const outFile = join(mkdtempSync(join(tmpdir(), 'seamount-bench-')), 'learning.wasm');
  const source = join(packageFolder(), 'bench/kernels/learning.ts');
  const options = '--runtime stub --importMemory --enable simd -O3 --converge --noAssert'.split(' ');
  const { error, stderr } = await compileAssembly([source, '--outFile', outFile, ...options]);
  if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`);
  const module = new WebAssembly.Module(readFileSync(outFile));
  const abort = (): never => {
    throw new Error('the kernel aborted');
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  return exports.learnRow as LearnRow;
}

/** Compiles bench/native/learning.c; null if there is no gcc for it. */
function nativeProgram(): string | null {
  const outFile = join(mkdtempSync(join(tmpdir(), 'seamount-bench-')), 'learning');
  const source = join(packageFolder(), 'bench/native/learning.c');
  const options = '-O3 -march=native -mno-avx512f -mprefer-vector-width=128'.split(' ');
  try {
    execFileSync('gcc', [...options, '-o', outFile, source], { stdio: 'pipe' });
    return outFile;
  } catch {
    return null;
  }
}

/** Synaptic updates per second: the generated function against the kernel by hand, and against C. */
export async function ruleBenchmarks(): Promise<BenchResult[]> {
  const own = new Workbench();
  const other = new Workbench();
  const blockKey = streamKey(own.image.seed, 'rule', own.image.cores[0]!.blocks[0]!.projection);
  const learnRow = await handWritten(other.core.memory);
  const { weights } = other.map.cores[0]!.blocks[0]!;
  let key = 0;
  const byHand = (epochs: number): number =>
    other.run(
      epochs,
      (time) => {
        key = deriveKey(blockKey, time);
      },
      (index) =>
        learnRow(
          weights + index * COLUMNS,
          COLUMNS,
          other.post(0),
          other.post(1),
          traceValue(index, 8),
          traceValue(index, 16),
          deriveKey(deriveKey(key, index), 0),
        ),
    );
  const program = nativeProgram();
  const native = (epochs: number): { seconds: number; hash: number; changed: number; clipped: number } => {
    const line = execFileSync(program!, [ROWS, COLUMNS, blockKey >>> 0, epochs].map(String), {
      encoding: 'utf8',
    });
    const [ns, changed, clipped, hash] = line.trim().split(' ').map(Number) as [
      number,
      number,
      number,
      number,
    ];
    return { seconds: ns / 1e9, changed, clipped, hash };
  };
  own.generated(SLICE_EPOCHS);
  byHand(SLICE_EPOCHS);
  const results = [own, other, ...(program === null ? [] : [native(SLICE_EPOCHS)])];
  const said = results.map(({ hash, changed, clipped }) => `${hash} ${changed} ${clipped}`);
  if (new Set(said).size > 1) throw new Error(`the kernels disagree: ${said.join(', ')}`);
  const generated: Contender = { name: 'generated', slice: () => own.generated(SLICE_EPOCHS) };
  const what = `learning, ${ROWS} x ${COLUMNS}, two products`;
  const benchmarks = [
    compete(`${what}, against a kernel by hand`, 'synaptic updates/s', [
      generated,
      { name: 'by hand', slice: () => byHand(SLICE_EPOCHS) },
    ]),
  ];
  if (program !== null) {
    const epochs = 50 * SLICE_EPOCHS;
    benchmarks.push(
      compete(`${what}, against C with 128-bit vectors`, 'synaptic updates/s', [
        generated,
        { name: 'C', timed: () => ({ units: epochs * ROWS * COLUMNS, seconds: native(epochs).seconds }) },
      ]),
    );
  }
  return benchmarks;
}
