"""What is kept of a replicate: the week's sums of both worlds, and nothing about any one citizen.

Kept are the sums by week and group cell, by period and district, the paired sums, and by week and district the few sums
that ask for it (protests, whose crowds are a result of their own). A period is a quarter, fine enough to follow a
roll-out, and in societies of many districts a year, so that the ledger stays small beside the society.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Sum
from glasshouse.model.entities import CELLS

ARMS = ("reference", "regime")
YEAR = 52
"""Weeks of a year of the model."""
QUARTER = 13
"""Weeks of a quarter of the model."""
YEARLY_ABOVE_DISTRICTS = 1000
"""Districts beyond which sums by district are kept by year: two million citizens at the usual size of a district."""


@dataclass
class WeeklyTotals:
    """Integer arrays in storage units; t weeks, p periods, d districts, s sums, q paired sums, f flagged sums.

    `weekly` (2, t, cells, s), `periods` (2, p, d, s), `districts` (2, t, d, f), `pairs` (t, cells, q); `weeks` is how
    many weeks are filled in.
    """

    weekly: NDArray[np.int64]
    periods: NDArray[np.int64]
    districts: NDArray[np.int32]
    pairs: NDArray[np.int64]
    sums: tuple[Sum, ...] = ()
    weeks: int = 0

    KEPT = ("weekly", "periods", "districts", "pairs")

    @classmethod
    def empty(cls, weeks: int, districts: int, sums: Sequence[Sum], paired: Sequence[Sum]) -> "WeeklyTotals":
        """A ledger with room for a run."""
        period_weeks = _period_weeks(districts)
        flagged = sum(total.weekly_by_district for total in sums)
        return cls(
            weekly=np.zeros((2, weeks, CELLS, len(sums)), np.int64),
            periods=np.zeros((2, -(-weeks // period_weeks), districts, len(sums)), np.int64),
            districts=np.zeros((2, weeks, districts, flagged), np.int32),
            pairs=np.zeros((weeks, CELLS, len(paired)), np.int64),
            sums=tuple(sums),
        )

    @property
    def period_weeks(self) -> int:
        """Weeks of a period: QUARTER, or YEAR where there are MANY districts."""
        return _period_weeks(self.periods.shape[2])

    @property
    def yearly(self) -> NDArray[np.int64]:
        """Sums by district and year (2, y, d, s); the last year may be incomplete."""
        firsts = np.arange(0, self.periods.shape[1], YEAR // self.period_weeks)
        return np.add.reduceat(self.periods, firsts, axis=1)

    def digest(self) -> str:
        """Hash of all sums: two replicates with the same one came out alike."""
        found = hashlib.blake2b(digest_size=16)
        for name in self.KEPT:
            found.update(np.ascontiguousarray(getattr(self, name)).data)
        return found.hexdigest()

    def record(self, world: int, week: int, totals: NDArray[np.int64], flagged: Sequence[int]) -> None:
        """Enters one world's totals (districts, cells, sums) of a week; `flagged` are the slots kept by district."""
        by_district = totals.sum(axis=1)
        self.weekly[world, week] = totals.sum(axis=0)
        self.periods[world, week // self.period_weeks] += by_district
        self.districts[world, week] = by_district[:, flagged]


def _period_weeks(districts: int) -> int:
    return QUARTER if districts <= YEARLY_ABOVE_DISTRICTS else YEAR
