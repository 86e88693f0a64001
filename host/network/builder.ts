// Builds a network step by step; a name that does not exist or a size that does not match is an error at the
// line that says it.

import { didYouMean, UserError } from '../errors.ts';
import { convolvedShape } from './convolution.ts';
import type {
  AccountingPhase,
  ConvolutionConnection,
  CoreClass,
  LayerShape,
  LearningRule,
  Network,
  Population,
  Port,
  Presentation,
  Projection,
  RandomTape,
  RewardConnection,
  ScheduleEntry,
  Sharing,
  SparseConnection,
  Wire,
} from './network.ts';

function refuse(path: string, message: string): never {
  throw new UserError(`${path}: ${message}`, { code: 'bad-network', path });
}

/** A list of named things. */
class Named<T extends { readonly name: string }> {
  readonly items: T[] = [];
  readonly #kind: string;

  constructor(kind: string) {
    this.#kind = kind;
  }

  add(item: T): void {
    if (this.items.some(({ name }) => name === item.name)) {
      refuse(`${this.#kind} "${item.name}"`, 'exists already');
    }
    this.items.push(item);
  }

  get(name: string, wantedBy: string): T {
    const found = this.items.find((item) => item.name === name);
    if (found !== undefined) return found;
    const names = this.items.map((item) => item.name);
    return refuse(wantedBy, `no ${this.#kind} is named "${name}"${didYouMean(name, names)}`);
  }
}

/** Rows that follow each other, targets that exist and ascend. */
function checkSparse(
  path: string,
  { rowStart, targets, weights }: SparseConnection,
  from: number,
  to: number,
): void {
  if (rowStart.length !== from + 1) refuse(path, `has rows for ${rowStart.length - 1} of ${from} sources`);
  if (rowStart[0] !== 0 || rowStart[from] !== targets.length || weights.length !== targets.length)
    refuse(path, `has ${targets.length} targets, ${weights.length} weights and rows for ${rowStart[from]}`);
  for (let row = 0; row < from; row++) {
    const end = rowStart[row + 1]!;
    if (end < rowStart[row]!) refuse(path, `row ${row} ends before it starts`);
    for (let i = rowStart[row]!; i < end; i++) {
      if (targets[i]! >= to) refuse(path, `row ${row} has the target ${targets[i]} of ${to}`);
      if (i > rowStart[row]! && targets[i]! <= targets[i - 1]!)
        refuse(path, `row ${row} has the target ${targets[i]} after ${targets[i - 1]}; targets ascend`);
    }
  }
}

/** Layers that fit the sizes, and kernels that fit the layers. */
function checkConvolution(
  path: string,
  { shape, convolution }: ConvolutionConnection,
  from: number,
  to: number,
): void {
  const { channels, kernel, stride, padding, dilation, groups, weights } = convolution;
  const least = [...kernel, ...stride, ...dilation, groups, channels, ...shape];
  if (!least.every((each) => Number.isInteger(each) && each >= 1))
    refuse(path, 'channels, lengths, strides, dilations and groups of a convolution are positive integers');
  if (!padding.every((each) => Number.isInteger(each) && each >= 0))
    refuse(path, `cannot pad ${padding.join(' and ')} elements`);
  const size = (layer: LayerShape): number => layer.reduce((product, n) => product * n, 1);
  if (size(shape) !== from) refuse(path, `a layer of ${shape.join(' x ')} is not of ${from} sources`);
  if (shape[0] % groups !== 0 || channels % groups !== 0)
    refuse(path, `${groups} groups do not divide ${shape[0]} and ${channels} channels`);
  const result = convolvedShape(shape, convolution);
  if (result.some((each) => each < 1) || size(result) !== to)
    refuse(path, `makes a layer of ${result.join(' x ')}, and there are ${to} targets`);
  const needed = channels * (shape[0] / groups) * kernel[0] * kernel[1];
  if (weights.length !== needed)
    refuse(path, `has ${weights.length} weights, kernels of ${needed} are needed`);
}

/** A group for every synapse, and one weight for every group to begin with. */
function checkTied(path: string, { connection, tied, rule }: Projection): void {
  if (tied === undefined) return;
  if (rule === undefined) refuse(path, 'is tied and has no rule: only synapses that learn can drift apart');
  if (tied === 'kernels') {
    if (connection.kind !== 'convolution') refuse(path, 'is tied by kernels and is no convolution');
    return;
  }
  if (connection.kind !== 'all' && connection.kind !== 'sparse')
    refuse(path, 'is tied by groups, which only a matrix or a list of synapses has a place for');
  const { weights } = connection;
  if (tied.length !== weights.length)
    refuse(path, `has groups of ${tied.length} synapses, ${weights.length} are needed`);
  const first = new Map<number, number>();
  tied.forEach((group, i) => {
    const weight = first.get(group);
    if (weight === undefined) first.set(group, weights[i]!);
    else if (weight !== weights[i])
      refuse(
        path,
        `group ${group} begins with the weights ${weight} and ${weights[i]}; tied synapses have one`,
      );
  });
}

