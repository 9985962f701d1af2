"""Claims of rows that can fail, and in which share of draws from the priors each holds.

A row's signed claims (`hypotheses.Row.claims`) say what its mechanism does, which a test of the mechanism asks of nearly every
draw. An open claim says what may or may not follow. It is asked over everything that is in doubt about the row: the priors
of its mechanisms, and what makes the row. Levers that both arms share are drawn alike for both. A claim that holds in more
than 95 % of draws, or in fewer than 20 %, says little beyond the settings of its row, and is marked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypotheses import Dial, Row, small_scenario

from glasshouse.analysis.claims import Claim
from glasshouse.engine import run as engine
from glasshouse.model.declarations import role_of
from glasshouse.model.measure import FloatArray
from glasshouse.results import estimate
from glasshouse.results.result import Result
from glasshouse.scenario.scenario import Scenario, load, override
from glasshouse.study.design import settings_of
from glasshouse.study.design_points import latin_hypercube
from glasshouse.study.prior_factors import GROUPS, prior_factors

LEAST, MOST = 0.2, 0.95
"""Shares of draws between which a claim says something."""


@dataclass(frozen=True)
class OpenResult:
    """Whether an open claim held at each draw: 1, 0, or NaN where it is undefined."""

    claim: Claim
    held: tuple[float, ...]

    @property
    def share(self) -> estimate.Estimate:
        """Share of the draws with a value in which the claim held, with Wilson's 95 % interval."""
        known = [one for one in self.held if np.isfinite(one)]
        return estimate.proportion(int(sum(known)), len(known))

    @property
    def verdict(self) -> str:
        """Whether the share lies between 20 and 95 %."""
        share = self.share.mean
        return "can fail" if LEAST <= share <= MOST else "holds nearly always" if share > MOST else "holds rarely"


def figures(claim: Claim, result: Result) -> Mapping[str, FloatArray]:
    """What a claim's expression names, in one result."""
    found = {}
    for name in claim.expression.names:
        measure, _, arm = name.partition(".")
        one = result.level(measure, arm) if arm else result.effect(measure)
        found[name] = np.asarray(one.mean)
    return found


def shared_levers(scenario: Scenario) -> set[str]:
    """Levers that have one value in both arms: what is drawn for one arm alone would be another difference between them."""
    return {
        f"{regime.name}.{key}"
        for regime, reference in zip(scenario.mechanisms, scenario.reference, strict=True)
        for key in type(regime).model_fields
        if role_of(type(regime), key) == "lever" and getattr(regime, key) == getattr(reference, key)
    }


def test_open_claims(row: Row, draws: int, rng: np.random.Generator, replicates: int) -> tuple[OpenResult, ...]:
    """Asks a row's open claims at so many draws, each with a population of its own and so many replicates."""
    if not row.open_claims:
        return ()
    scenario = override(small_scenario(row, load(row.scenario)), {"run.replicates": replicates})
    held: list[list[float]] = [[] for _ in row.open_claims]
    for number, drawn in enumerate(row_draws(row, scenario, draws, rng)):
        result = engine.run(override(scenario, {**drawn, "run.seed": number + 1}))
        for place, claim in enumerate(row.open_claims):
            held[place].append(float(claim.expression.holds(figures(claim, result))))
    return tuple(OpenResult(claim, tuple(found)) for claim, found in zip(row.open_claims, held, strict=True))


def row_draws(row: Row, scenario: Scenario, draws: int, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Settings at draws from the priors of a row's mechanisms and of what makes it; shared levers alike in both arms."""
    shared = shared_levers(scenario)
    tables = {mechanism.name for mechanism in row.mechanisms} | {
        dial.setting.partition(".")[0] for dial in row.strength
    }
    factors = [one for one in prior_factors(scenario, groups=GROUPS) if one.key.split(".")[-2] in tables]
    for point in latin_hypercube(factors, draws, rng):
        settings = settings_of(factors, point)
        alike = {f"reference.{key}": settings[key] for key in shared & settings.keys()}
        in_part = {f"reference.{dial.setting}": _shared(dial, scenario, settings) for dial in row.strength}
        yield settings | alike | {key: value for key, value in in_part.items() if value}


def _shared(dial: Dial, scenario: Scenario, settings: Mapping[str, Any]) -> tuple[float, ...]:
    """The reference's list of what makes a row: what both arms share as drawn, the rest as it is; empty for a number."""
    table, _, key = dial.setting.partition(".")
    if dial.setting not in settings or not isinstance(settings[dial.setting], tuple):
        return ()
    regime, reference = (
        getattr(next(model for model in tables if model.name == table), key)
        for tables in (scenario.mechanisms, scenario.reference)
    )
    return tuple(
        drawn if one == other else other
        for one, other, drawn in zip(regime, reference, settings[dial.setting], strict=True)
    )
