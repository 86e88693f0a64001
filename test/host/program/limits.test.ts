// Neuron programs against the limits of a chip. [HW 7], U7

import { describe, expect, it } from 'vitest';
import { loadChip } from '../../../host/chip/load.ts';
import type { Chip } from '../../../host/chip/schema.ts';
import type { ProgramUse, Projection } from '../../../host/network/network.ts';
import { userErrorOf } from '../../support/errors.ts';
import { LOIHI2 } from '../../support/program-machine.ts';
import { compileSmall, EXACT, type SmallNetwork } from '../../support/small-network.ts';

const LOIHI1: Chip = loadChip('loihi1').chip;

function limited(program: Partial<Chip['program']>): Chip {
  return { ...LOIHI2, program: { ...LOIHI2.program, ...program } };
}

function network(program: ProgramUse, size = 2): SmallNetwork {
  return { populations: [{ name: 'cells', size, program }] };
}

function complaint(setup: SmallNetwork, chip: Chip): string {
  return userErrorOf(() => compileSmall(setup, chip)).toString();
}

const TEXT =
  'port x, y\nparam k:u5, m:8\nstate v:24\ntable T = 1, 2\ntemp t\nadd t, x, y\nif t\n send t\nend';
const USE: ProgramUse = { text: TEXT, parameters: { k: 31, m: [1, -2] } };

describe('limits of neuron programs', () => {
  it('are there on chips with programs only', () => {
    expect(complaint(network(USE), LOIHI1)).toContain(
      'population "cells": chip loihi1 has no neuron programs, its compartment is fixed [HW 7]',
    );
    expect(complaint(network(USE), LOIHI1)).toContain('--chip loihi2');
  });

  it.each([
    [{ instructions: 3 }, { instructions: 2 }, '3 instructions; the chip has 2'],
    [{ stateBytes: 4 }, { stateBytes: 3 }, '4 bytes of state and own parameters; the chip has 3'],
    [{ sharedParameters: 1 }, { sharedParameters: 0 }, '1 shared parameters; the chip has 0'],
    [{ temporaries: 1 }, { temporaries: 0 }, '1 temporaries; the chip has 0'],
    [{ ports: 2 }, { ports: 1 }, '2 input ports; the chip has 1'],
    [{ tableWords: 2 }, { tableWords: 1 }, '2 table words; the chip has 1'],
  ])('%j is enough, %j is not', (enough, tooFew, message) => {
    expect(compileSmall(network(USE), limited(enough)).cores).toHaveLength(1);
    expect(complaint(network(USE), limited(tooFew))).toContain(message);
  });

  it('neuron memory and accumulators of all ports decide how many compartments a core holds', () => {
    const { cores } = compileSmall(network({ text: TEXT, parameters: { k: 1, m: 1 } }, 100), LOIHI2);
    const use = (resource: string): number | undefined =>
      cores[0]!.use.find((item) => item.resource === resource)?.used;
    expect(use('neuronMemory')).toBe(300);
    expect(use('programInstructions')).toBe(3);
    expect(use('dendriticAccumulators')).toBe(100 * 2 * 8);
    const many = compileSmall(
      network({ text: TEXT, parameters: { k: 1, m: 1 } }, 100),
      limited({ neuronMemory: 299 }),
    );
    expect(many.cores).toHaveLength(2);
  });

  it('post traces and payloads need a chip that has them', () => {
    const traces = network({ text: 'y1 3' });
    const noTraces = { ...LOIHI2, learning: { ...LOIHI2.learning, postTracesFromProgram: false } };
    expect(complaint(traces, noTraces)).toContain('its program writes post traces, which chip loihi2');
    const binary = { ...LOIHI2, routing: { ...LOIHI2.routing, spikePayload: 0 } };
    expect(complaint(network(USE), binary)).toContain('its program sends payloads');
    expect(compileSmall(network({ text: 'send' }), binary).cores).toHaveLength(1);
  });

  it.each([
    [{ k: 32, m: 1 }, 'parameter "k" is 32; its width allows 0..31'],
    [{ k: -1, m: 1 }, 'parameter "k" is -1'],
    [{ k: 1, m: [1, 128] }, 'parameter "m" is 128; its width allows -128..127'],
    [{ k: 1, m: 0.5 }, 'parameter "m" is 0.5'],
    [{ k: 1 }, 'gives no value for parameter "m"'],
    [{ k: 1, m: 1, kk: 1 }, 'its program has no parameter "kk"; did you mean "k"?'],
    [{ k: 1, m: [1] }, 'has 1 values of "m" for 2 compartments'],
  ])('refuses the parameters %j', (parameters, message) => {
    expect(
      complaint(network({ text: TEXT, parameters: parameters as ProgramUse['parameters'] & object }), LOIHI2),
    ).toContain(message);
  });

  it('refuses start values out of a word, words that do not exist, and text that does not assemble', () => {
    const start = (initial: Record<string, number>) => network({ ...USE, initial });
    expect(complaint(start({ v: 2 ** 23 }), LOIHI2)).toContain('the start value of "v" is 8388608');
    expect(complaint(start({ w: 0 }), LOIHI2)).toContain('its program has no state word "w"');
    expect(complaint(network({ text: 'ad v, v' }), LOIHI2)).toContain('program "cells", line 1');
  });

  it('refuses projections to ports that do not exist', () => {
    const into = (program: ProgramUse, port: string | undefined): SmallNetwork => ({
      ...network(program),
      ports: [{ name: 'in', size: 1 }],
      projections: [
        {
          name: 'p',
          from: 'in',
          to: 'cells',
          ...(port === undefined ? {} : { port }),
          connection: { kind: 'uniform', weight: 2 },
          synapse: EXACT,
        },
      ],
    });
    expect(complaint(into(USE, 'z'), LOIHI2)).toContain(
      'projection "p": the program of "cells" has no port "z"',
    );
    expect(complaint(into({ text: 'send' }, undefined), LOIHI2)).toContain('has no input port');
    const native: SmallNetwork = {
      ...into(USE, 'x'),
      populations: [{ name: 'cells', size: 2, compartment: { decayU: 0, decayV: 0, threshold: 1 } }],
    };
    expect(complaint(native, LOIHI2)).toContain('"cells" runs no program and has no port "x"');
  });

  it('traces that a program writes are not for synapses with payloads', () => {
    const learning = (projection: Partial<Projection>): SmallNetwork => ({
      ...network({ text: 'port x\ny2 x' }),
      rules: { learn: ['dw = x0*y2'] },
      ports: [{ name: 'in', size: 1 }],
      projections: [
        {
          name: 'p',
          from: 'in',
          to: 'cells',
          connection: { kind: 'uniform', weight: 2 },
          synapse: EXACT,
          rule: 'learn',
          ...projection,
        },
      ],
    });
    expect(compileSmall(learning({}), LOIHI2).cores).toHaveLength(1);
    expect(complaint(learning({ graded: true }), LOIHI2)).toContain(
      'projection "p": a post trace that the program of "cells" writes cannot be combined with payloads',
    );
  });
});
