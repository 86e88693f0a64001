// Values that registers cannot hold, and networks that cannot be: refused with the place, the value and the range.

import { describe, expect, it } from 'vitest';
import type {
  CompartmentParameters,
  CoreClass,
  Population,
  Projection,
} from '../../../host/network/network.ts';
import { chipWith } from '../../support/chips.ts';
import { userErrorOf } from '../../support/errors.ts';
import { pairNetwork } from '../../support/learning-pair.ts';
import { compileSmall, EXACT, SILENT, type SmallNetwork } from '../../support/small-network.ts';

function cells(
  compartment: Partial<CompartmentParameters>,
  coreClass: Partial<CoreClass> = {},
): SmallNetwork {
  return {
    coreClasses: [{ name: 'core', ...coreClass }],
    populations: [{ name: 'cells', size: 1, compartment: { ...SILENT, ...compartment } }],
  };
}

describe('HW 2.1 registers of a compartment', () => {
  const bias = (mantissa: number, exponent: number) => ({ bias: { mantissa, exponent } });
  it.each([
    ['decayU', { decayU: 0 }, { decayU: 4095 }, { decayU: -1 }, { decayU: 4096 }, [0, 4095]],
    ['decayV', { decayV: 0 }, { decayV: 4095 }, { decayV: -1 }, { decayV: 4096 }, [0, 4095]],
    [
      'the threshold mantissa',
      { threshold: 0 },
      { threshold: 131071 },
      { threshold: -1 },
      { threshold: 131072 },
      [0, 131071],
    ],
    ['the bias mantissa', bias(-4096, 0), bias(4095, 0), bias(-4097, 0), bias(4096, 0), [-4096, 4095]],
    ['the bias exponent', bias(1, 0), bias(4095, 7), bias(1, -1), bias(1, 8), [0, 7]],
    [
      'the refractory delay',
      { refractory: 1 },
      { refractory: 63 },
      { refractory: 0 },
      { refractory: 64 },
      [1, 63],
    ],
  ] as const)('%s', (what, low, high, below, above, limit) => {
    for (const fits of [low, high]) expect(() => compileSmall(cells(fits))).not.toThrow();
    for (const beyond of [below, above]) {
      const error = userErrorOf(() => compileSmall(cells(beyond)));
      expect(error.message).toContain(`population "cells": ${what} is `);
      expect(error.details).toMatchObject({ code: 'out-of-range', path: 'population "cells"', limit });
    }
  });

  it('are whole numbers', () => {
    expect(userErrorOf(() => compileSmall(cells({ threshold: 1.5 }))).details.got).toBe(1.5);
  });

  it.each([
    ['u at the start', 'u', -(2 ** 23), 2 ** 23 - 1],
    ['v at the start', 'v', -(2 ** 23), 2 ** 23 - 1],
    ['the refractory counter at the start', 'refractory', 0, 63],
  ] as const)('%s', (what, column, min, max) => {
    const started = (value: number): SmallNetwork => ({
      coreClasses: [{ name: 'core' }],
      populations: [
        { name: 'cells', size: 1, compartment: SILENT, start: { [column]: Int32Array.of(value) } },
      ],
    });
    for (const fits of [min, max]) expect(() => compileSmall(started(fits))).not.toThrow();
    for (const beyond of [min - 1, max + 1]) {
      const error = userErrorOf(() => compileSmall(started(beyond)));
      expect(error.message).toContain(`population "cells": ${what} is ${beyond}`);
      expect(error.details).toMatchObject({ code: 'out-of-range', limit: [min, max] });
    }
  });
});

describe('registers of a core', () => {
  const noise = (exponent: number) => ({
    noise: { exponent, mantissaOffset: 0, target: 'dendrite' as const },
  });
  it.each([
    ['negVmLimit', { negVmLimit: 0 }, { negVmLimit: 31 }, { negVmLimit: -1 }, { negVmLimit: 32 }, [0, 31]],
    ['posVmLimit', { posVmLimit: 0 }, { posVmLimit: 7 }, { posVmLimit: -1 }, { posVmLimit: 8 }, [0, 7]],
    ['the noise exponent', noise(1), noise(23), noise(0), noise(24), [1, 23]],
  ] as const)('%s', (what, low, high, below, above, limit) => {
    for (const fits of [low, high]) expect(() => compileSmall(cells({}, fits))).not.toThrow();
    for (const beyond of [below, above]) {
      const error = userErrorOf(() => compileSmall(cells({}, beyond)));
      expect(error.message).toContain(`core class "core": ${what} is `);
      expect(error.details).toMatchObject({ code: 'out-of-range', limit });
    }
  });
});

