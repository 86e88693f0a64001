// Checking a merged chip against the schema, and saying what is wrong in the file's terms: a place, the number with
// its unit, the limit.

import { type Shown, sayIssue } from '../issue.ts';
import type { Position } from './chip-document.ts';
import { type MergedChip, treeOf } from './chip-merge.ts';
import type { Problem } from './problem.ts';
import type { Provenance } from './provenance.ts';
import { formatQuantity } from './quantity.ts';
import { type Chip, chipSchema } from './schema.ts';

/** The value at a path, or undefined where the path ends early. */
function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  let value = tree;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** What the longest prefix of a path that is in the map stands for. */
function atOrAbove<T>(map: ReadonlyMap<string, T>, path: readonly string[]): T | undefined {
  for (let length = path.length; length > 0; length--) {
    const found = map.get(path.slice(0, length).join('.'));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Numbers with the unit of the file. */
function withUnit(provenance: Provenance | undefined): Shown {
  const unit = provenance?.unit;
  return {
    value: (value) =>
      typeof value === 'number' && unit !== undefined
        ? formatQuantity(value, unit)
        : (JSON.stringify(value) ?? 'nothing'),
    limit: (limit) => (unit === undefined ? String(limit) : formatQuantity(Number(limit), unit)),
  };
}

/**
 * Checks a merged chip.
 *
 * @param file the file that was asked for, blamed for what no file has
 * @param suspects dotted paths of values that a problem is known of; nothing more is said about them
 */
export function validateChip(
  merged: MergedChip,
  file: string,
  suspects: ReadonlySet<string>,
): { chip: Chip } | { problems: Problem[] } {
  const tree = treeOf(merged.leaves);
  const result = chipSchema.safeParse(tree);
  if (result.success) return { chip: result.data };
  const problems: Problem[] = [];
  for (const issue of result.error.issues) {
    const path = issue.path.map(String);
    const dotted = path.join('.');
    const isKnown = [...suspects].some(
      (suspect) =>
        suspect === dotted ||
        suspect.startsWith(`${dotted}.`) ||
        dotted.startsWith(`${suspect}.`) ||
        suspect === '',
    );
    if (isKnown) continue;
    const leaf = atOrAbove(merged.leaves, path);
    const value = valueAt(tree, issue.path);
    const above = leaf?.provenance ?? atOrAbove(merged.positions, path);
    // What is missing is missing in the file that was asked for, not in one that it extends.
    const isElsewhere = value === undefined && above?.file !== file;
    const position: Position = above === undefined || isElsewhere ? { file, line: 1, column: 1 } : above;
    const { line, column } = position;
    const [message, limit] = sayIssue(issue, value, withUnit(leaf?.provenance));
    problems.push({
      message,
      details: {
        code: value === undefined ? 'missing-key' : issue.code.replace('_', '-'),
        path: dotted,
        file: position.file,
        line,
        column,
        ...(value === undefined ? {} : { got: value }),
        ...(limit === undefined ? {} : { limit }),
      },
    });
  }
  return { problems };
}
