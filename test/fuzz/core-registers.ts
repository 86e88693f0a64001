// The registers of the core under the names and in the order of the reference model: where each lies in a snapshot.

import type { BlockImage, CoreImage } from '../../host/image/image.ts';
import { type BlockMap, droppedBits } from '../../host/machine/block-map.ts';
import { coreLayout, type Layout } from '../../host/machine/core-module.ts';
import { gridMin } from '../../host/machine/load-image.ts';
import type { Machine } from '../../host/machine/machine.ts';
import { type CoreMap, mapMemory } from '../../host/machine/memory-map.ts';
import type { SynapseLists } from '../../host/machine/synapse-lists.ts';

/** A register file: value i = (memory[places[i]] + offset) · scale. */
interface Place {
  readonly name: string;
  readonly kind: 'words' | 'halves' | 'bytes' | 'bits';
  /** In units of the kind; bits count from the start of memory. */
  readonly places: Int32Array;
  readonly offset: number;
  readonly scale: number;
}

/** The first register that is not as expected. */
export interface RegisterDifference {
  readonly what: string;
  readonly core: number;
  readonly model: number;
}

/** Compares the registers of one machine with those of the model. */
export class RegisterReader {
  readonly #machine: Machine;
  readonly #cores: readonly Place[][];
  /** What was compared last: a register file that is still the same one cannot have changed. */
  #last: readonly Readonly<Record<string, readonly number[]>>[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
    const layout = coreLayout(machine.build);
    // What a snapshot holds does not depend on the room for events and probes.
    const map = mapMemory(machine.image, layout, { events: 0, probeBytes: 0, probeCount: 0 });
    const words = new Int32Array(machine.snapshot().buffer);
    this.#cores = machine.image.cores.map((core, c) => {
      const used = words[(map.cores[c]!.record + layout.CORE_USED_TRACES) >> 2]!;
      return corePlaces(core, map.cores[c]!, layout, used);
    });
  }

  /**
   * @param expected registers of every core, by name; those that the core does not keep are not looked at
   * @param isLast looks also at registers that the model has not touched since the last call
   */
  difference(
    expected: readonly Readonly<Record<string, readonly number[]>>[],
    isLast: boolean,
  ): RegisterDifference | undefined {
    const last = this.#last;
    this.#last = expected;
    const bytes = this.#machine.snapshot();
    const memory = {
      words: new Int32Array(bytes.buffer),
      halves: new Int16Array(bytes.buffer),
      bytes,
    };
    for (const [c, places] of this.#cores.entries()) {
      for (const { name, kind, places: at, offset, scale } of places) {
        const wanted = expected[c]![name] ?? [];
        if (!isLast && wanted === last[c]?.[name]) continue;
        if (wanted.length !== at.length)
          return { what: `number of ${name} of core ${c}`, core: at.length, model: wanted.length };
        const from = kind === 'bits' ? bytes : memory[kind];
        for (let i = 0; i < at.length; i++) {
          const place = at[i]!;
          const raw = kind === 'bits' ? (bytes[place >> 3]! >> (place & 7)) & 1 : from[place]!;
          const value = (raw + offset) * scale;
          if (value !== wanted[i])
            return { what: `${name}[${i}] of core ${c}`, core: value, model: wanted[i]! };
        }
      }
    }
    return undefined;
  }
}

/** Traces that no rule reads are not kept by the core; the weights of static lists cannot change. */
function corePlaces(core: CoreImage, map: CoreMap, layout: Layout, used: number): Place[] {
  const compartments = core.groups.flatMap(({ count }, g) =>
    Array.from({ length: count }, (_, i) => map.groups[g]!.first + i),
  );
  const list: List = (name, kind, places, offset = 0, scale = 1) => ({
    name,
    kind,
    places: Int32Array.from(places),
    offset,
    scale,
  });
  const column = (base: number): number[] => compartments.map((i) => (base >> 2) + i);
  const axons = (base: number): number[] => Array.from({ length: map.learningAxons }, (_, i) => base + i);
  const post = (base: number): number[] => compartments.map((i) => base + i);
  const fields = (...offsets: number[]): number[] => offsets.map((offset) => (map.record + offset) >> 2);
  const slots = Array.from(
    { length: core.accumulators },
    (_, slot) => map.accumulators + slot * map.slotStride,
  );
  return [
    list('u', 'words', column(map.current)),
    list('v', 'words', column(map.voltage)),
    list('refractory', 'words', column(map.refractory)),
    list(
      'spikes',
      'bits',
      core.groups.flatMap(({ count }, g) =>
        Array.from({ length: count }, (_, i) => map.groups[g]!.spikeBits * 8 + i),
      ),
    ),
    list('accumulators', 'words', slots.flatMap(column)),
    list('tx', 'bytes', axons(map.preTime)),
    list('ty', 'bytes', post(map.postTime)),
    list('r', 'words', fields(layout.CORE_REWARD_COUNT, layout.CORE_REWARD_TRACE)),
    list('epoch', 'words', fields(layout.CORE_EPOCH_STEP, layout.CORE_EPOCH_NUMBER)),
    ...[0, 1].flatMap((i) =>
      used & (1 << i) ? [list(`x${i + 1}`, 'bytes', axons(map.preTrace + i * map.preStride))] : [],
    ),
    ...[0, 1, 2].flatMap((i) =>
      used & (4 << i) ? [list(`y${i + 1}`, 'bytes', post(map.postTrace + i * map.postStride))] : [],
    ),
    ...core.groups.flatMap((_, g) => groupPlaces(core, map, g, list)),
    ...core.blocks.flatMap((block, b) => blockPlaces(block, map.blocks[b]!, b, list)),
  ];
}

