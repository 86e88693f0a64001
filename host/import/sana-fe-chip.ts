// A chip file from an architecture of SANA-FE: the numbers that both programs have, each with the key it came from.
// What SANA-FE knows nothing of (widths, learning, memory) stays that of Loihi 1, which the file extends.

import { basename } from 'node:path';
import { formatQuantity } from '../chip/quantity.ts';
import type { Unit } from '../chip/units.ts';
import { UserError } from '../errors.ts';
import {
  copiesOf,
  readArchitecture,
  type SanaFeArchitecture,
  type SanaFeCore,
  type SanaFeTile,
  type SanaFeUnit,
  UNIT_KINDS,
} from './sana-fe-file.ts';
import type { YamlSource } from './yaml-source.ts';

export interface ImportedChip {
  readonly name: string;
  /** Of the chip file. */
  readonly text: string;
  /** What was left out or could be said in one way only. */
  readonly notes: readonly string[];
}

interface Entry {
  readonly path: string;
  readonly value: number;
  readonly unit: Unit;
  readonly from: string;
}

/** Keys that are read nowhere, and why. */
const NOT_MAPPED: Readonly<Record<string, string>> = {
  topology: 'every chip here is a mesh',
  buffer_position: 'where a core buffers between steps does not change its counts',
  buffer_inside_unit: 'where a core buffers between steps does not change its counts',
  model: 'compartments are those of the chip that the file extends',
  update_every_timestep: 'a dendrite costs nothing of its own',
  force_update: 'which compartments are active is counted',
  log_energy: 'a setting of the output',
  log_latency: 'a setting of the output',
  plugin: 'plug-ins are not run',
};

const FORMATS = [
  { format: 'Dense', pattern: /dense/i },
  { format: 'Sparse', pattern: /sparse/i },
  { format: 'Conv', pattern: /conv/i },
] as const;

const PROFILE = 'energy.profiles.sana-fe';

class ChipImport {
  readonly entries: Entry[] = [];
  readonly notes: string[] = [];
  readonly #barrier: Entry[] = [];
  readonly #read = new Set<string>();
  /** Attributes that are left out, by name → their places. */
  readonly #left = new Map<string, string[]>();
  readonly #source: YamlSource;

  constructor(source: YamlSource) {
    this.#source = source;
  }

