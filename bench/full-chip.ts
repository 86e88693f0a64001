// Timing mode `cycle` on a fully used chip: 128 cores of 1,024 compartments, of which noise lets 5 % fire in each step;
// each spike goes to four other cores, some near, some across the chip.

import { loadChip } from '../host/chip/load.ts';
import { compile } from '../host/compile/compile.ts';
import { Machine } from '../host/machine/machine.ts';
import { NetworkBuilder } from '../host/network/builder.ts';
import type { Network } from '../host/network/network.ts';
import { type BenchResult, rate } from './bench.ts';

const CORES = 128;
const COMPARTMENTS = 1024;
/** Between the number of a core and those that its spikes go to. */
const DISTANCES = [13, 42, 71, 99];
const STEPS = 2;
const ROUNDS = 5;
/** What the benchmark is there to watch. */
const WANTED = 2e6;

function fullChip(): Network {
  const builder = new NetworkBuilder('full chip', 1).phase('forward').phase('learning').phase('management');
  const cores = Array.from({ length: CORES }, (_, core) => core);
  for (const core of cores) {
    builder
      .coreClass({
        name: `core ${core}`,
        noise: { exponent: 13, mantissaOffset: 0, target: 'membrane' },
      })
      .population({
        name: `${core}`,
        size: COMPARTMENTS,
        coreClass: `core ${core}`,
        // Of -127..127, 13 values lie above the threshold: 5 %.
        compartment: { decayU: 4095, decayV: 4095, threshold: 114, noise: true },
      });
  }
  for (const core of cores) {
    for (const distance of DISTANCES) {
      const to = (core + distance) % CORES;
      builder.project({
        name: `${core} to ${to}`,
        from: `${core}`,
        to: `${to}`,
        connection: { kind: 'one-to-one', weight: 0 },
        synapse: { signMode: 'excitatory', bits: 8, exponent: 0 },
      });
    }
  }
  return builder.presentation('run', STEPS).build();
}

/** Flits times links crossed, per second of CPU time, everything else of the step included. */
export function fullChipBenchmark(): BenchResult {
  const { image } = compile(fullChip(), loadChip('loihi1').chip);
  const machine = new Machine(image, { timing: 'cycle' });
  let before = 0;
  const slice = (): number => {
    machine.present('run');
    const { flitHops } = machine.cycle!.sum();
    const hops = flitHops - before;
    before = flitHops;
    return hops;
  };
  const contender = { name: 'cycle', slice };
  rate(contender); // warms up
  const rounds = Array.from({ length: ROUNDS }, () => rate(contender)).sort((a, b) => a - b);
  const median = rounds[ROUNDS >> 1]!;
  const { messagesSent, messagesReceived } = machine.cycle!.sum();
  if (messagesSent !== messagesReceived) throw new Error('messages were lost');
  return {
    benchmark: 'time in cycles, 128 full cores at 5 % spiking, one thread',
    unit: 'flit-hops/s',
    rates: { cycle: median, wanted: WANTED },
    ratio: median / WANTED,
  };
}
