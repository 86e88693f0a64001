// Networks of published sizes with synthetic activity, compiled and run on the emulated chip. Every compartment fires
// regularly, driven by its bias, at the rate asked for and in a phase of its own; weights do nothing, so that the
// activity is the one stated and events are counted as for any other weights.

import type { Chip } from '../../host/chip/schema.ts';
import { compile } from '../../host/compile/compile.ts';
import { CounterHash, Stream } from '../../host/data/counter-hash.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import { measure, since, total, totalTimeS } from '../../host/measure/measure.ts';
import { NetworkBuilder } from '../../host/network/builder.ts';
import type { Network } from '../../host/network/network.ts';
import { ACTIVITY, type Span } from './span.ts';
import type { ActivityCosts, StepCost } from './step-cost.ts';

export interface SyntheticLayer {
  readonly name: string;
  readonly size: number;
  /** Injected from outside instead of being on the chip. */
  readonly injected?: boolean;
  readonly cores?: number;
}

export interface SyntheticLink {
  readonly from: string;
  readonly to: string;
  readonly plastic?: boolean;
}

export interface SyntheticNetwork {
  readonly name: string;
  readonly layers: readonly SyntheticLayer[];
  readonly links: readonly SyntheticLink[];
  /** Steps of a learning epoch. */
  readonly epochSteps?: number;
}

const SEED = 1;
const STEPS = 200;
/** Steps before anything is counted. */
const WARM_UP = 20;
/** Finished weights are 0 for every mantissa: what a rule does to them changes no spike. */
const SILENT = { signMode: 'excitatory', bits: 8, exponent: -8 } as const;
const TRACE = { impulse: 16, tau: 10 } as const;

function networkOf({ name, layers, links, epochSteps = 1 }: SyntheticNetwork, rate: number): Network {
  const net = new NetworkBuilder(name, 1);
  for (const phase of ['forward', 'learning', 'management'])
    net.phase(phase, phase === 'forward' ? 'learning' : phase);
  const period = Math.round(1 / rate);
  const phases = new CounterHash(SEED, Stream.initialWeight, 0);
  for (const { name: layer, size, injected, cores } of layers) {
    if (injected === true) {
      net.port({ name: layer, size });
      continue;
    }
    net.coreClass({ name: layer, epochSteps, ...(cores === undefined ? {} : { cores }) });
    net.population({
      name: layer,
      size,
      coreClass: layer,
      // v grows by 64 a step and fires above threshold << 6, every `period` steps.
      compartment: { decayU: 4095, decayV: 0, threshold: period - 1, bias: { mantissa: 1, exponent: 6 } },
      start: { v: Int32Array.from({ length: size }, () => phases.below(period) * 64) },
      postTraces: { y1: TRACE },
    });
  }
  const sizeOf = (layer: string): number => layers.find((item) => item.name === layer)!.size;
  net.rule('stdp', 'dw = 2^-2*x1*y0 - 2^-2*y1*x0');
  for (const { from, to, plastic = false } of links) {
    net.project({
      name: `${from} -> ${to}`,
      from,
      to,
      connection: plastic
        ? { kind: 'all', weights: new Int16Array(sizeOf(from) * sizeOf(to)) }
        : { kind: 'uniform', weight: 0 },
      synapse: SILENT,
      ...(plastic ? { rule: 'stdp', preTraces: { x1: TRACE } } : {}),
    });
  }
  return net.presentation('warm up', WARM_UP).presentation('run', STEPS).build();
}

/** Runs a network at one rate. */
export function emulate(given: SyntheticNetwork, chip: Chip, rate: number): StepCost {
  const { image, cores } = compile(networkOf(given, rate), chip);
  const ports = given.layers.filter(({ injected }) => injected === true);
  const spikes = ports.reduce((sum, { size }) => sum + size, 0) * STEPS;
  const machine = new Machine(image, { events: Math.ceil(spikes * rate * 2) + 1024 });
  const events = new EventList(image);
  machine.present('warm up');
  const before = measure(machine);
  const chance = new CounterHash(SEED, Stream.trainImage, 0);
  for (const { name, size } of ports) {
    const { first } = events.port(name);
    for (let step = 0; step < STEPS; step++)
      for (let i = 0; i < size; i++) if (chance.between(0, 1) < rate) events.push(step, first + i);
  }
  machine.present('run', events);
  const measured = since(before, measure(machine));
  const compartments = image.populations.reduce((sum, { size }) => sum + size, 0);
  return {
    counts: total(measured),
    steps: STEPS,
    stepS: totalTimeS(measured) / STEPS,
    cores: cores.length,
    compartments,
  };
}

/** Runs a network at the three activities; what else depends on the end of the range is up to `network`. */
export function emulateOver(network: (end: keyof Span) => SyntheticNetwork, chip: Chip): ActivityCosts {
  const at = (end: keyof Span): StepCost => emulate(network(end), chip, ACTIVITY[end]);
  return { low: at('low'), value: at('value'), high: at('high') };
}
