// What a shadow does not have. It refuses such an image by name, so that no comparison is made of something else.

import { UserError } from '../errors.ts';
import type { ChipImage, CoreImage } from '../image/image.ts';

/** @throws UserError naming the first part of the image that a shadow does not have */
export function requireShadowed(image: ChipImage): void {
  const { semantics, wires, ports, postNotes, cores } = image;
  const refuse = (what: string): never => {
    throw new UserError(`${what}: a full-precision twin does not have that`, {
      code: 'no-twin',
      path: '--precision',
      hint: 'docs/full-precision.md says what it has; leave --precision out to run on the chip',
    });
  };
  if (semantics.weightRead === 'late') refuse('semantics.weightRead late');
  if (semantics.random !== 'counter') refuse(`semantics.random ${semantics.random}`);
  if (wires.length > 0 || ports.some(({ values }) => values)) refuse('values carried by wires');
  if (postNotes.length > 0) refuse('learning state of single connections');
  for (const core of cores) refuseCore(image, core, refuse);
}

function refuseCore(
  { populations, projections }: ChipImage,
  { groups, blocks }: CoreImage,
  refuse: (what: string) => never,
): void {
  for (const { population, wide } of groups) {
    const name = `population "${populations[population]!.name}"`;
    if (wide !== null) refuse(`${name}: compartments whose arithmetic is an option of a model`);
  }
  for (const { projection, wide } of blocks)
    if (wide?.plastic)
      refuse(`projection "${projections[projection]!.name}": synapses with payloads that learn`);
}
