"""Measures of a run by arm and group."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import AnalysisError
from glasshouse.model.measure import Measure
from glasshouse.results import intervals
from glasshouse.results.estimate import Estimate
from glasshouse.results.groups import EVERYBODY
from glasshouse.results.intervals import Intervals
from glasshouse.results.totals import ARMS
from glasshouse.results.window_sums import WindowSums


class MeasuresByArm(WindowSums):
    """What `Result` offers of its measures.

    Attributes
    ----------
    catalogue
        See `Result`, which holds them.
    """

    catalogue: tuple[type[Measure], ...]

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
            One of `groups.groupings`; measures over districts have one value for all groups.

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
            return np.array([float(wanted.value(self.weekly_sums(r, arm, group, self.window))) for r in replicates])
        return np.asarray(wanted.value(self.resampled(arm, group)), float)[1 + len(self.weekly_totals) :]

    def level(self, measure: type[Measure] | str, arm: str, group: str = EVERYBODY) -> Estimate:
        """A measure of one arm over the reporting window, all replicates together.

        It is the ratio of sums over all replicates, as effects are. Measures that a population has as a whole
        (`Measure.is_averaged`) are averaged over replicates.

        Parameters
        ----------
        measure : type of Measure or str
            The measure or its name.
        arm : str
            `reference` or `regime`.
        group : str
            One of `groups.groupings`.

        Returns
        -------
        Estimate
            The figure with its 95 % interval, in the unit of the measure.
        """
        wanted = self.measure(measure) if isinstance(measure, str) else measure
        return _allowed(intervals.level(self.figures(wanted, arm, group), wanted.scale, wanted.kurtosis), wanted)

    def effect(self, measure: type[Measure] | str, group: str = EVERYBODY) -> Estimate:
        """Effect of the regime on a measure: the difference of both arms' levels, or a figure between arms.

        Parameters
        ----------
        measure : type of Measure or str
            The measure or its name.
        group : str
            One of `groups.groupings`.

        Returns
        -------
        Estimate
            The effect over all replicates together with its 95 % interval, in the unit of the measure.
        """
        wanted = self.measure(measure) if isinstance(measure, str) else measure
        if wanted.is_between():
            figures = self.effect_figures(wanted, group)
            return _allowed(intervals.level(figures, wanted.scale, wanted.kurtosis), wanted)
        arms = [self.figures(wanted, arm, group) for arm in ARMS]
        if wanted.is_averaged():
            # Only replicates in which both arms have a value can be compared.
            both = np.isfinite(self.values(wanted, ARMS[0], group)) & np.isfinite(self.values(wanted, ARMS[1], group))
            arms = [intervals.mean_resamples(np.where(both, self.values(wanted, arm, group), np.nan)) for arm in ARMS]
            ceilings = (np.array(np.nan), np.array(np.nan))
        else:
            ceilings = tuple(wanted.ceiling(self.resampled(arm, group))[0] for arm in ARMS)
        return _allowed(intervals.difference(arms[0], arms[1], ceilings, wanted.scale, wanted.kurtosis), wanted)

    def figures(self, measure: type[Measure], arm: str, group: str = EVERYBODY) -> NDArray[np.float64]:
        """A measure of one arm from all replicates together, from all but each, and from each alone.

        Parameters
        ----------
        measure : type of Measure
            The measure.
        arm : str
            `reference` or `regime`.
        group : str
            One of `groups.groupings`.

        Returns
        -------
        ndarray of float64, shape (2 * replicates + 1,)
            In the unit of the measure; see `intervals.resamples`.
        """
        if measure.is_averaged():
            return intervals.mean_resamples(self.values(measure, arm, group))
        return intervals.of_measure(measure, np.asarray(measure.value(self.resampled(arm, group)), float))

    def effect_figures(self, measure: type[Measure], group: str = EVERYBODY) -> NDArray[np.float64]:
        """The effect on a measure from all replicates together, from all but each, and from each alone.

        Parameters
        ----------
        measure : type of Measure
            The measure.
        group : str
            One of `groups.groupings`.

        Returns
        -------
        ndarray of float64, shape (2 * replicates + 1,)
            In the unit of the measure; see `intervals.resamples`.
        """
        if not measure.is_between():
            reference, regime = (self.figures(measure, arm, group) for arm in ARMS)
            return regime - reference
        reference_sums, regime_sums = (self.resampled(arm, group) for arm in ARMS)
        found = np.asarray(measure.between(reference_sums, regime_sums, self.resampled_pairs(group)), float)
        return intervals.of_measure(measure, found)


def _allowed(found: Intervals, measure: type[Measure]) -> Estimate:
    """The estimate of a measure, without an interval where the measure declares that it has none."""
    one = found.estimate()
    if not measure.no_interval or np.isnan(one.mean) or one.is_zero:
        return one
    return replace(one, low=np.nan, high=np.nan, reason=f"no interval, for {measure.no_interval}")
