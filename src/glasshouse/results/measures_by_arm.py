"""Sums and measures of a run by arm, group, district and window."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import AnalysisError
from glasshouse.model.declarations import Sum
from glasshouse.model.measure import Measure, Sums
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate
from glasshouse.results.groups import EVERYBODY, cells_of
from glasshouse.results.totals import ARMS, YEAR, WeeklyTotals, place_of
from glasshouse.scenario.run_settings import adoption_weeks, replicate_seed
from glasshouse.scenario.scenario import Scenario


class MeasuresByArm:
    """What `Result` offers of its stored sums.

    Attributes
    ----------
    scenario, sums, paired, weekly_totals, catalogue, span
        See `Result`, which holds them.
    """

    scenario: Scenario
    sums: tuple[Sum, ...]
    paired: tuple[Sum, ...]
    weekly_totals: tuple[WeeklyTotals, ...]
    catalogue: tuple[type[Measure], ...]
    span: tuple[int, int] | None

    @property
    def window(self) -> slice:
        """Weeks that measures are taken over: `span`, else from the start of the regime to the end of the run.

        All weeks if the regime never starts.
        """
        if self.span is not None:
            return slice(*self.span)
        start, weeks = self.scenario.run.start, self.scenario.run.weeks
        return slice(start if start < weeks else 0, weeks)

    def measure(self, name: str) -> type[Measure]:
        """The measure of a name.

        Parameters
        ----------
        name : str
            Name of a measure of the catalogue, such as `chilling`.

        Returns
        -------
        type of Measure
            The measure.

        Raises
        ------
        AnalysisError
            If there is no such measure.
        """
        for measure in self.catalogue:
            if measure.name == name:
                return measure
        raise AnalysisError(f"{name}: no such measure. Choose one of {', '.join(one.name for one in self.catalogue)}.")

    def values(self, measure: type[Measure] | str, arm: str, group: str = EVERYBODY) -> NDArray[np.float64]:
        """A measure of one arm over the reporting window.

        Parameters
        ----------
        measure : type of Measure or str
            The measure or its name.
        arm : str
            `reference` or `regime`.
        group : str
            One of `groups.GROUPINGS`; measures over districts have one value for all groups.

        Returns
        -------
        ndarray of float64, shape (replicates,)
            In the unit of the measure; NaN where it is undefined.

        Examples
        --------
        >>> result.values("chilling", arm="regime")  # doctest: +SKIP
        """
        wanted = self.measure(measure) if isinstance(measure, str) else measure
        replicates = range(len(self.weekly_totals))
        if wanted.by_district:
            return np.array([float(wanted.value(self.by_district(r, arm))) for r in replicates])
        if wanted.by_week:
            return np.array([float(wanted.value(self.in_window(r, arm, group))) for r in replicates])
        return np.array([float(wanted.value(self.total([r], arm, group))) for r in replicates])

    def effect(self, measure: type[Measure] | str, group: str = EVERYBODY) -> Estimate:
        """Effect of the regime on a measure: the paired difference, or a ratio between arms of pooled sums.

        Parameters
        ----------
        measure : type of Measure or str
            The measure or its name.
        group : str
            One of `groups.GROUPINGS`.

        Returns
        -------
        Estimate
            Mean over replicates with its 95 % interval, in the unit of the measure.
        """
        wanted = self.measure(measure) if isinstance(measure, str) else measure
        if not wanted.is_between():
            reference, regime = (self.values(wanted, arm, group) for arm in ARMS)
            return estimate.from_replicates(regime - reference)

        def between(replicates: Sequence[int]) -> float:
            reference, regime = (self.total(replicates, arm, group) for arm in ARMS)
            return float(wanted.between(reference, regime, self.pair(replicates, group)))

        return estimate.pooled(between, len(self.weekly_totals))

    def weekly_sums(self, replicate: int, arm: str, group: str = EVERYBODY) -> Sums:
        """Sums of every week of the run.

        Parameters
        ----------
        replicate : int
            Number of the replicate.
        arm : str
            `reference` or `regime`.
        group : str
            One of `groups.GROUPINGS`.

        Returns
        -------
        Sums
            One entry a week, in the sums' own units.
        """
        return Sums(self.weekly_totals[replicate].arm(arm).weekly[:, cells_of(group)].sum(axis=1), self.sums)

    def in_window(self, replicate: int, arm: str, group: str = EVERYBODY) -> Sums:
        """Sums of every week of the reporting window; see `weekly_sums`.

        Parameters
        ----------
        replicate : int
            Number of the replicate.
        arm : str
            `reference` or `regime`.
        group : str
            One of `groups.GROUPINGS`.

        Returns
        -------
        Sums
            One entry a week.
        """
        weekly = self.weekly_totals[replicate].arm(arm).weekly
        return Sums(weekly[self.window][:, cells_of(group)].sum(axis=1), self.sums)

    def total(self, replicates: Sequence[int], arm: str, group: str = EVERYBODY) -> Sums:
        """Sums over the reporting window and some replicates.

        Parameters
        ----------
        replicates : sequence of int
            Numbers of the replicates.
        arm : str
            `reference` or `regime`.
        group : str
            One of `groups.GROUPINGS`.

        Returns
        -------
        Sums
            One value each.
        """
        cells = np.ix_(replicates, [place_of(arm)], cells_of(group))
        return Sums(self._in_window[0][cells].sum(axis=(0, 1, 2)), self.sums)

    def pair(self, replicates: Sequence[int], group: str = EVERYBODY) -> Sums:
        """Paired sums over the reporting window and some replicates.

        Parameters
        ----------
        replicates : sequence of int
            Numbers of the replicates.
        group : str
            The group.

        Returns
        -------
        Sums
            One value each.
        """
        return Sums(self._in_window[1][np.ix_(replicates, cells_of(group))].sum(axis=(0, 1)), self.paired)

    @cached_property
    def _in_window(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Sums over the reporting window: (replicates, arms, cells, sums) and (replicates, cells, paired sums).

        Every measure, group and jackknife step asks for them, and adding up the weeks each time takes minutes.
        """
        weekly = [totals.weekly[:, self.window].sum(axis=1) for totals in self.weekly_totals]
        return np.stack(weekly), np.stack([totals.pairs[self.window].sum(axis=0) for totals in self.weekly_totals])

    def by_district(self, replicate: int, arm: str) -> Sums:
        """Sums over the whole years of the reporting window, or over all years where it holds no whole year.

        Parameters
        ----------
        replicate : int
            Number of the replicate.
        arm : str
            The arm.

        Returns
        -------
        Sums
            One entry a district.
        """
        years = self.weekly_totals[replicate].arm(arm).yearly
        first = -(-self.window.start // YEAR)
        return Sums(years[first if first < len(years) else 0 :].sum(axis=0), self.sums)

    def adoption_weeks(self, replicate: int) -> NDArray[np.int64]:
        """The week in which each district comes under the regime.

        Parameters
        ----------
        replicate : int
            Number of the replicate.

        Returns
        -------
        ndarray of int64, shape (districts,)
            Never, if it is the end of the run or later.
        """
        run = self.scenario.run
        return adoption_weeks(run, replicate_seed(run, replicate), self.weekly_totals[replicate].periods.shape[2])
