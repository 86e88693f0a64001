// Network files through the command line: what the chip cannot do, and what is wrong with a file.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { run, temporaryFolder } from '../support/command-line.ts';

const folder = temporaryFolder();
const EXAMPLE = fileURLToPath(new URL('../../examples/pair-stdp.yaml', import.meta.url));
const example = readFileSync(EXAMPLE, 'utf8');

let files = 0;
/** The example with one text in place of another. */
function changed(from: string, to: string): string {
  expect(example).toContain(from);
  const file = join(folder, `net${files++}.yaml`);
  writeFileSync(file, example.replace(from, to));
  return file;
}

describe('seamount lint', () => {
  it('accepts pair-based STDP and says what each product reads', async () => {
    const { code, stdout } = await run(['lint', EXAMPLE], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/2 products, 0 refused/);
    expect(stdout).toMatch(/rule "stdp" on "input to cell" \(from "input" to "cell"\)/);
    expect(stdout).toMatch(/ok {7}2\^-2\*x1\*y0 {2}at the post spike, reads x1 of "input"/);
  });

  it('refuses every product that the chip cannot do, with the alternative, and exit code 1', async () => {
    const file = changed('dw = 2^-2*x1*y0 - 2^-2*y1*x0', 'dw = 2^-2*x1*y0 + x0*r1 - 2^-9*y1*x0 + x0*y2');
    const { code, stdout } = await run(['lint', file], folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(/4 products, 3 refused/);
    expect(stdout).toMatch(/ok {7}2\^-2\*x1\*y0/);
    expect(stdout).toMatch(
      /refused {2}x0\*r1 .*\n +always 0: core class "core" has no reward trace \(no-reward\)\n +instead: give the core class a reward/,
    );
    expect(stdout).toMatch(/refused {2}2\^-9\*y1\*x0 .*\n +the exponent .* is -9; the chip has -7\.\.8/);
    expect(stdout).toMatch(/refused {2}x0\*y2 .*\n +always 0: y2 has no impulse \(empty-trace\)/);
    // The place is said once, above its products.
    expect(stdout.match(/input to cell/g)).toHaveLength(1);
  });

  it('gives the same to a program', async () => {
    const { stdout } = await run(['lint', EXAMPLE, '--json', '-'], folder);
    expect(JSON.parse(stdout)).toMatchObject({
      network: 'pair-stdp',
      chip: 'loihi1',
      products: [
        { rule: 'stdp', gate: 'y0', reads: ['x1 of "input"'] },
        { rule: 'stdp', gate: 'x0', reads: ['y1 of "cell"'] },
      ],
      legality: { extensions: [] },
    });
  });

  it('finds nothing to refuse in the recipes', async () => {
    for (const feedback of ['sleep', 'copies', 'random']) {
      const { code, stdout } = await run(['lint', 'biograd', '--set', `feedback=${feedback}`], folder);
      expect(code).toBe(0);
      expect(stdout).toMatch(/, 0 refused/);
    }
  });
});

describe('seamount compile', () => {
  it('prints used and maximum of every resource', async () => {
    const { code, stdout } = await run(['compile', EXAMPLE], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/compartments +2\/1024/);
    expect(stdout).toMatch(/input axon entries +6\/4096/);
  });

  it('prints one row a resource for many cores, and with --cores one row a core', async () => {
    const file = join(folder, 'many.yaml');
    const populations = ['  big: { size: 3000, coreClass: many, compartment: { threshold: 9 } }'];
    writeFileSync(
      file,
      ['network: many', 'coreClasses: { many: { cores: 20 } }', 'populations:', ...populations].join('\n'),
    );
    const { stdout } = await run(['compile', file], folder);
    expect(stdout).toMatch(/20 cores of 1 chip/);
    expect(stdout).toMatch(/resource +most\/limit +share +mean +on core/);
    expect(stdout).toMatch(/compartments +150\/1024 +14\.6 % +150 +0\n/);
    const widest = (text: string): number => Math.max(...text.split('\n').map(({ length }) => length));
    expect(widest(stdout)).toBeLessThan(80);
    const { stdout: detailed } = await run(['compile', file, '--cores'], folder);
    expect(detailed.match(/^ *\d+ +many +150\/1024/gm)).toHaveLength(20);
    const { stdout: json } = await run(['compile', file, '--json', '-'], folder);
    expect(JSON.parse(json).cores).toHaveLength(20);
  });
});

describe('a network file that is wrong', () => {
  const CASES: readonly (readonly [what: string, from: string, to: string, message: RegExp])[] = [
    ['is not YAML', 'ports:', 'ports: [', /net\d+\.yaml:\d+:\d+: not valid YAML/],
    [
      'has an unknown key',
      'size: 2',
      'sice: 2',
      /net\d+\.yaml:12:5: unknown key "sice" in populations\.cell; did you mean "size"\?/,
    ],
    [
      'has a value of the wrong kind',
      'size: 2',
      'size: two',
      /net\d+\.yaml:12:11: populations\.cell\.size is "two"; must be a number$/m,
    ],
    ['has too small a value', 'seed: 1', 'seed: -1', /net\d+\.yaml:5:7: seed is -1; the minimum is 0$/m],
    [
      'has a value that is none of several',
      'excitatory',
      'exitatory',
      /signMode is "exitatory"; must be one of mixed, excitatory, inhibitory; did you mean "excitatory"\?$/m,
    ],
    [
      'has delays of neither form',
      'rule: stdp',
      'rule: stdp\n    delay: 64',
      /projections\.input to cell\.delay is 64; the maximum is 63$/m,
    ],
    ['has an unknown name', 'to: cell', 'to: cells', /net\d+\.yaml:19:5: .*"cells"; did you mean "cell"\?/],
    [
      'has rows of different lengths',
      '[[100, 50]',
      '[[100]',
      /net\d+\.yaml:19:5: row 1 has 2 values, row 0 has 1/,
    ],
    [
      'has a syntax error in its microcode',
      'y1*x0',
      'y1*x0 +',
      /net\d+\.yaml:16:9: rule "stdp": .*\n {2}dw = 2\^-2\*x1\*y0 - 2\^-2\*y1\*x0 \+\n {32}\^$/m,
    ],
    ['has an operand that does not exist', 'x1*y0', 'x3*y0', /net\d+\.yaml:16:9: rule "stdp": .*x3/],
    [
      'has an operand out of range',
      '2^-2*x1',
      '2^-9*x1',
      /rule "stdp": the exponent of "2\^-9\*x1\*y0" is -9; the chip has -7\.\.8/,
    ],
    [
      'has a population without a model',
      'compartment: { decayU: 1024, decayV: 128, threshold: 200 }',
      '',
      /net\d+\.yaml:12:5: population "cell" needs a compartment or a program, one of the two$/m,
    ],
    [
      'has a fault in a neuron program',
      'compartment: { decayU: 1024, decayV: 128, threshold: 200 }',
      'program: { text: "ad v, v, 1" }',
      /net\d+\.yaml:13:22: .*"ad".*did you mean "add"/,
    ],
    ['does not fit', 'epochSteps: 4', 'epochSteps: 64', /64.*63|63.*64/],
  ];

  it.each(CASES)('because it %s ends in one message and exit code 2', async (_, from, to, message) => {
    const { code, stdout, stderr } = await run(['compile', changed(from, to)], folder);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    expect(code).toBe(2);
  });

  it('or is not there', async () => {
    const { code, stderr } = await run(['lint', 'nowhere.yaml'], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/cannot read nowhere\.yaml/);
  });
});
