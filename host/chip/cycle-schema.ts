// What only timing mode `cycle` needs to know of a chip: the units of a core as servers with queues, the mesh, and the
// tree of the barrier. docs/timing.md

import * as z from 'zod';
import { count, measure } from './field.ts';

const QUEUE = { min: 1, max: 4096 };

export const unitsSchema = z
  .strictObject({
    outputAxonInterval: measure(
      's',
      'From one message of the output axon to the next; no more than axonOut counts.',
    ),
    outputAxonQueue: count('entries', QUEUE, 'Spikes that wait for their messages.'),
    interfaceQueue: count('entries', QUEUE, 'Messages of a core that wait for the mesh.'),
    inputAxonInterval: measure(
      's',
      'From one message of the input axon to the next; no more than axonIn counts.',
    ),
    inputAxonQueue: count('entries', QUEUE, 'Messages that wait for the input axon.'),
    synapseQueue: count('entries', QUEUE, 'Synapse lists that wait for the synapse unit.'),
    synapseWord: measure('s', 'The synapse unit fetches a word of a list, while operations go on.'),
    dendriteOp: measure('s', 'A dendritic accumulator takes a synaptic operation.'),
    dendriteQueue: count('entries', QUEUE, 'Synaptic operations that wait for their accumulator.'),
    learningWord: measure('s', 'The learning engine reads and writes a word, while products are computed.'),
    learningProducts: count(
      'products',
      { min: 1, max: 64 },
      'Products of the rule that learningVisit is of.',
    ),
    injection: measure('s', 'An embedded processor injects a spike message.'),
  })
  .readonly();

export const meshSchema = z
  .strictObject({
    fabrics: count('fabrics', { min: 1, max: 16 }, 'Copies of the mesh; messages of a core take turns.'),
    flit: count('bit', { min: 1, max: 4096 }, 'Part of a message that a link carries at once.'),
    local: measure('s', 'From a core to its router and from a router to its core, together.'),
    flitPeriod: measure('s', 'From one flit of a link to the next.'),
    buffer: count('flits', { min: 1, max: 65536 }, 'Flits that an input of a router holds.'),
    sinkBuffer: count('flits', { min: 1, max: 4096 }, 'Flits that wait at the end of the mesh for a core.'),
    chipLink: measure('s', 'A hop to the next chip.'),
    chipFlitPeriod: measure('s', 'From one flit of a link between chips to the next.'),
  })
  .readonly();

export const barrierTreeSchema = z
  .strictObject({
    local: measure('s', 'Barrier of a single tile.'),
    node: measure('s', 'A tile passes the message of the barrier on, at each level of the tree.'),
    chip: measure('s', 'The message of the barrier goes to the next chip.'),
  })
  .readonly();
