"""Runs a scenario for its evidence sheet: the regime and variants of it in which part of the score is cut.

All arms of a replicate share one population and one random seed. Beside the regime as it is there is an arm in which no
score can bring a restriction or a reward, one in which every list sees only its own agency's points, one without the
points that the relatedness matrix rates unrelated to a decision, and one without those rated arguable as well.
"""

import time

import numpy as np

from glasshouse.analysis.ai_act import relatedness
from glasshouse.analysis.ai_act.evidence import Counted, Evidence
from glasshouse.analysis.ai_act.observer import EvidenceObserver
from glasshouse.analysis.ai_act.record_kinds import RecordKinds
from glasshouse.analysis.ai_act.regime_parameters import RegimeParameters
from glasshouse.analysis.ai_act.relatedness import Relatedness
from glasshouse.analysis.ai_act.variants import NEUTRAL, REGIME, arms_for
from glasshouse.engine import run as engine
from glasshouse.engine.progress import OnProgress
from glasshouse.errors import RunningError
from glasshouse.model.agency_sizes import original
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.forecast import Forecast
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.local_scores import LocalScores
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.sanctions import Sanctions
from glasshouse.scenario.scenario import Scenario

MINOR = 0.5
"""Harm in welfare-weeks up to which an act counts as minor by default."""

READ = (Conduct, Observation, Points, Lists, Sanctions, Safeguards, LocalScores, Forecast)
"""The mechanisms whose columns a sheet is read from."""


def assess(
    scenario: Scenario,
    *,
    ratings: Relatedness | None = None,
    minor: float = MINOR,
    threads: int | None = None,
    progress: OnProgress | None = None,
) -> Evidence:
    """Run a scenario and set its regime out by the elements of Article 5(1)(c) of the EU AI Act.

    Parameters
    ----------
    scenario : Scenario
        What to assess; it needs the mechanisms in `READ`.
    ratings : Relatedness or None
        Which data bear on which decision; the shipped matrix if left out. What it does not rate of the agencies that the
        scenario declares counts as arguable.
    minor : float
        Harm in welfare-weeks up to which an act is minor, 0 or more.
    threads : int or None
        Processors to use; all by default.
    progress : callable or None
        Is given a `Progress` now and then.

    Returns
    -------
    Evidence
        Figures of every element with intervals over replicates.

    Raises
    ------
    RunningError
        If the scenario lacks a mechanism or `minor` is negative; and whatever a run raises.
    """
    begun = time.perf_counter()
    if not np.isfinite(minor) or minor < 0:
        raise RunningError(f"The minor line is {minor}. Give the harm of an act in welfare-weeks, 0 or more.")
    _complete(scenario)
    records = RecordKinds.of(scenario.declared.complete)
    ratings = (ratings or relatedness.load()).completed(records.agencies)
    tables = (scenario.reference, scenario.mechanisms, *(change.tables for change in scenario.changes))
    parameters = RegimeParameters.stacked([RegimeParameters.of(each) for each in tables])
    observer = EvidenceObserver(parameters, minor, scenario.run, regime=REGIME, neutral=NEUTRAL)
    arms = arms_for(scenario, ratings)
    with engine.Experiment.open(scenario, arms, threads=threads, progress=progress) as experiment:
        for number in range(scenario.run.replicates):
            experiment.replicate(number, (observer, experiment.reporter.observer(number)))
        backend = experiment.backend
    replicates, sums = tuple(observer.replicates), backend.layout.sums
    counted = Counted(replicates, ratings, sums, scenario.society.groups, records)
    return Evidence(
        scenario=scenario,
        ratings=ratings,
        minor=minor,
        figures=counted.figures(),
        flows=counted.flows(),
        curve=counted.curve(),
        provenance=engine.provenance_of(scenario, backend, begun),
    )


def _complete(scenario: Scenario) -> None:
    """RunningError where a mechanism that the sheet reads is missing."""
    present = {original(type(mechanism)) for mechanism in scenario.mechanisms}
    missing = [model.name for model in READ if model not in present]
    if missing:
        raise RunningError(
            f"{scenario.name}: the evidence sheet reads the mechanisms {', '.join(model.name for model in READ)}, and the "
            f"scenario lacks {', '.join(missing)}. Add them, or use `glasshouse run`."
        )
