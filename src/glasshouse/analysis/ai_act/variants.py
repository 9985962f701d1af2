"""The arms of an evidence sheet: the regime as it is, and variants of it in which part of the score is cut."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np

from glasshouse.analysis.ai_act.relatedness import Rating, Relatedness
from glasshouse.engine.arms import ArmSpec, regime_of
from glasshouse.model.component import Component
from glasshouse.model.mechanisms.forecast import Forecast
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.local_scores import LocalScores
from glasshouse.model.mechanisms.sanctions import Sanctions
from glasshouse.scenario.scenario import Scenario

REGIME = "regime"
NEUTRAL = "score neutral"
"""No score can bring a restriction, a reward, a local grade or a visit."""
SEPARATE = "own files only"
"""Every list sees its own agency's points alone."""
WITHOUT_UNRELATED = "without unrelated data"
"""No list sees points that are rated unrelated to its decision."""
RELATED_ONLY = "related data only"
"""No list sees points that are rated unrelated or arguable."""

VARIANTS = (REGIME, NEUTRAL, SEPARATE, WITHOUT_UNRELATED, RELATED_ONLY)

UNREACHABLE = 1000.0
"""The highest threshold that a list can have; files hold some tens of points."""


def arms_for(scenario: Scenario, ratings: Relatedness) -> dict[str, ArmSpec]:
    """The regime and its variants.

    Parameters
    ----------
    scenario : Scenario
        What is assessed.
    ratings : Relatedness
        Which data bear on which decision.

    Returns
    -------
    dict of str to ArmSpec
        The arms by name, in the order of `VARIANTS`. A variant that cuts nothing equals the regime, and the engine runs
        equal arms once.
    """
    variants = {
        REGIME: scenario,
        NEUTRAL: neutral(scenario),
        SEPARATE: changed(scenario, Lists, {"integration": 0.0}),
        WITHOUT_UNRELATED: _cut(scenario, ratings, "unrelated"),
        RELATED_ONLY: _cut(scenario, ratings, "unrelated", "arguable"),
    }
    return {name: regime_of(variant) for name, variant in variants.items()}


def changed(scenario: Scenario, kind: type[Component], settings: Mapping[str, Any]) -> Scenario:
    """The scenario with other values in one table of the regime, before it changes and from each change on.

    Parameters
    ----------
    scenario : Scenario
        A scenario, whose reference stays as it is.
    kind : type of Component
        The mechanism whose table is changed.
    settings : mapping of str to object
        Values by parameter.

    Returns
    -------
    Scenario
        The changed scenario.
    """
    return _changed(scenario, kind, lambda _: settings)


def _changed(scenario: Scenario, kind: type[Component], settings: Callable[[Component], Mapping[str, Any]]) -> Scenario:
    """The scenario with other values in one table of the regime; `settings` gives them for a table that is in force."""

    def other(tables: tuple[Component, ...]) -> tuple[Component, ...]:
        return tuple(
            type(table).model_validate({**table.model_dump(), **settings(table)}) if isinstance(table, kind) else table
            for table in tables
        )

    changes = tuple(replace(change, tables=other(change.tables)) for change in scenario.changes)
    return replace(scenario, mechanisms=other(scenario.mechanisms), changes=changes)


def neutral(scenario: Scenario) -> Scenario:
    """The scenario in which no score brings a restriction, a reward, a local grade or a visit.

    Parameters
    ----------
    scenario : Scenario
        What is assessed.

    Returns
    -------
    Scenario
        The changed scenario.
    """
    off: tuple[tuple[type[Component], Mapping[str, Any]], ...] = (
        (Lists, {"threshold": (UNREACHABLE,) * scenario.declared.complete.number}),
        (Sanctions, {"reward": 0.0}),
        (LocalScores, {"share": 0.0}),
        (Forecast, {"by_points": 0.0}),
    )
    for kind, settings in off:
        scenario = changed(scenario, kind, settings)
    return scenario


def _cut(scenario: Scenario, ratings: Relatedness, *cut: Rating) -> Scenario:
    """The scenario in which lists do not see points with some ratings for them."""
    away = ratings.rated(*cut).ravel()

    def shared(table: Component) -> Mapping[str, Any]:
        return {"sharing": tuple(np.where(away, 0.0, cast("Lists", table).sharing).tolist())}

    return _changed(scenario, Lists, shared)
