// What networks have in common whose samples start with a spike, whose labels come as spikes, and whose outputs answer
// when they are asked: the network of an `AskedLesson`.

import { NetworkBuilder } from '../../network/builder.ts';
import type { Readout, Task } from '../recipe.ts';
import { PHASE_PARTS } from './phase-parts.ts';
import { slowerBy } from './rate-drops.ts';
import { learningAt, phaseAt, resetAt, ruleAt } from './schedule.ts';

/** A network with the phases of a sample and the ports of a lesson. */
export function askedNetwork(name: string, { seed, height, width, classes }: Task): NetworkBuilder {
  const net = new NetworkBuilder(name, seed);
  for (const phase of Object.keys(PHASE_PARTS)) net.phase(phase);
  return net
    .port({ name: 'image', size: height * width + 1 }) // the last one is always on
    .port({ name: 'label', size: classes })
    .port({ name: 'start', size: 1 })
    .port({ name: 'ask', size: 1 });
}

/** Compartments that hold what outputs send when they are asked: the payload as a current, since programs have none. */
export function addAnswer(net: NetworkBuilder, from: string, coreClass: string, classes: number): void {
  net
    .population({
      name: 'answer',
      size: classes,
      coreClass,
      compartment: { decayU: 0, decayV: 4095, threshold: 131071 },
    })
    .project({
      name: 'read',
      from,
      to: 'answer',
      connection: { kind: 'one-to-one', weight: 1 },
      synapse: { signMode: 'excitatory', bits: 8, exponent: 0 },
      graded: true,
    });
}

/** `description` says what the outputs send. */
export const answerReadout = (name: string, description: string): Readout => ({
  name,
  population: 'answer',
  variable: 'u',
  description,
});

/** A test sample, and what switches off the learning of core classes before the first one. */
export function addTest(net: NetworkBuilder, testSteps: number, learning: readonly string[]): void {
  net
    .presentation('deploy', 1, [
      phaseAt(0, 'inference'),
      ...learning.map((coreClass) => learningAt(0, coreClass, false)),
    ])
    .presentation('test', testSteps, [phaseAt(0, 'inference'), resetAt(0, 'answer')]);
}

/**
 * Presentations that make learning half as fast, one for each of `halvings`.
 * @param lines rules and what they say after so many halvings
 */
export function addHalvings(
  net: NetworkBuilder,
  steps: number,
  halvings: number,
  lines: (halvings: number) => readonly (readonly [rule: string, line: string])[],
): void {
  for (let times = 1; times <= halvings; times++) {
    const slower = lines(times).map(([rule, line]) => ruleAt(0, rule, line));
    net.presentation(slowerBy(times), steps, [phaseAt(0, 'management'), ...slower]);
  }
}
