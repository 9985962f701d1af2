"""Executors of this machine: this process alone, or worker processes, of which those that die are replaced."""

import os
import subprocess
import tempfile
from collections.abc import Sequence

from glasshouse.engine.plugin_loader import find
from glasshouse.errors import RunningError
from glasshouse.study import worker
from glasshouse.study.executors.executor import StudyJob, supervise
from glasshouse.study.launcher import launch
from glasshouse.study.progress import StudyProgress

DATABASE_VARIABLE = "GLASSHOUSE_STUDIES"
"""Environment variable with the address of the study database: it can hold a password, and command lines are public."""

LABEL_VARIABLE = "GLASSHOUSE_WORKER"
"""Environment variable with a worker's label, which begins with the number of the process that started it."""


def run_in_process(job: StudyJob) -> None:
    """Run what is left of a study in this process: for notebooks, tests, and studies that are shorter than a start.

    Parameters
    ----------
    job : StudyJob
        What is run; `job.workers` is the number of threads.

    Raises
    ------
    StoringError
        If the database or the folder cannot be used.
    """
    record, on_progress = job.database.study(job.name), job.on_progress

    def report() -> None:
        if on_progress is not None:
            workers = max(job.database.active_workers(record), 1)
            on_progress(StudyProgress(job.database.counts(record), workers))

    options = worker.WorkerOptions(plugins=tuple(find(job.plugins)), threads=max(job.workers, 1), on_claim=report)
    worker.work(job.database, job.name, job.folder / job.name, options)


def run_processes(job: StudyJob) -> None:
    """Run what is left of a study with worker processes, each of which is `glasshouse study work`.

    Parameters
    ----------
    job : StudyJob
        What is run; `job.workers` is the number of processes.

    Raises
    ------
    RunningError
        If worker after worker dies, or if one reports that it cannot continue.
    """
    plugins = [argument for plugin in job.plugins for argument in ("--plugin", str(plugin))]
    arguments = ["study", "work", job.name, "--folder", str(job.folder), "--quiet", *plugins]
    supervise(job, job.workers, lambda label: _Process(label, job.url, arguments))


def own_label() -> str | None:
    """Read the label that this process was given as a worker.

    Returns
    -------
    str or None
        The label; None for a process that no executor started.
    """
    return os.environ.get(LABEL_VARIABLE)


def is_orphaned() -> bool:
    """Tell whether the executor that started this process as a worker has died, so that it should end too.

    Returns
    -------
    bool
        Always False on Windows, which does not tell: there a worker ends when no run is left.
    """
    parent = (own_label() or "").partition("-")[0]
    return os.name == "posix" and parent.isdecimal() and os.getppid() != int(parent)


class _Process:
    """A worker process. Its errors go to a file without a name, since a pipe that nothing reads fills up.

    Parameters
    ----------
    label : str
        Label of the worker in the study database.
    url : str
        File or address of the study database; passed in an environment variable, since it can hold a password.
    arguments : sequence of str
        Arguments of the `glasshouse` command that does the work.
    """

    def __init__(self, label: str, url: str, arguments: Sequence[str]) -> None:
        self.label = label
        self._errors = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115 - closed when the worker has ended
        environment = {DATABASE_VARIABLE: url, LABEL_VARIABLE: label}
        self._process = launch(arguments, stdout=subprocess.DEVNULL, stderr=self._errors, environment=environment)

    def is_running(self) -> bool:
        return self._process.poll() is None

    def exit_reason(self) -> str:
        code = self._process.wait()
        self._errors.seek(0)
        message = self._errors.read().strip()
        self._errors.close()
        # Commands end with 1 or 2 and a message for what they explain themselves.
        if message and code in (1, 2):
            raise RunningError(f"A worker stopped: {message}")
        return f"exit code {code} {message}".strip() if code else ""

    def stop(self) -> None:
        if self.is_running():
            self._process.terminate()

    def wait(self, seconds: float) -> None:
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()
