"""Runs a scenario for its evidence sheet: the regime and variants of it in which part of the score is cut.

All arms of a replicate share one population and one random seed. Beside the regime as it is there is an arm in which no
score can bring a restriction or a reward, one in which every list sees only its own agency's points, one without the
points that the relatedness matrix rates unrelated to a decision, and one without those rated arguable as well.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from glasshouse.analysis.ai_act import relatedness
from glasshouse.analysis.ai_act.elements.element import VARIANTS
from glasshouse.analysis.ai_act.evidence import Counted, Evidence
from glasshouse.analysis.ai_act.observer import EvidenceObserver
from glasshouse.analysis.ai_act.relatedness import Rating, Relatedness
from glasshouse.analysis.ai_act.tally import RegimeParameters
from glasshouse.engine import run as engine
from glasshouse.engine.arms import ArmSpec, regime_of
from glasshouse.engine.progress import OnProgress
from glasshouse.errors import RunningError
from glasshouse.model.agencies import AGENCIES
from glasshouse.model.component import Component
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.forecast import Forecast
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.local_scores import LocalScores
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.sanctions import Sanctions
from glasshouse.scenario.scenario import Scenario, override

T = TypeVar("T", bound=Component)

CITIZENS = 12_000
"""Citizens of a sheet's society when nothing else is said: five worlds each, so that a sheet takes a minute or two."""

UNREACHABLE = 1000.0
"""The highest threshold that a list can have; files hold some tens of points."""

MINOR = 0.5
"""Harm (ww) up to which an act counts as minor when nothing else is said."""

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
        Which data bear on which decision; the shipped matrix if left out.
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
    ratings = ratings or relatedness.load()
    _complete(scenario)
    tables = (scenario.reference, scenario.mechanisms, scenario.later or scenario.mechanisms)
    observer = EvidenceObserver(VARIANTS, tuple(_terms(each) for each in tables), minor, scenario.run)
    with engine.Experiment.open(
        scenario, arms_for(scenario, ratings), threads=threads, progress=progress
    ) as experiment:
        for number in range(scenario.run.replicates):
            experiment.replicate(number, (observer, experiment.reporter.observer(number)))
        backend = experiment.backend
    counted = Counted(tuple(observer.replicates), ratings, backend.layout.sums)
    return Evidence(
        scenario=scenario,
        ratings=ratings,
        minor=minor,
        figures=counted.figures(),
        flows=counted.flows(),
        curve=counted.curve(),
        provenance=engine.provenance_of(scenario, backend, begun),
    )


def sized(scenario: Scenario, given: Collection[str]) -> Scenario:
    """The scenario in the size of a sheet: at most `CITIZENS`, unless a setting in `given` said how many."""
    if {"citizens", "society.citizens"} & set(given) or scenario.society.citizens <= CITIZENS:
        return scenario
    return override(scenario, {"society.citizens": CITIZENS})


def arms_for(scenario: Scenario, ratings: Relatedness) -> dict[str, ArmSpec]:
    """The arms of a sheet: the regime and its variants, in the order of `element.VARIANTS`.

    Parameters
    ----------
    scenario : Scenario
        What is assessed.
    ratings : Relatedness
        Which data bear on which decision.

    Returns
    -------
    dict of str to ArmSpec
        Variants that cut nothing equal the regime, and the engine runs equal arms once.
    """
    variants = (
        scenario,
        neutral(scenario),
        changed(scenario, Lists, {"integration": 0.0}),
        _cut(scenario, ratings, "unrelated"),
        _cut(scenario, ratings, "unrelated", "arguable"),
    )
    return {name: regime_of(variant) for name, variant in zip(VARIANTS, variants, strict=True)}


def changed(scenario: Scenario, model: type[Component], settings: Mapping[str, Any]) -> Scenario:
    """The scenario with other values in one table of the regime, the later one too; the reference stays as it is."""
    regime, later = (
        tuple(
            model.model_validate({**table.model_dump(), **settings}) if isinstance(table, model) else table
            for table in tables
        )
        for tables in (scenario.mechanisms, scenario.later)
    )
    return replace(scenario, mechanisms=regime, later=later)


def neutral(scenario: Scenario) -> Scenario:
    """The scenario in which no score brings a restriction, a reward, a local grade or a visit."""
    off: tuple[tuple[type[Component], Mapping[str, Any]], ...] = (
        (Lists, {"threshold": (UNREACHABLE,) * AGENCIES}),
        (Sanctions, {"reward": 0.0}),
        (LocalScores, {"share": 0.0}),
        (Forecast, {"by_points": 0.0}),
    )
    for model, settings in off:
        scenario = changed(scenario, model, settings)
    return scenario


def _cut(scenario: Scenario, ratings: Relatedness, *cut: Rating) -> Scenario:
    """The scenario in which lists do not see points that are rated so for them."""
    away = ratings.rated(*cut).ravel()

    def kept(tables: tuple[Component, ...]) -> Mapping[str, Any]:
        return {"sharing": tuple(np.where(away, 0.0, _table(tables, Lists).sharing).tolist())}

    regime = changed(scenario, Lists, kept(scenario.mechanisms))
    return replace(regime, later=changed(scenario, Lists, kept(scenario.later)).later) if scenario.later else regime


def _complete(scenario: Scenario) -> None:
    """RunningError where a mechanism that the sheet reads is missing."""
    held = {type(mechanism) for mechanism in scenario.mechanisms}
    missing = [model.name for model in READ if model not in held]
    if missing:
        raise RunningError(
            f"{scenario.name}: the evidence sheet reads the mechanisms {', '.join(model.name for model in READ)}, and the "
            f"scenario lacks {', '.join(missing)}. Add them, or use `glasshouse run`."
        )


def _terms(tables: tuple[Component, ...]) -> RegimeParameters:
    return RegimeParameters.of(
        _table(tables, Conduct),
        _table(tables, Observation),
        _table(tables, Points),
        _table(tables, Lists),
        _table(tables, Sanctions),
        _table(tables, Safeguards),
    )


def _table(tables: tuple[Component, ...], model: type[T]) -> T:
    return next(table for table in tables if isinstance(table, model))
