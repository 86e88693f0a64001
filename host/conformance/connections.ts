// Connection types of golden vectors, by the name that vectors have for them: one entry per type says which
// projection it becomes.

import type { Connection, OwnLearning, Projection, SignMode, TraceParameters } from '../network/network.ts';
import { ConformanceError } from './conformance-error.ts';
import { convolutionMatrix } from './convolution.ts';
import type { Vector, VectorConnection } from './vector.ts';

/** What a connection type is built from. */
export interface ConnectionContext {
  readonly vector: Vector;
  readonly connection: VectorConnection;
  /** Elements of its source. */
  readonly rows: number;
  /** Name of the port or population that sends `name`'s spikes. */
  readonly spikesOf: (name: string) => string;
  /** Name of the value port or population that sends `name`'s values. */
  readonly valuesOf: (name: string) => string;
}

/** A projection but for its ends, and what its rule is. */
export interface BuiltConnection {
  readonly columns: number;
  readonly projection: Omit<Projection, 'name' | 'from' | 'to' | 'rule' | 'tapped'>;
  /** Lines of its learning rule. */
  readonly rule?: readonly string[];
}

export type ConnectionType = (context: ConnectionContext) => BuiltConnection;

/** A [post][pre] matrix as [from][to]. */
function transpose(matrix: readonly (readonly number[])[], rows: number, what: string): Int32Array {
  const columns = matrix.length;
  const transposed = new Int32Array(rows * columns);
  matrix.forEach((line, to) => {
    if (line.length !== rows) {
      throw new ConformanceError(`is malformed: ${what} has rows of ${line.length} values, not ${rows}`);
    }
    line.forEach((value, from) => {
      transposed[from * columns + to] = value;
    });
  });
  return transposed;
}

function weightsOf({ connection, rows }: ConnectionContext): { columns: number; weights: Int32Array } {
  const { id, weights } = connection;
  if (weights === undefined || weights.some((line) => line.some(Array.isArray))) {
    throw new ConformanceError(`is malformed: ${id}.weights is not a matrix`);
  }
  const matrix = weights as number[][];
  return { columns: matrix.length, weights: transpose(matrix, rows, `${id}.weights`) };
}

function signModeOf({ sign_mode: mode }: VectorConnection, weights: Int32Array): SignMode {
  if (mode === 'null' || mode === null) return 'excitatory';
  if (mode !== 'auto') return mode ?? 'mixed';
  if (weights.every((weight) => weight >= 0)) return 'excitatory';
  return weights.every((weight) => weight <= 0) ? 'inhibitory' : 'mixed';
}

function delaysOf(context: ConnectionContext): number | Uint8Array {
  const { delay = 0, delays, id } = context.connection;
  if (delays === undefined) return delay;
  return Uint8Array.from(transpose(delays, context.rows, `${id}.delays`), (each) => {
    if (each < 0 || each > 63) throw new ConformanceError(`is malformed: ${id} has a delay of ${each}`);
    return each;
  });
}

function dense(context: ConnectionContext): BuiltConnection {
  const { connection, vector } = context;
  const { columns, weights } = weightsOf(context);
  const isFloat = vector.semantics === 'lava-float';
  const projection = {
    connection: { kind: 'all', weights } satisfies Connection,
    synapse: {
      signMode: signModeOf(connection, weights),
      bits: connection.num_weight_bits ?? 8,
      exponent: connection.weight_exp ?? 0,
      delay: delaysOf(context),
    },
    graded: isFloat || (connection.num_message_bits ?? 0) > 0,
    ...(isFloat ? { unformatted: { sumBits: 0 } } : {}),
  };
  if (connection.learning === undefined) return { columns, projection };
  return { columns, ...learning(context, weights, projection) };
}

/** Bits, + sign, to which Lava wraps the result of a convolution. */
const CONVOLUTION_BITS = 23;

function convolution(context: ConnectionContext): BuiltConnection {
  const { connection, vector, rows } = context;
  const shape = connection.input_shape ?? vector.input[connection.pre]?.shape;
  const { columns, weights } = convolutionMatrix(connection, shape, rows);
  return {
    columns,
    projection: {
      connection: { kind: 'all', weights },
      synapse: { signMode: 'mixed', bits: 8, exponent: 0 },
      graded: (connection.num_message_bits ?? 0) > 0,
      unformatted: { sumBits: CONVOLUTION_BITS },
    },
  };
}

