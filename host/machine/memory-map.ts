// The memory map: where the records and tables of an image lie in linear memory. Addresses depend on the image
// alone, so a snapshot of one machine fits every other of the same image.

import type { ChipImage, CoreImage, GroupImage, NeuronProgramImage } from '../image/image.ts';
import { Arena, roundUp } from './arena.ts';
import {
  type BlockMap,
  type BundleMap,
  columnStrideOf,
  mapBlock,
  mapSpan,
  QUEUE_SPARE,
  ROW_PADDING,
  type SpanMap,
} from './block-map.ts';
import { findBundles } from './bundles.ts';
import type { Layout } from './core-module.ts';
import { type CycleMap, type CycleRecording, mapCycle, mapCycleSums } from './cycle-map.ts';
import { mapTeam, owns, type TeamMap } from './shard-map.ts';
import type { CoreRange } from './sharding.ts';
import { SharedQueues } from './shared-queues.ts';
import { findSpans } from './spans.ts';
import { tiedBytes } from './tied.ts';
import { mapTape, type TapeMap, wiresFrom } from './wide-map.ts';

/** Module data and stack of the core lie below. */
const FIRST_ADDRESS = 65536;
/** Compartments of a group start at multiples of this. */
const GROUP_PADDING = 16;

export interface GroupMap {
  readonly record: number;
  /** First compartment in the core's padded order. */
  readonly first: number;
  readonly spikeBits: number;
  /** Column that the group pushes into, or the voltages themselves; 0 if it has no parent. */
  readonly pushed: number;
  /** 1 if `pushed` is a column of its own. */
  readonly pushes: boolean;
  readonly postProfile: number;
  /** A byte per compartment: whether it has left phase INACTIVE; 0 if all start IDLE. [HW 1.2] */
  readonly awake: number;
  /** Parameter columns of a wide group and their distance, the column of its inputs, its wires. */
  readonly parameters: number;
  readonly parameterStride: number;
  readonly inputs: number;
  readonly wires: number;
  /** null: the native kernel. */
  readonly program: ProgramMap | null;
}

/** Where the program of a group lies. Columns are i32, `columnBytes` long, for every compartment of the group. */
export interface ProgramMap {
  readonly record: number;
  readonly instructions: number;
  readonly instructionBytes: number;
  readonly columnBytes: number;
  /** State words, one column behind the other, and behind them their start values. */
  readonly state: number;
  readonly initial: number;
  /** Per parameter: a column, or four equal words. */
  readonly parameters: readonly number[];
  readonly tables: readonly number[];
  /** Four equal words per different constant. */
  readonly constants: ReadonlyMap<number, number>;
  /** Column of the compartments' places in their population. */
  readonly index: number;
  readonly postBits: number;
  /** Byte offset in a slot of the accumulators of the second and further ports. */
  readonly furtherPorts: number;
  /** Word that names its compiled function in the core's table; not part of the state. */
  function: number;
}

export interface CoreMap {
  readonly record: number;
  readonly padded: number;
  readonly current: number;
  readonly voltage: number;
  readonly bias: number;
  readonly refractory: number;
  readonly accumulators: number;
  readonly slotStride: number;
  readonly counters: number;
  readonly routes: number;
  readonly references: number;
  readonly spikes: number;
  /** Ways of the compartments, for the time of a step; not part of the state. */
  ways: number;
  /** Payloads of the compartments; 0 if no group is wide or runs a program that sends. */
  readonly payloads: number;
  readonly groups: readonly GroupMap[];
  readonly groupRecords: number;
  readonly blocks: readonly BlockMap[];
  readonly blockRecords: number;
  readonly rewardBlock: number;
  readonly learningAxons: number;
  readonly firstLearningAxon: number;
  readonly preTime: number;
  readonly preTrace: number;
  readonly preStride: number;
  readonly preProfile: number;
  readonly preProfiles: number;
  readonly preKeys: number;
  readonly axonSynapses: number;
  readonly plasticBlocks: number;
  readonly noted: number;
  readonly postTime: number;
  readonly postTrace: number;
  readonly postOwn: number;
  readonly postHistory: number;
  readonly postStride: number;
  readonly xHistory: number;
  readonly scratch: number;
  readonly products: number;
  readonly ruleStart: readonly number[];
  readonly reward: number;
  /** Reward spikes by step of the epoch; 0 if their times do not matter. */
  readonly rewardTimes: number;
}

