"""The contract of measures: what a run is asked, as formulas over its sums.

A measure is a class with a name, a formula in words, a unit, a direction and a source. Its `value` takes sums (`Sums`)
of any shape, so that one formula serves a window, each week, each group and each replicate. A measure of one arm has
`value(sums)`; its effect is the regime's value less the reference's. A measure that exists only between arms has
`between(reference, regime, pairs)`. A ratio without a denominator is undefined (NaN), and says so.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Sum
from glasshouse.model.entities import DEFAULT_GROUPS
from glasshouse.model.scale import IDENTITY, Scale

FloatArray = NDArray[np.float64]


class Sums:
    """Named sums in their own units: `sums.complaints` is an array of whatever shape the totals have.

    Parameters
    ----------
    totals : array of int64, shape (..., slots)
        Totals in storage units; the other axes can be anything: weeks, districts, replicates.
    declared : sequence of Sum
        What each slot holds, in storage order.
    groups : callable, optional
        Gives the same sums of a group of citizens, one of `results.groups.groupings`.
    group_names : sequence of str, optional
        The groups that the scenario declares.

    Raises
    ------
    AttributeError
        When a sum is read that no component keeps.

    Examples
    --------
    >>> Sums(np.array([[3, 40], [1, 50]]), (Sum('complaints', '', ''), Sum('adults', '', ''))).complaints
    array([3., 1.])
    """

    def __init__(
        self, totals: NDArray[np.int64], declared: Sequence[Sum], groups: "Callable[[str], Sums] | None" = None,
        group_names: Sequence[str] = DEFAULT_GROUPS,
    ) -> None:  # fmt: skip
        self._totals = totals
        self._slots = {total.name: (slot, total.scale) for slot, total in enumerate(declared)}
        self._groups = groups
        self.group_names = tuple(group_names)

    def __getattr__(self, name: str) -> FloatArray:
        try:
            slot, scale = self._slots[name]
        except KeyError:
            raise AttributeError(f"no mechanism keeps a sum called {name}") from None
        return self._totals[..., slot] / float(scale)

    def of(self, group: str) -> "Sums":
        """The same sums of a group of citizens, for measures that compare groups.

        Parameters
        ----------
        group : str
            One of `results.groups.groupings`, for instance `rural` or `not rural`.

        Returns
        -------
        Sums
            Of the same shape.

        Raises
        ------
        AttributeError
            Where sums are not known by group: of a group, of a district, and between arms.
        """
        if self._groups is None:
            raise AttributeError(
                "these sums are not known by group: a measure that compares groups has by_group = False"
            )
        return self._groups(group)


class NamedSums(Sums):
    """Sums given by their names, those of a group as `group:name`.

    Parameters
    ----------
    values : mapping of str to FloatArray
        The sums in their own units, all of one shape.
    prefix : str
        What stands before the names of the sums that are read: empty, or a group and a colon.

    Examples
    --------
    >>> NamedSums({"adults": np.array(9.0), "rural:adults": np.array(4.0)}).of("rural").adults
    array(4.)
    """

    def __init__(self, values: Mapping[str, FloatArray], prefix: str = "") -> None:
        self._values, self._prefix = values, prefix
        owners = dict.fromkeys(name.partition(":")[0] for name in values if ":" in name)
        self.group_names = tuple(owner for owner in owners if not owner.startswith("not "))

    def __getattr__(self, name: str) -> FloatArray:
        try:
            return self._values[self._prefix + name]
        except KeyError:
            raise AttributeError(f"no mechanism keeps a sum called {name}") from None

    def of(self, group: str) -> "NamedSums":
        """The sums of a group.

        Parameters
        ----------
        group : str
            One of `results.groups.groupings`.

        Returns
        -------
        NamedSums
            The same values, read as the group's.
        """
        return NamedSums(self._values, f"{group}:")


def named_sum(sums: Sums, name: str) -> FloatArray:
    """A sum by its name.

    Parameters
    ----------
    sums : Sums
        Sums of any shape.
    name : str
        A name as `sums_read` gives it: of a group, `group:name`.

    Returns
    -------
    FloatArray
        The sum in its own unit.
    """
    group, _, own = name.rpartition(":")
    found: FloatArray = getattr(sums.of(group) if group else sums, own)
    return found


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
    """Whether it has a figure for a group of citizens; a budget belongs to no group, nor what compares groups (`Sums.of`)."""
    by_district: ClassVar[bool] = False
    """Whether it compares districts: `value` then takes sums with one entry a district and gives one figure."""

    by_week: ClassVar[bool] = False
    """Whether it follows the course of time: `value` then takes sums with one entry a week and gives one figure."""

    scale: ClassVar[Scale] = IDENTITY
    """The scale on which its confidence interval is built, and the limits of its possible values."""
    kurtosis: ClassVar[float] = 0.0
    """Excess kurtosis of what replicates contribute on that scale, 0 unless its events come in bursts."""
    less_bias: ClassVar[bool] = False
    """Whether its leading bias is subtracted, as of a ratio whose divisor is small in some populations."""
    no_interval: ClassVar[str] = ""
    """Why it is given no confidence interval; empty for a measure that has one."""
    averaged: ClassVar[bool] = False
    """Whether its figure is the mean of the replicates' figures, as for a correlation; else it comes from their sums."""

    @classmethod
    def is_averaged(cls) -> bool:
        """Whether its figure is the mean of the replicates' figures, and not one of the sums of all replicates.

        Returns
        -------
        bool
            True for measures over districts or over the course of time too, which a population has as a whole.
        """
        return cls.averaged or cls.by_district or cls.by_week

    @classmethod
    def ceiling(cls, sums: "Sums") -> FloatArray:
        """The figure of one arm with three more events, an upper limit of a rate of which no event was seen.

        Parameters
        ----------
        sums : Sums
            Sums of the arm, of any shape.

        Returns
        -------
        FloatArray
            One figure for each row of sums; NaN for a measure that does not know its events.
        """
        return np.full(np.shape(cls.value(sums)), np.nan)

    @classmethod
    def is_between(cls) -> bool:
        """Whether it exists only between two arms.

        Returns
        -------
        bool
            Whether the subclass defines `between` and not `value`.
        """
        return cls.between is not Measure.between

    @classmethod
    def weekly(cls, reference: Sums, regime: Sums, pairs: Sums) -> list[FloatArray]:
        """The figure in the reference, in the regime and between them, for sums with one entry a week.

        Parameters
        ----------
        reference : Sums
            Sums of the reference arm, with one entry a week.
        regime : Sums
            Sums of the regime arm, with one entry a week.
        pairs : Sums
            Sums over the pairs of citizens, with one entry a week.

        Returns
        -------
        list of FloatArray
            The series of the reference, of the regime and of the effect; NaN in an arm for a measure between
            arms.
        """
        if cls.is_between():
            found = cls.between(reference, regime, pairs)
            return [np.full_like(found, np.nan), np.full_like(found, np.nan), found]
        arms = [cls.value(reference), cls.value(regime)]
        return [*arms, arms[1] - arms[0]]

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        """The figure of one arm from its sums.

        Parameters
        ----------
        sums : Sums
            Sums of one arm, of any shape.

        Returns
        -------
        FloatArray
            One figure for each row of sums.

        Raises
        ------
        TypeError
            For a measure that exists only between arms.
        """
        raise TypeError("this measure has no value in one arm")

    @staticmethod
    def between(reference: Sums, regime: Sums, pairs: Sums) -> FloatArray:
        """The figure between two arms from their sums and the paired ones.

        Parameters
        ----------
        reference : Sums
            Sums of the reference arm, of any shape.
        regime : Sums
            Sums of the regime arm, of the same shape.
        pairs : Sums
            Sums over pairs of the same citizen in both arms.

        Returns
        -------
        FloatArray
            One figure for each row of sums.

        Raises
        ------
        TypeError
            For a measure that has a value in one arm.
        """
        raise TypeError("this measure is the difference of its values")