/** Time constant of the third factors of a rule: they do not decay but for rounding. */
const THIRD_FACTOR_TAU = 65535;
const GRADED_TRACES = [undefined, 'overwrite', 'saturate', 'carry'] as const;

function numberOf({ id, learning: fields }: VectorConnection, name: string): number {
  const value = fields?.[name] ?? 0;
  if (typeof value === 'number') return value;
  throw new ConformanceError(`is malformed: ${id}.learning.${name} is not a number`);
}

/** Impulse and time constant of a trace; impulses are in 1/256 or whole. */
function traceOf(connection: VectorConnection, name: string): TraceParameters {
  const impulse = numberOf(connection, `${name}_impulse`) + numberOf(connection, `${name}_impulse256`) / 256;
  return { impulse, tau: numberOf(connection, `${name}_tau`) };
}

const LEARNING_FIELDS =
  /^(d[wdt]|[xy][123]_(impulse|impulse256|tau)|t_epoch|factors|graded_spike_cfg|rng_seed)$/;

function learning(
  context: ConnectionContext,
  weights: Int32Array,
  projection: BuiltConnection['projection'],
): Omit<BuiltConnection, 'columns'> {
  const { connection, rows, spikesOf, valuesOf, vector } = context;
  const { id, type } = connection;
  const fields = connection.learning!;
  const unknown = Object.keys(fields).find((name) => !LEARNING_FIELDS.test(name));
  if (unknown !== undefined) {
    throw new ConformanceError(`cannot be replayed: ${id}.learning has the unknown field "${unknown}"`);
  }
  const hasThirdFactor = fields.factors === 3;
  const post = connection.post_spikes ?? connection.post?.split('.')[0];
  if (post === undefined) throw new ConformanceError(`is malformed: ${id} learns and has no post spikes`);
  const postTrace = (name: string): TraceParameters => ({
    ...traceOf(connection, name),
    ...(hasThirdFactor ? { tau: THIRD_FACTOR_TAU } : {}),
  });
  const third = Object.entries({ y1: connection.y1_in, y2: connection.y2_in, y3: connection.y3_in }).flatMap(
    ([name, source]) => (source === undefined ? [] : [[name, valuesOf(source)] as const]),
  );
  const graded = GRADED_TRACES[fields.graded_spike_cfg];
  const { tag_1: tags, tag_2: delays } = connection;
  const own: OwnLearning = {
    epochSteps: fields.t_epoch,
    postSpikes: spikesOf(post),
    postTraces: { y1: postTrace('y1'), y2: postTrace('y2'), y3: postTrace('y3') },
    ...(hasThirdFactor ? { thirdFactors: Object.fromEntries(third) } : {}),
    ...(graded === undefined ? {} : { gradedTrace: graded }),
    ...(type === 'LearningSparse' ? { exists: Uint8Array.from(weights, (w) => (w === 0 ? 0 : 1)) } : {}),
    ...(tags === undefined ? {} : { tags: transpose(tags, rows, `${id}.tag_1`) }),
    ...(delays === undefined ? {} : { delays: transpose(delays, rows, `${id}.tag_2`) }),
    unclipped: vector.semantics === 'lava',
  };
  const lines = (['dw', 'dd', 'dt'] as const).flatMap((target) => {
    const text = fields[target];
    return text === undefined || text.trim() === '' ? [] : [`${target} = ${text}`];
  });
  return {
    projection: {
      ...projection,
      preTraces: { x1: traceOf(connection, 'x1'), x2: traceOf(connection, 'x2') },
      own,
    },
    rule: lines,
  };
}

const TYPES: Readonly<Record<string, ConnectionType>> = {
  Dense: dense,
  Sparse: dense,
  DelayDense: dense,
  DelaySparse: dense,
  Conv: convolution,
  LearningDense: dense,
  LearningSparse: dense,
};

/** How connections of a type are built; `direct` is a wire and not among them. */
export function connectionType(type: string): ConnectionType {
  const found = TYPES[type];
  if (found !== undefined) return found;
  throw new ConformanceError(`cannot be replayed: there is no connection type "${type}"`);
}
