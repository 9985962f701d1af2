"""Counts that an authority disclosed: how many of how many, rounded or not, and never fewer than fifty.

A count carries its own uncertainty. Of a run in which a share p of the people is counted, an authority with n people would
have published a binomial number, rounded as the real one is; of a rate of events a Poisson number. Counts of one table are
given one within the other, such as those flagged among all and those found among the flagged: such binomial numbers are the
factors of a multinomial one, so that their errors are independent. Counts below fifty, and counts that leave fewer than fifty
of those they are among, could tell of single persons and are refused.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from glasshouse.analysis.calibration.target_entries import Entry
from glasshouse.model.measure import FloatArray

FEWEST = 50
"""People below which no count is read."""


@dataclass(frozen=True)
class Count:
    """A disclosed count.

    Attributes
    ----------
    number : int
        How many were counted.
    base : int
        Among how many; for a rate of events, in how many person-years or the like.
    rounded : int
        The multiple to which the number is rounded; 1 if it is exact.
    """

    number: int
    base: int
    rounded: int = 1

    @property
    def figure(self) -> float:
        """The count as a share of what it is among, or as a rate."""
        return self.number / self.base

    @property
    def error(self) -> float:
        """Standard error of the share: that of the number of people, and that of rounding."""
        variance = self.figure * max(1.0 - self.figure, 0.0) if self.figure <= 1.0 else self.figure
        return math.sqrt(variance / self.base + (self.rounded / self.base) ** 2 / 12.0)

    def drawn(self, shares: FloatArray, seed: int) -> FloatArray:
        """Draw what would have been disclosed in each of some runs.

        Parameters
        ----------
        shares : ndarray, shape (runs,)
            The share, or rate, of each run.
        seed : int
            Random seed.

        Returns
        -------
        ndarray, shape (runs,)
            Shares as they follow from a drawn and rounded count.
        """
        from scipy.stats import binom, poisson

        state = seed % 2**32
        if (shares <= 1.0).all():
            counts = binom.rvs(self.base, np.clip(shares, 0.0, 1.0), size=len(shares), random_state=state)
        else:
            counts = poisson.rvs(np.maximum(shares, 0.0) * self.base, size=len(shares), random_state=state)
        return np.asarray(np.round(counts / self.rounded) * self.rounded / self.base, dtype=np.float64)


def number_of(table: object) -> int:
    """Read the count of another target.

    Parameters
    ----------
    table : object
        What a file has under the target's name; None if there is no such target.

    Returns
    -------
    int
        The count; 0 if it has none.
    """
    found = table.get("count", 0) if isinstance(table, Mapping) else 0
    return found if isinstance(found, int) else 0


def count_faults(entry: Entry, base: int) -> list[tuple[str, str]]:
    """Check a target that is given as a count.

    Parameters
    ----------
    entry : Entry
        The target.
    base : int
        What it is counted among; 0 where that is unknown.

    Returns
    -------
    list of (str, str)
        Key and fault of everything that is wrong.
    """
    found = []
    if entry.model_fields_set & {"figure", "error", "range"}:
        found.append(("count", "figure, error and range follow from a count. Leave them out."))
    if entry.kind != "disclosed":
        found.append(("kind", 'a count is of kind = "disclosed", with body, date and reference.'))
    if bool(entry.of) == bool(entry.among):
        found.append(("of", "say what it is counted among: either a number (of) or another target (among)."))
    elif not base:
        found.append(("among", f"there is no target {entry.among} with a count."))
    elif entry.count < FEWEST:
        found.append(
            ("count", f"counts below {FEWEST} could tell of single persons, and are not read. Add years or groups up.")
        )
    elif entry.count > base and entry.among:
        found.append(
            ("count", f"{entry.count:,} cannot be among {base:,} ({entry.among}): one of the two is something else.")
        )
    elif base - entry.count < FEWEST:
        left = f"{base:,} less {entry.count:,} leaves {base - entry.count}"
        found.append(("count", f"{left}: fewer than {FEWEST} could tell of single persons."))
    return found
