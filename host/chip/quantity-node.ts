// One quantity in a chip file, in either form: a scalar with its unit and the source as a comment, or a map
// { value, unit, source, low, high, class }. Read strictly: no unit or no source is a problem.

import { isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import { didYouMean } from '../errors.ts';
import { classInterval, UNTOLD } from './class-interval.ts';
import type { QuantityField } from './field.ts';
import { commentOf, type KeyPlace, nodeStart } from './node-comment.ts';
import { convertQuantity, formatQuantity, isNumberLiteral, parseQuantity } from './quantity.ts';
import { classOfSource, PROVENANCE_CLASSES, type ProvenanceClass } from './source-comment.ts';
import { describeUnit } from './units.ts';

export interface ReadQuantity {
  /** In the unit of the field. */
  readonly values: readonly number[];
  /** As the file has it, e.g. `35.5 pJ`. */
  readonly written: string;
  readonly source: string;
  readonly class?: ProvenanceClass;
  readonly low?: number;
  readonly high?: number;
}

/** What a reader of a node needs to know about its surroundings. */
export interface NodePlace {
  readonly text: string;
  /** Path of the field, for messages. */
  readonly path: string;
  readonly key: KeyPlace | undefined;
  /** Comment behind the flow collection that encloses the node. */
  readonly inheritedSource: string | undefined;
  /** Notes a problem at an offset of the text. */
  readonly fail: (offset: number, code: string, message: string, got?: unknown, limit?: unknown) => void;
}

const MAP_KEYS = ['value', 'unit', 'source', 'low', 'high', 'class'] as const;
type MapKey = (typeof MAP_KEYS)[number];

/** The text of a scalar, whatever type YAML gave it. */
export function scalarText(node: Scalar): string {
  return node.source ?? String(node.value);
}

function isProvenanceClass(text: string): text is ProvenanceClass {
  return (PROVENANCE_CLASSES as readonly string[]).includes(text);
}

/** Finds the children of a map form; undefined if a key is unknown or doubled. */
function mapChildren(map: YAMLMap, place: NodePlace): Map<MapKey, Node> | undefined {
  const children = new Map<MapKey, Node>();
  let isValid = true;
  for (const { key, value } of map.items as { key: Node; value: Node | null }[]) {
    const name = isScalar(key) ? scalarText(key) : '';
    const known = MAP_KEYS.find((candidate) => candidate === name);
    if (known === undefined) {
      place.fail(
        nodeStart(key),
        'unknown-key',
        `unknown key "${name}" in ${place.path}${didYouMean(name, MAP_KEYS)} (a quantity has ${MAP_KEYS.join(', ')})`,
        name,
      );
      isValid = false;
    } else if (children.has(known)) {
      place.fail(nodeStart(key), 'duplicate-key', `duplicate key "${name}" in ${place.path}`, name);
      isValid = false;
    } else if (value !== null) children.set(known, value);
  }
  return isValid ? children : undefined;
}

/** The decimal literals of a number or a list of numbers. */
function literalsOf(node: Node | undefined): string[] | undefined {
  const items = isSeq(node) ? node.items : [node];
  const texts = items.map((item) =>
    isScalar(item) && typeof item.value === 'number' ? scalarText(item) : '',
  );
  return texts.length > 0 && texts.every(isNumberLiteral) ? texts : undefined;
}

function readMap(map: YAMLMap, field: QuantityField, place: NodePlace): ReadQuantity | undefined {
  const { path, fail, text } = place;
  const children = mapChildren(map, place);
  if (children === undefined) return undefined;
  const start = nodeStart(map);
  const at = (key: MapKey) => nodeStart(children.get(key) ?? map);

  const literals = literalsOf(children.get('value'));
  if (literals === undefined) {
    fail(at('value'), 'bad-number', `${path} needs a value: a decimal number, or a list of them`);
    return undefined;
  }
  const unitNode = children.get('unit');
  if (!isScalar(unitNode) || typeof unitNode.value !== 'string') {
    fail(start, 'missing-unit', `${path} has no unit; expected ${describeUnit(field.unit)}`);
    return undefined;
  }
  const written = unitNode.value;
  const converted = convertQuantity(literals, written, field.unit);
  if ('problem' in converted) {
    fail(at('unit'), converted.code, `${path} ${converted.problem}`, written, field.unit);
    return undefined;
  }

  const bounds: { low?: number; high?: number } = {};
  for (const key of ['low', 'high'] as const) {
    if (!children.has(key)) continue;
    const bound = literalsOf(children.get(key));
    const value = bound?.length === 1 ? convertQuantity(bound, written, field.unit) : undefined;
    const [limit] = value !== undefined && 'values' in value ? value.values : [];
    const isOrdered =
      limit !== undefined && converted.values.every((v) => (key === 'low' ? limit <= v : limit >= v));
    if (limit === undefined || !isOrdered) {
      const relation = key === 'low' ? 'less than or equal to' : 'greater than or equal to';
      fail(
        at(key),
        'bad-interval',
        `${path}.${key} must be a number, ${relation} the value, in the same unit`,
      );
      return undefined;
    }
    bounds[key] = limit;
  }

  const classNode = children.get('class');
  const className = isScalar(classNode) ? scalarText(classNode) : undefined;
  if (children.has('class') && (className === undefined || !isProvenanceClass(className))) {
    const got = className ?? '';
    const hint = didYouMean(got, PROVENANCE_CLASSES);
    fail(
      at('class'),
      'bad-class',
      `${path}.class is "${got}"; must be one of ${PROVENANCE_CLASSES.join(', ')}${hint}`,
    );
    return undefined;
  }

  const sourceNode = children.get('source');
  const given = isScalar(sourceNode) ? scalarText(sourceNode).trim() : '';
  const source = given === '' ? (commentOf(text, map, place.key) ?? place.inheritedSource) : given;
  if (source === undefined) {
    fail(start, 'missing-source', missingSource(path));
    return undefined;
  }
  const stated = className !== undefined && isProvenanceClass(className) ? className : undefined;
  return {
    values: converted.values,
    written: `${literals.join(', ')} ${written}`,
    source,
    ...classEntry(stated ?? classOfSource(source, field.unit)),
    ...bounds,
  };
}

function classEntry(value: ProvenanceClass | undefined): { class?: ProvenanceClass } {
  return value === undefined ? {} : { class: value };
}

function missingSource(path: string): string {
  return (
    `${path} has no source; say where the number comes from, in a comment behind it ` +
    '("# [P] Author 2018, Table 2", "# [A] why this guess") or under a source: key'
  );
}

/**
 * Reads a quantity of a field. Every problem goes to `place.fail`, and the result is then undefined.
 */
export function readQuantity(node: Node, field: QuantityField, place: NodePlace): ReadQuantity | undefined {
  const { path, fail, text } = place;
  const start = nodeStart(node);
  if (isMap(node)) {
    const read = readMap(node, field, place);
    return read === undefined ? undefined : checkForm(read, field, place, start);
  }
  if (isSeq(node)) {
    const example = field.form === 'list' ? `"8, 16 ${field.unit}"` : describeUnit(field.unit);
    fail(start, 'bad-number', `${path} is a list; write the numbers in one text with one unit: ${example}`);
    return undefined;
  }
  if (!isScalar(node) || node.value === null) {
    fail(start, 'missing-value', `${path} has no value; expected ${describeUnit(field.unit)}`);
    return undefined;
  }
  const written = scalarText(node).trim();
  const parsed = parseQuantity(written, field.unit);
  if ('problem' in parsed) {
    fail(start, parsed.code, `${path} ${parsed.problem}`, written, field.unit);
    return undefined;
  }
  const source = commentOf(text, node, place.key) ?? place.inheritedSource;
  if (source === undefined) {
    fail(start, 'missing-source', missingSource(path), written);
    return undefined;
  }
  const read = { values: parsed.values, written, source, ...classEntry(classOfSource(source, field.unit)) };
  return checkForm(read, field, place, start);
}

function checkForm(
  read: ReadQuantity,
  field: QuantityField,
  place: NodePlace,
  start: number,
): ReadQuantity | undefined {
  if (field.form === 'list' || read.values.length === 1) return field.hasInterval ? withInterval(read) : read;
  const got = read.values.map((value) => formatQuantity(value, field.unit)).join(', ');
  place.fail(start, 'bad-number', `${place.path} is ${read.values.length} numbers (${got}); expected one`);
  return undefined;
}

/** The quantity with a class, and with the interval of that class where it states none. */
function withInterval(read: ReadQuantity): ReadQuantity {
  const { low, high, class: kind = UNTOLD, values } = read;
  const [value = Number.NaN] = values;
  const isStated = low !== undefined || high !== undefined;
  const interval = isStated ? { low: low ?? value, high: high ?? value } : classInterval(kind, value);
  return { ...read, ...interval, class: kind };
}
