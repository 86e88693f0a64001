// HW 2.5: dendritic trees of several levels, and the stack on which they pass values on.

import { describe, expect, it } from 'vitest';
import { compile } from '../../host/compile/compile.ts';
import type { Join, NativePopulation } from '../../host/network/network.ts';
import { chipWith } from '../support/chips.ts';
import { userErrorOf } from '../support/errors.ts';
import {
  BUILDS,
  buildNetwork,
  compileSmall,
  EXACT,
  run,
  type SmallNetwork,
} from '../support/small-network.ts';

type Branch = Omit<NativePopulation, 'coreClass'>;

const SIZE = 11;
/** Forgets u and v at once, with dmOffset 1: v is what the step brought. */
const forgetful = chipWith({ compartment: { dmOffset: 1 } });

function branch(
  name: string,
  mantissa: number,
  children: string[] = [],
  operation: Join['operation'] = 'add',
): Branch {
  return {
    name,
    size: SIZE,
    compartment: {
      decayU: 4095,
      decayV: 4095,
      threshold: 131071,
      thresholdOp: 'saturate',
      bias: { mantissa, exponent: 6 },
    },
    ...(children.length === 0 ? {} : { join: { operation, children } }),
  };
}

/** A tree in which every compartment pops two, `levels` levels below its root. */
function complete(levels: number): Branch[] {
  const populations: Branch[] = [];
  const grow = (name: string, below: number): string => {
    const children = below === 0 ? [] : [grow(`${name}l`, below - 1), grow(`${name}r`, below - 1)];
    populations.push(branch(name, 1, children));
    return name;
  };
  grow('n', levels);
  return populations;
}

describe.each(BUILDS)('HW 2.5 trees, %s build', (build) => {
  const rootV = (populations: Branch[], name: string) =>
    run({ populations }, { build, chip: forgetful, steps: 2, watch: [[name, 'v']] }).probes[`${name} v`];

  it('pass values over any number of levels within the step', () => {
    const chain = Array.from({ length: 12 }, (_, i) => branch(`c${i}`, i + 1, i === 0 ? [] : [`c${i - 1}`]));
    const sum = (12 * 13) / 2;
    expect(rootV(chain, 'c11')).toEqual([Array(SIZE).fill(64 * sum), Array(SIZE).fill(64 * sum)]);
  });

  it('add up all compartments of a complete tree', () => {
    expect(rootV(complete(4), 'n')![0]).toEqual(Array(SIZE).fill(64 * 31));
  });

  it('gate a whole branch: PASS below ADD', () => {
    const tree = (open: number) => [
      branch('gate', open),
      branch('branch', 5, ['gate'], 'pass'),
      branch('other', 7),
      branch('root', 1, ['branch', 'other']),
    ];
    expect(rootV(tree(1), 'root')![0]![0]).toBe(64 * 13);
    expect(rootV(tree(0), 'root')![0]![0]).toBe(64 * 8);
  });

  it('give both children the spikes of their parent as post spikes', () => {
    const plastic = (to: string) => ({
      name: `into ${to}`,
      from: 'pre',
      to,
      connection: { kind: 'all' as const, weights: new Int16Array(SIZE) },
      synapse: EXACT,
      rule: 'rule',
    });
    const listening = (name: string, postSpikes: 'parent' | 'self') => ({ ...branch(name, 0), postSpikes });
    const network = (second: 'parent' | 'self'): SmallNetwork => ({
      ports: [{ name: 'pre', size: 1 }],
      rules: { rule: ['dw = 2*y0'] },
      populations: [
        listening('a', 'parent'),
        listening('b', second),
        {
          ...branch('soma', 100, ['a', 'b']),
          compartment: { decayU: 4095, decayV: 4095, threshold: 10, bias: { mantissa: 100, exponent: 6 } },
        },
      ],
      projections: [plastic('a'), plastic('b')],
    });
    const weights = (second: 'parent' | 'self') => {
      const { small } = run(network(second), { build, steps: 3 });
      return ['a', 'b'].map((to) => new Set(small.weights(`into ${to}`)));
    };
    expect(weights('parent')).toEqual([new Set([6]), new Set([6])]);
    // Without back-propagation: a compartment that never fires itself sees no post spike.
    expect(weights('self')).toEqual([new Set([6]), new Set([0])]);
  });
});

describe('HW 2.5 the stack', () => {
  const fits = (populations: Branch[], stackDepth: number) =>
    compileSmall({ populations }, chipWith({ compartment: { stackDepth } })).legality.assumptions;
  const caterpillar = [
    branch('l0', 1),
    branch('l1', 1),
    branch('b1', 1, ['l0', 'l1']),
    branch('l2', 1),
    branch('b2', 1, ['b1', 'l2']),
    branch('l3', 1),
    branch('b3', 1, ['l3', 'b2']),
  ];

  it.each([
    ['a chain of any depth', [branch('a', 1), branch('b', 1, ['a']), branch('c', 1, ['b'])], 1],
    ['a branch with a leaf at every level', caterpillar, 2],
    ['a complete tree of two levels', complete(2), 3],
    ['a complete tree of three levels', complete(3), 4],
  ] as const)('needs for %s as many entries as serving it leaf first takes', (_, populations, entries) => {
    expect(() => fits([...populations], entries)).not.toThrow();
    if (entries === 1) return;
    const error = userErrorOf(() => fits([...populations], entries - 1));
    expect(error.message).toBe(
      `population "${populations.at(-1)!.name}": served leaf first, its tree needs ${entries} entries of the compartment stack; the chip has ${entries - 1} [HW 2.5]`,
    );
    expect(error.details).toMatchObject({ code: 'does-not-fit', got: entries, limit: entries - 1 });
    expect(error.details.hint).toMatch(/two entries at any depth/);
  });

  it('is an assumption beyond the two entries that public programs show', () => {
    expect(fits(caterpillar, 8)).toEqual([]);
    expect(fits(complete(2), 8)).toEqual([
      'the compartment stack holds 3 entries, for the tree of "n"; public programs show 2 (U2, compartment.stackDepth)',
    ]);
  });

  it('wants children before their parents, by name', () => {
    const error = userErrorOf(() =>
      compile(buildNetwork({ populations: [branch('root', 1, ['leaf']), branch('leaf', 1)] }), chipWith()),
    );
    expect(error.message).toBe(
      'population "root": no population before it is named "leaf" (children come before their parents, leaf first [HW 2.5])',
    );
  });
});
