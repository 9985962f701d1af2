"""Regimes side by side: what they are compared in, which safeguards each can have, and what is refused."""

from typing import Any

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.analysis.ranking.measures import (
    ClaimsFound,
    ClaimsRecorded,
    RestrictedRightly,
    WrongDecisions,
    purpose_of,
)
from glasshouse.analysis.ranking.question import RankQuestion, lacking_groups, usual_regimes
from glasshouse.analysis.ranking.safeguards import SAFEGUARDS, TOGETHER, treatments
from glasshouse.errors import AnalysisError, ScenarioError
from glasshouse.model.measure import NamedSums
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.screening import Screening
from glasshouse.scenario.scenario import Scenario, load

SMALL: dict[str, Any] = {
    "citizens": 1000, "weeks": 80, "replicates": 2, "threads": 1, "seed": 3, "safeguards": ["review", "traits"],
}  # fmt: skip


def _named(*names: str) -> tuple[Scenario, ...]:
    return tuple(load(f"elsewhere/{name}") for name in names)


def test_a_regime_without_screening_finds_nothing_and_a_missing_sum_is_no_zero() -> None:
    listed = {"adults": np.array(1000.0), "wrong_begun": np.array(2.0)}
    assert WrongDecisions.value(NamedSums(listed)) == pytest.approx(2 / 1000 * 52 * 100_000)
    assert WrongDecisions.value(NamedSums({**listed, "found_nothing": np.array(3.0)})) == pytest.approx(
        5 / 1000 * 52 * 100_000
    )
    with pytest.raises(AttributeError, match="wrong_begun"):
        WrongDecisions.value(NamedSums({"adults": np.array(1000.0)}))


def test_a_purpose_is_what_the_tables_are_there_for() -> None:
    found = [purpose_of(one) for one in _named("benefit-screening", "sticky-list", "watchlist")]
    assert found == [ClaimsFound, ClaimsRecorded, RestrictedRightly]


def test_every_shipped_regime_has_a_purpose_and_a_safeguard() -> None:
    for name in usual_regimes():
        assert treatments(load(name), SAFEGUARDS), name


def test_lists_of_the_reference_stay_as_they_are_where_a_regime_is_about_screening() -> None:
    (scenario,) = _named("student-grants")
    tried = treatments(scenario, SAFEGUARDS)
    assert list(tried) == ["review", "traits", TOGETHER]
    after = tried[TOGETHER].tables(52, scenario.mechanisms, scenario.reference)
    tables = {type(one): one for one in after}
    before = {type(one): one for one in scenario.mechanisms}
    assert tables[Safeguards] == before[Safeguards]
    assert tables[Screening].reviewed == 1.0  # type: ignore[attr-defined]
    assert tables[Screening].weight_minority == 0.0  # type: ignore[attr-defined]


def test_a_safeguard_that_changes_nothing_is_left_out() -> None:
    (scenario,) = _named("watchlist")
    assert TOGETHER in treatments(scenario, SAFEGUARDS)
    assert {"traits", "blind"}.isdisjoint(treatments(scenario, SAFEGUARDS))
    heard = load("elsewhere/watchlist", {"safeguards.hearing": 1.0})
    assert list(treatments(heard, ["hearing", "review"])) == ["review"]


def test_what_a_country_lacks_is_said() -> None:
    settings = {"society.groups": ["woman"], "screening.weight_lone_parent": 0.5}
    there = load("elsewhere/benefit-screening", settings)
    here = load("elsewhere/benefit-screening", {**settings, "society.marginals": "china-2020s"})
    assert lacking_groups(there) == ()
    assert lacking_groups(here) == ("lone parent",)


def test_what_cannot_be_put_side_by_side_is_refused() -> None:
    one, other = _named("watchlist", "sticky-list")
    with pytest.raises(AnalysisError, match="from two on"):
        RankQuestion((one,), True).check()
    with pytest.raises(AnalysisError, match="stands twice"):
        RankQuestion((one, one), False).check()
    with pytest.raises(AnalysisError, match=r"no such safeguard\. Did you mean hearing\?"):
        RankQuestion((one, other), False, safeguards=("hearin",)).check()
    with pytest.raises(ScenarioError, match="common random"):
        RankQuestion((one, other), True).check()


def test_figures_are_those_of_runs_and_regimes_of_one_population_are_paired() -> None:
    names = ["elsewhere/benefit-screening", "elsewhere/income-averaging"]
    found = gh.rank(names, **SMALL)
    assert [one.regime for one in found.regimes] == ["income-averaging", "benefit-screening"]
    first, second = found.regimes
    assert first.more_than_next.mean == first.wrong_decisions.mean - second.wrong_decisions.mean
    assert np.isnan(second.more_than_next.mean)
    # Nobody appeals against a finding, which was said as “0.0 % (0.0 to 0.0)”.
    assert first.redress.text(100, " %") == "0.0 % (none in 2 replicates)"
    # Findings about people with nothing irregular, counted in a run of the same scenario.
    run = gh.run(found.scenario("income-averaging"), threads=1)
    assert first.wrong_decisions.mean == run.effect(WrongDecisions).mean > 0.0
    assert {one.group for one in found.burdens} == set(found.question.scenarios[0].society.groups)
    assert {one.safeguard for one in found.safeguards if one.regime == "benefit-screening"} == {
        *SMALL["safeguards"],
        TOGETHER,
    }
