// The engine on whole networks without learning: the two workloads that other simulators are measured on, against plain
// loops of the same definition, and a chip that is almost idle.

import { loadChip } from '../host/chip/load.ts';
import { compile } from '../host/compile/compile.ts';
import { EventList } from '../host/machine/event-list.ts';
import { Machine } from '../host/machine/machine.ts';
import type { TimingMode } from '../host/machine/timing-mode.ts';
import type { Network } from '../host/network/network.ts';
import { type BenchResult, type Contender, compete, type Row, rateRow, timeRow } from './bench.ts';
import {
  feedForward,
  feedForwardInputs,
  feedForwardWeights,
  IDLE_POPULATIONS,
  idleChip,
  LAYERS,
  RECURRENT_FAN_OUT,
  RECURRENT_SIZE,
  recurrent,
  recurrentBias,
  recurrentSynapse,
  WORKLOAD_STEPS,
} from './workloads.ts';

const EVENTS = 65_536;
const FUNCTIONAL = 'core, functional';

/** A layer by its definition: v keeps 3584/4096, rounded toward zero, and gains 64 times the input. */
class PlainLayer {
  readonly input: Int32Array;
  /** Elements that spike in the present step. */
  readonly spikes: Uint32Array;
  spikeCount = 0;
  readonly #v: Int32Array;
  readonly #bias: Int32Array;
  readonly #threshold: number;

  constructor(size: number, threshold: number, bias: (i: number) => number = () => 0) {
    this.input = new Int32Array(size);
    this.spikes = new Uint32Array(size);
    this.#v = new Int32Array(size);
    this.#bias = Int32Array.from({ length: size }, (_, i) => bias(i));
    this.#threshold = 64 * threshold;
  }

