// Events of a camera or a cochlea, as columns.

/** Events in the order of the file. */
export interface EventStream {
  readonly count: number;
  /** In recordings of a cochlea the neuron. */
  readonly x: Uint16Array;
  /** In recordings of a cochlea 0. */
  readonly y: Uint16Array;
  /** 1 = brighter; in layout C a channel. */
  readonly polarity: Uint8Array;
  /** Microseconds since `origin`. */
  readonly time: Uint32Array;
  /** Microseconds on the recording's own clock; 0 unless its times are longer than 32 bits. */
  readonly origin: number;
}

export interface Event {
  /** Microseconds, a safe integer. */
  readonly time: number;
  readonly x: number;
  readonly y: number;
  readonly polarity: number;
}

/** Room for events of short times. */
export function emptyEvents(count: number) {
  return {
    count,
    x: new Uint16Array(count),
    y: new Uint16Array(count),
    polarity: new Uint8Array(count),
    time: new Uint32Array(count),
  };
}

/**
 * Events whose clock need not begin at 0; times count from the earliest.
 * @throws Error if there are none, or the last comes over an hour after the first
 */
export function fromEvents(count: number, events: () => Iterable<Event>): EventStream {
  if (count === 0) throw new Error('holds no events');
  let origin = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { time } of events()) {
    if (time < origin) origin = time;
    if (time > last) last = time;
  }
  if (last - origin >= 2 ** 32) throw new Error('is longer than 71 minutes');
  const stream = emptyEvents(count);
  let i = 0;
  for (const { time, x, y, polarity } of events()) {
    stream.x[i] = x;
    stream.y[i] = y;
    stream.polarity[i] = polarity;
    stream.time[i++] = time - origin;
  }
  return { ...stream, origin };
}
