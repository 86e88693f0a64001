// Reads what timing mode `cycle` has summed up and recorded. Times are in quanta of chip time.

import type { ChipImage } from '../image/image.ts';
import type { Core, LayoutName } from './core-module.ts';
import { type CycleMap, type Tile, tilesOf } from './cycle-map.ts';

/** Units of a core in the order of the core's records; the network is the core's interface to it. */
export const UNIT_NAMES = [
  'compartment',
  'outputAxon',
  'network',
  'inputAxon',
  'synapse',
  'dendrite',
  'learning',
] as const;
export type UnitName = (typeof UNIT_NAMES)[number];

/** Parts of a step's critical path in the order of the core's records. */
export const SHARE_NAMES = [...UNIT_NAMES, 'injection', 'barrier', 'management'] as const;
export type ShareName = (typeof SHARE_NAMES)[number];

/** A unit over many steps, or in one. */
export interface UnitUse {
  /** Quanta of work. */
  readonly busy: number;
  /** Quanta in which it was done with something and what comes next had no room. */
  readonly stalled: number;
  /** Compartments, messages or synaptic operations. */
  readonly items: number;
  /** Quanta for which it was the critical path. */
  readonly bound: number;
  readonly queueMax: number;
}

/** A unit in one step. */
export interface StepUnitUse extends Omit<UnitUse, 'bound'> {
  /** When it was last done with something, from the step's begin. */
  readonly end: number;
}

/** What happened on a link of the mesh. */
export interface LinkSum {
  readonly fabric: number;
  /** Place of its router. */
  readonly x: number;
  readonly y: number;
  /** Direction of an output, `local` to a node, `source` from a node. */
  readonly direction: '+x' | '-x' | '+y' | '-y' | 'local' | 'source';
  /** Number of the node at its router, if it is not a link between routers. */
  readonly node: number | null;
  readonly flits: number;
  /** Quanta in which it was taken: flits times its period. */
  readonly busy: number;
  /** Quanta in which a flit waited for a credit. */
  readonly blocked: number;
  readonly bufferedMax: number;
}

export interface CycleSum {
  /** [core][unit]; the last one is the embedded processor, whose output axon is the injection. */
  readonly stations: readonly Readonly<Record<UnitName, UnitUse>>[];
  /** Critical path; adds up to `time`. */
  readonly shares: Readonly<Record<ShareName, number>>;
  readonly time: number;
  readonly messagesSent: number;
  readonly messagesReceived: number;
  readonly barrierMessages: number;
  /** Flits that went from a router to another one. */
  readonly flitHops: number;
}

/** Time of one step. Stations are cores by their place in the image; the number of cores is the processor. */
export interface StepRecord {
  readonly step: number;
  readonly phase: number;
  readonly messages: number;
  readonly boundBy: ShareName;
  /** Stations between which the critical path ran. */
  readonly source: number;
  readonly target: number;
  readonly shares: Readonly<Record<ShareName, number>>;
  /** [core][unit], if that is recorded. */
  readonly units: readonly Readonly<Record<UnitName, StepUnitUse>>[] | null;
}

/** A unit at work, or a message between two cores. Times are from the step's begin. */
export interface CycleEvent {
  readonly step: number;
  /** `network`: a flight from `station` to `other`. */
  readonly unit: UnitName;
  readonly station: number;
  /** Where the message comes from, or goes to. */
  readonly other: number;
  /** Entries of the unit's queue. */
  readonly depth: number;
  readonly begin: number;
  readonly end: number;
}

function byName<Name extends string, T>(
  names: readonly Name[],
  value: (index: number) => T,
): Record<Name, T> {
  return Object.fromEntries(names.map((name, i) => [name, value(i)])) as Record<Name, T>;
}

export class CycleReader {
  readonly #image: ChipImage;
  readonly #map: CycleMap;
  readonly #layout: Core['layout'];
  readonly #words: Uint32Array;
  readonly #longs: BigUint64Array;

  constructor(image: ChipImage, map: CycleMap, core: Core) {
    this.#image = image;
    this.#map = map;
    this.#layout = core.layout;
    this.#words = new Uint32Array(core.memory.buffer);
    this.#longs = new BigUint64Array(core.memory.buffer);
  }

