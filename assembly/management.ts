// The management schedule: register writes that an embedded processor makes between the steps of a
// presentation, as a table in the image. Every write is counted at the core it goes to. [HW 6.4]

import { Counters } from './count';
import { COUNTER_MANAGEMENT_WRITES, COUNTER_MICROCODE_SWAPS } from './counters';
import {
  CHIP_MANAGEMENT_PHASE,
  CHIP_PHASE,
  CHIP_TIME_MANAGEMENT_WRITE,
  CORE_AT_REST,
  ENTRY_ADDRESS,
  ENTRY_CORE,
  ENTRY_OPERATION,
  ENTRY_VALUE,
  GROUP_AT_REST,
  GROUP_COUNT,
  GROUP_CURRENT,
  GROUP_PROGRAM,
  GROUP_REFRACTORY,
  GROUP_VOLTAGE,
  OPERATION_MICROCODE,
  OPERATION_PHASE,
  OPERATION_RESET,
  OPERATION_WRITE,
  OPERATION_WRITE_BYTE,
} from './layout';
import { resetProgram } from './program';

/** Does what one entry asks for. Returns the time it took, in quanta. */
export function manage(chip: usize, entry: usize): u32 {
  const operation = load<u32>(entry, ENTRY_OPERATION);
  const address: usize = load<u32>(entry, ENTRY_ADDRESS);
  const value = load<u32>(entry, ENTRY_VALUE);
  if (operation == OPERATION_PHASE) {
    store<u32>(chip, value, CHIP_PHASE);
    return 0;
  }
  let writes: u32 = 1;
  if (operation == OPERATION_WRITE) store<u32>(address, value);
  else if (operation == OPERATION_WRITE_BYTE) store<u8>(address, <u8>value);
  else if (operation == OPERATION_RESET) {
    writes = resetGroup(address);
    store<u32>(load<u32>(entry, ENTRY_CORE), 0, CORE_AT_REST);
  } else if (operation == OPERATION_MICROCODE) store<u32>(address, value);
  else assert(false);
  const core: usize = load<u32>(entry, ENTRY_CORE);
  const phase = load<u32>(chip, CHIP_MANAGEMENT_PHASE);
  Counters.add(core, phase, COUNTER_MANAGEMENT_WRITES, writes);
  if (operation == OPERATION_MICROCODE) Counters.add(core, phase, COUNTER_MICROCODE_SWAPS, 1);
  return writes * load<u32>(chip, CHIP_TIME_MANAGEMENT_WRITE);
}

/** u, v and the refractory counters of a group to 0, one write per compartment; or the state of its program. */
function resetGroup(group: usize): u32 {
  if (load<u32>(group, GROUP_PROGRAM) != 0) return resetProgram(group);
  const count = load<u32>(group, GROUP_COUNT);
  memory.fill(load<u32>(group, GROUP_CURRENT), 0, count << 2);
  memory.fill(load<u32>(group, GROUP_VOLTAGE), 0, count << 2);
  memory.fill(load<u32>(group, GROUP_REFRACTORY), 0, count << 2);
  store<u32>(group, 0, GROUP_AT_REST); // the bias is unknown here
  return count;
}
