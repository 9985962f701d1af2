"""Runs a scenario for its evidence sheet: the regime beside worlds in which part of its score is cut.

All worlds of a replicate share one society and one luck. Beside the regime's world lives one in which no score can bring
a restriction or a reward, one in which every list sees only its own agency's points, one without the points that the
relatedness matrix rates unrelated to a decision, and one without those rated arguable as well.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from glasshouse.analysis.ai_act import relatedness
from glasshouse.analysis.ai_act.elements.element import NEUTRAL
from glasshouse.analysis.ai_act.evidence import Counted, Evidence
from glasshouse.analysis.ai_act.observer import EvidenceObserver
from glasshouse.analysis.ai_act.relatedness import Rating, Relatedness
from glasshouse.analysis.ai_act.tally import EvidenceTotals, RegimeParameters
from glasshouse.engine import run as engine
from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.progress import Progress
from glasshouse.engine.state import ArmState
from glasshouse.errors import RunningError
from glasshouse.model.agencies import AGENCIES
from glasshouse.model.component import Component
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanism import LEAD
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.forecast import Forecast
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.local_scores import LocalScores
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.sanctions import Sanctions
from glasshouse.population.synthesis import synthesise
from glasshouse.scenario.run_settings import adoption_weeks, replicate_seed
from glasshouse.scenario.scenario import Scenario, override

Report = Callable[[Progress], None]
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
    progress: Report | None = None,
) -> Evidence:
    """Runs the scenario's replicates and lays its regime out by the elements of Article 5(1)(c) of the EU AI Act.

    `ratings` say which data bear on which decision (the shipped matrix if left out), `minor` up to which harm (ww) an act
    is minor. Raises RunningError for a scenario that lacks the mechanisms of a score, and whatever a run raises.
    """
    begun = time.perf_counter()
    if not np.isfinite(minor) or minor < 0:
        raise RunningError(f"The minor line is {minor}. Give the harm of an act in welfare-weeks, 0 or more.")
    ratings = ratings or relatedness.load()
    _complete(scenario)
    plan = Plan.of(scenario, ratings)
    layout = ModelLayout(tuple(type(mechanism) for mechanism in scenario.mechanisms))
    backend = CompiledBackend(layout, PAIRINGS, threads=threads)
    later = scenario.later or scenario.mechanisms
    terms = tuple(_terms(tables) for tables in (scenario.reference, scenario.mechanisms, later))
    tell = _ProgressReporter(scenario, progress)
    tallies = tuple(_replicate(plan, backend, terms, minor, number, tell) for number in range(scenario.run.replicates))
    counted = Counted(tallies, ratings, layout.sums)
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


@dataclass(frozen=True)
class Plan:
    """The worlds to live: `scenarios` without repetition, and for each variant which of them it is."""

    scenarios: tuple[Scenario, ...]
    places: tuple[int, ...]

    @classmethod
    def of(cls, scenario: Scenario, ratings: Relatedness) -> "Plan":
        """The regime and its variants, in the order of `element.VARIANTS`."""
        wanted = (
            scenario,
            neutral(scenario),
            changed(scenario, Lists, {"integration": 0.0}),
            _cut(scenario, ratings, "unrelated"),
            _cut(scenario, ratings, "unrelated", "arguable"),
        )
        found: list[Scenario] = []
        for variant in wanted:
            if variant not in found:
                found.append(variant)
        return cls(tuple(found), tuple(found.index(variant) for variant in wanted))


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


def _replicate(
    plan: Plan,
    backend: CompiledBackend,
    terms: tuple[RegimeParameters, ...],
    minor: float,
    number: int,
    tell: "_ProgressReporter",
) -> EvidenceTotals:
    """One replicate: a society, its worlds side by side, and what the watcher counted."""
    run = plan.scenarios[0].run
    seed = replicate_seed(run, number)
    tell("society", number, 0)
    society = synthesise(plan.scenarios[0].society, seed, backend.threads)
    joined = adoption_weeks(run, seed, len(society.districts))
    reference, _ = engine.worlds(plan.scenarios[0], backend.layout, society)
    worlds = [engine.worlds(scenario, backend.layout, society)[1] for scenario in plan.scenarios]
    ahead = engine.forecast(plan.scenarios[0], backend.layout, reference)
    if ahead is not None:
        for world in worlds:
            world.ahead = ahead.citizens
    if not backend.ready:
        tell("compile", number, 0)
        backend.warm(worlds[0])
    in_order = [worlds[place] for place in plan.places]
    watcher = EvidenceObserver(society, terms, len(in_order), len(backend.layout.sums), minor)
    begins = run.start if run.start < run.weeks else 0
    for week in range(LEAD if ahead is not None else 0):
        backend.step(ahead or reference, seed, week)
    for week in range(run.weeks):
        if week == begins:
            _part(worlds)
        if ahead is not None:
            backend.step(ahead, seed, week + LEAD)
        for world in worlds if week >= begins else worlds[:1]:
            engine.apply_rollout(run, world, week, joined)
            backend.step(world, seed, week)
        watcher.see(week, in_order, NEUTRAL, counted=week >= begins)
        tell("run", number, week + 1)
    return watcher.close()


def _part(worlds: Sequence[ArmState]) -> None:
    """Gives all worlds the first one's past: until the regime begins there is nothing in which they could differ."""
    for world in worlds[1:]:
        for name in ArmState.KEPT:
            getattr(world, name)[...] = getattr(worlds[0], name)


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


class _ProgressReporter:
    """Tells the outside how far the sheet is, at most ten times a second."""

    def __init__(self, scenario: Scenario, report: Report | None) -> None:
        self.run, self.report = scenario.run, report
        self.last = 0.0

    def __call__(self, stage: Any, replicate: int, week: int) -> None:
        now = time.perf_counter()
        if self.report is None or (stage == "run" and week < self.run.weeks and now - self.last < 0.1):
            return
        self.last = now
        self.report(Progress(stage, replicate, self.run.replicates, week, self.run.weeks, {}))
