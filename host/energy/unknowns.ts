// What no public source says about the energy of a chip; a report that gives figures says this beside them. [HW 10]

import type { EnergyProfile } from '../chip/energy-profile.ts';
import type { Chip } from '../chip/schema.ts';

function isAllGuessed({ coefficients }: EnergyProfile): boolean {
  const known = Object.values(coefficients).filter((coefficient) => coefficient !== null);
  return known.every((coefficient) => coefficient.class === 'guess');
}

/** Sentences, the one that weighs most first. */
export function unknownsOf(chip: Chip): string[] {
  const { profiles, defaultProfile, staticPower, embeddedPower, ioPower } = chip.energy;
  const profile = profiles[defaultProfile];
  const said: string[] = [];
  if (chip.generation === 'loihi2')
    said.push('No public per-operation energy exists for Loihi 2 (U10): its dynamic energies are guesses.');
  else if (profile !== undefined && isAllGuessed(profile))
    said.push(`Every coefficient of profile ${defaultProfile} is a guess.`);
  const visit = profile?.coefficients.synapseVisit ?? null;
  said.push(
    visit === null
      ? 'The energy of learning is not modelled.'
      : 'Which synapses a learning epoch visits is not public, nor how the energy of a visit depends on the rule: one number, for pairwise STDP, is all there is (U11).',
  );
  if (staticPower === null) said.push('The static power of the chip is not known.');
  if (embeddedPower === null) said.push('The power of the embedded processors is not known.');
  if (ioPower === null) said.push('The energy of input and output is not known.');
  return said;
}
