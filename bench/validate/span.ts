// A figure with its interval, and the activities that synthetic networks are run at.

export interface Span {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Spikes per compartment and step where nothing is published: taken once, for all networks, before any comparison.
 * Sparse and dense ends of what deep spiking networks show; five in a hundred in between.
 */
export const ACTIVITY: Span = { low: 0.01, value: 0.05, high: 0.2 };

/** A function of every end of some spans, ordered: low with low, high with high. */
export function mapSpan(span: Span, f: (x: number) => number): Span {
  return { value: f(span.value), low: f(span.low), high: f(span.high) };
}

export function plusSpan(a: Span, b: Span): Span {
  return { value: a.value + b.value, low: a.low + b.low, high: a.high + b.high };
}

export function timesSpan(a: Span, b: Span): Span {
  return { value: a.value * b.value, low: a.low * b.low, high: a.high * b.high };
}

export function scaleSpan(a: Span, factor: number): Span {
  return mapSpan(a, (x) => x * factor);
}

/** Nothing but one figure is known. */
export function exactly(value: number): Span {
  return { value, low: value, high: value };
}
