"""Workers on a Ray cluster, or on a Ray of this machine alone.

Ray finds a processor for each worker and reports when its node has died; runs are claimed in the study database, as with
every executor. Every node needs the same version of Glasshouse, the address of the database and the folder of results.
Plug-in files are sent along.
"""

import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glasshouse.engine.plugin_loader import find
from glasshouse.errors import AnalysisError, GlasshouseError, RunningError, StoringError, install_command
from glasshouse.study import worker
from glasshouse.study.executors.executor import StudyJob, supervise
from glasshouse.study.store.database import address as address_of
from glasshouse.study.store.study_database import StudyDatabase, worker_label

LOCAL = "local"
"""The address that stands for a Ray cluster which is started for the study on this machine, and ended after it."""

MEMORY = 100_000_000
"""Bytes that Ray reserves for objects on this machine: hardly any are needed."""


def run_on_ray(job: StudyJob, address: str = LOCAL) -> None:
    """Run what is left of a study with workers on a Ray cluster.

    Parameters
    ----------
    job : StudyJob
        What is run. 0 workers are one for each processor of the cluster; workers without a free processor wait for one.
    address : str
        Address of the cluster (``HOST:PORT`` or ``ray://…``); ``"local"`` starts one on this machine for the study.

    Raises
    ------
    AnalysisError
        If Ray is not installed.
    RunningError
        If the cluster does not answer, or if its workers cannot continue.
    StoringError
        If the cluster has other machines and the study database is a SQLite file, which is for one machine.
    """
    folder = job.folder.absolute()
    with _connected(address, job.workers) as ray, _marked(folder / job.name) as mark:
        place, host = _reachable(ray, job.url)
        sources = tuple((plugin.name, _source(plugin)) for plugin in job.plugins)
        task = _Task(place, host, job.name, folder, mark, sources)
        remote = ray.remote(num_cpus=1, max_retries=0, scheduling_strategy="SPREAD")(_work)
        count = job.workers or max(int(ray.cluster_resources().get("CPU", 1)), 1)
        supervise(job, count, lambda label: _Remote(ray, label, remote.remote(task, label)))


@dataclass(frozen=True)
class _Task:
    """What a node needs: database and folder, the machine that a SQLite file is on, and plug-ins by their names."""

    url: str
    host: str
    name: str
    folder: Path
    mark: str
    sources: tuple[tuple[str, bytes], ...]


def _work(task: _Task, label: str) -> str:
    """Works on a node until no run is left; returns why it could not continue, or an empty string."""
    here = platform.node()
    if task.host and here != task.host:
        return f"{here} is another machine than {task.host}, which has the study database {task.url}. {SERVER}"
    if not (task.folder / task.name / task.mark).exists():
        return (
            f"{here} does not see the results in {task.folder}. Name a folder that all machines of the cluster share with "
            "--folder."
        )
    try:
        # The folder stays while the worker works: the sources of mechanisms are read again when they are compiled.
        with tempfile.TemporaryDirectory() as room:
            files = [_laid(Path(room) / str(number), *source) for number, source in enumerate(task.sources)]
            with StudyDatabase.open(task.url) as database:
                options = worker.WorkerOptions(plugins=tuple(find(files)), label=label)
                worker.work(database, task.name, task.folder / task.name, options)
    except GlasshouseError as error:
        return f"{error} (on {here})"
    return ""


def _laid(folder: Path, name: str, source: bytes) -> Path:
    """A plug-in's file under its own name."""
    folder.mkdir()
    (folder / name).write_bytes(source)
    return folder / name


