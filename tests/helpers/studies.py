"""Small studies for tests, and what comes out of them."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.engine.plugin_loader import find
from glasshouse.scenario.files import parse
from glasshouse.scenario.scenario import load
from glasshouse.scenario.toml_lines import Source
from glasshouse.study import worker
from glasshouse.study.definition import Study, add_study
from glasshouse.study.executors.executor import StudyJob
from glasshouse.study.findings import Findings, collect
from glasshouse.study.make_study import build_study
from glasshouse.study.progress import StudyProgress
from glasshouse.study.store.schema import Definition, Outcome, Point, Run
from glasshouse.study.store.shards import rows_digest, write_shard
from glasshouse.study.store.study_database import StudyDatabase
from glasshouse.study.study_file import StudyFile, validated

DEFINITION = Definition("pilot", "d1", "title = 'Pilot'", "c1")

LONG = 600.0


def points(count: int) -> list[Point]:
    return [Point(number, {"observation.coverage": number / 10, "arm": "regime"}) for number in range(count)]


def runs(count: int) -> list[Run]:
    return [Run(number, number // 2, number % 2, 2**62 + number) for number in range(count)]


def finish(
    database: StudyDatabase, worker: str, folder: Path, numbers: list[int], value: float = 0.5
) -> tuple[int, ...]:
    """Writes a shard with a row for each run and hands it in."""
    rows = [{"run": number, "silent": value + number} for number in numbers]
    shard = write_shard(folder, f"{worker}-{numbers[0]}-{os.urandom(2).hex()}", rows)
    return database.finish(worker, shard, [Outcome(row["run"], 1.5, rows_digest([row])) for row in rows])  # type: ignore[arg-type]


def numbers(found: tuple[Run, ...]) -> list[int]:
    return [run.number for run in found]


TEXT = """
title = "Small"
scenario = "rows/s08-augmentation"
design = "latin-hypercube"
runs = 8
replicates = 2
measures = ["records", "unrelated_share", "chilling"]
[settings]
citizens = 600
run.weeks = 12
run.start = 2
[factors]
"observation.coverage" = [0.2, 0.6]
"lists.integration" = [0.0, 0.9]
"""


@cache
def made() -> Study:
    source = Source("small.toml", TEXT)
    table = validated(StudyFile, parse(source), source)
    return build_study(table, load(table.scenario), "small", source)


def opened(folder: Path) -> StudyDatabase:
    database = StudyDatabase.open(folder / "studies.db")
    add_study(database, made())
    return database


def bytes_of(found: Findings) -> bytes:
    return b"".join(np.ascontiguousarray(column).tobytes() for column in found.figures.columns.values())


@cache
def undisturbed(folder: Path) -> bytes:
    with opened(folder) as database:
        worker.work(database, "small", folder / "small")
        return bytes_of(collect(database, "small", folder / "small"))


@contextmanager
def entered(place: "str | Path") -> Iterator[StudyDatabase]:
    with StudyDatabase.open(place) as database:
        add_study(database, made())
        yield database


LOUD = '''
from glasshouse.model.measure import Measure, ratio
class Records2(Measure):
    """Records a week."""
    name, title, formula, unit, better, source = "records_a_week", "Records", "records / adult-weeks", "a week", "neither", "made up"
    @staticmethod
    def value(sums):
        return ratio(sums.records, sums.adults)
'''

LONG_TEXT = """
scenario = "rows/s08-augmentation"
runs = 16
replicates = 2
measures = ["records", "chilling"]
[settings]
citizens = {citizens}
run.weeks = {weeks}
run.start = 2
[factors]
"observation.coverage" = [0.2, 0.6]
"""


def add_long_study(database: StudyDatabase, citizens: int = 1000, weeks: int = 30, plugins: Any = ()) -> None:
    """Enters the study `small`: with more citizens and weeks a run takes longer."""
    text = LONG_TEXT.format(citizens=citizens, weeks=weeks)
    text = text.replace('"chilling"', '"records_a_week"') if plugins else text
    source = Source("small.toml", text)
    table = validated(StudyFile, parse(source), source)
    add_study(database, build_study(table, load(table.scenario, plugins=find(plugins)), "small", source))


def came_out(folder: Path) -> tuple[bytes, list[tuple[int, str, str | None]]]:
    """The bytes of the table of runs as it is exported, and number, state and digest of every run."""
    with StudyDatabase.open(folder / "studies.db") as database:
        collect(database, "small", folder / "small").runs.to_csv(folder / "runs.csv")
        runs = database.runs(database.study("small"))
    return (folder / "runs.csv").read_bytes(), [(run.number, run.state, run.digest) for run in runs]


def run_with(
    folder: Path,
    executor: Any,
    workers: int = 2,
    plugins: Any = (),
    on_progress: Callable[[StudyProgress], None] = lambda _: None,
    together: int = 1,
    **size: int,
) -> Any:
    """What comes out of the study when this executor runs it in a folder; no run begins before so many workers are there."""
    place = str(folder / "studies.db")
    with StudyDatabase.open(place) as database:
        add_long_study(database, plugins=plugins, **size)
        record = database.study("small")
        if together > 1:
            database.claim(record, "nobody", 16, 1e9)

        def progress(one: StudyProgress) -> None:
            here = [worker.id for worker in database.workers(record) if worker.ended is None]
            if "nobody" in here and len(here) > together:
                database.release("nobody")
            on_progress(one)

        executor(StudyJob(database, place, "small", folder, workers, tuple(plugins), progress))
    return came_out(folder)


def here(job: StudyJob) -> None:
    """Runs a study in this process, as the processes would."""
    if job.on_progress is not None:
        job.on_progress(StudyProgress(job.database.counts(job.database.study(job.name)), job.workers))
    worker.work(job.database, job.name, job.folder / job.name)


STUDY_FILE = """
title = "Coverage and integration"
scenario = "social-governance"
design = "grid"
levels = 3
replicates = 2
seed = 7
measures = ["protest", "welfare_lost"]

[settings]
citizens = 500
run.weeks = 320
observation.covert = 0.2

[factors]
"observation.coverage" = [0.2, 0.6]
lists.integration = { values = [0.0, 1.0] }
"""


def written(folder: Path, text: str = STUDY_FILE) -> Path:
    path = folder / "mine.toml"
    path.write_text(text)
    return path
