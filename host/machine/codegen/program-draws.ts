// Random numbers of a neuron program's function: one for each instruction and compartment, the same wherever the
// compartment lies (U1).

import { BYTES, COLUMN, DRAWN, KEY, MIXED, type ProgramFrame, TIME, X } from './program-frame.ts';
import { deriveKey, GOLDEN, mixWords } from './random-code.ts';

export class ProgramDraws {
  readonly #frame: ProgramFrame;
  /** Keys of the random numbers, by instruction. */
  readonly #keys = new Map<number, number>();
  /** Random numbers that all compartments draw. */
  #common = 0;

  constructor(frame: ProgramFrame) {
    this.#frame = frame;
  }

  /** The keys of the random numbers of this step, one for each instruction that draws. */
  deriveKeys(): void {
    const { code, map, layout, program } = this.#frame;
    if (!this.#frame.has('rand')) return;
    code.loadWord(map.record + layout.NEURON_KEY).set(KEY);
    deriveKey(code, KEY, MIXED, () => code.get(TIME));
    code.set(KEY);
    program.instructions.forEach(({ op }, at) => {
      if (op !== 'rand') return;
      const key = this.#frame.newLocal();
      this.#keys.set(at, key);
      deriveKey(code, KEY, MIXED, () => code.i32(at));
      code.vector('splat').set(key);
    });
  }

  /** Pushes the random bits of an instruction. */
  push(at: number, bits: number): void {
    const { code, map, unmasked } = this.#frame;
    code.get(COLUMN).load(map.index);
    code.words(GOLDEN).vector('mul').get(this.#keys.get(at)!).vector('add');
    mixWords(code, X);
    if (bits < 32) code.i32(32 - bits).vector('shrU');
    if (unmasked) this.#common++;
    else code.get(DRAWN).get(this.#frame.mask()).vector('sub').set(DRAWN);
  }

  /** Leaves the number of draws where the core finds it. */
  count(): void {
    const { code, map, layout } = this.#frame;
    if (!this.#frame.has('rand')) return;
    code.i32(0);
    this.#frame.pushCount(DRAWN);
    code.get(BYTES).i32(2).plain('i32ShrU').i32(this.#common).plain('i32Mul', 'i32Add');
    code.storeWord(map.record + layout.NEURON_DRAWN);
  }
}
