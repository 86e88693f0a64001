// What a chip cannot do outside of its learning rules: spikes that carry numbers, noise finer than its draws.
// [HW 2.4], [HW 7]

import type { Chip } from '../chip/schema.ts';
import { UserError } from '../errors.ts';
import type { Network, Population } from '../network/network.ts';

/** Register of a decay that leaves 1/4096, or nothing with the core's offset bit. [HW 2.3] */
const REGISTER_MAX = 4095;

/** @throws UserError naming a projection whose spikes would carry more than that they happened */
export function checkPayloads({ projections }: Network, chip: Chip): void {
  const graded = projections.find((projection) => projection.graded === true);
  if (graded === undefined || chip.routing.spikePayload > 0) return;
  throw new UserError(
    `projection "${graded.name}" is graded: spikes of chip ${chip.name} are binary and carry no number or sign [HW 7]`,
    {
      code: 'binary-spikes',
      path: `projection "${graded.name}"`,
      got: true,
      limit: false,
      hint: 'send a number as several spikes or by their time, a sign by a second population with mirrored synapses; or take a chip with graded spikes, e.g. --chip loihi2',
    },
  );
}

/** Greatest magnitude of the noise of a core class before the exponent: a draw and the mantissa offset. [HW 2.4] */
function largestNoise(network: Network, chip: Chip, { coreClass }: Population): number {
  const noise = network.coreClasses.find(({ name }) => name === coreClass)?.noise;
  if (noise === undefined) return 0;
  const { noiseExponent, noiseRange } = chip.semantics;
  const exponent = noise.exponent + (noiseExponent === 'register' && noise.exponent < 7 ? 1 : 0);
  const most = (noiseRange === 'upTo128' ? 128 : 127) + 64 * noise.mantissaOffset;
  return Math.max(0, Math.trunc(most * 2 ** (exponent - 7)));
}

/** True if its spikes go somewhere, and nothing but its own noise of the step can make it fire. */
function firesByNoiseAlone({ projections }: Network, { name, compartment, join }: Population): boolean {
  if (compartment?.noise !== true || join !== undefined || compartment.bias !== undefined) return false;
  if (projections.some(({ to }) => to === name)) return false;
  // At most 1/4096 of u and v is left in the next step.
  const forgets = compartment.decayU === REGISTER_MAX && compartment.decayV === REGISTER_MAX;
  const spikes = (compartment.thresholdOp ?? 'spike') === 'spike';
  return forgets && spikes && projections.some(({ from }) => from === name);
}

/**
 * A draw has 255 values, so a compartment that fires by noise does so in at least 1 of 255 steps, or never.
 * @throws UserError naming a population that would need finer noise
 */
export function checkNoise(network: Network, chip: Chip): void {
  for (const population of network.populations) {
    if (!firesByNoiseAlone(network, population)) continue;
    const threshold = population.compartment!.threshold * 2 ** chip.compartment.thresholdShift;
    const most = largestNoise(network, chip, population);
    // What u and v keep adds up to less than this.
    if (most + most / 1000 > threshold) continue;
    throw new UserError(
      `population "${population.name}" never fires: its noise is ${most} at most and its threshold ${threshold}; a draw has ${chip.compartment.noise.draw} bits, so that noise alone fires a compartment in 1 of 255 steps or more, or in none [HW 2.4]`,
      {
        code: 'noise-too-fine',
        path: `population "${population.name}"`,
        got: threshold,
        limit: most,
        hint: 'chain thresholds: two noisy compartments under a join AND fire in 1 of 65,025 steps; or inject counted spikes through a port',
      },
    );
  }
}
