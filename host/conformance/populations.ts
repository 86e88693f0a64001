// Population models of golden vectors, by the name that vectors have for them: one entry per semantics and model
// says how it is built and what of it is recorded.

import type { PresetName } from '../chip/semantics.ts';
import type { ProbeKind } from '../machine/probes.ts';
import type { NetworkBuilder } from '../network/builder.ts';
import type { CompartmentColumns, CompartmentStart } from '../network/network.ts';
import { ConformanceError } from './conformance-error.ts';
import {
  type BuiltPopulation,
  CORE_CLASS,
  columnOf,
  Parameters,
  type PopulationModel,
} from './population-model.ts';
import { LAVA_PROGRAMS } from './program-models.ts';
import type { VectorPopulation } from './vector.ts';

/** Start values, by the names that a model's variables have. */
export function startOf(
  population: VectorPopulation,
  names: Readonly<Record<string, keyof CompartmentStart>>,
): CompartmentStart {
  const start: { -readonly [Name in keyof CompartmentStart]: Int32Array } = {};
  for (const [name, value] of Object.entries(population.init)) {
    const state = names[name];
    if (state === undefined) {
      throw new ConformanceError(
        `cannot be replayed: ${population.id}: model ${population.model} has no start value "${name}"`,
      );
    }
    start[state] = columnOf(population, `init.${name}`, value);
  }
  return start;
}

const VOLTAGE_MAX = 2 ** 23 - 1;

function constant(population: VectorPopulation, value: number): Int32Array {
  return new Int32Array(population.n).fill(value);
}

/** Adds a population of integrate-and-fire compartments; `names` are those of its state variables. */
function addCompartments(
  builder: NetworkBuilder,
  population: VectorPopulation,
  columns: CompartmentColumns,
  names: Readonly<Record<string, keyof CompartmentStart>>,
  further: Readonly<Record<string, ProbeKind>> = {},
): BuiltPopulation {
  const { id, n } = population;
  builder.population({
    name: id,
    size: n,
    coreClass: CORE_CLASS,
    compartment: { decayU: 0, decayV: 0, threshold: 0 },
    columns,
    start: startOf(population, names),
  });
  const probes: Record<string, ProbeKind> = { ...names, s: 'payload', ...further };
  return {
    inputs: { a_in: [{ population: id }] },
    outputs: { s_out: id },
    variable: (name) => {
      const probe = probes[name];
      return probe === undefined ? undefined : { population: id, probe };
    },
  };
}

/** Lava's LIF and its variants; `isTernary` and `resets` say which parameters it has. */
function lavaLif(variant: { readonly isTernary?: boolean; readonly resets?: boolean }): PopulationModel {
  return (builder, population) => {
    const parameters = new Parameters(population);
    const columns: CompartmentColumns = {
      decayU: parameters.column('du'),
      decayV: parameters.column('dv'),
      threshold: parameters.column(variant.isTernary ? 'vth_hi' : 'vth'),
      ...(variant.isTernary ? { thresholdLow: parameters.column('vth_lo') } : {}),
      bias: parameters.bias(),
      vMin: constant(population, -VOLTAGE_MAX),
      vMax: constant(population, VOLTAGE_MAX),
      ...(variant.resets
        ? {
            resetInterval: parameters.column('reset_interval'),
            resetOffset: parameters.column('reset_offset'),
          }
        : {}),
    };
    parameters.close();
    return addCompartments(builder, population, columns, { u: 'u', v: 'v' });
  };
}

/** Lava's floating-point LIF, with du and dv of 0 or 1: what an integer file can hold. */
function floatLif(builder: NetworkBuilder, population: VectorPopulation): BuiltPopulation {
  const parameters = new Parameters(population);
  const columns: CompartmentColumns = {
    decayU: parameters.column('du').map((decay) => decay * 4096),
    decayV: parameters.column('dv').map((decay) => decay * 4096),
    threshold: parameters.column('vth'),
    bias: parameters.bias(),
    refractory: parameters.column('refractory_period'),
  };
  parameters.close();
  return addCompartments(builder, population, columns, {
    u: 'u',
    v: 'v',
    refractory_period_end: 'refractory',
  });
}

function nengoLif(builder: NetworkBuilder, population: VectorPopulation): BuiltPopulation {
  const parameters = new Parameters(population);
  const columns: CompartmentColumns = {
    decayU: parameters.column('decay_u'),
    decayV: parameters.column('decay_v'),
    threshold: parameters.column('vth'),
    bias: parameters.bias(),
    refractory: parameters.column('refract_delay'),
    vMin: parameters.column('vmin'),
    vMax: parameters.column('vmax'),
  };
  parameters.close();
  const names = { u: 'u', v: 'v', ref_count: 'refractory' } as const;
  return addCompartments(builder, population, columns, names, { q: 'input' });
}

function brianLif(builder: NetworkBuilder, population: VectorPopulation): BuiltPopulation {
  const parameters = new Parameters(population);
  const columns: CompartmentColumns = {
    decayU: parameters.column('decay_I'),
    decayV: parameters.column('decay_v'),
    threshold: parameters.column('vth'),
    refractory: parameters.column('refractory'),
  };
  parameters.close();
  return addCompartments(builder, population, columns, { u: 'u', v: 'v' });
}

const MODELS: Readonly<Record<PresetName, Readonly<Record<string, PopulationModel>>>> = {
  hardware: {},
  lava: {
    LIF: lavaLif({}),
    LIFReset: lavaLif({ resets: true }),
    TernaryLIF: lavaLif({ isTernary: true }),
    ...LAVA_PROGRAMS,
  },
  'lava-float': { LIF: floatLif, LIFRefractoryFloat: floatLif },
  'nengo-loihi': { LIF: nengoLif },
  brian2loihi: { LIF: brianLif },
};

/** How populations of a model are built under a preset. */
export function populationModel(semantics: PresetName, model: string): PopulationModel {
  const found = MODELS[semantics][model];
  if (found !== undefined) return found;
  throw new ConformanceError(`cannot be replayed: there is no model "${model}" under semantics ${semantics}`);
}
