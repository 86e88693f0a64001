// From a random case to a network on a chip and its input spikes. References wrap around; what the compiler would
// refuse (a product that reads what does not exist, a register out of range) is left out or brought into range.

import type { Chip } from '../../host/chip/schema.ts';
import { SEMANTICS } from '../../host/chip/semantics.ts';
import { type Compiled, compile } from '../../host/compile/compile.ts';
import { quantize } from '../../host/compile/quantize.ts';
import { isWideProjection, WIDE_LEARNING_OPTIONS } from '../../host/compile/wide.ts';
import type { PortEvent } from '../../host/model/chip.ts';
import { NetworkBuilder } from '../../host/network/builder.ts';
import type {
  NativePopulation,
  Network,
  OwnLearning,
  Population,
  ProgramPopulation,
  Projection,
  RandomTape,
  ScheduleEntry,
  Sharing,
  TraceParameters,
  Wire,
} from '../../host/network/network.ts';
import { chipWith } from '../support/chips.ts';
import { columnsOf, startOf } from './compartment-case.ts';
import { connectionOf, divisorsOf, isUnclipped, ownSynapses, tiedSynapses } from './connection-case.ts';
import type { EntryCase, FuzzCase, OwnCase, ProjectionCase, TraceCase } from './fuzz-case.ts';
import { inputOf } from './input-case.ts';
import { type ProgramCase, parameterValues, programText } from './program-case.ts';
import { type Readable, ruleLines } from './rule-text.ts';
import { hash, pick, valuesOf } from './seeded.ts';
import {
  type Settled,
  type SettledWire,
  semanticsOf,
  settlePopulations,
  settleWires,
  type ValueSource,
  valueSource,
} from './settle.ts';

const PHASES = ['forward', 'learning', 'management', 'other'] as const;
const PLASTIC_SYNAPSES_MAX = 4096;
/** The same for those whose rules a model computes one by one. */
const WIDE_PLASTIC_SYNAPSES_MAX = 600;
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
const ROOMY_PROGRAM = {
  instructions: 1024,
  stateBytes: 4096,
  neuronMemory: 2 ** 24,
  sharedParameters: 64,
  temporaries: 16,
  ports: 8,
  tableWords: 256,
};

function traceOf({ impulse, tau }: TraceCase): TraceParameters {
  return { impulse: impulse / 128, tau: tau < 0 ? Infinity : tau };
}

function chipOf(fuzz: FuzzCase): Chip {
  const { dsOffset, dmOffset, tilesX, tilesY, coresPerTile, visits, skipEpochWithoutError } = fuzz.chip;
  const packings = ['dense', 'sparse', 'runLength'] as const;
  return chipWith({
    semantics: semanticsOf(fuzz),
    core: ROOMY,
    compartment: { dsOffset, dmOffset },
    topology: { tilesX, tilesY, coresPerTile, chips: 64 },
    timing: { linkBuffer: 1 }, // the small networks of a case would never fill more
    synapse: { compressions: fuzz.chip.kernels === true ? [...packings, 'convolution'] : packings },
    learning: { visits, skipEpochWithoutError, postTracesFromProgram: true },
    routing: { spikePayload: 32 },
    program: ROOMY_PROGRAM,
  });
}

class CaseBuilder {
  readonly #fuzz: FuzzCase;
  readonly #chip: Chip;
  readonly #net: NetworkBuilder;
  readonly #wires: readonly SettledWire[];
  readonly #populations: readonly Settled[];
  readonly #readable: Readable[] = [];

  constructor(fuzz: FuzzCase, chip: Chip) {
    this.#fuzz = fuzz;
    this.#chip = chip;
    this.#net = new NetworkBuilder('fuzz', fuzz.seed);
    this.#wires = settleWires(fuzz);
    this.#populations = settlePopulations(fuzz, this.#wires);
  }

