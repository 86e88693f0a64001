// From a random case to a network on a chip and its input spikes. References wrap around; what the compiler would
// refuse (a product that reads what does not exist, a register out of range) is left out or brought into range.

import type { Chip } from '../../host/chip/schema.ts';
import { type Compiled, compile } from '../../host/compile/compile.ts';
import { NetworkBuilder } from '../../host/network/builder.ts';
import { convolvedShape } from '../../host/network/convolution.ts';
import type {
  Connection,
  Network,
  Population,
  Projection,
  ScheduleEntry,
  Sharing,
  TraceParameters,
} from '../../host/network/network.ts';
import { chipWith } from '../support/chips.ts';
import type {
  EntryCase,
  FuzzCase,
  PopulationCase,
  ProductCase,
  ProjectionCase,
  RuleCase,
  SeededCase,
  TraceCase,
} from './fuzz-case.ts';

const PHASES = ['forward', 'learning', 'management', 'other'] as const;
/** Bits that the factors of a product may have together: the engine multiplies them and a mantissa in 31. */
const FACTOR_BITS_MAX = 27;
const PLASTIC_SYNAPSES_MAX = 4096;
/** Limits that a random network may well exceed and that change no result. */
const ROOMY = {
  compartments: 4096,
  compartmentProfiles: 256,
  thresholdProfiles: 256,
  synapseFormats: 256,
  preTraceProfiles: 64,
  synapseMemoryWords: 2 ** 24,
  inputAxons: 65536,
  outputAxons: 65536,
  dendriticAccumulators: 2 ** 20,
};

function pick<T>(list: readonly T[], index: number): T {
  return list[index % list.length]!;
}

