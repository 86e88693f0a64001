// Area and memory of the cores that a network uses, estimated from the chip's configuration. What is public is the area
// of a core and its whole memory; how the memory is split, only in part. [HW 1.1, 1.2]

import type { Chip } from '../chip/schema.ts';
import type { CoreUtilization } from '../compile/compile.ts';
import type { Resource } from '../compile/resource-use.ts';

/** One memory of a core. */
export interface CoreMemory {
  readonly name: string;
  readonly bytes: number;
  /** In use, on the mean over the cores in use; null = not known. */
  readonly usedMeanBytes: number | null;
}

export interface AreaEstimate {
  readonly coreM2: number;
  /** Of all cores in use. */
  readonly usedCoresM2: number;
  /** Of all chips in use. */
  readonly diesM2: number;
  readonly memoryPerCoreBytes: number;
  /** The parts that the configuration gives; the last one is what it leaves for tables and the learning engine. */
  readonly memories: readonly CoreMemory[];
  readonly perCore: readonly { readonly core: number; readonly areaM2: number; readonly usedBytes: number }[];
}

/** Bytes of each memory that so much of its resource takes; a compartment is all of its state. */
const MEMORIES: readonly {
  readonly name: string;
  readonly resource: Resource;
  readonly bytes: (amount: number, chip: Chip) => number;
  readonly size: (chip: Chip) => number;
}[] = [
  {
    name: 'synapses',
    resource: 'synapseMemory',
    bytes: (words, { core }) => (words * core.synapseWord) / 8,
    size: ({ core }) => core.synapseMemoryWords,
  },
  {
    name: 'compartment state',
    resource: 'compartments',
    bytes: (compartments, { core, program }) => (compartments * program.neuronMemory) / core.compartments,
    size: ({ core }) => core.compartments,
  },
  {
    name: 'dendritic accumulators',
    resource: 'dendriticAccumulators',
    bytes: (accumulators, { compartment }) => (accumulators * (compartment.accumulator + 1)) / 8,
    size: ({ core }) => core.dendriticAccumulators,
  },
];

function usedOf({ use }: CoreUtilization, resource: Resource): number {
  return use.find((item) => item.resource === resource)?.used ?? 0;
}

/** Area and memory of the cores in use. */
export function areaEstimate(chip: Chip, cores: readonly CoreUtilization[], chips: number): AreaEstimate {
  const { core: coreM2, die, coreMemory } = chip.area;
  const perCore = cores.map((item) => ({
    core: item.core,
    areaM2: coreM2,
    usedBytes: MEMORIES.reduce((sum, { resource, bytes }) => sum + bytes(usedOf(item, resource), chip), 0),
  }));
  const memories = MEMORIES.map(({ name, resource, bytes, size }): CoreMemory => {
    const used = cores.reduce((sum, item) => sum + bytes(usedOf(item, resource), chip), 0);
    return { name, bytes: bytes(size(chip), chip), usedMeanBytes: used / Math.max(1, cores.length) };
  });
  const rest = coreMemory - memories.reduce((sum, { bytes }) => sum + bytes, 0);
  // A memory that programs split as they like is smaller than the sum of what each part could be.
  const tables = rest < 0 ? [] : [{ name: 'tables, traces and profiles', bytes: rest, usedMeanBytes: null }];
  return {
    coreM2,
    usedCoresM2: coreM2 * cores.length,
    diesM2: die * chips,
    memoryPerCoreBytes: coreMemory,
    memories: [...memories, ...tables],
    perCore,
  };
}
