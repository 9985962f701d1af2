"""How far a run is, in figures that any display can show."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Literal

Stage = Literal["population", "compile", "run", "report"]


@dataclass(frozen=True)
class Progress:
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
    def done(self) -> int:
        """Weeks done over all replicates."""
        return self.total if self.stage == "report" else self.replicate * self.weeks + self.week

    @property
    def total(self) -> int:
        """Weeks of all replicates."""
        return self.replicates * self.weeks

    @property
    def share(self) -> float:
        """Share of the run that is done, 0 to 1."""
        return self.done / self.total if self.total else 0.0

    def facts(self) -> dict[str, Any]:
        """All of it as plain values for JSON.

        JSON has no NaN and no infinity: None stands for them.

        Returns
        -------
        dict of str to Any
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


OnProgress = Callable[[Progress], None]


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
