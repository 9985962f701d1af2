"""The contract of a replication: a published model run by the engine, and its figures beside the published ones.

A target is a figure that a publication prints or that follows from its model, with the band that ours must fall into
and why the band is that wide. Bands are fixed before anything is run. A target without a band is shown and not judged.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, sqrt
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate

Verdict = Literal["reproduced", "differs", "shown"]


@dataclass(frozen=True)
class Target:
    """One figure to be met.

    `published` is what the source says, None where it says no number; `band` are the ends that ours must lie between,
    None for a figure that is only shown; `why` says where the figure is from and why the band is that. A `certain` target
    asks for the whole 95 % interval inside the band, not for the mean alone.
    """

    name: str
    what: str
    published: float | None
    band: tuple[float, float] | None
    why: str
    unit: str = ""
    certain: bool = False


def near(name: str, what: str, published: float, tolerance: float, why: str, unit: str = "") -> Target:
    """Make a target that ours must meet within a tolerance on either side.

    Parameters
    ----------
    name : str
        Short name, unique in the replication.
    what : str
        What the figure is, in words.
    published : float
        The published or derived value.
    tolerance : float
        Half the width of the band.
    why : str
        Where the figure is from, and why the band is that wide.
    unit : str
        Unit, empty for a pure number.

    Returns
    -------
    Target
        The target.
    """
    return Target(name, what, published, (published - tolerance, published + tolerance), why, unit)


def above(name: str, what: str, least: float, why: str, unit: str = "") -> Target:
    """Make a target with one end.

    Parameters
    ----------
    name : str
        Short name, unique in the replication.
    what : str
        What the figure is, in words.
    least : float
        Least value that ours must have.
    why : str
        Where the figure is from, and why the band is that wide.
    unit : str
        Unit, empty for a pure number.

    Returns
    -------
    Target
        The target.
    """
    return Target(name, what, None, (least, inf), why, unit)


def direction(name: str, what: str, why: str, unit: str = "") -> Target:
    """Make a target where the source claims a sign alone: the whole interval of ours must be above zero.

    Parameters
    ----------
    name : str
        Short name, unique in the replication.
    what : str
        What the figure is, in words.
    why : str
        Where the claim is from.
    unit : str
        Unit, empty for a pure number.

    Returns
    -------
    Target
        The target.
    """
    return Target(name, what, None, (0.0, inf), why, unit, certain=True)


def shown(name: str, what: str, published: float | None, why: str, unit: str = "") -> Target:
    """Make a target that is put beside ours and not judged.

    Parameters
    ----------
    name : str
        Short name, unique in the replication.
    what : str
        What the figure is, in words.
    published : float, optional
        The published value, None where the source prints none.
    why : str
        Where the figure is from, and why it is not judged.
    unit : str
        Unit, empty for a pure number.

    Returns
    -------
    Target
        The target.
    """
    return Target(name, what, published, None, why, unit)


@dataclass(frozen=True)
class ClosedForm:
    """A figure that a formula gives and that a simulation estimates with Monte Carlo error: two targets in one.

    `digits` are those given, `last` the most by which rounding changes them, `value` what the formula gives, `error` the
    standard error of the simulation, known beforehand.
    """

    name: str
    what: str
    digits: float
    last: float
    value: float
    error: float
    why: str
    unit: str = ""

    def targets(self) -> tuple[Target, Target]:
        """Make two targets: the formula to its digits, and the simulation within three standard errors of it.

        Returns
        -------
        tuple of Target and Target
            Formula and simulation.
        """
        formula = near(f"{self.name} formula", f"{self.what}: formula", self.digits, self.last, self.why, self.unit)
        why = "the formula; three standard errors of the simulation"
        return formula, near(self.name, f"{self.what}: simulated", self.value, 3.0 * self.error, why, self.unit)


@dataclass(frozen=True)
class Figure:
    """A target and what our simulation of the model gave, with its 95 % interval over copies where it is random."""

    target: Target
    ours: Estimate

    @property
    def verdict(self) -> Verdict:
        """Whether ours lies in the band; an undefined figure does not.

        Returns
        -------
        Verdict
            ``"reproduced"``, ``"differs"``, or ``"shown"`` without a band.
        """
        if self.target.band is None:
            return "shown"
        low, high = self.target.band
        ends = (self.ours.low, self.ours.high) if self.target.certain else (self.ours.mean, self.ours.mean)
        return "reproduced" if low <= ends[0] and ends[1] <= high else "differs"


def share_error(share: float, number: float) -> float:
    """Compute the standard error of a share: sqrt(p (1-p) / n).

    Parameters
    ----------
    share : float
        The share p.
    number : float
        Number n of independent cases.

    Returns
    -------
    float
        Standard error.
    """
    return sqrt(share * (1 - share) / number)


def exactly(value: float) -> Estimate:
    """Make an estimate without Monte Carlo error.

    Parameters
    ----------
    value : float
        The value.

    Returns
    -------
    Estimate
        An estimate whose interval is the value.
    """
    return Estimate(float(value), float(value), float(value), 1)


@dataclass(frozen=True)
class Line:
    """One row of points of a chart; with `low` and `high` it has a band, `published` marks what is not ours.

    `marks` says how it is drawn.
    """

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    marks: Literal["line", "points", "steps"] = "line"
    published: bool = False
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Chart:
    """A picture in the style of the original: named axes with units, and lines; `caption` is what it shows, in words."""

    title: str
    x: str
    y: str
    lines: tuple[Line, ...]
    caption: str
    log_x: bool = False
    log_y: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a replication found: ours for each target, and charts."""

    found: Mapping[str, Estimate]
    charts: tuple[Chart, ...] = ()


class Replication(ABC):
    """A published model as mechanisms, with how it is simulated and what it is compared with.

    `equations` are those as implemented; `differs` says, for figures that come out differently or cannot be had, what
    is likely to be the cause, by the target's name; `brief` is True if simulating it takes a few seconds, so that the
    ordinary tests do.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    citation: ClassVar[str]
    equations: ClassVar[str]
    confidence: ClassVar[str]
    targets: ClassVar[tuple[Target, ...]]
    differs: ClassVar[Mapping[str, str]] = {}
    brief: ClassVar[bool] = True

    @abstractmethod
    def simulate(self, seed: int) -> Outcome:
        """Simulate the model in the engine.

        Parameters
        ----------
        seed : int
            Random seed; the same seed gives the same figures.

        Returns
        -------
        Outcome
            An estimate for each target, and charts.
        """

    def figures(self, outcome: Outcome) -> tuple[Figure, ...]:
        """Put ours beside each target.

        Parameters
        ----------
        outcome : Outcome
            What `simulate` returned.

        Returns
        -------
        tuple of Figure
            Figures in the order of the targets; one that was not simulated is undefined.
        """
        missing = estimate.from_replicates(np.array([]))
        return tuple(Figure(target, outcome.found.get(target.name, missing)) for target in self.targets)
