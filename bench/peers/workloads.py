"""The two speed workloads as numpy arrays, and the plain integer reference that says which spikes they make.

A step: every population integrates the spikes that were sent in the step before,
v <- trunc(v * 3584 / 4096) + 64 * (weights of arriving spikes + bias), then spikes where v > 64 * threshold
and resets to 0.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mix32 import mix32

STEPS = 1000
DECAY = 512  # of 4096: v keeps 3584 / 4096 a step
FRACTION = 64  # v counts 64ths of a weight

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Population:
    size: int
    threshold: int
    bias: Ints


@dataclass(frozen=True)
class Projection:
    """Synapse k of source i leads to targets[i, k]. A target that is drawn twice has two synapses."""

    source: int | None  # None: the inputs
    target: int
    targets: Ints
    weights: Ints


@dataclass(frozen=True)
class Workload:
    name: str
    inputs: int
    input_spikes: list[Ints]  # per step
    populations: list[Population]
    projections: list[Projection]


def hashes(start: int, count: int) -> Ints:
    return mix32(np.arange(start, start + count, dtype=np.uint64)).astype(np.int64)


def dense(source: int | None, target: int, start: int, size: tuple[int, int]) -> Projection:
    sources, targets = size
    weights = (hashes(start, sources * targets) >> 24) - 128
    everyone = np.broadcast_to(np.arange(targets), size)
    return Projection(source, target, everyone, weights.reshape(size))


def feed_forward(steps: int) -> Workload:
    """1024 inputs, of which 5 % spike in a step, to 1024 neurons, to 256; every one to every one."""
    drawn = hashes(0x51000000, 1024 * steps).reshape(steps, 1024) < 0.05 * 2**32
    return Workload(
        'ff',
        1024,
        [np.flatnonzero(row) for row in drawn],
        [
            Population(1024, 1000, np.zeros(1024, np.int64)),
            Population(256, 1100, np.zeros(256, np.int64)),
        ],
        [dense(None, 0, 0x10000000, (1024, 1024)), dense(0, 1, 0x18000000, (1024, 256))],
    )


def recurrent(steps: int) -> Workload:
    """4096 neurons with a bias, 64 random targets each."""
    size, fan_out = 4096, 64
    targets = hashes(0x20000000, size * fan_out) & (size - 1)
    weights = np.clip((hashes(0x30000000, size * fan_out) >> 24) - 136, -128, 127)
    shape = (size, fan_out)
    return Workload(
        'rec',
        0,
        [np.empty(0, np.int64)] * steps,
        [Population(size, 520, hashes(0x40000000, size) % 128)],
        [Projection(0, 0, targets.reshape(shape), weights.reshape(shape))],
    )


def load(name: str, steps: int) -> Workload:
    return {'ff': feed_forward, 'rec': recurrent}[name](steps)


def reference(workload: Workload, truncates: bool = True) -> Ints:
    """Spikes of each step, all populations together. Without truncation v keeps its fractions, as doubles do."""
    populations = workload.populations
    v = [np.zeros(p.size) for p in populations]
    sent = [np.empty(0, np.int64) for _ in populations]
    sent_inputs = np.empty(0, np.int64)
    counts = []
    for inputs in workload.input_spikes:
        arriving = [p.bias.astype(float) for p in populations]
        for p in workload.projections:
            rows = sent_inputs if p.source is None else sent[p.source]
            arriving[p.target] += np.bincount(
                p.targets[rows].ravel(), p.weights[rows].ravel(), populations[p.target].size
            )
        for k, population in enumerate(populations):
            kept = v[k] * (4096 - DECAY) / 4096  # exact in a double while v is an integer
            v[k] = (np.trunc(kept) if truncates else kept) + FRACTION * arriving[k]
            sent[k] = np.flatnonzero(v[k] > FRACTION * population.threshold)
            v[k][sent[k]] = 0
        sent_inputs = inputs
        counts.append(sum(len(spikes) for spikes in sent))
    return np.array(counts)


def merged(projection: Projection) -> list[tuple[Ints, Ints]]:
    """Targets and weights of each source, synapses with the same two ends added."""
    rows = []
    for targets, weights in zip(projection.targets, projection.weights):
        once, at = np.unique(targets, return_inverse=True)
        rows.append((once, np.bincount(at, weights).astype(np.int64)))
    return rows


def matrix(projection: Projection, size: int) -> Ints:
    """Weights as [source, target], synapses with the same two ends added."""
    filled = np.zeros((len(projection.targets), size), np.int64)
    for row, (targets, weights) in zip(filled, merged(projection)):
        row[targets] = weights
    return filled


def single_synapses(workload: Workload) -> Workload:
    """The same network where only one synapse, of eight bits, fits between two neurons."""
    projections = []
    for p in workload.projections:
        targets, weights = p.targets.copy(), np.zeros_like(p.weights)
        for i, (row, sums) in enumerate(merged(p)):
            targets[i, : len(row)] = row
            weights[i, : len(row)] = np.clip(sums, -128, 127)
        projections.append(replace(p, targets=targets, weights=weights))
    return replace(workload, projections=projections)
