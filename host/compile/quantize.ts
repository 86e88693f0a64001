// From a network to one the chip can hold: every register checked against its width, every weight put on its
// grid, and a report of what that changed. [HW 2.1], [HW 3.1], [HW 4.4]

import { biasLimits, signedLimits, vMax, vMin } from '../chip/limits.ts';
import type { Chip } from '../chip/schema.ts';
import { UserError } from '../errors.ts';
import type {
  Connection,
  CoreClass,
  Network,
  Population,
  Projection,
  TraceParameters,
} from '../network/network.ts';
import { mantissasOf } from './incoming.ts';
import { hasKernels } from './lower.ts';
import { checkPort, checkProgram } from './program-limits.ts';
import { accumulatorUnits, onGrid, weightGrid, weightLimit } from './weight-format.ts';
import { isWidePopulation } from './wide.ts';

/** What rounding did to one projection's weights. */
export interface QuantizationLine {
  readonly projection: string;
  readonly synapses: number;
  /** Weights that were not on the grid of their format. */
  readonly rounded: number;
  /** Largest change, in mantissa units. */
  readonly worst: number;
}

export interface Quantized {
  readonly network: Network;
  readonly report: readonly QuantizationLine[];
}

function range(path: string, what: string, got: number, low: number, high: number, unit = ''): void {
  if (Number.isInteger(got) && got >= low && got <= high) return;
  const suffix = unit === '' ? '' : ` ${unit}`;
  throw new UserError(`${path}: ${what} is ${got}; the chip has ${low}..${high}${suffix}`, {
    code: 'out-of-range',
    path,
    got,
    limit: [low, high],
  });
}

function oneOf(
  path: string,
  what: string,
  got: string | number,
  allowed: readonly (string | number)[],
): void {
  if (allowed.includes(got)) return;
  throw new UserError(`${path}: ${what} is ${got}; the chip has ${allowed.join(', ')}`, {
    code: 'out-of-range',
    path,
    got,
    limit: allowed,
  });
}

function checkTrace(chip: Chip, path: string, trace: TraceParameters): void {
  const max = 2 ** chip.learning.trace - 1;
  if (trace.impulse < 0) {
    throw new UserError(`${path}: the impulse is ${trace.impulse}; traces have no sign [HW 4.1]`, {
      code: 'unsigned-trace',
      path,
      got: trace.impulse,
      limit: [0, max],
      hint: 'carry a signed quantity as two populations, one for each sign, whose traces stand in products of opposite sign',
    });
  }
  const unit = chip.semantics.impulseFraction === 'of256' ? 256 : 128;
  range(path, `the impulse (in 1/${unit})`, trace.impulse * unit, 0, max * unit + unit - 1);
  if (!(trace.tau >= 0))
    throw new UserError(`${path}: tau ${trace.tau} is negative`, { code: 'out-of-range', path });
}

function checkCoreClass(chip: Chip, coreClass: CoreClass): void {
  const path = `core class "${coreClass.name}"`;
  const { compartment, learning } = chip;
  range(path, 'negVmLimit', coreClass.negVmLimit ?? 23, 0, 2 ** compartment.negVmLimit - 1);
  range(path, 'posVmLimit', coreClass.posVmLimit ?? 7, 0, 2 ** compartment.posVmLimit - 1);
  range(path, 'dsOffset', coreClass.dsOffset ?? 0, 0, 1);
  range(path, 'dmOffset', coreClass.dmOffset ?? 0, 0, 1);
  vMin(chip, coreClass.negVmLimit ?? 23);
  vMax(chip, coreClass.posVmLimit ?? 7);
  range(path, 'the learning epoch', coreClass.epochSteps ?? 1, 1, learning.epochStepsMax, 'steps');
  if (coreClass.noise !== undefined) {
    const { exponentMin, exponentMax } = compartment.noise;
    if (!Number.isInteger(coreClass.noise.exponent)) {
      throw new UserError(
        `${path}: the noise exponent is ${coreClass.noise.exponent}; noise is a draw times a whole power of two, one for all compartments of a core [HW 2.4]`,
        {
          code: 'noise-granularity',
          path,
          got: coreClass.noise.exponent,
          hint: 'scale thresholds and weights to the noise: its amplitudes are 127, 254, 508 ...',
        },
      );
    }
    range(path, 'the noise exponent', coreClass.noise.exponent, exponentMin, exponentMax);
  }
  if (coreClass.reward !== undefined) checkTrace(chip, `${path} r1`, coreClass.reward);
}

