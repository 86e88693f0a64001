// Costs of a stack of layers from its shapes, for networks that are too large to be built synapse by synapse: spikes are
// drawn, each is followed to the cores that hold its targets, and the same formula as in the core gives the time. What
// a core would do itself is only counted here.

import { coreTile } from '../../host/chip/limits.ts';
import type { Chip } from '../../host/chip/schema.ts';
import { timingImage } from '../../host/compile/build-image.ts';
import { CounterHash, Stream } from '../../host/data/counter-hash.ts';
import type { StepWork } from '../../host/model/core.ts';
import { type Message, spikingTime } from '../../host/model/timing.ts';
import { ACTIVITY } from './span.ts';
import { type ActivityCosts, countsOf, type StepCost } from './step-cost.ts';

/** How a layer is reached from the one before. */
export type ShapeSynapses =
  | { readonly kind: 'dense' }
  /** Along y and x; `depthwise`: every channel from its own alone. */
  | {
      readonly kind: 'conv';
      readonly kernel: number;
      readonly stride: readonly [y: number, x: number];
      readonly padding: readonly [y: number, x: number];
      readonly depthwise?: boolean;
    };

export interface ShapeLayer {
  readonly name: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** 0: injected from outside. */
  readonly cores: number;
  /** Compartments of a neuron. Default 1. */
  readonly compartments?: number;
  /** None for the first layer. */
  readonly from?: ShapeSynapses;
}

const STEPS = 4;
const SEED = 1;

/** A layer on its cores: all channels of a place lie together, places column by column. */
class Placed {
  readonly layer: ShapeLayer;
  readonly firstCore: number;
  readonly places: number;

  constructor(layer: ShapeLayer, firstCore: number) {
    this.layer = layer;
    this.firstCore = firstCore;
    this.places = layer.width * layer.height;
  }

  /** Units that are laid out one after the other: places, or neurons where there is one place only. */
  get units(): number {
    return this.places === 1 ? this.layer.channels : this.places;
  }

  coreOf(unit: number): number {
    return this.firstCore + Math.floor((unit * this.layer.cores) / this.units);
  }
}

function outputsAlong(
  at: number,
  padding: number,
  stride: number,
  kernel: number,
  length: number,
): [number, number] {
  const first = Math.max(0, Math.ceil((at + padding - kernel + 1) / stride));
  const last = Math.min(length - 1, Math.floor((at + padding) / stride));
  return [first, last];
}

/** Synaptic operations on each core that a spike at (y, x) sets off. */
function targetsOf(to: Placed, y: number, x: number): Map<number, number> {
  const { layer } = to;
  const { from } = layer;
  const operations = new Map<number, number>();
  const add = (unit: number, count: number): void => {
    const core = to.coreOf(unit);
    operations.set(core, (operations.get(core) ?? 0) + count);
  };
  if (from?.kind !== 'conv') {
    const perUnit = to.places === 1 ? 1 : layer.channels;
    for (let unit = 0; unit < to.units; unit++) add(unit, perUnit);
    return operations;
  }
  const { kernel, stride, padding, depthwise = false } = from;
  const [firstY, lastY] = outputsAlong(y, padding[0], stride[0], kernel, layer.height);
  const [firstX, lastX] = outputsAlong(x, padding[1], stride[1], kernel, layer.width);
  for (let column = firstX; column <= lastX; column++)
    for (let line = firstY; line <= lastY; line++)
      add(column * layer.height + line, depthwise ? 1 : layer.channels);
  return operations;
}

/** Where a neuron of a layer is: its unit, and its place in the layer. */
function* neuronsOf({ layer, places }: Placed): Generator<{ unit: number; y: number; x: number }> {
  if (places === 1) {
    for (let unit = 0; unit < layer.channels; unit++) yield { unit, y: 0, x: 0 };
    return;
  }
  for (let x = 0; x < layer.width; x++)
    for (let y = 0; y < layer.height; y++)
      for (let channel = 0; channel < layer.channels; channel++) yield { unit: x * layer.height + y, y, x };
}