  build(): Network {
    for (const name of PHASES) this.#net.phase(name);
    this.#coreClasses();
    this.#fuzz.ports.forEach(({ size, values }, i) => {
      this.#net.port({ name: `port ${i}`, size: pick(this.#fuzz.sizes, size), values });
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
    for (const wire of this.#wires) this.#net.wire(this.#wire(wire));
    if (this.#chip.semantics.random !== 'counter') this.#net.tape(this.#tape());
    this.#rewards();
    this.#presentations();
    return this.#net.build();
  }

  #coreClasses(): void {
    const { randomTime } = this.#chip.semantics;
    this.#fuzz.coreClasses.forEach(({ noise, reward, epochSteps, ...coreClass }, i) => {
      this.#net.coreClass({
        name: `class ${i}`,
        ...coreClass,
        epochSteps: randomTime === 'beforeSpikes' ? 1 : epochSteps,
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
      const users = this.#fuzz.projections.filter((projection) => this.#ruleOf(projection) === r);
      const classes = users.map(({ to }) => pick(this.#populations, to).coreClass);
      // Traces of its own come with no reward, and delay spikes only where learned delays are inert.
      const isOwn = users.some((projection) => this.#mayBeWide(projection));
      const reward = !isOwn && classes.every((coreClass) => rewarded.has(coreClass));
      const readable = {
        reward,
        rewardTrace: reward && classes.every((c) => this.#fuzz.coreClasses[c]!.reward !== null),
        delays: !isOwn || this.#chip.semantics.learnedDelay === 'inert',
        post: users.every(({ to }) => {
          const { kind, case: target } = pick(this.#populations, to);
          return kind === 'program' || target.postSpikes !== 'none';
        }),
      };
      this.#readable.push(readable);
      this.#net.rule(`rule ${r}`, ...ruleLines(rule, readable));
    });
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

  /** True if the synapses of a projection could learn with traces of their own. */
  #mayBeWide({ graded, tapped, own, exponent, weights }: ProjectionCase): boolean {
    const { semantics } = this.#chip;
    const { traceDecay, weightRange, ruleDownscale, exponentRounding, weightWidths, inhibitoryMinimum } =
      semantics;
    return (
      graded ||
      tapped ||
      own !== null ||
      WIDE_LEARNING_OPTIONS.some((name) => semantics[name] !== SEMANTICS[name].default) ||
      traceDecay === 'everySecondStep' ||
      ruleDownscale === 'none' ||
      (exponent < 0 && exponentRounding !== 'floor') ||
      weightWidths === 'any' ||
      // Weights of both signs in a format for one.
      (weightRange === 'symmetric' && isUnclipped(weights)) ||
      inhibitoryMinimum === 'twosComplement'
    );
  }

  /** Wide synapses do not share weights. */
  #mayBeTied(projection: ProjectionCase): boolean {
    return typeof projection.tied === 'number' && !this.#mayBeWide(projection);
  }

  #programOf(p: number): ProgramCase | undefined {
    const { kind, case: population } = this.#populations[p]!;
    return kind === 'program' ? pick(this.#fuzz.programs, population.program!) : undefined;
  }

  /** Large matrices do not learn: they would take all the time of a campaign. */
  #ruleOf(projection: ProjectionCase): number | undefined {
    const { rule, kind, to, sumBits, own, exponent } = projection;
    if (rule === null || sumBits !== null) return undefined;
    if (kind === 'convolution' && !this.#mayBeTied(projection)) return undefined;
    const target = to % this.#populations.length;
    const isWide = this.#mayBeWide(projection);
    const most = isWide ? WIDE_PLASTIC_SYNAPSES_MAX : PLASTIC_SYNAPSES_MAX;
    if (this.#sizeOf(this.#sourceOf(projection)) * this.#populations[target]!.size > most) return undefined;
    if (isWide && exponent < 0 && this.#chip.semantics.exponentRounding !== 'floor') return undefined;
    // What a program makes of post spikes and traces is the compartment's, not the synapses' own.
    const program = this.#programOf(target);
    const isCompartments = /^(post|y[123])\b/m.test(program === undefined ? '' : programText(program));
    if (isWide && own === null && isCompartments) return undefined;
    return rule % this.#fuzz.rules.length;
  }

  /** Sources of spikes: ports first, then populations. Ports of values are none. */
  #sources(): number[] {
    const { ports } = this.#fuzz;
    return [
      ...ports.flatMap(({ values }, i) => (values ? [] : [i])),
      ...this.#populations.map((_, p) => ports.length + p),
    ];
  }

  /** One-to-one needs equal sizes: a population that finds none projects to itself. */
  #sourceOf({ from, to, kind }: ProjectionCase): number {
    const source = pick(this.#sources(), from);
    const target = to % this.#populations.length;
    const fits = kind !== 'one-to-one' || this.#sizeOf(source) === this.#populations[target]!.size;
    return fits ? source : this.#fuzz.ports.length + target;
  }

  #nameOf(source: number): string {
    const { ports } = this.#fuzz;
    return source < ports.length ? `port ${source}` : `population ${source - ports.length}`;
  }

  #sizeOf(source: number): number {
    const { ports, sizes } = this.#fuzz;
    return source < ports.length
      ? pick(sizes, ports[source]!.size)
      : this.#populations[source - ports.length]!.size;
  }

  #population(p: number): Population {
    const { case: population, kind, size, coreClass } = this.#populations[p]!;
    const [y1, y2, y3] = population.y;
    const base = { name: `population ${p}`, size, coreClass: `class ${coreClass}` };
    const traces = { y1: traceOf(y1), y2: traceOf(y2), y3: traceOf(y3) };
    if (kind !== 'program') return { ...base, ...this.#compartments(p), postTraces: traces };
    const program = this.#programOf(p)!;
    const text = population.programTraces ? '' : programText(program);
    return {
      ...base,
      program: this.#program(program, size),
      postTraces: Object.fromEntries(Object.entries(traces).filter(([name]) => !text.includes(`\n${name} `))),
    };
  }

  #program(program: ProgramCase, size: number): ProgramPopulation['program'] {
    const initial = Object.fromEntries(
      program.state.map((width, i) => {
        const values = parameterValues({ seed: 7 * i, width, signed: true, each: true }, size, hash);
        return [`s${i}`, values];
      }),
    );
    return {
      text: programText(program),
      parameters: Object.fromEntries(
        program.parameters.map((parameter, i) => [`p${i}`, parameterValues(parameter, size, hash)]),
      ),
      ...(program.initial === 'each' ? { initial } : {}),
    };
  }

  /** Registers of a population of the fixed model, or of its wide variant. */
  #compartments(p: number): Omit<NativePopulation, 'name' | 'size' | 'coreClass'> {
    const { case: population, kind, size, children } = this.#populations[p]!;
    const { decayU, decayV, threshold, bias, refractory, join, push, postSpikes, columns, start } =
      population;
    const isNative = kind === 'native';
    return {
      compartment: {
        decayU,
        decayV,
        threshold,
        refractory,
        noise: isNative && population.noise,
        thresholdOp: isNative ? population.thresholdOp : 'spike',
        // With a bias, be it 0, noise too weak for the threshold is not refused.
        ...(bias === null && !population.noise ? {} : { bias: bias ?? { mantissa: 0, exponent: 0 } }),
      },
      ...(children.length === 0
        ? {}
        : { join: { operation: join, children: children.map((child) => `population ${child}`), push } }),
      ...(kind === 'wide' && columns !== null
        ? { columns: columnsOf(columns, population.ternary, size) }
        : {}),
      // Compartments that sleep until their first input have no state before it.
      ...(start === null || this.#chip.semantics.activityPhase === 'inactive'
        ? {}
        : { start: startOf(start, size) }),
      postSpikes: postSpikes === 'parent' && this.#populations[p]!.parent === null ? 'self' : postSpikes,
    };
  }