  /** The number of an attribute, or undefined if there is none. */
  #number(
    attributes: Readonly<Record<string, unknown>>,
    key: string,
    place: readonly PropertyKey[],
  ): number | undefined {
    const path = [...place, 'attributes', key];
    this.#read.add(path.join('.'));
    const value = attributes[key];
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    throw new UserError(`${path.join('.')} is ${JSON.stringify(value)}; a number from 0 on is needed`, {
      code: 'bad-value',
      path: path.join('.'),
      file: this.#source.file,
      ...this.#source.place(path),
    });
  }

  /** As {@link #number}, refused if it is missing. */
  #required(
    attributes: Readonly<Record<string, unknown>>,
    key: string,
    place: readonly PropertyKey[],
  ): number {
    const value = this.#number(attributes, key, place);
    if (value !== undefined) return value;
    throw new UserError(`missing key "${key}" in ${[...place, 'attributes'].join('.')}`, {
      code: 'missing-key',
      path: [...place, 'attributes', key].join('.'),
      file: this.#source.file,
      hint: 'files of SANA-FE before version 2 have other keys',
      ...this.#source.place([...place, 'attributes']),
    });
  }

  #put(path: string, value: number, unit: Unit, place: readonly PropertyKey[], keys: string): void {
    this.entries.push({ path, value, unit, from: `${[...place, 'attributes'].join('.')}.${keys}` });
  }

  /** A number that both programs have under one meaning. */
  #copy(path: string, unit: Unit, of: SanaFeUnit, key: string, place: readonly PropertyKey[]): void {
    this.#put(path, this.#required(of.attributes, key, place), unit, place, key);
  }

  /** Two directions of an axis, for which this program has one number. */
  #axis(
    path: string,
    unit: Unit,
    tile: SanaFeTile,
    keys: readonly [string, string],
    place: readonly PropertyKey[],
  ) {
    const [a, b] = keys.map((key) => this.#required(tile.attributes, key, place)) as [number, number];
    if (a !== b) this.notes.push(`${keys.join(' and ')} differ; ${path} is their mean`);
    this.#put(path, (a + b) / 2, unit, place, keys.join(', '));
  }

  chip(architecture: SanaFeArchitecture): void {
    const place = ['architecture'];
    const width = this.#required(architecture.attributes, 'width', place);
    const height = this.#required(architecture.attributes, 'height', place);
    this.#put('topology.tilesX', width, 'tiles', place, 'width');
    this.#put('topology.tilesY', height, 'tiles', place, 'height');
    const buffer = this.#number(architecture.attributes, 'link_buffer_size', place);
    if (buffer !== undefined && buffer > 0)
      this.#put('timing.linkBuffer', buffer, 'messages', place, 'link_buffer_size');
    const [tile] = architecture.tile;
    if (tile === undefined) {
      throw new UserError('the architecture has no tile', {
        code: 'missing-key',
        path: 'architecture.tile',
        file: this.#source.file,
        ...this.#source.place(place),
      });
    }
    const tiles = architecture.tile.reduce((sum, { name }) => sum + copiesOf(name), 0);
    if (tiles !== width * height)
      this.notes.push(
        `${tiles} tiles are described, and the mesh has ${width} x ${height}; it is taken as full`,
      );
    if (architecture.tile.length > 1)
      this.notes.push(`tiles of several kinds are described; all are taken as ${tile.name}`);
    this.#barrierOf(architecture, place);
    this.#tile(tile, [...place, 'tile', 0]);
  }

  /** The time of the barrier, as one number or by the number of tiles. */
  #barrierOf({ attributes }: SanaFeArchitecture, place: readonly PropertyKey[]): void {
    const key = 'latency_sync';
    const given = attributes[key] ?? 0;
    for (const name of ['sync_model', key]) this.#read.add([...place, 'attributes', name].join('.'));
    const points =
      typeof given === 'object'
        ? Object.entries(given as Readonly<Record<string, unknown>>)
        : [['1', given] as const];
    const after = new Map<number, number>();
    for (const [tiles, time] of points) {
      const count = Math.max(1, Number(tiles));
      if (!Number.isInteger(count) || typeof time !== 'number')
        throw new UserError(`${key} is ${JSON.stringify(given)}; a time, or times by tiles, are needed`, {
          code: 'bad-value',
          path: [...place, 'attributes', key].join('.'),
          file: this.#source.file,
          ...this.#source.place([...place, 'attributes', key]),
        });
      after.set(count, time);
    }
    const from = `${[...place, 'attributes', key].join('.')}`;
    for (const [tiles, time] of after)
      this.#barrier.push({ path: `timing.barrier.${tiles}`, value: time, unit: 's', from });
    if (after.size > 1)
      this.notes.push(
        'the barrier is linear between the given numbers of tiles; SANA-FE takes the next lower one',
      );
  }

  #tile(tile: SanaFeTile, place: readonly PropertyKey[]): void {
    const axes = [
      ['EastWest', 'east', 'west'],
      ['NorthSouth', 'north', 'south'],
    ] as const;
    for (const [axis, one, other] of axes) {
      const keys = (what: string) => [`${what}_${one}_hop`, `${what}_${other}_hop`] as const;
      this.#axis(`timing.hop${axis}`, 's', tile, keys('latency'), place);
      this.#axis(`${PROFILE}.hop${axis}`, 'J', tile, keys('energy'), place);
    }
    const [core] = tile.core;
    if (core === undefined) {
      throw new UserError(`${tile.name} has no core`, {
        code: 'missing-key',
        path: [...place, 'core'].join('.'),
        file: this.#source.file,
        ...this.#source.place(place),
      });
    }
    const cores = tile.core.reduce((sum, { name }) => sum + copiesOf(name), 0);
    this.entries.push({
      path: 'topology.coresPerTile',
      value: cores,
      unit: 'cores',
      from: [...place, 'core'].join('.'),
    });
    if (tile.core.length > 1)
      this.notes.push(`cores of several kinds are described; all are taken as ${core.name}`);
    this.#core(core, [...place, 'core', 0]);
  }

  /** The unit of a kind that stands for all, with its place. */
  #unit(core: SanaFeCore, kind: (typeof UNIT_KINDS)[number], place: readonly PropertyKey[], index: number) {
    const found = core[kind][index];
    if (found !== undefined) return { unit: found, at: [...place, kind, index] };
    throw new UserError(`${core.name} has no ${kind}`, {
      code: 'missing-key',
      path: [...place, kind].join('.'),
      file: this.#source.file,
      ...this.#source.place(place),
    });
  }

  #core(core: SanaFeCore, place: readonly PropertyKey[]): void {
    const neurons = this.#number(core.attributes, 'max_neurons_supported', place);
    if (neurons !== undefined)
      this.#put('core.compartments', neurons, 'compartments', place, 'max_neurons_supported');

    const axonIn = this.#unit(core, 'axon_in', place, 0);
    this.#copy('timing.axonIn', 's', axonIn.unit, 'latency_message_in', axonIn.at);
    this.#copy(`${PROFILE}.inputAxonEvent`, 'J', axonIn.unit, 'energy_message_in', axonIn.at);
    const axonOut = this.#unit(core, 'axon_out', place, 0);
    this.#copy('timing.axonOut', 's', axonOut.unit, 'latency_message_out', axonOut.at);
    this.#copy(`${PROFILE}.message`, 'J', axonOut.unit, 'energy_message_out', axonOut.at);
    this.#soma(core, place);
    this.#synapses(core, place);
    core.dendrite.forEach((unit, i) => {
      const at = [...place, 'dendrite', i];
      for (const key of ['energy_update', 'latency_update']) {
        if ((this.#number(unit.attributes, key, at) ?? 0) > 0)
          this.notes.push(`${unit.name}: ${key} is left out; a dendritic update has no cost of its own here`);
      }
    });
  }

  /** The unit of neurons; those that only inject spikes are the ports of a network and cost nothing. */
  #soma(core: SanaFeCore, place: readonly PropertyKey[]): void {
    const index = Math.max(
      0,
      core.soma.findIndex(({ attributes }) => attributes.model !== 'input'),
    );
    const soma = this.#unit(core, 'soma', place, index);
    const events = [
      ['access_neuron', 'compartmentAccess', 'compartmentAccess'],
      ['update_neuron', 'compartmentUpdate', 'compartmentUpdate'],
      ['spike_out', 'spikeOut', 'spike'],
    ] as const;
    for (const [key, time, energy] of events) {
      this.#copy(`timing.${time}`, 's', soma.unit, `latency_${key}`, soma.at);
      this.#copy(`${PROFILE}.${energy}`, 'J', soma.unit, `energy_${key}`, soma.at);
    }
    core.soma.forEach((unit, i) => {
      if (i === index) return;
      const why = unit.attributes.model === 'input' ? 'ports cost nothing here' : `all are ${soma.unit.name}`;
      this.notes.push(`soma unit ${unit.name} is left out; ${why}`);
      this.#skip(unit, [...place, 'soma', i]);
    });
  }

  /** A unit for each format of synapse lists, told by its name; the first one for a format that none is named after. */
  #synapses(core: SanaFeCore, place: readonly PropertyKey[]): void {
    const used = new Set<number>();
    for (const { format, pattern } of FORMATS) {
      const named = core.synapse.findIndex(({ name }) => pattern.test(name));
      const synapse = this.#unit(core, 'synapse', place, Math.max(0, named));
      if (named < 0)
        this.notes.push(`no synapse unit is named ${format.toLowerCase()}; it takes ${synapse.unit.name}`);
      used.add(Math.max(0, named));
      this.#copy(`timing.synapticOp${format}`, 's', synapse.unit, 'latency_process_spike', synapse.at);
      this.#copy(`${PROFILE}.synapticOp${format}`, 'J', synapse.unit, 'energy_process_spike', synapse.at);
    }
    core.synapse.forEach((unit, i) => {
      if (used.has(i)) return;
      this.notes.push(`synapse unit ${unit.name} is left out`);
      this.#skip(unit, [...place, 'synapse', i]);
    });
  }

  /** A unit that is left out as a whole has no unknown keys. */
  #skip({ attributes }: SanaFeUnit, place: readonly PropertyKey[]): void {
    for (const key of Object.keys(attributes)) this.#read.add([...place, 'attributes', key].join('.'));
  }

  /** Says of every key that was not read why, or that it is unknown. */
  unread(node: unknown, place: readonly PropertyKey[] = ['architecture']): void {
    if (typeof node !== 'object' || node === null) return;
    const structure = ['name', 'attributes', 'tile', 'core', ...UNIT_KINDS];
    for (const [key, child] of Object.entries(node)) {
      const path = [...place, key];
      const isAttribute = place.at(-1) === 'attributes';
      if (isAttribute) this.#unreadKey(key, path.join('.'));
      else if (Array.isArray(node) || structure.includes(key)) this.unread(child, path);
      else this.notes.push(`unknown key ${path.join('.')}`);
    }
  }

  #unreadKey(key: string, path: string): void {
    // Of several kinds of tiles and cores the first one speaks; the notes say so.
    if (this.#read.has(path) || /\.(tile|core|axon_in|axon_out)\.[1-9]\d*\./.test(path)) return;
    if (Object.hasOwn(NOT_MAPPED, key)) this.#left.set(key, [...(this.#left.get(key) ?? []), path]);
    else this.notes.push(`unknown key ${path}`);
  }

  all(): { readonly entries: readonly Entry[]; readonly notes: readonly string[] } {
    const left = [...this.#left].map(([key, paths]) => {
      const more = paths.length === 1 ? '' : ` and ${paths.length - 1} more`;
      return `${key} is left out: ${NOT_MAPPED[key]} (${paths[0]}${more})`;
    });
    return { entries: [...this.entries, ...this.#barrier], notes: [...this.notes, ...left] };
  }
}

