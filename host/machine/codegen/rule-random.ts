// The numbers of assembly/random.ts in a learning rule's function: keys as words, sixteen random bits per column.

import type { Layout } from '../core-module.ts';
import { TARGETS } from '../load-rule.ts';
import { deriveKey, GOLDEN, mixWords } from './random-code.ts';
import { BLOCK, CHIP, type Half, INDEX, type RuleFrame, type Target } from './rule-frame.ts';
import type { RuleShape } from './rule-shape.ts';
import type { Code } from './wasm-code.ts';

export class RuleRandom {
  readonly #frame: RuleFrame;
  readonly #code: Code;
  readonly #shape: RuleShape;
  readonly #layout: Layout;

  constructor(frame: RuleFrame) {
    this.#frame = frame;
    this.#code = frame.code;
    this.#shape = frame.plan.shape;
    this.#layout = frame.layout;
  }

  /** Pushes the key of `key` and the coordinate that `push` pushes. */
  #deriveKey(key: number, push: () => void): void {
    deriveKey(this.#code, key, this.#frame.scratchWord, push);
  }

  /** The key of the epoch. */
  blockKey(): void {
    const code = this.#code;
    const layout = this.#layout;
    code.get(BLOCK).word(layout.BLOCK_KEY);
    const key = this.#frame.hold('block key', 'word');
    this.#deriveKey(key, () => code.get(CHIP).word(layout.CHIP_TIME));
    this.#frame.hold('block key', 'word');
  }

  /** What the words of a row's column 0 begin with, per target; two columns share a word. */
  rowKeys(targets: readonly Target[]): void {
    const code = this.#code;
    const layout = this.#layout;
    this.#deriveKey(this.#frame.get('block key'), () => {
      code.get(BLOCK).word(layout.BLOCK_ROW_INDEX).get(INDEX).i32(2).plain('i32Shl', 'i32Add').word(0);
    });
    const key = this.#frame.hold('key', 'word');
    for (const target of targets) {
      this.#deriveKey(key, () => code.i32(layout[TARGETS[target]]));
      code.get(BLOCK).word(layout.BLOCK_COLUMN_BASE).i32(1).plain('i32ShrU');
      code.i32(GOLDEN).plain('i32Mul', 'i32Add');
      this.#frame.hold(`key ${target}`, 'word');
    }
  }

  #wordBytes(word: number): number[] {
    return [0, 8, 16, 24].map((shift) => (word >>> shift) & 255);
  }

  /** Pushes words 4 n to 4 n + 3 behind the counter. */
  #randomWords(target: Target, n: number): void {
    const code = this.#code;
    const counter = this.#frame.vector(`counter ${target}`, () => {
      code
        .get(this.#frame.at)
        .i32(1)
        .plain('i32ShrU')
        .i32(GOLDEN)
        .plain('i32Mul')
        .get(this.#frame.get(`key ${target}`))
        .plain('i32Add');
      code.vector('splat');
      code.byteList([0, 1, 2, 3].flatMap((i) => this.#wordBytes(Math.imul(i, GOLDEN)))).vector('add');
    });
    code.get(counter);
    if (n > 0) code.words(Math.imul(4 * n, GOLDEN)).vector('add');
    mixWords(code, this.#frame.scratchVector);
  }

  /** 16 random bits per column: the halves of the words, lower ones first. */
  halves(target: Target, half: Half): number {
    const words = (n: number): number =>
      this.#frame.vector(`random ${target} ${n}`, () => {
        this.#randomWords(target, n);
      });
    if (!this.#shape.odd) return words(half);
    const next = words(half + 1);
    return this.#frame.vector(`random ${target} from the middle ${half}`, () => {
      this.#code
        .get(words(half))
        .get(next)
        .shuffleBytes(Array.from({ length: 16 }, (_, i) => i + 2));
    });
  }
}
