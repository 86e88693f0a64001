// Writes an image into linear memory at the places that the memory map gives: records, tables, weights.

import type { BlockImage, ChipImage, CoreImage, GroupImage, TraceImage } from '../image/image.ts';
import { streamKey } from '../image/random-keys.ts';
import { type BlockMap, droppedBits, rowLength } from './block-map.ts';
import type { Layout, LayoutName } from './core-module.ts';
import { CycleLoader } from './load-cycle.ts';
import { ProgramLoader } from './load-program.ts';
import { RouteLoader } from './load-routes.ts';
import { actsOnAllRows, hasWideFactors, productBytes, tracesRead } from './load-rule.ts';
import { ScheduleLoader } from './load-schedules.ts';
import { ShardLoader } from './load-shards.ts';
import { WideLoader } from './load-wide.ts';
import { accumulatorOf, type CoreMap, type MemoryMap, scratchOf, startsInactive } from './memory-map.ts';
import { operationFields } from './operation.ts';
import { RecordWriter } from './record-writer.ts';
import { listWeight, type SynapseLists } from './synapse-lists.ts';
import { loadTied, tiedVisits } from './tied.ts';

/** Stored bytes count from the least weight of the grid. */
export function gridMin(block: BlockImage): number {
  if (block.signMode === 'mixed') return -(2 ** (block.bits - 1));
  return block.signMode === 'excitatory' ? 0 : -(2 ** block.bits - 1);
}

/** Width of the delay field, which bounds delays that spikes do not follow. [HW 3.4] */
const DELAY_BITS = 6;

const JOINS = {
  none: 'JOIN_NONE',
  add: 'JOIN_ADD',
  or: 'JOIN_OR',
  and: 'JOIN_AND',
  pass: 'JOIN_PASS',
} as const;
const THRESHOLDS = {
  spike: 'THRESHOLD_SPIKE',
  pass: 'THRESHOLD_PASS',
  saturate: 'THRESHOLD_SATURATE',
} as const;
const VISITS = {
  allPlastic: 'COUNTER_VISITS_ALL_PLASTIC',
  activeAxons: 'COUNTER_VISITS_ACTIVE_AXONS',
  allPlasticWithError: 'COUNTER_VISITS_ALL_WITH_POST_SPIKE',
  activeAxonsWithError: 'COUNTER_VISITS_ACTIVE_WITH_POST_SPIKE',
} as const;

/** The least kernel that does what a group's parameters ask for; none of them ever changes. */
function kernelOf({ effectiveDecayU, refractory, start, bias }: GroupImage): LayoutName {
  const waits = refractory > 1 || start.refractory?.some((steps) => steps !== 0) === true;
  if (effectiveDecayU !== 4096 || waits) return 'KERNEL_CHIP';
  const isBiased = typeof bias === 'number' ? bias !== 0 : bias.some((each) => each !== 0);
  return isBiased ? 'KERNEL_MEMORYLESS' : 'KERNEL_BARE';
}

/**
 * Whether all that noise does to a group without input is over after a step: u keeps nothing, v nothing of what noise and the rest of
 * any v before add up to, and that does not fire. Only the host looks at its u and v.
 */
function isFleeting(image: ChipImage, core: CoreImage, group: GroupImage): boolean {
  const { noiseRange } = image.semantics;
  const { noise, vMin, vMax } = core;
  if (!group.noise || noise.target !== 'dendrite' || noiseRange === 'signBit') return false;
  if (group.program !== null || group.wide !== null || startsInactive(image, group)) return false;
  if (group.thresholdOp !== 'spike' || group.join !== 'none' || group.push !== null) return false;
  if (kernelOf(group) !== 'KERNEL_BARE') return false;
  const kept = (4096 - group.effectiveDecayV) / 4096;
  const levels = (noiseRange === 'upTo128' ? 128 : 127) + Math.abs(64 * noise.mantissaOffset);
  const drawn = levels * 2 ** (noise.exponent - 7);
  const most = drawn + Math.max(-vMin, vMax) * kept;
  return most * kept < 1 && most < group.threshold;
}

