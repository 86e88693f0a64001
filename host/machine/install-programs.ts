// Compiles the neuron programs of an image and puts their functions where the core finds them.

import type { ChipImage } from '../image/image.ts';
import { compileProgram, isCompilable } from './compile-program.ts';
import type { Core } from './core-module.ts';
import type { MemoryMap } from './memory-map.ts';
import { moduleBytes } from './wasm-code.ts';

/** Programs that cannot be compiled stay with the interpreter. */
export function installPrograms(image: ChipImage, map: MemoryMap, core: Core, words: Int32Array): void {
  const { layout, table, memory } = core;
  const compiled = image.cores.flatMap(({ groups }, c) =>
    groups.flatMap(({ program, count }, g) => {
      const place = map.cores[c]!;
      const group = place.groups[g]!;
      if (program === null || group.program === null || !isCompilable(program)) return [];
      const { programScratch } = map;
      const body = compileProgram({ program, count }, place, group, group.program, layout, programScratch);
      return [{ body, word: group.program.function }];
    }),
  );
  if (compiled.length === 0) return;
  const module = new WebAssembly.Module(moduleBytes(compiled.map(({ body }) => body)));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const first = table.grow(compiled.length);
  compiled.forEach(({ word }, i) => {
    table.set(first + i, exports[`${i}`] as WebAssembly.ExportValue);
    words[word >> 2] = first + i;
  });
}
