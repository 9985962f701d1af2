"""Impact assessments: figures are those of the run, all six inputs have some, and what is undefined is said."""

import json
import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from glasshouse.analysis.harm_rates import WrongRestrictions
from glasshouse.analysis.prior_draws import drawn_scenarios
from glasshouse.analysis.rights import figures
from glasshouse.analysis.rights.assessment import OVERSIGHT, RightsPlan, assess_rights
from glasshouse.analysis.rights.figures import ABSENT, FEW, Figure, figure
from glasshouse.analysis.rights.law import CHARTER, INPUTS, NOTICE
from glasshouse.analysis.rights.likelihood import added
from glasshouse.analysis.rights.measures import NotDrawn, Victims, WrongSpellMedian, unequal
from glasshouse.analysis.rights.report import RightsAssessment
from glasshouse.engine import run as engine
from glasshouse.errors import RunningError
from glasshouse.model.measure import ratio
from glasshouse.results.estimate import Estimate
from glasshouse.results.group_ratios import BURDENS, group_ratio
from glasshouse.scenario.scenario import Scenario, load, override

SMALL = {"citizens": 1000, "weeks": 134, "start": 30, "rollout": 0, "replicates": 2}


def scenario() -> Scenario:
    return override(load("social-governance"), SMALL)


@cache
def shared() -> RightsAssessment:
    return assess_rights(scenario(), RightsPlan(draws=2, mark=50.0), threads=1)


def test_each_of_the_six_inputs_has_figures_and_something_for_the_assessor() -> None:
    assert [one.letter for one in INPUTS] == list("abcdef")
    for one in INPUTS:
        assert shared().inputs[one.letter], one.letter
        assert one.assessor, one.letter
    assert [one["letter"] for one in shared().facts()["inputs"]] == list("abcdef")


def test_figures_are_those_of_the_run() -> None:
    found = shared()
    for one in found.harms:
        for shown in one.figures:
            measure = one.harm.measure
            for arm in {"reference", "regime"} & set(shown.values):
                assert str(shown.values[arm]) == str(found.result.level(measure, arm, shown.group)), one.name
            if "difference" in shown.values:
                assert str(shown.values["difference"]) == str(found.result.effect(measure, shown.group)), one.name
    decisive = {one.name: one for one in found.inputs["a"]}["decisive"]
    assert decisive.values["regime"] == found.evidence.figure("decisive")


def test_people_a_year_are_spells_over_adult_years_for_100_000_adults() -> None:
    found = shared()
    sums = found.result.resampled("regime")
    by_hand = 100_000 * float(sums.wrong_begun[0]) / (float(sums.adults[0]) / 52)
    assert found.harm("wrong_restrictions").figures[0].values["regime"].mean == pytest.approx(by_hand)
    groups = [one.group for one in found.harm("wrong_restrictions").figures]
    assert groups == ["everybody", *(name for one in found.result.groups for name in (one, f"not {one}"))]


def test_the_ratio_of_a_group_is_that_of_the_burdens() -> None:
    found = shared()
    burden = next(one for one in BURDENS if one.name == "wrongly_listed")
    expected = group_ratio(burden, found.result.resampled, "migrant")
    assert found.harm("unequal_migrant").figures[0].values["regime"].mean == pytest.approx(expected.mean)
    assert not unequal("poorest fifth").by_group


def test_a_median_lies_between_the_classes_that_hold_half_of_the_spells() -> None:
    class Lengths:
        wrong_spells = 10
        wrong_spells_4, wrong_spells_8, wrong_spells_16 = 1, 3, 7
        wrong_spells_32 = wrong_spells_64 = wrong_spells_128 = wrong_spells_256 = 10

    assert WrongSpellMedian.value(Lengths()) == pytest.approx(8 + 8 * (5 - 3) / 4)  # type: ignore[arg-type]


def test_a_harm_stands_beside_rights_and_a_figure_that_an_office_can_count() -> None:
    for one in shared().harms:
        assert one.harm.articles
        assert set(one.harm.articles) <= set(CHARTER)
        assert one.harm.monitoring
        assert one.harm.assumption
        assert "e+" not in one.harm.measure.formula


