// The augmented function g: what stands in the place of the neuron's derivative, as a table that a neuron program reads.
// Its argument is the drive of a neuron over the sample, in thresholds: about the number of its spikes where it is positive.

/** Entries of the table, and how many of them are for negative drives. */
export const G_ENTRIES = 16;
export const G_NEGATIVE = 4;
/** Table values are within ±. */
export const G_MAX = 7;

const rectangle = (low: number, high: number) => (x: number) => (x > low && x < high ? 1 : 0);

/** Shapes by name: g at a drive of `x` thresholds, when a sample can bring `most` spikes. */
const SHAPES = {
  /** The derivative of a clipped count of spikes: what plain direct feedback alignment takes. */
  box: (most: number) => rectangle(0, most),
  /** 1 on the left of saturation, falling to 0 there. */
  ramp: (most: number) => (x: number) => (x > 0 ? Math.max(0, 1 - x / most) : 0),
  /** Around the threshold, and for silent neurons near it. */
  triangle: (most: number) => (x: number) => Math.max(0, x > 0 ? 1 - x / most : 1 + x / 2),
  fired: () => (x: number) => (x > 0 ? 1 : 0),
  constant: () => () => 1,
  tanh: (most: number) => (x: number) => (1 + Math.tanh((4 * x) / most - 1)) / 2,
  sine: (most: number) => (x: number) => Math.sin((2 * Math.PI * x) / most),
  cosine: (most: number) => (x: number) => Math.cos((2 * Math.PI * x) / most),
} as const satisfies Record<string, (most: number) => (x: number) => number>;

export type GShape = keyof typeof SHAPES;
export const G_SHAPES = Object.keys(SHAPES) as readonly GShape[];

/** Drive, in thresholds, in the middle of an entry that is `width` thresholds wide. */
export const driveOf = (entry: number, width: number): number => (entry - G_NEGATIVE + 0.5) * width;

/** The table of a shape. */
export function gTable(shape: GShape, width: number, most: number): number[] {
  const g = SHAPES[shape](most);
  return Array.from({ length: G_ENTRIES }, (_, i) => Math.round(G_MAX * g(driveOf(i, width))) + 0);
}
