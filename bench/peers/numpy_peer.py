"""The integer reference in numpy, as a contender and as the spikes that the others are compared with."""

from time import process_time

from peer import Run, main
from workloads import Workload, reference, single_synapses


def plain(workload: Workload) -> Run:
    begin = process_time()
    spikes = reference(workload)
    return Run(process_time() - begin, spikes)


def single(workload: Workload) -> Run:
    return plain(single_synapses(workload))


if __name__ == '__main__':
    main('numpy', {'reference': plain, 'single synapses': single})
