// `seamount run` through the real command line: networks and inputs of every kind, probes, and bad input.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { encodeNpy, encodeNpz, type NpyArray, readNpz } from '../../host/data/npz.ts';
import { run, temporaryFolder } from '../support/command-line.ts';
import { sharedData } from '../support/shared-data.ts';

const folder = temporaryFolder();
const STDP = fileURLToPath(new URL('../../examples/pair-stdp.yaml', import.meta.url));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** One input of 100 stays below the threshold of 120, a second one in the next step passes it. */
const NETWORK = file(
  'net.yaml',
  `network: small
ports: { in: { size: 3 } }
populations:
  cells:
    size: 2
    compartment: { decayU: 4095, decayV: 2048, threshold: 120, bias: { mantissa: [0, 5] } }
projections:
  in to cells: { from: in, to: cells, synapses: [[2, 1, 100], [0, 0, 100]] }
presentations: { show: { steps: 6 } }
`,
);
const INPUT = file('in.csv', 'step,port,element\n0,in,0\n1,in,0\n1,in,2\n\n1,in,2\n');

const TWO_CORES = file(
  'two.yaml',
  `network: two
coreClasses: { a: {}, b: {} }
populations:
  first:
    size: 40
    coreClass: a
    compartment: { decayU: 4095, decayV: 100, threshold: 120, bias: { mantissa: 900, exponent: 3 } }
  second: { size: 20, coreClass: b, compartment: { decayU: 4095, decayV: 100, threshold: 300 } }
projections:
  to: { from: first, to: second, synapses: [[0, 1, 100], [3, 0, 100]] }
presentations: { show: { steps: 60 } }
`,
);