/** Population axons that take all sources. */
function checkSharing(path: string, { axons, atoms = 1, stride = 1 }: Sharing, from: number): void {
  if (![atoms, stride].every((each) => Number.isInteger(each) && each >= 1))
    refuse(path, `cannot have axons of ${atoms} atoms that are ${stride} apart`);
  if (axons === 'discrete' && (atoms > 1 || stride > 1))
    refuse(path, 'discrete axons have one source each: atoms are of pop16 and pop32 axons');
  if (from % (atoms * stride) !== 0)
    refuse(path, `axons of ${atoms} atoms, ${stride} apart, do not divide ${from} sources`);
}

/** Collects the parts of a {@link Network} and checks that they refer to each other. */
export class NetworkBuilder {
  readonly #name: string;
  readonly #seed: number;
  readonly #coreClasses = new Named<CoreClass>('core class');
  readonly #ports = new Named<Port>('port');
  readonly #populations = new Named<Population>('population');
  readonly #projections = new Named<Projection>('projection');
  readonly #rules = new Named<LearningRule>('rule');
  readonly #phases = new Named<AccountingPhase>('phase');
  readonly #presentations = new Named<Presentation>('presentation');
  readonly #rewards: RewardConnection[] = [];
  readonly #wires: Wire[] = [];
  readonly #assumptions: string[] = [];
  #tape: RandomTape | undefined;

  /** @param seed uint32, key of every random stream of the chip */
  constructor(name: string, seed: number) {
    this.#name = name;
    this.#seed = seed >>> 0;
  }

  coreClass(coreClass: CoreClass): this {
    this.#coreClasses.add(coreClass);
    return this;
  }

  port(port: Port): this {
    this.#ports.add(port);
    return this;
  }

  rule(name: string, ...lines: string[]): this {
    this.#rules.add({ name, lines });
    return this;
  }

  phase(name: string, learningAs = 'learning'): this {
    this.#phases.add({ name, learningAs });
    return this;
  }

  /** An open question that the network leans on, for the report. */
  assume(text: string): this {
    this.#assumptions.push(text);
    return this;
  }

  /** Children of a join must have been added before their parent. */
  population(population: Population): this {
    const path = `population "${population.name}"`;
    const { size, coreClass, join, placement } = population;
    if (!Number.isInteger(size) || size < 1) refuse(path, `size ${size} is not a positive integer`);
    this.#coreClasses.get(coreClass, path);
    if (placement !== undefined) {
      const { firstCore, perCore } = placement;
      if (!Number.isInteger(firstCore) || firstCore < 0) refuse(path, `cannot start on core ${firstCore}`);
      if (!Number.isInteger(perCore) || perCore < 1) refuse(path, `cannot put ${perCore} elements on a core`);
    }
    const mantissas = population.compartment?.bias?.mantissa;
    if (typeof mantissas === 'object' && mantissas.length !== size)
      refuse(path, `has ${mantissas.length} biases for ${size} compartments`);
    if (this.#ports.items.some(({ name }) => name === population.name))
      refuse(path, 'is also the name of a port');
    if (join !== undefined) {
      if (join.children.length < 1 || join.children.length > 2)
        refuse(path, 'a join pops one or two children');
      for (const name of join.children) {
        const child = this.#child(name, path);
        if (child.size !== size) refuse(path, `child "${name}" has ${child.size} compartments, not ${size}`);
        if (child.program !== undefined) refuse(path, `child "${name}" runs a program, which cannot push`);
        if (child.coreClass !== coreClass) {
          refuse(
            path,
            `child "${name}" is in another core class; a tree lies on one core and shares its noise, limits and learning epoch`,
          );
        }
        if (
          child.placement?.firstCore !== placement?.firstCore ||
          child.placement?.perCore !== placement?.perCore
        ) {
          refuse(path, `child "${name}" is placed elsewhere`);
        }
        const taken = this.#populations.items.find((other) => other.join?.children.includes(name));
        if (taken !== undefined) refuse(path, `child "${name}" is popped by "${taken.name}" already`);
      }
    }
    this.#checkProgram(path, population);
    this.#populations.add(population);
    return this;
  }

  #child(name: string, path: string): Population {
    const found = this.#populations.items.find((item) => item.name === name);
    if (found !== undefined) return found;
    const names = this.#populations.items.map((item) => item.name);
    return refuse(
      path,
      `no population before it is named "${name}" (children come before their parents, leaf first [HW 2.5])${didYouMean(name, names)}`,
    );
  }

