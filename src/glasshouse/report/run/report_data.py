"""What a report of a run shows, computed once: estimates, time series, burdens and changes by district.

Pages, notebooks and comparisons only draw from it; none asks the result again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from glasshouse.analysis.harm_rates import Restricted, WronglyRestricted
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray, Measure
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.measures.governance import Cost, Service
from glasshouse.model.measures.listing import ListedShare, UnlawfulShare, WronglyListedShare
from glasshouse.model.measures.speech import Chilling
from glasshouse.model.measures.welfare import WelfareLost
from glasshouse.model.scale import POSITIVE
from glasshouse.report.run.series import in_words, points, years
from glasshouse.results import group_ratios, intervals
from glasshouse.results.estimate import Estimate
from glasshouse.results.group_ratios import Burden
from glasshouse.results.groups import EVERYBODY, groupings
from glasshouse.results.life_selection import Lives
from glasshouse.results.provenance import Provenance
from glasshouse.results.result import Result
from glasshouse.results.time_series import SERIES, Series
from glasshouse.results.totals import ARMS
from glasshouse.scenario.scenario import Scenario

BORNE = (ListedShare, WelfareLost, Chilling, WronglyListedShare, UnlawfulShare)
"""Measures whose effects are shown for each group."""

MAPPED = tuple(measure for measure in CATALOGUE if measure.by_group and not measure.is_between())
"""Measures that have a value in each district."""


WRONGLY = Series(
    "wrongly_restricted",
    "People restricted wrongly",
    "Of 100,000 adults, those who are on a list at any moment without cause by the regime's own rule.",
    "of 100,000 adults",
    WronglyRestricted,
)
"""The harm that a report begins with."""


@dataclass(frozen=True)
class MeasureEstimates:
    """A measure with its 95 % intervals over replicates.

    Attributes
    ----------
    measure : type of Measure
        The measure.
    reference, regime : Estimate or None
        Its value in each arm; None for a measure that only exists between the arms.
    effect : Estimate
        What the regime changes.
    """

    measure: type[Measure]
    reference: Estimate | None
    regime: Estimate | None
    effect: Estimate


@dataclass(frozen=True)
class YearlySeries:
    """A time series of both arms by year: rows for `charts.over_time`, the same in words, and estimates over all years."""

    series: Series
    rows: list[dict[str, Any]]
    estimates: MeasureEstimates

    @property
    def words(self) -> str:
        """What the chart shows, for readers who do not see it."""
        return in_words(self.rows, self.series)


@dataclass(frozen=True)
class ReportData:
    """Everything that the report of a run shows, as numbers.

    Attributes
    ----------
    scenario : Scenario
        What was run.
    provenance : Provenance
        Versions and digests.
    replicates : int
        How many there are.
    headline, certainty : str
        The result in one sentence, and what its intervals hold.
    measures : tuple of MeasureEstimates
        Every measure that the run was asked, in its order.
    by_group : mapping of (measure, group) to Estimate
        Effects on each group of the measures in `BORNE`.
    spending : tuple of Estimate
        Control and service together in the reference and in the regime, welfare-weeks an adult and year.
    burdens : tuple of (Burden, tuple of Estimate)
        What a member of each of the declared groups bears over one of the rest, in the regime.
    series : tuple of YearlySeries
        Time series of both arms.
    restricted : MeasureEstimates
        Adults restricted at any time, of 100,000.
    wrongly : YearlySeries
        Those of them who are restricted wrongly by the regime's own rule.
    window : tuple of int
        First and last week over which measures are taken.
    since_start : bool
        Whether years count from the start of the regime.
    district_changes : mapping of measure to array (districts)
        What the regime changes in each district of the first population; NaN where it is undefined.
    lives : Lives or None
        Exemplary lives of the first replicate, if it has any.
    """

    scenario: Scenario
    provenance: Provenance
    replicates: int
    headline: str
    certainty: str
    measures: tuple[MeasureEstimates, ...]
    by_group: Mapping[tuple[type[Measure], str], Estimate]
    spending: tuple[Estimate, Estimate]
    burdens: tuple[tuple[Burden, tuple[Estimate, ...]], ...]
    series: tuple[YearlySeries, ...]
    restricted: MeasureEstimates
    wrongly: YearlySeries
    window: tuple[int, int]
    since_start: bool
    district_changes: Mapping[type[Measure], FloatArray]
    lives: Lives | None

    @cached_property
    def _found(self) -> dict[type[Measure], MeasureEstimates]:
        return {one.measure: one for one in self.measures}

    def of(self, measure: type[Measure]) -> MeasureEstimates:
        """The estimates of one measure.

        Parameters
        ----------
        measure : type of Measure
            A measure that the run was asked.

        Returns
        -------
        MeasureEstimates
            Its values in both arms and its effect.

        Raises
        ------
        AnalysisError
            If the run was not asked it.
        """
        if measure not in self._found:
            raise AnalysisError(f"The run has no figures of `{measure.name}`. Choose a measure that it was asked.")
        return self._found[measure]


def collect(result: Result) -> ReportData:
    """Computes what the report of a run shows.

    Parameters
    ----------
    result : Result
        A finished run.

    Returns
    -------
    ReportData
        All figures.
    """
    measures = tuple(estimates(result, measure) for measure in result.catalogue)
    effects = {one.measure: one.effect for one in measures}
    return ReportData(
        scenario=result.scenario,
        provenance=result.provenance,
        replicates=len(result.weekly_totals),
        headline=result.headline,
        certainty=result.certainty,
        measures=measures,
        by_group={
            (measure, group): effects[measure] if group == EVERYBODY else result.effect(measure, group)
            for measure in BORNE
            for group in groupings(result.groups)
        },
        spending=_spending(result),
        burdens=tuple((one, _ratios(result, one)) for one in group_ratios.burdens_of(result.sums)),
        series=tuple(_yearly(result, series) for series in SERIES),
        restricted=estimates(result, Restricted),
        wrongly=_yearly(result, WRONGLY),
        window=(result.window.start, result.window.stop - 1),
        since_start=years(result)[1],
        district_changes=_district_changes(result),
        lives=result.lives,
    )


def estimates(result: Result, measure: type[Measure]) -> MeasureEstimates:
    """A measure in both arms and what the regime changes in it.

    Parameters
    ----------
    result : Result
        A finished run.
    measure : type of Measure
        The measure, one of the run's tables or another of the same sums.

    Returns
    -------
    MeasureEstimates
        Its values and its effect over the reporting window.
    """
    reference, regime = (None, None) if measure.is_between() else (result.level(measure, arm) for arm in ARMS)
    return MeasureEstimates(measure, reference, regime, result.effect(measure))


def _yearly(result: Result, series: Series) -> YearlySeries:
    return YearlySeries(series, points(result, series), estimates(result, series.measure))


def _spending(result: Result) -> tuple[Estimate, Estimate]:
    reference, regime = (
        intervals.level(result.figures(Cost, arm) + result.figures(Service, arm), POSITIVE).estimate() for arm in ARMS
    )
    return reference, regime


def _ratios(result: Result, burden: Burden) -> tuple[Estimate, ...]:
    return tuple(group_ratios.group_ratio(burden, result.resampled, group) for group in result.groups)


def _district_changes(result: Result) -> dict[type[Measure], FloatArray]:
    without, with_regime = (result.by_district(0, arm) for arm in ARMS)
    return {
        measure: np.asarray(measure.value(with_regime), float) - np.asarray(measure.value(without), float)
        for measure in MAPPED
    }