/** The offset bits of a core reach 4096, and with them 0 is out of reach for all of its compartments. [HW 2.3] */
function checkDecay(chip: Chip, path: string, name: string, offset: string, got: number): void {
  const max = 2 ** chip.compartment.decay - 1;
  if (got !== max + 1 && got !== -1) {
    range(path, name, got, 0, max);
    return;
  }
  throw new UserError(
    `${path}: ${name} is ${got}; the chip has 0..${max}, and a core adds its offset bit ${offset} to all of them [HW 2.3]`,
    {
      code: 'out-of-range',
      path,
      got,
      limit: [0, max],
      hint: `with ${offset} 1 on its core class ${name} ${max} forgets everything and 0 still loses 1/4096; with ${offset} 0 it is 1/4096 kept and nothing lost: one core has one of the two`,
    },
  );
}

function checkPopulation(chip: Chip, population: Population): void {
  const path = `population "${population.name}"`;
  const { compartment } = chip;
  for (const [name, trace] of Object.entries(population.postTraces ?? {}))
    checkTrace(chip, `${path} ${name}`, trace);
  if (population.program !== undefined) {
    checkProgram(chip, population);
    return;
  }
  const { decayU, decayV, threshold, bias, refractory } = population.compartment;
  if (population.start !== undefined && chip.semantics.activityPhase === 'inactive') {
    throw new UserError(
      `${path}: has a state at the start, and with semantics.activityPhase inactive none before its first input`,
      { code: 'semantics-conflict', path },
    );
  }
  checkDecay(chip, path, 'decayU', 'dsOffset', decayU);
  checkDecay(chip, path, 'decayV', 'dmOffset', decayV);
  range(path, 'the threshold mantissa', threshold, 0, 2 ** compartment.thresholdMantissa - 1);
  if (bias !== undefined) {
    const half = 2 ** compartment.biasMantissa;
    const { min, max } = biasLimits(chip);
    range(path, 'the bias exponent', bias.exponent, 0, compartment.biasExponentMax);
    for (const mantissa of typeof bias.mantissa === 'number' ? [bias.mantissa] : bias.mantissa) {
      range(path, 'the bias mantissa', mantissa, -half, half - 1);
      range(path, 'the bias', mantissa * 2 ** bias.exponent, min, max);
    }
  }
  range(
    path,
    'the refractory delay',
    refractory ?? 1,
    compartment.refractoryMin,
    compartment.refractoryMax,
    'steps',
  );
  if (population.join !== undefined) {
    oneOf(path, 'the join', population.join.operation, compartment.joins);
    oneOf(path, 'what its children push', population.join.push ?? 'v', compartment.stackOut);
  }
}

/** A state at the start that the registers hold; wide compartments have words of their own. */
function checkStart(network: Network, chip: Chip, population: Population): void {
  const path = `population "${population.name}"`;
  const { start } = population;
  if (start === undefined || isWidePopulation(network, chip, population)) return;
  const { compartment } = chip;
  const { u, v, refractory } = start;
  for (const [what, column, { min, max }] of [
    ['u at the start', u, signedLimits(compartment.current)],
    ['v at the start', v, signedLimits(compartment.voltage)],
    ['the refractory counter at the start', refractory, { min: 0, max: compartment.refractoryMax }],
  ] as const)
    for (const value of column ?? []) range(path, what, value, min, max);
}

/** Delays must be of a kind that the semantics have. */
function checkDelays(chip: Chip, path: string, delay: Projection['synapse']['delay']): void {
  const { delays } = chip.semantics;
  const longest = delay instanceof Uint8Array ? delay.reduce((a, b) => Math.max(a, b), 0) : (delay ?? 0);
  range(path, 'the delay', longest, 0, chip.synapse.delayMax, 'steps');
  const differs = delay instanceof Uint8Array && delay.some((each) => each !== delay[0]);
  const refused =
    delays === 'none' && longest > 0
      ? 'has a delay'
      : delays === 'perProjection' && differs
        ? 'has delays that differ'
        : undefined;
  if (refused === undefined) return;
  throw new UserError(`${path}: ${refused}, which semantics.delays ${delays} does not allow`, {
    code: 'out-of-range',
    path,
    limit: delays,
  });
}

/** Packings and axons that the chip has. */
function checkLists(chip: Chip, path: string, projection: Projection): void {
  const { connection, synapse, sharing } = projection;
  if (synapse.compression !== undefined) {
    oneOf(path, 'the compression', synapse.compression, chip.synapse.compressions);
    if (synapse.compression === 'convolution' && !hasKernels(chip, projection)) {
      const reason =
        connection.kind !== 'convolution'
          ? 'is no convolution'
          : projection.rule === undefined
            ? 'its kernels are no lists that can be shared'
            : 'every place has a synapse of its own, that learns';
      throw new UserError(`${path}: cannot have the compression convolution: ${reason}`, {
        code: 'bad-network',
        path,
      });
    }
  }
  if (sharing === undefined || sharing.axons === 'discrete') return;
  range(
    path,
    `the number of ${sharing.axons} atoms`,
    sharing.atoms ?? 1,
    1,
    2 ** chip.routing[sharing.axons].atom,
  );
}

