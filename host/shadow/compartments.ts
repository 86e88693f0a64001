// The compartments of one group in float: the update of [HW 2.2] and [HW 2.5], line by line, with nothing that rounds
// or wraps. Voltage limits that the network sets below the width of v are part of it; those of the width are not.

import type { ChipImage, CoreImage, GroupImage } from '../image/image.ts';
import { deriveKey, randomWord, streamKey } from '../image/random-keys.ts';
import type { ProbeKind } from '../machine/probes.ts';
import type { Group } from './group.ts';
import type { Store } from './store.ts';
import type { Ring } from './synapses.ts';

const DECAY_UNIT = 4096;
/** Currents count in units of 1/64 of a weight. [HW 3.2] */
const WEIGHT_UNIT = 64;
/** Limits at the width of v, which a float does not have. */
const V_LIMIT = 2 ** 23 - 1;

type NoiseRange = ChipImage['semantics']['noiseRange'];

/** r from 16 random bits, as the chip draws it: the same noise on both sides (C19). */
function draw(range: NoiseRange, bits: number): number {
  if (range === 'signBit') return (bits >> 9) * (bits & 0x100 ? -1 : 1);
  return Math.floor((bits * (range === 'upTo128' ? 256 : 255)) / 65536) - 127;
}

export class Compartments implements Group {
  readonly image: GroupImage;
  readonly count: number;
  readonly ports: readonly Ring[];
  readonly fired: Int32Array;
  firedCount = 0;
  readonly posted: Int32Array;
  readonly payloads: Float64Array;
  readonly u: Float64Array;
  readonly v: Float64Array;
  readonly #refractory: Float64Array;
  /** 1: phase INACTIVE, no synaptic input so far. [HW 1.2] */
  readonly #inactive: Float64Array;
  /** What the parent pops in this step. */
  readonly pushed: Float64Array;
  readonly #children: readonly Compartments[];
  readonly #bias: Float64Array;
  readonly #vMin: number;
  readonly #vMax: number;
  readonly #noise: { readonly key: number; readonly scale: number; readonly offset: number } | null;
  readonly #noiseRange: NoiseRange;
  readonly #isDendritic: boolean;
  readonly #reachesThreshold: boolean;
  readonly #pushesReached: boolean;

  constructor(
    store: Store,
    { seed, semantics }: ChipImage,
    core: CoreImage,
    image: GroupImage,
    children: readonly Compartments[],
  ) {
    const { count, bias, start } = image;
    this.image = image;
    this.count = count;
    this.ports = [{ slots: core.accumulators, count, sums: store.column(core.accumulators * count) }];
    this.fired = new Int32Array(count);
    this.posted = this.fired;
    this.payloads = new Float64Array(count).fill(1);
    this.u = store.column(count, start.u);
    this.v = store.column(count, start.v);
    this.#refractory = store.column(count, start.refractory);
    this.pushed = store.column(count);
    this.#inactive = store.column(count);
    if (semantics.activityPhase === 'inactive') this.#inactive.fill(1);
    this.#children = children;
    this.#bias = typeof bias === 'number' ? new Float64Array(count).fill(bias) : Float64Array.from(bias);
    this.#vMin = core.vMin <= -V_LIMIT ? Number.NEGATIVE_INFINITY : core.vMin;
    this.#vMax = core.vMax >= V_LIMIT ? Number.POSITIVE_INFINITY : core.vMax;
    const { exponent, mantissaOffset, target } = core.noise;
    this.#noise = image.noise
      ? {
          key: streamKey(seed, 'noise', image.population),
          scale: 2 ** (exponent - 7),
          offset: 64 * mantissaOffset,
        }
      : null;
    this.#noiseRange = semantics.noiseRange;
    this.#isDendritic = target === 'dendrite';
    this.#reachesThreshold = semantics.spikeTest === 'ge';
    this.#pushesReached = semantics.joinPush === 'beforeReset';
  }

  get postedCount(): number {
    return this.firedCount;
  }

  update(time: number): void {
    const { image, count, u, v } = this;
    const { threshold, thresholdOp, join, push } = image;
    const { slots, sums } = this.ports[0]!;
    const slot = (time % slots) * count;
    const keepU = (DECAY_UNIT - image.effectiveDecayU) / DECAY_UNIT;
    const keepV = (DECAY_UNIT - image.effectiveDecayV) / DECAY_UNIT;
    const bias = this.#bias;
    const refractory = this.#refractory;
    const inactive = this.#inactive;
    const [vMin, vMax] = [this.#vMin, this.#vMax];
    const noiseKey = this.#noise === null ? 0 : deriveKey(this.#noise.key, time);
    this.firedCount = 0;
    for (let i = 0; i < count; i++) {
      const weights = sums[slot + i]!;
      sums[slot + i] = 0;
      if (inactive[i] !== 0) {
        if (weights === 0) continue;
        inactive[i] = 0;
      }
      const noise = this.#noise === null ? 0 : this.#draw(noiseKey, i);
      u[i] = u[i]! * keepU + weights * WEIGHT_UNIT + (this.#isDendritic ? noise : 0);
      let t = u[i]! + bias[i]! + (this.#isDendritic ? 0 : noise);
      if (join === 'add') for (const child of this.#children) t += child.pushed[i]!;
      else if (join === 'pass' && !this.#anyPositive(i)) t = 0;
      const free = v[i]! * keepV + t;
      const reached = refractory[i]! > 0 ? 0 : free < vMin ? vMin : free > vMax ? vMax : free;
      v[i] = reached;
      const crossed = this.#reachesThreshold ? reached >= threshold : reached > threshold;
      let spikes = false;
      if (thresholdOp === 'spike') {
        const isForced = join === 'or' && refractory[i] === 0 && this.#anyPositive(i);
        spikes = isForced || (crossed && (join !== 'and' || this.#allPositive(i)));
        if (spikes) {
          v[i] = 0;
          refractory[i] = image.refractory;
          this.fired[this.firedCount++] = i;
        }
      } else if (thresholdOp === 'saturate' && crossed) v[i] = threshold;
      if (refractory[i]! > 0) refractory[i]!--;
      if (push === null) continue;
      if (thresholdOp === 'pass' && !crossed) this.pushed[i] = 0;
      else if (push === 'u') this.pushed[i] = u[i]!;
      else this.pushed[i] = spikes && this.#pushesReached ? reached : v[i]!;
    }
  }

  /** (r + 64 · mantOffset) · 2^(exp - 7) [HW 2.4] */
  #draw(key: number, i: number): number {
    const { scale, offset } = this.#noise!;
    const bits = randomWord(key, this.image.element + i) & 0xffff;
    return (draw(this.#noiseRange, bits) + offset) * scale;
  }

  #anyPositive(i: number): boolean {
    return this.#children.some(({ pushed }) => pushed[i]! > 0);
  }

  #allPositive(i: number): boolean {
    return this.#children.every(({ pushed }) => pushed[i]! > 0);
  }

  variable(kind: ProbeKind): Float64Array | undefined {
    if (kind === 'u') return this.u;
    return kind === 'v' ? this.v : undefined;
  }

  /** The management write `reset`: u, v and the refractory counters to 0. */
  reset(): void {
    this.u.fill(0);
    this.v.fill(0);
    this.#refractory.fill(0);
  }
}