  update(): void {
    const v = this.#v;
    const { input, spikes } = this;
    let count = 0;
    for (let i = 0; i < v.length; i++) {
      const next = Math.trunc((v[i]! * 3584) / 4096) + 64 * (input[i]! + this.#bias[i]!);
      input[i] = 0;
      if (next > this.#threshold) {
        v[i] = 0;
        spikes[count++] = i;
      } else v[i] = next;
    }
    this.spikeCount = count;
  }
}

/** Runs a workload step by step. */
interface Plain {
  readonly layers: readonly PlainLayer[];
  /** Step t of a presentation. */
  step(t: number): void;
}

function addRow(input: Int32Array, weights: Int16Array, row: number): void {
  const first = row * input.length;
  for (let i = 0; i < input.length; i++) input[i] = input[i]! + weights[first + i]!;
}

function plainFeedForward(inputs: readonly (readonly number[])[]): Plain {
  const weights = [feedForwardWeights(0), feedForwardWeights(1)] as const;
  const hidden = new PlainLayer(LAYERS[1], 1000);
  const output = new PlainLayer(LAYERS[2], 1100);
  return {
    layers: [hidden, output],
    step: (t) => {
      hidden.update();
      output.update();
      for (const row of inputs[t]!) addRow(hidden.input, weights[0], row);
      for (let i = 0; i < hidden.spikeCount; i++) addRow(output.input, weights[1], hidden.spikes[i]!);
    },
  };
}

function plainRecurrent(): Plain {
  const targets = new Uint16Array(RECURRENT_SIZE * RECURRENT_FAN_OUT);
  const weights = new Int16Array(targets.length);
  for (let i = 0; i < RECURRENT_SIZE; i++) {
    for (let k = 0; k < RECURRENT_FAN_OUT; k++) {
      const { target, weight } = recurrentSynapse(i, k);
      targets[i * RECURRENT_FAN_OUT + k] = target;
      weights[i * RECURRENT_FAN_OUT + k] = weight;
    }
  }
  const net = new PlainLayer(RECURRENT_SIZE, 520, recurrentBias);
  return {
    layers: [net],
    step: () => {
      net.update();
      for (let i = 0; i < net.spikeCount; i++) {
        const first = net.spikes[i]! * RECURRENT_FAN_OUT;
        for (let k = first; k < first + RECURRENT_FAN_OUT; k++) {
          const target = targets[k]!;
          net.input[target] = net.input[target]! + weights[k]!;
        }
      }
    },
  };
}

/** A machine that presents the same events over and over. */
function contender(name: string, machine: Machine, events: EventList): Contender {
  return {
    name,
    slice: () => {
      machine.present('run', events);
      return WORKLOAD_STEPS;
    },
  };
}

/** Spikes of every compartment over one presentation must be the same. */
function check(machine: Machine, events: EventList, populations: readonly string[], plain: Plain): void {
  const probes = populations.map((name) => machine.probes.add(name, 'spikeCounts'));
  machine.present('run', events);
  const counts = plain.layers.map(({ input }) => new Uint32Array(input.length));
  for (let t = 0; t < WORKLOAD_STEPS; t++) {
    plain.step(t);
    plain.layers.forEach(({ spikes, spikeCount }, layer) => {
      for (let i = 0; i < spikeCount; i++) counts[layer]![spikes[i]!]!++;
    });
  }
  probes.forEach((probe, layer) => {
    const found = machine.probes.drainCounts(probe);
    if (!found.every((count, i) => count === counts[layer]![i]))
      throw new Error(`the spikes of "${populations[layer]}" are not those of the plain loops`);
  });
  machine.probes.clear();
}

/** Steps per second of CPU time, and the ratio of mode functional to the plain loops. */
function workload(
  name: string,
  network: Network,
  populations: readonly string[],
  inputs: readonly (readonly number[])[],
  makePlain: () => Plain,
): BenchResult {
  const { image } = compile(network, loadChip('loihi1').chip);
  const events = new EventList(image);
  inputs.forEach((elements, step) => {
    for (const element of elements) events.push(step, element);
  });
  const machines = (['functional', 'analytic'] as const satisfies readonly TimingMode[]).map((timing) => {
    const machine = new Machine(image, { timing, events: EVENTS });
    check(machine, events, populations, makePlain());
    return contender(`core, ${timing}`, machine, events);
  });
  const plain = makePlain();
  const onPlain = {
    name: 'plain loops',
    slice: () => {
      for (let t = 0; t < WORKLOAD_STEPS; t++) plain.step(t);
      return WORKLOAD_STEPS;
    },
  };
  return compete(name, 'steps/s', [...machines, onPlain]);
}

/** Steps in which 1 % of the compartments get input, against steps in which all do. */
function idle(): BenchResult {
  const { image } = compile(idleChip(), loadChip('loihi1').chip);
  const driven = (populations: number): Contender => {
    const events = new EventList(image);
    for (let step = 0; step < WORKLOAD_STEPS; step++)
      for (let i = 0; i < populations; i++) events.push(step, i);
    const machine = new Machine(image, { timing: 'functional', events: EVENTS });
    return contender(`${populations} of ${IDLE_POPULATIONS} populations`, machine, events);
  };
  const onePercent = Math.round(IDLE_POPULATIONS / 100);
  return compete('128 full cores, 1 % against all active', 'steps/s', [
    driven(onePercent),
    driven(IDLE_POPULATIONS),
  ]);
}

/** Whole networks: `ff`, `rec` and an idle chip. */
export function workloadRows(): Row[] {
  const inputs = Array.from({ length: WORKLOAD_STEPS }, (_, step) => feedForwardInputs(step));
  const ff = workload('workload ff', feedForward(), ['hidden', 'output'], inputs, () =>
    plainFeedForward(inputs),
  );
  const rec = workload('workload rec', recurrent(), ['net'], [], plainRecurrent);
  return [
    rateRow(ff, FUNCTIONAL, { what: 'workload ff, one thread', bar: 150_000, stretch: 300_000 }),
    rateRow(rec, FUNCTIONAL, { what: 'workload rec, one thread', bar: 60_000, stretch: 102_000 }),
    timeRow(idle(), { what: 'step of a chip of which 1 % gets input / all', bar: 0.1, stretch: 0.03 }),
  ];
}
