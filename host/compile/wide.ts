// Wide compartments and synapses: which parts of a network the chip's own kernels cannot compute, because an
// option of the semantics or a feature of a model asks for more, and what the general kernels need of them.

import { vMax, vMin } from '../chip/limits.ts';
import type { Chip } from '../chip/schema.ts';
import { SEMANTICS, type SemanticsName } from '../chip/semantics.ts';
import { UserError } from '../errors.ts';
import type { PlasticImage, WideBlockImage, WideGroupImage, WideTraceImage } from '../image/image.ts';
import { encodeWideRule } from '../microcode/encode.ts';
import { parseRule } from '../microcode/parse.ts';
import type {
  CoreClass,
  NativePopulation,
  Network,
  Population,
  Projection,
  TraceParameters,
} from '../network/network.ts';
import { writtenTraces } from '../program/program.ts';
import { biasOf } from './bias.ts';
import type { Slice } from './core-plan.ts';
import { hasLists, mantissasOf, synapseCounts } from './incoming.ts';
import { programOf } from './program-limits.ts';
import { finishedWeight, storedGrid, weightGrid, weightLimit } from './weight-format.ts';

/** Options that only wide compartments compute. */
export const WIDE_COMPARTMENT_OPTIONS: readonly SemanticsName[] = [
  'currentDecayTime',
  'currentOverflow',
  'inputOverflow',
  'biasOverflow',
  'voltageLimits',
  'refractory',
  'inputScale',
];

/** Options that only wide synapses learn by. */
export const WIDE_LEARNING_OPTIONS: readonly SemanticsName[] = [
  'exponentPlace',
  'traceImpulse',
  'ruleSpikes',
  'epochCount',
  'ruleCoefficient',
  'ruleLimit',
  'ruleUnit',
  'ruleRange',
  'ruleRounding',
  'impulseFraction',
  'secondSpikeFraction',
  'learnedDelay',
  'random',
  'randomShare',
  'randomTime',
];

function firstChosen(chip: Chip, options: readonly SemanticsName[]): SemanticsName | undefined {
  return options.find((name) => chip.semantics[name] !== SEMANTICS[name].default);
}

function isWired(network: Network, name: string): boolean {
  return (
    network.wires.some(({ from, to }) => from === name || to === name) ||
    network.projections.some(({ own }) => Object.values(own?.thirdFactors ?? {}).includes(name))
  );
}

/** True if the compartments of a population are wide. */
export function isWidePopulation(
  network: Network,
  chip: Chip,
  population: Population,
): population is NativePopulation {
  if (population.program !== undefined) return false;
  const reason =
    population.columns !== undefined
      ? 'parameters of single compartments'
      : isWired(network, population.name)
        ? 'a wire'
        : firstChosen(chip, WIDE_COMPARTMENT_OPTIONS);
  if (reason === undefined) return false;
  const { compartment, join, name } = population;
  const isChild = network.populations.some((other) => other.join?.children.includes(name));
  const conflict =
    chip.semantics.activityPhase !== 'idle'
      ? `semantics.activityPhase ${chip.semantics.activityPhase}`
      : join !== undefined || isChild
        ? 'a join'
        : compartment.noise === true
          ? 'noise'
          : (compartment.thresholdOp ?? 'spike') !== 'spike'
            ? `thresholdOp ${compartment.thresholdOp}`
            : undefined;
  if (conflict === undefined) return true;
  throw new UserError(`population "${name}": ${conflict} cannot be combined with ${describe(chip, reason)}`, {
    code: 'semantics-conflict',
    path: `population "${name}"`,
  });
}

function describe(chip: Chip, reason: string): string {
  return reason in SEMANTICS ? `semantics.${reason} ${chip.semantics[reason as SemanticsName]}` : reason;
}

