// Neuron programs of the recipe. Voltages are sums of weight mantissas; n is the step of the sample, from the spike to the
// port `go`.

import { dividedAtRandom, MARGIN_ERROR, thirdFactors } from '../common/program-text.ts';

/** Binary places of the trace of one spike. */
export const UNIT_PLACES = 4;

/**
 * Integrate-and-fire neuron with soft reset, driven by a current that stays as the input left it and by the other somas. Its
 * error neuron tells it to fire more in step `more`, or less in the next.
 *
 * When weights learn it says its rate by the time of one more spike: the more it fired, the nearer to step `last`, where the
 * learning epoch ends, so that what is left there of the trace of its axon is as much as its rate.
 * @param waits steps from that spike to the end of the epoch, by spikes of phase one, from 1 on
 */
export const somaProgram = (waits: readonly number[]): string => `
port  in, back, go, teach
state c:24, v:24, n:8, spikes:8
param threshold:24, settled:u8, more:u8, last:u8, flag:u7
temp  p, q
table waits = 0, ${waits.join(', ')}

if go
  mov   c, 0
  mov   v, 0
  mov   n, 0
  mov   spikes, 0
  y2    0
  y3    0
end
add   n, n, 1
le    q, n, settled
if q
  add   c, c, in
  add   v, v, c
  add   v, v, back
  gt    q, v, threshold
  if q
    sub   v, v, threshold
    add   spikes, spikes, 1
    send
  end
else
  look  q, waits, spikes
  sub   q, last, q
  eq    q, q, n
  gt    p, spikes, 0
  and   q, q, p
  if q
    send
  end
end
if teach
  sub   q, n, more           ; before that step the spikes of phase two
  eq    p, q, 0
  mul   p, p, flag
  y2    p
  eq    p, q, 1
  mul   p, p, flag
  y3    p
end
`;

/**
 * Output: sums the spikes of phase one. With a label it is wrong by what it lacks to `high`, or if it is another class's
 * by what it has beyond `low`, rounded at random to one spike, "more" at once, "less" a step later; it says the same again
 * when the weights learn. All outputs get a label's spike, its own one more. Asked, it sends its sum.
 */
export const outputProgram = (places: number): string => `
port  in, go, label, ask
state o:24, n:8, told:3, e:2
param high:24, low:24, error:u8, learn:u8, flag:u7
temp  c, q, r

if go
  mov   o, 0
  mov   n, 0
  mov   told, 0
  mov   e, 0
end
max   told, told, label
add   n, n, 1
add   o, o, in
gt    q, told, 0
eq    c, n, error
and   c, c, q
if c
  ${MARGIN_ERROR}${dividedAtRandom('c', places, 1)}  mov   e, c
  mul   c, e, flag
  ${thirdFactors('c')}end
if e
  lt    q, e, 0
  sub   q, n, q              ; what should be less is a step late
  eq    c, q, error
  eq    q, q, learn
  or    c, c, q
  if c
    send
  end
end
if ask
  shr   q, o, 3              ; what reads it would overflow with the sum itself
  send  q
end
`;

/**
 * Error neuron, a ternary one: it integrates again and again what the outputs' errors are worth to its soma, and what other
 * error neurons send; in the first step of a turn it fires for +1, in the second for -1. Its sum of spikes approaches the
 * solution of the linear equation of the implicit gradient. It takes part only if its soma fired in some but not in all steps.
 * At the end it says the sign of its sum, rounded at random.
 *
 * Its soma's spikes, in the unit of the trace of the soma's axon, are the post factor of the feedback weights when they learn,
 * in y2 while "more" is said and in y3 while "less" is.
 */
export const errorProgram = (places: number): string => `
port  error, in, go, fired
state g:24, u:24, n:8, spikes:8, sum:8
param threshold:24, gain:8, unit:u12, settled:u8, start:u8, learn:u8
temp  c, p, q, r

if go
  mov   g, 0
  mov   u, 0
  mov   n, 0
  mov   spikes, 0
  mov   sum, 0
end
add   n, n, 1
le    c, n, start            ; later spikes tell of the rate
mul   q, fired, c
add   spikes, spikes, q
mul   q, spikes, unit, ${UNIT_PLACES}
eq    c, n, learn
mul   c, c, q
y2    c
sub   r, n, learn
eq    c, r, 1
mul   c, c, q
y3    c
ge    c, n, start            ; "more" of the outputs has arrived
gt    q, spikes, 0
and   c, c, q
lt    q, spikes, settled
and   c, c, q
if c
  lt    p, r, 0
  mul   q, error, gain
  sub   c, n, start
  and   c, c, 1
  if c
    sub   g, g, q            ; "less" comes in the first turn, and nothing later
    sub   u, u, in
    add   u, u, g
    ge    c, u, threshold
    and   c, c, p
    if c
      sub   u, u, threshold
      add   sum, sum, 1
      send
    end
  else
    add   g, g, q
    add   u, u, in
    neg   q, threshold
    le    c, u, q
    and   c, c, p
    if c
      add   u, u, threshold
      sub   sum, sum, 1
      send
    end
  end
  eq    q, r, 1
  lt    c, sum, 0
  and   c, c, q
  if c
    send
  end
  eq    q, r, 0
  if q
    mov   c, sum
    ${dividedAtRandom('c', places, 1)}    mov   sum, c
    gt    c, sum, 0
    if c
      send
    end
  end
end
`;
