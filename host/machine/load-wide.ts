// Writes the wide parts of an image into linear memory: parameters of compartments, rows of wide weights, traces
// and rules of blocks that learn on their own, wires, and the tape of random numbers.

import type { Semantics } from '../chip/semantics.ts';
import type {
  BlockImage,
  ChipImage,
  PlasticImage,
  WideBlockImage,
  WideGroupImage,
  WideProductImage,
  WireImage,
} from '../image/image.ts';
import { streamKey } from '../image/random-keys.ts';
import type { RandomTape } from '../network/network.ts';
import type { BlockMap } from './block-map.ts';
import type { Layout, LayoutName } from './core-module.ts';
import { FACTOR_NAMES, GATES, SIGN_FACTOR_NAMES, TARGETS, tracesRead } from './load-rule.ts';
import { accumulatorOf, type CoreMap, type GroupMap, type MemoryMap } from './memory-map.ts';
import { operationFields } from './operation.ts';
import { RecordWriter } from './record-writer.ts';
import type { PlasticMap, TapeMap, WideMap } from './wide-map.ts';
import { wiresFrom } from './wide-map.ts';

const GRADED = {
  none: 'GRADED_NONE',
  overwrite: 'GRADED_OVERWRITE',
  saturate: 'GRADED_SATURATE',
  carry: 'GRADED_CARRY',
} as const;

/** Rows of the parameter columns and where they come from; what a group does not have is 0. */
const COLUMNS: readonly (readonly [LayoutName, (wide: WideGroupImage) => Int32Array | null])[] = [
  ['WIDE_KEEP_U', ({ effectiveDecayU }) => effectiveDecayU.map((decay) => 4096 - decay)],
  ['WIDE_KEEP_V', ({ effectiveDecayV }) => effectiveDecayV.map((decay) => 4096 - decay)],
  ['WIDE_THRESHOLD', ({ threshold }) => threshold],
  ['WIDE_THRESHOLD_LOW', ({ thresholdLow }) => thresholdLow],
  ['WIDE_REFRACT_DELAY', ({ refractory }) => refractory],
  ['WIDE_V_MIN', (wide) => wide.vMin],
  ['WIDE_V_MAX', (wide) => wide.vMax],
  ['WIDE_RESET_INTERVAL', ({ resetInterval }) => resetInterval],
  ['WIDE_RESET_OFFSET', ({ resetOffset }) => resetOffset],
];

/** First column and end of each row's synapses: of all columns, if one of them has a weight of 0 and so cannot be told. */
function spansOf(weights: Int32Array, columns: number, synapses: Uint32Array): number[] {
  return [...synapses].flatMap((count, row) => {
    const places: number[] = [];
    weights.subarray(row * columns, (row + 1) * columns).forEach((weight, column) => {
      if (weight !== 0) places.push(column);
    });
    if (places.length < count) return [0, columns];
    return count === 0 ? [0, 0] : [places[0]!, places.at(-1)! + 1];
  });
}

/** Writes the wide parts of one image. */
export class WideLoader {
  readonly #image: ChipImage;
  readonly #map: MemoryMap;
  readonly #layout: Layout;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #doubles: Float64Array;
  readonly #writer: RecordWriter;

  constructor(image: ChipImage, map: MemoryMap, layout: Layout, memory: ArrayBufferLike) {
    this.#image = image;
    this.#map = map;
    this.#layout = layout;
    this.#words = new Int32Array(memory);
    this.#bytes = new Uint8Array(memory);
    this.#doubles = new Float64Array(memory);
    this.#writer = new RecordWriter(layout, memory);
  }

