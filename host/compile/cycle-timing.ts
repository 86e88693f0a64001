// The numbers of timing mode `cycle` as the image has them: times in quanta.

import type { Chip } from '../chip/schema.ts';
import type { CycleTimingImage } from '../image/image.ts';

export function cycleTimingImage({ core, routing, timing, topology }: Chip): CycleTimingImage {
  const { units, mesh, barrierTree } = timing;
  const quanta = (seconds: number): number => Math.round(seconds / timing.quantum);
  return {
    serviceGroup: core.serviceGroup,
    // An interval beyond the latency would be a wait of its own: the unit is busy until it passes the item on.
    outputAxonInterval: quanta(Math.min(units.outputAxonInterval, timing.axonOut)),
    outputAxonQueue: units.outputAxonQueue,
    interfaceQueue: units.interfaceQueue,
    inputAxonInterval: quanta(Math.min(units.inputAxonInterval, timing.axonIn)),
    inputAxonQueue: units.inputAxonQueue,
    synapseQueue: units.synapseQueue,
    synapseWord: quanta(units.synapseWord),
    dendriteOp: quanta(units.dendriteOp),
    dendriteQueue: units.dendriteQueue,
    learningWord: quanta(units.learningWord),
    learningProducts: units.learningProducts,
    injection: quanta(units.injection),
    messageFlits: Math.ceil(routing.spikeMessage / mesh.flit),
    tilesX: topology.tilesX,
    tilesY: topology.tilesY,
    coresPerTile: topology.coresPerTile,
    hopEastWest: quanta(timing.hopEastWest),
    hopNorthSouth: quanta(timing.hopNorthSouth),
    hopLocal: quanta(mesh.local),
    hopChip: quanta(mesh.chipLink),
    flitPeriod: Math.max(1, quanta(mesh.flitPeriod)),
    chipFlitPeriod: Math.max(1, quanta(mesh.chipFlitPeriod)),
    fabrics: mesh.fabrics,
    bufferFlits: mesh.buffer,
    sinkFlits: mesh.sinkBuffer,
    barrierLocal: quanta(barrierTree.local),
    barrierNode: quanta(barrierTree.node),
    barrierChip: quanta(barrierTree.chip),
  };
}
