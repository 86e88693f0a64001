// HW 4.2, 4.3, 4.6: products of a rule that are always 0 are refused by name; open questions that a network leans on
// are listed.

import { describe, expect, it } from 'vitest';
import { loadChip } from '../../../host/chip/load.ts';
import { PRESETS, type Semantics } from '../../../host/chip/semantics.ts';
import { compile } from '../../../host/compile/compile.ts';
import { checkLegality } from '../../../host/compile/legality.ts';
import { NetworkBuilder } from '../../../host/network/builder.ts';
import type { CoreClass, NativePopulation, Projection, SpikeWindow } from '../../../host/network/network.ts';
import { chipWith } from '../../support/chips.ts';
import { userErrorOf } from '../../support/errors.ts';
import { EXCITATORY, SILENT } from '../../support/small-network.ts';

interface Setup {
  readonly rule: readonly string[];
  readonly pre?: SpikeWindow;
  readonly post?: SpikeWindow;
  readonly x1?: { impulse: number; tau: number };
  readonly y1?: { impulse: number; tau: number };
  readonly core?: Partial<CoreClass>;
  readonly reward?: boolean;
  readonly projection?: Partial<Projection>;
  readonly population?: Partial<NativePopulation>;
}

const STEPS = 16;
const during = (first: number, last: number): SpikeWindow => ({ presentation: 'sample', first, last });

function check(setup: Setup, chip = chipWith()) {
  const builder = new NetworkBuilder('test', 1)
    .phase('forward')
    .phase('learning')
    .phase('management')
    .coreClass({ name: 'core', epochSteps: STEPS, ...setup.core })
    .port({ name: 'pre', size: 1, ...(setup.pre === undefined ? {} : { spikes: setup.pre }) })
    .port({ name: 'reward', size: 1 })
    .rule('rule', ...setup.rule)
    .population({
      name: 'post',
      size: 1,
      coreClass: 'core',
      compartment: SILENT,
      ...(setup.post === undefined ? {} : { spikes: setup.post }),
      ...(setup.y1 === undefined ? {} : { postTraces: { y1: setup.y1 } }),
      ...setup.population,
    })
    .project({
      name: 'plastic',
      from: 'pre',
      to: 'post',
      connection: { kind: 'all', weights: Int16Array.of(0) },
      synapse: EXCITATORY,
      rule: 'rule',
      ...(setup.x1 === undefined ? {} : { preTraces: { x1: setup.x1 } }),
      ...setup.projection,
    })
    .presentation('sample', STEPS);
  if (setup.reward) builder.reward({ from: 'reward', coreClass: 'core' });
  return compile(builder.build(), chip).legality;
}

/** Of a single silent compartment under the options of a preset. */
function legalityUnder(semantics: Semantics) {
  const network = new NetworkBuilder('test', 1)
    .phase('learning')
    .phase('management')
    .coreClass({ name: 'core' })
    .population({ name: 'cell', size: 1, coreClass: 'core', compartment: SILENT })
    .presentation('sample', 1)
    .build();
  return checkLegality(network, chipWith({ semantics }));
}

const messageOf = (setup: Setup) => userErrorOf(() => check(setup)).message;
const FAST = { impulse: 100, tau: 0.5 };
const SLOW = { impulse: 100, tau: 100 };

