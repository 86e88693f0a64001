// Neuron programs of the recipe. Currents and drives are in mantissas of a synapse of exponent 0.

import { G_ENTRIES, G_NEGATIVE } from './g.ts';

/** What a hidden neuron makes of an error, and how finely. */
export interface ErrorProgram {
  /** g, one value for each entry. */
  readonly table: readonly number[];
  /** Binary places by which error × g is divided. */
  readonly shift: number;
}

/**
 * A leaky integrate-and-fire neuron with soft reset, until the clock spike comes. Then it looks up g at the drive it had
 * over the sample, leaves error × g, rounded at random, in y2 and y3, and starts anew. What would make it fire more must
 * exceed a cost for every spike it has fired: errors push up more often than down, and activity would grow without limit.
 */
export function hiddenProgram({ table, shift }: ErrorProgram): string {
  return `
port  in, error, clock
state current:24, v:24, drive:24
param threshold:24, keep:16, scale:24, cost:24
table G = ${table.join(', ')}
temp  e, i, g

if clock
  mul   i, drive, scale, 20
  add   i, i, ${G_NEGATIVE}
  clip  i, i, 0, ${G_ENTRIES - 1}
  look  g, G, i
  mul   e, error, g
  max   i, drive, 0
  mul   i, i, cost, 20
  sub   i, e, i
  max   i, i, 0
  gt    g, e, 0
  sel   e, g, i, e
  rand  i, ${shift}
  add   e, e, i
  shr   e, e, ${shift}
  y2    e
  neg   e, e
  y3    e
  mov   current, 0
  mov   v, 0
  mov   drive, 0
else
  mulm  current, current, keep, 12
  add   current, current, in
  add   v, v, current
  add   drive, drive, current
  ge    i, v, threshold
  if i
    sub v, v, threshold
    send
  end
end
`;
}

/**
 * Carries the error of a hidden neuron on to the layer before: it counts the neuron's spikes, takes g at that count, and
 * at the clock spike sends error × g. Sent by the neuron itself it would look like one more spike.
 */
export function relayProgram({ table, shift }: ErrorProgram): string {
  return `
port  in, error, clock
state count:24
param scale:24
table G = ${table.join(', ')}
temp  e, i

if clock
  mul   i, count, scale, 20
  add   i, i, ${G_NEGATIVE}
  clip  i, i, 0, ${G_ENTRIES - 1}
  look  i, G, i
  mul   e, error, i
  rand  i, ${shift}
  add   e, e, i
  shr   e, e, ${shift}
  clip  e, e, -127, 127
  if e
    send e
  end
  mov   count, 0
else
  add   count, count, in
end
`;
}

/**
 * Sums what it gets. At the clock spike it compares the sum with what its class should have (one-sided: more than `high`
 * for the label, less than `low` for the others), sends the error as payload and leaves it in y2 and y3. Asked, it
 * sends the sum. Spikes that the last layer fires while the outputs compare come a step later and belong to no sample.
 */
export const OUTPUT_PROGRAM = `
port  in, label, clock, ask
state sum:24, late:2
param high:24, low:24, shift:u5
temp  e, less

add   sum, sum, in
if late
  mov   sum, 0
  mov   late, 0
end
if clock
  mov   late, 1
  sub   e, high, sum
  max   e, e, 0
  sub   less, low, sum
  min   less, less, 0
  sel   e, label, e, less
  shz   e, e, shift
  clip  e, e, -127, 127
  y2    e
  neg   less, e
  y3    less
  if e
    send e
  end
  mov   sum, 0
end
if ask
  send  sum
  mov   sum, 0
end
`;