  #word(record: number, name: LayoutName): number {
    return this.#words[(record + this.#layout[name]) >> 2]!;
  }

  #long(record: number, name: LayoutName): number {
    return this.#longAt(record + this.#layout[name]);
  }

  #longAt(address: number): number {
    return Number(this.#longs[address >> 3]!);
  }

  #shares(address: number): Record<ShareName, number> {
    return byName(SHARE_NAMES, (i) => this.#longAt(address + 8 * i));
  }

  /** Tiles of the barrier's tree. */
  get tiles(): Tile[] {
    return tilesOf(this.#image);
  }

  /** Everything since the machine was made. */
  sum(): CycleSum {
    const layout = this.#layout;
    const { sums, stations } = this.#map;
    const total = (name: LayoutName): number => this.#longAt(sums.totals + 8 * layout[name]);
    return {
      stations: stations.map((_, station) =>
        byName(UNIT_NAMES, (unit) => {
          const record = sums.units + (station * UNIT_NAMES.length + unit) * layout.UNIT_STRIDE;
          return {
            busy: this.#long(record, 'UNIT_BUSY'),
            stalled: this.#long(record, 'UNIT_STALLED'),
            items: this.#long(record, 'UNIT_ITEMS'),
            bound: this.#long(record, 'UNIT_BOUND'),
            queueMax: this.#word(record, 'UNIT_QUEUE_MAX'),
          };
        }),
      ),
      shares: this.#shares(sums.shares),
      time: total('CYCLE_TOTAL_TIME'),
      messagesSent: total('CYCLE_TOTAL_SENT'),
      messagesReceived: total('CYCLE_TOTAL_RECEIVED'),
      barrierMessages: total('CYCLE_TOTAL_BARRIER_MESSAGES'),
      flitHops: total('CYCLE_TOTAL_FLIT_HOPS'),
    };
  }

  /** Links that carried something since the machine was made. */
  links(): LinkSum[] {
    const { grid, links, linkCount, sources } = this.#map.mesh;
    const layout = this.#layout;
    const outputs = (sources - links) / layout.LINK_STRIDE;
    const found: LinkSum[] = [];
    for (let i = 0; i < linkCount; i++) {
      const sum = this.#map.sums.links + i * layout.LINK_SUM_STRIDE;
      const flits = this.#long(sum, 'LINK_SUM_FLITS');
      if (flits === 0) continue;
      const isSource = i >= outputs;
      const perFabric = isSource ? grid.nodes : outputs / grid.options.fabrics;
      const number = isSource ? i - outputs : i;
      const at = number % perFabric;
      const router = isSource ? grid.routerOf(at) : Math.floor(at / grid.ports);
      const port = isSource ? grid.portOf(at) : at % grid.ports;
      const direction = isSource ? 'source' : (grid.directionOf(port) ?? 'local');
      const isLocal = direction === 'source' || direction === 'local';
      found.push({
        fabric: Math.floor(number / perFabric),
        ...grid.placeOf(router),
        direction,
        node: isLocal ? port - grid.localPort(0) : null,
        flits,
        busy: flits * this.#word(links + i * layout.LINK_STRIDE, 'LINK_PERIOD'),
        blocked: this.#long(sum, 'LINK_SUM_BLOCKED'),
        bufferedMax: this.#word(sum, 'LINK_SUM_BUFFERED_MAX'),
      });
    }
    return found;
  }

  /** Steps recorded since the last call, and starts anew. A full buffer records no more. */
  drainSteps(): StepRecord[] {
    const { record, records, unitRecords, stations } = this.#map;
    const layout = this.#layout;
    const count = this.#word(record, 'CYCLE_RECORD_COUNT');
    this.#words[(record + layout.CYCLE_RECORD_COUNT) >> 2] = 0;
    const bytes = stations.length * UNIT_NAMES.length * layout.STEP_UNIT_STRIDE;
    return Array.from({ length: count }, (_, i) => {
      const at = records + i * layout.RECORD_STRIDE;
      return {
        step: this.#word(at, 'RECORD_STEP'),
        phase: this.#word(at, 'RECORD_PHASE'),
        messages: this.#word(at, 'RECORD_MESSAGES'),
        boundBy: SHARE_NAMES[this.#word(at, 'RECORD_BOUND_BY')]!,
        source: this.#word(at, 'RECORD_SOURCE'),
        target: this.#word(at, 'RECORD_TARGET'),
        shares: this.#shares(at + layout.RECORD_SHARES),
        units: unitRecords === 0 ? null : this.#stepUnits(unitRecords + i * bytes),
      };
    });
  }

  #stepUnits(address: number): Record<UnitName, StepUnitUse>[] {
    const layout = this.#layout;
    return this.#map.stations.map((_, station) =>
      byName(UNIT_NAMES, (unit) => {
        const record = address + (station * UNIT_NAMES.length + unit) * layout.STEP_UNIT_STRIDE;
        return {
          busy: this.#long(record, 'STEP_UNIT_BUSY'),
          stalled: this.#long(record, 'STEP_UNIT_STALLED'),
          items: this.#word(record, 'STEP_UNIT_ITEMS'),
          queueMax: this.#word(record, 'STEP_UNIT_QUEUE_MAX'),
          end: this.#long(record, 'STEP_UNIT_END'),
        };
      }),
    );
  }

  /** Events logged since the last call with the number of those that did not fit, and starts anew. */
  drainEvents(): { readonly events: CycleEvent[]; readonly lost: number } {
    const { record, log } = this.#map;
    const layout = this.#layout;
    const count = this.#word(record, 'CYCLE_LOG_COUNT');
    const lost = this.#word(record, 'CYCLE_LOG_LOST');
    this.#words[(record + layout.CYCLE_LOG_COUNT) >> 2] = 0;
    this.#words[(record + layout.CYCLE_LOG_LOST) >> 2] = 0;
    const events = Array.from({ length: count }, (_, i) => {
      const at = log + i * layout.LOG_STRIDE;
      return {
        step: this.#word(at, 'LOG_STEP'),
        unit: UNIT_NAMES[this.#word(at, 'LOG_UNIT')]!,
        station: this.#word(at, 'LOG_STATION'),
        other: this.#word(at, 'LOG_OTHER'),
        depth: this.#word(at, 'LOG_DEPTH'),
        begin: this.#long(at, 'LOG_BEGIN'),
        end: this.#long(at, 'LOG_END'),
      };
    });
    return { events, lost };
  }
}