describe('HW 4.2 reads of traces', () => {
  it('refuses an x0-gated read of a post trace that can only rise later', () => {
    const timed = { pre: during(0, 3), post: during(8, 11), y1: FAST };
    const error = userErrorOf(() => check({ ...timed, rule: ['dw = y0*w + 2^-2*x0*y1'] }));
    // 5 steps from the last post spike of the presentation before to the first pre spike: 100 exp(-5/0.5).
    expect(error.message).toBe(
      'rule "rule" on "plastic": product "2^-2*x0*y1" is always 0: gated by x0 it reads y1 at the pre spike (steps 0-3 of "sample"), but the spikes that drive y1 come in steps 8-11, and what is left of the presentation before is 4.5e-3',
    );
  });
  it.each([
    ['a trace that lasts into the next presentation', { y1: SLOW }, 'dw = x0*y1'],
    ['the same trace under the gate of the later spike', { y1: FAST, x1: SLOW }, 'dw = y0*x1'],
    ['the same trace at the end of the epoch', { y1: { impulse: 100, tau: 4 } }, 'dw = u0*y1'],
  ] as const)('accepts %s', (_, traces, rule) => {
    expect(() => check({ pre: during(0, 3), post: during(8, 11), ...traces, rule: [rule] })).not.toThrow();
  });

  it('refuses a read after the trace has decayed', () => {
    const late = { pre: during(0, 1), post: during(14, 15), x1: { impulse: 10, tau: 1 } };
    expect(messageOf({ ...late, rule: ['dw = y0*x1'] })).toContain(
      'product "y0*x1" is always 0: gated by y0 it reads x1 at the post spike (steps 14-15 of "sample"), but the spikes that drive x1 come in steps 0-1 and have decayed by then',
    );
    expect(() => check({ ...late, x1: { impulse: 10, tau: 2 }, rule: ['dw = y0*x1'] })).not.toThrow();
  });

  it('refuses a trace without an impulse', () => {
    expect(messageOf({ rule: ['dw = x0*y2'] })).toContain('product "x0*y2" is always 0: y2 has no impulse');
    expect(messageOf({ rule: ['dw = y0*x1'], x1: { impulse: 0, tau: 3 } })).toContain('x1 has no impulse');
  });

  it('knows nothing without spike windows, and refuses nothing', () => {
    expect(() => check({ rule: ['dw = x0*y1'], y1: FAST })).not.toThrow();
  });

  it('asks for windows within a presentation that exists', () => {
    expect(messageOf({ rule: ['dw = x0'], pre: { presentation: 'sampel', first: 0, last: 1 } })).toBe(
      '"pre": no presentation is named "sampel"; did you mean "sample"?',
    );
    for (const [first, last] of [
      [-1, 3],
      [5, 4],
      [0, 16],
    ] as const)
      expect(messageOf({ rule: ['dw = x0'], pre: during(first, last) })).toBe(
        `"pre": spike window ${first}-${last} is not within 0-15`,
      );
  });
});

describe('HW 4.3 flags that are cleared at the end of an epoch', () => {
  const halves = {
    core: { epochSteps: STEPS / 2 },
    pre: during(0, 3),
    post: during(8, 11),
    y1: SLOW,
    x1: FAST,
  };

  it('refuses x0 beside an error of a later epoch, and names the epochs', () => {
    // The signed sum over two epochs, (u0 - 2*u1)*x0*y0: the input is gone when the error comes.
    expect(messageOf({ ...halves, rule: ['dw = u0*x0*y0 - 2*u1*x0*y0'] })).toBe(
      'rule "rule" on "plastic": product "u0*x0*y0" is always 0: spikes of "pre" come in steps 0-3 of "sample", those of "post" in steps 8-11, and in no learning epoch of 8 steps is there something of all that it reads',
    );
    expect(messageOf({ ...halves, rule: ['dw = x0*y0'] })).toContain('"x0*y0" is always 0');
    expect(messageOf({ ...halves, rule: ['dw = u0*x1*y0'] })).toContain('"u0*x1*y0" is always 0');
  });

  it('accepts what the legal ways give: one epoch, a trace that lasts, the input again', () => {
    const product = ['dw = u0*x0*y0'];
    expect(check({ ...halves, core: {}, rule: product }).chip).toBe('loihi1');
    expect(check({ ...halves, x1: SLOW, rule: ['dw = u0*x1*y0'] }).chip).toBe('loihi1');
    expect(check({ ...halves, pre: during(0, 9), rule: product }).chip).toBe('loihi1');
    // What is left of the error of the presentation before.
    expect(check({ ...halves, rule: ['dw = u0*x0*y1'] }).chip).toBe('loihi1');
    expect(messageOf({ ...halves, y1: FAST, rule: ['dw = u0*x0*y1'] })).toContain('is always 0');
  });
});

