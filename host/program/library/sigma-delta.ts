// Sigma-delta models: what is sent is the change of an activation, and only when it is large enough. As Lava's
// SDN models.

/** Sums its input and sends the sum. */
export const SIGMA = `
port  in
state sigma:32

add   sigma, sigma, in
if sigma
  send sigma
end
`;

/** Turns an activation `next` into differences; what is not sent is the residue. */
const DELTA_STEP = `
sub   d, next, act
add   d, d, residue
mov   act, next
mov   e, d
if cumulative
  add   error, error, d
  mov   e, error
end
abs   e, e
ge    c, e, threshold
ne    e, d, 0
and   c, c, e
mov   residue, d
if c
  mov   residue, 0
  sel   error, cumulative, 0, error
  shr   e, d, exponent
  if e
    send e
  end
end
`;

/** Encodes its input. threshold: vth << (spike_exp + state_exp); cumulative: compare the summed error. */
export const DELTA = `
; shift: spike_exp + state_exp; exponent: state_exp
port  in
state act:32, residue:32, error:32
param threshold:32, shift:u5, exponent:u5, cumulative:u1
temp  next, d, e, c

shl   next, in, shift
${DELTA_STEP}`;

const SIGMA_PART = `
add   sigma, sigma, in
add   next, sigma, bias
if relu
  max   next, next, 0
end
`;

/** Sums differences, rectifies if `relu` is set, and encodes the result. */
export const SIGMA_DELTA = `
; bias, threshold: << (spike_exp + state_exp); exponent: state_exp
port  in
state sigma:32, act:32, residue:32, error:32
param bias:32, threshold:32, exponent:u5, cumulative:u1, relu:u1
temp  next, d, e, c
${SIGMA_PART}${DELTA_STEP}`;

/** As SIGMA_DELTA, but the activation moves only by what was sent. */
export const SIGMA_DELTA_CORRECTED = `
port  in
state sigma:32, act:32
param bias:32, threshold:32, exponent:u5, relu:u1
temp  next, d, e, c
${SIGMA_PART}
sub   d, next, act
abs   e, d
ge    c, e, threshold
if c
  shr   d, d, exponent
  shl   e, d, exponent
  add   act, act, e
  if d
    send d
  end
end
`;
