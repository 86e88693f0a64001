"""What every peer script shares: its arguments, the check against the reference, and the line of JSON it prints."""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

from workloads import STEPS, Ints, Workload, load, reference


@dataclass(frozen=True)
class Run:
    """CPU seconds of the steps without set-up, and the spikes of each step of all populations together."""

    seconds: float
    spikes: Ints


def check(workload: Workload, spikes: Ints) -> tuple[bool, str]:
    """Whether every step has the reference's spikes, and if not, what is known of the difference."""
    different = (spikes != reference(workload)).nonzero()[0]
    if len(different) == 0:
        return True, ''
    reason = f'differs from step {different[0]}'
    fractions = (spikes != reference(workload, truncates=False)).nonzero()[0]
    if len(fractions) == 0 or fractions[0] > different[0]:
        until = f'until step {fractions[0]}' if len(fractions) else 'in every step'
        reason += f'; keeps fractions of v: equal {until} to the reference without truncation'
    return False, reason


def main(package: str, variants: dict[str, Callable[[Workload], Run]]) -> None:
    """Runs one variant of a peer on one workload."""
    parser = argparse.ArgumentParser()
    parser.add_argument('variant', choices=variants)
    parser.add_argument('workload', choices=['ff', 'rec'])
    parser.add_argument('--steps', type=int, default=STEPS)
    arguments = parser.parse_args()
    workload = load(arguments.workload, arguments.steps)
    run = variants[arguments.variant](workload)
    same, reason = check(workload, run.spikes)
    result = {
        'peer': package,
        'variant': arguments.variant,
        'version': version(package),
        'workload': workload.name,
        'steps': arguments.steps,
        'seconds_cpu': run.seconds,
        'steps_per_second': arguments.steps / run.seconds,
        'spikes': int(run.spikes.sum()),
        'same_as_reference': same,
        'reason': reason,
        'by_step': run.spikes.tolist(),
    }
    print(json.dumps(result))
