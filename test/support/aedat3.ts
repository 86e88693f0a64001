// A writer of AEDAT 3.1: packets of polarity events as cAER makes them, for tests of the reader.

import type { Event } from '../../host/data/event-stream.ts';

/** An event, and whether its packet says that it is valid. */
export type WrittenEvent = Event & { readonly valid?: boolean };

const VERSION = '#!AER-DAT3.1\r\n';
const HEAD = '#Format: RAW\r\n#Source 1: DVS128\r\n#!END-HEADER\r\n';
const OVERFLOW = 2 ** 31;

/** One packet; its events share the high bits of their time. */
export function polarityPacket(events: readonly WrittenEvent[]): Buffer {
  const overflows = Math.floor((events[0]?.time ?? 0) / OVERFLOW);
  const bytes = packetHead(1, 8, overflows, events.length);
  const body = Buffer.alloc(8 * events.length);
  events.forEach(({ time, x, y, polarity, valid = true }, i) => {
    body.writeUInt32LE(((x << 17) | (y << 2) | (polarity << 1) | (valid ? 1 : 0)) >>> 0, 8 * i);
    body.writeInt32LE(time - overflows * OVERFLOW, 8 * i + 4);
  });
  return Buffer.concat([bytes, body]);
}

/** Type, source, size of an event, place of its time, overflows, capacity, number, valid ones. */
export function packetHead(type: number, eventBytes: number, overflows: number, count: number): Buffer {
  const head = Buffer.alloc(28);
  head.writeInt16LE(type, 0);
  head.writeInt16LE(1, 2);
  [eventBytes, 4, overflows, count, count, count].forEach((value, i) => {
    head.writeInt32LE(value, 4 + 4 * i);
  });
  return head;
}

export function aedat3(...packets: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from(VERSION), Buffer.from(HEAD), ...packets]);
}