export interface MemoryMap {
  readonly chip: number;
  readonly cores: readonly CoreMap[];
  readonly coreRecords: number;
  readonly bundles: readonly BundleMap[];
  readonly spans: readonly SpanMap[];
  /** List of the queues that hold rows. */
  readonly pending: number;
  readonly learningPhases: number;
  readonly times: number;
  readonly portRoutes: number;
  readonly portReferences: number;
  readonly values: number;
  readonly wires: number;
  readonly tape: TapeMap | null;
  readonly programs: readonly { readonly record: number; readonly entries: number }[];
  /** Everything below is configuration or state of the chip: what a snapshot holds. */
  readonly stateEnd: number;
  /** Working memory of the neuron programs. */
  readonly programScratch: number;
  readonly events: number;
  readonly eventWords: number;
  /** Payloads beside the event list, as many words. */
  readonly payloads: number;
  /** Null unless time is told in mode `cycle`. */
  readonly cycle: CycleMap | null;
  readonly probes: number;
  readonly probesEnd: number;
  /** Null on one thread. */
  readonly team: TeamMap | null;
  readonly bytes: number;
}

export interface MemoryOptions {
  /** Port spikes that one presentation may hold. */
  readonly events: number;
  readonly probeBytes: number;
  readonly probeCount: number;
  /** What mode `cycle` records; left out in the other modes. */
  readonly cycle?: CycleRecording;
  /** Cores of each thread; left out on one. */
  readonly shards?: readonly CoreRange[];
}

/** Working memory of the programs of a core: each thread has its own. */
export function scratchOf({ team, programScratch }: MemoryMap, core: number): number {
  return team?.shards.find((shard) => owns(shard, core))?.programScratch ?? programScratch;
}

/** First column of the accumulators of a group's port. */
export function accumulatorOf({ first, program }: GroupMap, port: number): number {
  return port === 0 || program === null
    ? first
    : (program.furtherPorts + (port - 1) * program.columnBytes) / 4;
}

function mapGroups(
  arena: Arena,
  layout: Layout,
  image: ChipImage,
  core: CoreImage,
  coreIndex: number,
  voltage: number,
): { records: number; groups: GroupMap[] } {
  const records = arena.take(core.groups.length * layout.GROUP_STRIDE);
  let first = 0;
  let furtherPorts = paddedCount(core) * 4;
  const groups = core.groups.map((group, i) => {
    const padded = roundUp(group.count, GROUP_PADDING);
    const own = needsPushColumn(image, group) ? arena.take(padded * 4) : 0;
    const map = {
      record: records + i * layout.GROUP_STRIDE,
      first,
      spikeBits: arena.take(roundUp(padded / 8, 8)),
      pushed: group.push === null ? 0 : own === 0 ? voltage + first * 4 : own,
      pushes: own !== 0,
      postProfile: group.postTraces === null ? 0 : arena.take(3 * layout.TRACE_STRIDE),
      awake: startsInactive(image, group) ? arena.take(padded) : 0,
      parameters: group.wide === null ? 0 : arena.take(layout.WIDE_PARAMETERS * padded * 4),
      parameterStride: padded * 4,
      inputs: group.wide === null ? 0 : arena.take(padded * 4),
      wires: arena.take(wiresFrom(image, coreIndex, i).length * layout.WIRE_STRIDE),
      program: group.program === null ? null : mapProgram(arena, layout, group.program, padded, furtherPorts),
    };
    first += padded;
    furtherPorts += ((group.program?.ports ?? 1) - 1) * padded * 4;
    return map;
  });
  return { records, groups };
}

/** Compartments of a core with the padding of its groups. */
function paddedCount(core: CoreImage): number {
  return core.groups.reduce((sum, { count }) => sum + roundUp(count, GROUP_PADDING), 0);
}

/** Room in a slot of the accumulators for the second and further ports of programs. */
function furtherPortBytes(core: CoreImage): number {
  return core.groups.reduce(
    (sum, { count, program }) => sum + ((program?.ports ?? 1) - 1) * roundUp(count, GROUP_PADDING) * 4,
    0,
  );
}

function sendsPayloads(core: CoreImage): boolean {
  return core.groups.some(
    ({ wide, program }) => wide !== null || program?.instructions.some(({ op }) => op === 'send') === true,
  );
}

