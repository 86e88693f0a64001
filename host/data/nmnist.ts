// N-MNIST in SLAYER's selection: an archive of recordings `<n>.bs2` with lists of them, a heading and then lines of
// number and class.

import { basename } from 'node:path';
import { UserError } from '../errors.ts';
import type { EventStream } from './event-stream.ts';
import { decodeEvents } from './events.ts';
import { readTar } from './tar.ts';

export interface EventSample {
  readonly name: string;
  readonly label: number;
  readonly events: EventStream;
}

/**
 * The recordings of a list.
 * @param list name of the list in the archive, e.g. `test100.txt`
 * @throws UserError if a file is missing or damaged
 */
export function readNmnist(archive: string, list: string): EventSample[] {
  const files = new Map([...readTar(archive)].map(([path, bytes]) => [basename(path), bytes]));
  const fileOf = (name: string): Uint8Array => {
    const bytes = files.get(name);
    if (bytes !== undefined) return bytes;
    throw new UserError(`holds no ${name}`, { code: 'missing-file', file: archive, got: name });
  };
  const lines = Buffer.from(fileOf(list)).toString('latin1').trimEnd().split(/\r?\n/).slice(1);
  return lines.map((line, i) => {
    const [name, label] = line.trim().split(/\s+/);
    if (name === undefined || !/^\d+$/.test(label ?? ''))
      throw new UserError(`${list}: "${line}" is no number and class`, {
        code: 'bad-list',
        file: archive,
        line: i + 2,
      });
    return {
      name,
      label: Number(label),
      events: decodeEvents(fileOf(`${name}.bs2`), 'A', `${archive}: ${name}.bs2`),
    };
  });
}
