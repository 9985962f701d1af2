"""Shows how far a run or a study is: a bar in a terminal or a notebook, plain lines elsewhere, JSON for programs.

Both kinds of progress become one `Status`, which every display draws. A display is a context manager; its methods `run`
and `study` are what the engine and the executors call. Displays for people write to standard error, so that standard
output holds only results.
"""

import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from html import escape
from typing import IO, TYPE_CHECKING, Any, Self

from glasshouse.engine.progress import Progress, event

if TYPE_CHECKING:
    from glasshouse.study.store.schema import Counts

STAGES = {
    "population": "Building the population",
    "compile": "Compiling (once)",
    "run": "Running",
    "report": "Writing the report",
}

PARTS = 10
"""A plain line is written at each tenth of the work."""

LINE_SECONDS, DRAW_SECONDS = 10.0, 0.25
"""Seconds after which a plain line is written in any case, and between two drawings of a notebook's bar."""


@dataclass(frozen=True)
class Status:
    """How far some work is.

    Attributes
    ----------
    label : str
        What is being done.
    done, total : int
        How much of it is done, and how much there is.
    unit : str
        What is counted, in the plural.
    detail : str
        Where exactly it is.
    note : str
        Preliminary figures; may be empty.
    """

    label: str
    done: int
    total: int
    unit: str
    detail: str
    note: str = ""


def _run_status(progress: Progress) -> Status:
    """The status of a run: replicate, week, and its key figures so far."""
    detail = f"week {progress.week} of {progress.weeks}"
    if progress.replicates > 1:
        detail = f"replicate {progress.replicate + 1} of {progress.replicates}, {detail}"
    return Status(STAGES[progress.stage], progress.done, progress.total, "weeks", detail, figures(progress.headline))


def study_status(counts: "Counts", workers: int) -> Status:
    """The status of a study: runs, points, active workers and failures.

    Parameters
    ----------
    counts : Counts
        Numbers of runs by state, and of points.
    workers : int
        Number of active workers.

    Returns
    -------
    Status
        The status, in runs.
    """
    parts = [
        f"{counts.ended:,} of {counts.total:,} runs",
        f"{counts.points_ended:,} of {counts.points:,} points",
        f"{workers} worker" + "s" * (workers != 1),
    ]
    if counts.failed:
        parts.append(f"{counts.failed:,} failed")
    return Status(STAGES["run"], counts.ended, counts.total, "runs", ", ".join(parts))


def figures(headline: Mapping[str, float]) -> str:
    """Key figures in a line: three significant digits, undefined ones left out.

    Parameters
    ----------
    headline : mapping of str to float
        The key figures by name; NaN or infinite where undefined.

    Returns
    -------
    str
        Names and figures, separated by commas.
    """
    return ", ".join(f"{name} {value:.3g}" for name, value in headline.items() if math.isfinite(value))


class Rate:
    """Speed since the work began, and the time that is left at this speed.

    Parameters
    ----------
    clock : callable
        Returns a time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._begun = clock, clock()
        self._first, self._total, self._label = -1, -1, ""

    def text(self, status: Status) -> str:
        """Speed and time left, for instance “2.00 runs a second, 35 s left”.

        Parameters
        ----------
        status : Status
            The current status.

        Returns
        -------
        str
            The text; empty while nothing is known.
        """
        # Another study, or a search that got more runs: what was done before says nothing about its speed. Neither does
        # the time before the first week, in which the model is compiled.
        waiting = status.label != self._label and status.done == self._first
        if status.total != self._total or waiting:
            self._begun, self._first, self._total = self._clock(), status.done, status.total
        self._label = status.label
        seconds = self._clock() - self._begun
        rate = (status.done - self._first) / seconds if seconds > 0 else 0.0
        if rate <= 0:
            return ""
        speed = f"{rate:.2f}" if rate < 10 else f"{rate:,.0f}"
        return f"{speed} {status.unit} a second, {_duration((status.total - status.done) / rate)} left"


def _duration(seconds: float) -> str:
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


class Display:
    """Shows nothing; the base class of all displays."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        return None

    def run(self, progress: Progress) -> None:
        """Show how far a run is.

        Parameters
        ----------
        progress : Progress
            The progress of the run.
        """
        self.show(_run_status(progress))

    def study(self, counts: "Counts", workers: int) -> None:
        """Show how far a study is.

        Parameters
        ----------
        counts : Counts
            Numbers of runs by state.
        workers : int
            Number of active workers.
        """
        self.show(study_status(counts, workers))

    def step(self, text: str) -> None:
        """Show which step of several has begun.

        Parameters
        ----------
        text : str
            What the step does.
        """
        self.show(Status(text, 0, 0, "steps", ""))

    def show(self, status: Status) -> None:
        """Show a status.

        Parameters
        ----------
        status : Status
            The status.
        """


class JsonLines(Display):
    """One JSON object per line, for programs that follow a run.

    Parameters
    ----------
    out : text stream
        Where to write.
    """

    def __init__(self, out: IO[str]) -> None:
        self.out = out

    def run(self, progress: Progress) -> None:
        """Writes every field of the progress."""
        event("progress", progress.facts(), self.out)

    def show(self, status: Status) -> None:
        """Writes the status."""
        event("progress", asdict(status), self.out)


