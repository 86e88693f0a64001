// Learning schemes for MNIST that look as if a chip could do them: every step of them that Loihi 1 cannot do is refused
// by name, with the reason and a legal way; what is possible and costs something is counted or listed. [HW 2.4], [HW 4]

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lint } from '../../../host/commands/lint.ts';
import { compile } from '../../../host/compile/compile.ts';
import type { ProductVerdict } from '../../../host/compile/legality.ts';
import { UserError } from '../../../host/errors.ts';
import { readNetworkFile } from '../../../host/import/network-file.ts';
import { chipWith } from '../../support/chips.ts';
import { run, temporaryFolder } from '../../support/command-line.ts';
import { userErrorOf } from '../../support/errors.ts';

/** Input in steps 0..3 of a sample of 16, errors in steps 8..11; a dendrite that hears of them, and its soma. */
const NETWORK = `
network: sample
coreClasses:
  core: { epochSteps: 16 }
ports:
  image: { size: 2, spikes: { presentation: sample, first: 0, last: 3 } }
populations:
  error: { size: 1, compartment: { threshold: 100 }, spikes: { presentation: sample, first: 8, last: 11 } }
  dendrite:
    size: 1
    compartment: { decayV: 4095, threshold: 100 }
    spikes: { presentation: sample, first: 9, last: 12 }
    postTraces: { y1: { impulse: 100, tau: 0.4 } }
  soma:
    size: 1
    compartment: { threshold: 100 }
    join: { operation: add, children: [dendrite] }
    spikes: { presentation: sample, first: 1, last: 6 }
rules:
  rule: dw = y0*x1
projections:
  feedback: { from: error, to: dendrite, oneToOne: 100 }
  plastic:
    from: image
    to: dendrite
    weights: [[0], [0]]
    rule: rule
    preTraces: { x1: { impulse: 16, tau: never } }
presentations:
  sample: { steps: 16 }
`;

type Change = readonly [from: string, to: string];

interface Step {
  readonly step: string;
  readonly changes: readonly Change[];
  readonly code: string;
  readonly says: RegExp;
  readonly instead: RegExp;
}

const LASTS = 'x1: { impulse: 16, tau: never }';
const RULE = 'dw = y0*x1';

