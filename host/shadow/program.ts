// Neuron programs in float: values neither wrap nor lose their fractions. [HW 7], docs/neuron-programs.md
//
// What is left of integers is what a program asks for by name: bits (and, or, xor, not, clz, wrap), the place in a table,
// and the floor of a division whose dividend holds a random number. Such a floor is no rounding but a draw: of
// floor((a + r) / 2^n), with r uniform below 2^n, the mean is a / 2^n, and without the floor it would not be.

import type { GroupImage, NeuronProgramImage } from '../image/image.ts';
import { deriveKey, randomWord, streamKey } from '../image/random-keys.ts';
import type { ProbeKind } from '../machine/probes.ts';
import type { Group } from './group.ts';
import type { Store } from './store.ts';
import type { Ring } from './synapses.ts';
import type { TraceSet } from './traces.ts';

type Instruction = NeuronProgramImage['instructions'][number];
type Operand = Instruction['sources'][number];
type Compute = (a: number, b: number, c: number) => number;

const WORD = 2 ** 32;
const SHIFT_UNIT = 32;
const PRODUCT_SHIFT_UNIT = 64;

/** Shift distances count modulo the width of what is shifted, as on the chip. */
function power(distance: number, unit: number): number {
  return 2 ** (distance < 0 || distance >= unit ? distance - unit * Math.floor(distance / unit) : distance);
}

/** What an instruction makes of its sources. */
const RESULTS: Readonly<Record<string, Compute>> = {
  mov: (a) => a,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  neg: (a) => -a,
  mul: (a, b, n) => (a * b) / power(n, PRODUCT_SHIFT_UNIT),
  mulz: (a, b, n) => (a * b) / power(n, PRODUCT_SHIFT_UNIT),
  mulm: (a, b, n) => (a * b) / power(n, PRODUCT_SHIFT_UNIT),
  and: (a, b) => Math.floor(a) & Math.floor(b),
  or: (a, b) => Math.floor(a) | Math.floor(b),
  xor: (a, b) => Math.floor(a) ^ Math.floor(b),
  not: (a) => ~Math.floor(a),
  eq: (a, b) => (a === b ? 1 : 0),
  ne: (a, b) => (a !== b ? 1 : 0),
  lt: (a, b) => (a < b ? 1 : 0),
  le: (a, b) => (a <= b ? 1 : 0),
  gt: (a, b) => (a > b ? 1 : 0),
  ge: (a, b) => (a >= b ? 1 : 0),
  shl: (a, n) => a * power(n, SHIFT_UNIT),
  shr: (a, n) => a / power(n, SHIFT_UNIT),
  shz: (a, n) => a / power(n, SHIFT_UNIT),
  abs: (a) => Math.abs(a),
  sgn: (a) => Math.sign(a),
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  clip: (a, b, c) => Math.min(Math.max(a, b), c),
  wrap: (a, n) => a - 2 ** n * Math.floor(a / 2 ** n + 0.5),
  sel: (a, b, c) => (a !== 0 ? b : c),
  clz: (a) => Math.clz32(Math.floor(a)),
};

/** What the chip's rounding of a division is. */
const ROUNDED: Readonly<Record<string, (x: number) => number>> = {
  mul: Math.floor,
  shr: Math.floor,
  mulz: Math.trunc,
  mulm: Math.trunc,
  shz: Math.trunc,
};

/** One instruction over the compartments where `mask` is not 0. */
type Step = (mask: Uint8Array) => void;

/** A block of instructions, or a condition on two blocks. */
type Node =
  | { readonly kind: 'step'; readonly run: Step }
  | {
      readonly kind: 'if';
      readonly condition: Float64Array;
      readonly taken: readonly Node[];
      readonly passed: readonly Node[];
      readonly takenMask: Uint8Array;
      readonly passedMask: Uint8Array;
    };

export class ProgramGroup implements Group {
  readonly image: GroupImage;
  readonly count: number;
  readonly ports: readonly Ring[];
  readonly fired: Int32Array;
  firedCount = 0;
  readonly posted: Int32Array;
  postedCount = 0;
  readonly payloads: Float64Array;
  readonly #program: NeuronProgramImage;
  readonly #key: number;
  readonly #initial: readonly Float64Array[];
  readonly #state: readonly Float64Array[];
  /** What is due in this step, by port. */
  readonly #inputs: readonly Float64Array[];
  readonly #temporaries: readonly Float64Array[];
  readonly #post: TraceSet | null;
  readonly #sent: Uint8Array;
  readonly #noted: Uint8Array;
  readonly #everywhere: Uint8Array;
  readonly #nodes: readonly Node[];
  readonly #hasPost: boolean;
  #time = 0;
  #stepKey = 0;

