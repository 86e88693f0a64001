// What is wrong with a chip file. Reading goes on after a problem, so that one run reports all of them.

import { UserError, type UserErrorDetails } from '../errors.ts';

export interface Problem {
  readonly message: string;
  readonly details: UserErrorDetails & { readonly file: string };
}

function place({ file, line, column }: Problem['details']): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/**
 * One error for all problems, one line each. The first gives the details and, through
 * {@link UserError.toString}, its place; the lines of the others begin with theirs.
 */
export function chipError(problems: readonly [Problem, ...Problem[]]): UserError {
  const [first, ...others] = problems;
  if (others.length === 0) return new UserError(first.message, first.details);
  const lines = others.map(({ message, details }) => `${place(details)}: ${message}`);
  // A hint is printed below the message, where it would seem to belong to the last problem.
  const { hint: _, ...details } = first.details;
  return new UserError([first.message, ...lines].join('\n'), details);
}

/** A list as the error functions want it: not empty, or undefined. */
export function nonEmpty<T>(items: readonly T[]): readonly [T, ...T[]] | undefined {
  const [first, ...rest] = items;
  return first === undefined ? undefined : [first, ...rest];
}
