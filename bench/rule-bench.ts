// Learning alone: one rule on all rows of one block, by the function that was generated for it, by a kernel written by
// hand, and in C.

import { loadChip } from '../host/chip/load.ts';
import { compile } from '../host/compile/compile.ts';
import type { ChipImage } from '../host/image/image.ts';
import { streamKey } from '../host/image/random-keys.ts';
import { mix32 } from '../host/mix32.ts';
import { NetworkBuilder } from '../host/network/builder.ts';
import {
  alternate,
  type Kernel,
  type Row,
  ratioRow,
  skippedRow,
  type Target,
  timed,
  timeRow,
} from './bench.ts';
import { hasCompiler, NativeProgram, NO_COMPILER } from './native.ts';
import { compileKernel, hash, instantiateKernel, Workbench } from './workbench.ts';

const RULE = 'dw = 3*2^-7*u0*x1*y1 - 2^-6*u0*x2*y2';
const ROWS = 64;
const COLUMNS = 1024;
const SYNAPSES = ROWS * COLUMNS;
/** Epochs after which all sides must have the same weights. */
const CHECKED = 70;

function ruleImage(): ChipImage {
  const trace = { impulse: 1, tau: Infinity };
  const net = new NetworkBuilder('rule', 1)
    .phase('forward')
    .phase('learning')
    .phase('management')
    .coreClass({ name: 'core' })
    .port({ name: 'pre', size: ROWS })
    .rule('rule', RULE)
    .population({
      name: 'post',
      size: COLUMNS,
      coreClass: 'core',
      compartment: { decayU: 4095, decayV: 4095, threshold: 131071 },
      postTraces: { y1: trace, y2: trace },
    })
    .project({
      name: 'plastic',
      from: 'pre',
      to: 'post',
      connection: { kind: 'all', weights: new Int16Array(SYNAPSES) },
      synapse: { signMode: 'mixed', bits: 8, exponent: 0 },
      rule: 'rule',
      preTraces: { x1: trace, x2: trace },
    })
    .presentation('step', 1);
  return compile(net.build(), loadChip('loihi1').chip).image;
}

/** A number of 0..31: bits of the hash of a place. */
function traceValue(place: number, shift: number): number {
  return (mix32(place) >>> shift) & 31;
}

/** Functions that bench/kernels/core.ts and learning.ts both have. */
interface Counts {
  readonly changedSoFar: () => number;
  readonly clippedSoFar: () => number;
}

interface ByHand extends Counts {
  readonly repeatLearn: (...numbers: number[]) => void;
}

/** Weights and traces as the core has them, without a step that would lead there. */
class Synapses {
  readonly bench: Workbench;
  readonly weights: number;
  readonly start: number;
  /** u8 [row][2] x1, x2. */
  readonly traces: number;
  readonly y1: number;
  readonly y2: number;
  epoch = 0;

  private constructor(bench: Workbench) {
    this.bench = bench;
    const { bytes, map, spare } = bench;
    const { postTrace, postStride, blocks } = map.cores[0]!;
    this.weights = blocks[0]!.weights;
    this.start = spare;
    this.traces = spare + SYNAPSES;
    this.y1 = postTrace;
    this.y2 = postTrace + postStride;
    for (let i = 0; i < SYNAPSES; i++) bytes[this.start + i] = mix32(i);
    for (let i = 0; i < COLUMNS; i++) {
      bytes[this.y1 + i] = traceValue(i, 8);
      bytes[this.y2 + i] = traceValue(i, 16);
    }
    for (let i = 0; i < ROWS; i++) {
      bytes[this.traces + 2 * i] = traceValue(i, 8);
      bytes[this.traces + 2 * i + 1] = traceValue(i, 16);
    }
    bench.words[(blocks[0]!.record + bench.core.layout.BLOCK_LIVE) >> 2] = 3;
  }

  static async create(): Promise<Synapses> {
    return new Synapses(await Workbench.open(ruleImage(), SYNAPSES / 4 + ROWS));
  }

  /** By the rule's own function. */
  generated(turns: number): void {
    const { map, loops, image } = this.bench;
    const { record, xHistory, blocks } = map.cores[0]!;
    const history = xHistory + image.cores[0]!.epochSteps;
    loops.repeatLearn(
      map.chip,
      record,
      blocks[0]!.record,
      ROWS,
      COLUMNS,
      history,
      this.traces,
      this.weights,
      this.start,
      turns,
    );
  }

  byHand({ repeatLearn }: ByHand, key: number, turns: number): void {
    repeatLearn(
      key,
      this.epoch,
      ROWS,
      COLUMNS,
      this.y1,
      this.y2,
      this.traces,
      this.weights,
      this.start,
      turns,
    );
    this.epoch += turns;
  }

  /** What the sides must agree on. */
  says({ changedSoFar, clippedSoFar }: Counts): string {
    const weights = this.bench.bytes.subarray(this.weights, this.weights + SYNAPSES);
    return `${changedSoFar() >>> 0} ${clippedSoFar() >>> 0} ${hash(0, weights)}`;
  }
}

const BY_HAND: Target = {
  what: 'learning microcode, time / kernel written by hand',
  bar: 1.6,
  stretch: 1.1,
};
const NATIVE: Target = {
  what: 'learning, two products, stochastic rounding / C',
  bar: 0.85,
  stretch: 1.1,
};

export async function ruleRows(): Promise<Row[]> {
  const own = await Synapses.create();
  const other = await Synapses.create();
  const { image, core } = own.bench;
  const key = streamKey(image.seed, 'rule', image.cores[0]!.blocks[0]!.projection);
  const hand = instantiateKernel<ByHand>(await compileKernel('learning'), other.bench.core.memory);
  own.generated(CHECKED);
  other.byHand(hand, key, CHECKED);
  const said = own.says(own.bench.loops);
  if (said !== other.says(hand)) throw new Error('the generated and the written kernel disagree');
  if (core.table.length < 2) throw new Error('the rule was not compiled');
  const unit = 'synaptic updates/s';
  const generated: Kernel = {
    name: 'generated',
    units: SYNAPSES,
    run: (turns) => timed(() => own.generated(turns)),
  };
  const byHand: Kernel = {
    name: 'by hand',
    units: SYNAPSES,
    run: (turns) => timed(() => other.byHand(hand, key, turns)),
  };
  const rows = [timeRow(await alternate(BY_HAND.what, unit, [generated, byHand]), BY_HAND)];
  if (!hasCompiler()) return [...rows, skippedRow(NATIVE, NO_COMPILER)];
  const native = new NativeProgram('learning', [ROWS, COLUMNS, key >>> 0]);
  const { numbers } = await native.run(CHECKED);
  if (said !== numbers.join(' ')) throw new Error('the generated kernel and the one in C disagree');
  const inC: Kernel = {
    name: 'C',
    units: SYNAPSES,
    run: async (turns) => (await native.run(turns)).seconds,
  };
  rows.push(ratioRow(await alternate(NATIVE.what, unit, [generated, inC]), NATIVE));
  native.end();
  return rows;
}
