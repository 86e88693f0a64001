// Leaky integrate-and-fire models.

/** The fixed CUBA LIF of Loihi 1: the same bits as the native kernel. [HW 2.2] */
export const CUBA_LIF = `
; keepU, keepV: 4096 minus the effective decay; threshold: mantissa << 6
port  in
state u:24, v:24, wait:8
param keepU:u13, keepV:u13, bias:24, threshold:24, refractory:u7, vMin:24, vMax:24
temp  q, t, c

shl   q, in, 6
wrap  q, q, 22            ; 21 bits and a sign
mulm  u, u, keepU, 12
add   u, u, q             ; wraps at 23 bits and a sign
add   t, u, bias
wrap  t, t, 24
mulm  q, v, keepV, 12
add   t, q, t
clip  t, t, vMin, vMax
gt    c, wait, 0
sel   v, c, 0, t
gt    c, v, threshold
if c
  mov   v, 0
  mov   wait, refractory
  send
end
sub   wait, wait, 1
max   wait, wait, 0
`;

/**
 * Adaptive threshold with a refractory variable, as Lava's ATRLIF: i, v, theta and r decay, a spike raises theta
 * and r and leaves v as it is.
 */
export const ATRLIF = `
; keepI, keepV, keepTheta, keepR: 4096 minus the decay; rest, step: theta_0 << 6, theta_step << 6
port  in
param keepI:14, keepV:14, keepTheta:14, keepR:14, bias:32, rest:24, step:24
state i:32, v:24, theta:32 = rest, r:32
const top = 2^23
temp  t, c

mulm  i, i, keepI, 12
shl   t, in, 6
add   i, i, t
gt    c, i, top           ; one turn around 24 bits, +2^23 kept
if c
  sub   i, i, 2^24
else
  le    c, i, -2^23
  if c
    add   i, i, 2^24
  end
end
mulm  t, v, keepV, 12
add   t, t, i
add   t, t, bias
clip  v, t, -2^23 + 1, 2^23 - 1
sub   t, theta, rest
mulm  t, t, keepTheta, 12
add   theta, t, rest
mulm  r, r, keepR, 12
sub   t, v, r
ge    c, t, theta
if c
  shl   t, theta, 1
  add   r, r, t
  add   theta, theta, step
  send
end
`;

/**
 * Lava's PrototypeLIF: a third factor k names the compartment k - 1, which alone fires, makes a post spike and
 * gets y1 = 127, the learning rate of its synapses.
 */
export const PROTOTYPE_LIF = `
port  in, third, reset
state u:32, v:24, y:8
param keepU:14, keepV:14, bias:32, threshold:24
const top = 2^23
temp  t, c

mulm  u, u, keepU, 12
shl   t, in, 6
add   u, u, t
gt    c, u, top           ; one turn around 24 bits, +2^23 kept
if c
  sub   u, u, 2^24
else
  le    c, u, -2^23
  if c
    add   u, u, 2^24
  end
end
mulm  t, v, keepV, 12
add   t, t, u
add   t, t, bias
clip  v, t, -2^23 + 1, 2^23 - 1
gt    c, reset, 0
if c
  mov   u, 0
  mov   v, 0
end
gt    c, v, threshold
if third
  sub   t, third, 1
  eq    c, t, index
  sel   y, c, 127, 0
  if c
    post
  end
end
y1 y
if c
  mov   v, 0
  send
end
`;