type List = (
  name: string,
  kind: Place['kind'],
  places: readonly number[],
  offset?: number,
  scale?: number,
) => Place;

/** What only groups with programs, and wide ones, have. */
function groupPlaces(core: CoreImage, map: CoreMap, g: number, list: List): Place[] {
  const { count, program, wide } = core.groups[g]!;
  const { first, inputs, program: place } = map.groups[g]!;
  const column = (base: number): number[] => Array.from({ length: count }, (_, i) => (base >> 2) + i);
  const places: Place[] = [];
  if (wide !== null || (program !== null && map.payloads !== 0))
    places.push(list(`payloads of group ${g}`, 'words', column(map.payloads + first * 4)));
  if (wide !== null) places.push(list(`inputs of group ${g}`, 'words', column(inputs)));
  if (program === null || place === null) return places;
  program.state.forEach(({ name }, k) => {
    places.push(list(`${name} of group ${g}`, 'words', column(place.state + k * place.columnBytes)));
  });
  for (let port = 1; port < program.ports; port++) {
    const slots = Array.from(
      { length: core.accumulators },
      (_, slot) =>
        map.accumulators + slot * map.slotStride + place.furtherPorts + (port - 1) * place.columnBytes,
    );
    places.push(list(`accumulators of port ${port} of group ${g}`, 'words', slots.flatMap(column)));
  }
  return places;
}

/** Weights of a wide block, and what it keeps to learn. */
function wideBlockPlaces(
  { columns, rowElements }: BlockImage,
  place: BlockMap,
  b: number,
  list: List,
): Place[] {
  const words = (base: number, count: number): number[] =>
    Array.from({ length: count }, (_, i) => (base >> 2) + i);
  const rows = rowElements.length;
  const places = [list(`weights of block ${b}`, 'words', words(place.weights, rows * columns))];
  const plastic = place.wide?.plastic ?? null;
  if (plastic === null) return places;
  return [
    ...places,
    list(`tags of block ${b}`, 'words', words(plastic.tags, rows * columns)),
    list(`delays of block ${b}`, 'words', words(plastic.delays, rows * columns)),
    list(`tx of block ${b}`, 'words', words(plastic.preTime, rows)),
    list(`ty of block ${b}`, 'words', words(plastic.postTime, columns)),
    ...[0, 1].map((i) =>
      list(`x${i + 1} of block ${b}`, 'words', words(plastic.preTrace + i * rows * 4, rows)),
    ),
    ...[0, 1, 2].map((i) =>
      list(`y${i + 1} of block ${b}`, 'words', words(plastic.postTrace + i * columns * 4, columns)),
    ),
  ];
}

/** Bytes of the delays of a block of lists: one per word, the first word of a list is its length. */
function listPlaces({ rowStart }: SynapseLists, place: BlockMap): number[] {
  return Array.from(place.rows).flatMap((address, row) =>
    Array.from(
      { length: rowStart[row + 1]! - rowStart[row]! },
      (_, i) => place.delays + (address - place.weights) / 4 + 1 + i,
    ),
  );
}

function blockPlaces(block: BlockImage, place: BlockMap, b: number, list: List): Place[] {
  if (block.wide !== null) return wideBlockPlaces(block, place, b, list);
  const { lists, partial } = place;
  const columns = Array.from({ length: block.columns }, (_, column) => column);
  const columnsOf = (row: number): number[] =>
    partial === null
      ? columns
      : Array.from(partial.targets.subarray(partial.rowStart[row]!, partial.rowStart[row + 1]!));
  const matrix = (base: number): number[] =>
    Array.from(place.rows).flatMap((address, row) =>
      columnsOf(row).map((column) => base + address - place.weights + column),
    );
  const places: Place[] = [];
  if (lists === null) {
    const grid = 2 ** droppedBits(block);
    places.push(list(`weights of block ${b}`, 'bytes', matrix(place.weights), gridMin(block), grid));
  }
  if (place.delays !== 0) {
    const at = lists === null ? matrix(place.delays) : listPlaces(lists, place);
    places.push(list(`delays of block ${b}`, 'bytes', at));
  }
  if (place.tags !== 0) places.push(list(`tags of block ${b}`, 'halves', matrix(place.tags >> 1)));
  return places;
}