  constructor(
    store: Store,
    seed: number,
    slots: number,
    image: GroupImage,
    program: NeuronProgramImage,
    post: TraceSet | null,
  ) {
    const { count } = image;
    const perCompartment = (values: ArrayLike<number>): Float64Array =>
      Float64Array.from({ length: count }, (_, i) => values[values.length === 1 ? 0 : i]!);
    this.image = image;
    this.count = count;
    this.#program = program;
    this.#post = post;
    this.#key = streamKey(seed, 'program', image.population);
    this.ports = Array.from({ length: program.ports }, () => ({
      slots,
      count,
      sums: store.column(slots * count),
    }));
    this.fired = new Int32Array(count);
    this.posted = new Int32Array(count);
    this.payloads = new Float64Array(count);
    this.#initial = program.state.map(({ initial }) => perCompartment(initial));
    this.#state = this.#initial.map((values) => store.column(count, values));
    this.#inputs = this.ports.map(() => new Float64Array(count));
    this.#temporaries = Array.from({ length: program.temporaries }, () => new Float64Array(count));
    this.#sent = new Uint8Array(count);
    this.#noted = new Uint8Array(count);
    this.#everywhere = new Uint8Array(count).fill(1);
    this.#hasPost = program.instructions.some(({ op }) => op === 'post');
    const parameters = program.parameters.map(({ values }) => perCompartment(values));
    this.#nodes = this.#translate(parameters);
  }