/** uint32 number i of a seed. */
function hash(seed: number, i: number): number {
  let h = Math.imul(seed ^ Math.imul(i + 1, 0x27d4eb2f), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return (h ^ (h >>> 13)) >>> 0;
}

function chipOf({ semantics, chip }: FuzzCase): Chip {
  const { dsOffset, dmOffset, tilesX, tilesY, coresPerTile, visits, skipEpochWithoutError } = chip;
  const packings = ['dense', 'sparse', 'runLength'] as const;
  return chipWith({
    semantics,
    core: ROOMY,
    compartment: { dsOffset, dmOffset },
    topology: { tilesX, tilesY, coresPerTile, chips: 64 },
    timing: { linkBuffer: 1 }, // the small networks of a case would never fill more
    learning: { visits, skipEpochWithoutError },
    synapse: { compressions: chip.kernels === true ? [...packings, 'convolution'] : packings },
  });
}

function traceOf({ impulse, tau }: TraceCase): TraceParameters {
  return { impulse: impulse / 128, tau: tau < 0 ? Infinity : tau };
}

/** A population as it will be built: size and class settled, children by place. */
interface Settled {
  readonly case: PopulationCase;
  readonly size: number;
  readonly coreClass: number;
  readonly children: readonly number[];
  parent: number | null;
}

function settlePopulations(fuzz: FuzzCase): Settled[] {
  const settled: Settled[] = [];
  fuzz.populations.forEach((population, p) => {
    const children: number[] = [];
    for (const index of p === 0 ? [] : population.children) {
      const child = index % p;
      const first = settled[children[0] ?? child]!;
      const { parent, size, coreClass } = settled[child]!;
      if (parent !== null || children.includes(child)) continue;
      if (size !== first.size || coreClass !== first.coreClass) continue;
      children.push(child);
    }
    const like = children.length > 0 ? settled[children[0]!]! : undefined;
    for (const child of children) settled[child]!.parent = p;
    settled.push({
      case: population,
      size: like?.size ?? pick(fuzz.sizes, population.size),
      coreClass: like?.coreClass ?? population.coreClass % fuzz.coreClasses.length,
      children,
      parent: null,
    });
  });
  return settled;
}

/** Weight mantissas in the range of a format that stay within the largest effective weight. */
function weightsOf(
  projection: ProjectionCase,
  { seed, style }: SeededCase,
  count: number,
  isSymmetric: boolean,
): Int16Array {
  const { signMode, bits, exponent } = projection;
  const step = 2 ** (8 - bits + (signMode === 'mixed' ? 1 : 0));
  const most = Math.floor((projection.weightLimit ?? 256) / step) * step;
  const highest = signMode === 'inhibitory' ? 0 : Math.min(256 - step, most);
  let lowest = signMode === 'excitatory' ? 0 : Math.max(signMode === 'mixed' ? -256 : step - 256, -most);
  // -256 · 2^7 is one unit more than a weight may have.
  if (lowest === -256 && (exponent === 7 || isSymmetric)) lowest += step;
  const values = (highest - lowest) / step + 1;
  const value = (i: number): number => {
    const random = hash(seed, i);
    if (style === 'extreme') return random % 3 === 0 ? lowest : random % 3 === 1 ? highest : 0;
    if (style === 'strong') return random % 8 === 0 ? lowest : highest;
    const any = lowest + (random % values) * step;
    return style === 'small' ? Math.max(lowest, Math.trunc(any / 8)) : any;
  };
  return Int16Array.from({ length: count }, (_, i) => value(i));
}

/** What the products of a rule may read on every projection that has it. */
interface Readable {
  readonly reward: boolean;
  readonly rewardTrace: boolean;
}

/** At most: w, d and t have nine bits under one down-scale and fewer under the other. */
function factorBits(variable: string, sign: boolean): number {
  if (sign || variable === 'x0' || variable === 'y0' || variable === 'r0') return 1;
  return variable === 'w' || variable === 'd' || variable === 't' ? 9 : 7;
}

function factorTexts({ factors }: ProductCase, targets: ReadonlySet<string>, readable: Readable): string[] {
  const texts: string[] = [];
  let bits = 0;
  for (const { variable, constant, sign } of factors) {
    if (variable === 'r0' && !readable.reward) continue;
    if (variable === 'r1' && !readable.rewardTrace) continue;
    const isSynaptic = variable === 'w' || variable === 'd' || variable === 't';
    const signed = sign && isSynaptic;
    bits += factorBits(variable, signed);
    if (bits > FACTOR_BITS_MAX) break;
    let added = isSynaptic ? (variable === 'd' ? constant : constant - (Math.abs(constant) % 2)) : 0;
    // A tag or delay that no line changes may be read with a constant only.
    if (added === 0 && (variable === 't' || variable === 'd') && !targets.has(variable)) added = 2;
    const text = added === 0 ? variable : `${variable} ${added < 0 ? '-' : '+'} ${Math.abs(added)}`;
    texts.push(signed ? `sgn(${text})` : added === 0 ? text : `(${text})`);
  }
  return texts;
}

/** The lines of a rule, one per target; `mantissas` replaces those of the products in turn. */
function ruleLines({ products }: RuleCase, readable: Readable, mantissas: readonly number[] = []): string[] {
  const targets = new Set<string>(products.map(({ target }) => target));
  return (['w', 'd', 't'] as const).flatMap((target) => {
    const own = products.filter((product) => product.target === target);
    if (own.length === 0) return [];
    const terms = own.map((product, i) => {
      const mantissa = (mantissas.length > 0 ? pick(mantissas, i) : product.mantissa) || 1;
      const gate = product.gate === 'u' ? `u${product.decimation}` : product.gate;
      const factors = [gate, ...factorTexts(product, targets, readable)].join('*');
      return `${mantissa < 0 ? '-' : '+'} ${Math.abs(mantissa)}*2^${product.exponent}*${factors}`;
    });
    return [`d${target} = ${terms.join(' ')}`];
  });
}

function divisorsOf(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1).filter((divisor) => n % divisor === 0);
}

