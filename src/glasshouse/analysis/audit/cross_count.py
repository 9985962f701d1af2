"""What an audit is drawn from: how many adults of each group cell had what happen to them in the last year of a run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.entities import CELLS

IntArray = NDArray[np.int64]

APPEALS = ("none", "waiting", "refused", "won")
"""The most that came of a person's appeals in the year: none made, none decided, all decided ones refused, one won."""

WRONG_BY = {"rule": "wrong by the regime's own rule", "conduct": "undeserved by conduct", "law": "wrong by law"}
"""The yardsticks by which a listing can be wrong."""

CLASSES = (2, 2, 2, 2, 2, len(APPEALS))
"""Flagged or not, wrong by the rule, undeserved by conduct, wrong by law, deserving by conduct, and what came of appeals."""


@dataclass(frozen=True)
class CrossCount:
    """Adults under the regime, counted by what happened to them in the audit's year. It has no row about anybody.

    A person is *flagged* who was restricted in some context in some week of the year, *wrong by the rule*, *undeserved* or
    *unlawful* who was so in some context in some week of it, and *deserving* whose conduct deserved a restriction.

    Attributes
    ----------
    groups : tuple of str
        The declared groups: the cell is the sum of a bit for each, 1 for the first, 2 for the second, and so on.
    people : ndarray of int64, shape (cells, 2, 2, 2, 2, 2, 4)
        Adults by cell, flagged, wrong by the rule, undeserved, unlawful, deserving, and `APPEALS`.
    complaining, recorded : ndarray of int64, shape (cells,)
        Adults who made a complaint of any kind, and adults with some record in an agency's file.
    """

    groups: tuple[str, ...]
    people: IntArray
    complaining: IntArray
    recorded: IntArray

    @classmethod
    def empty(cls, groups: tuple[str, ...]) -> "CrossCount":
        """A cross-count of nobody.

        Parameters
        ----------
        groups : tuple of str
            The declared groups.

        Returns
        -------
        CrossCount
            All zeros.
        """
        return cls(groups, np.zeros((CELLS, *CLASSES), np.int64), np.zeros(CELLS, np.int64), np.zeros(CELLS, np.int64))

    def __add__(self, other: "CrossCount") -> "CrossCount":
        return CrossCount(
            self.groups,
            self.people + other.people,
            self.complaining + other.complaining,
            self.recorded + other.recorded,
        )

    @property
    def adults(self) -> IntArray:
        """Adults by cell."""
        counted: IntArray = self.people.reshape(len(self.people), -1).sum(axis=1)
        return counted
