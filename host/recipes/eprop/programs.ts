// Neuron programs of the recipe. Voltages and currents are in units of 64, as weights of exponent 0 are.

/**
 * Adaptive leaky integrate-and-fire neuron. y1 is its surrogate derivative, 0 to 15: a triangle of the width of the
 * threshold at rest. y2 and y3 are the error that arrives × the derivative, split by its sign.
 */
export const ADAPTIVE = `
port  in, learn
state v:24, a:24
param threshold:24, jump:24, keepV:16, keepA:16, slope:16, shift:u5
temp  far, near, i, l

mulm  v, v, keepV, 12
shl   i, in, 6
add   v, v, i
mulm  a, a, keepA, 12
sub   far, v, threshold
sub   far, far, a
abs   near, far
sub   near, threshold, near
max   near, near, 0
mul   near, near, slope, 20
y1    near
mul   l, learn, near
rand  i, 15                 ; rounded stochastically
shl   near, 1, shift
sub   near, near, 1
and   i, i, near
add   l, l, i
shr   l, l, shift
y2    l
neg   l, l
y3    l
gt    i, far, 0
if i
  sub   v, v, threshold
  sub   v, v, a
  add   a, a, jump
  send
end
`;

/**
 * Leaky readout. While it is taught (its own class +3, any class +1) it sends the error as payload and writes it into
 * y2 and y3; asked, it sends its value.
 */
export const READOUT = `
port  in, label, ask
state y:24
param keep:16, target:16, shift:u5
temp  e, goal, own, taught, more, less

mulm  y, y, keep, 12
add   y, y, in
gt    taught, label, 0
gt    own, label, 2
neg   goal, target
sel   goal, own, target, goal
sub   e, goal, y
max   more, e, 0            ; beyond its goal there is no error
min   less, e, 0
sel   e, own, more, less
shz   e, e, shift
clip  e, e, -31, 31
mul   e, e, taught
y2    e
ne    own, e, 0
if own
  send e
end
neg   e, e
y3    e
gt    own, ask, 0
if own
  send y
end
`;
