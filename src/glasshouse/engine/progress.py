"""How far a run is, in figures that any display can show."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Literal

Stage = Literal["society", "compile", "run", "report"]


@dataclass(frozen=True)
class Progress:
    """A moment of a run.

    `stage` is what is being done: building the society, compiling the week, stepping weeks, writing the report.
    `replicate` counts from 0 to `replicates` - 1; `week` is how many of the replicate's `weeks` are done. `headline`
    names a few figures of the year so far, each in its own unit; NaN where one is not defined yet. `course` has the
    figures of `course.SERIES` of the year so far, by name: without the regime and with it.
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
        """All of it as plain values for JSON, which knows no NaN and no infinity: None stands for them."""
        headline = {name: _known(value) for name, value in self.headline.items()}
        course = {name: [_known(value) for value in both] for name, both in self.course.items()}
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


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def event(name: str, facts: Mapping[str, Any], out: IO[str]) -> None:
    """Writes one JSON object on a line of its own, at once."""
    out.write(json.dumps({"event": name, **facts}, ensure_ascii=True, allow_nan=False) + "\n")
    out.flush()
