// The two speed workloads that other simulators are measured on as well: `ff`, dense layers, and `rec`, a sparse
// recurrent network. Their numbers are hashes of a counter, so that anyone can build the same networks.

import { mix32 } from '../host/mix32.ts';
import { NetworkBuilder } from '../host/network/builder.ts';
import type {
  CompartmentParameters,
  Connection,
  Network,
  SynapseParameters,
} from '../host/network/network.ts';

/** Steps of one presentation. */
export const WORKLOAD_STEPS = 100;

/** v keeps 3584/4096 a step, u nothing. */
function integrator(threshold: number): CompartmentParameters {
  return { decayU: 4095, decayV: 512, threshold };
}

/** Weights -128..127 as they are: mantissas are even, the exponent halves them. */
const WEIGHTS: SynapseParameters = { signMode: 'mixed', bits: 8, exponent: -1 };

function clip(sum: number): number {
  return Math.max(-128, Math.min(127, sum));
}

function weight(key: number, offset: number): number {
  return clip((mix32(key) >>> 24) - offset);
}

/** Elements of the layers of `ff`. */
export const LAYERS = [1024, 1024, 256] as const;

/** Weights of `ff` from its layer `from` to the next one, [from][to]. */
export function feedForwardWeights(from: 0 | 1): Int16Array {
  const base = from === 0 ? 0x1000_0000 : 0x1800_0000;
  return Int16Array.from({ length: LAYERS[from] * LAYERS[from + 1]! }, (_, i) => weight(base + i, 128));
}

/** 1024 inputs, 1024 and 256 compartments, every one to every one. */
export function feedForward(): Network {
  const dense = (from: 0 | 1): Connection => ({
    kind: 'all',
    weights: feedForwardWeights(from).map((w) => 2 * w),
  });
  return new NetworkBuilder('ff', 1)
    .coreClass({ name: 'hidden' })
    .coreClass({ name: 'output' })
    .port({ name: 'input', size: 1024 })
    .population({ name: 'hidden', size: 1024, coreClass: 'hidden', compartment: integrator(1000) })
    .population({ name: 'output', size: 256, coreClass: 'output', compartment: integrator(1100) })
    .project({
      name: 'input to hidden',
      from: 'input',
      to: 'hidden',
      connection: dense(0),
      synapse: WEIGHTS,
    })
    .project({
      name: 'hidden to output',
      from: 'hidden',
      to: 'output',
      connection: dense(1),
      synapse: WEIGHTS,
    })
    .phase('run')
    .phase('learning')
    .phase('management')
    .presentation('run', WORKLOAD_STEPS)
    .build();
}

/** Compartments of `rec`, and the synapses that each sends out. */
export const RECURRENT_SIZE = 4096;
export const RECURRENT_FAN_OUT = 64;

/** The synapse k of compartment i. */
export function recurrentSynapse(i: number, k: number): { readonly target: number; readonly weight: number } {
  const place = RECURRENT_FAN_OUT * i + k;
  return {
    target: mix32(0x2000_0000 + place) & (RECURRENT_SIZE - 1),
    weight: weight(0x3000_0000 + place, 136),
  };
}

/** What is added to the input of compartment i in every step. */
export function recurrentBias(i: number): number {
  return mix32(0x4000_0000 + i) % 128;
}

/** Sparse rows of the weights that `part` makes of each row's sums by target; 0 is no synapse. */
function recurrentRows(part: (sum: number) => number): Connection {
  const rowStart = new Uint32Array(RECURRENT_SIZE + 1);
  const targets: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < RECURRENT_SIZE; i++) {
    const row = new Map<number, number>();
    for (let k = 0; k < RECURRENT_FAN_OUT; k++) {
      const { target, weight: w } = recurrentSynapse(i, k);
      row.set(target, (row.get(target) ?? 0) + w);
    }
    for (const [target, sum] of [...row].sort(([a], [b]) => a - b)) {
      if (part(sum) === 0) continue;
      targets.push(target);
      weights.push(2 * part(sum));
    }
    rowStart[i + 1] = targets.length;
  }
  return { kind: 'sparse', rowStart, targets: Uint32Array.from(targets), weights: Int16Array.from(weights) };
}

