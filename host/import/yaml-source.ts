// A YAML file that is checked against a schema, with errors at the line and column of what is wrong.

import { readFileSync } from 'node:fs';
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type * as z from 'zod';
import { didYouMean, UserError } from '../errors.ts';
import { sayIssue } from '../issue.ts';

type Path = readonly PropertyKey[];

interface Place {
  readonly line: number;
  readonly column: number;
}

export class YamlSource {
  readonly file: string;
  readonly #document: ReturnType<typeof parseDocument>;
  readonly #lines = new LineCounter();

  /** @throws UserError if the file cannot be read or is not YAML */
  constructor(file: string) {
    this.file = file;
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      throw new UserError(`cannot read ${file}: ${(error as Error).message}`, {
        code: 'unreadable',
        path: file,
      });
    }
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const [fault] = this.#document.errors;
    if (fault !== undefined) {
      throw new UserError(`not valid YAML: ${fault.message}`, {
        code: 'yaml',
        file,
        ...this.#place(fault.pos[0]),
      });
    }
  }

  #place(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  #keyPlace(path: Path, key: string): Place {
    const parent = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      : undefined;
    return isScalar(pair?.key) ? this.#place(pair.key.range?.[0] ?? 0) : this.place(path);
  }

  /** Line and column of the value at a path, or of the nearest above it that is there. */
  place(path: Path): Place {
    for (let length = path.length; length >= 0; length--) {
      const above = path.slice(0, length);
      const node = length === 0 ? this.#document.contents : this.#document.getIn(above, true);
      const range = (node as Node | null | undefined)?.range;
      if (range !== undefined && range !== null) return this.#place(range[0]);
    }
    return { line: 1, column: 1 };
  }

  /**
   * An error of something that this file says.
   * @param path of the value that is wrong
   */
  blame(error: UserError, path: Path): UserError {
    const { column: _, ...details } = error.details;
    return new UserError(error.message, { ...details, file: this.file, ...this.place(path) });
  }

  /**
   * The file's content.
   * @param keysOf the keys that are known at a path, for "did you mean"
   * @throws UserError at the first place that the schema does not accept
   */
  parse<Schema extends z.ZodType>(
    schema: Schema,
    keysOf: (path: Path) => readonly string[],
  ): z.output<Schema> {
    const content: unknown = this.#document.toJS();
    const result = schema.safeParse(content);
    if (result.success) return result.data;
    const { issues } = result.error;
    // A misspelt key also lacks the right one; the misspelling is what to say.
    const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
    const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
    const at = path.join('.');
    if (issue.code === 'unrecognized_keys') {
      const key = issue.keys[0]!;
      throw new UserError(
        `unknown key "${key}"${at === '' ? '' : ` in ${at}`}${didYouMean(key, keysOf(path))}`,
        {
          code: 'unknown-key',
          path: [...path, key].join('.'),
          file: this.file,
          ...this.#keyPlace(path, key),
        },
      );
    }
    let got = content;
    for (const key of path) got = (got as Record<PropertyKey, unknown> | null | undefined)?.[key];
    const [message, limit] = sayIssue(issue, got);
    throw new UserError(message, {
      code: 'bad-value',
      path: at,
      got,
      ...(limit === undefined ? {} : { limit }),
      file: this.file,
      ...this.place(path),
    });
  }
}
