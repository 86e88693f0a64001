// The source of a number is often a comment: behind it, or on the lines above its key. Found in the text of the
// file and not through the YAML library, which attaches a comment to whichever node its grammar finds first.

import { isPhysical, type Unit } from './units.ts';

/** How well a number is known. */
export const PROVENANCE_CLASSES = [
  'measured',
  'fitted',
  'circuit-simulation',
  'published',
  'derived',
  'guess',
] as const;
export type ProvenanceClass = (typeof PROVENANCE_CLASSES)[number];

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/**
 * The comment behind a value, with the lines below it whose `#` stands in the same column.
 *
 * @param offset where the value ends in the text
 */
export function trailingComment(text: string, offset: number): string | undefined {
  const rest = text.slice(offset, lineEnd(text, offset));
  const match = /^([ \t]*,?[ \t]+)#(.*)$/.exec(rest.replace(/\r$/, ''));
  if (match === null) return undefined;
  const column = offset + (match[1] ?? '').length - lineStart(text, offset);
  const parts = [match[2] ?? ''];
  let next = lineEnd(text, offset) + 1;
  while (next < text.length) {
    const line = text.slice(next, lineEnd(text, next));
    const continued = /^([ \t]*)#(.*)$/.exec(line.replace(/\r$/, ''));
    if (continued === null || (continued[1] ?? '').length !== column) break;
    parts.push(continued[2] ?? '');
    next = lineEnd(text, next) + 1;
  }
  return joined(parts);
}

/**
 * The comment lines directly above a key, indented like the key. A deeper `#` continues the comment of the line
 * above it, and a blank line ends the block.
 *
 * @param offset where the key begins in the text
 */
export function commentAbove(text: string, offset: number): string | undefined {
  const start = lineStart(text, offset);
  const indent = offset - start;
  if (text.slice(start, offset).trim() !== '') return undefined;
  const parts: string[] = [];
  let end = start - 1;
  while (end > 0) {
    const begin = lineStart(text, end);
    const line = /^([ \t]*)#(.*)$/.exec(text.slice(begin, end).replace(/\r$/, ''));
    if (line === null || (line[1] ?? '').length !== indent) break;
    parts.unshift(line[2] ?? '');
    end = begin - 1;
  }
  return joined(parts);
}

function joined(parts: readonly string[]): string | undefined {
  const comment = parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ');
  return comment === '' ? undefined : comment;
}

/**
 * The class that the first status tag [HW 0.1] of a source implies, where it implies one: [P] published,
 * [D] derived, [A] a guess. [E] on a physical quantity is a constant that an emulator's authors fitted to
 * chips; on a width it is a rule that their model shares with chips, which no class describes.
 */
export function classOfSource(source: string, unit: Unit): ProvenanceClass | undefined {
  const tag = /\[([PESRDA2])\]/.exec(source)?.[1];
  if (tag === 'P') return 'published';
  if (tag === 'D') return 'derived';
  if (tag === 'A') return 'guess';
  if (tag === 'E' && isPhysical(unit) && unit !== 'bit' && unit !== 'byte') return 'fitted';
  return undefined;
}
