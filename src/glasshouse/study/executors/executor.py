"""The contract of executors, and the watch that all of them keep over the workers they have started.

An executor hands out no runs: the study database does. It starts workers, counts what is done, puts another worker in the
place of one that died, and ends when no run is left. Whichever runs a study, its figures are the same.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from glasshouse.errors import RunningError, StoringError
from glasshouse.study.store.schema import Counts, Study
from glasshouse.study.store.study_database import StudyDatabase, worker_label

LOOK, LONGEST = 0.5, 5.0
"""Seconds between looks at the study database: more than the least where a look takes long, as in a study of a million runs."""

PATIENCE = 20.0
"""Seconds that a worker has to give back its runs when it is asked to end."""

MAX_RESTARTS = 8
"""Workers that may die one after the other without any run done; twice as many as there are, if that is more."""

OnProgress = Callable[[Counts, int], None]
"""Is told the counts of runs and how many workers have some at the moment, whoever started them."""


class Executor(Protocol):
    """Runs what is left of a study with so many workers, and returns when no run waits or is at work.

    `url` says where the study database is, and shards go to `folder / name`. `plugins` are files. Raises RunningError if
    worker after worker dies or one says that it cannot go on, with what it said. Whatever ends it, its workers end too,
    and their runs wait for the next.
    """

    def __call__(
        self,
        database: StudyDatabase,
        url: str,
        name: str,
        folder: Path,
        workers: int,
        *,
        plugins: Sequence[Path] = (),
        on_progress: OnProgress | None = None,
    ) -> None: ...


class WorkerHandle(Protocol):
    """A worker that an executor has started, and the label by which the study database knows it."""

    label: str

    def is_running(self) -> bool:
        """Whether it is at work, or waits for a place."""

    def exit_reason(self) -> str:
        """How it died, once it is not going; «» if it ended by itself. RunningError if it said why none could go on."""

    def stop(self) -> None:
        """Asks it to give back its runs and end; does nothing to one that has ended."""

    def wait(self, seconds: float) -> None:
        """Returns when it has ended; one that does not end in time is made to."""


def supervise(
    database: StudyDatabase,
    study: Study,
    workers: int,
    start: Callable[[str], WorkerHandle],
    on_progress: OnProgress | None = None,
) -> None:
    """Keeps so many workers at a study until no run is left; `start` begins one under a label."""
    hands: list[WorkerHandle] = []
    try:
        hands += [start(worker_label()) for _ in range(workers)]
        _watch(database, study, hands, start, on_progress)
    finally:
        for hand in hands:
            hand.stop()
        until = time.monotonic() + PATIENCE
        for hand in hands:
            hand.wait(max(until - time.monotonic(), 0.1))
        with suppress(StoringError):
            for hand in hands:
                database.mark_dead(hand.label)


def _watch(
    database: StudyDatabase,
    study: Study,
    hands: list[WorkerHandle],
    start: Callable[[str], WorkerHandle],
    on_progress: OnProgress | None,
) -> None:
    died, before = 0, 0
    while True:
        # Looked at before the counts: whoever ended by itself before them has left runs that came up since.
        ended = [place for place, hand in enumerate(hands) if not hand.is_running()]
        begun = time.monotonic()
        counts = database.counts(study)
        looked = time.monotonic() - begun
        if on_progress is not None:
            on_progress(counts, database.active_workers(study))
        if counts.waiting + counts.running == 0:
            return
        died, before = (0 if counts.ended > before else died), counts.ended
        for place in ended:
            if how := hands[place].exit_reason():
                # Its runs need not wait for their lease: it is known to be dead.
                database.mark_dead(hands[place].label)
                died += 1
                _give_up(died, how, len(hands))
            hands[place] = start(worker_label())
        time.sleep(min(max(LOOK, 20 * looked), LONGEST))


def _give_up(died: int, how: str, workers: int) -> None:
    """RunningError once so many have died without any run done that something is wrong with all of them."""
    if died > max(MAX_RESTARTS, 2 * workers):
        raise RunningError(
            f"{died} workers died and no run was done, the last died thus: {how}. Memory is the usual cause: take fewer "
            "workers or citizens."
        )
