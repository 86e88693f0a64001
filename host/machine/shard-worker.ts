// A thread of a network: runs the steps of its shard whenever the first thread orders some.

import { workerData } from 'node:worker_threads';
import { fillTable } from './codegen/install-functions.ts';
import { sleeper, type ThreadExports } from './core-module.ts';
import type { ShardJob } from './team.ts';

const { module, code, memory, team, shard, program, ready, end, fail } = workerData as ShardJob;
const words = new Int32Array(memory.buffer);

function say(error: unknown): void {
  const text = new TextEncoder().encode(error instanceof Error ? error.message : String(error));
  const bytes = new Uint8Array(memory.buffer, fail.text, fail.bytes);
  bytes.fill(0);
  bytes.set(text.subarray(0, fail.bytes));
  Atomics.store(words, fail.meetings >> 2, fail.value);
  Atomics.notify(words, fail.meetings >> 2);
}

try {
  const imports = { env: { memory }, meeting: { sleep: sleeper(memory) } };
  const { exports } = new WebAssembly.Instance(module, imports);
  const { nextOrder, presentShard, table } = exports as unknown as ThreadExports;
  for (const each of code) fillTable(each, table as unknown as WebAssembly.Table, memory);
  Atomics.add(words, ready >> 2, 1);
  Atomics.notify(words, ready >> 2);
  for (let order = nextOrder(team, 0); words[program >> 2] !== end; order = nextOrder(team, order))
    if (!presentShard(shard)) break;
} catch (error) {
  say(error);
}
