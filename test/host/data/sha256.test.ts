import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../host/data/sha256.ts';

describe('SHA-256', () => {
  it('gives the digest that FIPS 180-4 publishes for "abc"', () => {
    expect(sha256Hex([new TextEncoder().encode('abc')])).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('agrees with Node for every length across three blocks', () => {
    for (let size = 0; size <= 192; size++) {
      const bytes = Uint8Array.from({ length: size }, (_, i) => i * 37 + size);
      expect(sha256Hex([bytes])).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });

  it('does not depend on how the bytes are cut into chunks', () => {
    const bytes = Uint8Array.from({ length: 200 }, (_, i) => i);
    const chunks = [bytes.subarray(0, 1), bytes.subarray(1, 1), bytes.subarray(1, 90), bytes.subarray(90)];
    expect(sha256Hex(chunks)).toBe(sha256Hex([bytes]));
  });
});
