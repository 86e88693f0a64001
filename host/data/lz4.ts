// Decompression of LZ4 frames: a header, blocks of at most 4 MB, each plain or a sequence of literals and copies of what
// came before, and an end mark. Checksums are not verified; dictionaries are not known.

/** @throws Error saying what is wrong with the frame */
export function decompressLz4(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 7 || view.getUint32(0, true) !== 0x184d2204) throw new Error('is no LZ4 frame');
  const flags = bytes[4]!;
  if (flags >> 6 !== 1) throw new Error('is an LZ4 frame of an unknown version');
  const [hasBlockSum, hasSize, hasDictionary] = [(flags & 16) !== 0, (flags & 8) !== 0, (flags & 1) !== 0];
  if (hasDictionary) throw new Error('is an LZ4 frame that needs a dictionary');
  let at = 7 + (hasSize ? 8 : 0);
  const out = new Output(hasSize ? Number(view.getBigUint64(6, true)) : 4 * bytes.length);
  for (;;) {
    if (at + 4 > bytes.length) throw new Error('ends within an LZ4 frame');
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) return out.taken();
    const size = word & 0x7fffffff;
    if (at + size > bytes.length) throw new Error('ends within an LZ4 block');
    const block = bytes.subarray(at, at + size);
    if (word >>> 31 === 1) out.append(block);
    else expandBlock(block, out);
    at += size + (hasBlockSum ? 4 : 0);
  }
}

/** Bytes that grow. */
class Output {
  #bytes: Uint8Array;
  #length = 0;

  constructor(room: number) {
    this.#bytes = new Uint8Array(Math.max(room, 64));
  }

  #makeRoom(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const bytes = new Uint8Array(2 * (this.#length + count));
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }

  append(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Appends `count` bytes from `distance` back; they may overlap with themselves. */
  repeat(distance: number, count: number): void {
    if (distance === 0 || distance > this.#length)
      throw new Error('copies from before the start of an LZ4 frame');
    this.#makeRoom(count);
    const bytes = this.#bytes;
    for (let i = 0; i < count; i++, this.#length++) bytes[this.#length] = bytes[this.#length - distance]!;
  }

  taken(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** A length of 15 in its nibble goes on in bytes, the last of which is not 255. */
function expandBlock(block: Uint8Array, out: Output): void {
  const refuse = (): never => {
    throw new Error('ends within an LZ4 sequence');
  };
  let at = 0;
  const length = (nibble: number): number => {
    if (nibble < 15) return nibble;
    let sum = nibble;
    for (;;) {
      const byte = block[at++] ?? refuse();
      sum += byte;
      if (byte < 255) return sum;
    }
  };
  while (at < block.length) {
    const token = block[at++]!;
    const literals = length(token >> 4);
    if (at + literals > block.length) refuse();
    out.append(block.subarray(at, at + literals));
    at += literals;
    if (at === block.length) return; // the last sequence has literals only
    if (at + 2 > block.length) refuse();
    const distance = block[at]! | (block[at + 1]! << 8);
    at += 2;
    out.repeat(distance, length(token & 15) + 4);
  }
}
