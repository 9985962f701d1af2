"""Reports the progress of a run while it is simulated."""

import logging
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.progress import OnProgress, RunProgress, Stage
from glasshouse.engine.state import ArmState
from glasshouse.engine.totals_observer import TotalsObserver
from glasshouse.model.entities import Population
from glasshouse.model.measure import Sums
from glasshouse.model.measures.governance import Unrest
from glasshouse.model.measures.listing import ListedShare, UndeservedShare, UnlawfulShare, WronglyListedShare
from glasshouse.results.time_series import SERIES
from glasshouse.results.totals import ARMS, YEAR, WeeklyTotals
from glasshouse.scenario.scenario import Scenario

log = logging.getLogger(__name__)

INTERVAL = 0.1
"""Seconds that pass at least between two reports of the same replicate."""


class ProgressReporter:
    """Reports the progress of a run of a scenario, at most ten times a second.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    on_progress : callable or None
        Is given each `Progress`; None where nobody asks.
    """

    def __init__(self, scenario: Scenario, on_progress: OnProgress | None) -> None:
        self.name, self.run, self.on_progress = scenario.name, scenario.run, on_progress
        self._last = 0.0

    def __call__(self, stage: Stage, replicate: int, week: int = 0, totals: WeeklyTotals | None = None) -> None:
        """Report, unless the last report was a moment ago and this week is not the last.

        Parameters
        ----------
        stage : str
            What is being done.
        replicate : int
            Number of the replicate, from 0.
        week : int
            How many of the replicate's weeks are done.
        totals : WeeklyTotals or None
            Sums so far, from which figures are computed.
        """
        now = time.perf_counter()
        if stage == "population":
            log.info("%s: replicate %d of %d, random seed of the run %d", self.name, replicate + 1, self.run.replicates,
                     self.run.seed)  # fmt: skip
        if self.on_progress is None or (stage == "run" and week < self.run.weeks and now - self._last < INTERVAL):
            return
        self._last = now
        headline, course = ({}, {}) if totals is None else _last_year(totals)
        self.on_progress(RunProgress(stage, replicate, self.run.replicates, week, self.run.weeks, headline, course))

    def observer(self, replicate: int, sums: TotalsObserver | None = None) -> "ProgressObserver":
        """An observer that reports every week of a replicate.

        Parameters
        ----------
        replicate : int
            Number of the replicate.
        sums : TotalsObserver or None
            Where to read the figures; it must come before in the sequence of observers.

        Returns
        -------
        ProgressObserver
            The observer.
        """
        return ProgressObserver(self, replicate, sums)

    def while_waiting(self, compiling: "Future[None]", replicate: int) -> None:
        """Wait for the compiler and report it.

        Parameters
        ----------
        compiling : Future
            The compilation; an error in it is raised here.
        replicate : int
            Number of the replicate that waits.
        """
        begun = time.perf_counter()
        while not compiling.done():
            self("compile", replicate)
            time.sleep(INTERVAL)
        compiling.result()
        if replicate == 0:
            log.info("%s: waited %.1f s for the compiled step", self.name, time.perf_counter() - begun)


@dataclass(frozen=True)
class ProgressObserver:
    """Reports every week of a replicate.

    Attributes
    ----------
    reporter : ProgressReporter
        Where to report.
    replicate : int
        Number of the replicate.
    sums : TotalsObserver or None
        Where to read the figures.
    """

    reporter: ProgressReporter
    replicate: int
    sums: TotalsObserver | None

    def begin(self, population: Population, layout: ModelLayout) -> None:
        """Nothing has to be prepared.

        Parameters
        ----------
        population : Population
            The population of the replicate.
        layout : ModelLayout
            Memory layout of the states.
        """

    def observe(self, week: int, arms: Mapping[str, ArmState]) -> None:
        """Report a week.

        Parameters
        ----------
        week : int
            The week.
        arms : mapping of str to ArmState
            States of the arms.
        """
        self.reporter("run", self.replicate, week + 1, None if self.sums is None else self.sums.totals)

    def finish(self) -> None:
        """Nothing is left to do."""


def _last_year(totals: WeeklyTotals) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Headline figures and time series of the last year so far."""
    recent = slice(max(totals.weeks - YEAR, 0), totals.weeks)
    reference, regime = (Sums(totals.arm(arm).weekly[recent].sum(axis=(0, 1)), totals.sums) for arm in ARMS)
    course = {
        series.name: (
            float(series.measure.value(reference)) * series.factor,
            float(series.measure.value(regime)) * series.factor,
        )
        for series in SERIES
    }
    headline = {
        "listed": float(ListedShare.value(regime)),
        "wrongly": float(WronglyListedShare.value(regime)),
        "undeserved": float(UndeservedShare.value(regime)),
        "unlawful": float(UnlawfulShare.value(regime)),
        "protest in the regime": float(Unrest.value(regime)),
        "protest in the reference": float(Unrest.value(reference)),
    }
    return headline, course
