"""SANA-FE with the Loihi architecture it ships: events, energy and time, without learning."""

from functools import partial
from time import process_time

import numpy as np
import sanafe

from peer import Run, main
from workloads import DECAY, FRACTION, Workload

# Neurons of a core: as many as the synapse memory of a core of Loihi has room for.
CORE = {'ff': 128, 'rec': 512}


def build(workload: Workload) -> sanafe.SpikingChip:
    architecture = sanafe.load_loihi()
    cores = iter(architecture.cores())
    network = sanafe.Network()
    inputs = None
    if workload.inputs:
        trains = np.stack(
            [np.bincount(spikes, minlength=workload.inputs) for spikes in workload.input_spikes], axis=1
        )
        inputs = network.create_neuron_group('inputs', workload.inputs)
        core = next(cores)
        for i, train in enumerate(trains.tolist()):
            inputs[i].set_attributes(soma_hw_name=f'loihi_inputs[{i}]', model_attributes={'spikes': train})
            inputs[i].map_to_core(core)
    groups = []
    for k, population in enumerate(workload.populations):
        attributes = {'threshold': FRACTION * population.threshold, 'leak_decay': 1 - DECAY / 4096}
        group = network.create_neuron_group(
            f'population{k}', population.size, model_attributes=attributes, soma_hw_name='loihi_lif'
        )
        for i, bias in enumerate(population.bias.tolist()):
            if bias:
                group[i].set_attributes(model_attributes={'bias': FRACTION * bias})
            if i % CORE[workload.name] == 0:
                core = next(cores)
            group[i].map_to_core(core)
        groups.append(group)
    for p in workload.projections:
        source = inputs if p.source is None else groups[p.source]
        sources, fan_out = p.targets.shape
        weights = {'weight': (FRACTION * p.weights).ravel().tolist()}
        if fan_out == workload.populations[p.target].size:
            source.connect_neurons_dense(groups[p.target], weights)
        else:
            pairs = zip(np.repeat(np.arange(sources), fan_out).tolist(), p.targets.ravel().tolist())
            source.connect_neurons_sparse(groups[p.target], weights, list(pairs))
    chip = sanafe.SpikingChip(architecture)
    chip.load(network)
    return chip


def simulate(workload: Workload, timing_model: str) -> Run:
    chip = build(workload)
    steps = len(workload.input_spikes)
    begin = process_time()
    result = chip.sim(steps, timing_model=timing_model, processing_threads=1, perf_trace=True)
    seconds = process_time() - begin
    inputs = [len(spikes) for spikes in workload.input_spikes]
    return Run(seconds, np.array(result['perf_trace']['fired']) - inputs)


if __name__ == '__main__':
    main('sanafe', {model: partial(simulate, timing_model=model) for model in ('simple', 'detailed')})