/** Loads one image; addresses come from the map, field offsets from the layout. */
export class ImageLoader {
  readonly #image: ChipImage;
  readonly #map: MemoryMap;
  readonly #layout: Layout;
  readonly #words: Int32Array;
  readonly #halves: Int16Array;
  readonly #bytes: Uint8Array;
  readonly #wide: WideLoader;
  readonly #writer: RecordWriter;

  constructor(image: ChipImage, map: MemoryMap, layout: Layout, memory: ArrayBufferLike) {
    this.#image = image;
    this.#map = map;
    this.#layout = layout;
    this.#words = new Int32Array(memory);
    this.#halves = new Int16Array(memory);
    this.#bytes = new Uint8Array(memory);
    this.#writer = new RecordWriter(layout, memory);
    this.#wide = new WideLoader(image, map, layout, memory);
  }

  load(): void {
    this.#loadChip();
    this.#image.cores.forEach((core, i) => {
      const map = this.#map.cores[i]!;
      this.#loadCore(core, map);
      this.#loadGroups(core, map, scratchOf(this.#map, i));
      this.#loadBlocks(core, map);
      this.#loadLearning(core, map);
      this.#loadRewardBlock(map);
    });
    new RouteLoader(this.#image, this.#map, this.#writer).load();
    new ScheduleLoader(this.#image, this.#map, this.#writer).load(this.#map.programs);
    if (this.#map.cycle !== null)
      new CycleLoader(this.#image, this.#map, this.#map.cycle, this.#writer).load(this.#words.buffer);
    this.#wide.load();
    if (this.#map.team !== null)
      new ShardLoader(this.#image, this.#map, this.#map.team, this.#layout, this.#words.buffer).load();
  }

  #loadChip(): void {
    const { seed, semantics, timing, visits, phases, managementPhase, ports } = this.#image;
    const layout = this.#layout;
    const bits =
      (semantics.weightRead === 'late' ? layout.SEMANTICS_WEIGHT_READ_LATE : 0) |
      (semantics.spikeTest === 'ge' ? layout.SEMANTICS_SPIKE_AT_THRESHOLD : 0) |
      (semantics.secondSpike === 'drop' ? layout.SEMANTICS_DROP_SECOND_SPIKE : 0) |
      (semantics.ruleSaturation === 'once' ? layout.SEMANTICS_SATURATE_ONCE : 0) |
      (semantics.pausedTraces === 'decay' ? layout.SEMANTICS_TRACES_GO_ON : 0) |
      (semantics.noiseRange === 'signBit' ? layout.SEMANTICS_NOISE_SIGN_BIT : 0);
    this.#writer.record(this.#map.chip, {
      CHIP_CORES: this.#map.coreRecords,
      CHIP_CORE_COUNT: this.#image.cores.length,
      CHIP_SEED: seed,
      CHIP_PHASE_COUNT: phases.length,
      CHIP_LEARNING_PHASES: this.#map.learningPhases,
      CHIP_MANAGEMENT_PHASE: managementPhase,
      CHIP_PORT_ROUTES: this.#map.portRoutes,
      CHIP_PORT_COUNT: ports.reduce((sum, { size }) => sum + size, 0),
      CHIP_SEMANTICS: bits,
      CHIP_TIMES: this.#map.times,
      CHIP_TIME_COMPARTMENT_ACCESS: timing.compartmentAccess,
      CHIP_TIME_COMPARTMENT_UPDATE: timing.compartmentUpdate,
      CHIP_TIME_SPIKE_OUT: timing.spikeOut,
      CHIP_TIME_AXON_OUT: timing.axonOut,
      CHIP_TIME_AXON_IN: timing.axonIn,
      CHIP_TIME_LEARNING_VISIT: timing.learningVisit,
      CHIP_TIME_MANAGEMENT_WRITE: timing.managementWrite,
      CHIP_TIME_BARRIER: timing.barrier,
      CHIP_PENDING: this.#map.pending,
      CHIP_VISIT_COUNTER: layout[VISITS[visits]],
    });
    phases.forEach(({ learningAs }, i) => {
      this.#writer.word(this.#map.learningPhases + 4 * i, learningAs);
    });
  }

  #loadCore(core: CoreImage, map: CoreMap): void {
    this.#writer.record(map.record, {
      CORE_GROUPS: map.groupRecords,
      CORE_GROUP_COUNT: core.groups.length,
      CORE_BLOCKS: map.blockRecords,
      CORE_BLOCK_COUNT: core.blocks.length,
      CORE_COMPARTMENTS: core.groups.reduce((sum, { count }) => sum + count, 0),
      CORE_SLOT_MASK: core.accumulators - 1,
      CORE_SLOT_STRIDE: map.slotStride,
      CORE_ACCUMULATORS: map.accumulators,
      CORE_COUNTERS: map.counters,
      CORE_ROUTES: map.routes,
      CORE_V_MIN: core.vMin,
      CORE_V_MAX: core.vMax,
      CORE_NOISE_EXPONENT: core.noise.exponent,
      CORE_NOISE_LEVELS: this.#image.semantics.noiseRange === 'upTo128' ? 256 : 255,
      CORE_NOISE_OFFSET: 64 * core.noise.mantissaOffset,
      CORE_NOISE_AT_MEMBRANE: core.noise.target === 'membrane' ? 1 : 0,
      CORE_SPIKES: map.spikes,
      CORE_LEARN_ON: core.learning && map.learningAxons > 0 ? 1 : 0,
      CORE_EPOCH_STEPS: core.epochSteps,
      CORE_REWARD_KEY: streamKey(this.#image.seed, 'reward', this.#classNumber(core.coreClass)),
    });
  }

  /** Number of a core class, whatever number of cores each class takes. */
  #classNumber(coreClass: string): number {
    return [...new Set(this.#image.cores.map((core) => core.coreClass))].indexOf(coreClass);
  }

  #trace(address: number, trace: TraceImage): void {
    this.#writer.record(address, {
      TRACE_IMPULSE: trace.impulse | (trace.fraction << 16),
      TRACE_KEEP: trace.keep,
    });
  }

  /** @param programScratch working memory of the core's programs */
  #loadGroups(core: CoreImage, map: CoreMap, programScratch: number): void {
    const { seed } = this.#image;
    const layout = this.#layout;
    core.groups.forEach((group, i) => {
      const place = map.groups[i]!;
      const column = (base: number): number => base + place.first * 4;
      const [childA, childB] = group.children.map((child) => map.groups[child]!);
      const parent = core.groups.findIndex(({ children }) => children.includes(i));
      const [notesA, notesB] = this.#notesChildren(core, map, group);
      this.#writer.record(place.record, {
        GROUP_FIRST: place.first,
        GROUP_COUNT: group.count,
        GROUP_CURRENT: column(map.current),
        GROUP_VOLTAGE: column(map.voltage),
        GROUP_BIAS: column(map.bias),
        GROUP_REFRACTORY: column(map.refractory),
        GROUP_SPIKE_BITS: place.spikeBits,
        GROUP_KEEP_U: 4096 - group.effectiveDecayU,
        GROUP_KEEP_V: 4096 - group.effectiveDecayV,
        GROUP_THRESHOLD: group.threshold,
        GROUP_REFRACT_DELAY: group.refractory,
        GROUP_THRESHOLD_OP: layout[THRESHOLDS[group.thresholdOp]],
        GROUP_JOIN: layout[JOINS[group.join]],
        GROUP_CHILD_A: childA?.pushed ?? 0,
        GROUP_CHILD_B: childB?.pushed ?? 0,
        GROUP_PUSH: place.pushes ? place.pushed : 0,
        GROUP_PUSH_KIND: this.#pushKind(group),
        GROUP_NOISE_KEY: group.noise ? streamKey(seed, 'noise', group.population) : 0,
        GROUP_INDEX_BASE: group.element,
        GROUP_NOTES_SELF: group.postSpikes === 'self' && (place.program?.postBits ?? 0) === 0 ? 1 : 0,
        GROUP_NOTES_CHILD: notesA ?? 0,
        GROUP_NOTES_CHILD_B: notesB ?? 0,
        GROUP_AWAKE: place.awake,
        GROUP_POST_PROFILE: place.postProfile,
        GROUP_TRACE_KEY: streamKey(seed, 'postTrace', group.population),
        GROUP_PROGRAM: place.program?.record ?? 0,
        GROUP_KERNEL: layout[isFleeting(this.#image, core, group) ? 'KERNEL_FLEETING' : kernelOf(group)],
      });
      if (group.program !== null && place.program !== null) {
        const key = streamKey(seed, 'program', group.population);
        new ProgramLoader(
          group,
          group.program,
          map,
          place,
          place.program,
          this.#writer,
          programScratch,
          this.#words,
        ).load(key);
      }
      if (group.postSpikes === 'parent' && parent < 0) throw new Error(`group ${i} has no parent`);
      group.postTraces?.forEach((trace, y) => {
        this.#trace(place.postProfile + y * layout.TRACE_STRIDE, trace);
      });
      const bias = column(map.bias) >> 2;
      if (typeof group.bias === 'number') this.#words.fill(group.bias, bias, bias + group.count);
      else this.#words.set(group.bias, bias);
      const { u, v, refractory } = group.start;
      if (u !== undefined) this.#words.set(u, column(map.current) >> 2);
      if (v !== undefined) this.#words.set(v, column(map.voltage) >> 2);
      if (refractory !== undefined) this.#words.set(refractory, column(map.refractory) >> 2);
    });
  }

  /** Records of the children that a group's spikes are noted for. */
  #notesChildren(core: CoreImage, map: CoreMap, group: GroupImage): number[] {
    return group.children
      .filter((child) => core.groups[child]!.postSpikes === 'parent')
      .map((child) => map.groups[child]!.record);
  }

  #pushKind(group: GroupImage): number {
    const layout = this.#layout;
    if (group.push === 'u') return layout.PUSH_CURRENT;
    return this.#image.semantics.joinPush === 'beforeReset'
      ? layout.PUSH_VOLTAGE_BEFORE_RESET
      : layout.PUSH_VOLTAGE;
  }

  #loadBlocks(core: CoreImage, map: CoreMap): void {
    const layout = this.#layout;
    core.blocks.forEach((block, b) => {
      const place = map.blocks[b]!;
      if (block.wide !== null) return;
      const dropped = droppedBits(block);
      const grid = 2 ** dropped;
      const group = map.groups[block.group]!;
      const products = block.rule < 0 ? 0 : core.rules[block.rule]!.products.length;
      this.#writer.record(place.record, {
        BLOCK_KIND: place.lists === null ? layout.BLOCK_KIND_DENSE : layout.BLOCK_KIND_LIST,
        BLOCK_CORE: map.record,
        BLOCK_GROUP: group.record,
        BLOCK_TARGET: group.first + block.firstTarget,
        BLOCK_ACCUMULATOR: accumulatorOf(group, block.port) + block.firstTarget,
        BLOCK_COLUMNS: block.columns,
        BLOCK_COLUMN_STRIDE: place.columnStride,
        BLOCK_ROWS: block.rowElements.length,
        BLOCK_WEIGHTS: place.weights,
        BLOCK_GRID_MIN: gridMin(block),
        BLOCK_SHIFT: block.exponent + dropped,
        BLOCK_DELAY: block.ignoresDelays ? 0 : block.delay,
        BLOCK_DELAYS: place.delays,
        BLOCK_ARRIVALS: block.ignoresDelays ? 0 : place.delays,
        BLOCK_BOX: block.box ? 1 : 0,
        ...operationFields(layout, this.#image.timing, block),
        BLOCK_TAGS: place.tags,
        BLOCK_QUEUE: place.queue,
        BLOCK_QUEUE_CAPACITY: place.queueCapacity,
        BLOCK_ROW_OF_AXON: place.rowOfAxon,
        BLOCK_PRODUCTS: block.rule < 0 ? 0 : map.ruleStart[block.rule]!,
        BLOCK_PRODUCT_COUNT: products,
        BLOCK_DROPPED_BITS: dropped,
        BLOCK_WEIGHT_MIN: block.weightMin,
        BLOCK_WEIGHT_MAX: block.weightMax,
        BLOCK_SIGN: block.signMode === 'mixed' ? 0 : block.signMode === 'excitatory' ? 1 : -1,
        BLOCK_KEY: streamKey(this.#image.seed, 'rule', block.projection),
        BLOCK_COLUMN_BASE: block.columnElement,
        BLOCK_ROW_INDEX: place.rowIndex,
        BLOCK_DELAY_MAX: block.ignoresDelays ? 2 ** DELAY_BITS - 1 : core.accumulators - 2,
        BLOCK_FUNCTION: place.function,
        BLOCK_GROUPS: place.groups,
        BLOCK_EXISTS: place.exists,
        BLOCK_ROW_SYNAPSES: place.rowSynapses,
      });
      if (place.lists !== null) this.#listRows(block, place, place.lists);
      else if (place.partial !== null) this.#partialRows(block, place, place.partial, grid);
      else this.#denseRows(block, place, grid);
      if (place.rowIndex !== 0) this.#words.set(block.rowElements, place.rowIndex >> 2);
      if (place.delays !== 0) this.#delayRows(block, place);
      loadTied(block, place, this.#writer, this.#words);
    });
  }

  /** Where the values of a row are in the image's matrices. */
  #matrixRow({ shared, columns }: BlockImage, row: number): number {
    return (shared?.list[row] ?? row) * columns;
  }

  #denseRows(block: BlockImage, place: BlockMap, grid: number): void {
    const least = gridMin(block);
    place.rows.forEach((address, row) => {
      const first = this.#matrixRow(block, row);
      this.#bytes.fill(-least, address, address + place.columnStride); // padding columns weigh 0
      for (let column = 0; column < block.columns; column++) {
        this.#bytes[address + column] = block.weights![first + column]! / grid - least;
      }
    });
  }

  /** Rows of bytes of which only some are synapses: the others weigh 0, and no rule changes them. */
  #partialRows(block: BlockImage, place: BlockMap, partial: SynapseLists, grid: number): void {
    const { rowStart, targets, mantissas } = partial;
    const least = gridMin(block);
    place.rows.forEach((address, row) => {
      const exists = place.exists + address - place.weights;
      this.#bytes.fill(-least, address, address + place.columnStride);
      for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
        this.#bytes[address + targets[i]!] = mantissas[i]! / grid - least;
        this.#bytes[exists + targets[i]!] = 255;
      }
      this.#writer.word(place.rowSynapses + 4 * row, rowLength(block, place, row));
    });
  }

  /** One byte per place of a row, so that a synapse's delay is found by its address. */
  #delayRows(block: BlockImage, place: BlockMap): void {
    const { lists, partial } = place;
    const synapses = lists ?? partial;
    place.rows.forEach((address, row) => {
      const from = address - place.weights;
      const at = place.delays + (lists === null ? from : 1 + from / 4);
      const start = synapses === null ? this.#matrixRow(block, row) : synapses.rowStart[row]!;
      const delays = synapses === null ? block.delays : synapses.delays;
      for (let i = 0; i < rowLength(block, place, row); i++) {
        const column = partial === null ? i : partial.targets[start + i]!;
        this.#bytes[at + column] = delays?.[start + i] ?? block.delay;
      }
    });
  }

  /** Lists of finished weights; those of a span are written with its rows. */
  #listRows(block: BlockImage, place: BlockMap, { rowStart, targets, mantissas }: SynapseLists): void {
    place.rows.forEach((address, row) => {
      const [start, end] = [rowStart[row]!, rowStart[row + 1]!];
      this.#writer.word(address, end - start);
      for (let i = start; i < end; i++) {
        const entry = (address >> 1) + 2 * (1 + i - start);
        this.#halves[entry] = listWeight(mantissas[i]!, block.exponent);
        this.#halves[entry + 1] = targets[i]!;
      }
    });
  }

  #loadLearning(core: CoreImage, map: CoreMap): void {
    const layout = this.#layout;
    const learning = core.blocks.flatMap(({ rule }, b) => (rule >= 0 ? [map.blocks[b]!.record] : []));
    this.#words.set(learning, map.plasticBlocks >> 2);
    this.#writer.record(map.record, {
      CORE_AXONS: map.learningAxons,
      CORE_PRE_TIME: map.preTime,
      CORE_PRE_TRACE: map.preTrace,
      CORE_PRE_STRIDE: map.preStride,
      CORE_PRE_PROFILE: map.preProfile,
      CORE_PRE_PROFILES: map.preProfiles,
      CORE_PRE_KEYS: map.preKeys,
      CORE_NOTED: map.noted,
      CORE_POST_TIME: map.postTime,
      CORE_POST_TRACE: map.postTrace,
      CORE_POST_OWN: map.postOwn,
      CORE_POST_HISTORY: map.postHistory,
      CORE_POST_STRIDE: map.postStride,
      CORE_PRODUCTS: map.products,
      CORE_USED_TRACES: tracesRead(core.rules.flatMap(({ products }) => products)),
      CORE_ALL_ROWS: actsOnAllRows(core) ? 1 : 0,
      CORE_REWARD_PARAMETERS: core.reward === null ? 0 : map.reward,
      CORE_REWARD_TIMES: map.rewardTimes,
      CORE_PLASTIC_BLOCKS: map.plasticBlocks,
      CORE_PLASTIC_BLOCK_COUNT: learning.length,
      CORE_AXON_SYNAPSES: map.axonSynapses,
      CORE_X_HISTORY: map.xHistory,
      CORE_SCRATCH: map.scratch,
    });
    if (core.reward !== null) this.#trace(map.reward, core.reward);
    core.preTraceProfiles.forEach((traces, profile) => {
      traces.forEach((trace, x) => {
        this.#trace(map.preProfiles + (profile * 2 + x) * layout.TRACE_STRIDE, trace);
      });
    });
    core.rules.forEach(({ products }, r) => {
      products.forEach((product, i) => {
        this.#bytes.set(
          productBytes(layout, product, hasWideFactors(this.#image)),
          map.products + (map.ruleStart[r]! + i) * layout.PRODUCT_STRIDE,
        );
      });
    });
    for (const { rowOfAxon } of map.blocks)
      if (rowOfAxon !== 0) this.#halves.fill(-1, rowOfAxon >> 1, (rowOfAxon >> 1) + map.learningAxons);
    let plastic = 0;
    for (let i = 0; i < map.learningAxons; i++) {
      const axon = core.axons[map.firstLearningAxon + i]!;
      this.#bytes[map.preProfile + i] = axon.profile;
      this.#writer.word(
        map.preKeys + 4 * i,
        streamKey(this.#image.seed, 'preTrace', axon.source, axon.element),
      );
      let synapses = 0;
      for (let k = 0; k < axon.rows.length; k += 2) {
        const [b, row] = [axon.rows[k]!, axon.rows[k + 1]!];
        const place = map.blocks[b]!;
        if (place.rowOfAxon === 0) continue;
        this.#halves[(place.rowOfAxon >> 1) + i] = row;
        synapses += rowLength(core.blocks[b]!, place, row);
      }
      this.#writer.word(map.axonSynapses + 4 * i, synapses);
      plastic += synapses;
    }
    this.#writer.record(map.record, { CORE_PLASTIC_SYNAPSES: plastic, CORE_TIED_VISITS: tiedVisits(core) });
  }

  #loadRewardBlock(map: CoreMap): void {
    this.#writer.record(map.rewardBlock, {
      BLOCK_KIND: this.#layout.BLOCK_KIND_REWARD,
      BLOCK_CORE: map.record,
    });
  }
}
