// Writes words and named fields of records into linear memory.

import type { Layout, LayoutName } from './core-module.ts';

/** Values by field name, at the field's offset in the record. */
export type Fields = { readonly [Name in LayoutName]?: number };

export class RecordWriter {
  readonly layout: Layout;
  readonly #words: Int32Array;

  constructor(layout: Layout, memory: ArrayBufferLike) {
    this.layout = layout;
    this.#words = new Int32Array(memory);
  }

  word(address: number, value: number): void {
    this.#words[address >> 2] = value;
  }

  record(address: number, fields: Fields): void {
    for (const [name, value] of Object.entries(fields))
      this.word(address + this.layout[name as LayoutName], value);
  }
}
