// From the quantized network and the plan of cores to the image. [HW 2], [HW 4], [HW 5]

import { barrierTime } from '../chip/barrier.ts';
import { accumulatorsFor, coreTile, vMax, vMin } from '../chip/limits.ts';
import type { Chip } from '../chip/schema.ts';
import { UserError } from '../errors.ts';
import {
  type ChipImage,
  type CoreImage,
  type EntryImage,
  type GroupImage,
  IMAGE_VERSION,
  type PopulationImage,
  type ProductImage,
  type RewardImage,
  type RouteTable,
  type RuleImage,
  type TimingImage,
  type TraceImage,
  type VisitReading,
} from '../image/image.ts';
import { encodeRule } from '../microcode/encode.ts';
import { parseRule } from '../microcode/parse.ts';
import type {
  CompartmentStart,
  CoreClass,
  NativePopulation,
  Network,
  Population,
  RandomTape,
  ScheduleEntry,
  TraceParameters,
} from '../network/network.ts';
import { writtenTraces } from '../program/program.ts';
import { allocateCore, type CoreAllocation, routesOf } from './allocate.ts';
import { biasOf } from './bias.ts';
import type { CorePlan, Slice } from './core-plan.ts';
import { cycleTimingImage } from './cycle-timing.ts';
import { delayOf } from './incoming.ts';
import { programImage } from './program-image.ts';
import { programOf } from './program-limits.ts';
import { isWidePopulation, isWideProjection, wideGroup } from './wide.ts';
import { postNoteImages, sourceOf, wireImages } from './wires.ts';

const NO_TRACE: TraceImage = { impulse: 0, fraction: 0, keep: 0 };

/** Impulse and decay factor of a trace; the factor is rounded to 2^-24. [HW 4.4], C8 */
function traceImage(chip: Chip, trace: TraceParameters | undefined): TraceImage {
  if (trace === undefined) return NO_TRACE;
  const { tau } = trace;
  const factor =
    tau === 0 ? 0 : chip.semantics.traceDecay === 'linear' ? Math.max(0, 1 - 1 / tau) : Math.exp(-1 / tau);
  return { ...splitImpulse(trace.impulse), keep: Math.round(factor * 2 ** 24) };
}

/** Whole part and 1/128ths of an impulse. */
function splitImpulse(value: number): { impulse: number; fraction: number } {
  const impulse = Math.floor(value);
  return { impulse, fraction: Math.round((value - impulse) * 128) };
}

function productsOf(chip: Chip, rule: string, lines: readonly string[]): ProductImage[] {
  return lines.flatMap((line) => {
    const sum = parseRule(rule, line);
    return encodeRule(chip, rule, sum).map(({ gate, mantissa, down, up, factors }) => ({
      target: sum.target,
      gate: gate.kind,
      decimation: gate.kind === 'u' ? gate.k : 0,
      mantissa,
      down,
      up,
      factors,
    }));
  });
}

/** Products that a core looks at together; how many a chip holds is not public (U4). */
const PRODUCTS_MAX = 64;

function ruleImage(network: Network, chip: Chip, name: string): RuleImage {
  const rule = network.rules.find((item) => item.name === name)!;
  const path = `rule "${name}"`;
  const products = productsOf(chip, path, rule.lines);
  if (products.length <= PRODUCTS_MAX) return { name, products };
  throw new UserError(`${path}: has ${products.length} products; a core holds ${PRODUCTS_MAX} of one rule`, {
    code: 'rule-range',
    path,
    got: products.length,
    limit: PRODUCTS_MAX,
  });
}

/** True if some synapse that learns by the compartment's traces ends at the population. */
function learnsAt(network: Network, chip: Chip, population: Population): boolean {
  return network.projections.some(
    (projection) =>
      projection.to === population.name &&
      projection.rule !== undefined &&
      !isWideProjection(chip, projection),
  );
}

function startOf({ start = {} }: Population, slice: Slice): CompartmentStart {
  const part = (values: Int32Array): Int32Array => values.slice(slice.element, slice.element + slice.count);
  return {
    ...(start.u === undefined ? {} : { u: part(start.u) }),
    ...(start.v === undefined ? {} : { v: part(start.v) }),
    ...(start.refractory === undefined ? {} : { refractory: part(start.refractory) }),
  };
}

