// All that a shadow remembers from step to step: columns of float64, so that a snapshot is a copy of them.

export class Store {
  readonly #columns: Float64Array[] = [];

  /** A new column; 0 unless it is given its values. */
  column(length: number, initial?: ArrayLike<number>): Float64Array {
    const column = new Float64Array(length);
    if (initial !== undefined) column.set(initial);
    this.#columns.push(column);
    return column;
  }

  snapshot(): Uint8Array {
    const bytes = new Uint8Array(this.#bytes);
    let at = 0;
    for (const { buffer } of this.#columns) {
      bytes.set(new Uint8Array(buffer), at);
      at += buffer.byteLength;
    }
    return bytes;
  }

  /** @throws Error if the snapshot is of another size */
  restore(snapshot: Uint8Array): void {
    if (snapshot.length !== this.#bytes) throw new Error('the snapshot is of another image');
    let at = 0;
    for (const { buffer } of this.#columns) {
      new Uint8Array(buffer).set(snapshot.subarray(at, at + buffer.byteLength));
      at += buffer.byteLength;
    }
  }

  get #bytes(): number {
    return this.#columns.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  }
}
