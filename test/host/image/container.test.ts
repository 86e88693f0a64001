// The .smnt container: the same content gives the same bytes, and anything else than a whole one is refused.

import { describe, expect, it } from 'vitest';
import { decodeContainer, encodeContainer, loadBytes, storeBytes } from '../../../host/image/container.ts';
import { Machine } from '../../../host/machine/machine.ts';
import { userErrorOf } from '../../support/errors.ts';
import { pairNetwork } from '../../support/learning-pair.ts';
import { compileSmall } from '../../support/small-network.ts';

const content = {
  kind: 'snapshot',
  sections: {
    state: storeBytes(Uint8Array.of(1, 2, 255)),
    seed: 7,
    name: 'é',
    steps: 2n ** 60n,
    list: [1.5, null],
  },
};

describe('a container', () => {
  it('reads back what was written', () => {
    const read = decodeContainer(encodeContainer(content), 'a.smnt');
    expect(read.kind).toBe('snapshot');
    expect(read.sections).toMatchObject({ seed: 7, name: 'é', steps: 2n ** 60n, list: [1.5, null] });
    expect(loadBytes(read.sections.state, 'a.smnt')).toEqual(Uint8Array.of(1, 2, 255));
  });

  it('begins with the magic, the version and the CRC-32 of the rest', () => {
    const bytes = encodeContainer(content);
    expect(new TextDecoder().decode(bytes.subarray(0, 8))).toBe('SEAMOUNT');
    expect([...bytes.subarray(8, 12)]).toEqual([1, 0, 0, 0]);
    // CRC-32, bit by bit.
    let crc = 0xffffffff;
    for (const byte of bytes.subarray(16)) {
      crc ^= byte;
      for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
    expect(new DataView(bytes.buffer).getUint32(12, true)).toBe(~crc >>> 0);
  });

  it.each([
    ['an empty file', () => new Uint8Array(0), 'is not a .smnt file'],
    ['another file', () => new TextEncoder().encode('a long enough text file'), 'is not a .smnt file'],
    ['a wrong magic', (b: Uint8Array) => b.with(0, 0x73), 'is not a .smnt file'],
    ['another version', (b: Uint8Array) => b.with(8, 2), 'has format version 2; this program reads 1'],
    [
      'a wrong checksum',
      (b: Uint8Array) => b.with(12, b[12]! ^ 1),
      'is damaged: its checksum does not match',
    ],
    ['a changed byte', (b: Uint8Array) => b.with(30, b[30]! ^ 1), 'is damaged: its checksum does not match'],
    ['a missing end', (b: Uint8Array) => b.subarray(0, -1), 'is damaged: its checksum does not match'],
  ])('refuses %s', (_, damage, message) => {
    const error = userErrorOf(() => decodeContainer(damage(encodeContainer(content)), 'run/a.smnt'));
    expect(error.message).toBe(message);
    expect(error.details).toEqual({ code: 'bad-container', file: 'run/a.smnt' });
  });

  it('refuses a section of another kind', () => {
    expect(userErrorOf(() => loadBytes(7, 'a.smnt')).message).toBe(
      'a section that should hold bytes does not',
    );
  });
});

describe('images and snapshots', () => {
  const pair = (seed: number) =>
    pairNetwork({ build: 'release', seed, rule: ['dw = x0'], rows: 3, columns: 70, weight: 9, steps: 1 });
  const imageOf = (seed: number) => compileSmall(pair(seed)).image;
  const bytesOf = (seed: number) =>
    encodeContainer({
      kind: 'snapshot',
      sections: { seed, state: storeBytes(new Machine(imageOf(seed)).snapshot()) },
    });

  it('are the same for the same network, chip and seed', () => {
    expect(imageOf(1)).toEqual(imageOf(1));
    expect(imageOf(1)).not.toEqual(imageOf(2));
    expect(Buffer.compare(bytesOf(1), bytesOf(1))).toBe(0);
    expect(Buffer.compare(bytesOf(1), bytesOf(2))).not.toBe(0);
  });

  it('a snapshot of another image is refused', () => {
    const machine = new Machine(compileSmall(pair(1)).image);
    expect(() => machine.restore(new Uint8Array(8))).toThrow('the snapshot is of another image');
  });
});
