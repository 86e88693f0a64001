// Neuron programs of a twin: the chip's values where nothing is rounded, fractions where the chip drops them, and draws
// that stay draws.

import { describe, expect, it } from 'vitest';
import { Machine } from '../../host/machine/machine.ts';
import { Shadow } from '../../host/shadow/shadow.ts';
import { programImageOf } from '../support/program-machine.ts';

const COUNT = 40;
const STEPS = 30;

/** Counts up, branches, looks up, draws, and tells what came of it. */
const TELLER = `
port  unused
state n:24, seen:24 = 3
param step:16
table T = 5, -7, 11, 13
temp  a, b, c

add   n, n, step
rand  a, 3
xor   b, a, index
and   b, b, 7
look  c, T, b
mul   c, c, a
sub   c, c, time
wrap  b, n, 5
max   b, b, -9
sel   a, a, b, c
if a
  ge    b, a, 0
  if b
    shl   seen, a, 2
    send  a
  else
    neg   seen, a
    abs   seen, seen
  end
else
  clip  seen, n, -20, 20
  post
end
`;

/** Takes payloads through graded synapses of two delays. */
const LISTENER = `
port  in, late
state sum:24, got:24
temp  a

add   sum, sum, in
mov   got, late
shr   a, late, 1
gt    a, a, 3
if a
  send
end
`;

const weights = Int16Array.from({ length: COUNT * COUNT }, (_, i) => 2 * ((i * 7) % 23) - 20);
const synapse = { signMode: 'mixed', bits: 8, exponent: 1 } as const;

function observed(runner: Machine | Shadow, populations: readonly (readonly [string, readonly string[]])[]) {
  const probes = populations.flatMap(([name, words]) =>
    ['spikes', 'payload', ...words.map((word) => `state ${word}`)].map((kind) => {
      return [`${name} ${kind}`, runner.probes.add(name, kind as 'spikes', STEPS)] as const;
    }),
  );
  for (let step = 0; step < STEPS; step++) runner.present('step');
  const drain = runner.probes.drain.bind(runner.probes) as (probe: unknown) => ArrayLike<number>[];
  return Object.fromEntries(
    probes.map(([name, probe]) => [name, drain(probe).map((row) => Array.from(row, (x) => x + 0))]),
  );
}

/** State word v of a program without input after some steps, by compartment. */
function words(
  text: string,
  parameters: Readonly<Record<string, number>>,
  steps: number,
  size = 1,
): number[] {
  const image = programImageOf({
    populations: [{ name: 'cell', size, program: { text, parameters } }],
  });
  const shadow = new Shadow(image);
  const probe = shadow.probes.add('cell', 'state v', steps);
  for (let step = 0; step < steps; step++) shadow.present('step');
  return [...shadow.probes.drain(probe).at(-1)!];
}

describe('neuron programs of a full-precision twin', () => {
  it('give the very states, spikes and payloads of the chip where nothing is rounded', () => {
    const image = programImageOf({
      populations: [
        { name: 'teller', size: COUNT, program: { text: TELLER, parameters: { step: 3 } } },
        { name: 'listener', size: COUNT, program: { text: LISTENER } },
      ],
      projections: [
        {
          name: 'now',
          from: 'teller',
          to: 'listener',
          port: 'in',
          connection: { kind: 'all', weights },
          synapse,
          graded: true,
        },
        {
          name: 'later',
          from: 'teller',
          to: 'listener',
          port: 'late',
          connection: { kind: 'one-to-one', weight: 6 },
          synapse: { ...synapse, delay: 2 },
          graded: true,
        },
      ],
    });
    const populations = [
      ['teller', ['n', 'seen']],
      ['listener', ['sum', 'got']],
    ] as const;
    const chip = observed(new Machine(image, { probeBytes: 2 ** 20 }), populations);
    expect(observed(new Shadow(image), populations)).toEqual(chip);
    const spikes = (name: string): number => chip[`${name} spikes`]!.flat().reduce((a, b) => a + b, 0);
    expect([spikes('teller'), spikes('listener')].every((count) => count > 50)).toBe(true);
  });

  it('keep the fractions that the chip drops', () => {
    const decay = 'state v:24 = 1000\nparam keep:16\nmulm v, v, keep, 12\n';
    expect(words(decay, { keep: 3000 }, 5)[0]).toBeCloseTo(1000 * (3000 / 4096) ** 5, 9);
    expect(words('state v:24 = 7\nshz v, v, 1\nneg v, v\n', {}, 2)[0]).toBe(1.75);
  });

  it('know no width: neither that of a state word nor that of a product', () => {
    expect(words('state v:8 = 100\nmul v, v, 1000000\n', {}, 2)[0]).toBe(1e14);
  });

  it('leave a random rounding a draw, whose mean is the quotient', () => {
    const rounded = (value: number, state = 'v:24', temporary = 'a, r'): number[] =>
      words(
        `state ${state}\ntemp ${temporary}\nmov a, ${value}\nrand r, 6\nadd a, a, r\nshr v, a, 6\n`,
        {},
        1,
        4000,
      );
    const drawn = rounded(16);
    expect(rounded(16, 'v:24, a:24', 'r')).toEqual(drawn); // where the sum is kept makes no difference
    expect(new Set(drawn)).toEqual(new Set([0, 1]));
    // 16/64, whose standard error over 4,000 draws is 0.0068.
    expect(drawn.reduce((a, b) => a + b, 0) / drawn.length).toBeCloseTo(0.25, 1);
    expect(new Set(rounded(128))).toEqual(new Set([2]));
  });
});
