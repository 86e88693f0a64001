// Compiles the neuron programs of an image and puts their functions where the core finds them.

import type { ChipImage } from '../../image/image.ts';
import type { Core } from '../core-module.ts';
import { type MemoryMap, scratchOf } from '../memory-map.ts';
import { compileProgram, isCompilable } from './compile-program.ts';
import { installFunctions } from './install-functions.ts';

/** Programs that cannot be compiled stay with the interpreter. Returns the module of the others; null if there are none. */
export function installPrograms(
  image: ChipImage,
  map: MemoryMap,
  core: Core,
  words: Int32Array,
): WebAssembly.Module | null {
  const { layout } = core;
  const compiled = image.cores.flatMap(({ groups }, c) =>
    groups.flatMap(({ program, count }, g) => {
      const place = map.cores[c]!;
      const group = place.groups[g]!;
      if (program === null || group.program === null || !isCompilable(program)) return [];
      const scratch = scratchOf(map, c);
      const body = compileProgram({ program, count }, place, group, group.program, layout, scratch);
      return [{ body, word: group.program.function }];
    }),
  );
  if (compiled.length === 0) return null;
  const { module, first } = installFunctions(
    compiled.map(({ body }) => body),
    core,
  );
  compiled.forEach(({ word }, i) => {
    words[word >> 2] = first + i;
  });
  return module;
}
