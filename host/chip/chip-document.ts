// One chip file: YAML text to flat values with their provenance. The walk follows the schema, so it knows which unit
// a number must have and which keys there are; ranges and relations are checked later, on the merged chip.

import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import * as z from 'zod';
import { didYouMean, nearest } from '../errors.ts';
import { QUANTITY_FIELDS, type QuantityField, TABLES } from './field.ts';
import { commentOf, type KeyPlace, nodeStart } from './node-comment.ts';
import type { Problem } from './problem.ts';
import type { Provenance, ProvenanceValue } from './provenance.ts';
import { type ReadQuantity, readQuantity, scalarText } from './quantity-node.ts';
import { chipSchema } from './schema.ts';

/** A value at a path; `value` is what the schema wants to see there. */
export interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly provenance: Provenance;
}

export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface ChipDocument {
  readonly file: string;
  /** By dotted path. */
  readonly leaves: ReadonlyMap<string, Leaf>;
  /** Of every key, by dotted path. */
  readonly positions: ReadonlyMap<string, Position>;
  /** Dotted paths of tables, which replace an inherited table whole. */
  readonly tables: readonly string[];
  readonly problems: readonly Problem[];
  /** Dotted paths that a problem already speaks of. */
  readonly suspects: ReadonlySet<string>;
}

/** A schema without the wrappers that do not change what a file may hold. */
function unwrap(schema: z.ZodType): { schema: z.ZodType; isNullable: boolean; isTable: boolean } {
  let inner = schema;
  let isNullable = false;
  let isTable = false;
  for (;;) {
    if (TABLES.has(inner)) isTable = true;
    if (QUANTITY_FIELDS.has(inner)) break;
    if (inner instanceof z.ZodNullable) isNullable = true;
    if (inner instanceof z.ZodPipe) inner = inner.in as z.ZodType;
    else if (
      inner instanceof z.ZodReadonly ||
      inner instanceof z.ZodDefault ||
      inner instanceof z.ZodPrefault ||
      inner instanceof z.ZodNullable ||
      inner instanceof z.ZodExactOptional
    ) {
      inner = inner.unwrap() as z.ZodType;
    } else break;
  }
  return { schema: inner, isNullable, isTable };
}

/** The value of a quantity in the form that the schema of its field has. */
function formed(read: ReadQuantity, field: QuantityField): unknown {
  const { values, low, high, source, class: kind } = read;
  const [value = Number.NaN] = values;
  if (field.form === 'list') return values;
  return field.form === 'number' ? value : { value, low, high, class: kind, source };
}

class ChipReader {
  readonly leaves = new Map<string, Leaf>();
  readonly positions = new Map<string, Position>();
  readonly tables: string[] = [];
  readonly problems: Problem[] = [];
  readonly suspects = new Set<string>();
  private readonly text: string;
  private readonly file: string;
  private readonly lines: LineCounter;

  constructor(text: string, file: string, lines: LineCounter) {
    this.text = text;
    this.file = file;
    this.lines = lines;
  }

