"""How far some work is, in figures that any display can show: one kind of event for runs, studies and whatever takes a while."""

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Literal

Stage = Literal["population", "compile", "run", "report"]

STAGES: Mapping[Stage, str] = {
    "population": "Building the population",
    "compile": "Compiling (once)",
    "run": "Running",
    "report": "Writing the report",
}


class Progress(ABC):
    """How far some work is: what every `progress` callable is called with."""

    @property
    @abstractmethod
    def label(self) -> str:
        """What is being done."""

    @property
    @abstractmethod
    def done(self) -> int:
        """How much of it is done."""

    @property
    @abstractmethod
    def total(self) -> int:
        """How much there is of it."""

    @property
    @abstractmethod
    def unit(self) -> str:
        """What `done` and `total` count, in the plural."""

    @property
    @abstractmethod
    def detail(self) -> str:
        """Where exactly the work is."""

    @property
    def note(self) -> str:
        """Preliminary figures; may be empty."""
        return ""

    @property
    def share(self) -> float:
        """Share of the work that is done, 0 to 1."""
        return self.done / self.total if self.total else 0.0

    def facts(self) -> dict[str, Any]:
        """All of it as plain values for JSON.

        Returns
        -------
        dict of str to object
            The properties by name.
        """
        return {name: getattr(self, name) for name in ("label", "done", "total", "unit", "detail", "note")}


@dataclass(frozen=True)
class RunProgress(Progress):
    """How far a run is.

    Attributes
    ----------
    stage : str
        What is being done: `population` (the population is built), `compile`, `run` (weeks are stepped) or `report`.
    replicate, replicates : int
        The replicate that is being run, from 0, and how many there are.
    week, weeks : int
        How many of the replicate's weeks are done, and how many it has.
    headline : mapping of str to float
        A few figures of the last year so far, each in its own unit; NaN where one is undefined.
    course : mapping of str to tuple of float
        The figures of `time_series.SERIES` of the last year so far, in the reference and in the regime.
    """

    stage: Stage
    replicate: int
    replicates: int
    week: int
    weeks: int
    headline: Mapping[str, float]
    course: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The stage, in words."""
        return STAGES[self.stage]

    @property
    def done(self) -> int:
        """Weeks done over all replicates."""
        return self.total if self.stage == "report" else self.replicate * self.weeks + self.week

    @property
    def total(self) -> int:
        """Weeks of all replicates."""
        return self.replicates * self.weeks

    @property
    def unit(self) -> str:
        """Weeks."""
        return "weeks"

    @property
    def detail(self) -> str:
        """Replicate and week."""
        week = f"week {self.week} of {self.weeks}"
        return week if self.replicates == 1 else f"replicate {self.replicate + 1} of {self.replicates}, {week}"

    @property
    def note(self) -> str:
        """The headline, three significant digits each, without figures that are undefined."""
        return ", ".join(f"{name} {value:.3g}" for name, value in self.headline.items() if math.isfinite(value))

    def facts(self) -> dict[str, Any]:
        """All of it as plain values for JSON.

        JSON has no NaN and no infinity: None stands for them.

        Returns
        -------
        dict of str to object
            Every attribute by name, and `share`, the share of the run that is done, to four decimals.
        """
        headline = {name: _finite(value) for name, value in self.headline.items()}
        course = {name: [_finite(value) for value in both] for name, both in self.course.items()}
        return {
            "stage": self.stage,
            "replicate": self.replicate,
            "replicates": self.replicates,
            "week": self.week,
            "weeks": self.weeks,
            "share": round(self.share, 4),
            "headline": headline,
            "course": course,
        }


@dataclass(frozen=True)
class SeriesProgress(Progress):
    """How far a series of runs of equal length is.

    Attributes
    ----------
    number, count : int
        The run that is being done, from 0, and how many there are.
    run : RunProgress
        How far that run is.
    """

    number: int
    count: int
    run: RunProgress

    @property
    def label(self) -> str:
        """What the run does at the moment."""
        return self.run.label

    @property
    def done(self) -> int:
        """Weeks done over all runs."""
        return self.number * self.run.total + self.run.done

    @property
    def total(self) -> int:
        """Weeks of all runs."""
        return self.count * self.run.total

    @property
    def unit(self) -> str:
        """Weeks."""
        return self.run.unit

    @property
    def detail(self) -> str:
        """Run, replicate and week."""
        return f"run {self.number + 1} of {self.count}, {self.run.detail}"


OnProgress = Callable[[Progress], None]


def run_of_series(on_progress: OnProgress | None, number: int, count: int) -> OnProgress | None:
    """What one run of a series is to call.

    Parameters
    ----------
    on_progress : callable or None
        Is given the progress of the series; None where nobody asks.
    number : int
        The run, from 0.
    count : int
        How many runs there are.

    Returns
    -------
    callable or None
        It takes the progress of the run, and calls `on_progress` with that of the series.
    """
    if on_progress is None:
        return None

    def report(progress: Progress) -> None:
        if isinstance(progress, RunProgress):
            on_progress(SeriesProgress(number, count, progress))

    return report


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def event(name: str, facts: Mapping[str, Any], out: IO[str]) -> None:
    """Write one JSON object on a line of its own, and flush it.

    Parameters
    ----------
    name : str
        Kind of the event.
    facts : mapping of str to object
        What JSON can hold.
    out : text stream
        Where to write.
    """
    out.write(json.dumps({"event": name, **facts}, ensure_ascii=True, allow_nan=False) + "\n")
    out.flush()
