"""Difference-in-differences on a staggered roll-out, as a field study would do it, beside the true effect.

A field study sees the regime arm alone: districts that have adopted the regime and districts that have not yet. It
estimates the effect of adoption from those (pyfixest: two-way fixed effects, and Gardner's two-stage estimator, which
stays right where effects grow or differ; standard errors clustered by district). The reference arm has the same
districts in the same weeks without the regime, and so the truth: the effect where districts had adopted, and the effect
in districts still outside (`spillover`), which the field study takes for zero.

The estimators are linear in the values: an estimate is the sum of the same estimator's value on the reference arm and on
the difference between the arms. The first is a control. No district adopted anything there, so that it is Monte Carlo noise
alone, and what is left of the estimate without it tells how the estimator treats the effect itself.
"""

import importlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import AnalysisError, install_command
from glasshouse.model.measure import Sums
from glasshouse.model.measures import CATALOGUE
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate
from glasshouse.results.measures_by_arm import MeasuresByArm
from glasshouse.results.table import Table

ESTIMATORS = {"twfe": "two-way fixed effects", "did2s": "two stages"}
"""By their names in pyfixest, what they are; two stages are Gardner's (2022, arXiv:2207.05943)."""
LEADS, LAGS = 104, 156
"""Weeks before and after joining that an event study tells apart; the ends gather what lies beyond."""
MIN_DISTRICTS = 8
"""Districts that a study needs: standard errors clustered by fewer say next to nothing."""


@dataclass(frozen=True)
class Panel:
    """A measure of both arms by period and district.

    Attributes
    ----------
    values : ndarray of float, shape (arms, periods, districts)
        The measure, in the reference and in the regime.
    adoption : ndarray of int64, shape (districts,)
        The week in which each district adopts the regime. It counts as adopted from the period that holds this week on.
    period_weeks : int
        Weeks of a period.
    """

    values: NDArray[np.float64]
    adoption: NDArray[np.int64]
    period_weeks: int

    @property
    def event(self) -> NDArray[np.int64]:
        """Periods since the district adopted the regime (p, d), negative before."""
        return np.arange(self.values.shape[1])[:, None] - self.adoption // self.period_weeks

    @property
    def usable(self) -> NDArray[np.bool_]:
        """The cells (p, d) of a study: defined, in districts and periods with two cells or more still outside.

        The effect of a district needs periods before it joins, that of a period districts still outside; what comes
        after all have adopted can be compared with nothing.
        """
        usable: NDArray[np.bool_] = np.asarray(np.isfinite(self.values).all(axis=0))
        while True:
            outside = usable & (self.event < 0)
            fewer = usable & (outside.sum(axis=0) > 1) & (outside.sum(axis=1) > 1)[:, None]
            if (fewer == usable).all():
                return usable
            usable = fewer


@dataclass(frozen=True)
class Study:
    """What field studies of the regime arm find of one measure, one study for each replicate, beside the truth.

    Attributes
    ----------
    measure, unit : str
        Name and unit of the measure.
    period_weeks : int
        Weeks of a period.
    effects : Table
        A row for each replicate and estimator: `mean` with its 95 % interval (`low`, `high`; clustered by district),
        the same on the reference arm (`control`, `control_low`, `control_high`), `truth` and `spillover`.
    events : Table
        A row for each replicate and period since adoption, by the two-stage estimator.
    """

    measure: str
    unit: str
    period_weeks: int
    effects: Table
    events: Table

    @property
    def replicates(self) -> int:
        """How many replicates were studied."""
        return len(self.effects) // len(ESTIMATORS)

    def covered(self, estimator: str) -> int:
        """In how many replicates the study's interval covers the truth.

        Parameters
        ----------
        estimator : str
            One of `ESTIMATORS`.

        Returns
        -------
        int
            A number of replicates.
        """
        mine = self.effects["estimator"] == estimator
        low, high, truth = (self.effects[name][mine] for name in ("low", "high", "truth"))
        return int(((low <= truth) & (truth <= high)).sum())

    def found(self, estimator: str) -> Estimate:
        """The mean of the replicates' estimates.

        Parameters
        ----------
        estimator : str
            One of `ESTIMATORS`.

        Returns
        -------
        Estimate
            With an interval over replicates; that of the study itself where there is one replicate.
        """
        return _over_replicates(self.effects, self.effects["estimator"] == estimator)

    def control(self, estimator: str) -> Estimate:
        """The mean of the estimates on the reference arm, where there is no effect: noise alone.

        Parameters
        ----------
        estimator : str
            One of `ESTIMATORS`.

        Returns
        -------
        Estimate
            With an interval over replicates; that of the study itself where there is one replicate.
        """
        return _over_replicates(self.effects, self.effects["estimator"] == estimator, "control")

    @property
    def truth(self) -> Estimate:
        """The true effect in districts and periods that had adopted."""
        return self._mean("truth")

    @property
    def spillover(self) -> Estimate:
        """The true effect in districts that had not adopted yet."""
        return self._mean("spillover")

    def by_event(self) -> list[tuple[int, Estimate, float]]:
        """Estimate and truth for each time since adoption.

        Returns
        -------
        list of (int, Estimate, float)
            Weeks since adoption, the estimate over replicates, and the true effect, in the order of time.
        """
        events = self.events["event"]
        return [
            (
                int(event) * self.period_weeks,
                _over_replicates(self.events, events == event),
                float(self.events["truth"][events == event].mean()),
            )
            for event in np.unique(events)
        ]

    def _mean(self, column: str) -> Estimate:
        return estimate.from_replicates(self.effects[column][self.effects["estimator"] == "did2s"])