  load(): void {
    const layout = this.#layout;
    const valuePorts = this.#image.ports.filter(({ values }) => values);
    const portWires = this.#image.wires.filter(({ from }) => from.kind === 'port');
    this.#writer.record(this.#map.chip, {
      CHIP_VALUE_PORTS: Math.min(...valuePorts.map(({ first }) => first), 0x7fffffff),
      CHIP_VALUES: this.#map.values,
      CHIP_VALUE_COUNT: valuePorts.reduce((sum, { size }) => sum + size, 0),
      CHIP_WIRES: this.#map.wires,
      CHIP_WIRE_COUNT: portWires.length,
    });
    this.#wires(this.#map.wires, portWires);
    if (this.#image.tape !== null && this.#map.tape !== null) this.#tape(this.#image.tape, this.#map.tape);
    this.#image.cores.forEach((core, c) => {
      const map = this.#map.cores[c]!;
      this.#writer.record(map.record, {
        CORE_PAYLOADS: map.payloads,
        CORE_WIDE: core.blocks.some(({ wide }) => wide !== null) ? 1 : 0,
      });
      if (map.payloads !== 0) this.#fill(map.payloads, map.padded, 1);
      core.groups.forEach(({ wide }, g) => {
        const place = map.groups[g]!;
        const wires = wiresFrom(this.#image, c, g);
        this.#writer.record(place.record, { GROUP_WIRES: place.wires, GROUP_WIRE_COUNT: wires.length });
        this.#wires(place.wires, wires);
        if (wide !== null) this.#group(wide, map, place);
      });
      core.blocks.forEach((block, b) => {
        const place = map.blocks[b]!;
        if (block.wide === null || place.wide === null) return;
        this.#block(block, block.wide, place, place.wide, map);
        if (block.wide.plastic === null || place.wide.plastic === null) return;
        this.#plastic(block, block.wide.plastic, place.wide.plastic);
        this.#writer.record(map.record, { CORE_LEARN_ON: core.learning ? 1 : 0 });
      });
      if (layout.WIDE_PARAMETERS !== COLUMNS.length)
        throw new Error('a parameter of wide groups is not loaded');
    });
  }

  #fill(address: number, count: number, value: number): void {
    this.#words.fill(value, address >> 2, (address >> 2) + count);
  }

  #copy(address: number, values: ArrayLike<number>): void {
    this.#words.set(values, address >> 2);
  }

  #group(wide: WideGroupImage, core: CoreMap, place: GroupMap): void {
    const layout = this.#layout;
    this.#writer.record(place.record, {
      GROUP_KERNEL: layout.KERNEL_WIDE,
      GROUP_PAYLOADS: core.payloads + place.first * 4,
      GROUP_PARAMETERS: place.parameters,
      GROUP_PARAMETER_STRIDE: place.parameterStride,
      GROUP_MODEL: this.#model(this.#image.semantics, wide),
      GROUP_INPUTS: place.inputs,
      GROUP_INPUT_SHIFT: this.#image.semantics.inputScale === 'shifted' ? 6 : 0,
    });
    for (const [column, values] of COLUMNS) {
      const given = values(wide);
      if (given !== null) this.#copy(place.parameters + layout[column] * place.parameterStride, given);
    }
    this.#copy(core.bias + place.first * 4, wide.bias);
  }

  #model(semantics: Semantics, wide: WideGroupImage): number {
    const layout = this.#layout;
    return (
      (semantics.currentOverflow === 'wrap' ? layout.MODEL_CURRENT_WRAP : 0) |
      (semantics.currentOverflow === 'foldOnce' ? layout.MODEL_CURRENT_FOLD : 0) |
      (semantics.inputOverflow === 'wrap' ? layout.MODEL_INPUT_WRAP : 0) |
      (semantics.biasOverflow === 'wrap' ? layout.MODEL_BIAS_WRAP : 0) |
      (semantics.voltageLimits === 'registers' ? layout.MODEL_VOLTAGE_LIMIT : 0) |
      (semantics.refractory === 'none' ? layout.MODEL_REFRACTORY_NONE : 0) |
      (semantics.refractory === 'wholeSteps' ? layout.MODEL_REFRACTORY_WHOLE : 0) |
      (semantics.currentDecayTime === 'last' ? layout.MODEL_DECAY_LAST : 0) |
      (wide.thresholdLow === null ? 0 : layout.MODEL_TERNARY)
    );
  }

  #block(block: BlockImage, wide: WideBlockImage, place: BlockMap, map: WideMap, core: CoreMap): void {
    const group = core.groups[block.group]!;
    this.#writer.record(place.record, {
      BLOCK_KIND: this.#layout.BLOCK_KIND_WIDE,
      BLOCK_CORE: core.record,
      BLOCK_GROUP: group.record,
      BLOCK_ACCUMULATOR: accumulatorOf(group, block.port) + block.firstTarget,
      BLOCK_COLUMNS: block.columns,
      BLOCK_ROWS: block.rowElements.length,
      BLOCK_WEIGHTS: place.weights,
      BLOCK_DELAY: block.delay,
      BLOCK_DELAYS: place.delays,
      BLOCK_HISTORY: map.history,
      BLOCK_HISTORY_MASK: map.historySteps - 1,
      BLOCK_SYNAPSE_SHIFT: wide.synapseShift,
      BLOCK_SYNAPSE_LIMIT: wide.synapseLimit,
      BLOCK_SUM_SHIFT: wide.sumShift,
      BLOCK_SUM_BITS: wide.sumBits,
      BLOCK_BINARY: wide.graded ? 0 : 1,
      BLOCK_SUMS: map.sums,
      BLOCK_DELAYS_LENGTH: map.delaysLength,
      BLOCK_TAP: map.tap,
      ...operationFields(this.#layout, this.#image.timing, block),
      BLOCK_ROW_SYNAPSES: map.rowSynapses,
      BLOCK_SPANS: map.spans,
      BLOCK_PLASTIC: map.plastic?.record ?? 0,
    });
    this.#copy(place.weights, wide.weights);
    if (block.delays !== null) this.#bytes.set(block.delays, place.delays);
    if (wide.rowSynapses !== null) this.#copy(map.rowSynapses, wide.rowSynapses);
    if (wide.rowSynapses !== null && map.spans !== 0)
      this.#copy(map.spans, spansOf(wide.weights, block.columns, wide.rowSynapses));
  }

  #plastic(block: BlockImage, plastic: PlasticImage, map: PlasticMap): void {
    const layout = this.#layout;
    this.#writer.record(map.record, {
      PLASTIC_EPOCH_STEPS: plastic.epochSteps,
      PLASTIC_PRODUCTS: map.products,
      PLASTIC_PRODUCT_COUNT: plastic.products.length,
      PLASTIC_PRE_TRACE: map.preTrace,
      PLASTIC_POST_TRACE: map.postTrace,
      PLASTIC_PRE_TIME: map.preTime,
      PLASTIC_POST_TIME: map.postTime,
      PLASTIC_PRE_HISTORY: map.preHistory,
      PLASTIC_POST_HISTORY: map.postHistory,
      PLASTIC_DELIVERED: map.delivered,
      PLASTIC_TRACES: map.traces,
      PLASTIC_TAGS: map.tags,
      PLASTIC_DELAYS: map.delays,
      PLASTIC_EXISTS: map.exists,
      PLASTIC_GRADED: layout[GRADED[plastic.gradedTrace]],
      PLASTIC_OPTIONS: this.#options(this.#image.semantics),
      PLASTIC_POST_PENDING: map.postPending,
      PLASTIC_SIGN: block.signMode === 'mixed' ? 0 : block.signMode === 'excitatory' ? 1 : -1,
      PLASTIC_WEIGHT_MIN: plastic.weightMin,
      PLASTIC_WEIGHT_MAX: plastic.weightMax,
      PLASTIC_TAG_MIN: this.#image.semantics.ruleLimit === 'oneBelow' ? -257 : -256,
      PLASTIC_GRID: plastic.grid,
      PLASTIC_KEY: streamKey(this.#image.seed, 'rule', block.projection),
      PLASTIC_TRACE_KEY: streamKey(this.#image.seed, 'ownTrace', block.projection),
      PLASTIC_COLUMN_BASE: block.columnElement,
      PLASTIC_USED_TRACES: tracesRead(plastic.products),
      PLASTIC_PRE_DECISIONS: map.preDecisions,
      PLASTIC_POST_DECISIONS: map.postDecisions,
      PLASTIC_WEIGHT_DECISIONS: map.weightDecisions,
    });
    plastic.traces.forEach(({ impulse, fraction, factor }, i) => {
      const address = map.traces + i * layout.WIDE_TRACE_STRIDE;
      this.#doubles[(address + layout.WIDE_TRACE_FACTOR) >> 3] = factor;
      this.#writer.record(address, { WIDE_TRACE_IMPULSE: impulse, WIDE_TRACE_FRACTION: fraction });
    });
    plastic.products.forEach((product, i) => {
      this.#product(map.products + i * layout.WIDE_PRODUCT_STRIDE, product);
    });
    this.#copy(map.tags, plastic.tags);
    this.#copy(map.delays, plastic.delays);
    if (plastic.exists !== null) this.#bytes.set(plastic.exists, map.exists);
  }

  #product(address: number, product: WideProductImage): void {
    const layout = this.#layout;
    this.#writer.record(address, {
      WIDE_PRODUCT_TARGET: layout[TARGETS[product.target]],
      WIDE_PRODUCT_GATE: layout[GATES[product.gate]],
      WIDE_PRODUCT_DECIMATION: product.decimation,
      WIDE_PRODUCT_MANTISSA: product.mantissa,
      WIDE_PRODUCT_DOWN: product.down,
      WIDE_PRODUCT_UP: product.up,
      WIDE_PRODUCT_FACTOR_COUNT: product.factors.length,
    });
    this.#copy(
      address + layout.WIDE_PRODUCT_FACTORS,
      product.factors.map(({ variable, constant, sign, width }) => {
        const name = (sign ? SIGN_FACTOR_NAMES : FACTOR_NAMES)[variable];
        if (name === undefined) throw new Error(`no factor code for ${sign ? `sgn(${variable})` : variable}`);
        return layout[name] | (width << 8) | (constant << 16);
      }),
    );
  }

  #options(semantics: Semantics): number {
    const layout = this.#layout;
    return (
      (semantics.traceImpulse === 'beforeDecay' ? layout.PLASTIC_IMPULSE_FIRST : 0) |
      (semantics.ruleSpikes === 'onArrival' ? layout.PLASTIC_ON_ARRIVAL : 0) |
      (semantics.epochCount === 'fromZero' ? layout.PLASTIC_EPOCH_FROM_ZERO : 0) |
      (semantics.ruleDownscale === 'none' ? layout.PLASTIC_UNSCALED : 0) |
      (semantics.ruleSaturation === 'once' ? layout.PLASTIC_SATURATE_ONCE : 0) |
      (semantics.ruleRounding === 'floor' ? layout.PLASTIC_ROUND_FLOOR : 0) |
      (semantics.ruleRounding === 'awayFromZero' ? layout.PLASTIC_ROUND_AWAY : 0) |
      (semantics.randomTime === 'beforeSpikes' ? layout.PLASTIC_DECIDE_FIRST : 0) |
      (semantics.randomShare === 'perStep' ? layout.PLASTIC_SHARED : 0) |
      (semantics.secondSpikeFraction === 'up' ? layout.PLASTIC_SECOND_UP : 0) |
      (semantics.secondSpike === 'drop' ? layout.PLASTIC_DROP_SECOND : 0) |
      (semantics.ruleLimit === 'oneBelow' ? layout.PLASTIC_ONE_BELOW : 0) |
      (semantics.traceDecay === 'everySecondStep' ? layout.PLASTIC_PAIRED_DECAY : 0)
    );
  }

  #wires(address: number, wires: readonly WireImage[]): void {
    const layout = this.#layout;
    const valueFirst = Math.min(
      ...this.#image.ports.filter(({ values }) => values).map(({ first }) => first),
    );
    wires.forEach(({ from, to, count }, i) => {
      const target = this.#map.cores[to.core]!;
      const sender = from.kind === 'port' ? null : this.#map.cores[from.core]!;
      const group = from.kind === 'port' ? null : sender!.groups[from.group]!;
      const block = to.kind === 'group' ? null : target.blocks[to.block]!;
      const columns = to.kind === 'group' ? 0 : this.#image.cores[to.core]!.blocks[to.block]!.columns;
      this.#writer.record(address + i * layout.WIRE_STRIDE, {
        WIRE_FROM: group === null ? this.#map.values : sender!.payloads + group.first * 4,
        WIRE_FIRST: from.kind === 'port' ? from.element - valueFirst : from.first,
        WIRE_SPIKE_BITS: group === null ? 0 : group.spikeBits,
        WIRE_COUNT: count,
        WIRE_CORE: block === null ? target.record : 0,
        WIRE_TARGET:
          to.kind === 'group'
            ? accumulatorOf(target.groups[to.group]!, to.port) + to.first
            : block!.wide!.plastic!.delivered + (to.trace * columns + to.first) * 4,
      });
    });
  }

  #tape(tape: RandomTape, map: TapeMap): void {
    this.#writer.record(this.#map.chip, { CHIP_TAPE: map.record });
    this.#writer.record(map.record, {
      TAPE_LENGTH: tape.preDecay.length,
      TAPE_PRE_DECAY: map.preDecay,
      TAPE_PRE_IMPULSE: map.preImpulse,
      TAPE_POST_DECAY: map.postDecay,
      TAPE_POST_IMPULSE: map.postImpulse,
      TAPE_POST_AGAIN: map.postAgain,
      TAPE_WEIGHT_LENGTH: tape.weight.length,
      TAPE_WEIGHT: map.weight,
    });
    this.#doubles.set(tape.preDecay, map.preDecay >> 3);
    this.#copy(map.preImpulse, tape.preImpulse);
    this.#doubles.set(tape.postDecay, map.postDecay >> 3);
    this.#copy(map.postImpulse, tape.postImpulse);
    this.#copy(map.postAgain, tape.postAgain);
    this.#doubles.set(tape.weight, map.weight >> 3);
  }
}
