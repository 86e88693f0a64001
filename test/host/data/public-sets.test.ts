// The real MNIST and Fashion-MNIST, where they are at hand. They are not part of the repository.

import { describe, expect, it, type TestContext } from 'vitest';
import type { Dataset } from '../../../host/data/dataset.ts';
import { listDatasets, loadDataset } from '../../../host/data/load.ts';

/** Loads a public set, or skips the test and says so. */
function loadOrSkip(name: string, context: TestContext): Dataset {
  if (!listDatasets().some((entry) => entry.name === name && entry.format === 'idx')) {
    console.warn(
      `SKIPPED "${context.task.name}": no ${name} in $SEAMOUNT_DATA or ../shared/data, so it was not tested`,
    );
    context.skip();
  }
  return loadDataset(name);
}

describe('the public image sets', () => {
  it('MNIST has 60,000 and 10,000 images, a 5 first in training and a 7 first in test', (context) => {
    const { title, train, test, classes, sources } = loadOrSkip('mnist', context);
    expect(title).toBe('MNIST');
    expect([train.count, train.height, train.width]).toEqual([60_000, 28, 28]);
    expect([test.count, test.height, test.width]).toEqual([10_000, 28, 28]);
    expect(train.images).toHaveLength(60_000 * 784);
    expect([train.labels[0], test.labels[0]]).toEqual([5, 7]);
    expect(classes).toHaveLength(10);
    expect(sources).toHaveLength(4);
    // The file as first published; a copy packed again has another hash, so only this one is compared.
    if (sources[0]?.name === 'train-images-idx3-ubyte.gz') {
      expect(sources[0].sha256).toBe('440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609');
    }
  });

  it('MNIST has its published mean grey, 0.1307 of full ink', (context) => {
    const { train } = loadOrSkip('mnist', context);
    const sum = train.images.reduce((total, grey) => total + grey, 0);
    expect(sum / train.images.length / 255).toBeCloseTo(0.1307, 4);
  });

  it('Fashion-MNIST has 60,000 and 10,000 images and starts with an ankle boot in both', (context) => {
    const { title, train, test, classes } = loadOrSkip('fashion-mnist', context);
    expect(title).toBe('Fashion-MNIST');
    expect([train.count, test.count]).toEqual([60_000, 10_000]);
    expect([train.labels[0], test.labels[0]].map((label) => classes[label ?? -1])).toEqual([
      'Ankle boot',
      'Ankle boot',
    ]);
  });
});