class PlainLines(Display):
    """A line when something new begins, at each tenth of the work, and every ten seconds.

    Parameters
    ----------
    err : text stream
        Where to write.
    clock : callable
        Returns a time in seconds.
    """

    def __init__(self, err: IO[str], clock: Callable[[], float] = time.monotonic) -> None:
        self.err, self._clock = err, clock
        self._rate, self._labels = Rate(clock), set[str]()
        self._part, self._written = 0, clock()

    def show(self, status: Status) -> None:
        """Writes a line if it is time for one."""
        rate, now, part = self._rate.text(status), self._clock(), status.done * PARTS // max(status.total, 1)
        # Every replicate builds and compiles again, so fast that lines about it would only be noise.
        if status.label not in self._labels or part > self._part or now - self._written >= LINE_SECONDS:
            self._labels.add(status.label)
            self._part, self._written = part, now
            text = status.label
            if status.label == STAGES["run"]:
                share = status.done / status.total if status.total else 0.0
                text = f"{share:4.0%}  " + ", ".join(filter(None, (status.detail, rate)))
            self.err.write("; ".join(filter(None, (text, status.note))) + "\n")
            self.err.flush()


class TerminalBar(Display):
    """A bar with label and detail; speed, time left and preliminary figures beneath.

    Parameters
    ----------
    console : rich.console.Console
        The terminal.
    """

    def __init__(self, console: Any) -> None:
        from rich.console import Group
        from rich.live import Live
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar
        from rich.text import Text

        columns = TextColumn("{task.description}"), BarColumn(bar_width=None), TextColumn("{task.fields[detail]}")
        self._bar = Bar(*columns, expand=True)
        self._task = self._bar.add_task("Preparing", total=None, detail="")
        self._line, self._rate = Text("", style="dim", overflow="ellipsis", no_wrap=True), Rate()
        self._note = ""
        self._live = Live(Group(self._bar, self._line), console=console, refresh_per_second=8)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._live.stop()

    def show(self, status: Status) -> None:
        """Draws the bar; while nothing is done it only moves to and fro, since nobody knows how long a compiler takes."""
        self._bar.update(
            self._task,
            description=status.label,
            total=status.total if status.done else None,
            completed=status.done,
            detail=status.detail,
        )
        self._note = status.note or self._note
        self._line.plain = "; ".join(filter(None, (self._rate.text(status), self._note)))


class NotebookBar(Display):
    """The same bar as HTML below a notebook's cell."""

    def __init__(self) -> None:
        from IPython.display import HTML, display

        self._html, self._rate = HTML, Rate()
        self._handle = display(HTML(""), display_id=True)
        self._drawn, self._last = -math.inf, ""

    def __exit__(self, *raised: object) -> None:
        self._handle.update(self._html(self._last))

    def show(self, status: Status) -> None:
        """Draws the bar, a few times a second."""
        texts = filter(None, (status.label, status.detail, self._rate.text(status), status.note))
        value = f' value="{status.done}"' if status.done else ""
        self._last = f'<progress max="{max(status.total, 1)}"{value}></progress> {escape(" · ".join(texts))}'
        if time.monotonic() - self._drawn >= DRAW_SECONDS:
            self._drawn = time.monotonic()
            self._handle.update(self._html(self._last))


def display(out: IO[str], err: IO[str], *, quiet: bool = False, json_lines: bool = False) -> Display:
    """The display that fits the output.

    Parameters
    ----------
    out : text stream
        Where JSON lines go.
    err : text stream
        Where displays for people go.
    quiet : bool
        Show nothing.
    json_lines : bool
        Write JSON lines; takes precedence over `quiet`.

    Returns
    -------
    Display
        JSON lines or nothing where asked for, a bar in a notebook or terminal, otherwise plain lines.
    """
    if json_lines:
        return JsonLines(out)
    if quiet:
        return Display()
    from rich.console import Console

    console = Console(file=err)
    if console.is_jupyter:
        return NotebookBar()
    return TerminalBar(console) if console.is_terminal and not console.is_dumb_terminal else PlainLines(err)


@contextmanager
def run_callback(progress: "bool | Callable[[Progress], None] | None") -> "Iterator[Callable[[Progress], None] | None]":
    """What a run is to call to report its progress.

    Parameters
    ----------
    progress : bool, callable or None
        A callable is used as it is; True stands for that of a display.

    Yields
    ------
    callable or None
        It takes a `Progress`; None for no progress.
    """
    if callable(progress) or not progress:
        yield progress or None
        return
    with display(sys.stdout, sys.stderr) as shown:
        yield shown.run


@contextmanager
def study_callback(
    progress: "bool | Callable[[Counts, int], None] | None",
) -> "Iterator[Callable[[Counts, int], None] | None]":
    """What a study is to call: the callable that was given, that of a display for True, or None."""
    if callable(progress) or not progress:
        yield progress or None
        return
    with display(sys.stdout, sys.stderr) as shown:
        yield shown.study


@contextmanager
def step_callback(progress: "bool | Callable[[str], None] | None") -> "Iterator[Callable[[str], None] | None]":
    """What an analysis of several runs is to call: the callable that was given, that of a display for True, or None."""
    if callable(progress) or not progress:
        yield progress or None
        return
    with display(sys.stdout, sys.stderr) as shown:
        yield shown.step
