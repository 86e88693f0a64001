// A frame is a step of the rule: its spikes go up, their errors come down, and it ends with the learning epoch. Steps of a
// frame, counted from 0; a spike of one step acts on its targets in the next.

/** Input spikes, and with the first frame the start. */
export const INPUT = 0;
/** Hidden neurons integrate and fire. */
export const FIRE = INPUT + 1;
/** Outputs compare with the label and send what should be more. */
export const MORE = FIRE + 1;
/** Outputs send what should be less. */
export const LESS = MORE + 1;
/** Apical neurons send the sum of what came back; the last "less" has arrived. */
export const RETURN = LESS + 1;
/** Hidden neurons take it; the learning epoch ends. */
export const LEARN = RETURN + 1;

export const FRAME = LEARN + 1;
/** An epoch of the feedback weights ends with MORE, the next with LEARN. */
export const HALF_FRAME = FRAME / 2;
/** From the step in which outputs are asked to the arrival of what they answer. */
export const ANSWER = 3;
