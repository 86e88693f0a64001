// The file of event counts of a recorded nBP set, and its comparison with what was counted.

import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { UserError } from '../errors.ts';
import type { Projection } from '../network/network.ts';
import { type Check, compareNumber, failed } from './nbp-check.ts';
import type { ConnectionCounts, TallyCounts } from './nbp-tally.ts';

const count = z.int().min(0);

const connectionSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  /** A matrix by name, or units of weight. */
  weight: z.union([z.string(), z.int()]),
  delay: count,
  synaptic_ops: count,
  visits_pre_spiked: count.optional(),
  pre_and_post_spiked: count.optional(),
  weights_changed: count.optional(),
});

const windowSchema = z.strictObject({
  samples: count,
  steps: count,
  compartment_updates: count,
  spikes: z.record(z.string(), count),
  injected: z.record(z.string(), count),
  spikes_total: count,
  synaptic_ops_total: count,
  synaptic_ops_injected: count,
  synaptic_ops_plastic: count,
  plastic_visits_every_epoch: count.optional(),
  plastic_visits_pre_spiked: count.optional(),
  plastic_pre_and_post_spiked: count.optional(),
  weights_changed: count.optional(),
  messages_axon_per_connection: count,
  messages_axon_per_core: count,
  connections: z.array(connectionSchema),
});

/** Counts of a stretch of samples. */
export type CountWindow = z.infer<typeof windowSchema>;

/** By run (`net-early`), then by window (`first_100_samples`). */
const fileSchema = z.record(z.string(), z.record(z.string(), windowSchema));

export type CountFile = z.infer<typeof fileSchema>;

/**
 * Reads a file of counts.
 * @throws UserError if it is damaged
 */
export function readCounts(file: string): CountFile {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError(`is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      code: 'bad-counts',
      file,
    });
  }
  const parsed = fileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new UserError(`${issue.path.join('.')}: ${issue.message}`, { code: 'bad-counts', file });
}

/** True if a recorded connection is this projection. */
function isConnection(
  { from, to, weight, delay }: CountWindow['connections'][number],
  { from: source, to: target, connection, synapse }: Projection,
): boolean {
  if (from !== source || to !== target || delay !== (synapse.delay ?? 0)) return false;
  if ('weight' in connection) return weight === connection.weight * 2 ** synapse.exponent;
  return typeof weight === 'string';
}

function sumOf(counts: TallyCounts, value: (connection: ConnectionCounts) => number): number {
  return counts.connections.reduce((sum, connection) => sum + value(connection), 0);
}

/** Compares every number of a window; one check each. */
export function compareCounts(name: string, counts: TallyCounts, recorded: CountWindow): Check[] {
  const { core } = counts;
  const checks: Check[] = [];
  const compare = (what: string, got: number | bigint, value: number | undefined): void => {
    if (value !== undefined) checks.push(compareNumber(`${name}: ${what}`, got, value));
  };
  const isInjected = ({ projection }: ConnectionCounts): boolean => counts.injected.has(projection.from);
  const isPlastic = ({ projection }: ConnectionCounts): boolean => projection.rule !== undefined;
  compare('compartment updates', core.compartmentUpdates, recorded.compartment_updates);
  for (const [population, spikes] of Object.entries(recorded.spikes))
    compare(`spikes of ${population}`, counts.spikes.get(population) ?? 0, spikes);
  for (const [port, spikes] of Object.entries(recorded.injected)) {
    // The record leaves reward spikes out.
    if (port !== 'reward') compare(`spikes injected by ${port}`, counts.injected.get(port) ?? 0, spikes);
  }
  compare('spikes', core.spikes, recorded.spikes_total);
  compare('synaptic operations', core.synapticOps, recorded.synaptic_ops_total);
  compare(
    'synaptic operations of injected spikes',
    sumOf(counts, (connection) => (isInjected(connection) ? connection.synapticOps : 0)),
    recorded.synaptic_ops_injected,
  );
  compare(
    'synaptic operations of plastic synapses',
    sumOf(counts, (connection) => (isPlastic(connection) ? connection.synapticOps : 0)),
    recorded.synaptic_ops_plastic,
  );
  compare('plastic synapses, every epoch', core.visitsAllPlastic, recorded.plastic_visits_every_epoch);
  compare('plastic synapses whose axon spiked', core.visitsActiveAxons, recorded.plastic_visits_pre_spiked);
  compare(
    'plastic synapses whose two ends spiked',
    sumOf(counts, ({ coincidences }) => coincidences),
    recorded.plastic_pre_and_post_spiked,
  );
  compare('weights changed', core.changed, recorded.weights_changed);
  compare(
    'messages, an axon per connection',
    counts.messagesByConnection,
    recorded.messages_axon_per_connection,
  );
  compare('messages, an axon per core', core.messages, recorded.messages_axon_per_core);
  for (const connection of recorded.connections) {
    const { from, to, weight, delay } = connection;
    const what = `${from} -> ${to} (${weight}, delay ${delay})`;
    const found = counts.connections.find(({ projection }) => isConnection(connection, projection));
    if (found === undefined) {
      checks.push(failed(`${name}: ${what}`, 'the network has no such connection'));
      continue;
    }
    compare(`${what}, synaptic operations`, found.synapticOps, connection.synaptic_ops);
    compare(`${what}, synapses whose axon spiked`, found.synapticOps, connection.visits_pre_spiked);
    compare(`${what}, synapses whose two ends spiked`, found.coincidences, connection.pre_and_post_spiked);
    compare(`${what}, weights changed`, found.changed, connection.weights_changed);
  }
  return checks;
}
