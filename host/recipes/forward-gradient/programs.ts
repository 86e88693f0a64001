// Neuron programs of the recipe. A start spike begins a pass. `learn` is what weights shall change by times their pattern,
// split by its sign into y2 and y3; `draw` asks for a new pattern, in y1.

/** What arrives with the start spike is the neuron's rate, in 64ths of a spike per step. */
export const TUNED = `
port  in, start
state rate:16, v:16, left:16
param steps:16
temp  fires

if start
  mov   rate, in
  mov   left, steps
  mov   v, 32               ; so that the number of spikes is rounded, not floored
end
if left
  sub   left, left, 1
  add   v, v, rate
  ge    fires, v, 64
  if fires
    sub   v, v, 64
    send
  end
end
`;

const REWARD = `
y1    draw
max   r, learn, 0
y2    r
neg   r, learn
y3    r
`;

/** Integrate and fire; a spike takes the threshold away. */
export const HIDDEN = `
port  in, start, learn, draw
state v:24
param threshold:24
temp  r
${REWARD}
if start
  shr   v, threshold, 1
end
add   v, v, in
ge    r, v, threshold
if r
  sub   v, v, threshold
  send
end
`;

const SUM = `
add   sum, sum, in
if start                    ; what arrives now was late in the pass before
  mov   sum, 0
end
if ask
  send  sum
end
`;

/** Sums up a pass and sends the sum when it is asked. */
export const OUTPUT = `
port  in, start, ask, learn, draw
state sum:24
temp  r
${REWARD}
${SUM}
`;

/** The same without weights that learn. */
export const TOTAL = `
port  in, start, ask
state sum:24
${SUM}
`;

/** What weights bring to one port is multiplied by the number of spikes at the other one. */
export const PRODUCT = `
port  in, factor, start, ask, learn, draw
state sum:24, count:16
param shift:u5
temp  r
${REWARD}
add   sum, sum, in
add   count, count, factor
if start                    ; what arrives now was late in the pass before
  mov   sum, 0
  mov   count, 0
end
if ask
  mul   r, sum, count, shift
  send  r
end
`;
