"""The population that simulated auditors look at: shares of its people by group cell, with the truth known.

Beside the population as the run left it there are two in which only one thing differs, the number of people wrongly
flagged in each group: as often a head in every group, or twice as often (or another multiple) in one. All else is as it
was: how often each group is rightly flagged, what came of appeals, who complains. In the first a finding is a false
alarm, in the second it is right.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis.audit.cross_count import APPEALS, WRONG_BY, CrossCount
from glasshouse.model.measure import FloatArray, ratio

REFUSED, WON = APPEALS.index("refused"), APPEALS.index("won")


@dataclass(frozen=True)
class World:
    """Shares of all adults by cell; each an array (cells,).

    Attributes
    ----------
    groups : tuple of str
        The declared groups.
    adults : ndarray of float
        Adults of the cell; they add up to 1.
    wrong, right : ndarray of float
        Adults wrongly and rightly flagged.
    appeals : ndarray of float, shape (2, 3, cells)
        Of the rightly and the wrongly flagged, the share that appealed, that had an appeal decided, and that won one.
    complaining : ndarray of float
        Adults who complained of anything.
    """

    groups: tuple[str, ...]
    adults: FloatArray
    wrong: FloatArray
    right: FloatArray
    appeals: FloatArray
    complaining: FloatArray

    @classmethod
    def of(cls, counted: CrossCount, yardstick: str = "rule") -> "World":
        """The population as the run left it.

        Parameters
        ----------
        counted : CrossCount
            The cross-count of a run, of all its replicates together.
        yardstick : str
            By what a listing is wrong, one of `WRONG_BY`.

        Returns
        -------
        World
            Its shares.
        """
        everybody = float(counted.adults.sum())
        axis = list(WRONG_BY).index(yardstick) + 1
        # Flagged adults by cell, by whether wrongly, and by appeal.
        flagged = np.moveaxis(counted.people[:, 1], axis, 1).sum(axis=(2, 3, 4)).astype(float)
        decided = flagged[..., [REFUSED, WON]].sum(axis=-1)
        parts = np.stack([flagged[..., 1:].sum(axis=-1), decided, flagged[..., WON]])
        whole = flagged.sum(axis=-1)
        pooled = ratio(parts.sum(axis=1), whole.sum(axis=0))
        # Where a cell has nobody of a kind, those of all cells stand in: they are needed once the kind is moved there.
        appeals = np.where(whole > 0, parts / np.maximum(whole, 1), np.nan_to_num(pooled)[:, None, :])
        return cls(
            counted.groups,
            counted.adults / everybody,
            whole[:, 1] / everybody,
            whole[:, 0] / everybody,
            appeals.transpose(2, 0, 1),
            counted.complaining / everybody,
        )

    def members(self, group: str) -> NDArray[np.bool_]:
        """Which cells belong to a group.

        Parameters
        ----------
        group : str
            One of `groups`.

        Returns
        -------
        ndarray of bool, shape (cells,)
            True for the cells of the group.
        """
        found: NDArray[np.bool_] = (np.arange(len(self.adults)) >> self.groups.index(group)) & 1 > 0
        return found

    def share(self, group: str) -> float:
        """The share of adults who belong to a group.

        Parameters
        ----------
        group : str
            One of `groups`.

        Returns
        -------
        float
            Between 0 and 1.
        """
        return float(self.adults[self.members(group)].sum())

    def truth(self, group: str) -> float:
        """How many times as often a member of the group is wrongly flagged as one of the rest.

        Parameters
        ----------
        group : str
            One of `groups`.

        Returns
        -------
        float
            The ratio of wrongly flagged adults a head; NaN where nobody of the rest is.
        """
        mine, rest = (heads(self.wrong, self.adults, self.members(group), one) for one in (True, False))
        return mine / rest if rest > 0 else np.nan

    def with_ratio(self, group: str, times: float) -> "World":
        """The same population with as many people wrongly flagged, but so many times as often a head in the group.

        Parameters
        ----------
        group : str
            One of `groups`.
        times : float
            The ratio a head; 1 makes all cells equal.

        Returns
        -------
        World
            In all else as before.
        """
        heavier = np.where(self.members(group), times, 1.0) * self.adults
        return replace(self, wrong=self.wrong.sum() * heavier / heavier.sum())

    @property
    def is_possible(self) -> bool:
        """Whether no group, and none of the rest of it, has more flagged adults than adults."""
        flagged = self.wrong + self.right
        rates = [
            heads(flagged, self.adults, self.members(group), inside)
            for group in self.groups
            for inside in (True, False)
        ]
        return not any(rate > 1.0 for rate in rates)


def heads(part: FloatArray, whole: FloatArray, members: NDArray[np.bool_], inside: bool) -> float:
    """A rate in a group or in the rest.

    Parameters
    ----------
    part : ndarray of float, shape (cells,)
        Numerator by cell.
    whole : ndarray of float, shape (cells,)
        Denominator by cell.
    members : ndarray of bool, shape (cells,)
        The cells of the group.
    inside : bool
        Whether the group is meant, or the rest.

    Returns
    -------
    float
        The rate; NaN where the denominator is zero.
    """
    here = members == inside
    below = float(whole[here].sum())
    return float(part[here].sum()) / below if below > 0 else np.nan