/** Some convolution from `rows` to `columns` elements, if a few tries find one. */
function fittingConvolution(seed: number, rows: number, columns: number) {
  for (let attempt = 0; attempt < 40; attempt++) {
    const random = (i: number, n: number): number => hash(seed + attempt, i) % n;
    const split = (n: number, i: number): readonly [number, number, number] => {
      const height = pick(divisorsOf(n), random(i, 64));
      const width = pick(divisorsOf(n / height), random(i + 1, 64));
      return [n / height / width, height, width];
    };
    const shape = split(rows, 0);
    const [channels, height, width] = split(columns, 2);
    const pair = (i: number, low: number, n: number): readonly [number, number] => [
      low + random(i, n),
      low + random(i + 1, n),
    ];
    const geometry = {
      channels,
      kernel: pair(4, 1, 4),
      stride: pair(6, 1, 3),
      padding: pair(8, 0, 3),
      dilation: pair(10, 1, 2),
      groups: pick(
        divisorsOf(channels).filter((n) => shape[0] % n === 0),
        random(12, 8),
      ),
    };
    const [, outHeight, outWidth] = convolvedShape(shape, { ...geometry, weights: new Int16Array(0) });
    if (outHeight === height && outWidth === width) return { shape, ...geometry };
  }
  return undefined;
}

class CaseBuilder {
  readonly #fuzz: FuzzCase;
  readonly #net: NetworkBuilder;
  readonly #populations: readonly Settled[];
  readonly #readable: Readable[] = [];

  constructor(fuzz: FuzzCase) {
    this.#fuzz = fuzz;
    this.#net = new NetworkBuilder('fuzz', fuzz.seed);
    this.#populations = settlePopulations(fuzz);
  }