describe('seamount run', () => {
  it('runs on several threads with the same result, and ends with them', async () => {
    const results = [];
    for (const threads of ['1', '2', 'auto']) {
      const { code, stdout } = await run(['run', TWO_CORES, '--threads', threads, '--json', '-'], folder);
      expect(code).toBe(0);
      results.push(JSON.parse(stdout));
    }
    expect(results.map(({ emulator }) => emulator.threads)).toEqual([1, 2, 1]);
    const [one, ...others] = results.map(({ emulator: _, ...result }) => result);
    for (const other of others) expect(other).toEqual(one);
  });

  it('says why a network cannot be divided between threads', async () => {
    const { code, stderr } = await run(['run', NETWORK, '--threads', '2'], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/2 threads: the network is on one core/);
  });

  it('simulates time in cycles: the same spikes, and what the steps were bound by', async () => {
    const results = [];
    for (const timing of ['functional', 'analytic', 'cycle']) {
      const args = ['run', NETWORK, '--input', INPUT, '--timing', timing, '--json', '-'];
      const { code, stdout } = await run(args, folder);
      expect(code).toBe(0);
      results.push(JSON.parse(stdout));
    }
    const [functional, analytic, cycle] = results;
    for (const { counts, outputSpikes } of [functional, analytic]) {
      expect(counts).toEqual(cycle.counts);
      expect(outputSpikes).toEqual(cycle.outputSpikes);
    }
    expect([functional.time.cycle, analytic.time.cycle]).toEqual([null, null]);
    const { mode, perStepS, cycle: told } = cycle.time;
    expect(mode).toBe('cycle');
    expect(perStepS.mean).toBeGreaterThan(600e-9); // the barrier of one tile
    const shares = Object.values<number>(told.criticalPath);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(told.messages).toBe(cycle.counts.inputAxonEvents);
    expect(told.units.compartment).toMatchObject({ busiestCore: 0, maxStalled: 0 });
    const { stdout } = await run(['run', NETWORK, '--input', INPUT, '--timing', 'cycle'], folder);
    expect(stdout).toMatch(/critical path +barrier \d+ %, /);
  });

  it('runs a network file with a list of spikes, and records what is probed', async () => {
    const { code, stdout, stderr } = await run(
      ['run', NETWORK, '--input', INPUT, '--probe', 'cells.v', '--probe', 'cells.spikes', '--out', 'out'],
      folder,
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/network small on Intel Loihi .*: 6 steps/);
    expect(stdout).toMatch(/cells +2 +1 +0\.17/);
    expect(stdout).toMatch(/input spikes +3/);
    const probes = readNpz(join(folder, 'out', 'probes.npz'));
    const { shape, data } = probes.get('cells.v')!;
    expect(shape).toEqual([6, 2]);
    // Each step halves v; a bias of 5 and weights of 100 come in units of 64.
    expect([...data].map((v) => v / 64)).toEqual([
      0, 5, 100, 7.5, 0, 108.75, 0, 59.375, 0, 34.6875, 0, 22.34375,
    ]);
    expect([...probes.get('cells.spikes')!.data]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    const result = JSON.parse(readFileSync(join(folder, 'out', 'run.json'), 'utf8'));
    expect(result).toMatchObject({
      schema: 'seamount.run/1',
      network: 'small',
      steps: 6,
      input: { spikes: 3, unused: 0 },
      populations: [{ name: 'cells', size: 2, spikes: 1 }],
      outputSpikes: [1, 0],
      counts: { spikes: 1, synapticOps: 3, injectedSpikes: 3, barriers: 6 },
      time: { mode: 'analytic' },
      mapping: { chips: 1, cores: 1 },
    });
    expect(result.time.perStepS.mean).toBeGreaterThan(1e-8);
    expect(result.energy.perStepJ.value * 6).toBeCloseTo(result.energy.dynamicJ, 15);
  });

  it('takes a raster of NumPy, as many steps as asked for, and tells no time in mode functional', async () => {
    const raster = new Uint8Array(3 * 4);
    raster[0 * 4 + 1] = 1;
    raster[2 * 4 + 3] = 1;
    const input = file('in.npy', encodeNpy({ shape: [3, 4], data: raster }));
    const args = ['run', NETWORK, '--input', input, '--steps', '3', '--timing', 'functional', '--json', '-'];
    const { code, stdout } = await run(args, folder);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      steps: 3,
      input: { spikes: 1, unused: 1 },
      time: { mode: 'functional', perStepS: null, totalS: null },
      energy: { staticJ: null },
    });
  });

  it('records what its synapses learn', async () => {
    const out = join(folder, 'learned');
    const input = join(dirname(STDP), 'pair-stdp.csv');
    const names = ['input to cell.weights', 'input to cell.x1', 'cell.y1'];
    const { code } = await run(
      ['run', STDP, '--input', input, '--out', out, ...names.flatMap((name) => ['--probe', name])],
      folder,
    );
    expect(code).toBe(0);
    const probes = readNpz(join(out, 'probes.npz'));
    expect(names.map((name) => probes.get(name)!.shape)).toEqual([
      [40, 3, 2],
      [40, 3],
      [40, 2],
    ]);
    const weights = probes.get('input to cell.weights')!.data;
    expect([...weights.slice(0, 6)]).toEqual([100, 50, 100, 50, 100, 50]);
    expect([...weights.slice(-6)]).not.toEqual([...weights.slice(0, 6)]);
    expect(Math.max(...probes.get('input to cell.x1')!.data)).toBeGreaterThanOrEqual(16);
  });

  it('records what listed synapses learn, from an array file', async () => {
    const synapses = { from: [2, 0, 0], to: [0, 1, 0], weight: [30, 40, 50], delay: [0, 1, 0] };
    const arrays = Object.entries(synapses).map(([name, values]): [string, NpyArray] => [
      name,
      { shape: [3], data: Int32Array.from(values) },
    ]);
    file('listed.npz', encodeNpz(new Map(arrays)));
    const network = file(
      'listed.yaml',
      `network: listed
ports: { in: { size: 3 } }
populations:
  cells: { size: 2, compartment: { decayU: 4095, decayV: 4095, threshold: 9999 } }
rules: { count: dw = 5*x0 }
projections:
  s: { from: in, to: cells, synapses: listed.npz, signMode: excitatory, rule: count }
presentations: { show: { steps: 3 } }
`,
    );
    const input = file('listed.csv', 'step,port,element\n0,in,0\n1,in,2\n1,in,1\n');
    const args = ['run', network, '--input', input, '--probe', 's.weights', '--out', 'listed', '--json', '-'];
    const { code, stdout } = await run(args, folder);
    expect(code).toBe(0);
    const { counts } = JSON.parse(stdout);
    expect([counts.synapticOps, counts.synapseVisitsAllPlastic, counts.synapticUpdates]).toEqual([3, 9, 3]);
    const { shape, data } = readNpz(join(folder, 'listed', 'probes.npz')).get('s.weights')!;
    expect(shape).toEqual([3, 3, 2]);
    const matrix = (w00: number, w01: number, w20: number) => [w00, w01, 0, 0, w20, 0];
    expect([...data]).toEqual([...matrix(55, 45, 30), ...matrix(55, 45, 35), ...matrix(55, 45, 35)]);
  });

  it('runs the learning example', async () => {
    const { code, stdout } = await run(['run', STDP], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/pair-stdp .*: 40 steps/);
  });

  it('runs a lava-dl network whose input are biases', async (context) => {
    const lava = sharedData('lava-dl/tinynet', context);
    const args = [
      'run',
      join(lava, 'tiny.net'),
      '--input',
      join(lava, 'input_bias.npy'),
      '--steps',
      '15',
      '--json',
      '-',
    ];
    const { code, stdout } = await run(args, folder);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).populations[0]).toEqual({ name: 'input', size: 768, spikes: 6783 });
  });

  it('classifies a recording with the network that SLAYER trained', async (context) => {
    const network = sharedData('slayer-loihi-nmnist', context);
    const recording = sharedData('n-mnist/samples/digit0_60004.bs2', context);
    const { code, stdout } = await run(['run', network, '--input', recording, '--json', '-'], folder);
    expect(code).toBe(0);
    const { steps, outputSpikes, mapping } = JSON.parse(stdout);
    expect(steps).toBe(350);
    expect(outputSpikes.indexOf(Math.max(...outputSpikes))).toBe(0);
    expect(mapping.cores).toBe(11);
  });
});

