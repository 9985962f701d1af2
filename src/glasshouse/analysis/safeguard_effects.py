"""Which safeguards avoid harm: what each that a study varies takes from a harm, with an interval.

The harm at a point is that of all its replicates together, as in a run. Harms alone are ranked over, never a measure
of what the state gains. Where a design moves one setting at a time, a safeguard's figure is the difference between
its ends, paired by random seed; elsewhere it is the slope of the harm over the points, of least squares on all
settings at once, times the range that was varied. The slope's interval is Student's t with a variance that holds
whatever the model leaves out (White 1980, doi:10.2307/1912934), and points that a design makes together are taken
together (Liang and Zeger 1986, doi:10.1093/biomet/73.1.13).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray, Measure
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate
from glasshouse.study.design import Design
from glasshouse.study.factor import Factor

HARMS: tuple[type[Measure], ...] = tuple(one for one in CATALOGUE if one.people and one.better == "less")
"""What a regime does to people and had better do less of: all that is ever ranked over."""

PROTECTS: dict[str, float] = {
    **{f"{Safeguards.name}.{name}": 1.0 for name in Safeguards.model_fields},
    "redress.reviewers": 1.0,
    "redress.accuracy": 1.0,
    "lists.integration": -1.0,
    "lists.speech_shared": -1.0,
    "observation.mismatch_rate": -1.0,
}
"""Settings that are safeguards: 1 where more of it protects, -1 where less does."""

SPARE = 10
"""Points that a regression needs beyond its coefficients."""


@dataclass(frozen=True)
class SafeguardEffect:
    """What a safeguard avoids of a harm, from the weakest to the strongest that the study tried, in the harm's unit."""

    factor: Factor
    avoided: Estimate

    @property
    def weakest(self) -> float:
        """The setting at which it protects least, on the factor's scale."""
        return self.factor.low if PROTECTS[self.factor.key] > 0 else self.factor.high

    @property
    def strongest(self) -> float:
        """The setting at which it protects most, on the factor's scale."""
        return self.factor.high if PROTECTS[self.factor.key] > 0 else self.factor.low

    @property
    def certain(self) -> bool:
        """Whether the interval excludes zero."""
        return self.avoided.low > 0.0 or self.avoided.high < 0.0


def varied(design: Design) -> tuple[int, ...]:
    """Find the safeguards among the factors of a design.

    Parameters
    ----------
    design : Design
        The design of a study.

    Returns
    -------
    tuple of int
        Places of the safeguards among the factors; those with listed values count if all values are numbers.
    """
    return tuple(place for place, factor in enumerate(design.factors) if factor.key in PROTECTS and _numeric(factor))


def ranking(design: Design, outputs: FloatArray, *, shared: bool) -> tuple[SafeguardEffect, ...]:
    """Rank safeguards by what each avoids of a harm.

    Parameters
    ----------
    design : Design
        The design of a study that varies safeguards.
    outputs : array of float, shape (points, replicates)
        What each replicate contributes to the harm at its point, in the harm's unit: `Findings.contributions`, whose mean is
        the figure of all replicates together.
    shared : bool
        Whether all points share their random seeds.

    Returns
    -------
    tuple of SafeguardEffect
        One for each safeguard that is varied, the largest effect first.

    Raises
    ------
    AnalysisError
        If no safeguard is varied, outputs are not finite, or there are too few points.
    """
    places = varied(design)
    if not places:
        raise AnalysisError("The study varies no safeguard. Vary settings of [safeguards] to rank them.")
    if not np.isfinite(outputs).all():
        raise AnalysisError(
            "The harm is undefined, or its run not done, at some points: safeguards are not ranked over it."
        )
    factors = tuple(_ranged(factor) for factor in design.factors)
    if design.kind == "one-at-a-time":
        effects = [_between_ends(design, place, outputs, shared) for place in places]
    else:
        effects = _slopes(design, places, outputs.mean(axis=1))
    found = [
        SafeguardEffect(factors[place], _avoided(effect, PROTECTS[factors[place].key]))
        for place, effect in zip(places, effects, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: -one.avoided.mean))


