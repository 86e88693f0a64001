// Event recordings, archives of them, and .npy files of 64-bit integers.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { RASTER_COLUMNS, RASTER_ROWS, rasterRow } from '../../../host/data/event-raster.ts';
import { decodeEvents } from '../../../host/data/events.ts';
import { listDatasets, loadDataset } from '../../../host/data/load.ts';
import { readNmnist } from '../../../host/data/nmnist.ts';
import { decodeNpy, encodeNpy, encodeNpz, readNpy, readNpz } from '../../../host/data/npz.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { userErrorOf } from '../../support/errors.ts';

const folder = temporaryFolder();

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A ustar archive. */
function tar(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, content]) => {
    const head = Buffer.alloc(512);
    head.write(name, 0);
    head.write(content.length.toString(8).padStart(11, '0'), 124);
    head.write('0', 156);
    head.write('ustar', 257);
    return [head, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

describe('event recordings', () => {
  it('of layout A have x, y, polarity and 23 bits of time', () => {
    const events = decodeEvents(Uint8Array.of(33, 7, 0x81, 0x02, 0x03, 1, 2, 0x7f, 0xff, 0xff), 'A', 'f');
    expect([...events.x, ...events.y, ...events.polarity]).toEqual([33, 1, 7, 2, 1, 0]);
    expect([...events.time]).toEqual([0x010203, 0x7fffff]);
  });

  it('of layout B have a neuron of 16 bits', () => {
    const { x, y, time } = decodeEvents(Uint8Array.of(1, 2, 0, 0, 9), 'B', 'f');
    expect([x[0], y[0], time[0]]).toEqual([258, 0, 9]);
  });

  it('that are cut off are refused', () => {
    expect(userErrorOf(() => decodeEvents(new Uint8Array(7), 'A', 'f')).message).toMatch(/has 7 bytes/);
  });

  const list = Buffer.from('#sample #class\r\n60001\t7\r\n');
  const event = Uint8Array.of(1, 2, 0, 0, 9);
  it('come from an archive with a list, plain or gzip', () => {
    const archive = tar({ 'N/60001.bs2': event, 'N/test.txt': list });
    for (const bytes of [archive, gzipSync(archive)]) {
      const [sample, ...others] = readNmnist(file('n.tar', bytes), 'test.txt');
      expect(others).toEqual([]);
      expect(sample).toMatchObject({ name: '60001', label: 7, events: { count: 1 } });
    }
  });

  it('are a dataset of rasters, if a folder holds the archive of SLAYER', () => {
    const place = join(folder, 'n-mnist');
    mkdirSync(place);
    const lists = { 'N/train1K.txt': list, 'N/test100.txt': list };
    writeFileSync(join(place, 'NMNISTsmall.tar.gz'), gzipSync(tar({ 'N/60001.bs2': event, ...lists })));
    const { name, train, test, classes, sources } = loadDataset(place);
    expect([name, classes.length, sources.length]).toEqual(['n-mnist', 10, 1]);
    expect([train.count, train.height, train.width, train.labels[0]]).toEqual([
      1,
      RASTER_ROWS,
      RASTER_COLUMNS,
      7,
    ]);
    const at = rasterRow(0, 2, 1) * RASTER_COLUMNS;
    for (const { images } of [train, test])
      expect([images[at], images.reduce((sum, each) => sum + each, 0)]).toEqual([1, 1]);
    expect(listDatasets({ cwd: join(folder, 'x'), env: { SEAMOUNT_DATA: folder } })).toContainEqual(
      expect.objectContaining({ name: 'n-mnist', format: 'events' }),
    );
  });

  it('that the archive lacks, and archives that are none, are refused by name', () => {
    const message = (bytes: Uint8Array) =>
      userErrorOf(() => readNmnist(file('n.tar', bytes), 'test.txt')).toString();
    expect(message(tar({ 'N/test.txt': list }))).toMatch(/n\.tar: holds no 60001\.bs2/);
    expect(message(tar({ 'N/60001.bs2': event }))).toMatch(/holds no test\.txt/);
    expect(message(tar({ 'N/60001.bs2': event, 'N/test.txt': Buffer.from('x\n60001 seven') }))).toMatch(
      /"60001 seven"/,
    );
    expect(message(Buffer.alloc(2048, 1))).toMatch(/no ustar archive/);
    expect(message(tar({ 'N/60001.bs2': new Uint8Array(4000) }).subarray(0, 1024))).toMatch(/is cut off/);
  });
});

describe('arrays of NumPy', () => {
  it('come back as they were written', () => {
    const arrays = new Map([
      ['a.v', { shape: [2, 3], data: Int32Array.of(1, -2, 3, -4, 5, -6) }],
      ['b', { shape: [4], data: Uint8Array.of(0, 1, 0, 255) }],
    ]);
    expect(readNpz(file('x.npz', encodeNpz(arrays)))).toEqual(arrays);
    expect(readNpy(file('b.npy', encodeNpy(arrays.get('b')!)))).toEqual(arrays.get('b'));
    // NumPy wants the values at a multiple of 64.
    expect((encodeNpy(arrays.get('a.v')!).length - 24) % 64).toBe(0);
  });

  it('of 64-bit integers are numbers, as long as they are exact', () => {
    const long = (values: BigInt64Array): Uint8Array => {
      const bytes = encodeNpy({
        shape: [values.length],
        data: new Float64Array(values.buffer as ArrayBuffer),
      });
      return Uint8Array.from(
        Buffer.from(Buffer.from(bytes).toString('latin1').replace('<f8', '<i8'), 'latin1'),
      );
    };
    expect([...decodeNpy(long(BigInt64Array.of(5n, -7n)), 'f', 'a').data]).toEqual([5, -7]);
    expect(userErrorOf(() => decodeNpy(long(BigInt64Array.of(2n ** 60n)), 'f', 'a')).message).toMatch(
      /beyond 2\^53/,
    );
  });
});
