// Population models of golden vectors that are neuron programs: Lava's models of Loihi 2. Where a model has two
// outputs, each is a population of its own, since a compartment sends one spike in a step.

import type { NetworkBuilder } from '../network/builder.ts';
import type { ProgramUse } from '../network/network.ts';
import { assemble } from '../program/assemble.ts';
import { LIBRARY, type LibraryProgram } from '../program/library.ts';
import {
  type BuiltPopulation,
  CORE_CLASS,
  columnOf,
  type InputEnd,
  Parameters,
  type PopulationModel,
  type RecordedVariable,
} from './population-model.ts';
import type { VectorPopulation } from './vector.ts';

type ProgramParameters = Record<string, Int32Array>;

/** A model that is one program. */
interface ProgramModel {
  readonly program: LibraryProgram;
  readonly parameters: (parameters: Parameters) => ProgramParameters;
  /** Port of the program for each of the model. */
  readonly inputs: Readonly<Record<string, string>>;
  /** State words that are recorded under other names than their own. */
  readonly state?: Readonly<Record<string, string>>;
  /** Parameters that the model has and does not use. */
  readonly unused?: readonly string[];
}

/** Program text for the outputs of models that have more than one. */
const BACK_PROPAGATED = `
; the third factor k makes compartment k - 1 send a back-propagated spike
port  third
temp  t
sub   t, third, 1
eq    t, t, index
if third
  if t
    send
  end
end
`;
const LEARNING_RATE = `
; y1 of a prototype: 127 for the compartment that the last third factor named
port  third
state y:8
temp  t
sub   t, third, 1
eq    t, t, index
if third
  sel y, t, 127, 0
end
if y
  send y
end
`;

/** One number if all are the same: shared parameters need no memory of a compartment. */
function shared(column: Int32Array): number | number[] {
  const [first = 0] = column;
  return column.every((value) => value === first) ? first : [...column];
}

function withShared(parameters: ProgramParameters): Record<string, number | number[]> {
  return Object.fromEntries(Object.entries(parameters).map(([name, column]) => [name, shared(column)]));
}

/** value << exponent, neuron by neuron. */
function shifted(column: Int32Array, exponents: Int32Array): Int32Array {
  return column.map((value, i) => value << exponents[i]!);
}

function sum(a: Int32Array, b: Int32Array): Int32Array {
  return a.map((value, i) => value + b[i]!);
}

/** 4096 minus the decay. */
function keep(decay: Int32Array, offset = 0): Int32Array {
  return decay.map((value) => 4096 - offset - value);
}

function resonator(parameters: Parameters): ProgramParameters {
  return {
    sin: parameters.column('sin_decay'),
    cos: parameters.column('cos_decay'),
    exponent: parameters.column('state_exp'),
    down: parameters.column('decay_bits'),
    threshold: parameters.column('vth'),
  };
}

function threshold(parameters: Parameters): ProgramParameters {
  return { threshold: parameters.column('vth') };
}

/** Threshold and exponents of the sigma-delta family. */
function delta(parameters: Parameters): ProgramParameters & { shift: Int32Array } {
  const exponent = parameters.column('state_exp');
  const shift = sum(parameters.column('spike_exp'), exponent);
  return { threshold: shifted(parameters.column('vth'), shift), exponent, shift };
}

function sigmaDelta(parameters: Parameters): ProgramParameters {
  const { shift, ...rest } = delta(parameters);
  const bias = parameters.column('bias');
  const relu = parameters.choice('act_mode', ['unit', 'relu']);
  return { ...rest, bias: shifted(bias, shift), relu: bias.map(() => relu) };
}

const COMPLEX = { a_real_in: 're_in', a_imag_in: 'im_in' };
const REAL_AND_IMAGINARY = { real: 're', imag: 'im' };
const IN = { a_in: 'in' };

