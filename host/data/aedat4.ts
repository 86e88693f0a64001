// AEDAT 4.0, as written by DV: a line that names the version; a head that says how packets are compressed and, in XML, what
// the streams are; packets of a stream number, a size and a FlatBuffer; a table of the packets, which is not read. Only
// event packets are: vectors of structures of 16 bytes (time, x, y, polarity).

import { type EventStream, fromEvents } from './event-stream.ts';
import { decompressLz4 } from './lz4.ts';

const VERSION = '#!AER-DAT4.0\r\n';
const PACKET_HEAD = 8;
const EVENT_BYTES = 16;
const COMPRESSIONS = ['none', 'lz4', 'lz4', 'zstd', 'zstd'] as const;

/** A table of a FlatBuffer: fields by number, at offsets that its virtual table gives. */
class Table {
  readonly #view: DataView;
  readonly #at: number;

  private constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  /** The root of a buffer that begins with its size, and its identifier. */
  static root(bytes: Uint8Array, identifier: string): Table {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const found = Buffer.from(bytes.subarray(8, 12)).toString('latin1');
    if (found !== identifier) throw new Error(`holds "${found}" where "${identifier}" belongs`);
    return new Table(view, 4 + view.getUint32(4, true));
  }

  /** Where a field is; undefined if it has its default. */
  #field(index: number): number | undefined {
    const table = this.#at - this.#view.getInt32(this.#at, true);
    const entry = 4 + 2 * index;
    if (entry >= this.#view.getUint16(table, true)) return undefined;
    const offset = this.#view.getUint16(table + entry, true);
    return offset === 0 ? undefined : this.#at + offset;
  }

  int32(index: number): number {
    const at = this.#field(index);
    return at === undefined ? 0 : this.#view.getInt32(at, true);
  }

  /** A 64-bit number, if it is there. */
  int64(index: number): number | undefined {
    const at = this.#field(index);
    return at === undefined ? undefined : Number(this.#view.getBigInt64(at, true));
  }

  /** First byte and number of entries of a vector or a string. */
  vector(index: number): { readonly first: number; readonly count: number } {
    const at = this.#field(index);
    if (at === undefined) return { first: 0, count: 0 };
    const start = at + this.#view.getUint32(at, true);
    return { first: start + 4, count: this.#view.getUint32(start, true) };
  }
}

/** Numbers of the streams that hold events: nodes of the XML whose typeIdentifier is EVTS. */
function eventStreams(xml: string): Set<number> {
  const streams = new Set<number>();
  let node = -1;
  for (const [, path, type] of xml.matchAll(
    /path="[^"]*\/outInfo\/(\d+)\/"|key="typeIdentifier"[^>]*>([^<]*)</g,
  )) {
    if (path !== undefined) node = Number(path);
    else if (type === 'EVTS') streams.add(node);
  }
  return streams;
}

/** @throws Error saying what is wrong with the recording */
export function decodeAedat4(bytes: Uint8Array): EventStream {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (Buffer.from(bytes.subarray(0, VERSION.length)).toString('latin1') !== VERSION)
    throw new Error('does not begin with #!AER-DAT4.0');
  const head = bytes.subarray(VERSION.length);
  const info = Table.root(head, 'IOHE');
  const compression = COMPRESSIONS[info.int32(0)];
  if (compression !== 'none' && compression !== 'lz4')
    throw new Error(`is compressed with ${compression ?? 'an unknown method'}; LZ4 can be read`);
  const tableAt = info.int64(1) ?? -1;
  const { first, count } = info.vector(2);
  const streams = eventStreams(Buffer.from(head.subarray(first, first + count)).toString('utf8'));
  const end = tableAt > 0 ? Math.min(tableAt, bytes.length) : bytes.length;
  const packets: { readonly view: DataView; readonly first: number; readonly count: number }[] = [];
  for (let at = VERSION.length + 4 + view.getUint32(VERSION.length, true); at < end; ) {
    if (at + PACKET_HEAD > end) throw new Error('is cut off in the head of a packet');
    const size = view.getInt32(at + 4, true);
    const start = at + PACKET_HEAD;
    if (size < 0 || start + size > end) throw new Error('is cut off within a packet');
    at = start + size;
    if (!streams.has(view.getInt32(start - PACKET_HEAD, true))) continue;
    const packed = bytes.subarray(start, at);
    const body = compression === 'lz4' ? decompressLz4(packed) : packed;
    const events = Table.root(body, 'EVTS').vector(0);
    if (events.first + events.count * EVENT_BYTES > body.length)
      throw new Error('has a packet that is too short');
    packets.push({ view: new DataView(body.buffer, body.byteOffset, body.byteLength), ...events });
  }
  const counts = packets.map((packet) => packet.count);
  return fromEvents(
    counts.reduce((a, b) => a + b, 0),
    function* () {
      for (const packet of packets) {
        for (let i = 0; i < packet.count; i++) {
          const at = packet.first + i * EVENT_BYTES;
          yield {
            time: Number(packet.view.getBigInt64(at, true)),
            x: packet.view.getInt16(at + 8, true),
            y: packet.view.getInt16(at + 10, true),
            polarity: packet.view.getUint8(at + 12),
          };
        }
      }
    },
  );
}
