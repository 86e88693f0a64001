"""The emulator of nengo-loihi, given blocks of integers: its front end would choose weights and thresholds itself."""

from time import process_time

import numpy as np
from nengo_loihi.block import Axon, LoihiBlock, Synapse
from nengo_loihi.builder import Model
from nengo_loihi.emulator import EmulatorInterface
from nengo_loihi.inputs import SpikeInput

from peer import Run, main
from workloads import DECAY, FRACTION, Population, Workload, merged

V_LIMIT = 2**23 - 1


def block(population: Population) -> LoihiBlock:
    """What `discretize_block` makes of a block, for exact values."""
    made = LoihiBlock(population.size)
    compartment = made.compartment
    for name, value in (
        ('decay_u', 4095),  # to which the chip adds one: nothing of u is kept
        ('decay_v', DECAY),
        ('vth', FRACTION * population.threshold),
        ('bias', FRACTION * population.bias),
    ):
        setattr(compartment, name, np.zeros(population.size, np.int32) + np.int32(value))
    compartment.scale_u = False
    compartment.vmin, compartment.vmax = -V_LIMIT, V_LIMIT
    compartment.noise_exp = 1
    return made


def build(workload: Workload) -> EmulatorInterface:
    model = Model()
    blocks = [block(population) for population in workload.populations]
    for one in blocks:
        model.add_block(one)
    inputs = SpikeInput(workload.inputs)
    model.add_input(inputs)
    for step, spikes in enumerate(workload.input_spikes):
        inputs.add_spikes(step + 1, spikes, permanent=True)  # the emulator counts steps from one
    for p in workload.projections:
        # A row holds a target once: synapses with the same two ends are added.
        rows = merged(p)
        synapse = Synapse(len(rows))
        weights = [FRACTION * weights for _, weights in rows]
        synapse._set_weights_indices(weights, [targets for targets, _ in rows], weight_dtype=np.int32)
        blocks[p.target].add_synapse(synapse)
        axon = Axon(len(rows))
        axon.target = synapse
        (inputs if p.source is None else blocks[p.source]).add_axon(axon)
    return EmulatorInterface(model, seed=1)


def simulate(workload: Workload) -> Run:
    emulator = build(workload)
    spikes = []
    begin = process_time()
    for _ in workload.input_spikes:
        emulator.step()
        spikes.append(np.count_nonzero(emulator.compartment.spiked))
    return Run(process_time() - begin, np.array(spikes))


if __name__ == '__main__':
    main('nengo-loihi', {'emulator': simulate})