  update(time: number): void {
    const { count } = this;
    this.#time = time;
    this.#stepKey = deriveKey(this.#key, time);
    this.ports.forEach(({ slots, sums }, port) => {
      const first = (time % slots) * count;
      this.#inputs[port]!.set(sums.subarray(first, first + count));
      sums.fill(0, first, first + count);
    });
    for (const values of this.#temporaries) values.fill(0);
    this.#sent.fill(0);
    this.#noted.fill(0);
    this.#run(this.#nodes, this.#everywhere);
    this.firedCount = 0;
    this.postedCount = 0;
    for (let i = 0; i < count; i++) {
      if (this.#sent[i] !== 0) this.fired[this.firedCount++] = i;
      if ((this.#hasPost ? this.#noted : this.#sent)[i] !== 0) this.posted[this.postedCount++] = i;
    }
  }

  variable(kind: ProbeKind): Float64Array | undefined {
    const word = this.#program.state.findIndex(({ name }) => kind === `state ${name}`);
    return this.#state[word];
  }

  reset(): void {
    this.#state.forEach((values, k) => {
      values.set(this.#initial[k]!);
    });
  }

  #run(nodes: readonly Node[], mask: Uint8Array): void {
    for (const node of nodes) {
      if (node.kind === 'step') {
        node.run(mask);
        continue;
      }
      let isAnyTaken = false;
      let isAnyPassed = false;
      for (let i = 0; i < mask.length; i++) {
        const taken = mask[i]! !== 0 && node.condition[i] !== 0;
        const passed = mask[i]! !== 0 && !taken;
        node.takenMask[i] = taken ? 1 : 0;
        node.passedMask[i] = passed ? 1 : 0;
        isAnyTaken ||= taken;
        isAnyPassed ||= passed;
      }
      if (isAnyTaken) this.#run(node.taken, node.takenMask);
      if (isAnyPassed && node.passed.length > 0) this.#run(node.passed, node.passedMask);
    }
  }

  // ---- From instructions to loops ----

  #translate(parameters: readonly Float64Array[]): readonly Node[] {
    const drawn = dividedDraws(this.#program);
    const root: Node[] = [];
    const open: { readonly taken: Node[]; readonly passed: Node[] }[] = [];
    let block = root;
    const outer: Node[][] = [];
    this.#program.instructions.forEach((instruction, at) => {
      const { op, sources } = instruction;
      const values = (operand: Operand): Float64Array => this.#column(operand, parameters);
      if (op === 'if') {
        const parts = { taken: [], passed: [] };
        const masks = { takenMask: new Uint8Array(this.count), passedMask: new Uint8Array(this.count) };
        block.push({ kind: 'if', condition: values(sources[0]!), ...parts, ...masks });
        outer.push(block);
        open.push(parts);
        block = parts.taken;
      } else if (op === 'else') block = open.at(-1)!.passed;
      else if (op === 'end') {
        open.pop();
        block = outer.pop()!;
      } else block.push({ kind: 'step', run: this.#step(instruction, at, values, drawn.has(at)) });
    });
    return root;
  }

  /** The values of an operand, one for each compartment. */
  #column(operand: Operand, parameters: readonly Float64Array[]): Float64Array {
    const { count } = this;
    switch (operand.kind) {
      case 'constant':
        return new Float64Array(count).fill(operand.value);
      case 'index':
        return Float64Array.from({ length: count }, (_, i) => this.image.element + i);
      case 'state':
        return this.#state[operand.index]!;
      case 'temporary':
        return this.#temporaries[operand.index]!;
      case 'port':
        return this.#inputs[operand.index]!;
      case 'parameter':
        return parameters[operand.index]!;
      default:
        throw new Error(`${operand.kind} is not one value for each compartment`);
    }
  }

  #step(
    instruction: Instruction,
    at: number,
    values: (operand: Operand) => Float64Array,
    isDrawn: boolean,
  ): Step {
    const { op, destination, sources } = instruction;
    const { count } = this;
    if (op === 'post') return (mask) => mark(this.#noted, mask);
    const a = sources[0];
    if (op === 'send') {
      const payload = values(a!);
      return (mask) => {
        mark(this.#sent, mask);
        for (let i = 0; i < count; i++) if (mask[i] !== 0) this.payloads[i] = payload[i]!;
      };
    }
    if (op === 'y1' || op === 'y2' || op === 'y3') {
      const source = values(a!);
      const trace = this.#post?.values[Number(op[1]) - 1];
      // Traces have no sign: that is how a program splits a signed error in two.
      return (mask) => {
        for (let i = 0; i < count; i++) if (mask[i] !== 0 && trace) trace[i] = Math.max(0, source[i]!);
      };
    }
    const to = destination === null ? undefined : values(destination);
    if (to === undefined) throw new Error(`"${op}" without a destination`);
    if (op === 'rand') {
      const bits = values(a!);
      return (mask) => {
        const key = deriveKey(this.#stepKey, at);
        for (let i = 0; i < count; i++)
          if (mask[i] !== 0)
            to[i] = Math.floor((randomWord(key, this.image.element + i) / WORD) * 2 ** bits[i]!);
      };
    }
    if (op === 'look') {
      if (a?.kind !== 'table') throw new Error('"look" without a table');
      const table = this.#program.tables[a.index]!;
      const index = values(sources[1]!);
      return (mask) => {
        for (let i = 0; i < count; i++) {
          if (mask[i] === 0) continue;
          const place = Math.floor(index[i]!) % table.length;
          to[i] = table[place < 0 ? place + table.length : place]!;
        }
      };
    }
    if (sources.some(({ kind }) => kind === 'time')) return this.#timed(instruction, values, to);
    const exact = RESULTS[op];
    if (exact === undefined) throw new Error(`a twin has no instruction "${op}"`);
    const round = ROUNDED[op];
    const compute: Compute = isDrawn && round !== undefined ? (x, y, z) => round(exact(x, y, z)) : exact;
    const [x, y, z] = [0, 1, 2].map((k) => (sources[k] === undefined ? to : values(sources[k])));
    return (mask) => {
      for (let i = 0; i < count; i++) if (mask[i] !== 0) to[i] = compute(x![i]!, y![i]!, z![i]!);
    };
  }

  /** An instruction that reads the number of the step. */
  #timed(instruction: Instruction, values: (operand: Operand) => Float64Array, to: Float64Array): Step {
    const compute = RESULTS[instruction.op]!;
    const columns = instruction.sources.map((source) => (source.kind === 'time' ? null : values(source)));
    const read = (k: number, i: number): number => {
      const column = columns[k];
      return column === null ? this.#time : (column?.[i] ?? 0);
    };
    return (mask) => {
      for (let i = 0; i < this.count; i++)
        if (mask[i] !== 0) to[i] = compute(read(0, i), read(1, i), read(2, i));
    };
  }
}

function mark(flags: Uint8Array, mask: Uint8Array): void {
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) flags[i] = 1;
}

/** Instructions whose result holds a random number if a source does. */
const CARRIES: readonly string[] = ['mov', 'add', 'sub', 'neg', 'and', 'or', 'xor'];

/** A name for what an operand reads or writes, a state word or a temporary. */
const wordOf = (operand: Operand): string => ('index' in operand ? `${operand.kind} ${operand.index}` : '');

/** Places of the divisions whose dividend holds a random number of this step. */
function dividedDraws({ instructions }: NeuronProgramImage): ReadonlySet<number> {
  const random = new Set<string>();
  const drawn = new Set<number>();
  instructions.forEach(({ op, destination, sources }, at) => {
    const isRandom = sources.some((source) => random.has(wordOf(source)));
    if (isRandom && op in ROUNDED) drawn.add(at);
    if (destination === null) return;
    // What may be random, by a condition, is taken for random.
    if (op === 'rand' || (isRandom && CARRIES.includes(op))) random.add(wordOf(destination));
    else random.delete(wordOf(destination));
  });
  return drawn;
}
