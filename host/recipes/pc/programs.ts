// Neuron programs of the recipe. Values are in weight units, a level is two of them; `n` counts steps from the start spike.

import { thirdFactors } from '../common/program-text.ts';
import type { Settings } from './settings.ts';

/** The post trace of an error spike, and of a rate from which one learns: 8 · 2^-2 is one level. */
const FLAG = 8;

/**
 * Prediction of a value: the sum of its input, in which an early spike counts more often than a late one. Only one above 0
 * is sent: below, a value has no rate and no part in what follows. The error that the value tells becomes y2 or y3.
 */
export const PREDICTION = `
port  in, start, error
state n:12, current:24, sum:24
param last:8, told:8
temp  q

add   n, n, 1
if start
  mov   n, 0
  mov   current, 0
  mov   sum, 0
  y2    0
  y3    0
end
le    q, n, last
if q
  add   current, current, in
  add   sum, sum, current
end
eq    q, n, last
if q
  gt    q, sum, 0
  if q
    send  sum
  end
end
eq    q, n, told
if q
${thirdFactors('error')}end
`;

/**
 * Value: starts as its prediction, and is then pulled by the errors of the outputs, which arrive over weights of its own. Its
 * rate is the value in quanta; the outputs hear of it spike by spike, first of what it is, then of what changes: in the first
 * step of a turn that it is one less, in the second that it is one more. At rest it tells its prediction how far it has moved,
 * and says its rate once more. The rate is also the post factor of its own weights: y2 while outputs say errors above
 * 0, then y3.
 */
export function valueProgram({
  turns,
  errorMost,
  rateLevels,
  rateMost,
  relaxShift,
  hiddenShift,
  hiddenMost,
}: Settings): string {
  const factors = Array.from(
    { length: rateMost + 1 },
    (_, rate) => FLAG * rateLevels.filter((level) => rate >= level).length,
  );
  return `
port  in, prediction, start
state n:12, predicted:24, x:24, pull:24, rate:6
param relax:8, tell:8, learn:8, quantum:24, gain:16
table LEVELS = ${rateLevels.join(', ')}
table FACTORS = ${factors.join(', ')}
temp  q, r, s, t

add   n, n, 1
if start
  mov   n, 0
  mov   predicted, 0
  mov   x, 0
  mov   pull, 0
  mov   rate, 0
end
if prediction
  mov   predicted, prediction
  mov   x, prediction
end
sub   s, n, relax
gt    q, predicted, 0
lt    r, s, ${2 * turns}
and   q, q, r
if q
  and   r, s, 1
  shl   r, r, 1
  sub   r, r, 1               ; -1 in the first step of a turn, 1 in the second
  ge    q, s, 0
  if q
    mul   q, in, r
    sub   pull, pull, q
    gt    q, r, 0
    if q
      mul   q, pull, gain, 4
      add   q, q, predicted
      sub   q, q, x
      shr   q, q, ${relaxShift}
      add   x, x, q
    end
  else
    mov   r, 1
  end
  gt    t, r, 0
  add   q, rate, t
  mul   q, q, quantum
  ge    q, x, q
  eq    q, q, t
  sel   t, t, ${rateMost}, 0
  ne    t, rate, t
  and   q, q, t
  if q
    add   rate, rate, r
    send
  end
end
ge    q, n, tell
if q
  eq    q, n, tell
  if q
    sub   q, x, predicted
    rand  r, ${hiddenShift}
    add   q, q, r
    shr   q, q, ${hiddenShift}
    clip  q, q, ${-hiddenMost}, ${hiddenMost}
    if q
      send  q
    end
  end
  sub   s, n, learn
  ge    q, s, 0
  look  r, LEVELS, s
  ge    r, rate, r
  and   q, q, r
  lt    r, s, ${rateLevels.length}
  and   q, q, r
  if q
    send
  end
  look  q, FACTORS, rate
  lt    r, s, ${errorMost}
  sel   r, r, q, 0
  y2    r
  sub   q, q, r
  y3    q
end
`;
}

/**
 * Output: sums the rates that it hears of. With the label its value is clamped: that of the label is at least `high`, others
 * are at most `low`, and the error is what the sum misses. It is rounded, with one random offset a sample, to spikes, and the
 * hidden values hear of it one by one: in the first step of a turn that it is one more, in the second that it is one less.
 * Once all is at rest it says the error again, in the first half of the steps if it is above 0, in the second if below.
 * Asked, it sends its sum.
 */
export const outputProgram = ({ turns, errorMost, errorShift }: Settings): string => `
port  in, start, label, ask
state n:12, sum:24, offset:16, told:3, e:6
param judge:8, learn:8, high:24, low:24
temp  q, r, s, t

add   n, n, 1
if start
  mov   n, 0
  mov   sum, 0
  mov   told, 0
  mov   e, 0
  rand  offset, ${errorShift}
end
max   told, told, label
sub   s, n, judge
and   r, s, 1
shl   r, r, 1
sub   r, r, 1                 ; -1 in the first step of a turn, 1 in the second
le    q, s, 0
sel   q, q, 1, r
mul   q, q, in
le    r, s, ${2 * turns + 1}
mul   q, q, r
add   sum, sum, q
ge    q, s, 0
lt    r, s, ${2 * turns}
and   q, q, r
gt    r, told, 0
and   q, q, r
if q
  sub   q, high, sum
  max   q, q, 0
  sub   r, low, sum
  min   r, r, 0
  gt    told, told, 1
  sel   q, told, q, r
  add   told, told, 1
  add   q, q, offset
  and   r, s, 1
  shl   s, r, 1
  sub   s, 1, s               ; 1 in the first step of a turn, -1 in the second
  sub   t, e, r
  add   t, t, 1
  shl   t, t, ${errorShift}
  ge    q, q, t
  ne    q, q, r
  mul   t, s, ${errorMost}
  ne    t, t, e
  and   q, q, t
  if q
    add   e, e, s
    send
  end
end
sub   s, n, learn
ge    q, s, 0
lt    r, s, ${2 * errorMost}
and   q, q, r
if q
  sub   r, s, ${errorMost}
  ge    q, r, 0
  neg   s, e
  if q
    gt    q, s, r
  else
    add   r, r, ${errorMost}
    gt    q, e, r
  end
  if q
    send
  end
end
mul   s, e, ${FLAG}
${thirdFactors('s')}if ask
  shr   q, sum, 3           ; what reads it would overflow with the sum itself
  send  q
end
`;