describe('HW 4.6 reads of rewards', () => {
  const reward = { impulse: 1, tau: 0 };

  it('refuses r1 without a reward trace, and r0 and r1 without a channel', () => {
    expect(messageOf({ rule: ['dw = x0*r1'], reward: true })).toContain(
      'core class "core" has no reward trace',
    );
    for (const rule of ['dw = x0*r0', 'dw = x0*r1'])
      expect(messageOf({ rule: [rule], core: { reward } })).toContain(
        'no reward channel reaches core class "core"',
      );
    expect(() => check({ rule: ['dw = x0*r1 + y0*r0'], core: { reward }, reward: true })).not.toThrow();
  });
});

describe('HW 4.1 reads of t and d', () => {
  it('refuses a tag or a delay that starts at 0 and never changes', () => {
    for (const variable of ['t', 'd'] as const) {
      expect(messageOf({ rule: [`dw = x0*${variable}`] })).toContain(
        `product "x0*${variable}" is always 0: ${variable} starts at 0 and no line of the rule changes it`,
      );
      expect(() => check({ rule: [`dw = x0*${variable}`, `d${variable} = x0`] })).not.toThrow();
      expect(() => check({ rule: [`dw = x0*(${variable}+2)`] })).not.toThrow();
    }
    expect(() =>
      check({ rule: ['dw = x0*d'], projection: { synapse: { ...EXCITATORY, delay: 3 } } }),
    ).not.toThrow();
  });
});

describe('HW 4.7 post spikes that are switched off', () => {
  it('refuses whatever reads them', () => {
    const off = { population: { postSpikes: 'none' as const } };
    for (const rule of ['dw = y0', 'dw = x0*y1', 'dw = u0*x0*y0'])
      expect(messageOf({ ...off, y1: SLOW, rule: [rule] })).toMatch(/has postSpikes none$/);
    expect(() => check({ ...off, rule: ['dw = x0'] })).not.toThrow();
  });
});

describe('extensions', () => {
  const rule = ['dw = x0*y0'];
  const under = (changes: Parameters<typeof chipWith>[0], setup: Partial<Setup> = {}) =>
    check({ rule, ...setup }, chipWith(changes)).extensions;

  it('are none of the shipped chips as they are', () => {
    for (const name of ['loihi1', 'loihi1-davies', 'loihi2'])
      expect(check({ rule }, loadChip(name).chip).extensions).toEqual([]);
    expect(check({ rule }, loadChip('loihi1-idle-skip').chip).extensions[0]).toMatch(
      /^learning\.skipEpochWithoutError: /,
    );
  });

  it('are options by which no documented chip computes, if they matter', () => {
    expect(under({ semantics: { ruleUnit: 'one' } })).toEqual([
      expect.stringMatching(/^semantics\.ruleUnit one: /),
    ]);
    expect(under({ semantics: { secondSpikeFraction: 'up' } })).toEqual([]);
    expect(under({ semantics: { secondSpikeFraction: 'up' } }, { y1: SLOW, rule: ['dw = x0*y1'] })).toEqual([
      expect.stringMatching(/^semantics\.secondSpikeFraction up: /),
    ]);
  });

  it('are presets, by their names', () => {
    for (const [name, semantics] of Object.entries(PRESETS)) {
      const { extensions } = legalityUnder(semantics);
      const named = extensions.filter((text) => text.startsWith(`semantics.preset ${name}: `));
      expect(named).toHaveLength(name === 'hardware' ? 0 : 1);
    }
  });

  it('are not other readings of a conflict: those are assumptions', () => {
    const legality = check({ rule }, chipWith({ semantics: { weightRead: 'late', spikeTest: 'ge' } }));
    expect(legality.extensions).toEqual([]);
    expect(legality.assumptions).toContainEqual(
      expect.stringMatching(/^semantics\.spikeTest ge instead of gt \(HW 2\.2\): /),
    );
    expect(legality.assumptions).toContain(
      'a spike that meets a learning epoch reads the weight after it (C22, semantics.weightRead)',
    );
  });

  it('are rules with more than one decimation, over all that they change', () => {
    const gated = (lines: string[]) => check({ y1: SLOW, rule: lines }).extensions;
    expect(gated(['dw = u2*y1 - 2*u2*y1', 'dt = u2*y1'])).toEqual([]);
    expect(gated(['dw = u2*y1', 'dt = u0*y1 - x0*y1'])).toEqual([
      'rule "rule" is gated by u0 and u2: a chip has one decimation exponent per rule',
    ]);
  });

  it('are parts of a network that only models have', () => {
    const network = new NetworkBuilder('test', 1)
      .phase('learning')
      .phase('management')
      .coreClass({ name: 'core' })
      .port({ name: 'values', size: 1, values: true })
      .population({
        name: 'cell',
        size: 1,
        coreClass: 'core',
        compartment: SILENT,
        columns: { threshold: Int32Array.of(7) },
      })
      .wire({ from: 'values', to: 'cell' })
      .presentation('sample', 1)
      .build();
    expect(compile(network, chipWith()).legality.extensions).toEqual([
      'parameters of single compartments ("cell"): a chip shares them by profile',
      'ports of values ("values"): an embedded processor can inject spikes',
      'wires ("values" to "cell"): a spike of a chip arrives in a later step',
    ]);
  });
});

