// .npz files: what NumPy writes is read, what is damaged or of another kind is refused by name.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeNpy, readNpz } from '../../../host/data/npz.ts';
import { userErrorOf } from '../../support/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'npz-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A .npy of version 1.0 as NumPy writes it: the header is padded to a multiple of 64 bytes. */
function npy(descr: string, shape: string, values: Uint8Array, fortran = 'False'): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
  const padded = `${header.padEnd(64 * Math.ceil((header.length + 11) / 64) - 11)}\n`;
  const start = [0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length & 0xff, padded.length >> 8];
  return Uint8Array.from([...start, ...Buffer.from(padded, 'latin1'), ...values]);
}

function write(name: string, content: Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe('.npz', () => {
  it('gives arrays by name, with shape and values, stored or deflated', () => {
    const w = npy('<i2', '(2, 3)', new Uint8Array(Int16Array.of(1, -2, 300, -400, 5, 6).buffer));
    const u = npy('|u1', '(4,)', Uint8Array.of(9, 8, 7, 255));
    for (const level of [0, 6] as const) {
      const arrays = readNpz(write(`good${level}.npz`, zipSync({ 'w.npy': w, 'u.npy': u }, { level })));
      expect([...arrays.keys()]).toEqual(['w', 'u']);
      expect(arrays.get('w')).toEqual({ shape: [2, 3], data: Int16Array.of(1, -2, 300, -400, 5, 6) });
      expect(arrays.get('u')).toEqual({ shape: [4], data: Uint8Array.of(9, 8, 7, 255) });
    }
  });

  it('reads a scalar and an empty array', () => {
    const scalar = npy('<f8', '()', new Uint8Array(Float64Array.of(2.5).buffer));
    expect(decodeNpy(scalar, 'f', 'x')).toEqual({ shape: [], data: Float64Array.of(2.5) });
    expect(decodeNpy(npy('<i4', '(0, 7)', new Uint8Array(0)), 'f', 'x').data).toHaveLength(0);
  });

  it('refuses another element type, Fortran order, a cut-off array and what is no .npy', () => {
    const refusal = (bytes: Uint8Array): string => userErrorOf(() => decodeNpy(bytes, 'a.npz', 'w')).message;
    expect(refusal(npy('>i2', '(1,)', new Uint8Array(2)))).toContain('type >i2');
    expect(refusal(npy('|O', '(1,)', new Uint8Array(8)))).toContain('type |O');
    expect(refusal(npy('<i2', '(2, 2)', new Uint8Array(8), 'True'))).toContain('Fortran order');
    expect(refusal(npy('<i2', '(3,)', new Uint8Array(4)))).toContain('cut off: 4 of 6 bytes');
    expect(refusal(Uint8Array.from(Buffer.from('no array at all')))).toContain('no .npy');
  });

  it('refuses a missing file and one that is no archive', () => {
    expect(userErrorOf(() => readNpz(join(folder, 'none.npz'))).message).toContain('cannot be read');
    expect(userErrorOf(() => readNpz(write('text.npz', Buffer.from('hello')))).message).toContain(
      'no .npz file',
    );
  });
});