def _avoided(effect: Estimate, sign: float) -> Estimate:
    """The effect of a step from the low end to the high one as what the safeguard takes away."""
    low, high = sorted((-sign * effect.low, -sign * effect.high))
    return Estimate(-sign * effect.mean, low, high, effect.replicates)


def _numeric(factor: Factor) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in factor.values)


def _ranged(factor: Factor) -> Factor:
    """A factor of listed numbers as one with a range, for its ends."""
    if not factor.values or not _numeric(factor):
        return factor
    return Factor(factor.key, float(min(factor.values)), float(max(factor.values)), unit=factor.unit)


def _column(design: Design, place: int) -> FloatArray:
    """A factor's values at each point, as shares of its range; of listed numbers, by their size."""
    factor, column = design.factors[place], design.points[:, place]
    values = np.array(factor.values, dtype=np.float64)[column.astype(np.int64)] if factor.values else column
    whole = _ranged(factor)
    return np.asarray((values - whole.low) / (whole.high - whole.low))


def _between_ends(design: Design, place: int, outputs: FloatArray, shared: bool) -> Estimate:
    """The harm at the high end less that at the low end of one factor, all others where the design begins."""
    column = _column(design, place)
    rest = np.delete(design.points, place, axis=1)
    alike = (rest == rest[0]).all(axis=1)
    low, high = (np.flatnonzero(alike & (column == end))[:1] for end in (0.0, 1.0))
    return estimate.crossed(outputs[high] - outputs[low], shared=shared, sampled=False)


def _slopes(design: Design, places: tuple[int, ...], harm: FloatArray) -> list[Estimate]:
    """Coefficients of the safeguards in a regression of the harm (points) on every factor, if there are points enough.

    With fewer the safeguards stand alone. A design varies the other settings without regard to them, so that these then
    widen the intervals and do not shift the slopes.
    """
    everything = range(len(design.factors))
    x, where = _terms(design, everything)
    if len(harm) < x.shape[1] + SPARE:
        x, where = _terms(design, places)
    if len(harm) < x.shape[1] + SPARE or np.linalg.matrix_rank(x) < x.shape[1]:
        raise AnalysisError(
            f"{len(harm)} points are too few to tell {len(places)} safeguards apart. Take {x.shape[1] + SPARE} or more."
        )
    return _sandwich(x, harm, _together(design), [where[place] for place in places])


def _terms(design: Design, places: Iterable[int]) -> tuple[FloatArray, dict[int, int]]:
    """A constant and the columns of these factors (points, terms), and where each factor's first column stands."""
    columns, where = [np.ones(len(design.points))], {}
    for place in places:
        factor = design.factors[place]
        where[place] = len(columns)
        if _numeric(factor):
            columns.append(_column(design, place))
        else:
            columns += [(design.points[:, place] == value).astype(float) for value in range(1, len(factor.values))]
    return np.column_stack(columns), where


def _together(design: Design) -> NDArray[np.int64]:
    """For each point, the number of the group that the design made it in."""
    size = {"saltelli": len(design.factors) + 2, "morris": len(design.factors) + 1}.get(design.kind, 1)
    return np.arange(len(design.points)) // size


def _sandwich(x: FloatArray, y: FloatArray, groups: NDArray[np.int64], wanted: list[int]) -> list[Estimate]:
    from scipy.special import stdtrit

    bread = np.linalg.inv(x.T @ x)
    slopes = bread @ (x.T @ y)
    scores = x * (y - x @ slopes)[:, None]
    count = int(groups[-1]) + 1
    sums = np.stack([np.bincount(groups, column, minlength=count) for column in scores.T], axis=1)
    size, terms = x.shape
    spread = bread @ (sums.T @ sums) @ bread * (count / (count - 1)) * ((size - 1) / (size - terms))
    half = stdtrit(min(count - 1, size - terms), 0.975) * np.sqrt(np.diag(spread))
    return [Estimate(float(slopes[k]), float(slopes[k] - half[k]), float(slopes[k] + half[k]), size) for k in wanted]
