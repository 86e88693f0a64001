// The functions of assembly/random.ts as code: mixes of words, and keys for one more coordinate.

import type { Code } from './wasm-code.ts';

export const GOLDEN = 0x9e3779b9;
const MIX_FIRST = 0x85ebca6b;
const MIX_SECOND = 0xc2b2ae35;

/** Mixes the word on the stack; `x` is a local to do it in. */
export function mixWord(code: Code, x: number): void {
  const fold = (distance: number): void => {
    code.set(x).get(x).get(x).i32(distance).plain('i32ShrU', 'i32Xor');
  };
  fold(16);
  code.i32(MIX_FIRST).plain('i32Mul');
  fold(13);
  code.i32(MIX_SECOND).plain('i32Mul');
  fold(16);
}

/** The same for the four words of a vector. */
export function mixWords(code: Code, x: number): void {
  const fold = (distance: number): void => {
    code.set(x).get(x).get(x).i32(distance).vector('shrU', 'xor');
  };
  fold(16);
  code.words(MIX_FIRST).vector('mul');
  fold(13);
  code.words(MIX_SECOND).vector('mul');
  fold(16);
}

/** Pushes the key of the key in a local and of the coordinate that `push` pushes. */
export function deriveKey(code: Code, key: number, x: number, push: () => void): void {
  push();
  code.i32(GOLDEN).plain('i32Add');
  mixWord(code, x);
  code.get(key).i32(6).plain('i32Shl', 'i32Add').get(key).plain('i32Xor');
  mixWord(code, x);
}
