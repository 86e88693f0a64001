// Timing mode `cycle` on a fully used chip: 128 cores of 1,024 compartments, of which noise lets 5 % fire in each step;
// each spike goes to four other cores, anywhere on the chip.

import { performance } from 'node:perf_hooks';
import { loadChip } from '../host/chip/load.ts';
import { compile } from '../host/compile/compile.ts';
import { Machine } from '../host/machine/machine.ts';
import type { TimingMode } from '../host/machine/timing-mode.ts';
import { NetworkBuilder } from '../host/network/builder.ts';
import type { Network } from '../host/network/network.ts';
import type { BenchResult } from './bench.ts';

const CORES = 128;
const COMPARTMENTS = 1024;
/** Between the number of a core and those that its spikes go to: some near, some across the chip. */
const DISTANCES = [13, 42, 71, 99];
const STEPS = 8;

function fullChip(): Network {
  const builder = new NetworkBuilder('full chip', 1).phase('forward').phase('learning').phase('management');
  for (let core = 0; core < CORES; core++) {
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
  for (let core = 0; core < CORES; core++) {
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

/** Flit-hops per second of CPU time in mode `cycle`, and the rates of steps in all modes. */
export function fullChipBenchmark(): BenchResult {
  const { image } = compile(fullChip(), loadChip('loihi1').chip);
  const rates: Record<string, number> = {};
  const modes: readonly TimingMode[] = ['cycle', 'analytic', 'functional'];
  for (const timing of modes) {
    const machine = new Machine(image, { timing });
    machine.present('run');
    const before = machine.cycle?.sum().flitHops ?? 0;
    const begin = process.cpuUsage();
    const wall = performance.now();
    machine.present('run');
    const { user, system } = process.cpuUsage(begin);
    const seconds = (user + system) / 1e6;
    rates[`${timing}, steps/s`] = STEPS / seconds;
    if (machine.cycle !== null) {
      rates['flit-hops/s'] = (machine.cycle.sum().flitHops - before) / seconds;
      rates['flit-hops a step'] = (machine.cycle.sum().flitHops - before) / STEPS;
      rates['wall s'] = (performance.now() - wall) / 1000;
      console.log(
        machine.cycle.sum().shares,
        machine.cycle.sum().messagesSent,
        machine.cycle.sum().messagesReceived,
      );
    }
  }
  return { benchmark: 'mode cycle', unit: '', rates, ratio: 1 };
}
console.log(fullChipBenchmark());
