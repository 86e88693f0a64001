// Words for the names in a report, shared by the page, the comparison and the terminal.

import type { EnergyCoefficientName } from '../chip/energy-profile.ts';
import { type Resource, resourceName, showAmount } from '../compile/resource-use.ts';
import type { EnergyUnit } from '../energy/energy.ts';
import type { ShareName } from '../machine/cycle-reader.ts';
import { formatCount } from './format.ts';
import type { Report } from './report.ts';

const UNITS: Readonly<Record<EnergyUnit, string>> = {
  compartment: 'compartments',
  noise: 'noise',
  spikeOut: 'spike output',
  mesh: 'mesh',
  inputAxon: 'input axons',
  synapse: 'synapses',
  learning: 'learning engine',
  management: 'management',
};

/** The unit that a coefficient's energy is charged to. */
const UNIT_OF: Readonly<Record<EnergyCoefficientName, EnergyUnit>> = {
  compartmentAccess: 'compartment',
  compartmentUpdate: 'compartment',
  compartmentActive: 'compartment',
  compartmentInactive: 'compartment',
  spike: 'spikeOut',
  message: 'mesh',
  messageWithinTile: 'mesh',
  hopEastWest: 'mesh',
  hopNorthSouth: 'mesh',
  interChipHop: 'mesh',
  synapticOpDense: 'synapse',
  synapticOpSparse: 'synapse',
  synapticOpConv: 'synapse',
  synapseVisit: 'learning',
  traceUpdate: 'learning',
  randomDraw: 'noise',
  managementWrite: 'management',
  inputAxonEvent: 'inputAxon',
};

const READINGS: Readonly<Record<string, string>> = {
  allPlastic: 'every plastic synapse',
  activeAxons: 'plastic synapses of axons that spiked',
  allPlasticWithError: 'every plastic synapse, only in epochs with a post spike on the core',
  activeAxonsWithError: 'plastic synapses of axons that spiked, only in epochs with a post spike on the core',
};

/** Units and other parts of a step in mode `cycle`. */
const STEP_UNITS: Readonly<Record<ShareName, string>> = {
  compartment: 'compartments',
  outputAxon: 'output axons',
  network: 'interface to the mesh',
  inputAxon: 'input axons',
  synapse: 'synapses',
  dendrite: 'dendrites',
  learning: 'learning engine',
  injection: 'injection',
  barrier: 'barrier',
  management: 'management',
};

/** A report may come from a file, so a name is looked up before it is believed. */
const RESOURCES: Readonly<Record<Resource, true>> = {
  compartments: true,
  synapseMemory: true,
  inputAxons: true,
  outputAxons: true,
  dendriticAccumulators: true,
  compartmentProfiles: true,
  thresholdProfiles: true,
  synapseFormats: true,
  preTraceProfiles: true,
  programInstructions: true,
  neuronMemory: true,
};

function own(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** `fooBarBaz` → `foo bar baz`. */
function spaced(name: string): string {
  return name.replace(
    /([a-z0-9])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
}

/** Data for people; data made by a program are never named without saying so. */
export function dataTitle({ data }: Report): string {
  if (data.synthetic === null) return `${data.title} (unknown whether synthetic)`;
  if (!data.synthetic || /synthetic/i.test(data.title)) return data.title;
  return data.title.endsWith(')') ? data.title.replace(/\)$/, ', synthetic)') : `${data.title} (synthetic)`;
}

export function unitTitle(unit: string): string {
  return own(UNITS, unit) ?? spaced(unit);
}

/** What a learning epoch is charged for, in words; unknown readings by their own name. */
/** A unit of a core or another part of a step, in words; itself if it is not known. */
export function unitWords(name: string): string {
  return (STEP_UNITS as Readonly<Record<string, string>>)[name] ?? name;
}

export function readingTitle(reading: string): string {
  return own(READINGS, reading) ?? spaced(reading);
}

/** What every figure of energy and chip time is. */
export const MODELLED =
  'Energies and chip times are modelled: exact event counts times coefficients from public sources or, where there ' +
  'are none, marked guesses. They are not measurements.';

function isResource(name: string): name is Resource {
  return Object.hasOwn(RESOURCES, name);
}

/** Name of a core's resource. */
export function resourceTitle(resource: string): string {
  return isResource(resource) ? resourceName(resource) : spaced(resource);
}

/** An amount of a resource: synapse memory in KiB, all else a count. */
export function resourceAmount(resource: string, amount: number): string {
  return resource === 'synapseMemory'
    ? showAmount(resource, amount).replace(' ', '\u00a0')
    : formatCount(Number(amount.toPrecision(4)));
}

/** What the profile of the figures leaves out of each unit: coefficients it lacks for events that happened. */
export function notModelledByUnit({ energy }: Report): ReadonlyMap<string, readonly string[]> {
  const byUnit = new Map<string, string[]>();
  for (const name of energy.notModelled[energy.profile] ?? []) {
    const unit = Object.hasOwn(UNIT_OF, name) ? UNIT_OF[name as EnergyCoefficientName] : name;
    byUnit.set(unit, [...(byUnit.get(unit) ?? []), name]);
  }
  return byUnit;
}

/** `60 000 training samples, 3 epochs, 10 000 test samples`. */
export function presentedTitle({ samples }: Report): string {
  const epochs = samples.epochs === 1 ? '1 epoch' : `${formatCount(samples.epochs)} epochs`;
  return `${formatCount(samples.train)} training samples, ${epochs}, ${formatCount(samples.test)} test samples`;
}
