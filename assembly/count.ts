// Counting an event: which core, which accounting phase, which counter.

import { COUNTER_COUNT } from './counters';
import { CORE_COUNTERS } from './layout';

export class Counters {
  /** Address of one counter of a core. */
  @inline static at(core: usize, phase: u32, counter: u32): usize {
    return <usize>load<u32>(core, CORE_COUNTERS) + ((<usize>(phase * COUNTER_COUNT + counter)) << 3);
  }

  @inline static add(core: usize, phase: u32, counter: u32, events: u32): void {
    const place = Counters.at(core, phase, counter);
    store<u64>(place, load<u64>(place) + <u64>events);
  }
}