describe('joins that the chip does not have', () => {
  const joined = (join: Partial<Population['join'] & object>): SmallNetwork => ({
    populations: [
      { name: 'leaf', size: 1, compartment: SILENT },
      {
        name: 'root',
        size: 1,
        compartment: SILENT,
        join: { operation: 'pass', children: ['leaf'], ...join },
      },
    ],
  });
  const poor = chipWith({ compartment: { joins: ['skip', 'add'], stackOut: ['v'] } });

  it('are refused with those it has', () => {
    expect(() => compileSmall(joined({}))).not.toThrow();
    expect(userErrorOf(() => compileSmall(joined({}), poor)).message).toBe(
      'population "root": the join is pass; the chip has skip, add',
    );
    expect(userErrorOf(() => compileSmall(joined({ operation: 'add', push: 'u' }), poor)).message).toBe(
      'population "root": what its children push is u; the chip has v',
    );
  });
});

describe('learning that cannot be', () => {
  const pair = {
    build: 'release',
    rule: ['dw = x0*y1'],
    postTraces: { y1: { impulse: 1, tau: 1 } },
    steps: 2,
  } as const;

  it('refuses two pairs of pre traces for one axon', () => {
    const projection = (name: string, tau: number): Projection => ({
      name,
      from: 'in',
      to: 'cells',
      connection: { kind: 'all', weights: Int16Array.of(0) },
      synapse: EXACT,
      rule: 'rule',
      preTraces: { x1: { impulse: 1, tau } },
    });
    const network: SmallNetwork = {
      ports: [{ name: 'in', size: 1 }],
      rules: { rule: ['dw = x0*x1'] },
      populations: [{ name: 'cells', size: 1, compartment: SILENT }],
      projections: [projection('a', 1), projection('b', 2)],
    };
    const error = userErrorOf(() => compileSmall(network));
    expect(error.message).toBe(
      '"in" feeds "a" and "b" on one core through one axon, which has one pair of pre traces',
    );
    expect(error.details.code).toBe('pre-trace-conflict');
  });

  it('refuses post spikes of a parent that does not exist', () => {
    const tree = (children: string[]): SmallNetwork => ({
      ports: [{ name: 'in', size: 1 }],
      rules: { rule: ['dw = y0'] },
      populations: [
        { name: 'a', size: 1, compartment: SILENT, postSpikes: 'parent' },
        { name: 'b', size: 1, compartment: SILENT, postSpikes: 'parent' },
        ...(children.length === 0
          ? []
          : [{ name: 'root', size: 1, compartment: SILENT, join: { operation: 'add' as const, children } }]),
      ],
      projections: ['a', 'b'].map((to) => ({
        name: to,
        from: 'in',
        to,
        connection: { kind: 'all', weights: Int16Array.of(0) },
        synapse: EXACT,
        rule: 'rule',
      })),
    });
    expect(userErrorOf(() => compileSmall(tree(['a']))).message).toBe(
      'population "b" learns from its parent\'s spikes, but none pops it',
    );
    expect(() => compileSmall(tree(['a', 'b']))).not.toThrow();
  });

  it('refuses a schedule that changes more than coefficients', () => {
    const scheduled = (line: string) =>
      compileSmall(pairNetwork({ ...pair, entries: [{ step: 1, kind: 'rule', rule: 'rule', line }] }));
    expect(() => scheduled('dw = -3*2^-4*x0*y1')).not.toThrow();
    expect(userErrorOf(() => scheduled('dw = x0*y1 + x0')).message).toBe(
      'rule "rule": "dw = x0*y1 + x0" has 2 products and replaces 1',
    );
    for (const line of ['dw = y0*y1', 'dw = x0*y2', 'dw = x0'])
      expect(userErrorOf(() => scheduled(line)).message).toBe(
        `rule "rule": "${line}" has other gates or factors than the line it replaces; a schedule can change coefficients only`,
      );
  });
});
