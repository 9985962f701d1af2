"""The contract of measures: what a run is asked, as formulas over its sums.

A measure is a class with a name, a formula in words, a unit, a direction and a source. Its `value` takes sums (`Sums`)
of any shape, so that one formula serves a window, each week, each group and each replicate. A measure of one arm has
`value(sums)`; its effect is the regime's value less the reference's. A measure that exists only between arms has
`between(reference, regime, pairs)`. A ratio without a denominator is undefined (NaN), and says so.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Sum

FloatArray = NDArray[np.float64]


class Sums:
    """Named sums in their own units: `sums.complaints` is an array of whatever shape the totals have.

    `totals` is an integer array (..., slots) in storage units; `declared` names the slots.
    """

    def __init__(self, totals: NDArray[np.int64], declared: Sequence[Sum]) -> None:
        self._totals = totals
        self._slots = {total.name: (slot, total.scale) for slot, total in enumerate(declared)}

    def __getattr__(self, name: str) -> FloatArray:
        try:
            slot, scale = self._slots[name]
        except KeyError:
            raise AttributeError(f"no mechanism keeps a sum called {name}") from None
        return self._totals[..., slot] / float(scale)


class Measure:
    """A question to a run. Subclasses fill the class variables and one of `value` and `between`."""

    name: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    unit: ClassVar[str]
    better: ClassVar[Literal["more", "less", "neither"]]
    source: ClassVar[str]
    people: ClassVar[bool] = True
    """Whether it says what the regime does to people; else, what it does to the state."""
    by_group: ClassVar[bool] = True
    """Whether it has a figure for a group of citizens; a budget or a crowd belongs to no group."""
    by_district: ClassVar[bool] = False
    """Whether it compares districts: `value` then takes sums with one entry a district and gives one figure."""

    by_week: ClassVar[bool] = False
    """Whether it follows the course of time: `value` then takes sums with one entry a week and gives one figure."""

    @classmethod
    def is_between(cls) -> bool:
        """Whether it exists only between two arms."""
        return cls.between is not Measure.between

    @classmethod
    def weekly(cls, reference: Sums, regime: Sums, pairs: Sums) -> list[FloatArray]:
        """The figure in the reference, in the regime and between them, for sums with one entry a week."""
        if cls.is_between():
            found = cls.between(reference, regime, pairs)
            return [np.full_like(found, np.nan), np.full_like(found, np.nan), found]
        arms = [cls.value(reference), cls.value(regime)]
        return [*arms, arms[1] - arms[0]]

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        """The figure of one arm from its sums."""
        raise TypeError("this measure has no value in one arm")

    @staticmethod
    def between(reference: Sums, regime: Sums, pairs: Sums) -> FloatArray:
        """The figure between two arms from their sums and the paired ones."""
        raise TypeError("this measure is the difference of its values")


def correlation(
    count: FloatArray, x: FloatArray, xx: FloatArray, y: FloatArray, yy: FloatArray, xy: FloatArray
) -> FloatArray:
    """Pearson's correlation from a count and the sums of x, x^2, y, y^2 and xy; NaN where either does not vary."""
    covariance = count * xy - x * y
    spread = np.sqrt(np.maximum(count * xx - x * x, 0.0) * np.maximum(count * yy - y * y, 0.0))
    return ratio(covariance, spread)


def ratio(above: Any, below: Any) -> FloatArray:
    """Above / below, NaN where there is nothing below."""
    above, below = np.asarray(above, float), np.asarray(below, float)
    out = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=out, where=below != 0)
    return out
