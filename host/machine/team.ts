// The threads of a network: the first one is the caller's, the others are workers that wait for its orders.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { packageFolder } from '../versions.ts';
import type { Layout, ThreadedCore } from './core-module.ts';
import { Pace } from './pace.ts';
import { FAILURE_BYTES, type TeamMap } from './shard-map.ts';

/** What a worker is given. Numbers but the values of `end` and `fail` are addresses in the shared memory. */
export interface ShardJob {
  readonly module: WebAssembly.Module;
  /** Compiled neuron programs and learning rules, in the order in which they go into the core's table. */
  readonly code: readonly WebAssembly.Module[];
  readonly memory: WebAssembly.Memory;
  readonly team: number;
  readonly shard: number;
  readonly program: number;
  readonly ready: number;
  /** The order to end, in place of a presentation. */
  readonly end: number;
  /** How it says that it has failed. */
  readonly fail: {
    readonly meetings: number;
    readonly value: number;
    readonly text: number;
    readonly bytes: number;
  };
}

/** Workers have to start within this time. */
const START_MS = 60_000;

/** Workers run built code, also when the host runs from its sources. */
function workerFile(): string {
  const beside = fileURLToPath(new URL('./shard-worker.js', import.meta.url));
  const file = existsSync(beside) ? beside : join(packageFolder(), 'dist/host/machine/shard-worker.js');
  if (!existsSync(file)) throw new Error(`${file} does not exist: run "npm run build"`);
  return file;
}

export class Team {
  readonly #core: ThreadedCore;
  readonly #map: TeamMap;
  readonly #words: Int32Array;
  readonly #code: readonly WebAssembly.Module[];
  /** Null if all threads always work together. */
  readonly #pace: Pace | null;
  #hasStarted = false;
  /** Why no order can be given any more. */
  #over: string | undefined;

  /**
   * The image must have been loaded.
   * @param code generated functions, in the order in which they went into the core's table
   * @param isPaced true if the further threads work only where that is faster
   */
  constructor(core: ThreadedCore, map: TeamMap, code: readonly WebAssembly.Module[], isPaced: boolean) {
    this.#core = core;
    this.#map = map;
    this.#words = new Int32Array(core.memory.buffer);
    this.#code = code;
    this.#pace = isPaced ? new Pace() : null;
    if (!isPaced) this.#start();
  }

  #start(): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    const map = this.#map;
    const { layout, module, memory } = this.#core;
    const filename = workerFile();
    for (const shard of map.shards.slice(1)) {
      const job: ShardJob = {
        module,
        code: this.#code,
        memory,
        team: map.record,
        shard: shard.record,
        program: map.record + layout.TEAM_PROGRAM,
        ready: map.record + layout.TEAM_READY,
        end: layout.ORDER_END | 0,
        fail: {
          meetings: map.record + layout.TEAM_MEETINGS,
          value: layout.MEETING_FAILED | 0,
          text: map.failure,
          bytes: FAILURE_BYTES,
        },
      };
      new Worker(filename, { workerData: job }).unref(); // the process may end while it waits for orders
    }
  }

  /** Threads that have had something to do. */
  get threads(): number {
    return this.#hasStarted ? this.#map.shards.length : 1;
  }

  #place(name: keyof Layout): number {
    return (this.#map.record + this.#core.layout[name]) >> 2;
  }

  #prepare(program: number, events: number, from: number, to: number): void {
    this.#words[this.#place('TEAM_PROGRAM')] = program;
    this.#words[this.#place('TEAM_EVENTS')] = events;
    this.#words[this.#place('TEAM_FROM')] = from;
    this.#words[this.#place('TEAM_TO')] = to;
  }

  #order(): void {
    Atomics.add(this.#words, this.#place('TEAM_ORDER'), 1);
    Atomics.notify(this.#words, this.#place('TEAM_ORDER'));
  }

  /** Waits for workers that have not started yet. */
  #awaitStart(): void {
    const place = this.#place('TEAM_READY');
    const until = performance.now() + START_MS;
    for (;;) {
      const ready = Atomics.load(this.#words, place);
      const left = until - performance.now();
      if (ready === this.#map.shards.length - 1) return;
      this.#checkFailure();
      if (left <= 0) throw new Error('the threads of the network did not start');
      Atomics.wait(this.#words, place, ready, Math.min(left, 1000));
    }
  }

  #checkFailure(): void {
    if (Atomics.load(this.#words, this.#place('TEAM_MEETINGS')) !== (this.#core.layout.MEETING_FAILED | 0))
      return;
    const bytes = new Uint8Array(this.#words.buffer, this.#map.failure, FAILURE_BYTES).slice();
    const text = new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
    this.#over = `a thread of the network failed: ${text}`;
    throw new Error(this.#over);
  }

  /** Runs the steps that are prepared on all threads. */
  #presentTogether(): void {
    this.#start();
    this.#awaitStart();
    this.#order();
    let isDone = false;
    try {
      isDone = Boolean(this.#core.presentShard(this.#map.shards[0]!.record));
    } catch (error) {
      // The others wait for this thread and must not go on doing so.
      this.#over = 'a thread of the network failed';
      Atomics.store(this.#words, this.#place('TEAM_MEETINGS'), this.#core.layout.MEETING_FAILED | 0);
      Atomics.notify(this.#words, this.#place('TEAM_MEETINGS'));
      throw error;
    }
    if (!isDone) this.#checkFailure();
  }

  /** Runs a presentation, given by its number; `events`: address of its event list, or 0. */
  present(program: number, events: number, steps: number): void {
    if (this.#over !== undefined) throw new Error(this.#over);
    if (this.#pace === null) {
      this.#prepare(program, events, 0, steps);
      this.#presentTogether();
      return;
    }
    this.#pace.go(steps, (from, to, together) => {
      this.#prepare(program, events, from, to);
      if (together) {
        this.#start();
        this.#awaitStart();
      }
      const begin = performance.now();
      if (together) this.#presentTogether();
      else this.#core.presentAlone(this.#map.record);
      return (performance.now() - begin) / 1000;
    });
  }

  /** Ends the workers. */
  close(): void {
    if (this.#over !== undefined) return;
    this.#over = 'the threads of the network have ended';
    if (!this.#hasStarted) return;
    this.#prepare(this.#core.layout.ORDER_END, 0, 0, 0);
    this.#order();
  }
}
