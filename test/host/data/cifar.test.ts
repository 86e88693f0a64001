// CIFAR-10's binary version.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { holdsCifar, loadCifar } from '../../../host/data/cifar.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { userErrorOf } from '../../support/errors.ts';

const folder = temporaryFolder();
const record = (label: number, first: number): Buffer =>
  Buffer.concat([Buffer.of(label, first), Buffer.alloc(3071, 9)]);

describe('CIFAR-10 batches', () => {
  it('are labels and three planes below each other, plain or gzip, in the order of the files', () => {
    expect(holdsCifar(folder)).toBe(false);
    writeFileSync(join(folder, 'batches.meta.txt'), 'cat\ndog\n\n');
    writeFileSync(join(folder, 'data_batch_2.bin'), record(0, 3));
    writeFileSync(join(folder, 'data_batch_1.bin.gz'), gzipSync(Buffer.concat([record(1, 1), record(0, 2)])));
    writeFileSync(join(folder, 'test_batch_first1.bin'), record(1, 4));
    expect(holdsCifar(folder)).toBe(true);
    const { train, test, classes } = loadCifar(folder);
    expect(classes).toEqual(['cat', 'dog']);
    expect(train).toMatchObject({ count: 3, height: 96, width: 32, planes: 3 });
    expect([...train.labels]).toEqual([1, 0, 0]);
    expect([0, 1, 2].map((i) => train.images[i * 3072])).toEqual([1, 2, 3]);
    expect(test.count).toBe(1);
  });

  it('that are cut off, or of a class without a name, are refused by file', () => {
    writeFileSync(join(folder, 'data_batch_2.bin'), record(2, 3));
    expect(userErrorOf(() => loadCifar(folder)).toString()).toMatch(
      /data_batch_2\.bin: record 0 is of class 2/,
    );
    writeFileSync(join(folder, 'data_batch_2.bin'), record(0, 3).subarray(1));
    expect(userErrorOf(() => loadCifar(folder)).toString()).toMatch(/not a whole number of records of 3073/);
  });
});