def _over_replicates(table: Table, mine: NDArray[np.bool_], column: str = "mean") -> Estimate:
    ends = ("low", "high") if column == "mean" else (f"{column}_low", f"{column}_high")
    mean, low, high = (table[name][mine] for name in (column, *ends))
    return (
        Estimate(float(mean[0]), float(low[0]), float(high[0]), 1) if len(mean) == 1 else estimate.from_replicates(mean)
    )


def installed() -> bool:
    """Whether pyfixest can be imported.

    Returns
    -------
    bool
        True if it is installed.
    """
    return importlib.util.find_spec("pyfixest") is not None


def panel(result: MeasuresByArm, measure: str, replicate: int) -> Panel:
    """A measure of both arms by period and district; a period cut short by the end of the run is left out.

    Parameters
    ----------
    result : MeasuresByArm
        A finished run.
    measure : str
        Name of a measure that has a value by district.
    replicate : int
        Number of the replicate.

    Returns
    -------
    Panel
        Values by arm, period and district, and the week of adoption of each district.

    Raises
    ------
    AnalysisError
        For a name that has no value by district.
    """
    wanted = {found.name: found for found in CATALOGUE if found.by_group and not found.is_between()}
    if measure not in wanted:
        raise AnalysisError(f"{measure} has no value by district and period. Choose of: {', '.join(wanted)}.")
    totals = result.weekly_totals[replicate]
    sums = Sums(totals.periods[:, : result.scenario.run.weeks // totals.period_weeks], result.sums)
    return Panel(wanted[measure].value(sums), result.adoption_weeks(replicate), totals.period_weeks)


def study_of(result: MeasuresByArm, measure: str) -> Study:
    """What difference-in-differences studies of a run's roll-out find of a measure, beside the true effect.

    Parameters
    ----------
    result : MeasuresByArm
        A finished run with a staggered roll-out.
    measure : str
        Name of a measure that has a value by district.

    Returns
    -------
    Study
        Estimates and event studies, one for each replicate.

    Raises
    ------
    AnalysisError
        If the extra `analysis` is missing, the measure has no value by district or the roll-out allows no study.
    """
    if result.scenario.run.rollout == 0 or result.scenario.run.start >= result.scenario.run.weeks:
        raise AnalysisError(
            "All districts join the regime at once, or none does: there is nothing to compare. Run with a roll-out, "
            "for instance run.rollout=208."
        )
    unit = next((found.unit for found in CATALOGUE if found.name == measure), "")
    return study(
        measure, unit, tuple(panel(result, measure, replicate) for replicate in range(len(result.weekly_totals)))
    )


def study(measure: str, unit: str, panels: tuple[Panel, ...]) -> Study:
    """Study some panels.

    Parameters
    ----------
    measure : str
        Name of the measure.
    unit : str
        Unit of the measure.
    panels : tuple of Panel
        One for each replicate.

    Returns
    -------
    Study
        Estimates and event studies.

    Raises
    ------
    AnalysisError
        If pyfixest is missing or the roll-out allows no study.
    """
    fixest()
    effects: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for replicate, panel in enumerate(panels):
        frame = _frame(panel)
        effects += [{"replicate": replicate, **row} for row in _effects(panel, frame)]
        events += [{"replicate": replicate, **row} for row in _events(frame)]
    return Study(measure, unit, panels[0].period_weeks, _table("did", effects), _table("event_study", events))


def fixest() -> Any:
    """Import the library pyfixest.

    Returns
    -------
    module
        The imported library.

    Raises
    ------
    AnalysisError
        If it is not installed; the message says what to type to install it.
    """
    if not installed():
        raise AnalysisError(
            f"Difference-in-differences needs pyfixest, which is not installed. Install it: {install_command('analysis')}"
        )
    return importlib.import_module("pyfixest")


def _frame(panel: Panel) -> Any:
    """The cells of the study as pyfixest wants them: the regime arm alone, and the true effect beside it."""
    import pandas as pd

    usable = panel.usable
    inside = usable & (panel.event >= 0)
    if not inside.any() or usable.any(axis=0).sum() < MIN_DISTRICTS:
        raise AnalysisError(
            f"The roll-out allows no study of districts: there must be {MIN_DISTRICTS} districts or more with two periods of "
            f"{panel.period_weeks} weeks before they join, and periods in which some have joined and at least two have not. "
            "Let the regime start later (run.start), roll out over more weeks (run.rollout), or run more citizens."
        )
    period, district = np.nonzero(usable)
    event = panel.event[usable]
    ever = np.asarray(inside.any(axis=0))[district]
    return pd.DataFrame(
        {
            "value": panel.values[1][usable],
            "truth": (panel.values[1] - panel.values[0])[usable],
            "district": district,
            # pyfixest reads 0 as “never treated”, so that periods count from 1.
            "period": period + 1,
            "joined": np.where(ever, panel.adoption[district] // panel.period_weeks + 1, 0),
            "inside": event >= 0,
            # Districts that join after the study are its controls and stand in the class of comparison.
            "event": np.where(
                ever, np.clip(event, -(LEADS // panel.period_weeks), LAGS // panel.period_weeks), -1
            ).astype(float),
        }
    )


def _effects(panel: Panel, frame: Any) -> Iterator[dict[str, Any]]:
    """The effect of adoption by each estimator."""
    library = fixest()
    began = frame["period"] > int(panel.adoption.min()) // panel.period_weeks
    truth = float(frame.loc[frame["inside"], "truth"].mean())
    spillover = float(frame.loc[began & ~frame["inside"], "truth"].mean())
    cells = frame.drop(columns=["inside", "event"])
    arms = (cells, cells.assign(value=cells["value"] - cells["truth"]))
    names = {"yname": "value", "idname": "district", "tname": "period", "gname": "joined", "cluster": "district"}
    for estimator in ESTIMATORS:
        fits = (library.event_study(arm, estimator=estimator, **names) for arm in arms)
        found, control = (_interval(fit.tidy().iloc[0], frame) for fit in fits)
        named = {"control" if name == "mean" else f"control_{name}": value for name, value in control.items()}
        yield {"estimator": estimator, **found, **named, "truth": truth, "spillover": spillover}


def _events(frame: Any) -> Iterator[dict[str, Any]]:
    """The effect by period since adoption, against what is expected from districts still outside.

    The period before adoption is the class that is left out, and so stands for zero.
    """
    fit = fixest().did2s(
        frame.copy(),
        yname="value",
        first_stage="~ 0 | district + period",
        second_stage="~ i(event, ref=-1.0)",
        treatment="inside",
        cluster="district",
    )
    truth = frame.loc[frame["joined"] > 0].groupby("event")["truth"].mean()
    for name, found in fit.tidy().iterrows():
        event = float(str(name).rpartition("::")[2])
        yield {"event": int(event), **_interval(found, frame), "truth": float(truth[event])}


def _interval(found: Any, frame: Any) -> dict[str, float]:
    """An estimate with its interval, Student's t with a degree of freedom less than there are districts."""
    from scipy.special import stdtrit

    mean, error = float(found["Estimate"]), float(found["Std. Error"])
    half = float(stdtrit(frame["district"].nunique() - 1, 0.975)) * error
    return {"mean": mean, "low": mean - half, "high": mean + half}


def _table(name: str, rows: list[dict[str, Any]]) -> Table:
    return Table(name, {key: np.array([row[key] for row in rows]) for key in rows[0]})