def _source(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoringError(f"{path}: the file cannot be read ({error.strerror}).") from None


SERVER = (
    "SQLite is for one machine: create the study on a PostgreSQL server that all machines reach, with --database "
    "postgresql+psycopg://user@host/database."
)


def _reachable(ray: Any, url: str) -> tuple[str, str]:
    """The address as nodes need it and, for a SQLite file, its machine, which must be that of all nodes."""
    place = address_of(url)
    if not place.drivername.startswith("sqlite"):
        return url, ""
    here = platform.node()
    others = {node["NodeManagerHostname"] for node in ray.nodes() if node["Alive"]} - {here}
    if others:
        raise StoringError(f"The cluster has {len(others)} other machines, and the study database is {url}. {SERVER}")
    return str(Path(str(place.database)).absolute()), here


@contextmanager
def _marked(folder: Path) -> Iterator[str]:
    """Leaves a file in the study's folder by which a node recognises the same folder."""
    mark = folder / f".{worker_label()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        mark.touch()
    except OSError as error:
        raise StoringError(f"{folder} cannot be used ({error.strerror}). Name another folder.") from None
    try:
        yield mark.name
    finally:
        with suppress(OSError):
            mark.unlink(missing_ok=True)


@contextmanager
def _connected(address: str, workers: int) -> Iterator[Any]:
    """Ray, connected to the cluster, or to the one that this process is connected to; without usage statistics."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if address != LOCAL:
        # Otherwise Ray tries for twenty minutes to reach a cluster that does not exist.
        os.environ.setdefault("RAY_NUM_REDIS_GET_RETRIES", "1")
        os.environ.setdefault("RAY_gcs_server_request_timeout_seconds", "10")
        if {"RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"} & set(os.environ) or (Path.home() / ".ray/auth_token").exists():
            # Clusters ask for a token by default; programs show theirs only if this is set.
            os.environ.setdefault("RAY_AUTH_MODE", "token")
    try:
        import ray
    except ImportError:
        raise AnalysisError(
            f"Running on a cluster needs Ray, which is not installed. Install it: {install_command('cluster')}"
        ) from None
    if ray.is_initialized():
        yield ray
        return
    given: dict[str, Any] = {"address": address, "log_to_driver": False, "logging_level": "ERROR"}
    host = address.rpartition("://")[2].rpartition(":")[0]
    if address == LOCAL:
        given |= {"include_dashboard": False, "num_cpus": workers or None, "object_store_memory": MEMORY}
    elif host == "127.0.0.1":
        # A cluster on the loopback interface knows this process by no other address.
        given |= {"_node_ip_address": host}
    try:
        ray.init(**given)
    except (OSError, RuntimeError, ValueError) as error:
        reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise RunningError(
            f"The cluster {address} cannot be used ({reason}). See that it runs, that its version of Ray is {ray.__version__}, "
            f"and that this machine has its token in ~/.ray/auth_token or RAY_AUTH_TOKEN."
        ) from None
    try:
        yield ray
    finally:
        ray.shutdown()


class _Remote:
    """A worker on some node, or one that waits for a node with room.

    Parameters
    ----------
    ray : module
        Ray, connected to the cluster.
    label : str
        Label of the worker in the study database.
    answer : ray.ObjectRef
        Reference to what the worker returns: why it could not continue, or an empty string.
    """

    def __init__(self, ray: Any, label: str, answer: Any) -> None:
        self.label, self._ray, self._answer = label, ray, answer

    def is_running(self) -> bool:
        return not self._ray.wait([self._answer], timeout=0)[0]

    def exit_reason(self) -> str:
        try:
            message = self._ray.get(self._answer)
        except self._ray.exceptions.RayTaskError as error:
            reason = next(iter(str(error.cause or error).strip().splitlines()), "")
            raise RunningError(
                f"A worker could not begin ({reason}). Every node needs this version of Glasshouse and of Python."
            ) from None
        except self._ray.exceptions.RayError as error:
            return f"{type(error).__name__} {next(iter(str(error).strip().splitlines()), '')}".strip()
        if message:
            raise RunningError(f"A worker stopped: {message}")
        return ""

    def stop(self) -> None:
        if self.is_running():
            self._ray.cancel(self._answer)

    def wait(self, seconds: float) -> None:
        if not self._ray.wait([self._answer], timeout=seconds)[0]:
            self._ray.cancel(self._answer, force=True)
