// AEDAT 3.1, as written by cAER: lines that begin with #, the first naming the version and the last saying that they end;
// then packets with a head of 28 bytes, little-endian. Only packets of polarity events are read, and of these only the
// valid ones: a word of x (15 bits), y (15), polarity and validity, and the low 31 bits of the time in microseconds.

import { type EventStream, fromEvents } from './event-stream.ts';

const VERSION = '#!AER-DAT3.1\r\n';
const END = '#!END-HEADER\r\n';
const PACKET_HEAD = 28;
const POLARITY = 1;
/** The time of a packet's overflows counts in this. */
const OVERFLOW = 2 ** 31;

interface Packet {
  /** First byte of its first event. */
  readonly first: number;
  readonly count: number;
  readonly eventBytes: number;
  readonly timeOffset: number;
  readonly overflows: number;
}

/** @throws Error saying what is wrong with the recording */
export function decodeAedat3(bytes: Uint8Array): EventStream {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!text.subarray(0, VERSION.length).equals(Buffer.from(VERSION)))
    throw new Error('does not begin with #!AER-DAT3.1');
  const end = text.indexOf(END);
  if (end < 0) throw new Error('has no #!END-HEADER');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packets: Packet[] = [];
  for (let at = end + END.length; at < bytes.length; ) {
    if (at + PACKET_HEAD > bytes.length) throw new Error('is cut off in the head of a packet');
    const type = view.getInt16(at, true);
    const [eventBytes, timeOffset, overflows] = [4, 8, 12].map((place) =>
      view.getInt32(at + place, true),
    ) as [number, number, number];
    const count = view.getInt32(at + 20, true);
    const first = at + PACKET_HEAD;
    if (eventBytes < 1 || count < 0 || first + count * eventBytes > bytes.length)
      throw new Error('is cut off within a packet');
    if (type === POLARITY) {
      if (eventBytes < 8 || timeOffset < 0 || timeOffset + 4 > eventBytes)
        throw new Error(`has polarity events of ${eventBytes} bytes`);
      packets.push({ first, count, eventBytes, timeOffset, overflows });
    }
    at = first + count * eventBytes;
  }
  const isValid = (place: number): boolean => (view.getUint32(place, true) & 1) === 1;
  const places = packets.flatMap((packet) =>
    Array.from({ length: packet.count }, (_, i) => packet.first + i * packet.eventBytes)
      .filter(isValid)
      .map((place) => ({ place, packet })),
  );
  return fromEvents(places.length, function* () {
    for (const { place, packet } of places) {
      const word = view.getUint32(place, true);
      yield {
        time: packet.overflows * OVERFLOW + view.getInt32(place + packet.timeOffset, true),
        x: word >>> 17,
        y: (word >>> 2) & 0x7fff,
        polarity: (word >>> 1) & 1,
      };
    }
  });
}