def test_likelihoods_come_from_the_draws_and_what_the_regime_adds_in_each() -> None:
    found = shared()
    drawn = [engine.run(one, threads=1) for one in drawn_scenarios(scenario(), 2)]
    for one in found.harms[:2]:
        values = [added(result, one.harm) for result in drawn]
        assert one.likelihood.over == sum(value > 50.0 for value in values)
        assert one.likelihood.median == pytest.approx(sum(values) / 2)
    assert found.harm("unrelated_share").likelihood.mark == 0.1


def test_review_without_an_error_is_run_and_what_is_as_it_was_is_not_run_again() -> None:
    found = shared()
    assert [changed for changed, _ in found.oversight] == ["as it is", *(changed for changed, _ in OVERSIGHT)]
    other = engine.run(override(scenario(), dict(OVERSIGHT[2][1])), threads=1)
    assert found.oversight[3][1].text("regime") == figure(other, WrongRestrictions).text("regime")
    assert found.oversight[1][1].values == found.oversight[0][1].values  # nothing is reviewed in this scenario


def test_what_is_undefined_or_not_counted_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Estimate(math.nan, math.nan, math.nan, 0, 2)
    shown = Figure("x", "X", "share", "everybody", {"regime": nothing})
    assert (shown.text("regime"), shown.text("reference")) == ("undefined", "–")
    assert shown.facts()["regime"] == {"mean": None, "low": None, "high": None, "text": "undefined"}
    moved = Figure("x", "X", "share", "everybody", {"regime": nothing, "difference": Estimate(0.2, 0.1, 0.3, 2, 2)})
    assert moved.text("difference") == "20 percentage points (10 to 30)"
    result = shared().result
    assert figure(result, Victims).text("regime") == ABSENT  # nobody counts victims while none are redressed
    assert figure(result, NotDrawn).values
    assert figure(replace(result, sums=()), WrongRestrictions).note == ABSENT
    monkeypatch.setattr(figures, "FEWEST", 1 + figures.simulated(result, "minority"))
    few = figure(result, WrongRestrictions, "minority")
    assert (few.note, few.text("regime")) == (FEW, FEW)


def test_the_first_and_the_last_year_stand_apart() -> None:
    harm, result = shared().harm("wrong_restrictions"), shared().result
    first, last = harm.over_time
    assert first.title.endswith("in the first year")
    for one, span in ((first, (30, 82)), (last, (82, 134))):
        sums = result.within(*span).resampled("regime")
        assert one.values["regime"].mean == pytest.approx(100_000 * 52 * float(ratio(sums.wrong_begun, sums.adults)[0]))


def test_tables_and_json_hold_the_same_numbers(tmp_path: Path) -> None:
    shared().save(tmp_path)
    stored = json.loads((tmp_path / "fria.json").read_text(encoding="utf-8"))
    assert stored["notice"] == NOTICE
    assert 200 < len(stored["summary"]) < 900
    table = shared().table
    rows = list(zip(*(table[name].tolist() for name in ("harm", "group", "column", "mean")), strict=True))
    for harm in stored["harms"]:
        for one in harm["figures"]:
            for column in {"reference", "regime", "difference"} & set(one):
                mean = next(row[3] for row in rows if row[:3] == (harm["name"], one["group"], column))
                assert one[column]["mean"] == (None if math.isnan(mean) else mean)
    assert {path.name for path in tmp_path.iterdir()} >= {"fria.json", "fria.parquet", "evidence.json"}


@pytest.mark.parametrize(("plan", "words"), [({"draws": -1}, "draws is -1"), ({"mark": math.nan}, "mark is nan")])
def test_impossible_numbers_are_refused_before_anything_runs(plan: dict[str, float], words: str) -> None:
    with pytest.raises(RunningError, match=words):
        assess_rights(override(load("town"), {"citizens": 10**6}), RightsPlan(**plan))  # type: ignore[arg-type]
