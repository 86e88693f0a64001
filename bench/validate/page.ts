// Figures as pages show them: quantities with a prefix, tables, and the parts of a page that a program writes.

import { formatSi } from '../../host/report/format.ts';
import type { Span } from './span.ts';

export type PageUnit = 'J' | 's';

export function show(value: number, unit: PageUnit): string {
  return formatSi(value, unit);
}

export function showRange({ low, high }: Pick<Span, 'low' | 'high'>, unit: PageUnit): string {
  return `${show(low, unit)} to ${show(high, unit)}`;
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Replaces what stands between the marks of a name. @throws Error if the page has no such marks */
export function withPart(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no part "${name}"`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}
