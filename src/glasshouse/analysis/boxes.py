"""A box in the space of settings in which something holds, and how far to trust it, in figures and in words."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.results.estimate import Estimate
from glasshouse.results.table import Table
from glasshouse.study.design import Design
from glasshouse.study.factor import Factor

Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class BoxLimit:
    """What a box asks of one setting: `low` to `high` on the factor's scale, or one of the `values` of a listed one.

    `quasi_p` is the chance that a box without this limit would have as many cases by chance, were the limit not chosen as
    the best of many; `again` the share of the searches on other points that limited the setting on the same side.
    """

    factor: Factor
    low: float
    high: float
    values: tuple[Any, ...]
    quasi_p: float
    again: float

    @property
    def sides(self) -> tuple[bool, bool]:
        """Whether the lower and the upper end are limited; both alike for a listed setting."""
        if self.factor.values:
            return True, True
        return self.low > self.factor.low, self.high < self.factor.high

    def __str__(self) -> str:
        key, unit = self.factor.key, "" if self.factor.unit in ("", "share") else f" {self.factor.unit}"
        if self.factor.values:
            return f"{key} is {' or '.join(map(str, self.values))}"
        lower, upper = self.sides
        if lower and upper:
            return f"{key} from {self.low:.3g} to {self.high:.3g}{unit}"
        return f"{key} above {self.low:.3g}{unit}" if lower else f"{key} below {self.high:.3g}{unit}"


@dataclass(frozen=True)
class Step:
    """One box of the peeling: its coverage and density, the share of the points in it, and how many settings it limits."""

    coverage: float
    density: float
    mass: float
    limited: int


@dataclass(frozen=True, eq=False)
class ScenarioDiscovery:
    """The box in which something holds. `what` says what; `cases` marks the points (points) at which it does.

    `inside` marks the points in the box; `steps` are the boxes of the peeling, before limits were dropped. `unseen` and
    `unseen_coverage` are density (with Wilson's 95 % interval) and coverage on points that the search had not seen.
    `undefined` points are left out, since it is not known whether it holds there.
    """

    what: str
    design: Design = field(repr=False)
    cases: Marks = field(repr=False)
    inside: Marks = field(repr=False)
    limits: tuple[BoxLimit, ...]
    steps: tuple[Step, ...] = field(repr=False)
    unseen: Estimate
    unseen_coverage: float
    undefined: int = 0

    @property
    def base(self) -> float:
        """The share of the points that are cases."""
        return float(self.cases.mean())

    @property
    def density(self) -> float:
        """The share of the points in the box that are cases."""
        return float(self.cases[self.inside].mean())

    @property
    def coverage(self) -> float:
        """The share of the cases that are in the box."""
        return float(self.inside[self.cases].mean())

    @property
    def stands(self) -> bool:
        """Whether boxes found so hold more cases than chance among points that the search had not seen.

        Where no setting matters a box stands in fewer than 5 % of studies (measured by `verification/null.py`).
        """
        return bool(self.limits) and self.unseen.low > self.base

    def sentences(self) -> tuple[str, ...]:
        """Describe the result in words.

        Returns
        -------
        tuple of str
            Sentences: the box, how good it is, and how far to trust it.
        """
        total = len(self.cases) + self.undefined
        left_out = (f"{self.undefined:,} of {total:,} points undefined, and left out.",) if self.undefined else ()
        return (*self._found(), *left_out)

    def _found(self) -> tuple[str, ...]:
        """The sentences about the box."""
        cases = f"{self.what} at {self.cases.sum():,} of {len(self.cases):,} points ({self.base:.0%})"
        if not self.limits:
            return (f"{cases}. No box of settings tells these points from the others.",)
        within = f"{self.density:.0%} of the points in it, {self.coverage:.0%} of all such points are in it"
        checked = "No point that the search had not seen is in the boxes"
        if np.isfinite(self.unseen.mean):
            held = f", which held {self.unseen_coverage:.0%} of all" if np.isfinite(self.unseen_coverage) else ""
            checked = (
                f"On points that the search had not seen: {self.unseen.mean:.0%} ({self.unseen.low:.0%} to "
                f"{self.unseen.high:.0%}) in the boxes{held}"
            )
        if not self.stands:
            doubt = f", no surer than the {self.base:.0%} everywhere" if np.isfinite(self.unseen.mean) else ""
            return (f"{cases}. No box stands: the best one has {within}. {checked}{doubt}.",)
        limits = "; ".join(str(limit) for limit in self.limits)
        return (
            f"{cases}.",
            f"Most likely where {limits}: {within}.",
            f"{checked}.",
            *(
                f"The limit on {limit.factor.key} came again in {limit.again:.0%} of the searches (quasi-p "
                f"{limit.quasi_p:.1g})."
                for limit in self.limits
            ),
        )

    def as_table(self) -> Table:
        """Tabulate the limits of the box.

        Returns
        -------
        Table
            A row for each limited setting: factor, low, high, values, quasi_p, again.
        """
        return Table(
            "box",
            {
                "factor": np.array([limit.factor.key for limit in self.limits], dtype=str),
                "low": np.array([limit.low for limit in self.limits], dtype=np.float64),
                "high": np.array([limit.high for limit in self.limits], dtype=np.float64),
                "values": np.array([", ".join(map(str, limit.values)) for limit in self.limits], dtype=str),
                "quasi_p": np.array([limit.quasi_p for limit in self.limits], dtype=np.float64),
                "again": np.array([limit.again for limit in self.limits], dtype=np.float64),
            },
        )

    def trade_off(self) -> Table:
        """Tabulate the boxes of the peeling.

        Returns
        -------
        Table
            A row for each box: coverage, density, mass, limited settings.
        """
        names = ("coverage", "density", "mass", "limited")
        return Table("peeling", {name: np.array([getattr(step, name) for step in self.steps]) for name in names})
