"""What is kept of a replicate: the week's sums of both worlds, and nothing about any one citizen.

Kept are the sums by week and group cell, by year and district, the paired sums, and by week and district the few sums
that ask for it (protests, whose crowds are a result of their own).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.schema import Sum
from glasshouse.society import CELLS

WORLDS = ("reference", "regime")
YEAR = 52
"""Weeks of a year of the model."""


@dataclass
class Ledger:
    """Integer arrays in storage units; t weeks, y years, d districts, s sums, q paired sums, f flagged sums.

    `weekly` (2, t, cells, s), `yearly` (2, y, d, s), `districts` (2, t, d, f), `pairs` (t, cells, q); `weeks` is how
    many weeks are filled in.
    """

    weekly: NDArray[np.int64]
    yearly: NDArray[np.int64]
    districts: NDArray[np.int32]
    pairs: NDArray[np.int64]
    sums: tuple[Sum, ...] = ()
    weeks: int = 0

    KEPT = ("weekly", "yearly", "districts", "pairs")

    @classmethod
    def empty(cls, weeks: int, districts: int, sums: Sequence[Sum], paired: Sequence[Sum]) -> "Ledger":
        """A ledger with room for a run."""
        years = (weeks + YEAR - 1) // YEAR
        flagged = sum(total.weekly_by_district for total in sums)
        return cls(
            weekly=np.zeros((2, weeks, CELLS, len(sums)), np.int64),
            yearly=np.zeros((2, years, districts, len(sums)), np.int64),
            districts=np.zeros((2, weeks, districts, flagged), np.int32),
            pairs=np.zeros((weeks, CELLS, len(paired)), np.int64),
            sums=tuple(sums),
        )

    def digest(self) -> str:
        """Hash of all sums: two replicates with the same one came out alike."""
        found = hashlib.blake2b(digest_size=16)
        for name in self.KEPT:
            found.update(np.ascontiguousarray(getattr(self, name)).data)
        return found.hexdigest()

    def note(self, world: int, week: int, totals: NDArray[np.int64], flagged: Sequence[int]) -> None:
        """Enters one world's totals (districts, cells, sums) of a week; `flagged` are the slots kept by district."""
        by_district = totals.sum(axis=1)
        self.weekly[world, week] = totals.sum(axis=0)
        self.yearly[world, week // YEAR] += by_district
        self.districts[world, week] = by_district[:, flagged]