  /** The port of a population's program, if it has one. */
  #port(p: number, port: number): { readonly port?: string } {
    const program = this.#programOf(p);
    return program === undefined ? {} : { port: `in${port % program.ports}` };
  }

  #wire({ from, to, port }: SettledWire): Wire {
    return { from: this.#valueName(from), to: `population ${to}`, ...this.#port(to, port) };
  }

  #valueName(source: ValueSource): string {
    return 'port' in source ? `port ${source.port}` : `population ${source.population}`;
  }

  #projection(projection: ProjectionCase, i: number): Projection {
    const { ports } = this.#fuzz;
    const { signMode, exponent, graded, tapped, sumBits } = projection;
    const { delays, ruleSpikes } = this.#chip.semantics;
    const delayMax = delays === 'none' ? 0 : projection.delayMax;
    const target = projection.to % this.#populations.length;
    const source = this.#sourceOf(projection);
    const columns = this.#populations[target]!.size;
    const rows = this.#sizeOf(source);
    const rule = this.#ruleOf(projection);
    const bits = this.#bits(projection);
    const plain = connectionOf(projection, rows, columns, bits, this.#chip.semantics);
    const isTied = rule !== undefined && this.#mayBeTied(projection);
    const synapses = isTied
      ? tiedSynapses(plain, projection.weights.seed, projection.tied ?? 0)
      : { connection: plain };
    const { connection } = synapses;
    const each =
      projection.delays === 'each' &&
      delays === 'perSynapse' &&
      connection.kind !== 'convolution' &&
      (rule === undefined || ruleSpikes === 'sameStep');
    const sharing = this.#sharingOf(source);
    const traces = source < ports.length ? ports[source]! : this.#populations[source - ports.length]!.case;
    // Kernels are a compression of their own, where the chip has them.
    const isKernel = connection.kind === 'convolution' && this.#fuzz.chip.kernels === true;
    const compression = isKernel ? null : (projection.compression ?? null);
    const own = rule === undefined ? null : projection.own;
    const made: Projection = {
      name: `projection ${i}`,
      from: this.#nameOf(source),
      to: `population ${target}`,
      ...this.#port(target, projection.port),
      ...synapses,
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
        ...(compression === null ? {} : { compression }),
      },
      ...(sharing === undefined ? {} : { sharing }),
      ...(rule === undefined ? {} : { rule: `rule ${rule}` }),
      ...(graded ? { graded } : {}),
      ...(tapped ? { tapped } : {}),
      ...(sumBits === null ? {} : { unformatted: { sumBits } }),
      ...(own === null ? {} : { own: this.#own(projection, own, target, rows) }),
      preTraces: { x1: traceOf(traces.x1), x2: traceOf(traces.x2) },
    };
    if (isWideProjection(this.#chip, made)) return made;
    return { ...made, synapse: { ...made.synapse, ...ownSynapses(projection) } };
  }

  /** Widths that no list of the chip has, for semantics that allow them. */
  #bits({ bits, weights }: ProjectionCase): number {
    const random = hash(weights.seed, 77);
    return this.#chip.semantics.weightWidths === 'any' && random % 4 === 0 ? (random >>> 8) % 9 : bits;
  }

  #own({ graded }: ProjectionCase, own: OwnCase, target: number, rows: number): OwnLearning {
    const { size, coreClass } = this.#populations[target]!;
    const { epochSteps, y, exists, tags, delays, gradedTrace, unclipped } = own;
    const sources = this.#sources().filter((source) => this.#sizeOf(source) === size);
    const postSpikes = pick([`population ${target}`, ...sources.map((s) => this.#nameOf(s))], own.postSpikes);
    const factors = own.thirdFactors.flatMap((index, k) => {
      if (index === null) return [];
      const source = valueSource(this.#fuzz, index);
      if (source === undefined) return [];
      const fits =
        'port' in source
          ? this.#sizeOf(source.port) === size
          : this.#populations[source.population]!.size === size &&
            this.#populations[source.population]!.coreClass === coreClass;
      return fits ? [[`y${k + 1}`, this.#valueName(source)]] : [];
    });
    const matrix = (list: typeof tags, low: number, high: number): Int32Array | undefined =>
      list === null ? undefined : valuesOf(list, 30, rows * size, low, high);
    const tagMatrix = matrix(tags, -256, 255);
    const delayMatrix = matrix(delays, 0, 255);
    return {
      epochSteps: this.#chip.semantics.randomTime === 'beforeSpikes' ? 1 : epochSteps,
      postSpikes,
      postTraces: { y1: traceOf(y[0]), y2: traceOf(y[1]), y3: traceOf(y[2]) },
      ...(factors.length === 0 ? {} : { thirdFactors: Object.fromEntries(factors) }),
      ...(graded && gradedTrace !== 'none' ? { gradedTrace } : {}),
      ...(exists === null
        ? {}
        : { exists: Uint8Array.from({ length: rows * size }, (_, i) => hash(exists.seed, i) & 1) }),
      ...(tagMatrix === undefined ? {} : { tags: tagMatrix }),
      ...(delayMatrix === undefined ? {} : { delays: delayMatrix }),
      unclipped,
    };
  }

  /** One number for the whole run, or one for each step and epoch; the last one goes on. */
  #tape(): RandomTape {
    const { seed, style } = this.#fuzz.tape;
    const length = this.#chip.semantics.random === 'constant' ? 1 : Math.ceil(this.#fuzz.steps / 2);
    const fractions = (salt: number): number[] =>
      Array.from({ length }, (_, i) =>
        style === 'never' ? 1 : style === 'always' ? 0 : hash(seed + salt, i) / 2 ** 32,
      );
    const sevenBits = (salt: number): number[] =>
      fractions(salt).map((r) => Math.min(127, Math.floor(r * 128)));
    return {
      preDecay: fractions(0),
      preImpulse: sevenBits(1),
      postDecay: fractions(2),
      postImpulse: sevenBits(3),
      postAgain: sevenBits(4),
      weight: fractions(5),
    };
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

  /** Populations and rules whose synapses learn as the chip's own do: management writes go to their registers. */
  #managed(): { readonly populations: ReadonlySet<string>; readonly rules: ReadonlySet<string> } {
    const learning = quantize(this.#net.build(), this.#chip).network.projections.filter(
      ({ rule }) => rule !== undefined,
    );
    const own = learning.filter((projection) => isWideProjection(this.#chip, projection));
    const native = learning.filter((projection) => !own.includes(projection));
    const ownRules = own.map(({ rule }) => rule);
    return {
      populations: new Set(native.map(({ to }) => to)),
      rules: new Set(native.flatMap(({ rule }) => (ownRules.includes(rule) ? [] : [rule!]))),
    };
  }

  #presentations(): void {
    const { steps, presentationSteps, schedule } = this.#fuzz;
    const managed = this.#managed();
    for (let first = 0; first < steps; first += presentationSteps) {
      const length = Math.min(presentationSteps, steps - first);
      const entries = schedule
        .map((entry) => ({ ...entry, step: entry.step % steps }))
        .filter(({ step }) => step >= first && step < first + length)
        .flatMap((entry) => this.#entry(entry, entry.step - first))
        .filter(
          (entry) =>
            (entry.kind !== 'postImpulses' || managed.populations.has(entry.population)) &&
            (entry.kind !== 'rule' || managed.rules.has(entry.rule)),
        );
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

export interface BuiltCase {
  readonly network: Network;
  readonly compiled: Compiled;
  /** What the ports send, by step. */
  readonly input: readonly (readonly PortEvent[])[];
}

/** @throws UserError if the compiler refuses the case, which none of the generator's should meet */
export function buildCase(fuzz: FuzzCase): BuiltCase {
  const chip = chipOf(fuzz);
  const network = new CaseBuilder(fuzz, chip).build();
  const compiled = compile(network, chip);
  return { network, compiled, input: inputOf(fuzz, compiled.image) };
}
