// Files of a run folder: whole or not there at all. Synchronous, since a checkpoint is also kept while a signal ends
// the process.

import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../errors.ts';

/** Failures of the place, not of the program: what they mean and what to do. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'a file of that name exists',
  EISDIR: 'it is a folder',
  ENOENT: 'its folder does not exist',
  ENOSPC: 'no space is left on the device',
  ENOTDIR: 'a part of its path is a file',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
};

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** What a temporary file is called; one stays behind only if the process is killed while it writes. */
export const TEMPORARY = /^\..+\.\d+\.[0-9a-f]{8}\.tmp$/;

/** The failure of a place as an error of the user, any other as it is. */
function placeError(error: unknown, what: string, path: string): unknown {
  const reason = REASONS[errorCode(error)];
  return reason === undefined
    ? error
    : new UserError(`cannot ${what} ${path}: ${reason}`, { code: 'cannot-write', file: path });
}

/**
 * Makes a folder and those above it.
 * @throws UserError if the place cannot be written to
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw placeError(error, 'make the folder', path);
  }
}

/** A rename lasts through a power cut only once its folder is synchronised; some systems cannot, which is no error. */
function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Windows does not open folders; the content is on disk already.
  }
}

/** Characters that are gathered before they are written. */
const BATCH = 2 ** 20;

function writePieces(descriptor: number, pieces: Iterable<string>): void {
  let batch: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    batch.push(piece);
    length += piece.length;
    if (length < BATCH) continue;
    writeFileSync(descriptor, batch.join(''));
    batch = [];
    length = 0;
  }
  writeFileSync(descriptor, batch.join(''));
}

/**
 * Writes a file so that a reader finds the old content or the new one, never a part: to a temporary sibling, flushed
 * to disk, then renamed. Nothing is left behind on failure.
 * @param data text is written as UTF-8; a large one can come in pieces
 * @throws UserError if the place cannot be written to
 */
export function writeFileAtomically(path: string, data: string | Uint8Array | Generator<string>): void {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    const descriptor = openSync(temporary, 'wx');
    try {
      if (typeof data === 'string' || data instanceof Uint8Array) writeFileSync(descriptor, data);
      else writePieces(descriptor, data);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw placeError(error, 'write', path);
  }
  syncFolder(folder);
}
