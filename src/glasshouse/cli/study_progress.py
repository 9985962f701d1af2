"""How far a study is, on the screen: a bar in a terminal, a line now and then elsewhere; the same for every executor."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from glasshouse.study.executors.executor import OnProgress
    from glasshouse.study.store.schema import Counts

EVERY = 10.0
"""Seconds between lines."""


@contextmanager
def showing(quiet: bool) -> Iterator["OnProgress | None"]:
    """What is to be told the counts of runs and of workers, while a study is run."""
    if quiet:
        yield None
        return
    from rich.console import Console

    console = Console(file=sys.stderr)
    if console.is_terminal and not console.is_dumb_terminal:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        with Progress(BarColumn(bar_width=None), MofNCompleteColumn(), TextColumn("{task.description}"),
                      console=console, expand=True) as bar:  # fmt: skip
            task, pace = bar.add_task("", total=None), Pace()

            def draw(counts: "Counts", workers: int) -> None:
                bar.update(task, total=counts.total, completed=counts.ended, description=pace.told(counts, workers))

            yield draw
        return
    yield _lines()


def _lines() -> "OnProgress":
    """Tells a line every ten seconds."""
    pace, said = Pace(), time.monotonic()

    def tell(counts: "Counts", workers: int) -> None:
        nonlocal said
        told, now = pace.told(counts, workers), time.monotonic()
        if now - said >= EVERY:
            said = now
            click.echo(f"{counts.ended:,} of {counts.total:,} runs, {told}", err=True)

    return tell


class Pace:
    """The rate at which runs are done, since the first look, and what follows from it."""

    def __init__(self, clock: Any = time.monotonic) -> None:
        self._clock, self._begun = clock, clock()
        self._first, self._total = -1, -1

    def told(self, counts: "Counts", workers: int) -> str:
        """Points without a run left, workers, failures, runs a second and the time left, in a line."""
        if counts.total != self._total:
            # Another study, or a search that got more runs: what was done before says nothing of its pace.
            self._begun, self._first, self._total = self._clock(), counts.ended, counts.total
        seconds = self._clock() - self._begun
        rate = (counts.ended - self._first) / seconds if seconds > 0 else 0.0
        parts = [f"{counts.points_ended:,} of {counts.points:,} points", f"{workers} worker" + "s" * (workers != 1)]
        if counts.failed:
            parts.append(f"{counts.failed:,} failed")
        if rate > 0:
            parts += [f"{rate:.2f} a second" if rate < 10 else f"{rate:,.0f} a second", _left(counts, rate)]
        return ", ".join(parts)


def _left(counts: "Counts", rate: float) -> str:
    seconds = (counts.waiting + counts.running) / rate
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit} left"
    return f"{seconds:.0f} s left"
