// The full-precision twin of a chip: runs an image as the chip does, step by step and spike by spike, but in float64.
// What it leaves out is what fixed point does: widths, roundings and random rounding. What it keeps is the network:
// registers, rules, schedules, thresholds, and the same random numbers where the network asks for noise.

import type { ChipImage, EntryImage, PresentationImage, RouteTable } from '../image/image.ts';
import type { HostAccess } from '../machine/chip-memory.ts';
import type { EventList } from '../machine/event-list.ts';
import { ShadowCore } from './core.ts';
import { ShadowProbes } from './probes.ts';
import { requireShadowed } from './refuse.ts';
import { Store } from './store.ts';
import { ShadowWeights } from './weights.ts';

interface Presentation {
  readonly steps: number;
  /** By step. */
  readonly entries: readonly (readonly EntryImage[])[];
}

/** Cores whose reward axon a source reaches. */
type RewardCores = ReadonlyMap<number, readonly number[]>;

function presentationOf({ steps, entries }: PresentationImage): Presentation {
  return {
    steps,
    entries: Array.from({ length: steps }, (_, step) => entries.filter((entry) => entry.step === step)),
  };
}

export class Shadow {
  readonly image: ChipImage;
  readonly access: HostAccess = { weightWrites: 0, stateReads: 0 };
  readonly probes: ShadowProbes;
  readonly weights: ShadowWeights;
  readonly #store = new Store();
  readonly #cores: readonly ShadowCore[];
  /** Of each core: first compartment of each group. */
  readonly #firsts: readonly (readonly number[])[];
  readonly #presentations: ReadonlyMap<string, Presentation>;
  /** By core, then compartment. */
  readonly #rewardsOfCores: readonly RewardCores[];
  readonly #rewardsOfPorts: RewardCores;
  readonly #time: Float64Array;
  #events = new Int32Array(4096);

  /** @throws UserError if the image has something that a shadow does not have */
  constructor(image: ChipImage) {
    requireShadowed(image);
    this.image = image;
    this.#time = this.#store.column(1);
    this.#cores = image.cores.map((core) => new ShadowCore(this.#store, image, core));
    this.probes = new ShadowProbes(image, this.#cores, this.access);
    this.weights = new ShadowWeights(image, this.#cores, this.access);
    this.#firsts = image.cores.map(({ groups }) => {
      let next = 0;
      return groups.map(({ count }) => {
        next += count;
        return next - count;
      });
    });
    this.#presentations = new Map(image.presentations.map((item) => [item.name, presentationOf(item)]));
    this.#rewardsOfCores = image.cores.map((_, c) => {
      const own = image.rewards.flatMap(({ from, cores }) =>
        from.kind === 'compartment' && from.core === c ? [[from.compartment, cores] as const] : [],
      );
      return mergedRewards(own);
    });
    this.#rewardsOfPorts = mergedRewards(
      image.rewards.flatMap(({ from, cores }) =>
        from.kind === 'port' ? [[from.element, cores] as const] : [],
      ),
    );
  }

  /** Time steps so far. */
  get steps(): number {
    return this.#time[0]!;
  }

  /** Runs a presentation with its port spikes. */
  present(name: string, events?: EventList): void {
    const presentation = this.#presentations.get(name);
    if (presentation === undefined) throw new Error(`no presentation is named "${name}"`);
    const { steps, entries } = presentation;
    const count = events?.count ?? 0;
    const room = steps + 1 + count;
    if (room + count > this.#events.length) this.#events = new Int32Array(2 * (room + count));
    if (events === undefined) this.#events.fill(0, 0, steps + 1);
    else events.write(this.#events, 0, room, steps, room);
    const list = steps + 1;
    const payloads = events?.graded ? room : -1;
    for (let step = 0; step < steps; step++) {
      for (const entry of entries[step]!) if (entry.kind !== 'phase') this.#cores[entry.core]!.manage(entry);
      this.#step(this.#events[step]!, this.#events[step + 1]!, list, payloads);
    }
  }

  /**
   * One time step; its port spikes are those from `first` to before `end` of the event list. [HW 6.4]
   * @param list where the elements of the event list begin
   * @param payloads where their payloads begin; -1: all are 1
   */
  #step(first: number, end: number, list: number, payloads: number): void {
    const time = ++this.#time[0]!;
    for (const core of this.#cores) core.updateCompartments(time);
    this.#cores.forEach((core, c) => {
      const { routes } = core.image;
      const rewards = this.#rewardsOfCores[c]!;
      core.groups.forEach(({ fired, firedCount, payloads }, g) => {
        const base = this.#firsts[c]![g]!;
        for (let k = 0; k < firedCount; k++) {
          const i = fired[k]!;
          this.#send(routes, rewards, base + i, time, payloads[i]!);
        }
      });
    });
    for (let i = first; i < end; i++)
      this.#send(
        this.image.portRoutes,
        this.#rewardsOfPorts,
        this.#events[list + i]!,
        time,
        payloads < 0 ? 1 : this.#events[payloads + i]!,
      );
    for (const core of this.#cores) core.endStep(time);
    this.probes.record();
  }

  #send(
    { start, core, axon }: RouteTable,
    rewards: RewardCores,
    source: number,
    time: number,
    payload: number,
  ): void {
    for (let i = start[source]!; i < start[source + 1]!; i++)
      this.#cores[core[i]!]!.receive(axon[i]!, time, payload);
    if (rewards.size === 0) return;
    for (const to of rewards.get(source) ?? []) this.#cores[to]!.receiveReward();
  }

  /** All state: what a schedule can write included, probes not. */
  snapshot(): Uint8Array {
    return this.#store.snapshot();
  }

  /** @throws Error if the snapshot is of another image */
  restore(snapshot: Uint8Array): void {
    this.#store.restore(snapshot);
  }

  close(): void {
    // It has no threads to end.
  }
}

function mergedRewards(entries: readonly (readonly [number, readonly number[]])[]): RewardCores {
  const merged = new Map<number, readonly number[]>();
  for (const [source, cores] of entries) merged.set(source, [...(merged.get(source) ?? []), ...cores]);
  return merged;
}
