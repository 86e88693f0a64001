import { describe, expect, it } from 'vitest';
import { assemble } from '../../../host/program/assemble.ts';
import { INSTRUCTIONS, MNEMONICS } from '../../../host/program/instructions.ts';
import { LIBRARY } from '../../../host/program/library.ts';
import { bytesPerCompartment, lengthOf, sendsPayload, writtenTraces } from '../../../host/program/program.ts';
import { userErrorOf } from '../../support/errors.ts';

/** The error of a program, as the command line prints it. */
function complaint(...lines: readonly string[]): string {
  return userErrorOf(() => assemble('p', lines.join('\n'))).toString();
}

describe('assembler', () => {
  it('places names in their lists and operands at their names', () => {
    const program = assemble(
      'p',
      `port x, y
       param k:u5, w:8   ; signed without u
       state v:24 = w, n:8 = 2^3 - 1
       const top = 2^23 - 1
       table T = 1, -2, top
       temp t
       add t, x, y
       clip v, t, -top, top
       look v, T, n
       if t
         send v
       end`,
    );
    expect(program.ports).toEqual(['x', 'y']);
    expect(program.parameters).toEqual([
      { name: 'k', width: 5, signed: false },
      { name: 'w', width: 8, signed: true },
    ]);
    expect(program.state).toEqual([
      { name: 'v', width: 24, initial: { kind: 'parameter', index: 1 } },
      { name: 'n', width: 8, initial: { kind: 'constant', value: 7 } },
    ]);
    expect(program.tables).toEqual([{ name: 'T', values: [1, -2, 8388607] }]);
    expect(program.instructions.map(({ op }) => op)).toEqual(['add', 'clip', 'look', 'if', 'send', 'end']);
    expect(program.instructions[1]).toEqual({
      op: 'clip',
      destination: { kind: 'state', index: 0 },
      sources: [
        { kind: 'temporary', index: 0 },
        { kind: 'constant', value: -8388607 },
        { kind: 'constant', value: 8388607 },
      ],
      line: 8,
    });
    expect(lengthOf(program)).toBe(5);
  });

  it('writes the lines of a repetition several times, conditions and repetitions within it too', () => {
    const text = 'state v:8\nrepeat 2\n if v\n  repeat 3\n   add v, v, 1\n  end\n end\nend\nneg v, v';
    const ops = assemble('p', text).instructions.map(({ op }) => op);
    const once = ['if', 'add', 'add', 'add', 'end'];
    expect(ops).toEqual([...once, ...once, 'neg']);
  });

  it('fills in what may be left out: payload 1, no shift', () => {
    const { instructions } = assemble('p', 'state v:8\nmul v, v, 3\nsend');
    expect(instructions[0]!.sources[2]).toEqual({ kind: 'constant', value: 0 });
    expect(instructions[1]!.sources).toEqual([{ kind: 'constant', value: 1 }]);
    expect(sendsPayload(instructions)).toBe(false);
    expect(sendsPayload(assemble('p', 'send 2').instructions)).toBe(true);
  });

  it('counts bytes of state and of own parameters, each word rounded up', () => {
    const program = assemble('p', 'param a:9, b:16\nstate v:24, n:1\ny1 n\ny3 a');
    expect(bytesPerCompartment(program, new Set())).toBe(3 + 1);
    expect(bytesPerCompartment(program, new Set(['a']))).toBe(3 + 1 + 2);
    expect([...writtenTraces(program)]).toEqual([1, 3]);
  });

  it('shows the line, a caret under the place and the likely name', () => {
    expect(complaint('state volt:24', '  add volt, vollt, 1')).toBe(
      [
        'program "p", line 2: no port, state word, parameter, temporary or constant is named "vollt"; did you mean "volt"?',
        '  2 |   add volt, vollt, 1',
        '                  ^',
      ].join('\n'),
    );
    expect(complaint('sate v:24')).toContain('unknown instruction "sate"; did you mean "state"?');
    expect(complaint('state v:8', 'mulx v, v, 1')).toContain('did you mean "mul');
  });

  it.each([
    [['state v:8', 'add v, v'], '"add" is written "add d, a, b", found the end of the line'],
    [['state v:8', 'neg v, v, v'], '"neg" is written "neg d, a", found ","'],
    [['state v:8', 'else'], '"else" without "if"'],
    [['state v:8', 'if v', 'else', 'else'], '"else" without "if"'],
    [['end'], '"end" without "if" or "repeat"'],
    [['state v:8', 'if v', 'neg v, v'], '"if" is not closed by "end"'],
    [['state v:8', 'repeat 3', 'neg v, v'], '"repeat" is not closed by "end"'],
    [['state v:8', 'repeat 65', 'end'], 'the number of repetitions is 65; possible is 1..64'],
    [['port x', 'mov x, 1'], '"x" cannot be written: it is a port'],
    [['param k:8', 'mov k, 1'], '"k" cannot be written: it is a parameter'],
    [['mov time, 1'], '"time" cannot be written: it is the number of the step'],
    [['state v:8', 'temp t', 'mov v, t'], '"t" is read where it may not have been written'],
    [
      ['state v:8', 'temp t', 'if v', 'mov t, 1', 'end', 'mov v, t'],
      '"t" is read where it may not have been written',
    ],
    [['state v:8', 'temp t', 'if v', 'mov t, 1', 'else', 'mov v, t', 'end'], 'may not have been written'],
    [['state v:8', 'state v:9'], '"v" exists already'],
    [['state add:8'], '"add" is a word of the language'],
    [['state v:0'], 'a width in bits is 0; possible is 1..32'],
    [['state v:33'], 'a width in bits is 33; possible is 1..32'],
    [['state v:u8'], 'a state word has a sign'],
    [['param k:u32'], 'an unsigned width is 32; possible is 1..31'],
    [['state v:8 = k'], 'no constant is named "k"'],
    [['state v:8', 'mov v, 1', 'temp t'], 'declarations come before the first instruction'],
    [['state v:8', 'shl v, v, 32'], 'a shift by 32; possible is 0..31'],
    [['state v:8', 'mul v, v, 1, -1'], 'a shift by -1; possible is 0..63'],
    [['state v:8', 'rand v, 32'], 'the number of bits is 32; possible is 1..31'],
    [['state v:8', 'mov v, 2^31'], '2147483648 does not fit in 32 bits'],
    [['table T = 1', 'state v:8', 'mov v, T'], '"T" is a table'],
    [['state v:8', 'look v, v, 1'], '"v" is a state word'],
    [['state v:8', 'mov v, #3'], 'unexpected character "#"'],
    [['state v:8', 'mov v, 3 4'], '"mov" is written "mov d, a", found "4"'],
    [['state v:8', 'mov , 3'], 'expected a state word or a temporary, found ","'],
  ])('refuses %j', (lines, message) => {
    expect(complaint(...lines)).toContain(message);
  });

  it('allows eight open conditions and refuses a ninth', () => {
    const nested = (n: number): string[] => ['state v:8', ...Array(n).fill('if v'), ...Array(n).fill('end')];
    expect(assemble('p', nested(8).join('\n')).instructions).toHaveLength(16);
    expect(complaint(...nested(9))).toContain('more than 8 conditions are open');
  });

  it('takes a temporary as written where both parts of a condition write it', () => {
    const text = 'state v:8\ntemp t\nif v\nmov t, 1\nelse\nmov t, 2\nend\nmov v, t';
    expect(assemble('p', text).instructions).toHaveLength(6);
  });

  it('assembles every program of the library', () => {
    for (const [name, text] of Object.entries(LIBRARY))
      expect(lengthOf(assemble(name, text))).toBeGreaterThan(0);
  });

  it('writes every instruction as its form says', () => {
    for (const op of MNEMONICS) expect(INSTRUCTIONS[op].form.split(' ')[0]).toBe(op);
  });
});
