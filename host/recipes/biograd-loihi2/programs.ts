// Neuron programs of the recipe. Voltages are sums of weight mantissas; a counter of steps, started by a spike to the
// port `go`, says what is due. That spike also clears what the last sample left, but in the programs whose name says that
// they rest: what they add up decays, and a pause between two samples is all that they need.

import { thirdFactors } from '../common/program-text.ts';

/** What hidden neurons do with their voltage; their apical neuron's spikes become third factors. */
const FIRES = `max   v, v, 0
gt    q, v, threshold
lt    c, n, forward
and   q, q, c
if q
  mov   v, 0
  send
end
${thirdFactors('back')}`;

/**
 * Hidden neuron: adds up its input, adds that sum up again as long as the image is shown, and fires. At the end of the
 * sample its apical neuron says how much it should have fired more, which goes into y2, or less, which goes into y3.
 */
export const SOMA = `
port  in, go, back
state a:24, v:24, n:8
param threshold:24, forward:u8
temp  c, q

if go
  mov   a, 0
  mov   v, 0
  mov   n, -1
end
add   n, n, 1
add   a, a, in
add   v, v, a
${FIRES}`;

/** `SOMA` that adds up its input once, for a second layer: what comes late counts as much. */
export const SECOND_SOMA = `
port  in, go, back
state v:24, n:8
param threshold:24, forward:u8
temp  c, q

if go
  mov   v, 0
  mov   n, -1
end
add   n, n, 1
add   v, v, in
${FIRES}`;

/** `SOMA` whose sums decay. */
export const RESTING_SOMA = `
port  in, go, back
state a:24, v:24, n:8
param threshold:24, forward:u8, keep:u13
temp  c, q

if go
  mov   n, -1
end
add   n, n, 1
mulm  a, a, keep, 12
add   a, a, in
mulm  v, v, keep, 12
add   v, v, a
${FIRES}`;

/**
 * Hidden neuron for events: leaky, with the spikes of the present learning epoch of `epoch` steps in y1, for the tags of
 * its synapses. The rest is as in `SOMA`.
 */
export const LEAKY_SOMA = `
port  in, go, back
state v:24, n:8, place:8, fired:8
param threshold:24, floor:24, keep:u13, forward:u8, epoch:u6
temp  c, q

if go
  mov   v, 0
  mov   n, -1
  mov   place, 0
end
add   n, n, 1
add   place, place, 1
eq    c, place, epoch
if c
  mov   place, 0
  mov   fired, 0
end
mulm  v, v, keep, 12
add   v, v, in
max   v, v, floor
gt    q, v, threshold
lt    c, n, forward
and   q, q, c
if q
  mov   v, 0
  add   fired, fired, 1
  send
end
y1    fired
${thirdFactors('back')}`;

/** What both outputs do with their sum: the error once it is due, its turn to be sent, the answer if it is asked for. */
const JUDGED = `eq    c, n, forward
gt    q, told, 0
and   c, c, q
if c
  gt    c, told, 1
  sub   q, high, o
  max   q, q, 0
  sub   r, low, o
  min   r, r, 0
  sel   q, c, q, r
  rand  r, 16
  shl   c, 1, shift
  sub   c, c, 1
  and   r, r, c
  add   q, q, r
  shr   q, q, shift
  neg   c, most
  clip  e, q, c, most
  mov   told, 0
end
${thirdFactors('e')}eq    c, n, turn
ne    q, e, 0
and   c, c, q
if c
  send  e
end
if ask
  send  o
end
`;

/**
 * Output: adds up what the hidden neurons send. When they are done, the label's output is wrong by what it lacks to
 * `high`, another one by what it has beyond `low`; the error is rounded stochastically to ± `most` and sent as
 * payload, one class after the other, two steps for each. All outputs get a label's spike, its own one more. Asked, an
 * output sends its sum.
 */
export const OUTPUT = `
port  in, go, label, ask
state o:24, n:8, e:8, told:3, turn:8
param high:24, low:24, shift:u5, most:u7, forward:u8
temp  c, q, r

if go
  mov   o, 0
  mov   n, -1
  mov   e, 0
  shl   turn, index, 1
  add   turn, turn, forward
end
max   told, told, label
add   n, n, 1
add   o, o, in
${JUDGED}`;

/** The same whose sum decays. */
export const RESTING_OUTPUT = `
port  in, go, label, ask
state o:24, n:8, e:8, told:3, turn:8
param high:24, low:24, shift:u5, most:u7, forward:u8, keep:u13
temp  c, q, r

if go
  mov   n, -1
  shl   turn, index, 1
  add   turn, turn, forward
end
max   told, told, label
add   n, n, 1
mulm  o, o, keep, 12
add   o, o, in
${JUDGED}`;

/**
 * Apical neuron: counts the spikes of its soma; multiplies each error with the feedback weight that arrives beside
 * it, and sends the sum, rounded stochastically to ± `most`, if its soma fired. What would make it fire more must exceed a
 * cost for every spike. The error itself is its y2 or y3, for the feedback weights.
 */
export const APICAL = `
port  in, go, error, fired
state d:24, n:8, count:8
param shift:u5, most:u7, last:u8, cost:u8
temp  c, q, r

if go
  mov   d, 0
  mov   n, -1
  mov   count, 0
end
add   n, n, 1
add   count, count, fired
mul   q, in, error
add   d, d, q
min   c, count, 1
mul   r, error, c
${thirdFactors('r')}eq    q, n, last
and   c, c, q
if c
  mul   r, count, cost
  sub   r, d, r
  max   r, r, 0
  gt    q, d, 0
  sel   d, q, r, d
  rand  r, 16
  shl   q, 1, shift
  sub   q, q, 1
  and   r, r, q
  add   r, r, d
  shr   r, r, shift
  neg   q, most
  clip  r, r, q, most
  ne    q, r, 0
  if q
    send  r
  end
end
`;

/**
 * The same without a reset: that its soma fired is a number that counts down and is 0 when the next sample's errors come,
 * and what the spike does not carry of the sum stays for the next one, so that nothing is rounded at random.
 */
export const RESTING_APICAL = `
port  in, go, error, fired
state d:24, n:8, active:8
param shift:u5, most:u7, last:u8, memory:u7
temp  c, q, r

if go
  mov   n, -1
end
add   n, n, 1
sub   active, active, 1
max   active, active, 0
if fired
  mov   active, memory
end
gt    c, active, 0
mul   r, error, c
mul   q, in, r
add   d, d, q
${thirdFactors('r')}eq    c, n, last
if c
  shr   r, d, shift
  neg   q, most
  clip  r, r, q, most
  ne    c, r, 0
  if c
    send  r
  end
  shl   q, 1, shift
  sub   q, q, 1
  and   d, d, q
end
`;
