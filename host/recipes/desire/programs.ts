// Neuron programs of the recipe. Voltages are in weight units, a level is two of them; `n` counts steps from the start
// spike, and errors are numbers of spikes.

import { thirdFactors } from '../common/program-text.ts';
import type { Settings } from './settings.ts';

/**
 * Integrate-and-fire with a voltage that is never negative and falls to 0 with a spike. With `persistent` its current
 * never decays: an early spike counts more often than a late one. What it is taught until step `less` becomes y2, and
 * from then on y3, until the next start.
 */
export const somaProgram = (persistent: boolean): string => `
port  in, start, teach
state v:24, n:12, up:8, down:8${persistent ? ', c:24' : ''}
param threshold:24, active:8, more:8, less:8
temp  q

add   n, n, 1
if start
  mov   n, 0
  mov   v, 0${persistent ? '\n  mov   c, 0' : ''}
  mov   up, 0
  mov   down, 0
  y2    0
  y3    0
end
lt    q, n, active
if q${persistent ? '\n  add   c, c, in\n  add   v, v, c' : '\n  add   v, v, in'}
  max   v, v, 0
  gt    q, v, threshold
  if q
    mov   v, 0
    send
  end
end
if teach
  ge    q, n, less
  if q
    add   down, down, teach
    y3    down
  else
    ge    q, n, more
    if q
      add   up, up, teach
      y2    up
    end
  end
end
`;

/**
 * What a neuron with a desire `d` of 1 or -1 says from step `first` on: a spike in each step whose number it reaches with
 * the word `of`; first come those that should fire more. q is left as 1 if it says something.
 */
const saying = (table: string, steps: number, first: string, of: string): string => `sub   s, n, ${first}
ge    q, s, 0
lt    r, s, ${2 * steps}
and   q, q, r
if q
  lt    r, s, ${steps}
  sel   r, r, 1, -1
  eq    q, r, d
  look  r, ${table}, s
  ge    r, ${of}, r
  and   q, q, r
  if q
    send
  end
end`;

/** What a program is written for. */
export type Levels = Pick<Settings, 'errorLevels' | 'spikeLevels'>;

const tables = ({ errorLevels, spikeLevels }: Levels): string => `table ERRORS = ${errorLevels.join(', ')}
table SPIKES = ${spikeLevels.join(', ')}`;

const sayErrors = ({ errorLevels }: Levels): string => saying('ERRORS', errorLevels.length, 'say', 'e');
const saySpikes = ({ spikeLevels }: Levels): string => saying('SPIKES', spikeLevels.length, 'more', 'c');

/**
 * Beside a soma, whose spikes it counts. What the layer above says adds up, the first half of it as it is, the second as its
 * negative. If the sum is large enough it is a desire, for a neuron that fired; `e` is its error, which the layer below,
 * if there is one, hears of. While the layer above tells how much it fired, y2 and then y3 say that the soma fired: the post factor of the
 * copied weights, whose axons fire in those steps.
 */
export const desireProgram = (levels: Levels, hasBelow: boolean): string => `
port  above, soma, start
state n:12, c:8, d:3, e:8, sum:24
param heard:8, say:8, more:8, less:8, dead:24, noise:24, top:8, flag:8
${tables(levels)}
temp  q, r, s

add   n, n, 1
if start
  mov   n, 0
  mov   c, 0
  mov   d, 0
  mov   sum, 0
end
add   c, c, soma
sub   s, n, heard
ge    q, s, 0
if q
  lt    q, s, ${levels.errorLevels.length}
  sel   q, q, 1, -1
  mul   q, q, above
  add   sum, sum, q
  eq    q, n, say
  gt    r, c, 0
  and   q, q, r
  if q
    rand  r, 8
    sub   r, r, 128
    mul   r, r, noise, 7
    add   r, r, dead
    max   r, r, 0
    gt    q, sum, r
    neg   r, r
    lt    r, sum, r
    sub   d, q, r
    sub   e, top, c
    gt    q, d, 0
    sel   e, q, e, c
  end
  gt    q, c, 0
  mul   q, q, flag
  lt    r, n, less
  sel   r, r, q, 0
  y2    r
  sub   q, q, r
  y3    q
end
${hasBelow ? `${sayErrors(levels)}\n` : ''}${saySpikes(levels)}
`;

/**
 * Output: an integrate-and-fire neuron whose spikes nobody but itself needs, so it counts them and sends none; each takes the
 * threshold off its voltage. With the label it knows its error: the label's lacks spikes up to `top`, those of another
 * class are too many. One beyond the dead zone makes a desire. Asked, it sends all that it summed.
 */
export const outputProgram = (levels: Levels): string => `
port  in, start, label, ask
state n:12, v:24, c:8, d:3, e:8, told:8
param threshold:24, top:8, dead:8, least:8, say:8, more:8, flag:8
${tables(levels)}
temp  q, r, s

add   n, n, 1
if start
  mov   n, 0
  mov   v, 0
  mov   c, 0
  mov   d, 0
  mov   told, 0
end
add   v, v, in
gt    q, v, threshold
if q
  sub   v, v, threshold
  add   c, c, 1
end
if label
  gt    q, label, 1
  sub   r, top, c
  sel   e, q, r, c
  sel   d, q, 1, -1
  gt    r, e, dead
  mul   d, d, r
  max   c, c, least
end
${sayErrors(levels)}
${saySpikes(levels)}
if q
  add   told, told, flag
end
mul   s, told, d
${thirdFactors('s')}if ask
  mul   q, c, threshold
  add   q, q, v
  shr   q, q, 3             ; what reads it would overflow with the sum itself
  send  q
end
`;
