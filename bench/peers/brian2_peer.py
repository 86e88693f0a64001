"""Brian2 with the integer semantics written as equations: generated Cython, or a generated C++ program."""

import sys
import tempfile
from pathlib import Path
from time import process_time

import brian2 as b2
import numpy as np

from peer import Run, main
from workloads import FRACTION, Ints, Workload

b2.prefs.logging.file_log = False
b2.prefs.logging.save_script = False
b2.prefs.codegen.runtime.cython.cache_dir = str(Path(sys.prefix) / 'cython')

CLOCKS_PER_SEC = 1_000_000  # POSIX
INTEGRATE = 'v = int(v * 0.875) + {fraction} * (arrived + bias); arrived = 0'


def build(workload: Workload) -> tuple[b2.Network, list[b2.SpikeMonitor]]:
    b2.defaultclock.dt = 1 * b2.ms
    groups = []
    for population in workload.populations:
        group = b2.NeuronGroup(
            population.size,
            'v : 1\narrived : 1\nbias : 1 (constant)',
            threshold=f'v > {FRACTION * population.threshold}',
            reset='v = 0',
        )
        group.bias = population.bias
        group.run_regularly(INTEGRATE.format(fraction=FRACTION), when='groups')
        groups.append(group)
    steps = np.repeat(np.arange(len(workload.input_spikes)), [len(s) for s in workload.input_spikes])
    network = b2.Network(groups)
    if workload.inputs:
        indices = np.concatenate(workload.input_spikes)
        inputs = b2.SpikeGeneratorGroup(workload.inputs, indices, steps * b2.ms, sorted=True)
        network.add(inputs)
    for p in workload.projections:
        source = inputs if p.source is None else groups[p.source]
        synapses = b2.Synapses(source, groups[p.target], 'w : 1 (constant)', on_pre='arrived_post += w')
        sources, fan_out = p.targets.shape
        synapses.connect(i=np.repeat(np.arange(sources), fan_out), j=p.targets.ravel())
        synapses.w = p.weights.ravel()
        network.add(synapses)
    monitors = [b2.SpikeMonitor(group) for group in groups]
    network.add(monitors)
    return network, monitors


def spikes(workload: Workload, monitors: list[b2.SpikeMonitor]) -> Ints:
    steps = np.concatenate([np.rint(monitor.t / b2.ms).astype(np.int64) for monitor in monitors])
    return np.bincount(steps, minlength=len(workload.input_spikes))


def cython(workload: Workload) -> Run:
    b2.prefs.codegen.target = 'cython'
    network, monitors = build(workload)
    times = []

    def report(_elapsed: object, _completed: float, _start: object, _duration: object) -> None:
        times.append(process_time())  # called before the first step and after the last

    network.run(len(workload.input_spikes) * b2.ms, report=report, report_period=86400 * b2.second)
    return Run(times[-1] - times[0], spikes(workload, monitors))


def cpp_standalone(workload: Workload) -> Run:
    b2.set_device('cpp_standalone', build_on_run=False)
    network, monitors = build(workload)
    for place in ('before_network_run', 'after_network_run'):
        b2.device.insert_code(place, 'std::ofstream("clocks", std::ios::app) << clock() << std::endl;')
    network.run(len(workload.input_spikes) * b2.ms)
    with tempfile.TemporaryDirectory() as folder:
        b2.device.build(directory=folder)
        first, last = (Path(folder) / 'clocks').read_text().split()
        return Run((int(last) - int(first)) / CLOCKS_PER_SEC, spikes(workload, monitors))


if __name__ == '__main__':
    main('brian2', {'cython': cython, 'cpp_standalone': cpp_standalone})
