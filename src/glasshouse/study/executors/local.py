"""No workers but this process: for notebooks, tests, and studies that are shorter than the start of a worker."""

from collections.abc import Sequence
from pathlib import Path

from glasshouse.engine.plugin_loader import find
from glasshouse.study import worker
from glasshouse.study.executors.executor import Tell
from glasshouse.study.store.study_database import StudyDatabase


def run(
    catalogue: StudyDatabase,
    url: str,  # noqa: ARG001 - the contract's; the catalogue is open here already
    name: str,
    folder: Path,
    workers: int,
    *,
    plugins: Sequence[Path] = (),
    tell: Tell | None = None,
) -> None:
    """Runs what is left of the study here, as one worker with so many threads; see `Executor`."""
    record = catalogue.study(name)
    # Whoever looks on is told between claims: there is no one else to look.
    watch = None if tell is None else lambda: tell(catalogue.counts(record), max(catalogue.at_work(record), 1))
    worker.work(catalogue, name, folder / name, plugins=find(plugins), threads=max(workers, 1), watch=watch)