/** Working memory for the largest program of a core. */
function scratchBytes(layout: Layout, core: CoreImage): number {
  const temporaries = core.groups.map(({ program }) => program?.temporaries ?? -1);
  const most = Math.max(-1, ...temporaries);
  return most < 0 ? 0 : (layout.STRIP_TEMPORARIES + most) * layout.STRIP * 4;
}

function mapProgram(
  arena: Arena,
  layout: Layout,
  program: NeuronProgramImage,
  padded: number,
  furtherPorts: number,
): ProgramMap {
  const columnBytes = padded * 4;
  const instructionBytes = program.instructions.length * layout.INSTRUCTION_STRIDE;
  const constants = new Map<number, number>();
  for (const { sources } of program.instructions) {
    for (const operand of sources)
      if (operand.kind === 'constant' && !constants.has(operand.value))
        constants.set(operand.value, arena.take(16));
  }
  return {
    record: arena.take(layout.NEURON_STRIDE),
    instructions: arena.take(instructionBytes),
    instructionBytes,
    columnBytes,
    state: arena.take(program.state.length * columnBytes),
    initial: arena.take(program.state.length * columnBytes),
    parameters: program.parameters.map(({ values }) => arena.take(values.length === 1 ? 16 : columnBytes)),
    tables: program.tables.map((table) => arena.take(table.length * 4)),
    constants,
    index: arena.take(columnBytes),
    postBits: program.instructions.some(({ op }) => op === 'post') ? arena.take(roundUp(padded / 8, 8)) : 0,
    furtherPorts,
    function: 0,
  };
}

export function startsInactive({ semantics }: ChipImage, { program }: GroupImage): boolean {
  return semantics.activityPhase === 'inactive' && program === null;
}

/** A child that pushes v as stored needs no column: its parent reads the voltages. */
function needsPushColumn(image: ChipImage, group: GroupImage): boolean {
  if (group.push === null) return false;
  return group.push === 'u' || group.thresholdOp === 'pass' || image.semantics.joinPush === 'beforeReset';
}

/** True if a rule gated by x0 reads a post trace, whose course through the epoch must then be kept. */
function needsPostHistory(core: CoreImage): boolean {
  return core.rules.some(({ products }) =>
    products.some(
      ({ gate, factors }) => gate === 'x0' && factors.some(({ variable }) => /^y[123]$/.test(variable)),
    ),
  );
}

/** A core's accumulators: where its part of slot 0 begins, its length, and the bytes from slot to slot. */
interface AccumulatorMap {
  readonly address: number;
  readonly bytes: number;
  readonly slotStride: number;
}

/** The slots of cores with equally many of them lie side by side, so that one list can reach all of these cores. */
function mapAccumulators(arena: Arena, layout: Layout, image: ChipImage): AccumulatorMap[] {
  const places = image.cores.map(() => ({ address: 0, bytes: 0, slotStride: 0 }));
  for (const slots of new Set(image.cores.map(({ accumulators }) => accumulators))) {
    const members = image.cores.flatMap(({ accumulators }, i) => (accumulators === slots ? [i] : []));
    const bytes = members.map((i) => {
      const core = image.cores[i]!;
      return paddedColumn(layout, paddedCount(core)) + furtherPortBytes(core);
    });
    const slotStride = bytes.reduce((sum, each) => sum + each, 0);
    let address = arena.take(slots * slotStride);
    members.forEach((i, k) => {
      places[i] = { address, bytes: bytes[k]!, slotStride };
      address += bytes[k]!;
    });
  }
  return places;
}

/** Bytes of a column of words; a tile may write past the last compartment. */
function paddedColumn(layout: Layout, padded: number): number {
  return padded * 4 + layout.TILE * 4;
}