function groupImage(
  network: Network,
  chip: Chip,
  coreClass: CoreClass,
  plan: CorePlan,
  slice: Slice,
): GroupImage {
  const population = network.populations.find(({ name }) => name === slice.population)!;
  const parent = network.populations.find((other) => other.join?.children.includes(population.name));
  const learns = learnsAt(network, chip, population);
  return {
    population: network.populations.indexOf(population),
    element: slice.element,
    count: slice.count,
    ...(population.program === undefined
      ? { ...registers(chip, coreClass, plan, population, slice), program: null }
      : { ...NO_REGISTERS, program: programImage(population, slice) }),
    push: parent === undefined ? null : (parent.join?.push ?? 'v'),
    postSpikes: learns ? (population.postSpikes ?? 'self') : null,
    postTraces: learns
      ? (['y1', 'y2', 'y3'] as const).map((name) => postTraceImage(chip, population, name))
      : null,
    wide: isWidePopulation(network, chip, population) ? wideGroup(chip, coreClass, population, slice) : null,
    start: startOf(population, slice),
  };
}

/** Registers of the fixed model that a group with a program does not have. */
const NO_REGISTERS = {
  effectiveDecayU: 0,
  effectiveDecayV: 0,
  threshold: 0,
  bias: 0,
  refractory: 0,
  noise: false,
  thresholdOp: 'spike',
  join: 'none',
  children: [],
} as const;

function registers(
  chip: Chip,
  coreClass: CoreClass,
  plan: CorePlan,
  population: NativePopulation,
  slice: Slice,
) {
  const { compartment, join } = population;
  const { dsOffset, dmOffset } = { ...chip.compartment, ...coreClass };
  return {
    effectiveDecayU: compartment.decayU + (chip.semantics.currentDecay === 'offset' ? dsOffset : 0),
    effectiveDecayV: compartment.decayV + dmOffset,
    threshold: compartment.threshold * 2 ** chip.compartment.thresholdShift,
    bias: biasOf(compartment, slice),
    refractory: compartment.refractory ?? 1,
    noise: compartment.noise === true && coreClass.noise !== undefined,
    thresholdOp: compartment.thresholdOp ?? 'spike',
    join: join?.operation ?? 'none',
    children: (join?.children ?? []).map((name) =>
      plan.slices.findIndex((other) => other.population === name),
    ),
  } as const;
}

/** A trace that a program writes keeps what it was given, unless the network says otherwise. */
function postTraceImage(chip: Chip, population: Population, name: 'y1' | 'y2' | 'y3'): TraceImage {
  const trace = population.postTraces?.[name];
  const written =
    population.program !== undefined && writtenTraces(programOf(population)).has(Number(name.slice(1)));
  return traceImage(chip, trace ?? (written ? { impulse: 0, tau: Number.POSITIVE_INFINITY } : undefined));
}

function quanta(chip: Chip, seconds: number): number {
  return Math.round(seconds / chip.timing.quantum);
}

/** Times of a chip of which the first so many cores are in use. */
export function timingImage(chip: Chip, cores: number): TimingImage {
  const places = Array.from({ length: cores }, (_, i) => coreTile(chip, i));
  const tiles = new Set(places.map((place) => JSON.stringify({ ...place, local: 0 }))).size;
  const { timing } = chip;
  return {
    quantumS: timing.quantum,
    compartmentAccess: quanta(chip, timing.compartmentAccess),
    compartmentUpdate: quanta(chip, timing.compartmentUpdate),
    spikeOut: quanta(chip, timing.spikeOut),
    axonOut: quanta(chip, timing.axonOut),
    axonIn: quanta(chip, timing.axonIn),
    hopEastWest: quanta(chip, timing.hopEastWest),
    hopNorthSouth: quanta(chip, timing.hopNorthSouth),
    linkBuffer: timing.linkBuffer,
    synapticOpDense: quanta(chip, timing.synapticOpDense),
    synapticOpSparse: quanta(chip, timing.synapticOpSparse),
    synapticOpConv: quanta(chip, timing.synapticOpConv),
    learningVisit: quanta(chip, timing.learningVisit),
    managementWrite: quanta(chip, timing.managementWrite),
    barrier: quanta(chip, barrierTime(timing.barrier, tiles)),
    embeddedStep: quanta(chip, timing.embeddedStep),
    cycle: cycleTimingImage(chip),
  };
}

function visitReading(chip: Chip): VisitReading {
  const { visits, skipEpochWithoutError } = chip.learning;
  return skipEpochWithoutError ? `${visits}WithError` : visits;
}

/** A register below 7 behaves as one more; what the image has is the exponent of the formula. [HW 2.4] */
function noiseImage(chip: Chip, { noise }: CoreClass): CoreImage['noise'] {
  if (noise === undefined) return { exponent: 7, mantissaOffset: 0, target: 'dendrite' };
  const acts = chip.semantics.noiseExponent === 'register' && noise.exponent < 7 ? 1 : 0;
  return { ...noise, exponent: noise.exponent + acts };
}

