// Recordings of event cameras and cochleas, by the end of their names. Three layouts are plain lists of big-endian events:
//   A, `.bs2` and N-MNIST's `.bin`:  x (8) | y (8)        | polarity (1) time (23)
//   B, `.bs1`:                       neuron (16)          | polarity (1) time (23)
//   C, `.bs3`:                       x (12)  y (12)       | channel (8)  time (24)
// `.aedat` and `.aedat4` have heads and packets.

import { readFileSync } from 'node:fs';
import { UserError } from '../errors.ts';
import { decodeAedat3 } from './aedat3.ts';
import { decodeAedat4 } from './aedat4.ts';
import { type EventStream, emptyEvents } from './event-stream.ts';

export type EventLayout = 'A' | 'B' | 'C';

const EVENT_BYTES: Record<EventLayout, number> = { A: 5, B: 5, C: 7 };

/**
 * Reads a recording that is a plain list.
 * @param file for messages
 * @throws UserError if it is cut off
 */
export function decodeEvents(bytes: Uint8Array, layout: EventLayout, file: string): EventStream {
  const eventBytes = EVENT_BYTES[layout];
  const count = bytes.length / eventBytes;
  if (!Number.isInteger(count) || count === 0) {
    throw new UserError(`has ${bytes.length} bytes, not a whole number of events of ${eventBytes}`, {
      code: 'bad-events',
      file,
      got: bytes.length,
    });
  }
  const stream = emptyEvents(count);
  for (let i = 0; i < count; i++) {
    const at = i * eventBytes;
    const [first, second, third] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!];
    if (layout === 'C') {
      stream.x[i] = (first << 4) | (second >> 4);
      stream.y[i] = ((second & 15) << 8) | third;
      stream.polarity[i] = bytes[at + 3]!;
      stream.time[i] = (bytes[at + 4]! << 16) | (bytes[at + 5]! << 8) | bytes[at + 6]!;
      continue;
    }
    stream.x[i] = layout === 'A' ? first : first * 256 + second;
    stream.y[i] = layout === 'A' ? second : 0;
    stream.polarity[i] = third >> 7;
    stream.time[i] = ((third & 0x7f) << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!;
  }
  return { ...stream, origin: 0 };
}

/** Ends of names, and what reads them; anything else is layout A. */
const READERS: readonly {
  readonly end: RegExp;
  readonly read: (bytes: Uint8Array, file: string) => EventStream;
}[] = [
  { end: /\.bs1$/i, read: (bytes, file) => decodeEvents(bytes, 'B', file) },
  { end: /\.bs3$/i, read: (bytes, file) => decodeEvents(bytes, 'C', file) },
  { end: /\.aedat$/i, read: (bytes, file) => decodePackets(bytes, file, decodeAedat3) },
  { end: /\.aedat4$/i, read: (bytes, file) => decodePackets(bytes, file, decodeAedat4) },
  { end: /\.(bs2|bin)$/i, read: (bytes, file) => decodeEvents(bytes, 'A', file) },
];

/** @throws UserError with what the decoder has to say; an offset beyond the end is a RangeError of the view */
function decodePackets(
  bytes: Uint8Array,
  file: string,
  decode: (bytes: Uint8Array) => EventStream,
): EventStream {
  try {
    return decode(bytes);
  } catch (error) {
    const reason = error instanceof RangeError ? 'is cut off or damaged' : (error as Error).message;
    throw new UserError(reason, { code: 'bad-events', file });
  }
}

/** True if a file's name says that it is a recording. */
export function isRecording(file: string): boolean {
  return READERS.some(({ end }) => end.test(file));
}

/** @throws UserError if the file cannot be read or is damaged */
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
  const reader = READERS.find(({ end }) => end.test(file));
  return reader === undefined ? decodeEvents(bytes, 'A', file) : reader.read(bytes, file);
}
