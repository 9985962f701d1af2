"""Observes the regime arm of one replicate and makes the cross-count of its last year."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis.audit.cross_count import APPEALS, CLASSES, CrossCount
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import MOST_AGENCIES, RESTRICTED
from glasshouse.model.codes import NOT_CLAIMED, NOT_CLEARED
from glasshouse.model.entities import CELLS, Population, cells_in_week
from glasshouse.model.mechanisms.redress import REFUSED, WAITING

YEAR = 52
"""Weeks before the end of a run that an audit is of."""

NONE, UNDECIDED, LOST, WON = range(len(APPEALS))


class CrossCountObserver:
    """Counts adults of districts under the regime by what happened to them in the last year of a run.

    Recipients are those who draw a benefit in its last week.

    Parameters
    ----------
    groups : tuple of str
        The declared groups, whose bits `cell` is made of.
    weeks : int
        Weeks of the run.
    arm : str
        Name of the arm that is audited.

    Attributes
    ----------
    replicates : list of CrossCount
        The cross-count of each replicate that has ended.
    """

    def __init__(self, groups: tuple[str, ...], weeks: int, arm: str) -> None:
        self.groups, self.first, self.arm = groups, max(weeks - YEAR, 0), arm
        self.replicates: list[CrossCount] = []

    def begin(self, population: Population, layout: ModelLayout) -> None:
        """Prepare for a replicate.

        Parameters
        ----------
        population : Population
            The population of the replicate.
        layout : ModelLayout
            Not used.
        """
        people = len(population.citizens)
        self._drawing = np.zeros(people, bool)
        self._cell = population.citizens["cell"].astype(np.int64)
        self._adult = population.citizens["adult"] > 0
        self._sizes = population.districts["size"].astype(np.int64)
        self._under = np.zeros(people, bool)
        self._seen = {
            name: np.zeros(people, bool)
            for name in ("flagged", "wrong", "undeserved", "unlawful", "deserving", "complaint", "record")
        }
        self._appeal = np.zeros(people, np.int64)
        self._refused = np.zeros(people, bool)

    def observe(self, week: int, arms: Mapping[str, ArmState]) -> None:
        """Note what happened in a week.

        Parameters
        ----------
        week : int
            The week.
        arms : mapping of str to ArmState
            States of the arms.
        """
        state = arms[self.arm]
        citizens, seen = state.citizens, self._seen
        # A refusal stands until the spell ends: what was refused before the year is not counted.
        refused, before = citizens["appeal"] == REFUSED, self._refused
        self._refused = refused
        if week < self.first:
            return
        self._drawing = (citizens["benefit"] > 0) & (citizens["benefit"] < NOT_CLAIMED)
        under = np.repeat(state.active_table > 0, self._sizes) & self._adult
        self._under |= under
        seen["flagged"] |= under & (citizens["contexts"] > 0)
        seen["wrong"] |= under & (citizens["wronged"] > 0)
        seen["undeserved"] |= under & (citizens["undeserved"] > 0)
        seen["unlawful"] |= under & (citizens["unlawful"] > 0)
        seen["deserving"] |= under & _any(citizens, "due_state", RESTRICTED)
        seen["complaint"] |= under & citizens["complaint"]
        seen["record"] |= under & (_any(citizens, "right", 1) | _any(citizens, "wrong", 1))
        outcome = np.select(
            [citizens["cleared"] != NOT_CLEARED, refused & ~before, citizens["appeal"] == WAITING],
            [WON, LOST, UNDECIDED],
            NONE,
        )
        np.maximum(self._appeal, np.where(under, outcome, NONE), out=self._appeal)

    def finish(self) -> None:
        """Count the people of the replicate and end it."""
        who, seen = self._under, self._seen
        cell = cells_in_week(self._cell, self._drawing)
        axes = (*(seen[name] for name in ("flagged", "wrong", "undeserved", "unlawful", "deserving")), self._appeal)
        places = np.ravel_multi_index([cell, *(axis.astype(np.int64) for axis in axes)], (CELLS, *CLASSES))
        shape = (CELLS, *CLASSES)
        self.replicates.append(
            CrossCount(
                self.groups,
                np.bincount(places[who], minlength=int(np.prod(shape))).reshape(shape),
                np.bincount(cell[who & seen["complaint"]], minlength=CELLS),
                np.bincount(cell[who & seen["record"]], minlength=CELLS),
            )
        )


def _any(citizens: NDArray[np.void], name: str, least: int) -> NDArray[np.bool_]:
    """Whether a vector column reaches a value in some agency."""
    found: NDArray[np.bool_] = np.logical_or.reduce(
        [
            citizens[f"{name}_{k}"] >= least
            for k in range(MOST_AGENCIES)
            if f"{name}_{k}" in (citizens.dtype.names or ())
        ]
    )
    return found
