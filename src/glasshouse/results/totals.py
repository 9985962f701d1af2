"""Weekly sums of both arms of one replicate: all that a run stores, and nothing about any single citizen.

Stored are sums by week and group cell, sums by period and district, paired sums, and by week and district the few sums
that ask for it (protests, whose crowds are a result of their own). A period is a quarter, fine enough to follow a
roll-out, and in populations of many districts a year, so that the totals stay small beside the population.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Sum
from glasshouse.model.entities import CELLS

REFERENCE, REGIME = "reference", "regime"
ARMS = (REFERENCE, REGIME)
"""The two arms that every run compares, in the order in which their sums are stored."""
YEAR = 52
"""Weeks of a year of the model."""
QUARTER = 13
"""Weeks of a quarter of the model."""
YEARLY_ABOVE_DISTRICTS = 1000
"""Districts beyond which sums by district are stored by year: two million citizens at the usual size of a district."""


@dataclass(frozen=True)
class ArmTotals:
    """Sums of one arm in storage units: views of the arrays of `WeeklyTotals`.

    Attributes
    ----------
    weekly : ndarray of int64, shape (weeks, cells, sums)
        Sums by week and group cell.
    periods : ndarray of int64, shape (periods, districts, sums)
        Sums by quarter (by year in populations of many districts) and district.
    districts : ndarray of int32, shape (weeks, districts, flagged sums)
        The sums that are stored by week and district.
    yearly : ndarray of int64, shape (years, districts, sums)
        Sums by year and district; the last year may be incomplete.
    """

    weekly: NDArray[np.int64]
    periods: NDArray[np.int64]
    districts: NDArray[np.int32]
    yearly: NDArray[np.int64]


@dataclass
class WeeklyTotals:
    """Integer sums of both arms in storage units; read them by the name of an arm with `arm`.

    Attributes
    ----------
    weekly : ndarray of int64, shape (arms, weeks, cells, sums)
        Sums by arm, week and group cell.
    periods : ndarray of int64, shape (arms, periods, districts, sums)
        Sums by arm, period and district.
    districts : ndarray of int32, shape (arms, weeks, districts, flagged sums)
        Sums by arm, week and district, of the sums that are declared `weekly_by_district`.
    pairs : ndarray of int64, shape (weeks, cells, paired sums)
        Sums that compare each citizen's state in both arms.
    sums : tuple of Sum
        Declarations of the sums along the last axis.
    weeks : int
        How many weeks are filled in.
    """

    weekly: NDArray[np.int64]
    periods: NDArray[np.int64]
    districts: NDArray[np.int32]
    pairs: NDArray[np.int64]
    sums: tuple[Sum, ...] = ()
    weeks: int = 0

    STORED = ("weekly", "periods", "districts", "pairs")

    @classmethod
    def empty(cls, weeks: int, districts: int, sums: Sequence[Sum], paired: Sequence[Sum]) -> "WeeklyTotals":
        """Totals of zero with room for a run.

        Parameters
        ----------
        weeks : int
            Weeks of the run.
        districts : int
            Districts of the population.
        sums : sequence of Sum
            Declarations of the sums of each arm.
        paired : sequence of Sum
            Declarations of the paired sums.

        Returns
        -------
        WeeklyTotals
            With no week filled in.
        """
        period_weeks = _period_weeks(districts)
        flagged = sum(total.weekly_by_district for total in sums)
        arms = len(ARMS)
        return cls(
            weekly=np.zeros((arms, weeks, CELLS, len(sums)), np.int64),
            periods=np.zeros((arms, -(-weeks // period_weeks), districts, len(sums)), np.int64),
            districts=np.zeros((arms, weeks, districts, flagged), np.int32),
            pairs=np.zeros((weeks, CELLS, len(paired)), np.int64),
            sums=tuple(sums),
        )

    @property
    def period_weeks(self) -> int:
        """Weeks of a period: `QUARTER`, or `YEAR` above `YEARLY_ABOVE_DISTRICTS` districts."""
        return _period_weeks(self.periods.shape[2])

    @property
    def yearly(self) -> NDArray[np.int64]:
        """Sums by arm, year and district (arms, years, districts, sums); the last year may be incomplete."""
        firsts = np.arange(0, self.periods.shape[1], YEAR // self.period_weeks)
        return np.add.reduceat(self.periods, firsts, axis=1)

    def arm(self, name: str) -> ArmTotals:
        """Sums of one arm.

        Parameters
        ----------
        name : str
            One of `ARMS`.

        Returns
        -------
        ArmTotals
            Views of the stored arrays.

        Raises
        ------
        ValueError
            For a name that is none of `ARMS`.
        """
        place = place_of(name)
        return ArmTotals(self.weekly[place], self.periods[place], self.districts[place], self.yearly[place])

    def digest(self) -> str:
        """Hash of all sums.

        Returns
        -------
        str
            32 hexadecimal digits. Two replicates with the same digest have the same sums.
        """
        found = hashlib.blake2b(digest_size=16)
        for name in self.STORED:
            found.update(np.ascontiguousarray(getattr(self, name)).data)
        return found.hexdigest()

    def record(self, arm: str, week: int, totals: NDArray[np.int64], flagged: Sequence[int]) -> None:
        """Add one arm's sums of a week.

        Parameters
        ----------
        arm : str
            One of `ARMS`.
        week : int
            The week, from 0.
        totals : ndarray of int64, shape (districts, cells, sums)
            Sums of the week.
        flagged : sequence of int
            Places of the sums that are stored by week and district.
        """
        place, by_district = place_of(arm), totals.sum(axis=1)
        self.weekly[place, week] = totals.sum(axis=0)
        self.periods[place, week // self.period_weeks] += by_district
        self.districts[place, week] = by_district[:, flagged]


def place_of(arm: str) -> int:
    """Where the sums of an arm are stored.

    Parameters
    ----------
    arm : str
        One of `ARMS`.

    Returns
    -------
    int
        Place along the axis of arms.

    Raises
    ------
    ValueError
        For another name.
    """
    if arm not in ARMS:
        raise ValueError(f"{arm}: no such arm. Choose one of {', '.join(ARMS)}.")
    return ARMS.index(arm)


def _period_weeks(districts: int) -> int:
    return QUARTER if districts <= YEARLY_ABOVE_DISTRICTS else YEAR