  position(offset: number): Position {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  fail(path: string, offset: number, code: string, message: string, got?: unknown, limit?: unknown): void {
    const details = {
      code,
      ...(path === '' ? {} : { path }),
      ...this.position(offset),
      ...(got === undefined ? {} : { got }),
      ...(limit === undefined ? {} : { limit }),
    };
    this.problems.push({ message, details });
    this.suspects.add(path);
  }

  /** Reads `node`, which `schema` describes; `inherited` is the source that encloses it. */
  visit(schema: z.ZodType, node: Node, path: readonly string[], key?: KeyPlace, inherited?: string): void {
    const dotted = path.join('.');
    const { schema: inner, isNullable, isTable } = unwrap(schema);
    if (isTable) this.tables.push(dotted);
    if (isAlias(node)) {
      this.fail(dotted, nodeStart(node), 'alias', `${dotted} is an alias; write the value out`);
      return;
    }
    if (isNullable && isScalar(node) && node.value === null) {
      this.leaf(path, null, null, node, commentOf(this.text, node, key) ?? inherited);
      return;
    }
    const field = QUANTITY_FIELDS.get(inner);
    if (field !== undefined) this.quantity(field, node, path, key, inherited);
    else if (inner instanceof z.ZodObject) {
      this.map(node, path, key, inherited, inner.shape as Record<string, z.ZodType>);
    } else if (inner instanceof z.ZodRecord) {
      this.map(node, path, key, inherited, {}, inner.keyType as z.ZodType, inner.valueType as z.ZodType);
    } else this.plain(inner, node, path, key, inherited);
  }

  private leaf(
    path: readonly string[],
    value: unknown,
    shown: ProvenanceValue,
    node: Node,
    source: string | undefined,
    read?: Omit<Provenance, 'value' | 'file' | 'line' | 'column'>,
  ): void {
    const provenance: Provenance = {
      value: shown,
      ...(source === undefined ? {} : { source }),
      ...read,
      ...this.position(nodeStart(node)),
    };
    this.leaves.set(path.join('.'), { path, value, provenance });
  }

  private quantity(
    field: QuantityField,
    node: Node,
    path: readonly string[],
    key: KeyPlace | undefined,
    inherited: string | undefined,
  ): void {
    const dotted = path.join('.');
    const read = readQuantity(node, field, {
      text: this.text,
      path: dotted,
      key,
      inheritedSource: inherited,
      fail: (offset, code, message, got, limit) => this.fail(dotted, offset, code, message, got, limit),
    });
    if (read === undefined) return;
    const { values, ...rest } = read;
    const shown = field.form === 'list' ? values : (values[0] ?? null);
    this.leaf(path, formed(read, field), shown, node, read.source, { ...rest, unit: field.unit });
  }

  /** A map with the keys of `shape`, or with any key that `keyType` accepts. */
  private map(
    node: Node,
    path: readonly string[],
    key: KeyPlace | undefined,
    inherited: string | undefined,
    shape: Readonly<Record<string, z.ZodType>>,
    keyType?: z.ZodType,
    valueType?: z.ZodType,
  ): void {
    const dotted = path.join('.');
    const name = dotted === '' ? 'a chip' : dotted;
    // An empty section is the same as an absent one: nothing in it, and missing keys are found later.
    if (isScalar(node) && node.value === null) return;
    if (!isMap(node)) {
      this.fail(dotted, nodeStart(node), 'not-a-map', `${name} must be a map of keys and values`);
      return;
    }
    const source = node.flow === true ? (commentOf(this.text, node, key) ?? inherited) : undefined;
    const seen = new Set<string>();
    for (const pair of (node as YAMLMap).items as Pair<Node, Node | null>[]) {
      const { key: keyNode, value } = pair;
      if (!isScalar(keyNode)) {
        this.fail(dotted, nodeStart(keyNode), 'unknown-key', `${name} has a key that is not a name`);
        continue;
      }
      const child = scalarText(keyNode);
      const childPath = [...path, child];
      const offset = nodeStart(keyNode);
      if (seen.has(child)) {
        this.fail(childPath.join('.'), offset, 'duplicate-key', `duplicate key "${child}" in ${name}`, child);
        continue;
      }
      seen.add(child);
      const schema = Object.hasOwn(shape, child) ? shape[child] : valueType;
      if (schema === undefined) {
        this.unknownKey(child, Object.keys(shape), path, offset);
        continue;
      }
      if (keyType !== undefined && !keyType.safeParse(child).success) {
        this.fail(childPath.join('.'), offset, 'bad-key', `"${child}" cannot be a key of ${name}`, child);
        continue;
      }
      this.positions.set(childPath.join('.'), this.position(offset));
      const place = { keyStart: offset, keyEnd: keyNode.range?.[1] ?? offset };
      if (value === null) this.fail(childPath.join('.'), offset, 'missing-value', `${child} has no value`);
      else this.visit(schema, value, childPath, place, source);
    }
  }

  private unknownKey(child: string, known: readonly string[], path: readonly string[], offset: number): void {
    const place = path.length === 0 ? '' : ` in ${path.join('.')}`;
    const message = `unknown key "${child}"${place}${didYouMean(child, known)}`;
    this.fail([...path, child].join('.'), offset, 'unknown-key', message, child);
    // The key that was meant is not reported as missing on top of this.
    const meant = nearest(child, known);
    if (meant !== undefined) this.suspects.add([...path, meant].join('.'));
  }

  /** A name, an option, true or false, or a list of them. */
  private plain(
    schema: z.ZodType,
    node: Node,
    path: readonly string[],
    key: KeyPlace | undefined,
    inherited: string | undefined,
  ): void {
    const dotted = path.join('.');
    const items = isSeq(node) ? (node.items as Node[]) : [node];
    const isList = schema instanceof z.ZodArray;
    if (isList !== isSeq(node) || !items.every((item) => isScalar(item))) {
      this.fail(
        dotted,
        nodeStart(node),
        'bad-value',
        `${dotted} must be ${isList ? 'a list of values' : 'one value'}`,
      );
      return;
    }
    const values = items.map((item) => item.value as string | number | boolean);
    const value = isList ? values : (values[0] ?? null);
    this.leaf(path, value, value, node, commentOf(this.text, node, key) ?? inherited);
  }
}

/**
 * Reads the text of a chip file. Never throws for what is in the text: problems are in the result.
 *
 * @param file the name of the file in messages
 */
export function readChipDocument(text: string, file: string): ChipDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const reader = new ChipReader(text, file, lines);
  for (const { code, message, pos } of document.errors) {
    reader.fail('', pos[0], 'yaml', `not valid YAML: ${message}`, code);
  }
  const { contents } = document;
  if (document.errors.length === 0) {
    if (contents === null) reader.fail('', 0, 'empty', 'the file is empty; a chip begins with its name');
    else reader.visit(chipSchema, contents, []);
  }
  const { leaves, positions, tables, problems, suspects } = reader;
  return { file, leaves, positions, tables, problems, suspects };
}
