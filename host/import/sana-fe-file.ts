// SANA-FE's architecture YAML as it stands: architecture → tile → core → units, each with attributes. What a key means
// for a chip of this program is in sana-fe-chip.ts. Written from the format's public documentation and examples
// (github.com/SLAM-Lab/SANA-FE); no part of them is in here.

import * as z from 'zod';
import { YamlSource } from './yaml-source.ts';

/** An ordered map (a list of maps) is a map. */
const attributes = z.preprocess(
  (value) => (Array.isArray(value) ? Object.assign({}, ...value) : (value ?? {})),
  z.record(z.string(), z.unknown()),
);

/** One, or a list of them. */
function oneOrMore<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]),
    z.array(item),
  );
}

const unit = z.looseObject({ name: z.string(), attributes });

export const UNIT_KINDS = ['axon_in', 'synapse', 'dendrite', 'soma', 'axon_out'] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];

const core = z.looseObject({
  name: z.string(),
  attributes,
  axon_in: oneOrMore(unit),
  synapse: oneOrMore(unit),
  dendrite: oneOrMore(unit),
  soma: oneOrMore(unit),
  axon_out: oneOrMore(unit),
});

const tile = z.looseObject({ name: z.string(), attributes, core: oneOrMore(core) });

const fileSchema = z.looseObject({
  architecture: z.looseObject({ name: z.string(), attributes, tile: oneOrMore(tile) }),
});

export type SanaFeArchitecture = z.output<typeof fileSchema>['architecture'];
export type SanaFeTile = SanaFeArchitecture['tile'][number];
export type SanaFeCore = SanaFeTile['core'][number];
export type SanaFeUnit = SanaFeCore['soma'][number];

/** Number of copies that a name stands for: `tile[0..31]` is 32. */
export function copiesOf(name: string): number {
  const range = /\[(\d+)\.\.(\d+)\]$/.exec(name);
  return range === null ? 1 : Number(range[2]) - Number(range[1]) + 1;
}

export function readArchitecture(file: string): { architecture: SanaFeArchitecture; source: YamlSource } {
  const source = new YamlSource(file);
  return { architecture: source.parse(fileSchema, () => ['architecture']).architecture, source };
}