const REFUSED: readonly Step[] = [
  {
    step: 'dW1 = x0 * error: the error does not exist yet when the input spikes (causality)',
    changes: [[RULE, 'dw = x0*y1']],
    code: 'not-causal',
    says: /product "x0\*y1" is always 0: gated by x0 it reads y1 at the pre spike \(steps 0-3/,
    instead: /gate it by the later spike, .*\(y0\*x1\), or read both at the end of the epoch \(u0\*x1\*y1\)/,
  },
  {
    step: 'sleep, y0*x1: the answer comes after the post spike that should read it (causality)',
    changes: [
      ['from: image\n', 'from: error\n'],
      ['[[0], [0]]', '[[0]]'],
      ['first: 9, last: 12', 'first: 0, last: 5'],
      [LASTS, 'x1: { impulse: 16, tau: 0.5 }'],
    ],
    code: 'not-causal',
    says: /gated by y0 it reads x1 at the post spike \(steps 0-5 .*spikes that drive x1 come in steps 8-11/,
    instead: /gate it by the later spike/,
  },
  {
    step: 'sleep, x1 of a signed answer: traces have no sign',
    changes: [[LASTS, 'x1: { impulse: -16, tau: never }']],
    code: 'unsigned-trace',
    says: /the impulse is -16; traces have no sign/,
    instead: /two populations, one for each sign/,
  },
  {
    step: '(u0 - 2*u1)*x0*y0: x0 is cleared after the first of the two learning epochs (sign)',
    changes: [
      ['epochSteps: 16', 'epochSteps: 8'],
      [RULE, 'dw = u0*x0*y0 - 2*u1*x0*y0'],
    ],
    code: 'cleared-flag',
    says: /product "u0\*x0\*y0" is always 0: .* in no learning epoch of 8 steps/,
    instead: /present the input again in the later epoch, or read a trace that lasts/,
  },
  {
    step: 'a weight on the soma that learns from the spikes of the dendrite below it (post traces)',
    changes: [
      ['    to: dendrite\n    weights', '    to: soma\n    weights'],
      ['    join:', '    postSpikes: dendrite\n    join:'],
    ],
    code: 'post-spikes',
    says: /post spikes of "dendrite": a synapse sees those of its own compartment \(self\) or of the one that pops it/,
    instead: /a child of the one whose spikes it needs; put a second copy of the synapses there/,
  },
  {
    step: 'Kolen-Pollack: one synapse that reads the counts of soma and dendrite at once (post traces)',
    changes: [
      [
        '    size: 1\n    compartment: { decayV',
        '    size: 1\n    postSpikes: self and parent\n    compartment: { decayV',
      ],
    ],
    code: 'post-spikes',
    says: /post spikes of "self and parent"/,
    instead: /second copy of the synapses/,
  },
  {
    step: 'symmetric feedback that reads the forward weights (locality)',
    changes: [[RULE, 'dw = y0*x0*W2']],
    code: 'bad-rule',
    says: /unknown variable "W2"/,
    instead:
      /a rule reads what its own synapse has at hand: .*the weight of another synapse .* reaches it only as spikes/s,
  },
  {
    step: 'a tag whose exact carry moves into the weight',
    changes: [[RULE, 'dw = u6*carry(t)']],
    code: 'bad-rule',
    says: /"carry" is no function of the chip; it has sgn\(\) of w, d and t/,
    instead: /what is rounded away is not carried over/,
  },
  {
    step: 'the decay of sleep as a difference of two variables in one factor, y0*(x1 - w)',
    changes: [[RULE, 'dw = y0*(x1 - w)']],
    code: 'bad-rule',
    says: /a constant can be added to w, d and t only, not to x1/,
    instead: /two products: y0\*x1 - y0\*w/,
  },
  {
    step: 'errors with a sign or a size on one spike (graded errors, graded input)',
    changes: [['oneToOne: 100 }', 'oneToOne: 100, graded: true }']],
    code: 'binary-spikes',
    says: /projection "feedback" is graded: spikes of chip loihi1 are binary and carry no number or sign/,
    instead: /a sign by a second population with mirrored synapses; .*--chip loihi2/,
  },
  {
    step: 'noise of exactly the size of a threshold of 100: amplitudes are powers of two',
    changes: [
      ['epochSteps: 16', 'epochSteps: 16, noise: { exponent: 6.65, mantissaOffset: 0, target: dendrite }'],
    ],
    code: 'noise-granularity',
    says: /the noise exponent is 6\.65; noise is a draw times a whole power of two, one for all compartments of a core/,
    instead: /scale thresholds and weights to the noise/,
  },
  {
    step: 'sleep spikes or dropout with a probability below that of one draw',
    changes: [
      ['epochSteps: 16', 'epochSteps: 16, noise: { exponent: 14, mantissaOffset: 0, target: membrane }'],
      [
        'error: { size: 1, compartment: { threshold: 100 }',
        'error: { size: 1, compartment: { threshold: 256, decayU: 4095, decayV: 4095, noise: true }',
      ],
    ],
    code: 'noise-too-fine',
    says: /population "error" never fires: its noise is 16256 at most and its threshold 16384; .* 1 of 255 steps/,
    instead: /two noisy compartments under a join AND .* or inject counted spikes through a port/,
  },
  {
    step: 'noise of two sizes in one tree',
    changes: [
      [
        'epochSteps: 16 }',
        'epochSteps: 16 }\n  quiet: { epochSteps: 16, noise: { exponent: 10, mantissaOffset: 0, target: membrane } }',
      ],
      ['  soma:\n    size: 1\n', '  soma:\n    size: 1\n    coreClass: quiet\n'],
    ],
    code: 'bad-network',
    says: /child "dendrite" is in another core class; a tree lies on one core and shares its noise, limits and learning epoch/,
    instead: /^$/,
  },
  {
    step: 'a hidden current without any decay beside one that forgets all: 0 and 4096 exclude each other',
    changes: [
      [
        'threshold: 100 }, spikes: { presentation: sample, first: 8',
        'threshold: 100, decayU: 4096 }, spikes: { presentation: sample, first: 8',
      ],
    ],
    code: 'out-of-range',
    says: /decayU is 4096; the chip has 0\.\.4095, and a core adds its offset bit dsOffset to all of them/,
    instead: /with dsOffset 0 .* nothing lost: one core has one of the two/,
  },
];

const folder = temporaryFolder();
let files = 0;

function written(changes: readonly Change[]): string {
  let text = NETWORK;
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  const file = join(folder, `net${files++}.yaml`);
  writeFileSync(file, text);
  return file;
}

describe('steps of a learning scheme that Loihi 1 cannot do', () => {
  it('has the network that they change: legal as it is', () => {
    expect(compile(readNetworkFile(written([])), chipWith()).legality.extensions).toEqual([]);
  });

  it.each(REFUSED)('$step: refused by compile', ({ changes, code, says, instead }) => {
    const error = userErrorOf(() => compile(readNetworkFile(written(changes)), chipWith()));
    expect(error.message).toMatch(says);
    expect(error.details.code).toBe(code);
    expect(error.details.hint ?? '').toMatch(instead);
  });

  it.each(REFUSED)('$step: refused by lint in the same words', async ({ changes, code, instead }) => {
    const json = join(folder, 'lint.json');
    const options = { chip: 'loihi1', data: 'digits', set: [], json };
    const ended = await lint(written(changes), options).catch((error: unknown) => error);
    // What is wrong with the file as it is read ends it at once; what the chip cannot do is listed.
    if (ended instanceof UserError) {
      expect(ended.details.code).toBe(code);
      expect(ended.details.hint ?? '').toMatch(instead);
      return;
    }
    expect(ended).toBe('refused');
    const { products, problem } = JSON.parse(readFileSync(json, 'utf8')) as {
      readonly products: readonly ProductVerdict[];
      readonly problem?: { readonly code: string; readonly hint?: string };
    };
    const refusals = products.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal]));
    const found = problem === undefined ? refusals[0] : { code: problem.code, instead: problem.hint };
    expect(found?.code).toBe(code);
    expect(found?.instead ?? '').toMatch(instead);
  });

  it('end the commands as wrong input or as refused, without a stack', async () => {
    const graded = REFUSED.find(({ code }) => code === 'binary-spikes')!;
    const sign = REFUSED.find(({ code }) => code === 'post-spikes')!;
    const listed = await run(['lint', written(graded.changes)], folder);
    expect(listed.code).toBe(1);
    expect(listed.stdout).toMatch(
      /refused: projection "feedback" is graded: .* \(binary-spikes\)\n {2}instead: send/,
    );
    const wrong = await run(['compile', written(sign.changes)], folder);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(
      /net\d+\.yaml:\d+:\d+: post spikes of "dendrite": .*\n {2}make its compartment a child/,
    );
  });
});

