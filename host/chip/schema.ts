// The chip: what a mapper, an energy model or a core image needs to know about a piece of hardware, as plain
// read-only data in SI units and counts [HW 1-7]. The sections of a core are in core-schema.ts.

import * as z from 'zod';
import { barrierSchema } from './barrier.ts';
import {
  compartmentSchema,
  coreSchema,
  learningSchema,
  programSchema,
  synapseSchema,
} from './core-schema.ts';
import { barrierTreeSchema, meshSchema, unitsSchema } from './cycle-schema.ts';
import { type EnergyProfile, energyProfileSchema } from './energy-profile.ts';
import { choice, coefficient, count, measure } from './field.ts';
import { semanticsSchema } from './semantics.ts';

const topologySchema = z
  .strictObject({
    tilesX: count('tiles', { min: 1, max: 256 }, 'Columns of the mesh of routers.'),
    tilesY: count('tiles', { min: 1, max: 256 }, 'Rows of the mesh of routers.'),
    coresPerTile: count('cores', { min: 1, max: 64 }, 'Cores at one router.'),
    chips: count('chips', { min: 1, max: 16384 }, 'Chips that a mapping may use, at most.'),
    embeddedProcessors: count('processors', { min: 0, max: 64 }, 'Management processors of a chip.'),
  })
  .readonly();

function popAxon(says: string) {
  return z
    .strictObject({
      axonId: count('bit', { min: 1, max: 24 }, 'Width of the input axon id in a message.'),
      atom: count('bit', { min: 1, max: 24 }, 'Width of the atom: which source of the population fired.'),
      outputSlots: count(
        'slots',
        { min: 1, max: 8 },
        'Slots of the output axon table for a source and a destination core.',
      ),
      baseStep: count(
        'compartments',
        { min: 1, max: 1024 },
        'The base of the targets is a multiple of this.',
      ),
    })
    .readonly()
    .describe(says);
}

const routingSchema = z
  .strictObject({
    spikeMessage: count('bit', { min: 1, max: 4096 }, 'Length of a spike message.'),
    spikePayload: count('bit', { min: 0, max: 32 }, 'Width of a graded payload; 0 = binary spikes.'),
    order: z.enum(['xy']).describe('Dimension order: first along x, then along y.'),
    inputAxonId: count('bit', { min: 1, max: 24 }, 'Width of the input axon id in a message.'),
    targetBase: count('bit', { min: 1, max: 16 }, 'Width of the target base (cxBase) of an input axon.'),
    pop16: popAxon('Population axons whose message fits in the short form.'),
    pop32: popAxon('Population axons with the long form of a message.'),
    localCoreMessages: z
      .enum(['counted', 'free'])
      .describe('Whether a spike for the own core counts as a message.'),
  })
  .readonly();

const timingSchema = z
  .strictObject({
    quantum: choice('s', 'Time step of cycle mode; the chip itself has no clock.', {
      min: 1e-15,
      max: 1,
    }),
    compartmentAccess: measure('s', 'Every mapped compartment in every step.'),
    compartmentUpdate: measure('s', 'A compartment whose state is evaluated, on top of the access.'),
    spikeOut: measure('s', 'A compartment fires.'),
    axonOut: measure('s', 'A message leaves a core.'),
    axonIn: measure('s', 'A message is received by a core.'),
    synapticOpDense: measure('s', 'A synaptic operation, dense format.'),
    synapticOpSparse: measure('s', 'A synaptic operation, sparse or run-length format.'),
    synapticOpConv: measure('s', 'A synaptic operation, shared entries.'),
    hopEastWest: measure('s', 'A hop along x.'),
    hopNorthSouth: measure('s', 'A hop along y.'),
    linkBuffer: count(
      'messages',
      { min: 1, max: 65536 },
      'Messages that a link holds before a further one waits (mode analytic).',
    ),
    learningVisit: measure('s', 'The learning engine visits a plastic synapse.'),
    managementWrite: measure('s', 'An embedded processor writes a register.'),
    embeddedStep: choice('s', 'Constant per step, for embedded processors that work in every step.'),
    sampleOverhead: choice('s', 'Constant per sample, for host and embedded processors.'),
    barrier: barrierSchema,
    units: unitsSchema,
    mesh: meshSchema,
    barrierTree: barrierTreeSchema,
  })
  .readonly();

const energySchema = z
  .strictObject({
    defaultProfile: z.string().describe('Name of the profile that gives the value of a report.'),
    profiles: z
      .record(z.string().regex(/^[a-z][a-z0-9-]*$/), energyProfileSchema.nullable())
      .transform((profiles): Readonly<Record<string, EnergyProfile>> => {
        const kept = Object.entries(profiles).filter(([, profile]) => profile !== null);
        return Object.freeze(Object.fromEntries(kept) as Record<string, EnergyProfile>);
      })
      .describe(
        'Joules per event, by profile; reports give the range over all of them. null removes an inherited one.',
      ),
    staticPower: coefficient('W', 'Static power of a chip; null = unknown.').nullable(),
    embeddedPower: coefficient('W', 'Power of the embedded processors of a chip; null = unknown.').nullable(),
    ioPower: coefficient('W', 'Power of the input and output of a chip; null = unknown.')
      .nullable()
      .default(null),
  })
  .refine((energy) => Object.hasOwn(energy.profiles, energy.defaultProfile), {
    message: 'is not the name of a profile of this chip',
    path: ['defaultProfile'],
  })
  .readonly();

const areaSchema = z
  .strictObject({
    core: measure('m^2', 'Area of a core.'),
    die: measure('m^2', 'Area of the chip.'),
    coreMemory: count('byte', { min: 0, max: 2 ** 40 }, 'Memory of a core.'),
    chipMemory: count('byte', { min: 0, max: 2 ** 40 }, 'Memory of the chip.').nullable(),
  })
  .readonly();

/** Keys that describe one file and are not inherited by a file that extends it. */
export const OWN_KEYS = ['name', 'title', 'extends', 'status'] as const;

/** A whole chip; a file that extends another may leave out everything but `name`, `title` and `status`. */
export const chipSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/, { message: 'must be made of letters, digits, "." and "-"' })
      .describe('Name by which commands and other files refer to the chip.'),
    title: z.string().min(1).describe('The chip in a line.'),
    extends: z.exactOptional(
      z
        .string()
        .min(1)
        .describe('Chip whose values apply where this file has none: a name or a relative path.'),
    ),
    generation: z.enum(['loihi1', 'loihi2']).describe('Which family of features the chip has.'),
    status: z.string().min(1).describe('How far the numbers can be trusted, in prose.'),
    topology: topologySchema,
    core: coreSchema,
    compartment: compartmentSchema,
    program: programSchema,
    synapse: synapseSchema,
    learning: learningSchema,
    routing: routingSchema,
    semantics: semanticsSchema.prefault({}),
    timing: timingSchema,
    energy: energySchema,
    area: areaSchema,
  })
  .readonly();

/** A loaded chip. Quantities are numbers in SI units, bits, bytes or counts; read-only all the way down. */
export type Chip = z.infer<typeof chipSchema>;
