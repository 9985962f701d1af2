"""What remedies avert and what waiting costs: tables, files, refusals, and that nothing but harm is looked at."""

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glasshouse.analysis.remedies import harms, plan
from glasshouse.analysis.remedies.plan import RemedyPlan, check, plan_of, week_of
from glasshouse.analysis.remedies.remedy import Remedy
from glasshouse.analysis.remedies.report import NOTICE, RemedyReport, remedies
from glasshouse.analysis.safeguard_effects import HARMS
from glasshouse.errors import AnalysisError, RunningError
from glasshouse.model.measures import CATALOGUE
from glasshouse.results.groups import groupings
from glasshouse.scenario.scenario import Scenario, load, override

OPTIONS = {"remedies": ["stop", "hearing"], "at": [12, 3, 6], "measures": ["wrongly_restricted", "foreign_silence"]}


def scenario(**settings: Any) -> Scenario:
    return override(load("town"), {"weeks": 100, "replicates": 3, **settings})


@cache
def report() -> RemedyReport:
    return remedies(scenario(), plan_of(scenario(), OPTIONS), threads=1)


def test_there_is_a_row_for_each_remedy_month_harm_and_group() -> None:
    groups = len(groupings(scenario().society.groups))
    averted, delays = report().table("averted"), report().table("delays")
    assert len(averted) == 2 * 3 * (groups + 1)  # one of the harms belongs to no group
    assert len(delays) == 2 * 2 * (groups + 1)
    assert sorted(set(averted["month"])) == [3, 6, 12]
    assert len(report().table("sets")) == 0
    with pytest.raises(KeyError):
        report().table("people")


def test_what_waiting_costs_is_the_difference_between_two_months() -> None:
    averted = {(one.remedy, one.month, one.harm, one.group): one.averted.mean for one in report().averted}
    compared = 0
    for one in report().delays:
        first, last = (averted[one.remedy, month, one.harm, one.group] for month in (one.first, one.last))
        if math.isfinite(one.cost.mean):
            assert one.cost.mean * (one.last - one.first) == pytest.approx(first - last, abs=1e-9)
            compared += 1
    assert compared > 20
    assert any(one.cost.low > 0 for one in report().delays)


def test_the_report_is_stored_as_tables_and_plain_values(tmp_path: Path) -> None:
    report().save(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"averted.parquet", "delays.parquet", "remedy.json"}
    stored = json.loads((tmp_path / "remedy.json").read_text(encoding="utf-8"))
    assert stored["notice"] == NOTICE
    assert stored["months"] == [3, 6, 12]
    assert len(stored["averted"]) == len(report().averted)
    assert (
        stored["averted"][0]["averted_low"] <= stored["averted"][0]["averted"] <= stored["averted"][0]["averted_high"]
    )
    assert stored["years"] == pytest.approx((100 - 26) / 52)


def test_months_are_counted_from_the_start_of_the_regime() -> None:
    assert [week_of(scenario(), month) for month in (0, 3, 12)] == [26, 39, 78]
    assert plan_of(scenario(), {}).months == (3, 6, 12)
    assert plan_of(scenario(**{"run.until": 60}), {}).months == (3, 6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"at": [0]}, "month 0 is not one of the regime"),
        ({"at": [18]}, "month 18 is not one of the regime, .* and 16 at most"),
        ({"at": [math.nan]}, "month nan"),
        ({"remedies": ["pardon"]}, "pardon: there is no such remedy"),
        ({"measures": ["unrest"]}, "unrest: remedies are held against harms to people alone"),
    ],
)
def test_what_cannot_be_asked_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises((RunningError, AnalysisError), match=message):
        check(scenario(), plan_of(scenario(), options))


def test_a_regime_of_less_than_the_first_month_needs_a_month() -> None:
    short = scenario(weeks=30)
    with pytest.raises(RunningError, match="Name a month"):
        check(short, plan_of(short, {}))


def test_a_scenario_without_safeguards_is_refused() -> None:
    made = scenario()
    tables = tuple(table for table in made.mechanisms if table.name != "safeguards")
    bare = Scenario(made.title, made.about, made.run, made.society, tables, made.reference)
    with pytest.raises(RunningError, match="change safeguards, which the scenario lacks"):
        check(bare, RemedyPlan((Remedy.named("hearing"),), (3.0,), ()))


def test_remedies_are_held_against_harms_to_people_alone() -> None:
    """The boundary: no measure of the state, and none that had better be more, can be asked about."""
    assert set(harms.AVERTABLE) - set(harms.OWN) <= set(HARMS)
    for one in CATALOGUE:
        if not one.people or one.better != "less":
            assert one not in harms.AVERTABLE
            with pytest.raises(AnalysisError):
                harms.harm(one.name)
    for one in harms.OWN:
        assert one.better == "less"
        assert one.numerator.split()[0] in {"listed_wrongly", "listed_undeserved", "listed", "wrong_begun"}  # type: ignore[attr-defined]
    assert set(harms.USUAL) <= {one.name for one in harms.AVERTABLE}
    assert not {one.name for one in harms.OWN} & {one.name for one in CATALOGUE}


def test_every_asked_month_is_simulated_once() -> None:
    asked = plan.plan_of(scenario(), {"remedies": ["stop", "stop"], "at": [3, 3, 6]})
    assert list(asked.treatments(scenario())) == ["stop in month 3", "stop in month 6"]
    assert np.isfinite([one.averted.mean for one in report().averted if one.group == "everybody"][:6]).all()