function coreImage(
  network: Network,
  chip: Chip,
  plan: CorePlan,
  index: number,
  allocation: CoreAllocation,
  routes: RouteTable,
): CoreImage {
  const coreClass = network.coreClasses.find(({ name }) => name === plan.coreClass)!;
  const { chipIndex, x, y } = coreTile(chip, index);
  const into = network.projections.filter(({ to }) =>
    plan.slices.some(({ population }) => population === to),
  );
  return {
    index,
    place: { chip: chipIndex, x, y },
    coreClass: plan.coreClass,
    vMin: vMin(chip, coreClass.negVmLimit ?? 23),
    vMax: vMax(chip, coreClass.posVmLimit ?? 7),
    noise: noiseImage(chip, coreClass),
    accumulators: accumulatorsFor(chip, Math.max(0, ...into.map(delayOf)))!,
    epochSteps: coreClass.epochSteps ?? 1,
    learning: coreClass.learning ?? true,
    reward: coreClass.reward === undefined ? null : traceImage(chip, coreClass.reward),
    groups: plan.slices.map((slice) => groupImage(network, chip, coreClass, plan, slice)),
    blocks: allocation.blocks,
    axons: allocation.axons,
    preTraceProfiles: allocation.preTraceProfiles.map(
      (traces) => [traceImage(chip, traces.x1), traceImage(chip, traces.x2)] as const,
    ),
    rules: allocation.rules.map((name) => ruleImage(network, chip, name)),
    routes,
  };
}

function populationImages(network: Network, plans: readonly CorePlan[]): PopulationImage[] {
  return network.populations.map(({ name, size }) => ({
    name,
    size,
    slices: plans
      .flatMap(({ slices }, core) => slices.map((slice, group) => ({ ...slice, core, group })))
      .filter(({ population }) => population === name)
      .map(({ core, group, element, count }) => ({ core, group, element, count })),
  }));
}

function rewardImages(
  network: Network,
  plans: readonly CorePlan[],
  populations: readonly PopulationImage[],
  ports: ChipImage['ports'],
): RewardImage[] {
  return network.rewards.map(({ from, coreClass }) => {
    const cores = plans.flatMap((plan, c) => (plan.coreClass === coreClass ? [c] : []));
    return { from: sourceOf({ plans, populations, ports }, from, 0), cores };
  });
}

/** The random numbers of the run, if its semantics do not draw them. */
function tapeOf(network: Network, chip: Chip): RandomTape | null {
  if (chip.semantics.random === 'counter') return null;
  if (network.tape !== undefined) return network.tape;
  throw new UserError(
    `semantics.random ${chip.semantics.random} needs numbers, and the network brings none`,
    {
      code: 'no-tape',
      path: 'semantics.random',
    },
  );
}

function impulseEntries(
  entry: ScheduleEntry & { kind: 'postImpulses' },
  cores: readonly CoreImage[],
  populations: readonly PopulationImage[],
): EntryImage[] {
  const { slices } = populations.find(({ name }) => name === entry.population)!;
  if (slices.every(({ core, group }) => cores[core]!.groups[group]!.postTraces === null)) {
    const path = `population "${entry.population}"`;
    throw new UserError(
      `${path}: a schedule changes the impulses of its post traces, and no synapses learn by them`,
      { code: 'bad-network', path, hint: 'let a projection learn there, or take the entry out' },
    );
  }
  const names = ['y1', 'y2', 'y3'] as const;
  return slices.flatMap(({ core, group }) =>
    names.flatMap((name, trace): EntryImage[] => {
      const value = entry.impulses[name];
      if (value === undefined) return [];
      const { impulse, fraction } = splitImpulse(value);
      return [{ step: entry.step, kind: 'postImpulse', core, group, trace, impulse, fraction }];
    }),
  );
}

/** True if two products differ in nothing but their coefficients. */
function sameFactors(a: ProductImage, b: ProductImage): boolean {
  const key = ({ gate, decimation, factors }: ProductImage): string =>
    JSON.stringify([gate, decimation, factors]);
  return key(a) === key(b);
}

/** Coefficients can be written where products are registers of the core. */
function checkRuleEntry(network: Network, chip: Chip, rule: string): void {
  const own = network.projections.find(
    (projection) => projection.rule === rule && isWideProjection(chip, projection),
  );
  if (own === undefined) return;
  throw new UserError(
    `rule "${rule}": a schedule changes its coefficients, and "${own.name}" learns by it with traces of its own, which has no registers for them`,
    { code: 'not-implemented', path: `rule "${rule}"` },
  );
}