def correlation(
    count: FloatArray, x: FloatArray, xx: FloatArray, y: FloatArray, yy: FloatArray, xy: FloatArray
) -> FloatArray:
    """Pearson's correlation from sums.

    Parameters
    ----------
    count : FloatArray
        Number of cases; any shape, which the sums share.
    x : FloatArray
        Sums of x.
    xx : FloatArray
        Sums of x squared.
    y : FloatArray
        Sums of y.
    yy : FloatArray
        Sums of y squared.
    xy : FloatArray
        Sums of x times y.

    Returns
    -------
    FloatArray
        (n xy - x y) / sqrt((n xx - x x)(n yy - y y)); NaN where either quantity does not vary, rounding noise apart, and
        for fewer than three cases, whose correlation is -1 or 1 by arithmetic.
    """
    covariance = count * xy - x * y
    spread = np.sqrt(_variation(count * xx, x * x) * _variation(count * yy, y * y))
    return np.where(np.asarray(count) >= 3, ratio(covariance, spread), np.nan)


def _variation(squares: FloatArray, square: FloatArray) -> FloatArray:
    """The difference of two sums, zero where it is rounding noise."""
    left = np.asarray(squares - square)
    return np.where(left > 1e-12 * np.abs(squares), left, 0.0)


def ratio(above: Any, below: Any) -> FloatArray:
    """Quotient that is NaN, without an error, where the denominator is zero.

    Parameters
    ----------
    above : array_like
        Numerator.
    below : array_like
        Denominator, of a shape that broadcasts with that of the numerator.

    Returns
    -------
    FloatArray
        above / below, NaN where `below` is zero.

    Examples
    --------
    >>> float(ratio(1, 4))
    0.25
    """
    above, below = np.asarray(above, float), np.asarray(below, float)
    out = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=out, where=below != 0)
    return out
