// The container of images and snapshots (`.smnt`): magic, version, CRC-32, then sections as msgpack. Arrays are
// stored as { dtype, shape, data } with NumPy's dtype strings, so that Python's msgpack and NumPy read them.
//
//   0          8         12        16
//  ├──────────┼─────────┼─────────┼──────────────┤
//  │ SEAMOUNT │ version │ CRC-32  │ msgpack body │   numbers little-endian; the CRC is of the body
//  └──────────┴─────────┴─────────┴──────────────┘

import { crc32 } from 'node:zlib';
import { Packr, Unpackr } from 'msgpackr';
import { UserError } from '../errors.ts';

const MAGIC = 'SEAMOUNT';
const VERSION = 1;
const HEADER_BYTES = 16;

/** An array as it is stored. */
export interface StoredArray {
  readonly dtype: '|u1' | '|i1' | '<i2' | '<u2' | '<i4' | '<u4';
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** What a container holds: plain values, and arrays made by {@link storeArray}. */
export interface Container {
  /** What it is, e.g. `snapshot`. */
  readonly kind: string;
  readonly sections: Readonly<Record<string, unknown>>;
}

const packr = new Packr({ useRecords: false, variableMapSize: true, int64AsType: 'bigint' });
const unpackr = new Unpackr({ useRecords: false, int64AsType: 'bigint' });

/** Bytes as a one-dimensional u1 array. */
export function storeBytes(data: Uint8Array): StoredArray {
  return { dtype: '|u1', shape: [data.length], data };
}

/** The bytes of a stored array, copied out of the file's buffer. */
export function loadBytes(stored: unknown, file: string): Uint8Array {
  if (
    typeof stored === 'object' &&
    stored !== null &&
    'data' in stored &&
    stored.data instanceof Uint8Array
  ) {
    return Uint8Array.from(stored.data);
  }
  throw new UserError('a section that should hold bytes does not', { code: 'bad-container', file });
}

/** The same container gives the same bytes. */
export function encodeContainer({ kind, sections }: Container): Uint8Array {
  const body = packr.pack({ kind, sections });
  const bytes = new Uint8Array(HEADER_BYTES + body.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(8, VERSION, true);
  view.setUint32(12, crc32(body), true);
  bytes.set(body, HEADER_BYTES);
  return bytes;
}

/**
 * Reads a container back.
 * @param file its name, for messages
 * @throws UserError if it is not a container, of another version, or damaged
 */
export function decodeContainer(bytes: Uint8Array, file: string): Container {
  const refuse = (message: string): never => {
    throw new UserError(message, { code: 'bad-container', file });
  };
  if (bytes.length < HEADER_BYTES || new TextDecoder().decode(bytes.subarray(0, 8)) !== MAGIC) {
    refuse('is not a .smnt file');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const version = view.getUint32(8, true);
  if (version !== VERSION) refuse(`has format version ${version}; this program reads ${VERSION}`);
  const body = bytes.subarray(HEADER_BYTES);
  if (crc32(body) !== view.getUint32(12, true)) refuse('is damaged: its checksum does not match');
  const content: unknown = unpackr.unpack(body);
  if (typeof content !== 'object' || content === null || !('kind' in content) || !('sections' in content)) {
    return refuse('has no sections');
  }
  return content as Container;
}
