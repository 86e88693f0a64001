import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planTraining, type TrainRequest } from '../../../host/training/plan.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { idxImages, idxLabels } from '../data/idx-bytes.ts';

/** A folder of two images of 28 x 28 pixels to learn and one to answer. */
function writeImages(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const images = (count: number) => idxImages(new Uint8Array(count * 28 * 28), count, 28, 28);
  const files = {
    'train-images-idx3-ubyte': images(2),
    'train-labels-idx1-ubyte': idxLabels(Uint8Array.of(0, 1)),
    't10k-images-idx3-ubyte': images(1),
    't10k-labels-idx1-ubyte': idxLabels(Uint8Array.of(1)),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
}

const request = (data: string): TrainRequest => ({
  recipe: 'biograd',
  data,
  chip: 'loihi1',
  seed: 1,
  timing: 'functional',
  settings: { hidden: 8 },
});

describe('the plan of a training run', () => {
  it('takes the settings that are tuned for a data set, by its name or by its path', () => {
    const cwd = temporaryFolder();
    const folder = join(cwd, 'fashion-mnist');
    writeImages(folder);
    const byName = planTraining(request('fashion-mnist'), cwd);
    expect(byName.settings).toMatchObject({ preset: 'quick-fashion', hidden: 8 });
    expect(planTraining(request(folder), '/').settings).toEqual(byName.settings);
  });
});
