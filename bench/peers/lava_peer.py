"""Lava's bit-accurate models of layers and connections, called one after the other without its runtime."""

from time import process_time

import numpy as np
from lava.proc.dense.models import PyDenseModelBitAcc
from lava.proc.lif.models import PyLifModelBitAcc
from lava.proc.sparse.models import PySparseModelBitAcc
from lava.utils.weightutils import SignMode
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from peer import Run, main
from workloads import DECAY, Population, Projection, Workload, matrix

Connection = PyDenseModelBitAcc | PySparseModelBitAcc


class Wire:
    """Stands for the two ports of a channel."""

    def __init__(self) -> None:
        self.value: NDArray = np.empty(0)

    def send(self, value: NDArray) -> None:
        self.value = value

    def recv(self) -> NDArray:
        return self.value


class Arriving:
    """The port of a layer: what its connections accumulated. They send it a step later, before they receive."""

    def __init__(self, size: int) -> None:
        self.sum = np.zeros(size, np.int32)
        self.connections: list[Connection] = []

    def recv(self) -> NDArray:
        return sum((connection.a_buff for connection in self.connections), self.sum)


def layer(population: Population) -> PyLifModelBitAcc:
    model = PyLifModelBitAcc({})
    model.a_in, model.s_out = Arriving(population.size), Wire()
    model.u, model.v = np.zeros(population.size, np.int32), np.zeros(population.size, np.int32)
    model.du, model.dv, model.vth = 4095, DECAY, population.threshold
    model.bias_mant, model.bias_exp = population.bias.astype(np.int16), np.full(population.size, 6, np.int16)
    return model


def connection(weights: NDArray, spikes: Wire, dense: bool) -> Connection:
    """Weights as [source, target]; even mantissas of eight bits, which the exponent halves."""
    parameters = {'weight_exp': -1, 'num_weight_bits': 8, 'sign_mode': SignMode.MIXED}
    model = (PyDenseModelBitAcc if dense else PySparseModelBitAcc)(parameters)
    doubled = 2 * weights.T.astype(np.int32)
    model.weights = np.ascontiguousarray(doubled) if dense else csr_matrix(doubled)
    model.a_buff = np.zeros(len(doubled), np.int32)
    model.num_message_bits = np.array(0)
    model.s_in, model.a_out = Wire(), Wire()
    model.s_in.send(np.zeros(len(weights), bool))
    model.run_spk()  # the first call prepares the weights
    model.s_in = spikes
    return model


def parts(projection: Projection, size: int) -> list[NDArray]:
    """A matrix has no parallel synapses: where two together leave eight bits, a second one has the rest."""
    weights = matrix(projection, size)
    first = np.clip(weights, -128, 127)
    return [first] if (first == weights).all() else [first, weights - first]


def simulate(workload: Workload) -> Run:
    inputs = Wire()
    layers = [layer(population) for population in workload.populations]
    connections = []
    for p in workload.projections:
        spikes = inputs if p.source is None else layers[p.source].s_out
        size = workload.populations[p.target].size
        for part in parts(p, size):
            made = connection(part, spikes, dense=p.targets.shape[1] == size)
            layers[p.target].a_in.connections.append(made)
            connections.append(made)
    trains = np.zeros((len(workload.input_spikes), workload.inputs), bool)
    for step, spikes in enumerate(workload.input_spikes):
        trains[step, spikes] = True
    counts = []
    begin = process_time()
    for train in trains:
        inputs.send(train)
        for model in layers:
            model.run_spk()
        for model in connections:
            model.run_spk()
        counts.append(sum(np.count_nonzero(model.s_out.value) for model in layers))
    return Run(process_time() - begin, np.array(counts))


if __name__ == '__main__':
    main('lava-nc', {'bit-accurate models': simulate})
