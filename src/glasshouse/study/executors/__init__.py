"""What starts the workers of a study: this process, other processes of this machine, or a Ray cluster."""

from functools import partial

from glasshouse.study.executors import local, ray
from glasshouse.study.executors.executor import Executor


def executor_for(cluster: str | None, workers: int) -> Executor:
    """Choose the executor.

    Parameters
    ----------
    cluster : str, optional
        Address of a Ray cluster, or ``"local"`` for one that is started on this machine.
    workers : int
        How many workers there are to be; 0 runs the study in this process, or uses a cluster whole.

    Returns
    -------
    Executor
        Ray where there is a cluster; otherwise processes of this machine, or this process for 0 workers.
    """
    if cluster is not None:
        return partial(ray.run_on_ray, address=cluster)
    return local.run_processes if workers else local.run_in_process