/** True if the synapses of a projection are wide. Its weights are those that are stored. */
export function isWideProjection(chip: Chip, projection: Projection): boolean {
  const { graded, unformatted, tapped, own, rule, synapse, connection } = projection;
  if (graded === true || unformatted !== undefined || tapped === true || own !== undefined) return true;
  const { semantics } = chip;
  if (rule !== undefined) {
    const option = firstChosen(chip, WIDE_LEARNING_OPTIONS);
    if (
      option !== undefined ||
      semantics.traceDecay === 'everySecondStep' ||
      semantics.ruleDownscale === 'none'
    )
      return true;
  }
  if (synapse.exponent < 0) {
    if (semantics.exponentPlace === 'sum' || semantics.exponentRounding !== 'floor') return true;
  }
  if (!chip.synapse.weightBits.includes(synapse.bits)) return true;
  // The chip's rows store 2^bits steps from the least weight on.
  const stored = storedGrid(synapse.signMode, synapse.bits);
  return !mantissasOf(connection).every((weight) => weight >= stored.min && weight <= stored.max);
}

function perElement(
  slice: Slice,
  values: Int32Array | undefined,
  scalar: number,
  map: (value: number) => number = (value) => value,
): Int32Array {
  return Int32Array.from({ length: slice.count }, (_, i) => map(values?.[slice.element + i] ?? scalar));
}

/** What a wide group needs. */
export function wideGroup(
  chip: Chip,
  coreClass: CoreClass,
  population: NativePopulation,
  slice: Slice,
): WideGroupImage {
  const { compartment, columns = {} } = population;
  const { semantics } = chip;
  const { dsOffset, dmOffset } = { ...chip.compartment, ...coreClass };
  const offset = semantics.currentDecay === 'offset' ? dsOffset : 0;
  const scale = semantics.inputScale === 'shifted' ? 2 ** chip.compartment.thresholdShift : 1;
  const bias = biasOf(compartment, slice);
  const low = columns.thresholdLow;
  return {
    effectiveDecayU: perElement(slice, columns.decayU, compartment.decayU, (decay) => decay + offset),
    effectiveDecayV: perElement(slice, columns.decayV, compartment.decayV, (decay) => decay + dmOffset),
    threshold: perElement(slice, columns.threshold, compartment.threshold, (mantissa) => mantissa * scale),
    thresholdLow: low === undefined ? null : perElement(slice, low, 0, (mantissa) => mantissa * scale),
    bias: typeof bias === 'number' ? perElement(slice, columns.bias, bias) : bias,
    refractory: perElement(slice, columns.refractory, compartment.refractory ?? 1),
    vMin: perElement(slice, columns.vMin, vMin(chip, coreClass.negVmLimit ?? 23)),
    vMax: perElement(slice, columns.vMax, vMax(chip, coreClass.posVmLimit ?? 7)),
    resetInterval: perElement(slice, columns.resetInterval, 0),
    resetOffset: perElement(slice, columns.resetOffset, 0),
  };
}

function traceFactor(chip: Chip, tau: number): number {
  if (tau === 0) return 0;
  if (chip.semantics.traceDecay === 'linear') return Math.max(0, 1 - 1 / tau);
  return Math.exp((chip.semantics.traceDecay === 'everySecondStep' ? -2 : -1) / tau);
}

function wideTrace(chip: Chip, trace: TraceParameters | undefined): WideTraceImage {
  if (trace === undefined) return { impulse: 0, fraction: 0, factor: 0 };
  const impulse = Math.floor(trace.impulse);
  const unit = chip.semantics.impulseFraction === 'of256' ? 256 : 128;
  return {
    impulse,
    fraction: Math.round((trace.impulse - impulse) * unit),
    factor: traceFactor(chip, trace.tau),
  };
}

/** Rows and columns of a slice of a [from][to] matrix. */
export function columnsOf<T extends Int16Array | Int32Array | Uint8Array | Uint32Array>(
  matrix: T,
  rows: number,
  columns: number,
  slice: Slice,
): T {
  const part = matrix.slice(0, rows * slice.count) as T;
  for (let row = 0; row < rows; row++) {
    const first = row * columns + slice.element;
    part.set(matrix.subarray(first, first + slice.count), row * slice.count);
  }
  return part;
}

