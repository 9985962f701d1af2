"""What a stylised fact is held against: runs, figures with target ranges, and verdicts."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

import glasshouse
from glasshouse.model.measure import Sums
from glasshouse.model.scale import IDENTITY
from glasshouse.results import intervals
from glasshouse.results.estimate import Estimate
from glasshouse.results.groups import EVERYBODY, cells_of
from glasshouse.results.result import Result
from glasshouse.results.totals import YEAR

Find = Callable[[Sequence[int]], float]
"""A figure from the replicates named."""

NEAR, PARTLY, MISSED, ABSENT = "near", "partly near", "missed", "not expressible"


@dataclass(frozen=True)
class Figure:
    """One figure with the range in which the published pattern puts it, ends included; one end may be open.

    `cause` says in a sentence why the model misses it, if it does; `shown` multiplies it for the reader.
    """

    what: str
    low: float
    high: float
    find: Find
    unit: str = ""
    shown: float = 1.0
    cause: str = ""

    def found(self, replicates: int) -> Estimate:
        """The figure from all replicates added up, with a jackknife interval; undefined where there is nothing to divide."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return intervals.pooled(self.find, replicates, IDENTITY)

    def verdict(self, found: Estimate) -> str:
        """Near where the figure lies within the range, missed where it does not or is undefined."""
        return NEAR if math.isfinite(found.mean) and self.low <= found.mean <= self.high else MISSED

    def certain(self, found: Estimate) -> bool:
        """Whether the whole interval has the same verdict; never with one replicate."""
        if not math.isfinite(found.low):
            return False
        if self.verdict(found) == NEAR:
            return self.low <= found.low and found.high <= self.high
        return found.high < self.low or found.low > self.high

    @property
    def target(self) -> str:
        """The range in words."""
        low, high = (f"{self.shown * end:.3g}".replace("-", "−") for end in (self.low, self.high))
        unit = f" {self.unit}" if self.unit else ""
        if math.isinf(self.low):
            return f"at most {high}{unit}"
        return f"at least {low}{unit}" if math.isinf(self.high) else f"{low} to {high}{unit}"


@dataclass(frozen=True)
class Pattern:
    """A stylised fact: its row, in a line, what it is used for, its figures, and what the model cannot say of it."""

    row: str
    title: str
    use: str
    figures: tuple[Figure, ...] = ()
    unsaid: str = ""

    def verdict(self, verdicts: Sequence[str]) -> str:
        """The verdict on the pattern from those on its figures."""
        if not verdicts:
            return ABSENT
        near = sum(one == NEAR for one in verdicts)
        return NEAR if near == len(verdicts) else (PARTLY if near else MISSED)


class RunSums:
    """A result, and its sums by year and group for any of its replicates."""

    def __init__(self, result: Result) -> None:
        self.result = result

    @property
    def replicates(self) -> int:
        """How many there are."""
        return len(self.result.weekly_totals)

    @cached_property
    def first(self) -> int:
        """The year of the run in which the regime begins."""
        return self.result.scenario.run.start // YEAR

    def years(self, chosen: Sequence[int], arm: str = "regime") -> Sums:
        """Sums (years) over all districts and the replicates named."""
        return Sums(
            np.sum([self.result.weekly_totals[r].arm(arm).yearly.sum(axis=1) for r in chosen], axis=0), self.result.sums
        )

    def since(self, chosen: Sequence[int], arm: str = "regime") -> Sums:
        """Sums (years) from the year in which the regime begins: entry 0 is 2014."""
        years = [self.result.weekly_totals[r].arm(arm).yearly[self.first :].sum(axis=1) for r in chosen]
        return Sums(np.sum(years, axis=0), self.result.sums)

    def weeks(self, chosen: Sequence[int], arm: str = "regime") -> Sums:
        """Sums (weeks) from the week in which the regime begins."""
        weeks = [self.result.weekly_totals[r].arm(arm).weekly[self.result.window].sum(axis=1) for r in chosen]
        return Sums(np.sum(weeks, axis=0), self.result.sums)

    def pairs(self, chosen: Sequence[int]) -> Sums:
        """Paired sums (weeks) from the week in which the regime begins."""
        weeks = [self.result.weekly_totals[r].pairs[self.result.window].sum(axis=1) for r in chosen]
        return Sums(np.sum(weeks, axis=0), self.result.paired)

    def total(self, chosen: Sequence[int], arm: str = "regime", group: str = EVERYBODY) -> Sums:
        """Sums over all weeks of the regime."""
        cells = cells_of(group, self.result.groups)
        weeks = [self.result.weekly_totals[r].arm(arm).weekly[self.result.window][:, cells] for r in chosen]
        return Sums(np.sum(weeks, axis=(0, 1, 2)), self.result.sums)


@dataclass(frozen=True)
class Runs:
    """The flagship scenario, and small variants of it for the patterns that only a comparison shows.

    `at_once`: it begins everywhere in one week. `automated`: after case E6, a machine of the welfare office screens every case
    and no human looks at its findings. `loose`, `audited`, `exposed`: officials tempted ten times as often to turn tools to
    other purposes, alone, under an outside audit, and with ten times the publicity.
    """

    main: RunSums
    at_once: RunSums
    automated: RunSums
    loose: RunSums
    audited: RunSums
    exposed: RunSums


Setting = float | list[float]
SHORT: dict[str, Setting] = {"run.rollout": 0, "run.weeks": 416, "forecast.visits": 0.0}
TEMPTED: dict[str, Setting] = {**SHORT, "function_creep.rate": 0.2}
VARIANTS: tuple[dict[str, Setting], ...] = (
    {},
    SHORT,
    # A machine that screens every case looks at one with an irregularity no more often than at one without, so that its lead
    # is 1; its false-positive rate is 1 % (B6.8). One finding lists: no controller moves the threshold, and no other file counts.
    {
        **SHORT,
        "lists.integration": 0.0,
        "function_creep.central": 0.0,
        "controllers.caseload": 0.0,
        "budget.automation_error": 0.0,
        "lists.threshold": [1000.0, 1000.0, 3.0, 1000.0],
        "observation.lead": [30.0, 500.0, 1.0, 30.0],
        "observation.false_positive_rate": [0.002, 0.006, 0.01, 0.001],
    },
    TEMPTED,
    {**TEMPTED, "safeguards.audit": 1.0},
    {**TEMPTED, "function_creep.exposure": 0.05},
)
"""Settings of the runs, in the order of `Runs`."""


def runs(citizens: int, replicates: int, settings: Mapping[str, Setting] | None = None) -> Runs:
    """Runs the scenario and its variants; the variants have two fifths of the citizens and last eight years."""

    def sums_of(people: int, fixed: Mapping[str, Setting]) -> RunSums:
        given = {**fixed, **(settings or {})}
        return RunSums(glasshouse.run("social-governance", citizens=people, replicates=replicates, settings=given))

    return Runs(*(sums_of(citizens if n == 0 else 2 * citizens // 5, fixed) for n, fixed in enumerate(VARIANTS)))
