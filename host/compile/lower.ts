// Connections that the chip has no synapses for as those that it has: convolutions without kernels that it expands, or that
// learn, and one-to-one connections whose lists are shared, become lists.

import type { Chip } from '../chip/schema.ts';
import { convolutionSynapses } from '../network/convolution.ts';
import type { Network, Projection } from '../network/network.ts';
import { sourceSize } from './incoming.ts';

/** True if the chip stores the kernels of a convolution and expands them itself. [HW 7] */
export function hasKernels(chip: Chip, { connection, synapse, sharing, rule }: Projection): boolean {
  if (connection.kind !== 'convolution' || sharing !== undefined || rule !== undefined) return false;
  if (!chip.synapse.compressions.includes('convolution')) return false;
  return synapse.compression === undefined || synapse.compression === 'convolution';
}

function lowered(network: Network, chip: Chip, projection: Projection): Projection {
  const { connection, synapse, sharing, tied } = projection;
  if (connection.kind === 'convolution' && !hasKernels(chip, projection)) {
    // Synapses that learn are there at weight 0, too.
    const synapses = convolutionSynapses(connection.shape, connection.convolution, tied === 'kernels');
    const { places, ...lists } = synapses;
    return { ...projection, connection: lists, ...(tied === 'kernels' ? { tied: places } : {}) };
  }
  if (connection.kind !== 'one-to-one' || sharing === undefined) return projection;
  const size = sourceSize(network, projection.from);
  const { delay } = synapse;
  const own = delay instanceof Uint8Array ? delay.filter((_, i) => i % (size + 1) === 0) : delay;
  return {
    ...projection,
    connection: {
      kind: 'sparse',
      rowStart: Uint32Array.from({ length: size + 1 }, (_, i) => i),
      targets: Uint32Array.from({ length: size }, (_, i) => i),
      weights: new Int16Array(size).fill(connection.weight),
    },
    synapse: own === undefined ? synapse : { ...synapse, delay: own },
  };
}

/** The network with connections that the chip has. */
export function lower(network: Network, chip: Chip): Network {
  return {
    ...network,
    projections: network.projections.map((projection) => lowered(network, chip, projection)),
  };
}
