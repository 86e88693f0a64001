// Neuron programs of the recipe. All values are in weight units; a level is two of them.

import type { Surrogate } from './settings.ts';

/** 15 / (1 + 5x)^2 for x = 0 to 31 eighths of the threshold: the fast sigmoid's derivative. */
const SIGMA = Array.from({ length: 32 }, (_, i) => Math.round(15 / (1 + (5 * i) / 8) ** 2));

/**
 * With a surrogate a spike carries what the derivative has summed up to since the last one. A triangle is as wide as the
 * threshold on both sides of it.
 */
const DERIVATIVES: Record<Surrogate, string> = {
  fired: '',
  triangle: `
  sub   x, v, threshold
  abs   x, x
  sub   x, threshold, x
  max   x, x, 0
  mul   x, x, slope, 16
  add   g, g, x`,
  sigmoid: `
  sub   x, v, threshold
  abs   x, x
  mul   x, x, slope, 16
  min   x, x, 31
  look  x, sigma, x
  add   g, g, x`,
};

/**
 * Integrate-and-fire with a voltage that is never negative and falls to 0 with a spike. It integrates for `active` steps
 * after a start spike. With `persistent` its current never decays: an early spike counts more often than a late one.
 * A spike carries at least 1, or its error neuron would not know of it. A spike that teaches it becomes
 * y2 until the next start if it comes `more` steps after the last active one, else y3.
 */
export function somaProgram(surrogate: Surrogate, persistent: boolean, learns: boolean): string {
  const graded = surrogate !== 'fired' && learns;
  return `
port  in, start${learns ? ', teach' : ''}
state v:24${persistent ? ', c:24' : ''}, left:12${graded ? ', g:12' : ''}
param threshold:24, active:8${learns ? ', more:8' : ''}${graded ? ', slope:24' : ''}
temp  x
${surrogate === 'sigmoid' && graded ? `table sigma = ${SIGMA.join(', ')}` : ''}
if start
  mov   v, 0
  mov   left, active${persistent ? '\n  mov   c, 0' : ''}${graded ? '\n  mov   g, 0' : ''}${
    learns ? '\n  y2    0\n  y3    0' : ''
  }
end
sub   left, left, 1
ge    x, left, 0
if x${persistent ? '\n  add   c, c, in\n  add   v, v, c' : '\n  add   v, v, in'}
  max   v, v, 0${graded ? DERIVATIVES[surrogate] : ''}
  gt    x, v, threshold
  if x
    mov   v, 0${graded ? '\n    max   g, g, 1' : ''}
    send  ${graded ? 'g\n    mov   g, 0' : ''}
  end
end
${learns ? 'if teach\n  add   x, left, more\n  if x\n    y3    teach\n  else\n    y2    teach\n  end\nend' : ''}
`;
}

/**
 * Error neuron. It sums what its soma tells of the surrogate derivative, takes the errors from above, first "more", then
 * "less", and answers with their product, rounded stochastically to one spike: in the step of "less" if the soma should
 * fire more, one step later if less. When the errors are sent, y2 and then y3 say that the soma fired: the post factor of
 * the copied weights, whose axons fire in that step. A spike at `slower`, between samples, halves its answers for ever.
 */
export function errorProgram(surrogate: Surrogate): string {
  return `
port  error, soma, start, slower
state a:24, g:12, wait:12, answer:3, halvings:6
param more:8, gain:24, flag:8
temp  c, d

if start
  mov   a, 0
  mov   g, 0
  mov   wait, more
  y2    0
  y3    0
end
sub   wait, wait, 1
add   g, g, soma
le    c, wait, 1
if c
  gt    d, g, 0
  mul   d, d, flag
  eq    c, wait, 1            ; the spikes of "more" are under way
  if c
    y2    d
  end
  eq    c, wait, 0
  if c
    mov   a, error
    y2    0
    y3    d
  end
  eq    c, wait, -1
  if c
    sub   a, a, error
    y3    0${surrogate === 'fired' ? '\n    gt    d, g, 0' : '\n    mov   d, g'}
    mul   a, a, d
    shr   c, halvings, 1
    shr   d, gain, c
    mul   a, a, d, 12
    rand  d, 8
    add   a, a, d
    shr   a, a, 8
    clip  answer, a, -1, 1
    gt    d, answer, 0
    if d
      send
    end
  end
  eq    c, wait, -2
  if c
    lt    d, answer, 0
    if d
      send
    end
  end
  add   halvings, halvings, slower
end
`;
}

/**
 * Output: sums the readout. With the label it knows its error: the class of the label should exceed \`target\`, others
 * should stay below -\`margin\`; what misses by \`least\` or more is an error of one spike, "more" at once, "less" one step
 * later. Asked, it sends an eighth of its sum.
 */
export const OUTPUT = `
port  in, label, start, ask
state p:24, late:2
param target:24, margin:24, least:24
temp  own, size, other

if start
  mov   p, 0
end
add   p, p, in
if late
  send  -1
  mov   late, 0
end
if label
  gt    own, label, 2
  sub   size, target, p
  add   other, p, margin
  sel   size, own, size, other
  ge    size, size, least
  if size
    if own
      send
    else
      mov   late, 1
    end
  end
end
if ask
  shr   size, p, 3          ; what reads it would overflow with the sum itself
  send  size
end
`;