/** Which synapses a projection has, [from][to]; null if all. */
function existingSynapses({ connection, own }: Projection, rows: number, columns: number): Uint8Array | null {
  const isList = connection.kind === 'sparse' || connection.kind === 'one-to-one';
  if (!isList) return own?.exists ?? null;
  const exists = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    if (connection.kind === 'one-to-one') exists[row * (columns + 1)] = 1;
    else
      for (let i = connection.rowStart[row]!; i < connection.rowStart[row + 1]!; i++)
        exists[row * columns + connection.targets[i]!] = 1;
  }
  return own?.exists === undefined ? exists : exists.map((each, i) => each & own.exists![i]!);
}

function plasticImage(
  network: Network,
  chip: Chip,
  projection: Projection,
  slice: Slice,
  rows: number,
  columns: number,
): PlasticImage {
  const { synapse, own, preTraces } = projection;
  const { semantics } = chip;
  const population = network.populations.find(({ name }) => name === projection.to)!;
  const rule = network.rules.find(({ name }) => name === projection.rule)!;
  const name = `rule "${rule.name}"`;
  const products = rule.lines.flatMap((line) => encodeWideRule(chip, name, parseRule(name, line, 'any')));
  const postTraces = (own === undefined ? population : own).postTraces;
  const { droppedBits } = weightGrid(chip, synapse.signMode, synapse.bits);
  const range = weightGrid(chip, synapse.signMode, semantics.ruleRange === 'eightBits' ? 8 : synapse.bits);
  // A weight that moves by 1 reaches 255 also where the grid ends at 254.
  const max = semantics.ruleUnit === 'one' && synapse.signMode !== 'inhibitory' ? 255 : range.max;
  const third = own?.thirdFactors !== undefined;
  const exists = existingSynapses(projection, rows, columns);
  const matrix = (values: Int32Array | undefined): Int32Array =>
    values === undefined ? new Int32Array(rows * slice.count) : columnsOf(values, rows, columns, slice);
  return {
    epochSteps: epochStepsOf(network, projection),
    products,
    traces: [
      wideTrace(chip, preTraces?.x1),
      wideTrace(chip, preTraces?.x2),
      wideTrace(chip, postTraces?.y1),
      wideTrace(chip, postTraces?.y2),
      wideTrace(chip, postTraces?.y3),
    ],
    hasThirdFactors: third,
    gradedTrace: own?.gradedTrace ?? 'none',
    exists: exists === null ? null : columnsOf(exists, rows, columns, slice),
    tags: matrix(own?.tags),
    delays: matrix(own?.delays),
    weightMin: range.min,
    weightMax: max,
    grid: semantics.ruleUnit === 'one' ? 0 : droppedBits,
  };
}

/** Synapses of each row, if the network has one for some columns alone. */
function rowSynapses({ connection }: Projection, slice: Slice, rows: number): Uint32Array | null {
  if (!hasLists(connection) && connection.kind !== 'one-to-one') return null;
  const count = synapseCounts(connection, slice);
  return Uint32Array.from({ length: rows }, (_, row) => count(row));
}

/** What the wide block of a projection needs; `weights` are those that are stored, [from][to]. */
export function wideBlock(
  network: Network,
  chip: Chip,
  projection: Projection,
  slice: Slice,
  weights: Int16Array | Int32Array,
  rows: number,
  columns: number,
): WideBlockImage {
  const { synapse, unformatted } = projection;
  const { semantics } = chip;
  const plastic =
    projection.rule === undefined ? null : plasticImage(network, chip, projection, slice, rows, columns);
  const part = Int32Array.from(columnsOf(weights, rows, columns, slice));
  const common = {
    graded: projection.graded ?? false,
    tapped: projection.tapped ?? false,
    rowSynapses: rowSynapses(projection, slice, rows),
    plastic,
  };
  const exact = { synapseShift: 0, synapseLimit: 0, sumShift: 0, sumBits: 0 };
  if (unformatted !== undefined) return { ...common, ...exact, weights: part, sumBits: unformatted.sumBits };
  if (semantics.exponentPlace === 'sum')
    return { ...common, ...exact, weights: part, sumShift: synapse.exponent };
  if (plastic === null)
    return { ...common, ...exact, weights: part.map((weight) => finishedWeight(chip, synapse, weight)) };
  return {
    ...common,
    ...exact,
    weights: part,
    synapseShift: synapse.exponent,
    synapseLimit: weightLimit(chip),
  };
}

