import type { NetworkBuilder } from '../../network/builder.ts';
import type { Readout } from '../recipe.ts';

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
