// The stack by which the compartments of one neuron pass values on: how many entries a dendritic tree needs when it
// is served leaf first. [HW 2.5]
//
// Assumed: the order in which a join pops its operands does not matter, so the larger of two subtrees is served first,
// which needs the fewest entries (U2).

import type { Chip } from '../chip/schema.ts';
import { UserError } from '../errors.ts';
import type { Network, Population } from '../network/network.ts';

/** Entries that public programs show: two values can be popped at once. */
export const DOCUMENTED_ENTRIES = 2;

/** Entries that serving the tree below `root` takes, `root` itself pushing nothing. */
function entriesBelow(network: Network, root: Population): number {
  const subtrees = (root.join?.children ?? [])
    .map((name) => entriesOf(network, network.populations.find((item) => item.name === name)!))
    .sort((a, b) => b - a);
  // While a later subtree is served, what the earlier ones pushed stays on the stack.
  return Math.max(0, ...subtrees.map((entries, before) => entries + before));
}

function entriesOf(network: Network, population: Population): number {
  return Math.max(1, entriesBelow(network, population));
}

/** The tree that needs the most entries; undefined if no compartment pops another. */
export function deepestStack(
  network: Network,
): { readonly root: string; readonly entries: number } | undefined {
  const roots = network.populations.filter(
    ({ name, join }) =>
      join !== undefined && !network.populations.some((other) => other.join?.children.includes(name)),
  );
  return roots
    .map((root) => ({ root: root.name, entries: entriesBelow(network, root) }))
    .sort((a, b) => b.entries - a.entries)[0];
}

/** @throws UserError if a tree needs more entries than the stack has */
export function checkStack(network: Network, chip: Chip): void {
  const { stackDepth } = chip.compartment;
  const deepest = deepestStack(network);
  if (deepest === undefined || deepest.entries <= stackDepth) return;
  const { root, entries } = deepest;
  throw new UserError(
    `population "${root}": served leaf first, its tree needs ${entries} entries of the compartment stack; the chip has ${stackDepth} [HW 2.5]`,
    {
      code: 'does-not-fit',
      path: `population "${root}"`,
      got: entries,
      limit: stackDepth,
      hint: 'a compartment that pops one child, or a subtree and a leaf, needs two entries at any depth',
    },
  );
}
