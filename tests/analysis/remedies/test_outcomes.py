"""Harms with and without remedies: what is averted is exactly the difference of two runs."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from glasshouse.analysis.remedies.harms import AVERTABLE, harm
from glasshouse.analysis.remedies.outcomes import Outcomes, simulate
from glasshouse.analysis.remedies.remedy import KINDS, SAFEGUARDS, Remedy, Treatment
from glasshouse.engine import run as engine
from glasshouse.results.groups import groupings
from glasshouse.results.result import Result
from glasshouse.results.totals import REFERENCE, REGIME
from glasshouse.scenario.scenario import Scenario, load, override

SMALL: dict[str, Any] = {"weeks": 90, "replicates": 2, "redress.rate": 0.3}
WEEK = 40

CHANGED: dict[str, dict[str, Any]] = {
    "stop": {"run.until": WEEK},
    **{
        name: {"change.1.week": WEEK, f"change.1.safeguards.{name}": KINDS[name].safeguards[name]}
        for name in ("notice", "hearing", "review")
    },
    "purge": {
        "change.1.week": WEEK,
        "change.1.safeguards.expiry": 1.0,
        "change.2.week": WEEK + 1,
        "change.2.safeguards.expiry": 0.0,
    },
}
"""The same remedies as settings of a scenario."""


def scenario(**settings: Any) -> Scenario:
    return override(load("town"), {**SMALL, **settings})


@cache
def outcomes() -> Outcomes:
    treatments = {name: Treatment((Remedy.named(name),), WEEK) for name in CHANGED}
    return simulate(scenario(), treatments, paired=True, threads=1)[0]


@cache
def run(name: str = "") -> Result:
    return engine.run(override(scenario(), CHANGED.get(name, {})), threads=1)


def value(result: Result, name: str, group: str) -> float:
    one = harm(name)
    figures = result.effect_figures(one, group) if one.is_between() else result.figures(one, "regime", group)
    return float(figures[0])


@pytest.mark.parametrize("name", CHANGED)
def test_harm_averted_is_exactly_the_difference_of_two_runs(name: str) -> None:
    compared = 0
    for one in AVERTABLE:
        for group in groupings(scenario().society.groups):
            if group != "everybody" and not one.by_group:
                continue
            expected = value(run(), one.name, group) - value(run(name), one.name, group)
            found = outcomes().less(one, name, group=group).mean
            assert (np.isnan(expected) and np.isnan(found)) or found == pytest.approx(expected, rel=0, abs=1e-9)
            compared += np.isfinite(found)
    assert compared > 100


@pytest.mark.parametrize("name", ["", *CHANGED])
def test_sums_are_those_of_a_run(name: str) -> None:
    totals = [one.arm("regime").weekly[26:].sum(axis=0) for one in run(name).weekly_totals]
    assert (outcomes().sums[name or REGIME] == np.stack(totals)).all()
    assert (
        outcomes().pairs[name or REGIME] == np.stack([one.pairs[26:].sum(axis=0) for one in run(name).weekly_totals])
    ).all()
    assert REFERENCE not in outcomes().pairs


def test_a_stop_averts_harm_and_a_hearing_stops_wrongful_restrictions() -> None:
    wrong = harm("wrongly_restricted")
    assert outcomes().less(wrong, "stop").mean > 0
    assert outcomes().less(wrong, "hearing").mean > 0
    assert 0 < outcomes().share(wrong, "stop").mean <= 1.5
    # Nothing is averted where nothing is changed, in whatever group.
    assert outcomes().less(wrong, REGIME, group="rural").is_zero


def test_figures_of_a_group_and_of_the_rest_make_up_those_of_everybody() -> None:
    restricted = harm("restricted")
    found = outcomes()
    place = [total.name for total in found.declared].index("adults")
    adults = {group: _people(found, place, group) for group in ("everybody", "rural", "not rural")}
    parts = sum(found.figures(restricted, "stop", group)[0] * adults[group] for group in ("rural", "not rural"))
    assert parts == pytest.approx(found.figures(restricted, "stop")[0] * adults["everybody"])


def _people(found: Outcomes, place: int, group: str) -> float:
    from glasshouse.results.groups import cells_of

    return float(found.sums["stop"][:, cells_of(group, found.groups), place].sum())


def test_a_safeguard_is_never_lowered() -> None:
    made = scenario(**{"safeguards.expiry": 0.5, "safeguards.notice": 1.0})
    for name in SAFEGUARDS:
        changed = Remedy.named(name).applied(made.mechanisms, made.reference)
        before, after = (next(t for t in tables if t.name == "safeguards") for tables in (made.mechanisms, changed))
        assert all(getattr(after, key) >= getattr(before, key) for key in type(before).model_fields)
    assert Remedy.named("notice").applied(made.mechanisms, made.reference) == made.mechanisms


def test_a_stop_lasts_whatever_the_scenario_changes_later() -> None:
    later = {"change.1.week": 60, "change.1.safeguards.notice": 0.9, "replicates": 1}
    stop = {"stop": Treatment((Remedy.named("stop"),), WEEK)}
    changed, plain = (
        simulate(scenario(**kwargs), stop, paired=False, threads=1)[0] for kwargs in (later, {"replicates": 1})
    )
    assert (changed.sums["stop"] == plain.sums["stop"]).all()
    assert (changed.sums[REGIME] != plain.sums[REGIME]).any()