/** 4096 compartments with a bias, 64 random targets each; a target that is drawn twice gets the sum of both weights. */
export function recurrent(): Network {
  const mantissa = Int16Array.from({ length: RECURRENT_SIZE }, (_, i) => recurrentBias(i));
  const builder = new NetworkBuilder('rec', 1)
    .coreClass({ name: 'core' }) // 8 cores: 512 compartments x 8 destinations fill the table of output axons exactly
    .population({
      name: 'net',
      size: RECURRENT_SIZE,
      coreClass: 'core',
      compartment: { ...integrator(520), bias: { mantissa, exponent: 6 } },
    });
  const parts = { 'net to net': clip, 'what 8 bits do not hold': (sum: number) => sum - clip(sum) };
  for (const [name, part] of Object.entries(parts))
    builder.project({ name, from: 'net', to: 'net', connection: recurrentRows(part), synapse: WEIGHTS });
  return builder
    .phase('run')
    .phase('learning')
    .phase('management')
    .presentation('run', WORKLOAD_STEPS)
    .build();
}

/** Inputs of `ff` that spike in a step. */
export function feedForwardInputs(step: number): number[] {
  return Array.from({ length: 1024 }, (_, i) => i).filter(
    (i) => mix32(0x5100_0000 + 1024 * step + i) < 0.05 * 2 ** 32,
  );
}

/** Populations of `idle`, each of which has a port of one element. */
export const IDLE_POPULATIONS = 512;

/** A full chip of 128 cores, 131,072 compartments without bias in populations of 256; a port spike drives a whole one. */
export function idleChip(): Network {
  const builder = new NetworkBuilder('idle', 1).phase('run').phase('learning').phase('management');
  for (let i = 0; i < IDLE_POPULATIONS; i++) {
    if (i % 4 === 0) builder.coreClass({ name: `core ${i / 4}` });
    builder
      .port({ name: `drive ${i}`, size: 1 })
      .population({
        name: `${i}`,
        size: 256,
        coreClass: `core ${Math.floor(i / 4)}`,
        compartment: integrator(1000),
      })
      .project({
        name: `to ${i}`,
        from: `drive ${i}`,
        to: `${i}`,
        connection: { kind: 'all', weights: Int16Array.from({ length: 256 }, (_, k) => 2 * (k - 128)) },
        synapse: WEIGHTS,
      });
  }
  return builder.presentation('run', WORKLOAD_STEPS).build();
}

/**
 * A ring of populations with a bias, each on a core of its own and dense to the next: about one compartment in twenty
 * spikes in a step, and all cores have as much to do.
 */
export function ring(cores: number, size: number): Network {
  const builder = new NetworkBuilder('ring', 1).phase('run').phase('learning').phase('management');
  for (let c = 0; c < cores; c++) {
    const mantissa = Int16Array.from({ length: size }, (_, i) => recurrentBias(c * size + i));
    builder.coreClass({ name: `core ${c}` }).population({
      name: `${c}`,
      size,
      coreClass: `core ${c}`,
      compartment: { ...integrator(520), bias: { mantissa, exponent: 6 } },
    });
  }
  for (let c = 0; c < cores; c++) {
    const weights = Int16Array.from(
      { length: size * size },
      (_, i) => 2 * weight(0x6000_0000 + c + i * cores, 136),
    );
    builder.project({
      name: `from ${c}`,
      from: `${c}`,
      to: `${(c + 1) % cores}`,
      connection: { kind: 'all', weights },
      synapse: WEIGHTS,
    });
  }
  return builder.presentation('run', WORKLOAD_STEPS).build();
}
