// Lists that several sources share, and the axons that lead to them. [HW 1.3], [HW 5]
//
// An entry of the axon table gives a base to all targets of its lists, so sources whose lists differ by a shift alone can
// have the same ones. A population axon has one entry for several sources, whose lists lie one behind the other and
// take as many words each as the longest, as NxTF pads them. target = base + cIdxOffset + (cIdxMult + 1) · index, also
// after NxTF; offset and multiplier are those that make the indices smallest.

import type { Chip } from '../chip/schema.ts';
import { UserError } from '../errors.ts';
import type { Projection, Sharing } from '../network/network.ts';
import { type Incoming, sparseRow, storedDelay } from './incoming.ts';
import { choosePacking, indexBits, type Packing, type Targets } from './packing.ts';
import { delayBits, type ListPart, listWords } from './synapse-memory.ts';

/** Which list of a projection each source element has on a core. */
export interface SharedLists {
  readonly item: Incoming;
  readonly packing: Packing;
  /** By list: a source element that has it. */
  readonly elements: readonly number[];
  /** By source element: its list, -1 = none, and the compartment of the core that its targets are counted from. */
  readonly list: Int32Array;
  readonly base: Int32Array;
}

/** One source whose projections into a core share lists. */
export interface SharedSource {
  readonly sharing: Sharing;
  readonly lists: readonly SharedLists[];
  /** Entries of the input axon table. */
  readonly entries: number;
  readonly words: number;
  /** Words of the list of each source element. */
  readonly wordsOf: (element: number) => number;
}

interface MutableLists {
  readonly item: Incoming;
  readonly elements: number[];
  readonly list: Int32Array;
  readonly base: Int32Array;
}

/** Packing of a projection without synapses on the core. */
const NO_LISTS: Packing = { compression: 'sparse', skipBits: 0 };

/** Source elements of population axon `axon`, by atom. */
function atomsOf({ atoms = 1, stride = 1 }: Sharing, axon: number): number[] {
  const first = Math.floor(axon / stride) * stride * atoms + (axon % stride);
  return Array.from({ length: atoms }, (_, atom) => first + atom * stride);
}

/** The greatest base that an axon can have which is not beyond its first target. */
function baseOf({ routing }: Chip, { axons }: Sharing, firstTarget: number): number {
  const step = axons === 'discrete' ? 1 : routing[axons].baseStep;
  return Math.min(Math.floor(firstTarget / step), 2 ** routing.targetBase - 1) * step;
}

/** Columns of the synapses of one source element in its slice; a matrix has all. */
function columnsAt({ projection, slice }: Incoming, element: number): Targets {
  const { connection } = projection;
  if (connection.kind !== 'sparse') return slice.count;
  const { start, end } = sparseRow(connection, element, slice);
  return connection.targets.subarray(start, end).map((target) => target - slice.element);
}

function firstColumn(columns: Targets): number | undefined {
  return typeof columns === 'number' ? 0 : columns[0];
}

