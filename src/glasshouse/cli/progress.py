"""Shows how far a run is: a bar in a terminal, plain lines elsewhere, JSON for programs, or nothing.

A screen is a context manager, and a function that takes a `Progress`. Standard error is for people, so that standard
output holds only results; JSON lines go to standard output.
"""

import math
import time
from collections.abc import Mapping
from typing import IO, Protocol, Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

from glasshouse.engine.progress import Progress, event

STAGES = {
    "society": "Building the society",
    "compile": "Compiling (once)",
    "run": "Running",
    "report": "Writing the report",
}

STEPS = 10
"""Plain lines over a whole run."""

WAIT = 10.0
"""Seconds after which a plain line is written though the run has not got that far."""


class Screen(Protocol):
    """Where progress is shown."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *raised: object) -> None: ...

    def __call__(self, progress: Progress) -> None:
        """Shows one moment of a run."""


def choose(out: IO[str], err: IO[str], *, quiet: bool, json_lines: bool) -> Screen:
    """The screen that fits: JSON lines or nothing where asked for, a bar in a terminal, plain lines elsewhere."""
    if json_lines:
        return JsonScreen(out)
    if quiet:
        return Silence()
    console = Console(file=err)
    return BarScreen(console) if console.is_terminal and not console.is_dumb_terminal else PlainScreen(err)


def figures(headline: Mapping[str, float]) -> str:
    """Headline figures in a line: three significant digits, those not yet defined left out."""
    return ", ".join(f"{name} {value:.3g}" for name, value in headline.items() if math.isfinite(value))


class Silence:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        return None

    def __call__(self, progress: Progress) -> None:
        return None


class JsonScreen(Silence):
    """One JSON object a line for programs that watch a run."""

    def __init__(self, out: IO[str]) -> None:
        self.out = out

    def __call__(self, progress: Progress) -> None:
        event("progress", progress.facts(), self.out)


class PlainScreen(Silence):
    """A line at each new stage, about every tenth of the run, and every ten seconds."""

    def __init__(self, err: IO[str]) -> None:
        self.err = err
        self.stage, self.step, self.begun = "", 0, time.monotonic()
        self.said = self.begun

    def __call__(self, progress: Progress) -> None:
        now, step = time.monotonic(), progress.done * STEPS // max(progress.total, 1)
        # After the first replicate its society and its week follow so fast that their lines would only be noise.
        fresh = progress.stage != self.stage and (progress.replicate == 0 or progress.stage == "report")
        if fresh or step > self.step or now - self.said >= WAIT:
            self.stage, self.step, self.said = progress.stage, step, now
            self.err.write(self.line(progress, now - self.begun) + "\n")
            self.err.flush()

    @staticmethod
    def line(progress: Progress, elapsed: float) -> str:
        """What one line says, after `elapsed` seconds."""
        text = STAGES[progress.stage]
        if progress.stage == "run":
            replicate = (
                f"replicate {progress.replicate + 1} of {progress.replicates}, " if progress.replicates > 1 else ""
            )
            text = f"{progress.share:4.0%}  {replicate}week {progress.week} of {progress.weeks}, {elapsed:.0f} s"
        shown = figures(progress.headline)
        return f"{text}; {shown}" if shown else text


class BarScreen:
    """A bar with stage, replicate, weeks and time left, and the headline figures beneath."""

    def __init__(self, console: Console) -> None:
        self.bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[where]}"),
            TimeRemainingColumn(),
            TextColumn("left"),
            expand=True,
        )
        self.task = self.bar.add_task("Preparing", total=None, where="")
        self.note = Text("", style="dim", overflow="ellipsis", no_wrap=True)
        self.live = Live(Group(self.bar, self.note), console=console, refresh_per_second=8)

    def __enter__(self) -> Self:
        self.live.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.live.stop()

    def __call__(self, progress: Progress) -> None:
        where = f"week {progress.week} of {progress.weeks}"
        if progress.replicates > 1:
            where = f"replicate {progress.replicate + 1} of {progress.replicates}, {where}"
        # Without a total the bar only moves to and fro: nobody knows how long a compiler takes.
        total = progress.total if progress.done else None
        self.bar.update(
            self.task, description=STAGES[progress.stage], total=total, completed=progress.done, where=where
        )
        if progress.headline:
            self.note.plain = figures(progress.headline)
