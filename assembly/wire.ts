// Wires: values that arrive in the step in which they are sent, with no synapse between. A value port drives
// them before the compartments of the step; a population's reach only groups that are served after it.

import {
  CHIP_TIME,
  CHIP_VALUE_COUNT,
  CHIP_VALUE_PORTS,
  CHIP_VALUES,
  CHIP_WIRE_COUNT,
  CHIP_WIRES,
  CORE_ACCUMULATORS,
  CORE_SLOT_MASK,
  CORE_SLOT_STRIDE,
  WIRE_CORE,
  WIRE_COUNT,
  WIRE_FIRST,
  WIRE_FROM,
  WIRE_SPIKE_BITS,
  WIRE_STRIDE,
  WIRE_TARGET,
} from './layout';

/** Carries the present values of `count` wires to accumulators of this step, or into columns. */
export function carryWires(chip: usize, wires: usize, count: u32): void {
  const end = wires + count * WIRE_STRIDE;
  for (let wire = wires; wire < end; wire += WIRE_STRIDE) {
    const first = load<u32>(wire, WIRE_FIRST);
    const from: usize = load<u32>(wire, WIRE_FROM);
    const bits: usize = load<u32>(wire, WIRE_SPIKE_BITS);
    const size = load<u32>(wire, WIRE_COUNT);
    const core: usize = load<u32>(wire, WIRE_CORE);
    let to: usize = load<u32>(wire, WIRE_TARGET);
    if (core != 0) {
      const slot = load<u32>(chip, CHIP_TIME) & load<u32>(core, CORE_SLOT_MASK);
      to = (to << 2) + load<u32>(core, CORE_ACCUMULATORS) + slot * load<u32>(core, CORE_SLOT_STRIDE);
    }
    for (let i: u32 = 0; i < size; i++) {
      const element = first + i;
      const sends = bits == 0 || ((load<u8>(bits + (element >> 3)) >> <u8>(element & 7)) & 1) != 0;
      const value = sends ? load<i32>(from + (element << 2)) : 0;
      const place = to + (i << 2);
      store<i32>(place, core == 0 ? value : load<i32>(place) + value);
    }
  }
}

/** Sets the columns of the value ports from this step's events, and carries them. */
export function driveValues(chip: usize, events: usize, payloads: usize, count: u32): void {
  const size = load<u32>(chip, CHIP_VALUE_COUNT);
  if (size == 0) return;
  const first = load<u32>(chip, CHIP_VALUE_PORTS);
  const values: usize = load<u32>(chip, CHIP_VALUES);
  memory.fill(values, 0, size << 2);
  for (let i: usize = 0; i < count; i++) {
    const element = load<u32>(events + (i << 2));
    if (element < first) continue;
    const place = values + ((<usize>(element - first)) << 2);
    store<i32>(place, load<i32>(place) + (payloads == 0 ? 1 : load<i32>(payloads + (i << 2))));
  }
  carryWires(chip, load<u32>(chip, CHIP_WIRES), load<u32>(chip, CHIP_WIRE_COUNT));
}