function checkSynapse(chip: Chip, path: string, projection: Projection): void {
  const { synapse } = projection;
  const { weightBits, signModes, weightExponentMin, weightExponentMax } = chip.synapse;
  if (chip.semantics.weightWidths === 'any') range(path, 'the weight width', synapse.bits, 0, 8, 'bits');
  else oneOf(path, 'the weight width in bits', synapse.bits, weightBits);
  oneOf(path, 'the sign mode', synapse.signMode, signModes);
  range(path, 'the weight exponent', synapse.exponent, weightExponentMin, weightExponentMax);
  checkDelays(chip, path, synapse.delay);
  checkLists(chip, path, projection);
  if (synapse.weightLimit !== undefined) range(path, 'the weight limit', synapse.weightLimit, 0, 256);
  for (const [name, trace] of Object.entries(projection.preTraces ?? {}))
    checkTrace(chip, `${path} ${name}`, trace);
}

/** A weight that a rule could not leave is a mistake. [HW 3.3] */
function checkLimit(path: string, { weightLimit }: Projection['synapse'], mantissa: number): void {
  if (weightLimit === undefined || Math.abs(mantissa) <= weightLimit) return;
  throw new UserError(
    `${path}: a weight mantissa is ${mantissa}; its weight limit leaves ${-weightLimit}..${weightLimit}`,
    { code: 'out-of-range', path, got: mantissa, limit: [-weightLimit, weightLimit] },
  );
}

/** A connection with its mantissas changed. */
function withWeights(connection: Connection, put: (mantissa: number) => number): Connection {
  if (connection.kind === 'all') return { ...connection, weights: connection.weights.map(put) };
  if (connection.kind === 'sparse') return { ...connection, weights: connection.weights.map(put) };
  if (connection.kind !== 'convolution') return { ...connection, weight: put(connection.weight) };
  const { convolution } = connection;
  return { ...connection, convolution: { ...convolution, weights: convolution.weights.map(put) } };
}

function quantizeProjection(
  chip: Chip,
  projection: Projection,
): { projection: Projection; line: QuantizationLine } {
  const path = `projection "${projection.name}"`;
  const { synapse, connection, unformatted, own } = projection;
  checkSynapse(chip, path, projection);
  const grid = weightGrid(chip, synapse.signMode, synapse.bits);
  const most = weightLimit(chip);
  // Under the chip's own semantics a weight out of range is a mistake; models that differ clip it.
  const clips = chip.semantics.weightWidths === 'any' || chip.semantics.weightRange === 'symmetric';
  // Low bits that are not stored may be asked for: they are dropped toward the grid.
  const lowest = synapse.signMode === 'inhibitory' ? Math.min(-255, grid.min) : grid.min;
  const highest = synapse.signMode === 'inhibitory' ? 0 : 255;
  let rounded = 0;
  let worst = 0;
  const put = (mantissa: number): number => {
    if (!clips) range(path, 'a weight mantissa', mantissa, lowest, highest);
    checkLimit(path, synapse, mantissa);
    const near = onGrid(chip.semantics.weightRounding, grid, synapse.signMode, mantissa);
    const stored = own?.unclipped === true ? near : Math.min(Math.max(near, grid.min), grid.max);
    checkLimit(path, synapse, stored); // the grid may lie further out
    if (!clips) range(path, 'a weight (in units of 64)', accumulatorUnits(synapse, stored), -most, most);
    if (stored !== mantissa) {
      rounded++;
      worst = Math.max(worst, Math.abs(stored - mantissa));
    }
    return stored;
  };
  const stored = unformatted !== undefined ? connection : withWeights(connection, put);
  const synapses = mantissasOf(connection).length;
  return {
    projection: { ...projection, connection: stored },
    line: { projection: projection.name, synapses, rounded, worst },
  };
}

/**
 * Checks every register of a network against the chip and puts its weights on their grids.
 * @throws UserError naming the part, the value and the chip's range
 */
export function quantize(network: Network, chip: Chip): Quantized {
  for (const coreClass of network.coreClasses) checkCoreClass(chip, coreClass);
  for (const population of network.populations) {
    checkPopulation(chip, population);
    checkStart(network, chip, population);
  }
  const named = (name: string): Population => network.populations.find((item) => item.name === name)!;
  for (const { name, port, to } of network.projections) checkPort(`projection "${name}"`, port, named(to));
  for (const { from, port, to } of network.wires) checkPort(`wire from "${from}"`, port, named(to));
  const quantized = network.projections.map((projection) => quantizeProjection(chip, projection));
  return {
    network: { ...network, projections: quantized.map(({ projection }) => projection) },
    report: quantized.map(({ line }) => line),
  };
}