describe('steps that are possible and are told', () => {
  it('a learning epoch that costs nothing without an error is an extension', () => {
    const chip = chipWith({ learning: { skipEpochWithoutError: true } });
    expect(compile(readNetworkFile(written([])), chip).legality.extensions).toEqual([
      'learning.skipEpochWithoutError: a learning epoch without a post spike on its core takes neither energy nor time',
    ]);
  });

  it('a reset of u and v for each sample is so many management writes, a new learning rate a microcode swap', async () => {
    const schedule =
      'steps: 16, schedule: [{ step: 0, reset: soma }, { step: 0, reset: dendrite }, { step: 5, rule: rule, line: dw = 2*y0*x1 }]';
    const { stdout } = await run(['run', written([['steps: 16', schedule]]), '--json', '-'], folder);
    const { counts, hostWeightWrites } = JSON.parse(stdout);
    expect(counts).toMatchObject({ managementWrites: 3, microcodeSwaps: 1 });
    expect(hostWeightWrites).toBe(0);
  });

  it('voltages that the host reads are counted', async () => {
    const read = async (...probes: string[]) => {
      const { stdout } = await run(
        ['run', written([]), '--json', '-', '--out', join(folder, 'out'), ...probes],
        folder,
      );
      return JSON.parse(stdout).hostStateReads as number;
    };
    expect((await read('--probe', 'soma.v')) - (await read())).toBe(16);
  });
});
