"""What starts the workers of a study: this process, other processes of this machine, or a Ray cluster."""

from functools import partial

from glasshouse.study.executors import local, processes, ray
from glasshouse.study.executors.executor import Executor


def executor_for(address: str | None, workers: int) -> Executor:
    """The executor for the cluster at an address, else processes, else (0 workers) this process."""
    if address is not None:
        return partial(ray.run, address=address)
    return processes.run if workers else local.run