const PROGRAM_MODELS = {
  RF: { program: 'rf', parameters: resonator, inputs: COMPLEX, state: REAL_AND_IMAGINARY },
  RF_IZ: { program: 'rf-iz', parameters: resonator, inputs: COMPLEX, state: REAL_AND_IMAGINARY },
  RFZero: {
    program: 'rf-zero',
    parameters: (parameters) => ({
      cos: parameters.column('lct'),
      sin: parameters.column('lst'),
      threshold: parameters.column('uth'),
    }),
    inputs: { u_in: 'u_in', v_in: 'v_in' },
  },
  Sigma: { program: 'sigma', parameters: () => ({}), inputs: IN },
  Delta: {
    program: 'delta',
    parameters: (parameters) => ({ ...delta(parameters), cumulative: parameters.column('cum_error') }),
    inputs: IN,
  },
  SigmaDelta: {
    program: 'sigma-delta',
    parameters: (parameters) => ({ ...sigmaDelta(parameters), cumulative: parameters.column('cum_error') }),
    inputs: IN,
  },
  SigmaDeltaCorrected: {
    program: 'sigma-delta-corrected',
    parameters: sigmaDelta,
    inputs: IN,
    unused: ['cum_error'],
  },
  GradedVec: { program: 'graded-vec', parameters: threshold, inputs: IN, unused: ['exp'] },
  GradedReluVec: { program: 'graded-relu-vec', parameters: threshold, inputs: IN, unused: ['exp'] },
  ProdNeuron: {
    program: 'prod-neuron',
    parameters: (parameters) => ({ ...threshold(parameters), exponent: parameters.column('exp') }),
    inputs: { a_in1: 'in1', a_in2: 'in2' },
  },
  NormVecDelay: {
    program: 'norm-vec-delay',
    parameters: threshold,
    inputs: { a_in1: 'in1', a_in2: 'in2' },
    unused: ['exp'],
  },
  InvSqrt: { program: 'inv-sqrt', parameters: () => ({}), inputs: IN, unused: ['fp_base'] },
  ATRLIF: {
    program: 'atrlif',
    parameters: (parameters) => ({
      keepI: keep(parameters.column('delta_i'), 1),
      keepV: keep(parameters.column('delta_v')),
      keepTheta: keep(parameters.column('delta_theta')),
      keepR: keep(parameters.column('delta_r')),
      bias: parameters.bias(),
      rest: parameters.column('theta_0').map((mantissa) => mantissa << 6),
      step: parameters.column('theta_step').map((mantissa) => mantissa << 6),
    }),
    inputs: IN,
  },
  PrototypeLIF: {
    program: 'prototype-lif',
    parameters: (parameters) => ({
      keepU: keep(parameters.column('du'), 1),
      keepV: keep(parameters.column('dv')),
      bias: parameters.bias(),
      threshold: parameters.column('vth').map((mantissa) => mantissa << 6),
    }),
    inputs: { a_in: 'in', a_third_factor_in: 'third', reset_in: 'reset' },
    state: { y1: 'y' },
  },
} as const satisfies Readonly<Record<string, ProgramModel>>;

function add(builder: NetworkBuilder, name: string, size: number, program: ProgramUse): void {
  builder.population({ name, size, coreClass: CORE_CLASS, program });
}

function build(builder: NetworkBuilder, population: VectorPopulation, model: ProgramModel): BuiltPopulation {
  const { id, n, init } = population;
  const parameters = new Parameters(population);
  const given = model.parameters(parameters);
  for (const name of model.unused ?? []) parameters.column(name);
  parameters.close();
  const initial = Object.entries(init).map(
    ([name, value]) =>
      [model.state?.[name] ?? name, shared(columnOf(population, `init.${name}`, value))] as const,
  );
  const text = LIBRARY[model.program];
  const words = assemble(id, text).state.map(({ name }) => name);
  add(builder, id, n, {
    text,
    parameters: withShared(given),
    initial: Object.fromEntries(initial),
  });
  return {
    inputs: Object.fromEntries(
      Object.entries(model.inputs).map(([name, port]) => [name, [{ population: id, port }]]),
    ),
    outputs: { s_out: id },
    variable: (name): RecordedVariable | undefined => {
      if (name === 's') return { population: id, probe: 'payload' };
      const word = model.state?.[name] ?? name;
      return words.includes(word) ? { population: id, probe: `state ${word}` } : undefined;
    },
  };
}

function oneProgram(model: ProgramModel): PopulationModel {
  return (builder, population) => build(builder, population, model);
}

/** Adds a further output: a population that hears one of the model's inputs as well. */
function withOutput(
  builder: NetworkBuilder,
  { id, n }: VectorPopulation,
  built: BuiltPopulation,
  output: {
    readonly port: string;
    readonly input: string;
    readonly programPort: string;
    readonly text: string;
  },
): BuiltPopulation {
  const name = `${id} (${output.port})`;
  add(builder, name, n, { text: output.text });
  const ends: readonly InputEnd[] = built.inputs[output.input] ?? [];
  return {
    ...built,
    inputs: {
      ...built.inputs,
      [output.input]: [...ends, { population: name, port: output.programPort }],
    },
    outputs: { ...built.outputs, [output.port]: name },
  };
}

/** NormVecDelay: the square of its first input is a second output, recorded as s2. */
function normVecDelay(builder: NetworkBuilder, population: VectorPopulation): BuiltPopulation {
  const built = withOutput(builder, population, build(builder, population, PROGRAM_MODELS.NormVecDelay), {
    port: 's2_out',
    input: 'a_in1',
    programPort: 'in1',
    text: LIBRARY['norm-vec-square'],
  });
  const square = built.outputs.s2_out!;
  return {
    ...built,
    variable: (name) => (name === 's2' ? { population: square, probe: 'payload' } : built.variable(name)),
  };
}

/** PrototypeLIF: the back-propagated spike and y1 are outputs that learning connections listen to. */
function prototypeLif(builder: NetworkBuilder, population: VectorPopulation): BuiltPopulation {
  const third = { input: 'a_third_factor_in', programPort: 'third' };
  const built = build(builder, population, PROGRAM_MODELS.PrototypeLIF);
  const spiking = withOutput(builder, population, built, {
    ...third,
    port: 's_out_bap',
    text: BACK_PROPAGATED,
  });
  return withOutput(builder, population, spiking, { ...third, port: 's_out_y1', text: LEARNING_RATE });
}

/** By the names that vectors have for them. */
export const LAVA_PROGRAMS: Readonly<Record<string, PopulationModel>> = {
  ...Object.fromEntries(Object.entries(PROGRAM_MODELS).map(([name, model]) => [name, oneProgram(model)])),
  NormVecDelay: normVecDelay,
  PrototypeLIF: prototypeLif,
};
