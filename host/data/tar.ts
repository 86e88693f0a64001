// Archives of the kind ustar, plain or gzip: their files by path.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { UserError } from '../errors.ts';

const BLOCK = 512;
const SIZE_AT = 124;
const TYPE_AT = 156;
const MAGIC_AT = 257;
const PREFIX_AT = 345;

function textAt(block: Buffer, at: number, length: number): string {
  const end = block.indexOf(0, at);
  return block.toString('utf8', at, end < 0 ? at + length : Math.min(end, at + length));
}

/**
 * Reads an archive.
 * @throws UserError if it cannot be read or is damaged
 */
export function readTar(file: string): Map<string, Uint8Array> {
  const refuse = (message: string): never => {
    throw new UserError(message, { code: 'bad-tar', file });
  };
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes);
  } catch (error) {
    throw new UserError(`cannot be read: ${(error as Error).message}`, { code: 'unreadable', file });
  }
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + BLOCK <= bytes.length && bytes[at] !== 0; ) {
    const head = bytes.subarray(at, at + BLOCK);
    if (textAt(head, MAGIC_AT, 5) !== 'ustar') refuse('is no ustar archive');
    const size = Number.parseInt(textAt(head, SIZE_AT, 12).trim(), 8);
    const first = at + BLOCK;
    if (!(first + size <= bytes.length)) refuse('is cut off');
    const type = head[TYPE_AT];
    if (type === 0 || type === 0x30) {
      const prefix = textAt(head, PREFIX_AT, 155);
      files.set(
        `${prefix === '' ? '' : `${prefix}/`}${textAt(head, 0, 100)}`,
        bytes.subarray(first, first + size),
      );
    }
    at = first + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files.size > 0 ? files : refuse('holds no files');
}