  /** What a population gives to its program must be one value or one per compartment. */
  #checkProgram(path: string, { size, program }: Population): void {
    for (const [name, values] of Object.entries({ ...program?.parameters, ...program?.initial })) {
      if (typeof values !== 'number' && values.length !== size)
        refuse(path, `has ${values.length} values of "${name}" for ${size} compartments`);
    }
  }

  /** Elements of a port or a population. */
  sizeOf(name: string, wantedBy = 'network'): number {
    const port = this.#ports.items.find((item) => item.name === name);
    return port?.size ?? this.#populations.get(name, wantedBy).size;
  }

  project(projection: Projection): this {
    const path = `projection "${projection.name}"`;
    const from = this.sizeOf(projection.from, path);
    const to = this.#populations.get(projection.to, path).size;
    const { connection, synapse, rule } = projection;
    if (connection.kind === 'one-to-one' && from !== to) {
      refuse(
        path,
        `one-to-one needs equal sizes, "${projection.from}" has ${from} and "${projection.to}" ${to}`,
      );
    }
    if (connection.kind === 'all' && connection.weights.length !== from * to) {
      refuse(path, `has ${connection.weights.length} weights, ${from} x ${to} = ${from * to} are needed`);
    }
    if (connection.kind === 'sparse') checkSparse(path, connection, from, to);
    if (connection.kind === 'convolution') checkConvolution(path, connection, from, to);
    const synapses = connection.kind === 'sparse' ? connection.targets.length : from * to;
    if (connection.kind === 'convolution' && synapse.delay instanceof Uint8Array)
      refuse(path, 'is a convolution, which has one delay for all its synapses');
    if (synapse.delay instanceof Uint8Array && synapse.delay.length !== synapses) {
      const needed = connection.kind === 'sparse' ? synapses : `${from} x ${to} = ${synapses}`;
      refuse(path, `has ${synapse.delay.length} delays, ${needed} are needed`);
    }
    if (rule !== undefined) {
      this.#rules.get(rule, path);
      if (connection.kind === 'convolution' && projection.tied !== 'kernels') {
        refuse(
          path,
          'its synapses share kernels, so a change of one would change others: it cannot learn, unless it is tied by kernels, which no chip has',
        );
      }
      if (projection.sharing !== undefined)
        refuse(path, 'shares its lists, so a change of one synapse would change others: it cannot learn');
    }
    checkTied(path, projection);
    if (projection.sharing !== undefined) checkSharing(path, projection.sharing, from);
    if (synapse.box === true && synapse.ignoreDelays === true)
      refuse(path, 'has boxes that end after delays, and ignores delays');
    if (projection.own !== undefined) {
      const { postSpikes, thirdFactors } = projection.own;
      for (const source of [postSpikes, ...Object.values(thirdFactors ?? {})]) {
        const size = this.sizeOf(source, path);
        if (size !== to) refuse(path, `"${source}" has ${size} elements and "${projection.to}" ${to}`);
      }
    }
    this.#projections.add(projection);
    return this;
  }

  reward(connection: RewardConnection): this {
    const path = `reward from "${connection.from}"`;
    this.#coreClasses.get(connection.coreClass, path);
    if (this.sizeOf(connection.from, path) !== 1)
      refuse(path, 'a reward channel has a single source [HW 4.6]');
    this.#rewards.push(connection);
    return this;
  }

  wire(wire: Wire): this {
    const path = `wire from "${wire.from}"`;
    const from = this.sizeOf(wire.from, path);
    const to = this.#populations.get(wire.to, path).size;
    if (from !== to) refuse(path, `"${wire.from}" has ${from} elements and "${wire.to}" ${to}`);
    const port = this.#ports.items.find(({ name }) => name === wire.from);
    if (port !== undefined && port.values !== true) refuse(path, `port "${wire.from}" does not carry values`);
    this.#wires.push(wire);
    return this;
  }

  /** Random numbers for semantics that do not draw them. */
  tape(tape: RandomTape): this {
    this.#tape = tape;
    return this;
  }

  presentation(name: string, steps: number, entries: readonly ScheduleEntry[] = []): this {
    const path = `presentation "${name}"`;
    if (!Number.isInteger(steps) || steps < 1) refuse(path, `${steps} is not a positive number of steps`);
    for (const entry of entries) {
      if (entry.step < 0 || entry.step >= steps) refuse(path, `entry at step ${entry.step} of ${steps}`);
      if (entry.kind === 'phase') this.#phases.get(entry.phase, path);
      else if (entry.kind === 'learning') this.#coreClasses.get(entry.coreClass, path);
      else if (entry.kind === 'rule') this.#rules.get(entry.rule, path);
      else this.#populations.get(entry.population, path);
    }
    // A stable sort: entries of one step keep their order.
    const sorted = [...entries].sort((a, b) => a.step - b.step);
    this.#presentations.add({ name, steps, entries: sorted });
    return this;
  }

  build(): Network {
    for (const { name, learningAs } of this.#phases.items) this.#phases.get(learningAs, `phase "${name}"`);
    this.#phases.get('management', 'network');
    return {
      name: this.#name,
      seed: this.#seed,
      coreClasses: this.#coreClasses.items,
      ports: this.#ports.items,
      populations: this.#populations.items,
      projections: this.#projections.items,
      rewards: this.#rewards,
      wires: this.#wires,
      ...(this.#tape === undefined ? {} : { tape: this.#tape }),
      rules: this.#rules.items,
      phases: this.#phases.items,
      presentations: this.#presentations.items,
      assumptions: this.#assumptions,
    };
  }
}