describe('seamount run ends bad input in one message and exit code 2:', () => {
  const csv = (name: string, text: string) => ['--input', file(name, `step,port,element\n${text}\n`)];
  const npy = (name: string, shape: number[]) => [
    '--input',
    file(name, encodeNpy({ shape, data: new Uint8Array(shape.reduce((a, b) => a * b)).fill(2) })),
  ];
  mkdirSync(join(folder, 'empty'));
  const CASES: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
    ['no such network', ['nowhere'], /no network "nowhere"/],
    ['a recipe', ['biograd'], /"biograd" is a recipe.*seamount train biograd/],
    ['no such file', ['nowhere.net'], /cannot read nowhere\.net/],
    ['a kind that is not read', ['some.nir'], /kind "\.nir" are not read.*\.net/],
    ['a network of SANA-FE', [file('sana.yaml', 'network:\n  name: x\n')], /SANA-FE files are not read/],
    ['a folder with no network', ['empty'], /empty is a folder without network\.yaml/],
    ['a file that is not HDF5', [file('text.net', 'text')], /text\.net: is no HDF5 file/],
    [
      'a Git LFS pointer',
      [file('lfs.net', 'version https://git-lfs.github.com/spec/v1\n')],
      /Git LFS pointer/,
    ],
    [
      'an HDF5 file that is cut off',
      [file('cut.net', Buffer.from('\x89HDF\r\n\x1a\nrest', 'latin1'))],
      /cut\.net: cannot be read as HDF5/,
    ],
    [
      'no such port',
      [NETWORK, ...csv('port.csv', '0,inn,0')],
      /port\.csv:2: no port is named "inn"; did you mean "in"/,
    ],
    [
      'no such element',
      [NETWORK, ...csv('el.csv', '0,in,0\n0,in,3')],
      /el\.csv:3: element 3 is not in 0\.\.2/,
    ],
    ['no step', [NETWORK, ...csv('step.csv', ',in,0')], /step\.csv:2: step NaN is no whole number/],
    ['too few columns', [NETWORK, ...csv('few.csv', '0,in')], /few\.csv:2: "0,in" has 2 values/],
    ['no heading', [NETWORK, '--input', file('head.csv', '0,in,0\n')], /head\.csv:1: the first line must be/],
    [
      'a raster of another size',
      [NETWORK, ...npy('size.npy', [4, 5])],
      /has the shape 4 x 5; a raster of port "in" is 3 x/,
    ],
    [
      'a raster that is none',
      [NETWORK, ...npy('two.npy', [3, 5])],
      /two\.npy: holds 2; a raster holds 0 and 1/,
    ],
    ['an input of unknown kind', [NETWORK, '--input', 'in.wav'], /input of kind "\.wav" is not read/],
    ['no input file', [NETWORK, '--input', 'none.csv'], /cannot read none\.csv/],
    [
      'no such population',
      [NETWORK, '--probe', 'cell.v', '--out', 'o'],
      /no population or projection is named "cell"; did you mean "cells"/,
    ],
    ['no such variable', [NETWORK, '--probe', 'cells.w', '--out', 'o'], /no variable is named "w"/],
    [
      'a variable that a rule does not use',
      [STDP, '--probe', 'input to cell.tags', '--out', 'o'],
      /no product of rule "stdp" reads or changes t/,
    ],
    [
      'a variable of a projection that is none',
      [STDP, '--probe', 'input to cell.v', '--out', 'o'],
      /no variable is named "v"; there are weights, tags, delays, x1, x2/,
    ],
    [
      'a probe without variable',
      [NETWORK, '--probe', 'cells', '--out', 'o'],
      /a population and a variable are needed/,
    ],
    ['a probe without folder', [NETWORK, '--probe', 'cells.v'], /--out/],
    ['no steps', [NETWORK, '--steps', '0'], /at least one step/],
    ['too many steps', [NETWORK, '--steps', '900000000'], /900000000 steps .*1024 MiB are the limit/],
    ['an unknown timing mode', [NETWORK, '--timing', 'exact'], /timing mode "exact" does not exist/],
    ['an unknown chip', [NETWORK, '--chip', 'loihi9'], /loihi9/],
  ];
  it.each(CASES)('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await run(['run', ...args], folder);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