/** A name that a chip can have. */
function chipName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return plain === '' ? 'imported' : plain;
}

/** `timing.axonIn` as nested lines of YAML; entries of one section stand together. */
function yamlLines(entries: readonly Entry[], file: string): string[] {
  const lines: string[] = [];
  let open: readonly string[] = [];
  for (const { path, value, unit, from } of [...entries].sort((a, b) =>
    section(a).localeCompare(section(b)),
  )) {
    const keys = path.split('.');
    const parents = keys.slice(0, -1);
    const shared = parents.findIndex((key, i) => open[i] !== key);
    const first = shared < 0 ? parents.length : shared;
    for (let depth = first; depth < parents.length; depth++)
      lines.push(`${'  '.repeat(depth)}${parents[depth]}:`);
    open = parents;
    const written = formatQuantity(value, unit);
    const space = written.lastIndexOf(' ', written.length - 1);
    const [number, symbol] = [written.slice(0, space), written.slice(space + 1)];
    const kind = unit === 's' || unit === 'J' ? ', class: published' : '';
    const source = JSON.stringify(`imported from ${file}: ${from}`);
    lines.push(
      `${'  '.repeat(parents.length)}${keys.at(-1)}: { value: ${number}, unit: ${symbol}${kind}, source: ${source} }`,
    );
  }
  return lines;
}