function mapCore(
  arena: Arena,
  layout: Layout,
  image: ChipImage,
  core: CoreImage,
  index: number,
  record: number,
  accumulators: AccumulatorMap,
  shared: SharedQueues,
): CoreMap {
  const padded = paddedCount(core);
  const column = paddedColumn(layout, padded);
  const current = arena.take(column);
  const voltage = arena.take(column);
  const bias = arena.take(column);
  const refractory = arena.take(column);
  const { records: groupRecords, groups } = mapGroups(arena, layout, image, core, index, voltage);
  const firstLearningAxon = core.axons.findIndex(({ profile }) => profile >= 0);
  const learningAxons = firstLearningAxon < 0 ? 0 : core.axons.length - firstLearningAxon;
  const blockRecords = arena.take((core.blocks.length + 1) * layout.BLOCK_STRIDE);
  const blocks = core.blocks.map((block, i) =>
    mapBlock(
      arena,
      layout,
      block,
      blockRecords + i * layout.BLOCK_STRIDE,
      learningAxons,
      core.accumulators,
      shared.isBundled(index, i),
      shared.isSpanned(index, i),
    ),
  );
  const preStride = roundUp(learningAxons + 8, 8);
  const postStride = roundUp(padded + layout.TILE, 64);
  const products = core.rules.reduce((sum, rule) => sum + rule.products.length, 0);
  let start = 0;
  const ruleStart = core.rules.map((rule) => {
    const first = start;
    start += rule.products.length;
    return first;
  });
  return {
    record,
    padded,
    current,
    voltage,
    bias,
    refractory,
    accumulators: accumulators.address,
    slotStride: accumulators.slotStride,
    counters: arena.take(image.phases.length * layout.COUNTER_COUNT * 8),
    routes: arena.take(padded * layout.ROUTE_STRIDE),
    references: arena.take(
      shared.countReferences(image, core.routes, furtherTargets(image, 'compartment')) *
        layout.REFERENCE_STRIDE,
    ),
    spikes: arena.take(padded * 2),
    ways: 0,
    payloads: sendsPayloads(core) ? arena.take(padded * 4) : 0,
    groups,
    groupRecords,
    blocks,
    blockRecords,
    rewardBlock: blockRecords + core.blocks.length * layout.BLOCK_STRIDE,
    learningAxons,
    firstLearningAxon,
    preTime: arena.take(preStride),
    preTrace: arena.take(preStride * 2),
    preStride,
    preProfile: arena.take(preStride),
    preProfiles: arena.take(Math.max(1, core.preTraceProfiles.length) * 2 * layout.TRACE_STRIDE),
    preKeys: arena.take(preStride * 4),
    axonSynapses: arena.take(preStride * 4),
    plasticBlocks: arena.take(Math.max(1, core.blocks.length) * 4),
    noted: arena.take(preStride * 2),
    postTime: arena.take(postStride),
    postTrace: arena.take(postStride * 3),
    postOwn: arena.take(postStride * 3),
    postHistory: needsPostHistory(core) ? arena.take(postStride * 3 * core.epochSteps) : 0,
    postStride,
    xHistory: arena.take(128),
    scratch: arena.take(layout.SCRATCH_ROWS * layout.TILE * 4),
    products: arena.take(Math.max(1, products) * layout.PRODUCT_STRIDE),
    ruleStart,
    reward: arena.take(layout.TRACE_STRIDE),
    rewardTimes: core.reward !== null && image.semantics.rewardTime === 'spike' ? arena.take(128) : 0,
  };
}

/** Ways of a core's compartments: a header each, and a record for every message. */
function waysBytes(layout: Layout, image: ChipImage, core: number): number {
  const { routes } = image.cores[core]!;
  const rewards = image.rewards.filter(({ from }) => from.kind === 'compartment' && from.core === core);
  const messages = rewards.reduce((sum, { cores }) => sum + cores.length, routes.core.length);
  return (routes.start.length - 1) * layout.WAYS_HEADER + messages * layout.WAY_STRIDE;
}

/** References that reward channels and post spikes of wide blocks, from ports or from compartments, add. */
function furtherTargets(image: ChipImage, kind: 'port' | 'compartment'): number {
  return (
    image.rewards.reduce((sum, { from, cores }) => sum + (from.kind === kind ? cores.length : 0), 0) +
    image.postNotes.filter(({ from }) => from.kind === kind).length
  );
}

