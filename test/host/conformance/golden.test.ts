// The recorded vectors of the public models, where they are at hand: $SEAMOUNT_GOLDEN, or ../shared/golden.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadChip } from '../../../host/chip/load.ts';
import { compile } from '../../../host/compile/compile.ts';
import { runConformance } from '../../../host/conformance/conformance.ts';
import { expectedRows, parseVector, type Vector } from '../../../host/conformance/vector.ts';
import { EventList } from '../../../host/machine/event-list.ts';
import { Machine } from '../../../host/machine/machine.ts';
import { NetworkBuilder } from '../../../host/network/builder.ts';
import { BUILDS } from './small-vector.ts';

const ROOT = process.env.SEAMOUNT_GOLDEN ?? resolve('../shared/golden');
const CATEGORIES = [
  'a-lif',
  'b-synapse',
  'c-learning',
  'd-network',
  'e-loihi2',
  'noc/zero-load',
  'noc/trace',
  'noc/sweep',
];

const isHere = existsSync(ROOT);
if (!isHere) process.stderr.write(`SKIPPED: no golden vectors in ${ROOT}; set SEAMOUNT_GOLDEN\n`);

const scalar = (value: unknown): number => {
  if (typeof value !== 'number') throw new Error(`${value} is not one number for all neurons`);
  return value;
};

/** The vector as a network of the chip itself: profiles, bytes of weights, default semantics. */
function nativeNetwork({ name, steps, input, network }: Vector): NetworkBuilder {
  const builder = new NetworkBuilder(name, 1)
    .phase('forward')
    .phase('learning')
    .phase('management')
    .coreClass({ name: 'core' })
    .presentation('run', steps);
  for (const [id, { n }] of Object.entries(input)) builder.port({ name: id, size: n });
  for (const { id, n, params } of network.populations) {
    const compartment = {
      decayU: scalar(params.du),
      decayV: scalar(params.dv),
      threshold: scalar(params.vth),
    };
    builder.population({ name: id, size: n, coreClass: 'core', compartment });
  }
  for (const { id, pre, post, weights } of network.connections) {
    const matrix = weights as number[][];
    const turned = matrix[0]!.flatMap((_, from) => matrix.map((row) => row[from]!));
    builder.project({
      name: id,
      from: pre,
      to: post!,
      connection: { kind: 'all', weights: Int16Array.from(turned) },
      synapse: { signMode: 'mixed', bits: 8, exponent: 0 },
    });
  }
  return builder;
}

describe.skipIf(!isHere)('recorded vectors', () => {
  it.each(CATEGORIES)('%s: every one agrees', (category) => {
    const failures = [...runConformance([join(ROOT, category)])].filter(({ failure }) => failure !== null);
    expect(failures).toEqual([]);
  });

  const consensus = isHere
    ? readdirSync(join(ROOT, 'd-network')).filter((file) => file.startsWith('consensus_'))
    : [];

  it.each(consensus)("%s: holds on the chip's own compartments and synapses", (file) => {
    const vector = parseVector(JSON.parse(readFileSync(join(ROOT, 'd-network', file), 'utf8')));
    const { image } = compile(nativeNetwork(vector).build(), loadChip('loihi1').chip);
    expect(
      image.cores.flatMap(({ groups, blocks }) => [...groups, ...blocks]).map(({ wide }) => wide),
    ).toEqual(image.cores.flatMap(({ groups, blocks }) => [...groups, ...blocks]).map(() => null));
    for (const build of BUILDS) {
      const machine = new Machine(image, { build, probeBytes: 2 ** 22 });
      const events = new EventList(image);
      for (const [id, input] of Object.entries(vector.input))
        for (const [step, element] of input.events) events.push(step - 1, events.port(id).first + element);
      const probes = vector.network.populations.flatMap(({ id }) =>
        (['u', 'v', 'spikes'] as const).map((kind) => ({
          id,
          kind,
          probe: machine.probes.add(id, kind, vector.steps),
        })),
      );
      machine.present('run', events);
      for (const { id, kind, probe } of probes) {
        const data = vector.expected[id]![kind === 'spikes' ? 's' : kind];
        const recorded = machine.probes.drain(probe);
        expect(recorded, `${id}.${kind}`).toEqual(expectedRows(id, data, vector.steps, probe.size));
      }
    }
  });
});
