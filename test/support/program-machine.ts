// Drives compartments that run a neuron program: values go straight into their accumulators, behind the machine's
// back, so that a program can be tested without synapses.

import { loadChip } from '../../host/chip/load.ts';
import type { Chip } from '../../host/chip/schema.ts';
import { compile } from '../../host/compile/compile.ts';
import type { ChipImage } from '../../host/image/image.ts';
import { type CoreBuild, coreLayout } from '../../host/machine/core-module.ts';
import { Machine, type MachineOptions } from '../../host/machine/machine.ts';
import { type MemoryMap, mapMemory } from '../../host/machine/memory-map.ts';
import type { Probe, ProbeKind } from '../../host/machine/probes.ts';
import type { Counts } from '../../host/measure/counters.ts';
import { measure, total } from '../../host/measure/measure.ts';
import { NetworkBuilder } from '../../host/network/builder.ts';
import type { Population, Projection } from '../../host/network/network.ts';
import { assemble } from '../../host/program/assemble.ts';

export const LOIHI2: Chip = loadChip('loihi2').chip;

export interface ProgramNetwork {
  readonly populations: readonly Omit<Population & { readonly program: object }, 'coreClass'>[];
  readonly projections?: readonly Projection[];
  readonly seed?: number;
}

export function programImageOf(setup: ProgramNetwork, chip: Chip = LOIHI2): ChipImage {
  const builder = new NetworkBuilder('test', setup.seed ?? 1)
    .phase('forward')
    .phase('learning')
    .phase('management')
    .coreClass({ name: 'core' });
  for (const population of setup.populations) builder.population({ ...population, coreClass: 'core' });
  for (const projection of setup.projections ?? []) builder.project(projection);
  return compile(builder.presentation('step', 1).build(), chip).image;
}

export class ProgramMachine {
  readonly machine: Machine;
  readonly #map: MemoryMap;
  readonly #ports: ReadonlyMap<string, readonly string[]>;
  readonly #probes = new Map<string, Probe>();

  constructor(setup: ProgramNetwork, build: CoreBuild, options: MachineOptions = {}) {
    const image = programImageOf(setup);
    this.machine = new Machine(image, { build, probeBytes: 2 ** 22, ...options });
    this.#map = mapMemory(image, coreLayout(build), { events: 0, probeBytes: 0, probeCount: 0 });
    this.#ports = new Map(
      setup.populations.map(({ name, program }) => [name, assemble(name, program.text).ports]),
    );
  }

  /** Runs the next step on these values: [population, port, element, value]; those of one place are added. */
  step(inputs: readonly (readonly [string, string, number, number])[] = []): this {
    if (inputs.length > 0) {
      const snapshot = this.machine.snapshot();
      const view = new DataView(snapshot.buffer);
      for (const [population, port, element, value] of inputs) {
        const address = this.#accumulator(population, port, element);
        view.setInt32(address, view.getInt32(address, true) + value, true);
      }
      this.machine.restore(snapshot);
    }
    this.machine.present('step');
    return this;
  }

  #accumulator(name: string, port: string, element: number): number {
    const population = this.machine.image.populations.find((item) => item.name === name)!;
    const slice = population.slices.find(
      (item) => element >= item.element && element < item.element + item.count,
    )!;
    const core = this.machine.image.cores[slice.core]!;
    const map = this.#map.cores[slice.core]!;
    const { first, program } = map.groups[slice.group]!;
    const index = this.#ports.get(name)!.indexOf(port);
    const slot = (this.machine.steps + 1) % core.accumulators;
    const offset = index === 0 ? first * 4 : program!.furtherPorts + (index - 1) * program!.columnBytes;
    return map.accumulators + slot * map.slotStride + offset + (element - slice.element) * 4;
  }

  /** All phases together. */
  counts(): Counts {
    return total(measure(this.machine));
  }

  watch(population: string, ...kinds: readonly ProbeKind[]): this {
    for (const kind of kinds)
      this.#probes.set(`${population} ${kind}`, this.machine.probes.add(population, kind, 1024));
    return this;
  }

  /** All recorded steps of a watched variable since the last call, [step][compartment]. */
  recorded(population: string, kind: ProbeKind): number[][] {
    return this.machine.probes.drain(this.#probes.get(`${population} ${kind}`)!).map((row) => [...row]);
  }
}
