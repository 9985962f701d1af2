"""Displays of progress: a bar in a terminal or a notebook, plain lines, JSON for programs, or nothing.

A display is a context manager; its method `show` is what the engine and the executors call. Displays for people write to
standard error, so that standard output holds only results.
"""

import math
import time
from collections.abc import Callable
from html import escape
from typing import IO, Any, Self

from glasshouse.engine.progress import STAGES, Progress, event
from glasshouse.terminal import escaped

PARTS = 10
"""A plain line is written at each tenth of the work."""

LINE_SECONDS, DRAW_SECONDS = 10.0, 0.25
"""Seconds after which a plain line is written in any case, and between two drawings of a notebook's bar."""


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

    def text(self, progress: Progress) -> str:
        """Speed and time left, for instance “2.00 runs a second, 35 s left”.

        Parameters
        ----------
        progress : Progress
            The current progress.

        Returns
        -------
        str
            The text; empty while nothing is known.
        """
        # Another study, or a search that got more runs: what was done before says nothing about its speed. Neither does
        # the time before the first week, in which the model is compiled.
        waiting = progress.label != self._label and progress.done == self._first
        if progress.total != self._total or waiting:
            self._begun, self._first, self._total = self._clock(), progress.done, progress.total
        self._label = progress.label
        seconds = self._clock() - self._begun
        rate = (progress.done - self._first) / seconds if seconds > 0 else 0.0
        if rate <= 0:
            return ""
        speed = f"{rate:.2f}" if rate < 10 else f"{rate:,.0f}"
        return f"{speed} {progress.unit} a second, {_duration((progress.total - progress.done) / rate)} left"


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

    def show(self, progress: Progress) -> None:
        """Show how far some work is.

        Parameters
        ----------
        progress : Progress
            The progress.
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

    def show(self, progress: Progress) -> None:
        """Write all facts of the progress on a line.

        Parameters
        ----------
        progress : Progress
            The progress.
        """
        event("progress", progress.facts(), self.out)


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

    def show(self, progress: Progress) -> None:
        """Write a line if it is time for one.

        Parameters
        ----------
        progress : Progress
            The progress.
        """
        rate, now, part = self._rate.text(progress), self._clock(), progress.done * PARTS // max(progress.total, 1)
        # Every replicate builds and compiles again, so fast that lines about it would only be noise.
        if progress.label not in self._labels or part > self._part or now - self._written >= LINE_SECONDS:
            self._labels.add(progress.label)
            self._part, self._written = part, now
            text = progress.label
            if progress.label == STAGES["run"]:
                share = progress.done / progress.total if progress.total else 0.0
                text = f"{share:4.0%}  " + ", ".join(filter(None, (progress.detail, rate)))
            self.err.write(escaped("; ".join(filter(None, (text, progress.note)))) + "\n")
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

    def show(self, progress: Progress) -> None:
        """Draw the bar; while nothing is done it only moves to and fro, since nobody knows how long a compiler takes.

        Parameters
        ----------
        progress : Progress
            The progress.
        """
        self._bar.update(
            self._task,
            description=escaped(progress.label),
            total=progress.total if progress.done else None,
            completed=progress.done,
            detail=escaped(progress.detail),
        )
        self._note = progress.note or self._note
        self._line.plain = escaped("; ".join(filter(None, (self._rate.text(progress), self._note))))


class NotebookBar(Display):
    """The same bar as HTML below a notebook's cell."""

    def __init__(self) -> None:
        from IPython.display import HTML, display

        self._html, self._rate = HTML, Rate()
        self._handle = display(HTML(""), display_id=True)
        self._drawn, self._last = -math.inf, ""

    def __exit__(self, *raised: object) -> None:
        self._handle.update(self._html(self._last))

    def show(self, progress: Progress) -> None:
        """Draw the bar, a few times a second.

        Parameters
        ----------
        progress : Progress
            The progress.
        """
        texts = filter(None, (progress.label, progress.detail, self._rate.text(progress), progress.note))
        value = f' value="{progress.done}"' if progress.done else ""
        self._last = f'<progress max="{max(progress.total, 1)}"{value}></progress> {escape(" · ".join(texts))}'
        if time.monotonic() - self._drawn >= DRAW_SECONDS:
            self._drawn = time.monotonic()
            self._handle.update(self._html(self._last))
