"""Collects the weekly sums of a replicate while it runs."""

from collections.abc import Mapping

import numpy as np

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.sum_limits import SumLimits
from glasshouse.engine.state import ArmState
from glasshouse.model.entities import Population
from glasshouse.results.totals import ARMS, REFERENCE, REGIME, WeeklyTotals


class TotalsObserver:
    """Adds up the sums of the reference and the regime, and those that compare each citizen in both.

    Parameters
    ----------
    backend : CompiledBackend
        Computes the paired sums.
    weeks : int
        Weeks of the run.

    Attributes
    ----------
    totals : WeeklyTotals
        The sums so far; there from `begin` on.
    sizes : ndarray of float64, shape (arms, checked sums)
        How much each sum of a plug-in holds so far, whatever the sign; a checkpoint carries it on.
    """

    totals: WeeklyTotals

    def __init__(self, backend: CompiledBackend, weeks: int) -> None:
        self.backend, self.weeks = backend, weeks
        self._flagged = [place for place, total in enumerate(backend.layout.sums) if total.weekly_by_district]
        self._limits = SumLimits(backend.layout)
        self.sizes = np.zeros((len(ARMS), len(self._limits.checked)))

    def begin(self, population: Population, layout: ModelLayout) -> None:
        """Make room for the sums of a replicate.

        Parameters
        ----------
        population : Population
            The population of the replicate.
        layout : ModelLayout
            Declares the sums.
        """
        self.totals = WeeklyTotals.empty(self.weeks, len(population.districts), layout.sums, self.backend.paired)

    def observe(self, week: int, arms: Mapping[str, ArmState]) -> None:
        """Add the sums of a week.

        Parameters
        ----------
        week : int
            The week.
        arms : mapping of str to ArmState
            States of the arms.

        Raises
        ------
        RunningError
            If a sum of a plug-in, added up over districts and weeks, reached its limit.
        """
        for place, arm in enumerate(ARMS):
            # Measures add up districts and weeks: that must not pass 64 bits either.
            self.sizes[place] += self._limits.sizes(arms[arm].totals)
            self._limits.hold(self.sizes[place], week)
            self.totals.record(arm, week, arms[arm].totals, self._flagged)
        self.totals.pairs[week] = self.backend.compare(arms[REFERENCE], arms[REGIME])
        self.totals.weeks = week + 1

    def finish(self) -> None:
        """Nothing is left to do."""
