// Spans: where the sources of a sparse projection reach most of its cores, a few synapses on each, the lists of a
// source are one list over all of these cores, with what belongs to each core in a tally beside it.

import type { BlockImage, ChipImage, CoreImage } from '../image/image.ts';
import { forEachReached } from './sources.ts';

export interface SpanMember {
  readonly core: number;
  readonly block: number;
}

/** The rows of one source's list; [member], -1 where it has none. */
interface SpanRow {
  readonly rows: Int32Array;
  readonly isMessage: boolean[];
}

export interface Span {
  readonly members: readonly SpanMember[];
  /** By number of the source, in the order in which the lists lie. */
  readonly rows: ReadonlyMap<number, SpanRow>;
}

/** Lists with fewer cores than this share of all would mostly carry empty tallies. */
const LEAST_SHARE = 1 / 4;
/** Synapses of a source on one core that a tally can sum over a pass. */
const COLUMNS_MAX = 4096;

/** Lists of finished weights that all arrive at the same time and never learn. */
function mayJoin(block: BlockImage): boolean {
  return (
    block.weights === null &&
    block.wide === null &&
    block.rule < 0 &&
    block.delays === null &&
    !block.box &&
    block.columns <= COLUMNS_MAX
  );
}

/** What all members of a span must have in common. */
function kindOf(block: BlockImage, { accumulators }: CoreImage): string {
  return [block.projection, block.ignoresDelays ? 0 : block.delay, accumulators].join(' ');
}

/** Members, in the order of their cores, by the stretches of cores that one list can reach. */
function stretches(
  members: readonly SpanMember[],
  reaches: (first: number, core: number) => boolean,
): SpanMember[][] {
  const parts: SpanMember[][] = [];
  for (const member of members) {
    const part = parts.at(-1);
    if (part !== undefined && reaches(part[0]!.core, member.core)) part.push(member);
    else parts.push([member]);
  }
  return parts;
}

/** @param reaches true if a list can hold targets on both cores, the first one that it reaches and a later one */
export function findSpans(image: ChipImage, reaches: (first: number, core: number) => boolean): Span[] {
  // Read late, messages arrive a step before their synapses are added.
  if (image.semantics.weightRead === 'late') return [];
  const groups = new Map<string, SpanMember[]>();
  image.cores.forEach((core, c) => {
    core.blocks.forEach((block, b) => {
      if (!mayJoin(block)) return;
      const kind = kindOf(block, core);
      const group = groups.get(kind) ?? [];
      groups.set(kind, group);
      group.push({ core: c, block: b });
    });
  });
  const candidates = [...groups.values()]
    .flatMap((members) => stretches(members, reaches))
    .filter(
      (members) => members.length > 1 && new Set(members.map(({ core }) => core)).size === members.length,
    );
  const spans = candidates.map((members) => ({ members, rows: new Map<number, SpanRow>(), isRegular: true }));
  const places = image.cores.map(({ blocks }) => blocks.map(() => ({ span: -1, member: -1 })));
  candidates.forEach((members, span) => {
    members.forEach(({ core, block }, member) => {
      places[core]![block] = { span, member };
    });
  });
  forEachReached(image, (source, { core, block, row, isMessage, axon }) => {
    const { span: at, member } = places[core]![block]!;
    const span = spans[at];
    if (span === undefined) return;
    const { members, rows } = span;
    const found = rows.get(source) ?? {
      rows: new Int32Array(members.length).fill(-1),
      isMessage: members.map(() => false),
    };
    rows.set(source, found);
    if (found.rows[member]! >= 0 || axon.profile >= 0) span.isRegular = false;
    found.rows[member] = row;
    found.isMessage[member] = isMessage;
  });
  return spans
    .filter(({ members, rows, isRegular }) => {
      let lists = 0;
      for (const each of rows.values()) lists += each.rows.filter((row) => row >= 0).length;
      return isRegular && lists > 0 && lists >= LEAST_SHARE * members.length * rows.size;
    })
    .map(({ members, rows }) => ({ members, rows }));
}