/** Expected cost of a step of a stack at a rate; every compartment is taken as active. */
export function costOfShapes(layers: readonly ShapeLayer[], chip: Chip, rate: number): StepCost {
  let cores = 0;
  const placed = layers.map((layer) => {
    const found = new Placed(layer, cores);
    cores += layer.cores;
    return found;
  });
  const timing = timingImage(chip, cores);
  const tiles = Array.from({ length: cores }, (_, i) => coreTile(chip, i));
  const compartments = new Array<number>(cores).fill(0);
  for (const layer of placed) {
    if (layer.layer.cores === 0) continue;
    for (const { unit } of neuronsOf(layer))
      compartments[layer.coreOf(unit)]! += layer.layer.compartments ?? 1;
  }
  const chance = new CounterHash(SEED, Stream.trainImage, 0);
  const sums = { spikes: 0, messages: 0, hopsX: 0, hopsY: 0, withinTile: 0, operations: 0, received: 0 };
  let quanta = 0;
  for (let step = 0; step < STEPS; step++) {
    const works = compartments.map((count): { -readonly [Key in keyof StepWork]: number } => ({
      active: count,
      spikes: 0,
      messagesOut: 0,
      messagesIn: 0,
      dense: 0,
      sparse: 0,
      conv: 0,
    }));
    const messages: Message[] = [];
    placed.forEach((layer, l) => {
      const next = placed[l + 1];
      const ranks = new Map<number, number>();
      for (const { unit, y, x } of neuronsOf(layer)) {
        const isInjected = layer.layer.cores === 0;
        const from = isInjected ? -1 : layer.coreOf(unit);
        const rank = ranks.get(from) ?? 0;
        ranks.set(from, rank + (layer.layer.compartments ?? 1));
        if (chance.between(0, 1) >= rate) continue;
        if (!isInjected) works[from]!.spikes++;
        if (next === undefined) continue;
        for (const [to, operations] of targetsOf(next, y, x)) {
          works[to]!.messagesIn++;
          works[to]!.dense += operations;
          if (isInjected) continue;
          works[from]!.messagesOut++;
          const [a, b] = [tiles[from]!, tiles[to]!];
          const hops = {
            eastWest: Math.abs(a.x - b.x),
            northSouth: Math.abs(a.y - b.y),
            interChip: Math.abs(a.chipIndex - b.chipIndex),
          };
          const withinTile = hops.eastWest + hops.northSouth + hops.interChip === 0;
          const { spikes, messagesOut } = works[from]!;
          messages.push({ from, to, rank, spikes, messages: messagesOut, hops: { ...hops, withinTile } });
        }
      }
    });
    quanta += spikingTime(timing, compartments, works, messages) + timing.barrier;
    for (const { spikes, messagesIn, dense } of works) {
      sums.spikes += spikes;
      sums.received += messagesIn;
      sums.operations += dense;
    }
    for (const { hops } of messages) {
      sums.messages++;
      sums.hopsX += hops.eastWest;
      sums.hopsY += hops.northSouth;
      if (hops.withinTile) sums.withinTile++;
    }
  }
  const all = compartments.reduce((sum, count) => sum + count, 0);
  return {
    counts: countsOf({
      synapticOps: sums.operations,
      synapticOpsDense: sums.operations,
      compartmentUpdatesActive: all * STEPS,
      spikes: sums.spikes,
      messages: sums.messages,
      messagesWithinTile: sums.withinTile,
      meshHopsEastWest: sums.hopsX,
      meshHopsNorthSouth: sums.hopsY,
      inputAxonEvents: sums.received,
      barriers: STEPS,
    }),
    steps: STEPS,
    stepS: (quanta / STEPS) * timing.quantumS,
    cores,
    compartments: all,
  };
}

/** At the three activities. */
export function costOfShapesOver(layers: readonly ShapeLayer[], chip: Chip): ActivityCosts {
  return {
    low: costOfShapes(layers, chip, ACTIVITY.low),
    value: costOfShapes(layers, chip, ACTIVITY.value),
    high: costOfShapes(layers, chip, ACTIVITY.high),
  };
}

/** The chip with the costs of shared kernels in place of those of dense lists. */
export function withSharedKernels(chip: Chip): Chip {
  const profiles = Object.fromEntries(
    Object.entries(chip.energy.profiles).map(([name, profile]) => {
      const { synapticOpConv, synapticOpDense } = profile.coefficients;
      const coefficients = { ...profile.coefficients, synapticOpDense: synapticOpConv ?? synapticOpDense };
      return [name, { ...profile, coefficients }];
    }),
  );
  return {
    ...chip,
    timing: { ...chip.timing, synapticOpDense: chip.timing.synapticOpConv },
    energy: { ...chip.energy, profiles },
  };
}