describe('assumptions', () => {
  const assumptionsOf = (setup: Setup) => check(setup).assumptions.join('\n');

  it('are few for a plain rule', () => {
    expect(check({ rule: ['dw = x0*y0'] })).toEqual({
      chip: 'loihi1',
      extensions: [],
      assumptions: [
        'a learning epoch visits every plastic synapse: energy and time only [HW 8.1] (learning.visits)',
        'a spike that meets a learning epoch reads the weight before it (C22, semantics.weightRead)',
        "rounding draws the emulator's own random numbers (U1, semantics.random)",
      ],
    });
  });

  it('name what open questions the network leans on', () => {
    expect(assumptionsOf({ rule: ['dw = u0*x0'] })).toContain(
      'x0 can be a factor of a product that is gated by u<k>',
    );
    expect(
      assumptionsOf({ rule: ['dw = x0*r1'], core: { reward: { impulse: 1, tau: 0 } }, reward: true }),
    ).toContain('r0 and r1 are updated at the end of the epoch, before the rules (U6, semantics.rewardTime)');
    expect(assumptionsOf({ rule: ['dw = x0'], core: { negVmLimit: 0 } })).toContain('negVmLimit 0');
    expect(
      assumptionsOf({
        rule: ['dw = x0'],
        core: { noise: { exponent: 7, mantissaOffset: 0, target: 'dendrite' } },
      }),
    ).toContain('compartment noise is one draw per enabled compartment and step (U1, semantics.random)');
  });

  it('say when rewards count, and which traces pause', () => {
    const rewarded: Setup = { rule: ['dw = x0*r1'], core: { reward: { impulse: 1, tau: 0 } }, reward: true };
    expect(check(rewarded, chipWith({ semantics: { rewardTime: 'spike' } })).assumptions).toContain(
      'r0 and r1 are updated at each reward spike, before the rules (U6, semantics.rewardTime)',
    );
    const keeps =
      'traces of a projection of its own keep their values while learning is switched off, unlike the others';
    const decaying = chipWith({ semantics: { pausedTraces: 'decay' } });
    const paused: Setup = { rule: ['dw = x1*y0'], x1: { impulse: 16, tau: 4 }, core: { learning: false } };
    const own: Setup = { ...paused, projection: { own: { epochSteps: STEPS, postSpikes: 'post' } } };
    expect(check(paused, decaying).assumptions).not.toContain(keeps);
    expect(check(own, decaying).assumptions).toContain(keeps);
    expect(check(own).assumptions).not.toContain(keeps);
  });

  it('name compartments that spike and push, and what the author says', () => {
    const network = new NetworkBuilder('test', 1)
      .phase('learning')
      .phase('management')
      .coreClass({ name: 'core' })
      .population({ name: 'leaf', size: 1, coreClass: 'core', compartment: SILENT })
      .population({
        name: 'root',
        size: 1,
        coreClass: 'core',
        compartment: SILENT,
        join: { operation: 'add', children: ['leaf'] },
      })
      .assume('the author says so')
      .presentation('sample', 1)
      .build();
    expect(compile(network, chipWith()).legality.assumptions).toEqual([
      'a compartment that can spike itself ("leaf") pushes its voltage to its parent, as stored after the reset (U2, semantics.joinPush)',
      'the author says so',
    ]);
  });
});
