// The catalogue of counters: the reports, the energy model and the docs all read this table. `core` names the
// exported place of a counter in the core; derived counters are sums of others.

import type { LayoutName } from '../machine/core-module.ts';

export interface CounterSpec {
  readonly name: string;
  readonly unit: string;
  /** One sentence. */
  readonly says: string;
  /** Section of the hardware reference. */
  readonly hw: string;
  /** Counters of the core that it is the sum of. */
  readonly core: readonly LayoutName[];
}

export const COUNTERS = [
  {
    name: 'synapticOps',
    unit: 'events',
    says: 'one weight added to one dendritic accumulator',
    hw: '3.2',
    core: ['COUNTER_SYNAPTIC_OPS_DENSE', 'COUNTER_SYNAPTIC_OPS_SPARSE', 'COUNTER_SYNAPTIC_OPS_CONV'],
  },
  {
    name: 'synapticOpsDense',
    unit: 'events',
    says: 'of these, in dense synapse lists',
    hw: '1.3',
    core: ['COUNTER_SYNAPTIC_OPS_DENSE'],
  },
  {
    name: 'synapticOpsSparse',
    unit: 'events',
    says: 'of these, in sparse and run-length synapse lists',
    hw: '1.3',
    core: ['COUNTER_SYNAPTIC_OPS_SPARSE'],
  },
  {
    name: 'synapticOpsConv',
    unit: 'events',
    says: 'of these, of convolution kernels and of lists that several sources share',
    hw: '6.2',
    core: ['COUNTER_SYNAPTIC_OPS_CONV'],
  },
  {
    name: 'synapticUpdates',
    unit: 'events',
    says: 'weights changed by a learning rule',
    hw: '4.5',
    core: ['COUNTER_SYNAPTIC_UPDATES'],
  },
  {
    name: 'synapseVisitsAllPlastic',
    unit: 'events',
    says: 'plastic synapses, once per learning epoch, and what joins tied ones',
    hw: '8.1',
    core: ['COUNTER_VISITS_ALL_PLASTIC'],
  },
  {
    name: 'synapseVisitsActiveAxons',
    unit: 'events',
    says: 'plastic synapses of the axons that spiked in the learning epoch',
    hw: '8.1',
    core: ['COUNTER_VISITS_ACTIVE_AXONS'],
  },
  {
    name: 'synapseVisitsAllPlasticWithError',
    unit: 'events',
    says: 'plastic synapses of a core, once per learning epoch with a post spike on it',
    hw: '8.1',
    core: ['COUNTER_VISITS_ALL_WITH_POST_SPIKE'],
  },
  {
    name: 'synapseVisitsActiveAxonsWithError',
    unit: 'events',
    says: 'plastic synapses of the axons that spiked, in learning epochs with a post spike on the core',
    hw: '8.1',
    core: ['COUNTER_VISITS_ACTIVE_WITH_POST_SPIKE'],
  },
  {
    name: 'tiedVisits',
    unit: 'events',
    says: 'of the visits to all plastic synapses, those that join tied ones: a read of each synapse and a write of each weight that synapses share',
    hw: '8.1',
    core: ['COUNTER_TIED_VISITS'],
  },
  {
    name: 'compartmentUpdatesActive',
    unit: 'events',
    says: 'updates of a compartment with input, state, bias or noise; assumed meaning of "active" (U12)',
    hw: '1.2',
    core: ['COUNTER_COMPARTMENT_UPDATES_ACTIVE'],
  },
  {
    name: 'compartmentUpdatesInactive',
    unit: 'events',
    says: 'updates of a compartment at rest without input',
    hw: '1.2',
    core: ['COUNTER_COMPARTMENT_UPDATES_INACTIVE'],
  },
  { name: 'spikes', unit: 'events', says: 'compartments that fired', hw: '2.2', core: ['COUNTER_SPIKES'] },
  {
    name: 'messages',
    unit: 'messages',
    says: 'spikes sent, once per destination core, the own one included',
    hw: '5',
    core: ['COUNTER_MESSAGES'],
  },
  {
    name: 'messagesWithinTile',
    unit: 'messages',
    says: 'of these, to a core at the same router',
    hw: '6.1',
    core: ['COUNTER_MESSAGES_WITHIN_TILE'],
  },
  {
    name: 'meshHopsEastWest',
    unit: 'hops',
    says: 'router-to-router moves along x',
    hw: '5',
    core: ['COUNTER_HOPS_EAST_WEST'],
  },
  {
    name: 'meshHopsNorthSouth',
    unit: 'hops',
    says: 'router-to-router moves along y',
    hw: '5',
    core: ['COUNTER_HOPS_NORTH_SOUTH'],
  },
  {
    name: 'interChipHops',
    unit: 'hops',
    says: 'moves to another chip',
    hw: '5',
    core: ['COUNTER_HOPS_INTER_CHIP'],
  },
  {
    name: 'traceUpdates',
    unit: 'events',
    says: 'traces brought up to date that were not 0 or got a spike',
    hw: '4.4',
    core: ['COUNTER_TRACE_UPDATES'],
  },
  {
    name: 'learningEpochs',
    unit: 'epochs',
    says: 'learning epochs of a core with learning enabled',
    hw: '4.3',
    core: ['COUNTER_LEARNING_EPOCHS'],
  },
  {
    name: 'managementWrites',
    unit: 'writes',
    says: 'registers written by the management schedule',
    hw: '6.4',
    core: ['COUNTER_MANAGEMENT_WRITES'],
  },
  {
    name: 'microcodeSwaps',
    unit: 'writes',
    says: 'of these, coefficients of a product of learning microcode, once per core',
    hw: '4.2',
    core: ['COUNTER_MICROCODE_SWAPS'],
  },
  {
    name: 'inputAxonEvents',
    unit: 'messages',
    says: 'messages received by input axons, injected ones included',
    hw: '5',
    core: ['COUNTER_INPUT_AXON_EVENTS'],
  },
  {
    name: 'injectedSpikes',
    unit: 'spikes',
    says: 'port spikes injected by the embedded processors',
    hw: '6.4',
    core: ['COUNTER_INJECTED_SPIKES'],
  },
  {
    name: 'rewardSpikes',
    unit: 'spikes',
    says: 'reward spikes that reached a core',
    hw: '4.6',
    core: ['COUNTER_REWARD_SPIKES'],
  },
  {
    name: 'programInstructions',
    unit: 'instructions',
    says: 'instructions of neuron programs, once per compartment that executed them',
    hw: '7',
    core: ['COUNTER_PROGRAM_INSTRUCTIONS'],
  },
  {
    name: 'randomDraws',
    unit: 'draws',
    says: 'random numbers drawn for compartment noise and by neuron programs',
    hw: '2.4',
    core: ['COUNTER_RANDOM_DRAWS'],
  },
  {
    name: 'overflows',
    unit: 'events',
    says: 'groups of compartments in a step in which a sum or current wrapped',
    hw: '2.2',
    core: ['COUNTER_OVERFLOWS'],
  },
  {
    name: 'weightClips',
    unit: 'events',
    says: 'weight updates that met the end of the weight range',
    hw: '4.5',
    core: ['COUNTER_WEIGHT_CLIPS'],
  },
] as const satisfies readonly CounterSpec[];

/** Names of the counters, with those that are made from steps and the chip's reading of visits. */
export type CounterName = (typeof COUNTERS)[number]['name'] | 'synapseVisits' | 'barriers';

/** Exact counts by name. */
export type Counts = Readonly<Record<CounterName, bigint>>;

export const COUNTER_NAMES: readonly CounterName[] = [
  ...COUNTERS.map(({ name }) => name),
  'synapseVisits',
  'barriers',
];
