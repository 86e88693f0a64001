// Resonate-and-fire: a rotation and a contraction of (re, im) in every step, as Lava's RF models.

/** Fires when it comes around with im from below 0 to above, and re at the threshold at least. No reset. */
export const RF = `
; sin, cos: factors in 2^-down; exponent: left shift of the inputs
port  re_in, im_in
state re:24, im:24
param sin:32, cos:32, exponent:u5, down:u5, threshold:32
const top = 2^23 - 1
temp  a, b, was, c

mov   was, im
mulz  a, cos, re, down
mulz  b, sin, im, down
mulz  c, sin, re, down
sub   a, a, b
shl   b, re_in, exponent
add   a, a, b
clip  re, a, -top, top
mulz  a, cos, was, down
add   a, a, c
shl   b, im_in, exponent
add   a, a, b
clip  im, a, -top, top
ge    a, re, threshold
ge    b, im, 0
and   a, a, b
lt    b, was, 0
and   a, a, b
if a
  send
end
`;

/** Izhikevich's form: fires when im reaches the threshold, then re = 0 and im = threshold - 1. */
export const RF_IZ = `
port  re_in, im_in
state re:24, im:32
param sin:32, cos:32, exponent:u5, down:u5, threshold:32
const top = 2^23 - 1
temp  a, b, was, c

mov   was, im
mulz  a, cos, re, down
mulz  b, sin, im, down
mulz  c, sin, re, down
sub   a, a, b
shl   b, re_in, exponent
add   a, a, b
clip  re, a, -top, top
mulz  a, cos, was, down
add   a, a, c
shl   b, im_in, exponent
add   a, a, b
clip  im, a, -top, top
ge    c, im, threshold
if c
  mov   re, 0
  sub   im, threshold, 1
  send
end
`;

/** Phase at the zero crossing of v: a graded spike with the amplitude u. */
export const RF_ZERO = `
port  u_in, v_in
state u:32, v:32
param cos:32, sin:32, threshold:32
temp  a, b, was, c

mov   was, v
mul   a, cos, u, 15
mul   b, sin, v, 15
mul   c, sin, u, 15
sub   a, a, b
add   u, a, u_in
mul   a, cos, was, 15
add   a, a, c
add   v, a, v_in
gt    a, u, threshold
ge    b, v, 0
and   a, a, b
lt    b, was, 0
and   a, a, b
if a
  send u
end
`;
