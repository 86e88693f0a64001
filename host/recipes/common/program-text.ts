// Pieces of neuron programs that recipes share.

/** A signed word as third factors, which have no sign: y2 if it is above 0, y3 if it is below. Uses q. */
export const thirdFactors = (word: string): string => `max   q, ${word}, 0
y2    q
neg   q, ${word}
max   q, q, 0
y3    q
`;

/** Divides a word by 2^places, rounds it at random, and leaves at most ± most of it. Uses r. */
export const dividedAtRandom = (word: string, places: number, most: number): string => `rand  r, ${places}
add   ${word}, ${word}, r
shr   ${word}, ${word}, ${places}
clip  ${word}, ${word}, -${most}, ${most}
`;

/**
 * One-sided error of a sum o, into c: of the label's output, which got more than one label spike, what it lacks to `high`; of
 * others what they have beyond `low`. Uses q and r.
 */
export const MARGIN_ERROR = `sub   q, high, o
max   q, q, 0
sub   r, low, o
min   r, r, 0
gt    c, told, 1
sel   c, c, q, r
`;
