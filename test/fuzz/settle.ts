// What decides about the rest of a case before its network is built: options that go together, the kind and size of every
// population, and the wires between them.

import { PRESETS, SEMANTICS, type Semantics } from '../../host/chip/semantics.ts';
import { WIDE_COMPARTMENT_OPTIONS } from '../../host/compile/wide.ts';
import type { FuzzCase, PopulationCase } from './fuzz-case.ts';
import { pick } from './seeded.ts';

/** The options of a case without those that exclude each other. */
export function semanticsOf({ semantics }: FuzzCase): Semantics {
  const { randomTime, ruleRounding, ruleDownscale } = { ...PRESETS.hardware, ...semantics };
  const rounding = randomTime === 'beforeSpikes' ? 'awayFromZero' : ruleRounding;
  const isWide = WIDE_COMPARTMENT_OPTIONS.some(
    (name) => (semantics[name] ?? SEMANTICS[name].default) !== SEMANTICS[name].default,
  );
  return {
    ...PRESETS.hardware, // for cases that are older than an option
    ...semantics,
    ruleRounding: rounding,
    ruleDownscale: rounding === 'awayFromZero' ? 'none' : ruleDownscale,
    // Wide compartments are never asleep.
    ...(isWide ? { activityPhase: 'idle' } : {}),
  };
}

/** True if populations of a case can be wide: where compartments sleep, none is. */
function allowsWide(fuzz: FuzzCase): boolean {
  return semanticsOf(fuzz).activityPhase === 'idle';
}

function hasProgram({ populations, programs }: FuzzCase, p: number): boolean {
  return populations[p]!.program !== null && programs.length > 0;
}

/** A population as it will be built: its kind, size and class settled, children by place. */
export interface Settled {
  readonly case: PopulationCase;
  readonly kind: 'native' | 'wide' | 'program';
  readonly size: number;
  readonly coreClass: number;
  readonly children: readonly number[];
  parent: number | null;
}

/** What a population has if it is no part of a join. */
function alone(fuzz: FuzzCase, p: number): { readonly size: number; readonly coreClass: number } {
  const { size, coreClass } = fuzz.populations[p]!;
  return { size: pick(fuzz.sizes, size), coreClass: coreClass % fuzz.coreClasses.length };
}

/** A source of values: a value port or a population. */
export type ValueSource = { readonly port: number } | { readonly population: number };

/** undefined if nothing can send values: what a wire goes from or to is wide unless it runs a program. */
export function valueSource(fuzz: FuzzCase, index: number): ValueSource | undefined {
  const isWide = allowsWide(fuzz);
  const sources = [
    ...fuzz.ports.flatMap(({ values }, port) => (values ? [{ port }] : [])),
    ...fuzz.populations.flatMap((_, population) =>
      isWide || hasProgram(fuzz, population) ? [{ population }] : [],
    ),
  ];
  return sources.length === 0 ? undefined : pick(sources, index);
}

function valueSourceSize(fuzz: FuzzCase, source: ValueSource): number {
  return 'port' in source
    ? pick(fuzz.sizes, fuzz.ports[source.port]!.size)
    : alone(fuzz, source.population).size;
}

/** A wire whose ends have the same size, and lie on the same cores if both are populations. */
export interface SettledWire {
  readonly from: ValueSource;
  readonly to: number;
  readonly port: number;
}

export function settleWires(fuzz: FuzzCase): SettledWire[] {
  return fuzz.wires.flatMap(({ from: index, to: target, port }) => {
    const from = valueSource(fuzz, index);
    const to = target % fuzz.populations.length;
    const { size, coreClass } = alone(fuzz, to);
    if (from === undefined || !(allowsWide(fuzz) || hasProgram(fuzz, to))) return [];
    if (valueSourceSize(fuzz, from) !== size) return [];
    if ('population' in from) {
      if (from.population >= to || alone(fuzz, from.population).coreClass !== coreClass) return [];
    }
    return [{ from, to, port }];
  });
}

/** Populations that send values to others, and those that receive them. */
function wiredPopulations(fuzz: FuzzCase, wires: readonly SettledWire[]): ReadonlySet<number> {
  const factors = fuzz.projections.flatMap(({ own }) =>
    (own?.thirdFactors ?? []).flatMap((index) => (index === null ? [] : [valueSource(fuzz, index)])),
  );
  const sources = [...factors, ...wires.map(({ from }) => from)];
  return new Set([
    ...sources.flatMap((from) => (from !== undefined && 'population' in from ? [from.population] : [])),
    ...wires.map(({ to }) => to),
  ]);
}

export function settlePopulations(fuzz: FuzzCase, wires: readonly SettledWire[]): Settled[] {
  const semantics = semanticsOf(fuzz);
  const allWide = WIDE_COMPARTMENT_OPTIONS.some((name) => semantics[name] !== SEMANTICS[name].default);
  const wired = wiredPopulations(fuzz, wires);
  const settled: Settled[] = [];
  fuzz.populations.forEach((population, p) => {
    const isWide = allWide || wired.has(p) || (allowsWide(fuzz) && population.columns !== null);
    const kind = hasProgram(fuzz, p) ? 'program' : isWide ? 'wide' : 'native';
    const children: number[] = [];
    for (const index of p === 0 || kind !== 'native' ? [] : population.children) {
      const child = index % p;
      const first = settled[children[0] ?? child]!;
      const { parent, size, coreClass, kind: childKind } = settled[child]!;
      if (parent !== null || children.includes(child) || childKind !== 'native') continue;
      if (size !== first.size || coreClass !== first.coreClass) continue;
      children.push(child);
    }
    const like = children.length > 0 ? settled[children[0]!]! : alone(fuzz, p);
    for (const child of children) settled[child]!.parent = p;
    settled.push({
      case: population,
      kind,
      size: like.size,
      coreClass: like.coreClass,
      children,
      parent: null,
    });
  });
  return settled;
}