function entryImages(
  network: Network,
  chip: Chip,
  entry: ScheduleEntry,
  cores: readonly CoreImage[],
  populations: readonly PopulationImage[],
): EntryImage[] {
  const { step } = entry;
  if (entry.kind === 'phase') {
    return [{ step, kind: 'phase', phase: network.phases.findIndex(({ name }) => name === entry.phase) }];
  }
  if (entry.kind === 'learning') {
    return cores.flatMap(({ coreClass }, core) =>
      coreClass === entry.coreClass ? [{ step, kind: 'learning', core, on: entry.on }] : [],
    );
  }
  if (entry.kind === 'postImpulses') return impulseEntries(entry, cores, populations);
  if (entry.kind === 'reset') {
    const { slices } = populations.find(({ name }) => name === entry.population)!;
    return slices.map(({ core, group }) => ({ step, kind: 'reset', core, group }));
  }
  checkRuleEntry(network, chip, entry.rule);
  const products = productsOf(chip, `rule "${entry.rule}"`, [entry.line]);
  return cores.flatMap(({ rules }, core) =>
    rules.flatMap((rule, r): EntryImage[] => {
      if (rule.name !== entry.rule) return [];
      const places = rule.products.flatMap(({ target }, i) => (target === products[0]?.target ? [i] : []));
      if (places.length !== products.length) {
        throw new UserError(
          `rule "${entry.rule}": "${entry.line}" has ${products.length} products and replaces ${places.length}`,
          { code: 'bad-rule', path: entry.rule },
        );
      }
      products.forEach((product, i) => {
        if (sameFactors(product, rule.products[places[i]!]!)) return;
        throw new UserError(
          `rule "${entry.rule}": "${entry.line}" has other gates or factors than the line it replaces; a schedule can change coefficients only`,
          { code: 'bad-rule', path: entry.rule },
        );
      });
      return products.map((product, i) => ({
        step,
        kind: 'product',
        core,
        rule: r,
        index: places[i]!,
        product,
      }));
    }),
  );
}

/** Numbers of the port elements: value ports after all others. */
function portImages(network: Network): ChipImage['ports'] {
  let next = 0;
  const firsts = new Map<string, number>();
  for (const values of [false, true]) {
    for (const port of network.ports) {
      if ((port.values ?? false) !== values) continue;
      firsts.set(port.name, next);
      next += port.size;
    }
  }
  return network.ports.map(({ name, size, values }) => ({
    name,
    size,
    first: firsts.get(name)!,
    values: values ?? false,
  }));
}

/** Assembles the image; cores take the places 0, 1, 2 … of the chip in the order of the plan. */
export function buildImage(network: Network, chip: Chip, plans: readonly CorePlan[]): ChipImage {
  const allocations = plans.map((plan, i) => allocateCore(network, chip, plan, i));
  const cores = plans.map((plan, i) => {
    const sources = plan.slices.flatMap(({ population, element, count }) =>
      Array.from({ length: count }, (_, k) => ({ name: population, element: element + k })),
    );
    const routes = routesOf(sources, allocations);
    return coreImage(network, chip, plan, i, allocations[i]!, routes);
  });
  const ports = portImages(network);
  const portSources = [...ports]
    .sort((a, b) => a.first - b.first)
    .flatMap(({ name, size }) => Array.from({ length: size }, (_, element) => ({ name, element })));
  const populations = populationImages(network, plans);
  return {
    version: IMAGE_VERSION,
    network: network.name,
    chip: chip.name,
    seed: network.seed,
    semantics: chip.semantics,
    timing: timingImage(chip, plans.length),
    visits: visitReading(chip),
    phases: network.phases.map(({ name, learningAs }) => ({
      name,
      learningAs: network.phases.findIndex((phase) => phase.name === learningAs),
    })),
    managementPhase: network.phases.findIndex(({ name }) => name === 'management'),
    ports,
    portRoutes: routesOf(portSources, allocations),
    rewards: rewardImages(network, plans, populations, ports),
    postNotes: postNoteImages(network, { plans, populations, ports }, cores),
    wires: wireImages(network, { plans, populations, ports }, cores),
    tape: tapeOf(network, chip),
    populations,
    projections: network.projections.map((projection, p) => ({
      name: projection.name,
      from: projection.from,
      to: projection.to,
      rows: [...network.ports, ...network.populations].find(({ name }) => name === projection.from)!.size,
      columns: network.populations.find(({ name }) => name === projection.to)!.size,
      plastic: projection.rule !== undefined,
      blocks: cores.flatMap(({ blocks }, core) =>
        blocks.flatMap((block, b) => (block.projection === p ? [{ core, block: b }] : [])),
      ),
    })),
    cores,
    presentations: network.presentations.map(({ name, steps, entries }) => ({
      name,
      steps,
      entries: entries.flatMap((entry) => entryImages(network, chip, entry, cores, populations)),
    })),
  };
}
