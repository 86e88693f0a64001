// Laying the values of a chip file over those of the files that it extends.

import type { ChipDocument, Leaf, Position } from './chip-document.ts';
import { OWN_KEYS } from './schema.ts';
import { PRESETS } from './semantics.ts';

/** The values of a chain of files, and where each came from. */
export interface MergedChip {
  /** By dotted path. */
  readonly leaves: ReadonlyMap<string, Leaf>;
  /** Of every key, in the last file that has it. */
  readonly positions: ReadonlyMap<string, Position>;
}

/**
 * Maps are merged, single values and lists replaced, and so are tables as a whole; null removes a map.
 *
 * @param chain the file that was asked for first, then the one it extends, and so on
 */
export function mergeDocuments(chain: readonly ChipDocument[]): MergedChip {
  const leaves = new Map<string, Leaf>();
  const positions = new Map<string, Position>();
  for (const [i, document] of [...chain.entries()].reverse()) {
    for (const table of document.tables) {
      for (const path of leaves.keys()) if (path.startsWith(`${table}.`)) leaves.delete(path);
    }
    for (const [path, leaf] of presetLeaves(document)) leaves.set(path, leaf);
    for (const [path, leaf] of document.leaves) {
      const isOwnOfAnother = i > 0 && OWN_KEYS.some((key) => key === path);
      if (isOwnOfAnother) continue;
      replaceMaps(leaves, leaf);
      leaves.set(path, leaf);
    }
    for (const [path, position] of document.positions) positions.set(path, position);
  }
  return { leaves, positions };
}

/** A null takes the place of what an inherited map held, and a map that of an inherited null. */
function replaceMaps(leaves: Map<string, Leaf>, { path, value }: Leaf): void {
  const dotted = path.join('.');
  if (value === null) for (const key of leaves.keys()) if (key.startsWith(`${dotted}.`)) leaves.delete(key);
  for (let length = 1; length < path.length; length++) leaves.delete(path.slice(0, length).join('.'));
}

/** The options that a file's preset stands for; they replace inherited ones, and give way to the file's own. */
function presetLeaves({ leaves }: ChipDocument): [string, Leaf][] {
  const leaf = leaves.get('semantics.preset');
  const options = Object.entries(PRESETS).find(([name]) => name === leaf?.value)?.[1];
  if (leaf === undefined || options === undefined) return [];
  return Object.entries(options).map(([name, value]) => [
    `semantics.${name}`,
    { path: ['semantics', name], value, provenance: { ...leaf.provenance, value } },
  ]);
}

interface Branch {
  [key: string]: unknown;
}

/** The nested object that the flat values stand for. */
export function treeOf(leaves: ReadonlyMap<string, Leaf>): object {
  const root: Branch = {};
  for (const { path, value } of leaves.values()) {
    let branch = root;
    for (const key of path.slice(0, -1)) {
      branch[key] ??= {};
      branch = branch[key] as Branch;
    }
    const last = path.at(-1);
    if (last !== undefined) branch[last] = value;
  }
  return root;
}