/** Lays out an image. */
export function mapMemory(image: ChipImage, layout: Layout, options: MemoryOptions): MemoryMap {
  const arena = new Arena(FIRST_ADDRESS);
  const chip = arena.take(layout.CHIP_STRIDE);
  const coreRecords = arena.take(image.cores.length * layout.CORE_STRIDE);
  const accumulators = mapAccumulators(arena, layout, image);
  const foundBundles = findBundles(image, (block) => columnStrideOf(block, layout));
  const foundSpans = findSpans(image, (first, core) => {
    const [from, to] = [accumulators[first]!, accumulators[core]!];
    return to.address + to.bytes - from.address <= 4 * 2 ** 16; // an entry of a list has 16 bits for its target
  });
  const shared = new SharedQueues(foundBundles, foundSpans);
  const cores = image.cores.map((core, i) =>
    mapCore(arena, layout, image, core, i, coreRecords + i * layout.CORE_STRIDE, accumulators[i]!, shared),
  );
  const bundles = foundBundles.map((bundle) => ({
    ...bundle,
    record: arena.take(layout.BUNDLE_STRIDE),
    queue: arena.take((bundle.rows + QUEUE_SPARE) * 4),
    queueCapacity: bundle.rows + QUEUE_SPARE,
    memberRecords: arena.take(bundle.members.length * layout.MEMBER_STRIDE),
  }));
  const spans = foundSpans.map((span) => mapSpan(arena, layout, span, cores));
  const queues = cores.reduce((sum, { blocks }) => sum + blocks.length, bundles.length + spans.length);
  const pending = arena.take(queues * 4);
  const learningPhases = arena.take(image.phases.length * 4);
  const times = arena.take(image.phases.length * layout.TIME_STRIDE);
  const portElements = image.ports.reduce((sum, { size }) => sum + size, 0);
  const portRoutes = arena.take(Math.max(1, portElements) * layout.ROUTE_STRIDE);
  const portReferences = arena.take(
    (shared.countReferences(image, image.portRoutes, furtherTargets(image, 'port')) + 1) *
      layout.REFERENCE_STRIDE,
  );
  const values = image.ports.reduce((sum, port) => sum + (port.values ? port.size : 0), 0);
  const valueColumn = arena.take(values * 4);
  const portWires = image.wires.filter(({ from }) => from.kind === 'port').length;
  const wires = arena.take(portWires * layout.WIRE_STRIDE);
  const tape = image.tape === null ? null : mapTape(arena, layout, image.tape);
  const programs = image.presentations.map(({ entries }) => ({
    record: arena.take(layout.PROGRAM_STRIDE),
    entries: arena.take(Math.max(1, entries.length) * layout.ENTRY_STRIDE),
  }));
  const cycleSums = options.cycle === undefined ? null : mapCycleSums(arena, layout, image);
  const stateEnd = arena.end;
  for (const [i, core] of cores.entries()) core.ways = arena.take(waysBytes(layout, image, i));
  const programBytes = Math.max(0, ...image.cores.map((core) => scratchBytes(layout, core)));
  const programScratch = arena.take(programBytes);
  for (const { program } of cores.flatMap(({ groups }) => groups))
    if (program !== null) program.function = arena.take(4);
  for (const [i, { blocks }] of cores.entries())
    for (const [b, block] of blocks.entries()) {
      if (block.rowOfAxon === 0) continue;
      block.function = arena.take(4);
      block.groups = arena.take((block.columnStride / ROW_PADDING + 2) * 4);
      block.tied = arena.take(tiedBytes(image.cores[i]!.blocks[b]!));
      if (block.partial === null) continue;
      block.exists = arena.take(block.rows.length * block.columnStride);
      block.rowSynapses = arena.take(block.rows.length * 4);
    }
  const steps = Math.max(...image.presentations.map((presentation) => presentation.steps));
  const eventWords = steps + 1 + options.events;
  const events = arena.take(eventWords * 4);
  const payloads = arena.take(eventWords * 4);
  const cycle =
    options.cycle === undefined || cycleSums === null
      ? null
      : mapCycle(
          arena,
          layout,
          image,
          cycleSums,
          cores.map(({ padded }) => padded),
          options.cycle,
        );
  const probes = arena.take(options.probeCount * layout.PROBE_STRIDE + options.probeBytes);
  const probesEnd = arena.end;
  const team =
    options.shards === undefined
      ? null
      : mapTeam(arena, layout, image, { cores, bundles, spans, programScratch, probes }, options.shards, {
          scratchBytes: programBytes,
          probeCount: options.probeCount,
        });
  return {
    chip,
    cores,
    coreRecords,
    bundles,
    spans,
    pending,
    learningPhases,
    times,
    portRoutes,
    portReferences,
    values: valueColumn,
    wires,
    tape,
    programs,
    stateEnd,
    programScratch,
    events,
    eventWords,
    payloads,
    cycle,
    probes,
    probesEnd,
    team,
    bytes: arena.end,
  };
}
