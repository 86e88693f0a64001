"""Brian2Loihi: Brian2 with the equations of the chip."""

import sys
from pathlib import Path
from time import process_time

import brian2 as b2
import numpy as np
from brian2_loihi import (
    LoihiNetwork,
    LoihiNeuronGroup,
    LoihiSpikeGeneratorGroup,
    LoihiSpikeMonitor,
    LoihiSynapses,
    synapse_sign_mode,
)

from peer import Run, main
from workloads import DECAY, FRACTION, Workload

b2.prefs.codegen.runtime.cython.cache_dir = str(Path(sys.prefix) / 'cython')
b2.prefs.logging.file_log = False
b2.prefs.logging.save_script = False


def build(workload: Workload) -> tuple[LoihiNetwork, list[LoihiSpikeMonitor]]:
    objects = []
    groups = []
    for population in workload.populations:
        group = LoihiNeuronGroup(
            population.size, threshold_v_mant=population.threshold, decay_v=DECAY, decay_I=4096
        )
        if population.bias.any():
            # The package has no bias: it is added to the current after the synapses have.
            bias = b2.TimedArray(FRACTION * population.bias[None, :], dt=1 * b2.ms)
            group.namespace['bias'] = bias
            group.run_regularly('I += bias(t, i)', when='synapses', order=1)
        groups.append(group)
    steps = np.repeat(np.arange(len(workload.input_spikes)), [len(s) for s in workload.input_spikes])
    if workload.inputs:
        # A generated spike is integrated in its own step.
        indices = np.concatenate(workload.input_spikes)
        inputs = LoihiSpikeGeneratorGroup(workload.inputs, indices, steps + 1, sorted=True)
        objects.append(inputs)
    for p in workload.projections:
        source = inputs if p.source is None else groups[p.source]
        sources, fan_out = p.targets.shape
        synapses = LoihiSynapses(source, groups[p.target], w_exp=-1, sign_mode=synapse_sign_mode.MIXED)
        synapses.connect(i=np.repeat(np.arange(sources), fan_out), j=p.targets.ravel())
        synapses.w = 2 * p.weights.ravel()  # even mantissas, which the exponent halves
        objects.append(synapses)
    monitors = [LoihiSpikeMonitor(group) for group in groups]
    return LoihiNetwork(*objects, *groups, *monitors), monitors


def simulate(workload: Workload, updates: bool) -> Run:
    b2.prefs.codegen.target = 'cython'
    network, monitors = build(workload)
    if not updates:
        for synapses in network.objects:
            if isinstance(synapses, LoihiSynapses):
                synapses.state_updater.active = False
    times = []

    def report(_elapsed: object, _completed: float, _start: object, _duration: object) -> None:
        times.append(process_time())  # called before the first step and after the last

    steps = len(workload.input_spikes)
    network.run(steps, report=report, report_period=86400 * b2.second)
    spikes = np.concatenate([np.rint(monitor.t).astype(np.int64) for monitor in monitors])
    return Run(times[-1] - times[0], np.bincount(spikes, minlength=steps))


if __name__ == '__main__':
    main(
        'brian2-loihi',
        {
            'as shipped': lambda workload: simulate(workload, updates=True),
            'weights not updated': lambda workload: simulate(workload, updates=False),
        },
    )
