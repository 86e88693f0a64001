// Vector arithmetic with graded spikes: each compartment is one element. As Lava's models of the same names.

export const GRADED_VEC = `
port  in
param threshold:32
temp  size, c

abs   size, in
gt    c, size, threshold
if c
  send in
end
`;

export const GRADED_RELU_VEC = `
port  in
param threshold:32
temp  c

gt    c, in, threshold
if c
  send in
end
`;

/** Product of two inputs, >> exponent (floor). */
export const PROD_NEURON = `
port  in1, in2
param threshold:32, exponent:u6
temp  p, size, c

mul   p, in1, in2, exponent
abs   size, p
gt    c, size, threshold
if c
  send p
end
`;

/** Product of the second input and the first of the step before. */
export const NORM_VEC_DELAY = `
port  in1, in2
state v:32, v2:32
param threshold:32
temp  p, size, c

mov   v2, v
mov   v, in1
mul   p, v2, in2
abs   size, p
gt    c, size, threshold
if c
  send p
end
`;

/** The other output of NormVecDelay, a population of its own: the square of the first input. */
export const NORM_VEC_SQUARE = `
port  in1
temp  p

mul   p, in1, in1
if p
  send p
end
`;

/** Fixed-point 1/sqrt(x) with 12 fraction bits: a first guess from a table, five Newton steps. */
export const INV_SQRT = `
port  in
table guess = 146, 206, 292, 412, 584, 826, 1168, 1652, 2336, 3304, 4674, 6610, 9350, 13222, 18700, 26446, 37402, 52894, 74804, 105788, 149608, 211578, 299218, 423158
temp  x, y, z, i, t

if in
  mov   x, in
  clz   i, x
  sub   i, i, 8             ; zeros before the first one of 24 bits
  look  y, guess, i
  shr   z, y, 1
  repeat 5
    mul   t, x, y, 13
    mul   x, t, y, 13
    sub   y, 2^13 + 2^12, x
    mul   z, z, y, 13
  end
  if z
    send z
  end
end
`;
