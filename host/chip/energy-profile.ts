// What a chip's events cost. A profile gives joules per event; an event without a coefficient is not modelled, which
// is null and never 0, so that a report can say what its sum leaves out.

import * as z from 'zod';
import { type Coefficient, coefficient } from './field.ts';

/** Name of a coefficient → the event that it is charged for. */
export const ENERGY_COEFFICIENTS = {
  compartmentAccess: 'Every mapped compartment in every step.',
  compartmentUpdate: 'A compartment whose state is evaluated in this step, on top of the access.',
  compartmentActive:
    'An active compartment in a step; with compartmentInactive an alternative to access and update.',
  compartmentInactive: 'An inactive compartment in a step; what "inactive" means is not public (U12).',
  spike: 'A compartment fires.',
  message: 'A spike message leaves a core: once per source compartment and destination core.',
  messageWithinTile: 'A message whose source and destination core share a tile.',
  hopEastWest: 'A message moves one router along x.',
  hopNorthSouth: 'A message moves one router along y.',
  interChipHop: 'A message moves to a neighbouring chip.',
  synapticOpDense: 'One weight added to one dendritic accumulator, dense synapse format.',
  synapticOpSparse: 'The same, sparse or run-length format.',
  synapticOpConv: 'The same, shared (convolution-style) synapse entries.',
  synapseVisit: 'The learning engine visits one plastic synapse in one learning epoch.',
  traceUpdate: 'One trace of one axon or compartment is brought up to date in a learning epoch.',
  randomDraw: 'One random number is drawn.',
  managementWrite: 'An embedded processor writes one register of a core.',
  inputAxonEvent: 'A message is served by an input axon.',
} as const satisfies Record<string, string>;

export type EnergyCoefficientName = keyof typeof ENERGY_COEFFICIENTS;

export const ENERGY_COEFFICIENT_NAMES = Object.keys(ENERGY_COEFFICIENTS) as EnergyCoefficientName[];

/** Joules per event; null = not modelled by this profile. */
export type EnergyCoefficients = {
  readonly [Name in EnergyCoefficientName]: Coefficient | null;
};

export interface EnergyProfile {
  readonly title: string | null;
  readonly coefficients: EnergyCoefficients;
}

function field(name: EnergyCoefficientName) {
  return coefficient('J', ENERGY_COEFFICIENTS[name]).nullable().default(null);
}

const fields = Object.fromEntries(ENERGY_COEFFICIENT_NAMES.map((name) => [name, field(name)])) as Record<
  EnergyCoefficientName,
  ReturnType<typeof field>
>;

/** In a file a profile is flat: the coefficients stand beside its title. */
export const energyProfileSchema = z
  .strictObject({
    title: z.string().min(1).nullable().default(null).describe('What the profile is, in a line.'),
    ...fields,
  })
  .transform(({ title, ...coefficients }): EnergyProfile => {
    return Object.freeze({ title, coefficients: Object.freeze(coefficients) });
  });
