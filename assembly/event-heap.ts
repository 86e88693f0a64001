// Pending events of the units in the order of their times, and of their numbers at equal times: a binary heap of
// words, the time above and the number below.
//
//  63                                  20 19          3 2    0
//  ├─────────────────────────────────────┼─────────────┼──────┤
//  │ time                                │ station     │ work │
//  └─────────────────────────────────────┴─────────────┴──────┘

const NUMBER_BITS: u32 = 20;

let heap: usize = 0;
let count: u32 = 0;

/** Begins with no events; `words`: memory for one event of each unit. */
export function openEvents(words: usize): void {
  heap = words;
  count = 0;
}

/** Time of the first event, u64.MAX_VALUE if there is none. */
export function firstEventTime(): u64 {
  return count == 0 ? u64.MAX_VALUE : load<u64>(heap) >> NUMBER_BITS;
}

export function pushEvent(time: u64, number: u32): void {
  const key = (time << NUMBER_BITS) | number;
  let place: u32 = count++;
  while (place > 0) {
    const parent: u32 = (place - 1) >> 1;
    const above = load<u64>(heap + ((<usize>parent) << 3));
    if (above <= key) break;
    store<u64>(heap + ((<usize>place) << 3), above);
    place = parent;
  }
  store<u64>(heap + ((<usize>place) << 3), key);
}

/** Takes the first event and returns its number. */
export function popEvent(): u32 {
  assert(count > 0);
  const number = <u32>load<u64>(heap) & ((1 << NUMBER_BITS) - 1);
  count--;
  const key = load<u64>(heap + ((<usize>count) << 3));
  let place: u32 = 0;
  for (;;) {
    let child: u32 = 2 * place + 1;
    if (child >= count) break;
    const at = heap + ((<usize>child) << 3);
    if (child + 1 < count && load<u64>(at, 8) < load<u64>(at)) child++;
    const below = load<u64>(heap + ((<usize>child) << 3));
    if (below >= key) break;
    store<u64>(heap + ((<usize>place) << 3), below);
    place = child;
  }
  store<u64>(heap + ((<usize>place) << 3), key);
  return number;
}
