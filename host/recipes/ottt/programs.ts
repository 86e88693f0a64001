// Neuron programs of the recipe. Voltages are sums of weight mantissas. A spike to the port `go` starts a sample; from then
// on n is the step of the frame.

import { dividedAtRandom, MARGIN_ERROR, thirdFactors } from '../common/program-text.ts';
import { GIVE } from './rules.ts';
import type { Update } from './settings.ts';
import { FIRE, FRAME, LEARN, LESS, MORE, RETURN } from './timeline.ts';

/** Largest value of a derivative. */
export const STEEPEST = 15;
/** Binary places of what an apical neuron remembers. */
export const MEMORY_PLACES = 4;

/** n goes on, and round. Uses c. */
const NEXT_STEP = `add   n, n, 1
eq    c, n, ${FRAME}
if c
  mov   n, 0
end
`;

/** Just after that. */
const COUNT_FRAME = `if c
  add   frame, frame, 1
end
`;

/** y1 says in the last step of a sample that tags give to weights what they have. Uses c and q. */
const GIVE_TAGS = `eq    c, frame, last
eq    q, n, ${LEARN}
and   c, c, q
mul   c, c, ${GIVE}
y1    c
`;

/** What neurons that need not know the frame do with it if weights change once a sample. */
const tagsOf = (update: Update) =>
  update === 'frame'
    ? { state: '', parameter: '', start: '', step: NEXT_STEP }
    : {
        state: ', frame:8',
        parameter: ', last:u8',
        start: '  mov   frame, 0\n',
        step: NEXT_STEP + COUNT_FRAME + GIVE_TAGS,
      };

/**
 * Leaky integrate-and-fire neuron with soft reset. It takes one step in a frame, and keeps its derivative there, a triangle
 * around the threshold, until the errors of the frame come back; their product is its third factor.
 */
export function somaProgram(update: Update, places: number, most: number): string {
  const tags = tagsOf(update);
  return `
port  in, go, back
state v:24, n:4, g:5${tags.state}
param threshold:24, keep:u13, slope:24${tags.parameter}
temp  c, q, r

if go
  mov   v, 0
  mov   n, 0
${tags.start}end
${tags.step}eq    c, n, ${FIRE}
if c
  mulm  v, v, keep, 12
  add   v, v, in
  sub   q, v, threshold
  gt    r, q, 0
  abs   q, q
  mul   q, q, slope, 16
  sub   q, ${STEEPEST}, q
  max   g, q, 0
  if r
    sub   v, v, threshold
    send
  end
end
eq    c, n, ${LEARN}
if c
  mul   c, back, g
  ${dividedAtRandom('c', places, most)}${thirdFactors('c')}end
`;
}

/**
 * Leaky output that does not fire. In every frame from the first one with errors on it compares itself with the label: the
 * label's output is wrong by what it lacks to `high`, another one by what it has beyond `low`, rounded at random to one
 * spike, "more" at once, "less" a step later. All outputs get a label's spike, its own one more. Asked, it sends the sum of
 * all frames.
 */
export const outputProgram = (update: Update, places: number): string => `
port  in, go, label, ask
state o:24, sum:24, n:4, frame:8, told:3, e:2
param keep:u13, high:24, low:24, first:u8, flag:u7${update === 'frame' ? '' : ', last:u8'}
temp  c, q, r

if go
  mov   o, 0
  mov   sum, 0
  mov   n, 0
  mov   frame, 0
  mov   told, 0
end
max   told, told, label
${NEXT_STEP}${COUNT_FRAME}${update === 'frame' ? '' : GIVE_TAGS}eq    c, n, ${MORE}
if c
  mulm  o, o, keep, 12
  add   o, o, in
  add   sum, sum, o
  ${MARGIN_ERROR}${dividedAtRandom('c', places, 1)}  gt    q, told, 0
  mul   c, c, q
  ge    q, frame, first
  mul   e, c, q
  mul   c, e, flag
  ${thirdFactors('c')}  gt    c, e, 0
  if c
    send
  end
end
eq    c, n, ${LESS}
lt    q, e, 0
and   c, c, q
if c
  send
end
if ask
  shr   q, sum, 3          ; what reads it would overflow with the sum itself
  send  q
end
`;

/**
 * Apical neuron, beside each hidden one: its memory of the soma's spikes is what the trace of the soma's axon is at the
 * outputs. It is the post factor of the feedback weights, in y2 while "more" is sent and in y3 while "less" is. It takes
 * "more" and then "less", and sends the difference.
 */
export function apicalProgram(update: Update): string {
  const tags = tagsOf(update);
  return `
port  in, go, fired
state d:16, n:4, a:12${tags.state}
param keep:u13, impulse:12${tags.parameter}
temp  c, q

if go
  mov   n, 0
${tags.start}  mov   a, 0
end
${tags.step}eq    c, n, ${MORE}
if c
  mulm  a, a, keep, 12
  mul   q, fired, impulse
  add   a, a, q
  shr   q, a, ${MEMORY_PLACES}
  y2    q
  y3    0
end
eq    c, n, ${LESS}
if c
  mov   d, in
  shr   q, a, ${MEMORY_PLACES}
  y2    0
  y3    q
end
eq    c, n, ${RETURN}
if c
  sub   d, d, in
  if d
    send  d
  end
end
`;
}
