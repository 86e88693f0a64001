// Which comment of the file belongs to a YAML node as its source.

import { isCollection, isScalar, type Node } from 'yaml';
import { commentAbove, trailingComment } from './source-comment.ts';

/** Where a key and its value stand in the text; offsets in characters. */
export interface KeyPlace {
  readonly keyStart: number;
  readonly keyEnd: number;
}

export function nodeStart(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** A value that runs over the lines below its key; the comment behind it is then the one behind the colon. */
function isBlock(node: Node): boolean {
  if (isScalar(node)) return node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL';
  return isCollection(node) && node.flow !== true;
}

/** The comment behind a value, or the one above its key if there is none. */
export function commentOf(text: string, node: Node, key: KeyPlace | undefined): string | undefined {
  let end = node.range?.[1];
  if (isBlock(node)) end = key === undefined ? undefined : text.indexOf(':', key.keyEnd) + 1;
  const behind = end === undefined ? undefined : trailingComment(text, end);
  if (behind !== undefined) return behind;
  return key === undefined ? undefined : commentAbove(text, key.keyStart);
}