function section({ path }: Entry): string {
  return path.split('.').slice(0, -1).join('.');
}

/**
 * A chip file from an architecture file of SANA-FE.
 * @throws UserError naming the place if the file lacks a number that this program needs
 */
export function importSanaFeChip(file: string): ImportedChip {
  const label = basename(file);
  const { architecture, source } = readArchitecture(file);
  const imported = new ChipImport(source);
  imported.chip(architecture);
  imported.unread(architecture);
  const { entries, notes } = imported.all();
  const name = chipName(architecture.name);
  const title = JSON.stringify(`${architecture.name}, imported from SANA-FE`);
  const head = [
    '# yaml-language-server: $schema=./schema.json',
    '#',
    `# Imported from ${label}, an architecture of SANA-FE. Class and interval of a number are those of a published one`,
    '# whose source does not say how it was obtained: state what you know.',
    ...notes.map((note) => `#   ${note}`),
    '',
    `name: ${name}`,
    `title: ${title}`,
    'extends: loihi1',
    'status: >-',
    '  Mesh, times and energies are imported. What SANA-FE does not describe (widths, memory, learning, random numbers,',
    '  management, static power, the units and routers of mode cycle) is that of loihi1.',
    '',
  ];
  const lines = yamlLines(entries, label);
  const profiles = lines.indexOf('  profiles:');
  // Another chip's measured and simulated energies are no range for this one.
  const body = lines.toSpliced(
    profiles,
    1,
    '  defaultProfile: sana-fe',
    '  profiles:',
    '    davies2018: null',
  );
  return { name, text: `${[...head, ...body].join('\n')}\n`, notes };
}
