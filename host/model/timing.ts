// Time of the spiking phase by the formulas of [HW 6.4]: when each message leaves and arrives, and when its receiver
// can be done with it. Whole quanta; every division rounds down.

import type { TimingImage } from '../image/image.ts';
import type { Hops } from './axon.ts';
import type { StepWork } from './core.ts';

/** A message of this step from a compartment, in the order in which its core sends them. */
export interface Message {
  readonly from: number;
  readonly to: number;
  /** Place of the compartment in the service order of its core. */
  readonly rank: number;
  /** Spikes and messages of its core up to this one, it included. */
  readonly spikes: number;
  readonly messages: number;
  readonly hops: Hops;
}

interface Arrival {
  readonly time: number;
  readonly latency: number;
  readonly capacity: number;
}

/** A core's accesses and updates: what takes time without a spike. */
function serviceOf(timing: TimingImage, compartments: number, work: StepWork): number {
  return compartments * timing.compartmentAccess + work.active * timing.compartmentUpdate;
}

function arrivalOf(timing: TimingImage, message: Message, service: number, compartments: number): Arrival {
  const { rank, spikes, messages, hops } = message;
  const served = Math.floor((service * (rank + 1)) / compartments);
  const departure = served + spikes * timing.spikeOut + messages * timing.axonOut;
  const latency = hops.eastWest * timing.hopEastWest + hops.northSouth * timing.hopNorthSouth;
  const capacity = (hops.eastWest + hops.northSouth + hops.interChip + 1) * timing.linkBuffer;
  return { time: departure + latency, latency, capacity };
}

function servicesOf(timing: TimingImage, work: StepWork): number {
  return (
    work.messagesIn * timing.axonIn +
    work.dense * timing.synapticOpDense +
    work.sparse * timing.synapticOpSparse +
    work.conv * timing.synapticOpConv
  );
}

/** When a core is done with what it receives. */
function receivedAt(
  timing: TimingImage,
  work: StepWork,
  arrivals: readonly Arrival[],
  meanService: number,
): number {
  const services = servicesOf(timing, work);
  if (arrivals.length === 0) return services;
  // Injected spikes, which have no arrival, wait when the step begins.
  const isInjected = arrivals.length < work.messagesIn;
  const first = isInjected ? 0 : arrivals.reduce((least, { time }) => Math.min(least, time), Infinity);
  const last = arrivals.reduce((latest, arrival) => (arrival.time > latest.time ? arrival : latest));
  const service = Math.floor(services / work.messagesIn);
  const served = service === 0 ? work.messagesIn : Math.floor((last.time - first) / service);
  const onTheWay = Math.max(0, work.messagesIn - served - 1);
  const congestion = Math.max(0, onTheWay - last.capacity) * meanService;
  const lastArrival = last.time - last.latency + Math.max(last.latency, congestion);
  return Math.max(first + services, lastArrival + service);
}

/** The latest event on any core; the barrier comes on top. */
export function spikingTime(
  timing: TimingImage,
  compartments: readonly number[],
  works: readonly StepWork[],
  messages: readonly Message[],
): number {
  const received = works.reduce((sum, { messagesIn }) => sum + messagesIn, 0);
  const services = works.reduce((sum, work) => sum + servicesOf(timing, work), 0);
  const meanService = received === 0 ? 0 : Math.floor(services / received);
  const arrivals = works.map((): Arrival[] => []);
  for (const message of messages) {
    const { from, to } = message;
    const service = serviceOf(timing, compartments[from]!, works[from]!);
    arrivals[to]!.push(arrivalOf(timing, message, service, compartments[from]!));
  }
  const ends = works.flatMap((work, core) => [
    serviceOf(timing, compartments[core]!, work) +
      work.spikes * timing.spikeOut +
      work.messagesOut * timing.axonOut,
    receivedAt(timing, work, arrivals[core]!, meanService),
  ]);
  return Math.max(...ends);
}