/** Appends all that must be alike in lists that are shared: targets from the base on, weights, delays. */
function describeList(item: Incoming, element: number, base: number, into: number[]): void {
  const { projection, slice, compartment } = item;
  const { connection, synapse } = projection;
  const delays = synapse.delay instanceof Uint8Array ? synapse.delay : undefined;
  if (connection.kind === 'sparse') {
    const { start, end } = sparseRow(connection, element, slice);
    into.push(end - start);
    for (let i = start; i < end; i++) {
      into.push(connection.targets[i]! - slice.element + compartment - base, connection.weights[i]!);
      if (delays !== undefined) into.push(delays[i]!);
    }
    return;
  }
  into.push(compartment - base);
  const columns = (delays?.length ?? 0) / item.end;
  for (let column = slice.element; column < slice.element + slice.count; column++) {
    if (connection.kind === 'all')
      into.push(connection.weights[element * (connection.weights.length / item.end) + column]!);
    if (delays !== undefined) into.push(delays[element * columns + column]!);
  }
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** Lists of one format as indices, and how they are packed. */
interface SharedFormat {
  readonly packing: Packing;
  readonly indexBits: number;
  /** By list. */
  readonly targets: readonly Targets[];
}

function formatOf(chip: Chip, { item, elements, base }: MutableLists): SharedFormat {
  const { targetOffsetMax, targetStrideMax } = chip.synapse;
  const lists = elements.map((element) => {
    const columns = columnsAt(item, element);
    const shift = item.compartment - base[element]!;
    return { shift, columns: typeof columns === 'number' ? columns : columns.map((each) => each + shift) };
  });
  const firsts = lists.map(({ shift, columns }) => (typeof columns === 'number' ? shift : columns[0]!));
  const nearest = Math.min(...firsts);
  const offset = nearest <= targetOffsetMax ? nearest : 0;
  let divisor = 0;
  let farthest = 0;
  for (const { shift, columns } of lists) {
    if (typeof columns === 'number') {
      divisor = 1;
      farthest = Math.max(farthest, shift + columns - 1);
      continue;
    }
    farthest = Math.max(farthest, columns.at(-1)!);
    for (const each of columns) divisor = greatestDivisor(each - offset, divisor);
  }
  let stride = Math.max(1, Math.min(divisor, targetStrideMax));
  while (divisor % stride !== 0) stride--;
  const index = indexBits((farthest - offset) / stride + 1);
  const targets = lists.map(({ columns }) =>
    typeof columns === 'number' ? columns : columns.map((each) => (each - offset) / stride),
  );
  const packing = choosePacking(
    chip,
    item.projection,
    () => targets.map((each) => ({ targets: each, times: 1 })),
    index,
  );
  return { packing, indexBits: index, targets };
}

function sharingOf(items: readonly Incoming[]): Sharing {
  const [first, ...others] = items.map(({ projection }) => projection);
  const key = ({ sharing }: Projection): string =>
    JSON.stringify([sharing?.axons, sharing?.atoms ?? 1, sharing?.stride ?? 1]);
  const other = others.find((each) => key(each) !== key(first!));
  if (first?.sharing !== undefined && other === undefined) return first.sharing;
  throw new UserError(
    `projections "${first!.name}" and "${other!.name}" go from "${first!.from}" to one core, and so through the same axons; give them the same sharing`,
    { code: 'sharing-conflict', path: `projection "${other!.name}"` },
  );
}

/**
 * Finds the lists that the elements of a source can share on a core.
 * @param size elements of the source
 * @param compartments of the core
 */
export function shareLists(
  chip: Chip,
  items: readonly Incoming[],
  size: number,
  compartments: number,
): SharedSource {
  const sharing = sharingOf(items);
  const lists = items.map(
    (item): MutableLists => ({
      item,
      elements: [],
      list: new Int32Array(size).fill(-1),
      base: new Int32Array(size),
    }),
  );
  /** By content: the lists of each projection, by atom. */
  const known = new Map<string, number[][]>();
  let entries = 0;
  for (let axon = 0; axon < size / (sharing.atoms ?? 1); axon++) {
    const atoms = atomsOf(sharing, axon);
    let firstTarget = Number.POSITIVE_INFINITY;
    for (const item of items) {
      for (const element of atoms) {
        const column = firstColumn(columnsAt(item, element));
        if (column !== undefined) firstTarget = Math.min(firstTarget, item.compartment + column);
      }
    }
    if (firstTarget === Number.POSITIVE_INFINITY) continue;
    entries++;
    const base = baseOf(chip, sharing, firstTarget);
    const content: number[] = [];
    for (const item of items) for (const element of atoms) describeList(item, element, base, content);
    const key = Buffer.from(Int32Array.from(content).buffer).toString('latin1');
    let alike = known.get(key);
    if (alike === undefined) {
      alike = lists.map(({ item, elements }) =>
        atoms.map((element) =>
          firstColumn(columnsAt(item, element)) === undefined ? -1 : elements.push(element) - 1,
        ),
      );
      known.set(key, alike);
    }
    lists.forEach(({ list, base: bases }, i) => {
      atoms.forEach((element, atom) => {
        list[element] = alike[i]![atom]!;
        bases[element] = base;
      });
    });
  }
  const formats = lists.map((each) => (each.elements.length === 0 ? undefined : formatOf(chip, each)));
  const axonWords = wordsByAxon(chip, items, formats, [...known.values()], compartments);
  const elementWords = new Int32Array(size);
  lists.forEach(({ list }, i) => {
    const byList = new Map<number, number>();
    [...known.values()].forEach((axon, a) => {
      for (const each of axon[i]!) byList.set(each, axonWords[a]!);
    });
    list.forEach((each, element) => {
      if (each >= 0) elementWords[element] = byList.get(each)!;
    });
  });
  const perAxon = sharing.atoms ?? 1;
  return {
    sharing,
    lists: lists.map((each, i) => ({ ...each, packing: formats[i]?.packing ?? NO_LISTS })),
    entries,
    words: axonWords.reduce((sum, words) => sum + perAxon * words, 0),
    wordsOf: (element) => elementWords[element]!,
  };
}

/** Words of a list of each different axon; those of a population axon are padded to the longest of them. */
function wordsByAxon(
  chip: Chip,
  items: readonly Incoming[],
  formats: readonly (SharedFormat | undefined)[],
  axons: readonly (readonly (readonly number[])[])[],
  compartments: number,
): number[] {
  return axons.map((axon) => {
    const atoms = axon[0]!.length;
    const words = Array.from({ length: atoms }, (_, atom) => {
      const parts = items.flatMap((item, i): ListPart[] => {
        const list = axon[i]![atom]!;
        const format = formats[i];
        if (list < 0 || format === undefined) return [];
        return [
          {
            targets: format.targets[list]!,
            packing: format.packing,
            indexBits: format.indexBits,
            weightBits: item.projection.synapse.bits,
            delayBits: delayBits(storedDelay(item.projection)),
            tagBits: 0,
          },
        ];
      });
      return parts.length === 0 ? 0 : listWords(chip, parts, compartments);
    });
    return Math.max(...words);
  });
}
