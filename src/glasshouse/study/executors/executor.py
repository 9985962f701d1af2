"""The contract of executors, and how they supervise the workers that they have started.

An executor assigns no runs: workers claim them in the study database. It starts workers, replaces those that died, and
ends when no run is left. The figures of a study are the same with every executor.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from glasshouse.engine.progress import OnProgress
from glasshouse.errors import RunningError, StoringError
from glasshouse.study.progress import StudyProgress
from glasshouse.study.store.schema import Study
from glasshouse.study.store.study_database import StudyDatabase, worker_label

POLL_SECONDS, MAX_POLL_SECONDS = 0.5, 5.0
"""Seconds between queries of the database; more than the least where a query is slow, as in a study of a million runs."""

GRACE_SECONDS = 20.0
"""Seconds that a worker has to give back its runs when it is asked to end."""

MAX_RESTARTS = 8
"""Workers that may die in a row without any run done; twice as many as there are workers, if that is more."""


@dataclass(frozen=True)
class StudyJob:
    """What is to be run, and what an executor needs for it.

    Attributes
    ----------
    database : StudyDatabase
        The open database, to supervise the study.
    url : str
        File or address of the database, for workers that open it themselves.
    name : str
        Name of the study.
    folder : Path
        The folder of all studies; shards go to `folder / name`.
    workers : int
        How many workers to start. In one process: how many threads it uses. On a cluster 0 is one for each processor.
    plugins : tuple of Path
        Files of the plug-ins that take part.
    on_progress : callable, optional
        Called now and then with a `StudyProgress`.
    """

    database: StudyDatabase
    url: str
    name: str
    folder: Path
    workers: int
    plugins: tuple[Path, ...] = ()
    on_progress: OnProgress | None = field(default=None, compare=False)


class Executor(Protocol):
    """Runs what is left of a study, and returns when no run is waiting or running.

    However it ends, its workers end too, and the runs that they have not finished wait for the next executor.
    """

    def __call__(self, job: StudyJob) -> None:
        """Run what is left of a study.

        Parameters
        ----------
        job : StudyJob
            The study, the database and the number of workers.

        Raises
        ------
        RunningError
            If worker after worker dies, or if one reports that it cannot continue.
        """


class WorkerHandle(Protocol):
    """A worker that an executor has started; `label` is its name in the database."""

    label: str

    def is_running(self) -> bool:
        """Tell whether the worker runs or waits for a processor.

        Returns
        -------
        bool
            False once it has ended.
        """

    def exit_reason(self) -> str:
        """Tell how it died, once it is not running.

        Returns
        -------
        str
            The reason; empty if it ended normally.

        Raises
        ------
        RunningError
            If it reported why no worker could continue.
        """

    def stop(self) -> None:
        """Ask it to give back its runs and end; one that has ended is left alone."""

    def wait(self, seconds: float) -> None:
        """Return when it has ended, and end it by force after a time.

        Parameters
        ----------
        seconds : float
            How long it may take.
        """


def supervise(job: StudyJob, workers: int, start: Callable[[str], WorkerHandle]) -> None:
    """Keep workers running until no run is left, and end them all, whatever happens.

    Parameters
    ----------
    job : StudyJob
        What is run.
    workers : int
        How many workers to keep running.
    start : callable
        Starts a worker under the label given.

    Raises
    ------
    RunningError
        If workers die one after the other without any run done, or if one reports that it cannot continue.
    """
    handles: list[WorkerHandle] = []
    try:
        handles += [start(worker_label()) for _ in range(workers)]
        _watch(job, job.database.study(job.name), handles, start)
    finally:
        for handle in handles:
            handle.stop()
        until = time.monotonic() + GRACE_SECONDS
        for handle in handles:
            handle.wait(max(until - time.monotonic(), 0.1))
        with suppress(StoringError):
            for handle in handles:
                job.database.mark_dead(handle.label)


def _watch(job: StudyJob, study: Study, handles: list[WorkerHandle], start: Callable[[str], WorkerHandle]) -> None:
    deaths, done_before = 0, 0
    while True:
        # Before the counts: a worker that ended normally before them has left runs that were added since.
        ended = [place for place, handle in enumerate(handles) if not handle.is_running()]
        begun = time.monotonic()
        counts = job.database.counts(study)
        query_seconds = time.monotonic() - begun
        if job.on_progress is not None:
            job.on_progress(StudyProgress(counts, job.database.active_workers(study)))
        if counts.waiting + counts.running == 0:
            return
        deaths, done_before = (0 if counts.ended > done_before else deaths), counts.ended
        for place in ended:
            if reason := handles[place].exit_reason():
                # It is known to be dead: its runs need not wait for the end of their lease.
                job.database.mark_dead(handles[place].label)
                deaths += 1
                _check_restarts(deaths, reason, len(handles))
            handles[place] = start(worker_label())
        time.sleep(min(max(POLL_SECONDS, 20 * query_seconds), MAX_POLL_SECONDS))


def _check_restarts(deaths: int, reason: str, workers: int) -> None:
    """RunningError once so many have died in a row that something must be wrong with all of them."""
    if deaths > max(MAX_RESTARTS, 2 * workers):
        raise RunningError(
            f"{deaths} workers died and no run was done; the last exit: {reason}. Check for out-of-memory: use fewer "
            "workers or fewer citizens."
        )
