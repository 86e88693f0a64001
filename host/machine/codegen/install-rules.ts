// Compiles the learning rules of an image and puts their functions where the core finds them.

import type { ChipImage } from '../../image/image.ts';
import type { Core } from '../core-module.ts';
import type { MemoryMap } from '../memory-map.ts';
import { compileRule } from './compile-rule.ts';
import { installFunctions } from './install-functions.ts';
import { planRule, ruleShape } from './rule-shape.ts';
import type { WasmFunction } from './wasm-code.ts';

/**
 * Blocks of one shape share a function; rules that cannot be compiled stay with the interpreter. Returns the module of the
 * others; null if there are none.
 */
export function installRules(
  image: ChipImage,
  map: MemoryMap,
  core: Core,
  words: Int32Array,
): WebAssembly.Module | null {
  const { layout } = core;
  const functions: WasmFunction[] = [];
  const places = new Map<string, number>();
  const users: { readonly word: number; readonly place: number }[] = [];
  image.cores.forEach(({ blocks }, c) => {
    blocks.forEach((block, b) => {
      const { function: word } = map.cores[c]!.blocks[b]!;
      if (word === 0) return;
      const shape = ruleShape(image, c, block);
      const key = JSON.stringify(shape);
      let place = places.get(key);
      if (place === undefined) {
        const plan = planRule(shape);
        if (plan === null) return;
        place = functions.push(compileRule(plan, layout)) - 1;
        places.set(key, place);
      }
      users.push({ word, place });
    });
  });
  if (functions.length === 0) return null;
  const { module, first } = installFunctions(functions, core);
  for (const { word, place } of users) words[word >> 2] = first + place;
  return module;
}
