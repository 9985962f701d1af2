"""Length, dates and replicates of a run, the dates of changes, and what follows from these and the random seed alone."""

from collections.abc import Iterator
from typing import LiteralString, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from glasshouse.model.declarations import Table, param
from glasshouse.rng import derive


class Run(Table):
    """How long, how often and with which random seed a scenario is run."""

    weeks: int = param(..., "Number of simulated weeks.", unit="weeks", bounds=(1, 5200), source="design")
    start: int = param(
        ..., "Week in which the regime begins in the regime arm.", unit="weeks", bounds=(0, 5200), source="design"
    )
    replicates: int = param(
        1,
        "Replicates with different random seeds, from which intervals come.",
        unit="runs",
        bounds=(1, 10_000),
        source="design",
    )
    seed: int = param(1, "Random seed: the same seed, the same run.", unit="", bounds=(0, 2**63 - 1), source="design")
    rollout: int = param(
        0,
        "Weeks over which districts join the regime one after the other; 0 means all at once.",
        unit="weeks",
        bounds=(0, 5200),
        source="design",
    )
    until: int = param(
        0,
        "Week in which the regime has ended, so that the reference's tables are in force again; 0 means never.",
        unit="weeks",
        bounds=(0, 5200),
        source="design",
    )

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        for key, wrong, text in self._contradictions():
            if wrong:
                most = self.weeks - self.start
                raise PydanticCustomError("contradiction", text, {"key": key, "most": most, **self.model_dump()})
        return self

    def _contradictions(self) -> Iterator[tuple[LiteralString, bool, LiteralString]]:
        """Dates that do not follow one another: the key that is told, whether it is so, and in what words."""
        start, weeks, until = self.start, self.weeks, self.until
        yield (
            "start",
            start > weeks,
            "start = {start} is after the end of the run, weeks = {weeks}. Start by week {weeks}, or run longer.",
        )
        yield (
            "rollout",
            start + self.rollout > weeks,
            "rollout = {rollout} from start = {start} ends after the run, weeks = {weeks}. "
            "Give a rollout of at most {most}, start earlier, or run longer.",
        )
        yield (
            "until",
            0 < until <= start,
            "until = {until} ends the regime before it begins, start = {start}. End it after week {start}.",
        )
        yield (
            "until",
            until > weeks,
            "until = {until} is after the end of the run, weeks = {weeks}. End it by week {weeks}, or run longer.",
        )


class ChangeDate(Table):
    """When the regime changes, and what the change is."""

    week: int = param(
        ...,
        "Week from which the tables of this change are in force in the regime; a week after the run means never.",
        unit="weeks",
        bounds=(1, 5200),
        source="design",
        role="design",
    )
    about: str = param("", "What changes, in one line.", unit="", source="design", role="design")


def replicate_seed(run: Run, replicate: int) -> int:
    """The random seed of a replicate: its population, its weeks and its roll-out are drawn with it.

    Parameters
    ----------
    run : Run
        The run, with the random seed of the whole.
    replicate : int
        Number of the replicate.

    Returns
    -------
    int
        The seed.
    """
    return derive(run.seed, "replicate", replicate)


def adoption_weeks(run: Run, seed: int, districts: int) -> NDArray[np.int64]:
    """The week in which each district adopts the regime: all at the start, or one after the other, in random order.

    A roll-out over n weeks takes in an equal share of districts in the first week and in each of the n after it. If the
    regime starts at the end of the run, no district adopts it within the run.

    Parameters
    ----------
    run : Run
        The run, with the start of the regime and the weeks that the roll-out takes.
    seed : int
        Random seed of the replicate, from which the order is drawn.
    districts : int
        Number of districts.

    Returns
    -------
    ndarray of int64, shape (districts,)
        Week of adoption, counted from the start of the run.
    """
    shares = np.arange(1, run.rollout + 2) / (run.rollout + 1)
    inside = np.ceil(shares * districts)
    order = np.argsort([derive(seed, "rollout", d) for d in range(districts)], kind="stable")
    weeks = np.empty(districts, np.int64)
    weeks[order] = run.start + np.searchsorted(inside, np.arange(districts), side="right")
    return weeks
