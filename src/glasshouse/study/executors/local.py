"""No workers but this process: for notebooks, tests, and studies that are shorter than the start of a worker."""

from collections.abc import Sequence
from pathlib import Path

from glasshouse.engine.plugin_loader import find
from glasshouse.study import worker
from glasshouse.study.executors.executor import OnProgress
from glasshouse.study.store.study_database import StudyDatabase


def run(
    database: StudyDatabase,
    url: str,  # noqa: ARG001 - the contract's; the study database is open here already
    name: str,
    folder: Path,
    workers: int,
    *,
    plugins: Sequence[Path] = (),
    on_progress: OnProgress | None = None,
) -> None:
    """Runs what is left of the study here, as one worker with so many threads; see `Executor`."""
    record = database.study(name)
    # Whoever looks on is told between claims: there is no one else to look.
    watch = (
        None
        if on_progress is None
        else lambda: on_progress(database.counts(record), max(database.active_workers(record), 1))
    )
    worker.work(database, name, folder / name, plugins=find(plugins), threads=max(workers, 1), watch=watch)