/** Refuses what the general kernels of synapses do not have. */
export function checkWide(projection: Projection): void {
  const { ignoreDelays, box, weightLimit } = projection.synapse;
  const refused = box === true ? 'box' : ignoreDelays === true ? 'ignoreDelays' : 'weightLimit';
  if (box !== true && ignoreDelays !== true && weightLimit === undefined) return;
  throw new UserError(
    `projection "${projection.name}": ${refused} is of the chip's own synapses, not of those with payloads or another arithmetic`,
    { code: 'semantics-conflict', path: `projection "${projection.name}"` },
  );
}

/** Why a projection learns with the general kernels although the chip's options do not ask for them. */
function causeOf({ own, graded, tapped }: Projection): string {
  if (own !== undefined) return 'traces of its own';
  if (graded === true) return 'payloads';
  return tapped === true ? 'a tap' : "weights that the chip's formats do not hold";
}

/** Refuses what wide learning does not have. */
export function checkWideLearning(network: Network, chip: Chip, projection: Projection): void {
  const path = `projection "${projection.name}"`;
  const lines = network.rules.find(({ name }) => name === projection.rule)?.lines ?? [];
  const sums = lines.map((line) => parseRule(path, line, 'any'));
  const option = firstChosen(chip, WIDE_LEARNING_OPTIONS);
  const refuse = (
    what: string,
    cause = option === undefined ? causeOf(projection) : describe(chip, option),
  ): never => {
    throw new UserError(`${path}: ${what} cannot be combined with ${cause}`, {
      code: 'semantics-conflict',
      path,
    });
  };
  if (
    sums.some(({ products }) =>
      products.some(({ factors }) => factors.some(({ variable }) => /^r/.test(variable))),
    )
  )
    refuse('a reward trace');
  if (chip.semantics.learnedDelay === 'delays' && sums.some(({ target }) => target === 'd'))
    refuse('a learned delay');
  if (chip.semantics.exponentRounding !== 'floor' && projection.synapse.exponent < 0)
    refuse('a negative weight exponent of synapses that learn');
  const { ruleRounding, ruleDownscale, randomTime, ruleSpikes } = chip.semantics;
  if (ruleRounding === 'awayFromZero' && ruleDownscale !== 'none')
    refuse(describe(chip, 'ruleDownscale'), describe(chip, 'ruleRounding'));
  if (randomTime === 'beforeSpikes') {
    if (ruleRounding !== 'awayFromZero') refuse(describe(chip, 'ruleRounding'), describe(chip, 'randomTime'));
    if (epochStepsOf(network, projection) > 1)
      refuse('a learning epoch of several steps', describe(chip, 'randomTime'));
  }
  const { delay } = projection.synapse;
  if (ruleSpikes === 'onArrival' && delay instanceof Uint8Array && delay.some((each) => each !== delay[0]))
    refuse('delays that differ', describe(chip, 'ruleSpikes'));
  if (projection.tied !== undefined) refuse('tied synapses');
  checkProgramTarget(network, projection, refuse);
}

/** What a program makes of post spikes and traces is the compartment's; a model's synapses have their own. */
function checkProgramTarget(
  network: Network,
  { to, own }: Projection,
  refuse: (what: string) => never,
): void {
  const target = network.populations.find(({ name }) => name === to)!;
  if (target.program === undefined || own !== undefined) return;
  const program = programOf(target);
  if (program.instructions.some(({ op }) => op === 'post')) refuse(`the "post" of the program of "${to}"`);
  if (writtenTraces(program).size > 0) refuse(`a post trace that the program of "${to}" writes`);
}

/** Steps of a learning epoch of a projection. */
function epochStepsOf(network: Network, { own, to }: Projection): number {
  const { coreClass } = network.populations.find(({ name }) => name === to)!;
  return own?.epochSteps ?? network.coreClasses.find(({ name }) => name === coreClass)!.epochSteps ?? 1;
}
