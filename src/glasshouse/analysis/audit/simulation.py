"""Runs the regime of a scenario and counts what auditors could see of it."""

from dataclasses import replace

from glasshouse.analysis.audit.cross_count import CrossCount
from glasshouse.analysis.audit.observer import CrossCountObserver
from glasshouse.engine import run as engine
from glasshouse.engine.arms import regime_of
from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.progress import OnProgress
from glasshouse.engine.progress_reporter import ProgressReporter
from glasshouse.errors import RunningError
from glasshouse.model.agency_sizes import original
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.redress import Redress
from glasshouse.model.mechanisms.restrictions import Restrictions
from glasshouse.model.mechanisms.voice import Voice
from glasshouse.results.totals import REGIME
from glasshouse.scenario.scenario import Scenario

READ = (Voice, Points, Lists, Restrictions, Redress)
"""The mechanisms whose columns a cross-count is made from."""


def cross_counts(
    scenario: Scenario,
    *,
    threads: int | None = None,
    progress: OnProgress | None = None,
    draw: tuple[int, int] | None = None,
) -> tuple[tuple[CrossCount, ...], CompiledBackend]:
    """Simulate the regime of a scenario and count its last year.

    Parameters
    ----------
    scenario : Scenario
        What to run; it needs the mechanisms in `READ`.
    threads : int or None
        Processors to use; all by default.
    progress : callable or None
        Is given a `Progress` now and then.
    draw : tuple of int, optional
        Which of how many draws from priors this is, for the display of progress.

    Returns
    -------
    tuple of tuple of CrossCount and CompiledBackend
        A cross-count for each replicate, and what the scenario was run with.

    Raises
    ------
    RunningError
        If the scenario lacks a mechanism, or nobody lives under the regime in the last year; and whatever a run raises.
    """
    present = {original(type(mechanism)) for mechanism in scenario.mechanisms}
    missing = [model.name for model in READ if model not in present]
    if missing:
        raise RunningError(
            f"{scenario.name}: an audit reads the mechanisms {', '.join(model.name for model in READ)}, and the scenario "
            f"lacks {', '.join(missing)}. Add them."
        )
    run = scenario.run
    if run.start >= run.weeks or 0 < run.until <= run.weeks - 1:
        raise RunningError(
            f"{scenario.name}: an audit is of the last year of a run, in which this regime is not in force. Set run.start, "
            "run.until and run.weeks so that it is."
        )
    first, shown = 0, scenario
    if draw is not None:
        first, shown = draw[0], replace(scenario, run=run.model_copy(update={"replicates": draw[1]}))
    observer = CrossCountObserver(scenario.society.groups, run.weeks, REGIME)
    with engine.Experiment.open(scenario, {REGIME: regime_of(scenario)}, threads=threads, progress=None) as experiment:
        reporter = ProgressReporter(shown, progress)
        for number in range(run.replicates):
            experiment.replicate(number, (observer, reporter.observer(first + number)))
    return tuple(observer.replicates), experiment.backend
