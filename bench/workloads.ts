// The two speed workloads that other simulators are measured on as well: `ff`, dense layers, and `rec`, a sparse
// recurrent network. Their numbers are hashes of a counter, so that anyone can build the same networks.

import { mix32 } from '../host/mix32.ts';
import { NetworkBuilder } from '../host/network/builder.ts';
import type { CompartmentParameters, Network, SynapseParameters } from '../host/network/network.ts';

/** Steps of one presentation. */
export const WORKLOAD_STEPS = 100;

/** v keeps 3584/4096 a step, u nothing. */
function integrator(threshold: number): CompartmentParameters {
  return { decayU: 4095, decayV: 512, threshold };
}

/** Weights -128..127 as they are: mantissas are even, the exponent halves them. */
const WEIGHTS: SynapseParameters = { signMode: 'mixed', bits: 8, exponent: -1 };

function weight(key: number, offset: number): number {
  return Math.max(-128, Math.min(127, (mix32(key) >>> 24) - offset));
}

/** 1024 inputs, 1024 and 256 compartments, every one to every one. */
export function feedForward(): Network {
  const dense = (base: number, from: number, to: number): Int16Array =>
    Int16Array.from({ length: from * to }, (_, i) => 2 * weight(base + i, 128));
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
      connection: { kind: 'all', weights: dense(0x1000_0000, 1024, 1024) },
      synapse: WEIGHTS,
    })
    .project({
      name: 'hidden to output',
      from: 'hidden',
      to: 'output',
      connection: { kind: 'all', weights: dense(0x1800_0000, 1024, 256) },
      synapse: WEIGHTS,
    })
    .phase('run')
    .phase('learning')
    .phase('management')
    .presentation('run', WORKLOAD_STEPS)
    .build();
}

/** 4096 compartments with a bias, 64 random targets each. */
export function recurrent(): Network {
  const size = 4096;
  const fanOut = 64;
  const rowStart = new Uint32Array(size + 1);
  const targets: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < size; i++) {
    const row = new Map<number, number>();
    for (let k = 0; k < fanOut; k++) {
      const target = mix32(0x2000_0000 + fanOut * i + k) & (size - 1);
      // A target that is drawn twice has one synapse of both weights.
      row.set(target, (row.get(target) ?? 0) + weight(0x3000_0000 + fanOut * i + k, 136));
    }
    for (const [target, sum] of [...row].sort(([a], [b]) => a - b)) {
      targets.push(target);
      weights.push(2 * Math.max(-128, Math.min(127, sum)));
    }
    rowStart[i + 1] = targets.length;
  }
  const mantissa = Int16Array.from({ length: size }, (_, i) => mix32(0x4000_0000 + i) % 128);
  return new NetworkBuilder('rec', 1)
    .coreClass({ name: 'core', cores: 8 }) // 512 compartments x 8 cores fill the table of output axons exactly
    .population({
      name: 'net',
      size,
      coreClass: 'core',
      compartment: { ...integrator(520), bias: { mantissa, exponent: 6 } },
    })
    .project({
      name: 'net to net',
      from: 'net',
      to: 'net',
      connection: {
        kind: 'sparse',
        rowStart,
        targets: Uint32Array.from(targets),
        weights: Int16Array.from(weights),
      },
      synapse: WEIGHTS,
    })
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
