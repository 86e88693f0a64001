// Random numbers of synapses that learn with traces of their own: drawn, for each value or one for many, or taken
// from a tape that the run supplies. (U1)

import type { BlockImage, ChipImage } from '../image/image.ts';
import { streamKey, subkey, word } from './random.ts';

/** Places of the traces among the five of a block. */
const FIRST_POST = 2;
const DECAY = 0;
const IMPULSE = 1;
const EARLIER_IMPULSE = 2;
const TARGETS = { w: 0, d: 1, t: 2 } as const;

/** The upper 24 bits of a word as a fraction of 1. */
function fraction(random: number): number {
  return (random >>> 8) / 2 ** 24;
}

/** Entry of a list that belongs to step or epoch number `at`, from 1; the last one goes on. */
function entry(list: readonly number[], length: number, at: number): number {
  return list[Math.min(at, length) - 1]!;
}

/** The random numbers of one projection's synapses. */
export class WideRandom {
  readonly #tape: ChipImage['tape'];
  readonly #isShared: boolean;
  readonly #traceKey: number;
  readonly #ruleKey: number;

  constructor({ seed, semantics, tape }: ChipImage, { projection }: BlockImage) {
    this.#tape = tape;
    this.#isShared = semantics.randomShare === 'perStep';
    this.#traceKey = streamKey(seed, 'ownTrace', projection);
    this.#ruleKey = streamKey(seed, 'rule', projection);
  }

  /** `now`: the running step, whose number serves all if one is shared. */
  #word(trace: number, element: number, step: number, now: number, kind: number): number {
    const isPost = trace >= FIRST_POST;
    return this.#isShared
      ? word(subkey(subkey(this.#traceKey, now), isPost ? 1 : 0), kind)
      : word(subkey(subkey(this.#traceKey, step), 8 * element + trace), kind);
  }

  /** 0..1: a fraction above it is rounded up when trace `trace` (x1, x2, y1, y2, y3) decays in a step. */
  decay(trace: number, element: number, step: number, now: number): number {
    const tape = this.#tape;
    if (tape === null) return fraction(this.#word(trace, element, step, now, DECAY));
    return entry(trace >= FIRST_POST ? tape.postDecay : tape.preDecay, tape.preDecay.length, now);
  }

  /** 0..127: a fraction of the impulse above it is rounded up. */
  impulse(trace: number, element: number, step: number, now: number): number {
    const tape = this.#tape;
    if (tape === null) return this.#word(trace, element, step, now, IMPULSE) >>> 25;
    return entry(trace >= FIRST_POST ? tape.postImpulse : tape.preImpulse, tape.preDecay.length, now);
  }

  /** The same for an earlier spike of the epoch. */
  earlierImpulse(trace: number, element: number, now: number): number {
    const tape = this.#tape;
    if (tape === null) return this.#word(trace, element, now, now, EARLIER_IMPULSE) >>> 25;
    return entry(trace >= FIRST_POST ? tape.postAgain : tape.preImpulse, tape.preDecay.length, now);
  }

  /** 0..1: a fraction of a new w, d or t above it is rounded up. `epoch` is numbered from 1. */
  synapse(row: number, column: number, target: keyof typeof TARGETS, epoch: number, now: number): number {
    const tape = this.#tape;
    if (tape !== null) return entry(tape.weight, tape.weight.length, epoch);
    const key = subkey(this.#ruleKey, now);
    return this.#isShared
      ? fraction(word(subkey(key, 0), 0))
      : fraction(word(subkey(key, row), 3 * column + TARGETS[target]));
  }
}
