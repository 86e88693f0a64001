// Recordings of event cameras and cochleas: events of five bytes, big-endian.
//   A, `.bs2` and N-MNIST's `.bin`:  x | y       | polarity (1 bit) time (23 bits)
//   B, `.bs1`:                       neuron (16) | polarity (1 bit) time (23 bits)

import { readFileSync } from 'node:fs';
import { UserError } from '../errors.ts';

/** Events in the order of the file. */
export interface EventStream {
  readonly count: number;
  /** Layout A: x; layout B: the neuron. */
  readonly x: Uint16Array;
  /** 0 in layout B. */
  readonly y: Uint8Array;
  /** 1 = brighter. */
  readonly polarity: Uint8Array;
  /** Microseconds. */
  readonly time: Uint32Array;
}

export type EventLayout = 'A' | 'B';

const EVENT_BYTES = 5;

/**
 * Reads a recording.
 * @param file for messages
 * @throws UserError if it is cut off
 */
export function decodeEvents(bytes: Uint8Array, layout: EventLayout, file: string): EventStream {
  const count = bytes.length / EVENT_BYTES;
  if (!Number.isInteger(count) || count === 0) {
    throw new UserError(`has ${bytes.length} bytes, not a whole number of events of ${EVENT_BYTES}`, {
      code: 'bad-events',
      file,
      got: bytes.length,
    });
  }
  const stream = {
    count,
    x: new Uint16Array(count),
    y: new Uint8Array(count),
    polarity: new Uint8Array(count),
    time: new Uint32Array(count),
  };
  for (let i = 0; i < count; i++) {
    const at = i * EVENT_BYTES;
    const [first, second] = [bytes[at]!, bytes[at + 1]!];
    stream.x[i] = layout === 'A' ? first : first * 256 + second;
    stream.y[i] = layout === 'A' ? second : 0;
    stream.polarity[i] = bytes[at + 2]! >> 7;
    stream.time[i] = ((bytes[at + 2]! & 0x7f) << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!;
  }
  return stream;
}

/** @throws UserError if the file cannot be read or is cut off */
export function readEvents(file: string): EventStream {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UserError(`cannot read ${file}: ${(error as Error).message}`, {
      code: 'unreadable',
      path: file,
    });
  }
  return decodeEvents(bytes, /\.bs1$/i.test(file) ? 'B' : 'A', file);
}
