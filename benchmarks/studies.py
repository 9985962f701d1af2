"""What a study costs beside its runs: the study database, for each run, and all else that workers do, for a whole study.

    python benchmarks/studies.py [--runs 1000] [--citizens 20000] [--weeks 260] [--workers 1,2,4] [--stubs 2000]

First a worker does runs that take no time, on SQLite and on PostgreSQL (left out where its server programs are missing):
what is measured is claim, shard and hand-in, in chunks as large as workers make them of short runs and of runs of some
seconds, and with every run claimed alone, as long runs are. Then `glasshouse study run` with so many workers, from its start
to its end: “own” is the sum of what the study database says that runs took, and “× own” is wall time over own divided by the
number of workers. It is 1 if workers did nothing but runs. Runs that share a processor take longer themselves: with more
workers than processors compare wall times.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from glasshouse.study import worker
from glasshouse.study.definition import Study, add_study
from glasshouse.study.make_study import make_study
from glasshouse.study.store.study_database import StudyDatabase

sys.path.insert(0, str(Path(__file__).parents[1]))

TEXT = """
scenario = "social-governance"
design = "latin-hypercube"
runs = {runs}
[settings]
citizens = {citizens}
run.weeks = {weeks}
run.start = {start}
run.rollout = 0
"""
SIZES = (worker.MAX_CLAIM, 5, 1)
"""Runs to a claim at most: of short runs, of some seconds each, of runs longer than a worker claims at a time."""

MEASURES = 120
"""Figures of a stub, about as many as a run has that keeps all."""


def made(file: Path, runs: int, citizens: int, weeks: int) -> Study:
    """The study of a file that is written here."""
    start = min(104, weeks // 2)
    file.write_text(TEXT.format(runs=runs, citizens=citizens, weeks=weeks, start=start), encoding="utf-8")
    return make_study(file)


def overhead(url: str, folder: Path, what: Study, most: int) -> float:
    """Milliseconds a run that takes no time, with at most so many to a claim."""
    figures = {f"measure{number}": number / 7 for number in range(MEASURES)}
    with (
        StudyDatabase.open(url) as database,
        patch("glasshouse.study.worker.scenario_at_point", lambda *_: None),
        patch("glasshouse.study.worker.engine.run", lambda *_, **__: None),
        patch("glasshouse.study.worker.figures", lambda *_: figures),
        patch("glasshouse.study.worker.MAX_CLAIM", most),
    ):
        add_study(database, what)
        begun = time.perf_counter()
        done = worker.work(database, what.name, folder)
        return 1000 * (time.perf_counter() - begun) / done


def whole(room: Path, what: Study, file: Path, workers: int) -> tuple[float, float, int]:
    """Wall seconds of the study, the seconds that its runs took, and how many there are."""
    folder = room / f"workers{workers}"
    words = ["run", str(file), "--folder", str(folder), "--workers", str(workers), "--quiet"]
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "glasshouse", "study", *words], check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - begun
    with StudyDatabase.open(folder / "studies.db", read_only=True) as database:
        runs = database.runs(database.study(what.name), "done")
    return wall, sum(run.seconds or 0.0 for run in runs), len(runs)


@contextmanager
def places(room: Path) -> Iterator[dict[str, list[str]]]:
    """An address of an empty study database for each size of a claim, on each kind of database that is here."""
    from tests.helpers.postgres import programs, running

    lite = [str(room / f"{size}.db") for size in SIZES]
    if (folder := programs()) is None:
        yield {"SQLite": lite}
        return
    with running(folder) as server:
        yield {"SQLite": lite, "PostgreSQL": [server.fresh() for _ in SIZES]}


def show_overhead(room: Path, stubs: int) -> None:
    """Prints the table of what the study database costs."""
    what = made(room / "stubs.toml", stubs, 300, 4)
    print(
        f"| study database | runs | ms a run, up to {worker.MAX_CLAIM} to a claim | up to 5 | each claimed alone |\n"
        "|---|---|---|---|---|"
    )
    with places(room) as found:
        for kind, urls in found.items():
            each = [overhead(url, room / f"{kind}{most}", what, most) for url, most in zip(urls, SIZES, strict=True)]
            print(f"| {kind} | {stubs:,} | {' | '.join(f'{one:.2f}' for one in each)} |", flush=True)


def show_whole(room: Path, given: Any) -> None:
    """Prints the table of whole studies."""
    file = room / "whole.toml"
    what = made(file, given.runs, given.citizens, given.weeks)
    print(
        f"\n{given.runs:,} runs of {given.citizens:,} citizens and {given.weeks:,} weeks, two arms, {_cores()} processors\n"
    )
    print("| workers | wall, s | own, s | × own | seconds a run | speed-up |\n|---|---|---|---|---|---|")
    first = 0.0
    for workers in (int(word) for word in given.workers.split(",")):
        wall, own, count = whole(room, what, file, workers)
        first = first or wall * workers
        ratio = wall / (own / workers)
        print(
            f"| {workers} | {wall:.1f} | {own:.1f} | {ratio:.3f} | {own / count:.2f} | {first / wall:.2f} |", flush=True
        )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--citizens", type=int, default=20_000)
    parser.add_argument("--weeks", type=int, default=260)
    parser.add_argument("--workers", default="1,2,4")
    parser.add_argument("--stubs", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        if given.stubs:
            show_overhead(Path(room), given.stubs)
        if given.runs:
            show_whole(Path(room), given)


if __name__ == "__main__":
    main()
