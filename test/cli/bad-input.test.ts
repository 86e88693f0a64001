// What a user does wrong: one clear message on standard error, exit code 2, no stack, nothing written.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { idxImages, idxLabels } from '../host/data/idx-bytes.ts';
import { run, temporaryFolder } from '../support/command-line.ts';

const folder = temporaryFolder();
const inputs = join(folder, 'inputs');
mkdirSync(inputs);

/** A data folder of 20 training and 10 test images, with files of the caller's choice instead. */
function dataFolder(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  const path = join(inputs, name);
  mkdirSync(path);
  const pixels = (count: number): Uint8Array => new Uint8Array(count * 784).fill(7);
  const labels = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => i % 10);
  const all = {
    'train-images-idx3-ubyte': idxImages(pixels(20), 20, 28, 28),
    'train-labels-idx1-ubyte': idxLabels(labels(20)),
    't10k-images-idx3-ubyte': idxImages(pixels(10), 10, 28, 28),
    't10k-labels-idx1-ubyte': idxLabels(labels(10)),
    ...files,
  };
  for (const [file, bytes] of Object.entries(all)) writeFileSync(join(path, file), bytes);
  return path;
}

function chipFile(name: string, text: string): string {
  const path = join(inputs, name);
  writeFileSync(path, text);
  return path;
}

const whole = idxImages(new Uint8Array(20 * 784), 20, 28, 28);
const wrongMagic = Uint8Array.from(whole);
wrongMagic[3] = 9;

const CASES: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
  ['no recipe', ['train'], /which recipe\?/],
  ['an unknown recipe', ['train', 'biogard'], /no recipe is named "biogard"; did you mean "biograd"\?/],
  ['an unknown command', ['trian', 'biograd'], /unknown command 'trian'.*train/s],
  ['an unknown option', ['train', 'biograd', '--bogus'], /unknown option '--bogus'/],
  [
    'an unknown setting',
    ['train', 'biograd', '--set', 'hiden=3'],
    /no setting "hiden"; did you mean "hidden"\?/,
  ],
  ['a setting out of range', ['train', 'biograd', '--set', 'hidden=-1'], /setting hidden = -1/],
  ['a setting without value', ['train', 'biograd', '--set', 'hidden'], /--set takes key=value, got "hidden"/],
  ['a sample count that is no number', ['train', 'biograd', '--samples', 'many'], /--samples.*whole number/],
  [
    'more samples than there are',
    ['train', 'biograd', '--samples', '99999999'],
    /--samples 99999999 is not within 1\.\./,
  ],
  ['no epochs', ['train', 'biograd', '--epochs', '0'], /--epochs 0/],
  [
    'an unknown data set',
    ['train', 'biograd', '--data', 'mnits'],
    /no dataset "mnits": tried \$SEAMOUNT_DATA\/mnits.*\.\.\/shared\/data\/mnits/,
  ],
  ['an unknown chip', ['train', 'biograd', '--chip', 'loihi3'], /no chip "loihi3"; did you mean "loihi1"\?/],
  ['an unknown timing mode', ['train', 'biograd', '--timing', 'exact'], /timing mode "exact"/],
  [
    'an unknown configuration key',
    ['train', 'biograd', '--chip', chipFile('key.yaml', 'extends: loihi1\ncore:\n  compartmnets: 2000\n')],
    /key\.yaml:3:3: .*compartmnets.*did you mean "compartments"\?/,
  ],
  [
    'a configuration that is not YAML',
    ['chip', 'check', chipFile('not.yaml', 'extends: [loihi1\n')],
    /not\.yaml:\d+:\d+: /,
  ],
  [
    'a truncated image file',
    [
      'train',
      'biograd',
      '--data',
      dataFolder('truncated', { 'train-images-idx3-ubyte': whole.subarray(0, 5000) }),
    ],
    /train-images-idx3-ubyte: expected 15696 bytes .*found 5000/,
  ],
  [
    'an image file of another magic',
    ['train', 'biograd', '--data', dataFolder('magic', { 'train-images-idx3-ubyte': wrongMagic })],
    /train-images-idx3-ubyte.*magic/,
  ],
  [
    'a damaged gzip file',
    [
      'train',
      'biograd',
      '--data',
      dataFolder('gzip', {
        'train-labels-idx1-ubyte': gzipSync(idxLabels(Uint8Array.of(1, 2, 3))).subarray(0, 20),
      }),
    ],
    /train-labels-idx1-ubyte/,
  ],
  [
    'labels and images of different counts',
    [
      'train',
      'biograd',
      '--data',
      dataFolder('counts', { 'train-labels-idx1-ubyte': idxLabels(Uint8Array.of(1, 2, 3)) }),
    ],
    /20.*3|3.*20/,
  ],
  [
    'a network that does not fit',
    ['train', 'biograd', '--set', 'hidden=500', '--set', 'hiddenCores=1'],
    /core 0 .*synapse memory 417\.1 KiB exceeds 128 KiB; 3 more cores would fit it/,
  ],
  ['a result in a folder that is not there', ['train', 'biograd', '--json', 'nowhere/x.json'], /nowhere/],
  ['a folder that holds no run', ['train', '--resume', inputs], /does not hold a run/],
  ['no run to report on', ['report', 'nowhere'], /there is no run folder nowhere/],
];

describe('bad input', () => {
  it.each(CASES)('%s ends in one message and exit code 2', async (_, args, message) => {
    const before = readdirSync(folder);
    const { code, stdout, stderr } = await run(args, folder);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(4);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('a place that cannot be written to is named before anything is computed', async () => {
    const file = join(inputs, 'a-file');
    writeFileSync(file, '');
    const { code, stderr } = await run(['train', 'biograd', '--out', join(file, 'run')], folder);
    expect(stderr).toMatch(/cannot make the folder .*a-file/);
    expect(code).toBe(2);
  });

  it('a run folder is not overwritten', async () => {
    const out = join(folder, 'run');
    const args = ['train', 'biograd', '--samples', '10', '--epochs', '1', '--test', '10', '--out', out];
    expect((await run(args, folder)).code).toBe(0);
    const second = await run(args, folder);
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(/already holds a run\n {2}continue it with --resume/);
  });
});

describe('help', () => {
  it.each([['--help'], ['train', '--help'], ['chip', 'show', '--help']])('%s %s', async (...args) => {
    const { code, stdout } = await run(args, folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: seamount/);
  });
});
