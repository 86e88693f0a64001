// Writes what timing mode `cycle` needs: units with their queues, the messages of every source with the words and
// operations that each causes, learning times, the mesh and the tree of the barrier.

import type { ChipImage, CoreImage, RouteTable, SourceImage } from '../image/image.ts';
import { loadMesh } from '../mesh/load-mesh.ts';
import { barrierTree } from './barrier-tree.ts';
import { rowLength } from './block-map.ts';
import { type CycleMap, columnOf, pipelinedQueues, type StationMap, tilesOf } from './cycle-map.ts';
import type { CoreMap, MemoryMap } from './memory-map.ts';
import { operationTime } from './operation.ts';
import type { RecordWriter } from './record-writer.ts';
import { tiedVisits } from './tied.ts';

export class CycleLoader {
  readonly #image: ChipImage;
  readonly #map: MemoryMap;
  readonly #cycle: CycleMap;
  readonly #writer: RecordWriter;

  constructor(image: ChipImage, map: MemoryMap, cycle: CycleMap, writer: RecordWriter) {
    this.#image = image;
    this.#map = map;
    this.#cycle = cycle;
    this.#writer = writer;
  }

  load(memory: ArrayBufferLike): void {
    const { layout } = this.#writer;
    loadMesh(layout, memory, this.#cycle.mesh);
    this.#record();
    this.#leaves();
    const { cores, timing, portRoutes } = this.#image;
    cores.forEach((core, i) => {
      const station = this.#cycle.stations[i]!;
      const map = this.#map.cores[i]!;
      this.#station(station, i, {
        STATION_CORE: map.record,
        STATION_LEAF: this.#leafOf(core),
        STATION_OUTPUT_INTERVAL: timing.cycle.outputAxonInterval,
        STATION_OUTPUT_LATENCY: timing.axonOut,
      });
      const places = core.groups.flatMap((group, g) =>
        Array.from({ length: group.count }, (_, k) => map.groups[g]!.first + k),
      );
      this.#messages(station, core.routes, places, map.padded, (from) =>
        from.kind === 'compartment' && from.core === i ? from.compartment : -1,
      );
      this.#learning(station, core, map);
    });
    const processor = this.#cycle.stations.at(-1)!;
    this.#station(processor, cores.length, {
      STATION_OUTPUT_INTERVAL: timing.cycle.injection,
      STATION_OUTPUT_LATENCY: timing.cycle.injection,
    });
    const elements = portRoutes.start.length - 1;
    const ports = Array.from({ length: elements }, (_, i) => i);
    this.#messages(processor, portRoutes, ports, elements, (from) =>
      from.kind === 'port' ? from.element : -1,
    );
  }

  #record(): void {
    const cycle = this.#cycle;
    const { timing } = this.#image;
    const tiles = tilesOf(this.#image);
    this.#writer.record(this.#map.chip, { CHIP_CYCLE: cycle.record });
    this.#writer.record(cycle.record, {
      CYCLE_STATIONS: cycle.stationRecords,
      CYCLE_STATION_COUNT: cycle.stations.length,
      CYCLE_UNITS: cycle.sums.units,
      CYCLE_STEP_UNITS: cycle.stepUnits,
      CYCLE_HEAP: cycle.heap,
      CYCLE_LEAVES: cycle.leaves,
      CYCLE_LEAF_COUNT: tiles.length,
      CYCLE_BARRIER_DOWN: barrierTree(timing.cycle, tiles).down,
      CYCLE_SERVICE_GROUP: timing.cycle.serviceGroup,
      CYCLE_INPUT_INTERVAL: timing.cycle.inputAxonInterval,
      CYCLE_INPUT_LATENCY: timing.axonIn,
      CYCLE_DENDRITE_OP: timing.cycle.dendriteOp,
      CYCLE_DENDRITE_QUEUE: timing.cycle.dendriteQueue,
      CYCLE_SHARES: cycle.sums.shares,
      CYCLE_TOTALS: cycle.sums.totals,
      CYCLE_RECORDS: cycle.records,
      CYCLE_RECORD_CAPACITY: cycle.recording.steps,
      CYCLE_UNIT_RECORDS: cycle.unitRecords,
      CYCLE_LOG: cycle.log,
      CYCLE_LOG_CAPACITY: cycle.recording.events,
      CYCLE_MESH: cycle.mesh.mesh,
      CYCLE_LINKS: cycle.sums.links,
      CYCLE_STEP_SHARES: cycle.stepShares,
      CYCLE_VISIT_PRODUCTS: timing.cycle.learningProducts,
    });
  }

  #leaves(): void {
    const { layout } = this.#writer;
    const { up } = barrierTree(this.#image.timing.cycle, tilesOf(this.#image));
    up.forEach((time, i) => {
      this.#writer.record(this.#cycle.leaves + i * layout.LEAF_STRIDE, { LEAF_UP: time });
    });
  }

  #leafOf({ place }: CoreImage): number {
    const { cycle } = this.#image.timing;
    const tile = tilesOf(this.#image).findIndex(
      (other) => columnOf(cycle, other) === columnOf(cycle, place) && other.y === place.y,
    );
    return this.#cycle.leaves + tile * this.#writer.layout.LEAF_STRIDE;
  }

  #station(station: StationMap, index: number, fields: Parameters<RecordWriter['record']>[1]): void {
    const { layout } = this.#writer;
    const { timing } = this.#image;
    const { cycle } = timing;
    const pipelined = pipelinedQueues(timing);
    this.#writer.record(station.record, {
      STATION_INDEX: index,
      STATION_NODE: this.#cycle.mesh.nodes + station.node * layout.NODE_STRIDE,
      STATION_MESSAGES: station.index,
      STATION_UNITS: this.#cycle.stepUnits + index * layout.UNIT_COUNT * layout.STEP_UNIT_STRIDE,
      STATION_LEARNING: station.learning,
      ...fields,
    });
    const queue = (at: number, entries: number, capacity: number): void =>
      this.#writer.record(station.record + at, { QUEUE_ENTRIES: entries, QUEUE_CAPACITY: capacity });
    queue(layout.STATION_SPIKES, station.spikes, cycle.outputAxonQueue);
    queue(layout.STATION_INTERFACE, station.interface, pipelined.interface);
    queue(layout.STATION_SINK, station.sink, cycle.sinkFlits * cycle.fabrics);
    queue(layout.STATION_INPUT, station.input, cycle.inputAxonQueue);
    queue(layout.STATION_SYNAPSE, station.synapse, pipelined.synapse);
  }

  /**
   * Messages of a list of sources and their index by place (compartments are padded); `sourceIndex` is the number of a
   * source in the list, -1 if it is not there.
   */
  #messages(
    station: StationMap,
    table: RouteTable,
    places: readonly number[],
    end: number,
    sourceIndex: (from: SourceImage) => number,
  ): void {
    const { layout } = this.#writer;
    const rewards = this.#image.rewards.map(({ from, cores }) => ({ source: sourceIndex(from), cores }));
    let next = station.messages;
    let place = 0;
    const send = (to: number, time: number, operations: number): void => {
      this.#writer.record(next, {
        MESSAGE_STATION: this.#cycle.stations[to]!.record,
        MESSAGE_SOURCE: station.record,
        MESSAGE_FLITS: this.#image.timing.cycle.messageFlits,
        MESSAGE_SYNAPSE_TIME: time,
        MESSAGE_OPS: operations,
      });
      next += layout.MESSAGE_STRIDE;
    };
    const indexTo = (last: number): void => {
      for (; place <= last; place++) this.#writer.word(station.index + 4 * place, next);
    };
    for (let source = 0; source + 1 < table.start.length; source++) {
      indexTo(places[source]!);
      for (let i = table.start[source]!; i < table.start[source + 1]!; i++) {
        const to = table.core[i]!;
        const { time, operations } = this.#synapses(to, table.axon[i]!);
        send(to, time, operations);
      }
      // Reward axons are axons of their own [HW 4.6] and have no list.
      for (const reward of rewards)
        if (reward.source === source) for (const to of reward.cores) send(to, 0, 0);
    }
    indexTo(end);
  }

  /** What a message for an axon causes: operations, and the time of these or of its words, whichever is longer. */
  #synapses(to: number, axon: number): { time: number; operations: number } {
    const { timing, cores } = this.#image;
    const core = cores[to]!;
    const { rows, words } = core.axons[axon]!;
    let operations = 0;
    let time = 0;
    for (let k = 0; k < rows.length; k += 2) {
      const block = core.blocks[rows[k]!]!;
      const length = rowLength(block, this.#map.cores[to]!.blocks[rows[k]!]!, rows[k + 1]!);
      operations += length;
      time += length * operationTime(timing, block);
    }
    return { operations, time: Math.max(time, words * timing.cycle.synapseWord) };
  }

  /** Time that a learning epoch spends on each learning axon. */
  #learning(station: StationMap, core: CoreImage, map: CoreMap): void {
    const { learningVisit, cycle } = this.#image.timing;
    let all = tiedVisits(core) * learningVisit;
    for (let i = 0; i < map.learningAxons; i++) {
      const { rows, words } = core.axons[map.firstLearningAxon + i]!;
      let products = 0;
      for (let k = 0; k < rows.length; k += 2) {
        const block = core.blocks[rows[k]!]!;
        if (block.rule < 0) continue;
        const synapses = rowLength(block, map.blocks[rows[k]!]!, rows[k + 1]!);
        products += synapses * core.rules[block.rule]!.products.length;
      }
      const computing = Math.round((products * learningVisit) / cycle.learningProducts);
      const time = Math.max(computing, words * cycle.learningWord);
      this.#writer.word(station.learning + 4 * i, time);
      all += time;
    }
    // A u64 field; the sum of a core stays far below 2^53.
    this.#writer.record(station.record, { STATION_LEARNING_ALL: all % 2 ** 32 });
    const { layout } = this.#writer;
    this.#writer.word(station.record + layout.STATION_LEARNING_ALL + 4, Math.floor(all / 2 ** 32));
  }
}