  build(): Network {
    for (const name of PHASES) this.#net.phase(name);
    this.#coreClasses();
    this.#fuzz.ports.forEach(({ size }, i) => {
      this.#net.port({ name: `port ${i}`, size: pick(this.#fuzz.sizes, size) });
    });
    this.#fuzz.rewards.forEach((_, i) => {
      this.#net.port({ name: `reward ${i}`, size: 1 });
    });
    this.#rules();
    this.#populations.forEach((_, p) => {
      this.#net.population(this.#population(p));
    });
    this.#fuzz.projections.forEach((projection, i) => {
      this.#net.project(this.#projection(projection, i));
    });
    this.#rewards();
    this.#presentations();
    return this.#net.build();
  }

  #coreClasses(): void {
    this.#fuzz.coreClasses.forEach(({ noise, reward, ...coreClass }, i) => {
      this.#net.coreClass({
        name: `class ${i}`,
        ...coreClass,
        ...(noise === null ? {} : { noise }),
        ...(reward === null ? {} : { reward: traceOf(reward) }),
      });
    });
  }

  /** Rules that several classes share may read rewards only if all of them have a channel. */
  #rules(): void {
    const rewarded = new Set(
      this.#fuzz.rewards.map(({ coreClass }) => coreClass % this.#fuzz.coreClasses.length),
    );
    this.#fuzz.rules.forEach((rule, r) => {
      const classes = this.#fuzz.projections
        .filter((projection) => this.#ruleOf(projection) === r)
        .map(({ to }) => pick(this.#populations, to).coreClass);
      const reward = classes.every((coreClass) => rewarded.has(coreClass));
      const readable = {
        reward,
        rewardTrace: reward && classes.every((c) => this.#fuzz.coreClasses[c]!.reward !== null),
      };
      this.#readable.push(readable);
      this.#net.rule(`rule ${r}`, ...ruleLines(rule, readable));
    });
  }

  /** Large matrices do not learn: they would take all the time of a campaign. */
  #ruleOf({ rule, kind, from, to }: ProjectionCase): number | undefined {
    if (rule === null || (kind !== 'all' && kind !== 'uniform')) return undefined;
    const { ports } = this.#fuzz;
    const source = from % (ports.length + this.#populations.length);
    const synapses = this.#sizeOf(source) * pick(this.#populations, to).size;
    return synapses > PLASTIC_SYNAPSES_MAX ? undefined : rule % this.#fuzz.rules.length;
  }

  /** All projections of a source share lists or none does; those that learn cannot. */
  #sharingOf(source: number): Sharing | undefined {
    const { ports, projections } = this.#fuzz;
    const given = source < ports.length ? ports[source]! : this.#populations[source - ports.length]!.case;
    const learns = projections.some(
      (projection) => this.#sourceOf(projection) === source && this.#ruleOf(projection) !== undefined,
    );
    if (given.sharing === undefined || given.sharing === null || learns) return undefined;
    const { axons, atoms, stride } = given.sharing;
    if (axons === 'discrete') return { axons };
    const size = this.#sizeOf(source);
    const each = pick(
      divisorsOf(size).filter((n) => n <= 32),
      atoms,
    );
    return { axons, atoms: each, stride: pick(divisorsOf(size / each), stride) };
  }

  /** One-to-one needs equal sizes: a population that finds none projects to itself. */
  #sourceOf({ from, to, kind }: ProjectionCase): number {
    const { ports } = this.#fuzz;
    const source = from % (ports.length + this.#populations.length);
    const target = to % this.#populations.length;
    const fits = kind !== 'one-to-one' || this.#sizeOf(source) === this.#populations[target]!.size;
    return fits ? source : ports.length + target;
  }

  /** Elements of a source: ports first, then populations. */
  #sizeOf(source: number): number {
    const { ports, sizes } = this.#fuzz;
    return source < ports.length
      ? pick(sizes, ports[source]!.size)
      : this.#populations[source - ports.length]!.size;
  }

  #population(p: number): Population {
    const { case: population, size, coreClass, children } = this.#populations[p]!;
    const { decayU, decayV, threshold, bias, refractory, noise, thresholdOp, join, push, postSpikes, y } =
      population;
    const [y1, y2, y3] = y;
    return {
      name: `population ${p}`,
      size,
      coreClass: `class ${coreClass}`,
      compartment: {
        decayU,
        decayV,
        threshold,
        refractory,
        noise,
        thresholdOp,
        // With a bias, be it 0, noise too weak for the threshold is not refused.
        ...(bias === null && !noise ? {} : { bias: bias ?? { mantissa: 0, exponent: 0 } }),
      },
      ...(children.length === 0
        ? {}
        : { join: { operation: join, children: children.map((child) => `population ${child}`), push } }),
      postSpikes: postSpikes === 'parent' && this.#populations[p]!.parent === null ? 'self' : postSpikes,
      postTraces: { y1: traceOf(y1), y2: traceOf(y2), y3: traceOf(y3) },
    };
  }

  #projection(projection: ProjectionCase, i: number): Projection {
    const { ports } = this.#fuzz;
    const { signMode, bits, exponent } = projection;
    const { delays } = this.#fuzz.semantics;
    const delayMax = delays === 'none' ? 0 : projection.delayMax;
    const target = projection.to % this.#populations.length;
    const source = this.#sourceOf(projection);
    const columns = this.#populations[target]!.size;
    const rows = this.#sizeOf(source);
    const rule = this.#ruleOf(projection);
    const connection = this.#connection(projection, rows, columns);
    const each = projection.delays === 'each' && delays === 'perSynapse' && connection.kind !== 'convolution';
    const sharing = this.#sharingOf(source);
    const { compression, weightLimit, box } = projection;
    const traces = source < ports.length ? ports[source]! : this.#populations[source - ports.length]!.case;
    return {
      name: `projection ${i}`,
      from: source < ports.length ? `port ${source}` : `population ${source - ports.length}`,
      to: `population ${target}`,
      connection,
      synapse: {
        signMode,
        bits,
        exponent,
        delay: each
          ? Uint8Array.from(
              { length: connection.kind === 'sparse' ? connection.targets.length : rows * columns },
              (_, k) => hash(projection.weights.seed + 1, k) % (delayMax + 1),
            )
          : delayMax,
        ...(compression === undefined || compression === null ? {} : { compression }),
        ...(weightLimit === undefined || weightLimit === null ? {} : { weightLimit }),
        ...(box === true ? { box } : { ignoreDelays: projection.ignoreDelays === true }),
      },
      ...(sharing === undefined ? {} : { sharing }),
      ...(rule === undefined ? {} : { rule: `rule ${rule}` }),
      preTraces: { x1: traceOf(traces.x1), x2: traceOf(traces.x2) },
    };
  }

  #connection(projection: ProjectionCase, rows: number, columns: number): Connection {
    const { kind, weights } = projection;
    const count = rows * columns;
    const isSymmetric = this.#fuzz.semantics.weightRange === 'symmetric';
    if (kind === 'all') return { kind, weights: weightsOf(projection, weights, count, isSymmetric) };
    const convolution = kind === 'convolution' ? fittingConvolution(weights.seed, rows, columns) : undefined;
    if (convolution !== undefined) {
      const { shape, ...geometry } = convolution;
      const { channels, groups, kernel } = geometry;
      const needed = channels * (shape[0] / groups) * kernel[0] * kernel[1];
      const mantissas = weightsOf(projection, weights, needed, isSymmetric);
      return { kind: 'convolution', shape, convolution: { ...geometry, weights: mantissas } };
    }
    if (kind === 'sparse' || kind === 'convolution') {
      // A third of all synapses; some sources have none on some cores.
      const places = Array.from({ length: count }, (_, i) => i).filter(
        (i) => hash(weights.seed + 2, i) % 3 === 0,
      );
      return {
        kind: 'sparse',
        rowStart: Uint32Array.from(
          { length: rows + 1 },
          (_, row) => places.filter((place) => place < row * columns).length,
        ),
        targets: Uint32Array.from(places, (place) => place % columns),
        weights: weightsOf(projection, weights, places.length, isSymmetric),
      };
    }
    return { kind, weight: weightsOf(projection, weights, 1, isSymmetric)[0]! };
  }

  #rewards(): void {
    this.#fuzz.rewards.forEach(({ population, coreClass }, i) => {
      const from =
        population !== null && this.#populations[population]?.size === 1
          ? `population ${population}`
          : `reward ${i}`;
      this.#net.reward({ from, coreClass: `class ${coreClass % this.#fuzz.coreClasses.length}` });
    });
  }

  #presentations(): void {
    const { steps, presentationSteps, schedule } = this.#fuzz;
    for (let first = 0; first < steps; first += presentationSteps) {
      const length = Math.min(presentationSteps, steps - first);
      const entries = schedule
        .map((entry) => ({ ...entry, step: entry.step % steps }))
        .filter(({ step }) => step >= first && step < first + length)
        .flatMap((entry) => this.#entry(entry, entry.step - first));
      this.#net.presentation(`from ${first}`, length, entries);
    }
  }

  #entry({ kind, index, on, values }: EntryCase, step: number): ScheduleEntry[] {
    const population = `population ${index % this.#populations.length}`;
    if (kind === 'phase') return [{ step, kind, phase: pick(PHASES, index) }];
    if (kind === 'learning')
      return [{ step, kind, coreClass: `class ${index % this.#fuzz.coreClasses.length}`, on }];
    if (kind === 'reset') return [{ step, kind, population }];
    if (kind === 'postImpulses') {
      const impulses = { y1: Math.abs(values[0]), y2: values[1] / 128, y3: values[2] / 128 };
      return [{ step, kind, population, impulses }];
    }
    const r = index % this.#fuzz.rules.length;
    const lines = ruleLines(this.#fuzz.rules[r]!, this.#readable[r]!, [
      values[0],
      (values[1] % 16) - 8,
      (values[2] % 16) - 8,
    ]);
    return lines.map((line) => ({ step, kind, rule: `rule ${r}`, line }));
  }
}

/** Elements of all ports that spike in each step, one list per presentation and step; a few spike twice. */
function inputOf(fuzz: FuzzCase): number[][] {
  const densities = [
    ...fuzz.ports.flatMap(({ size, density }) => new Array<number>(pick(fuzz.sizes, size)).fill(density)),
    ...fuzz.rewards.map(() => 16),
  ];
  return Array.from({ length: fuzz.steps }, (_, step) =>
    densities.flatMap((density, element) => {
      const random = hash(fuzz.inputSeed, step * densities.length + element);
      if (random % 64 >= density) return [];
      return (random >>> 8) % 64 === 0 ? [element, element] : [element];
    }),
  );
}

export interface BuiltCase {
  readonly network: Network;
  readonly compiled: Compiled;
  /** Port elements, numbered over all ports, by step. */
  readonly input: readonly (readonly number[])[];
}

/** @throws UserError if the compiler refuses the case, which none of the generator's should meet */
export function buildCase(fuzz: FuzzCase): BuiltCase {
  const network = new CaseBuilder(fuzz).build();
  return { network, compiled: compile(network, chipOf(fuzz)), input: inputOf(fuzz) };
}
