// The compiler: quantize → check what the chip can do → lower → partition → allocate → image.

import type { Chip } from '../chip/schema.ts';
import type { ChipImage } from '../image/image.ts';
import type { Network } from '../network/network.ts';
import { buildImage } from './build-image.ts';
import { checkLegality, type Legality } from './legality.ts';
import { lower } from './lower.ts';
import { placeOnCores } from './output-axons.ts';
import { type QuantizationLine, quantize } from './quantize.ts';
import type { Resource, ResourceUse } from './resource-use.ts';

/** Use of every resource, core by core. */
export interface CoreUtilization {
  readonly core: number;
  readonly coreClass: string;
  readonly use: readonly ResourceUse[];
}

export interface Compiled {
  readonly image: ChipImage;
  readonly legality: Legality;
  readonly quantization: readonly QuantizationLine[];
  readonly cores: readonly CoreUtilization[];
  readonly chips: number;
}

/**
 * Maps a network to a chip.
 * @throws UserError if a value is out of the chip's range, a rule reads what the chip cannot read, or the
 *   network does not fit
 */
export function compile(network: Network, chip: Chip): Compiled {
  const quantized = quantize(network, chip);
  const legality = checkLegality(quantized.network, chip);
  const lowered = lower(quantized.network, chip);
  const { plans, outputAxons } = placeOnCores(lowered, chip);
  const image = buildImage(lowered, chip, plans);
  const cores = plans.map(({ coreClass, use }, core) => ({
    core,
    coreClass,
    use: [
      ...use,
      { resource: 'outputAxons' as const, used: outputAxons[core]!, limit: chip.core.outputAxons },
    ],
  }));
  const chips = new Set(image.cores.map(({ place }) => place.chip)).size;
  return { image, legality, quantization: quantized.report, cores, chips };
}

/** Largest and mean share of each resource over the cores. */
export function utilization(
  cores: readonly CoreUtilization[],
): Record<Resource, { max: number; mean: number; limit: number }> {
  const resources = cores[0]?.use.map(({ resource }) => resource) ?? [];
  const entries = resources.map((resource) => {
    const used = cores.map(({ use }) => use.find((item) => item.resource === resource)!);
    const sum = used.reduce((total, item) => total + item.used, 0);
    return [
      resource,
      { max: Math.max(...used.map((item) => item.used)), mean: sum / used.length, limit: used[0]!.limit },
    ] as const;
  });
  return Object.fromEntries(entries) as Record<Resource, { max: number; mean: number; limit: number }>;
}
