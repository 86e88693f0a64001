// The documentation of neuron programs agrees with the tables of the code, and its examples assemble.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { assemble } from '../../../host/program/assemble.ts';
import { INSTRUCTIONS, MNEMONICS } from '../../../host/program/instructions.ts';
import { LIBRARY } from '../../../host/program/library.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/neuron-programs.md'), 'utf8');

it('lists every instruction with its form, meaning and status', () => {
  for (const op of MNEMONICS) {
    const { form, says, status } = INSTRUCTIONS[op];
    expect(page).toContain(`| \`${form}\` | ${says} | ${status} |`);
  }
});

it('names every program of the library', () => {
  for (const name of Object.keys(LIBRARY)) expect(page).toContain(`\`${name}\``);
});

it('has examples that assemble, the resonator being the one of the library', () => {
  const examples = [...page.matchAll(/```\n([^`]*)```/g)].map(([, text]) => assemble('example', text!));
  expect(examples).toHaveLength(2);
  const ops = (text: string) =>
    assemble('library', text).instructions.map(({ op, sources }) => ({ op, sources }));
  expect(examples[0]!.instructions.map(({ op, sources }) => ({ op, sources }))).toEqual(ops(LIBRARY.rf));
});
