// What a schema found wrong with a value, in words: the value, and what it may be.

import type * as z from 'zod';
import { didYouMean } from './errors.ts';

type Issue = z.core.$ZodIssue;

/** How a value and a limit are shown; with a unit where they have one. */
export interface Shown {
  readonly value: (value: unknown) => string;
  readonly limit: (limit: number | bigint) => string;
}

const PLAIN: Shown = {
  value: (value) => JSON.stringify(value) ?? 'nothing',
  limit: String,
};

const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of names',
  tuple: 'a list',
};

/** `has 3 values` where the length of a list is wrong, else `is 3`. */
function sayLength(origin: string, value: unknown): string | undefined {
  return (origin === 'array' || origin === 'string') && (Array.isArray(value) || typeof value === 'string')
    ? `has ${value.length} ${origin === 'array' ? 'values' : 'characters'}`
    : undefined;
}

/**
 * The sentence for an issue, and the limit as data.
 * @param value what is there; undefined if nothing is
 */
export function sayIssue(issue: Issue, value: unknown, shown: Shown = PLAIN): [string, unknown] {
  const path = issue.path.join('.') || 'the file';
  const got = `${path} is ${shown.value(value)}`;
  if (value === undefined) {
    const parent = issue.path.slice(0, -1).join('.');
    const key = String(issue.path.at(-1) ?? '');
    return [`missing key "${key}"${parent === '' ? '' : ` in ${parent}`}`, undefined];
  }
  switch (issue.code) {
    case 'too_small': {
      const length = sayLength(issue.origin, value);
      const what = length === undefined ? got : `${path} ${length}`;
      return [`${what}; the minimum is ${shown.limit(issue.minimum)}`, issue.minimum];
    }
    case 'too_big': {
      const length = sayLength(issue.origin, value);
      const what = length === undefined ? got : `${path} ${length}`;
      return [`${what}; the maximum is ${shown.limit(issue.maximum)}`, issue.maximum];
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      return [`${got}; must be one of ${values.join(', ')}${didYouMean(String(value), values)}`, values];
    }
    case 'invalid_type':
      if (issue.expected === 'boolean') return [`${got}; must be true or false`, [true, false]];
      if (issue.expected === 'int') return [`${got}; must be a whole number`, undefined];
      return [`${got}; must be ${TYPES[issue.expected] ?? `of type ${issue.expected}`}`, issue.expected];
    case 'invalid_union':
      return [sayUnion(issue, value, shown, got), undefined];
    case 'custom':
      return [`${got}: it ${issue.message}`, undefined];
    default:
      return [`${got}: ${issue.message}`, undefined];
  }
}

/** Of several forms that a value may have, the one that it came nearest to; a message of the schema's own goes first. */
function sayUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  value: unknown,
  shown: Shown,
  got: string,
): string {
  if (issue.message !== 'Invalid input') return `${got}: ${issue.message}`;
  const forms = issue.errors.flatMap(([first]) => (first === undefined ? [] : [first]));
  const nearest = forms.find(({ code, path }) => code !== 'invalid_type' || path.length > 0) ?? forms[0];
  if (nearest === undefined) return `${got}; it has none of the forms that it may have`;
  let inner = value;
  for (const key of nearest.path) inner = (inner as Record<PropertyKey, unknown> | undefined)?.[key];
  return sayIssue({ ...nearest, path: [...issue.path, ...nearest.path] }, inner, shown)[0];
}
