"""Sums of a run over the reporting window, by arm, group and district."""

from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Sum
from glasshouse.model.measure import Sums
from glasshouse.results import intervals
from glasshouse.results.groups import EVERYBODY, cells_of
from glasshouse.results.totals import WeeklyTotals, place_of
from glasshouse.scenario.run_settings import adoption_weeks, replicate_seed
from glasshouse.scenario.scenario import Scenario


class WindowSums:
    """What `MeasuresByArm` computes measures from.

    Attributes
    ----------
    scenario, sums, paired, weekly_totals, span
        See `Result`, which holds them.
    """

    scenario: Scenario
    sums: tuple[Sum, ...]
    paired: tuple[Sum, ...]
    weekly_totals: tuple[WeeklyTotals, ...]
    span: tuple[int, int] | None

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that the scenario declares."""
        return self.scenario.society.groups

    @property
    def window(self) -> slice:
        """Weeks that measures are taken over: `span`, else from the start of the regime to the end of the run.

        All weeks if the regime never starts.
        """
        if self.span is not None:
            return slice(*self.span)
        start, weeks = self.scenario.run.start, self.scenario.run.weeks
        return slice(start if start < weeks else 0, weeks)

    def resampled(self, arm: str, group: str = EVERYBODY) -> Sums:
        """Sums over the reporting window and all replicates, over all but each, and over each alone.

        Parameters
        ----------
        arm : str
            `reference` or `regime`.
        group : str
            One of `groups.groupings`.

        Returns
        -------
        Sums
            An entry for each resample; see `intervals.resamples`.
        """
        place = (arm, group)
        if place not in self._resamples:
            each = self._in_window[0][:, place_of(arm), cells_of(group, self.groups)].sum(axis=1)
            groups = partial(self.resampled, arm) if group == EVERYBODY else None
            self._resamples[place] = Sums(intervals.resamples(each), self.sums, groups, self.groups)
        return self._resamples[place]

    def resampled_pairs(self, group: str = EVERYBODY) -> Sums:
        """Paired sums over the reporting window from each resample of replicates; see `resampled`.

        Parameters
        ----------
        group : str
            One of `groups.groupings`.

        Returns
        -------
        Sums
            An entry for each resample.
        """
        return Sums(intervals.resamples(self._in_window[1][:, cells_of(group, self.groups)].sum(axis=1)), self.paired)

    @cached_property
    def _resamples(self) -> dict[tuple[str, str], Sums]:
        """Sums by arm and group that were asked for before."""
        return {}

    def weekly_sums(self, replicate: int, arm: str, group: str = EVERYBODY, weeks: slice = slice(None)) -> Sums:
        """Sums week by week.

        Parameters
        ----------
        replicate : int
            Number of the replicate.
        arm : str
            `reference` or `regime`.
        group : str
            One of `groups.groupings`.
        weeks : slice
            Which weeks, all of the run by default; `window` for those of the reporting window.

        Returns
        -------
        Sums
            One entry a week, in the sums' own units.
        """
        weekly = self.weekly_totals[replicate].arm(arm).weekly
        groups = partial(self.weekly_sums, replicate, arm, weeks=weeks) if group == EVERYBODY else None
        cells = cells_of(group, self.groups)
        return Sums(weekly[weeks][:, cells].sum(axis=1), self.sums, groups, self.groups)

    @cached_property
    def _in_window(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Sums over the reporting window: (replicates, arms, cells, sums) and (replicates, cells, paired sums).

        Every measure and group asks for them, and adding up the weeks each time takes minutes.
        """
        weekly = [totals.weekly[:, self.window].sum(axis=1) for totals in self.weekly_totals]
        return np.stack(weekly), np.stack([totals.pairs[self.window].sum(axis=0) for totals in self.weekly_totals])

    def by_district(self, replicate: int, arm: str) -> Sums:
        """Sums over the periods that lie wholly within the reporting window.

        A period is a quarter, or a year in populations of many districts; the last of a run may be shorter.

        Parameters
        ----------
        replicate : int
            Number of the replicate.
        arm : str
            The arm.

        Returns
        -------
        Sums
            One entry a district; all zero, so that measures are undefined, where the window holds no whole period.
        """
        totals, window, weeks = self.weekly_totals[replicate], self.window, self.scenario.run.weeks
        firsts = np.arange(totals.periods.shape[1]) * totals.period_weeks
        ends = np.minimum(firsts + totals.period_weeks, weeks)
        inside = (firsts >= window.start) & (ends <= window.stop)
        return Sums(totals.arm(arm).periods[inside].sum(axis=0), self.sums)

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
