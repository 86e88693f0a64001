// Recordings of event cameras in files with packets, and in lists of 7 bytes an event.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeAedat4 } from '../../../host/data/aedat4.ts';
import type { EventStream } from '../../../host/data/event-stream.ts';
import { decodeEvents, readEvents } from '../../../host/data/events.ts';
import { decompressLz4 } from '../../../host/data/lz4.ts';
import { aedat3, packetHead, polarityPacket } from '../../support/aedat3.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { userErrorOf } from '../../support/errors.ts';

const folder = temporaryFolder();
const SHARED = join(import.meta.dirname, '../../../../shared/data');

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const rows = ({ x, y, polarity, time, count }: EventStream): number[][] =>
  Array.from({ length: count }, (_, i) => [x[i]!, y[i]!, polarity[i]!, time[i]!]);

/** A frame of one block. */
function frame(block: readonly number[], { plain = false, flags = 0x40 } = {}): Uint8Array {
  const size = (block.length | (plain ? 0x80000000 : 0)) >>> 0;
  const word = [0, 8, 16, 24].map((bits) => (size >>> bits) & 255);
  return Uint8Array.of(0x04, 0x22, 0x4d, 0x18, flags, 0x40, 0, ...word, ...block, 0, 0, 0, 0);
}

describe('LZ4 frames', () => {
  it('hold plain blocks, literals, copies that overlap with themselves, and lengths beyond a nibble', () => {
    expect([...decompressLz4(frame([7, 8, 9], { plain: true }))]).toEqual([7, 8, 9]);
    // Two literals, then 4 from 2 back; one literal.
    expect([...decompressLz4(frame([0x20, 1, 2, 2, 0, 0x10, 3]))]).toEqual([1, 2, 1, 2, 1, 2, 3]);
    // One literal, then 15 + 255 + 10 + 4 copies of it; no literal.
    expect(decompressLz4(frame([0x1f, 5, 1, 0, 255, 10, 0x00]))).toEqual(new Uint8Array(285).fill(5));
    const literals = Array.from({ length: 20 }, (_, i) => i);
    expect([...decompressLz4(frame([0xf0, 5, ...literals]))]).toEqual(literals);
  });

  it('that are none, are cut off, copy from nowhere or need a dictionary are refused', () => {
    expect(() => decompressLz4(Uint8Array.of(1, 2, 3, 4, 5, 6, 7))).toThrow(/no LZ4 frame/);
    expect(() => decompressLz4(frame([0x20, 1, 2, 2, 0]).subarray(0, 12))).toThrow(/ends within/);
    expect(() => decompressLz4(frame([0x30, 1]))).toThrow(/ends within an LZ4 sequence/);
    expect(() => decompressLz4(frame([0x10, 1, 2, 0]))).toThrow(/before the start/);
    expect(() => decompressLz4(frame([0x10, 1], { flags: 0x41 }))).toThrow(/dictionary/);
  });
});

describe('recordings of layout C', () => {
  it('have 12 bits of x and of y, a channel, and 24 bits of time', () => {
    const events = decodeEvents(Uint8Array.of(0xab, 0xcd, 0xef, 3, 1, 2, 3), 'C', 'f');
    expect(rows(events)).toEqual([[0xabc, 0xdef, 3, 0x010203]]);
    expect(userErrorOf(() => decodeEvents(new Uint8Array(10), 'C', 'f')).message).toMatch(/events of 7/);
  });

  it.runIf(existsSync(SHARED))('hold the same events as the same gesture in layout A', () => {
    const [a, c] = [2, 3].map((layout) => readEvents(join(SHARED, `dvs-gesture/1.bs${layout}`)));
    expect(c!.count).toBe(a!.count);
    for (const column of ['x', 'y', 'polarity', 'time'] as const)
      expect(Buffer.compare(Buffer.from(c![column].buffer), Buffer.from(a![column].buffer)), column).toBe(0);
  });
});

describe('recordings of AEDAT 3.1', () => {
  const events = [
    { time: 2 ** 31 - 2, x: 0, y: 127, polarity: 1 },
    { time: 2 ** 31 - 1, x: 127, y: 3, polarity: 0, valid: false },
    { time: 2 ** 31 + 5, x: 32767, y: 16000, polarity: 1 },
  ];

  it('come back as they were written: valid polarity events, over packets and the overflow of the clock', () => {
    const special = Buffer.concat([packetHead(0, 8, 0, 1), Buffer.alloc(8, 0xff)]);
    const file = written(
      'a.aedat',
      aedat3(polarityPacket(events.slice(0, 2)), special, polarityPacket(events.slice(2))),
    );
    const stream = readEvents(file);
    expect(stream.origin).toBe(2 ** 31 - 2);
    expect(rows(stream)).toEqual([
      [0, 127, 1, 0],
      [32767, 16000, 1, 7],
    ]);
  });

  it('of another version, without an end of their head, cut off, or without events are refused by name', () => {
    const good = aedat3(polarityPacket(events.slice(0, 2)));
    const message = (bytes: Uint8Array): string =>
      userErrorOf(() => readEvents(written('b.aedat', bytes))).toString();
    expect(message(Buffer.from('#!AER-DAT2.0\r\n'))).toMatch(/b\.aedat: does not begin with #!AER-DAT3\.1/);
    expect(message(Buffer.from('#!AER-DAT3.1\r\n#x\r\n'))).toMatch(/no #!END-HEADER/);
    expect(message(good.subarray(0, -1))).toMatch(/cut off within a packet/);
    expect(message(good.subarray(0, -35))).toMatch(/cut off in the head/);
    expect(message(aedat3())).toMatch(/holds no events/);
  });
});

describe('recordings of AEDAT 4', () => {
  const file = join(SHARED, 'events-misc/sample.aedat4');

  it.runIf(existsSync(file))('are read from compressed packets, and of their streams only the events', () => {
    const stream = readEvents(file);
    expect(stream.count).toBeGreaterThan(100_000);
    expect(Math.max(...stream.x.subarray(0, 100_000))).toBeLessThan(320);
    expect(Math.max(...stream.y.subarray(0, 100_000))).toBeLessThan(240);
    expect(Math.max(...stream.polarity.subarray(0, 100_000))).toBe(1);
    expect([...stream.time.subarray(1, 100_000)].every((time, i) => time >= stream.time[i]!)).toBe(true);
    // Its own head says when the camera began: the clock counts Unix time in microseconds.
    expect(new Date(stream.origin / 1000).getUTCFullYear()).toBe(2020);
  });

  it.runIf(existsSync(file))('that are damaged are refused', () => {
    const bytes = readFileSync(file);
    expect(() => decodeAedat4(bytes.subarray(0, 3000))).toThrow(/cut off/);
    expect(() => decodeAedat4(bytes.subarray(1))).toThrow(/does not begin/);
    expect(userErrorOf(() => readEvents(written('c.aedat4', bytes.subarray(0, 30)))).message).toMatch(
      /cut off or damaged/,
    );
  });
});
