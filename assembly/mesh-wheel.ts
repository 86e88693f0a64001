// The mesh's calendar: a list of events for each of the coming cycles. A link has at most one event of each kind in it,
// so the lists run through the links' own records and nothing is allocated.

import {
  LINK_NEXT,
  MESH_TIME,
  MESH_WHEEL,
  MESH_WHEEL_BITS,
  MESH_WHEEL_FILLED,
  MESH_WHEEL_MASK,
} from './mesh-layout';

/** The word that names the event behind `event` in its list. */
function nextOf(event: usize): usize {
  return (event & ~63) + LINK_NEXT + ((event & 63) << 2);
}

/** Puts an event `cycles` after the cycle MESH_TIME, at least 1 and at most the wheel's mask. */
export function schedule(mesh: usize, cycles: u32, event: usize): void {
  assert(cycles > 0 && cycles <= load<u32>(mesh, MESH_WHEEL_MASK));
  const slot = (load<u32>(mesh, MESH_TIME) + cycles) & load<u32>(mesh, MESH_WHEEL_MASK);
  const list = <usize>load<u32>(mesh, MESH_WHEEL) + ((<usize>slot) << 2);
  const first = load<u32>(list);
  store<u32>(nextOf(event), first);
  store<u32>(list, <u32>event);
  if (first != 0) return;
  const word = <usize>load<u32>(mesh, MESH_WHEEL_BITS) + ((<usize>(slot >> 6)) << 3);
  store<u64>(word, load<u64>(word) | ((<u64>1) << (slot & 63)));
  store<u32>(mesh, load<u32>(mesh, MESH_WHEEL_FILLED) + 1, MESH_WHEEL_FILLED);
}

/** Takes the events of cycle MESH_TIME out of the wheel: the first one, 0 if there is none. */
export function takeEvents(mesh: usize): usize {
  const slot = load<u32>(mesh, MESH_TIME) & load<u32>(mesh, MESH_WHEEL_MASK);
  const list = <usize>load<u32>(mesh, MESH_WHEEL) + ((<usize>slot) << 2);
  const first: usize = load<u32>(list);
  if (first == 0) return 0;
  store<u32>(list, 0);
  const word = <usize>load<u32>(mesh, MESH_WHEEL_BITS) + ((<usize>(slot >> 6)) << 3);
  store<u64>(word, load<u64>(word) & ~((<u64>1) << (slot & 63)));
  store<u32>(mesh, load<u32>(mesh, MESH_WHEEL_FILLED) - 1, MESH_WHEEL_FILLED);
  return first;
}

/** The event behind `event`; to be asked before `event` is dealt with, since that may schedule it anew. */
export function nextEventOf(event: usize): usize {
  return load<u32>(nextOf(event));
}

/** The first cycle from MESH_TIME on that has events, u64.MAX_VALUE if there is none. */
export function firstScheduled(mesh: usize): u64 {
  if (load<u32>(mesh, MESH_WHEEL_FILLED) == 0) return u64.MAX_VALUE;
  const time = load<u64>(mesh, MESH_TIME);
  const mask = load<u32>(mesh, MESH_WHEEL_MASK);
  const bits: usize = load<u32>(mesh, MESH_WHEEL_BITS);
  const now = <u32>time & mask;
  // Once around: the word of the present slot is looked at first above it and last below it.
  let word = load<u64>(bits + ((<usize>(now >> 6)) << 3)) & (u64.MAX_VALUE << (now & 63));
  let base = now & ~63;
  while (word == 0) {
    base = (base + 64) & mask;
    word = load<u64>(bits + ((<usize>(base >> 6)) << 3));
  }
  const slot = base + <u32>ctz(word);
  return time + <u64>((slot - now) & mask);
}
