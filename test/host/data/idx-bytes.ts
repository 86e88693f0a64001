// Writes IDX files for tests, from the description of the format alone; the reader is not used.

function withHeader(words: readonly number[], data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 * words.length + data.length);
  const view = new DataView(bytes.buffer);
  words.forEach((word, i) => {
    view.setUint32(4 * i, word);
  });
  bytes.set(data, 4 * words.length);
  return bytes;
}

/** An IDX image file; the header says what the arguments say, whatever the data holds. */
export function idxImages(pixels: Uint8Array, count: number, height: number, width: number): Uint8Array {
  return withHeader([2051, count, height, width], pixels);
}

/** An IDX label file. */
export function idxLabels(labels: Uint8Array): Uint8Array {
  return withHeader([2049, labels.length], labels);
}
