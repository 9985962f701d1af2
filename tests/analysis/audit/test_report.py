"""Audits of a small run: counts that agree with the run's own sums, tables, files and refusals."""

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glasshouse.analysis.audit import simulation
from glasshouse.analysis.audit.cross_count import CrossCount
from glasshouse.analysis.audit.desk import Practice
from glasshouse.analysis.audit.methods import METHODS
from glasshouse.analysis.audit.report import NOTICE, AuditPlan, AuditReport, audit
from glasshouse.analysis.audit.scoring import Question
from glasshouse.analysis.audit.simulation import cross_counts
from glasshouse.analysis.prior_draws import drawn_scenarios
from glasshouse.engine import run as engine
from glasshouse.errors import RunningError
from glasshouse.scenario.scenario import Scenario, load, override

SMALL: dict[str, Any] = {
    "citizens": 2000,
    "society.district_size": 256,
    "weeks": 110,
    "start": 20,
    "rollout": 0,
    "replicates": 2,
    "observation.false_positive_rate": (0.08, 0.25, 0.04, 0.04),
    "redress.rate": 0.3,
}
QUESTIONS = (Question("migrant"), Question("rural"))


def scenario(**settings: Any) -> Scenario:
    return override(load("social-governance"), {**SMALL, **settings})


@cache
def report() -> AuditReport:
    return audit(scenario(), AuditPlan(QUESTIONS, Practice(cases=300), audits=200, draws=2), threads=1)


@cache
def counts() -> tuple[CrossCount, ...]:
    return cross_counts(scenario(), threads=1)[0]


def test_counts_agree_with_the_sums_of_the_run() -> None:
    """Who is listed in a week is a part of who is listed in a year, and nobody is counted twice."""
    run = engine.run(scenario(), threads=1)
    places = {total.name: place for place, total in enumerate(run.sums)}
    for counted, totals in zip(counts(), run.weekly_totals, strict=True):
        year = totals.arm("regime").weekly[-52:]
        for name, people in (
            ("listed", counted.people[:, 1]),
            ("listed_wrongly", counted.people[:, :, 1]),
            ("listed_undeserved", counted.people[:, :, :, 1]),
            ("listed_unlawfully", counted.people[:, :, :, :, 1]),
        ):
            by_cell = people.reshape(len(people), -1).sum(axis=1)
            assert (by_cell >= year[:, :, places[name]].max(axis=0)).all(), name
            assert (by_cell <= year[:, :, places[name]].sum(axis=0)).all(), name
        assert (counted.adults == year[-1, :, places["adults"]]).all()
        won = counted.people[..., 3].sum()
        upheld = year[:, :, [places["appeals_upheld"], places["appeals_lenient"]]].sum()
        assert 0 < won <= upheld


def test_wrong_and_undeserved_are_part_of_the_flagged() -> None:
    for counted in counts():
        assert (
            counted.people[:, 0, 1].sum()
            == counted.people[:, 0, :, 1].sum()
            == counted.people[:, 0, :, :, 1].sum()
            == 0
        )
        assert (counted.complaining <= counted.adults).all()
        assert (counted.recorded <= counted.adults).all()


def test_tables_have_a_row_for_each_entry() -> None:
    found = report()
    assert len(found.table("groups")) == 2
    assert len(found.table("scores")) == 2 * len(METHODS)
    assert len(found.table("requests")) == 2 * 4
    assert len(found.table("ranges")) == 2 * (1 + 3 * len(METHODS) + 4)
    assert np.isfinite(found.table("groups")["ratio_mean"]).all()
    assert (found.table("groups")["wrongly_listed"] <= found.table("groups")["listed"]).all()
    with pytest.raises(KeyError):
        found.table("people")


def test_ranges_are_ordered_and_there_is_one_for_each_draw() -> None:
    for one in report().ranges:
        assert one.draws == 2 or one.figure in ("truth", "cases", "power", "false_alarm", "covered")
        assert not one.low > one.median
        assert not one.median > one.high


def test_draws_differ_in_uncertainties_alone_and_come_again() -> None:
    drawn, again = (drawn_scenarios(scenario(), 3) for _ in range(2))
    assert [one.digest for one in drawn] == [one.digest for one in again]
    assert len({one.digest for one in drawn}) == 3
    levers = {one.settings()["lists", "integration"] for one in drawn}
    assert levers == {scenario().settings()["lists", "integration"]}
    assert {one.run.replicates for one in drawn} == {1}


def test_the_report_is_stored_as_tables_and_plain_values(tmp_path: Path) -> None:
    report().save(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "audit.json", "groups.parquet", "ranges.parquet", "requests.parquet", "scores.parquet",
    }  # fmt: skip
    stored = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
    assert stored["notice"] == NOTICE
    assert "verdict" in NOTICE
    assert len(stored["scores"]) == 2 * len(METHODS)
    assert stored["questions"][0] == {"group": "migrant", "times": 2.0, "yardstick": "rule"}


def test_audits_do_not_depend_on_threads() -> None:
    plan = AuditPlan(QUESTIONS[:1], audits=50)
    one, two = (audit(scenario(replicates=1), plan, threads=threads) for threads in (1, 2))
    assert one.scores == two.scores
    assert one.groups[0].cases == two.groups[0].cases


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (AuditPlan(QUESTIONS, Practice(cases=0)), "cases is 0. Give 1 or more"),
        (AuditPlan(QUESTIONS, audits=0), "audits is 0"),
        (AuditPlan(QUESTIONS, draws=-1), "draws is -1"),
        (AuditPlan((Question("migrant", times=1.0),)), "times is 1.0"),
        (AuditPlan((Question("migrant", times=math.inf),)), "times is inf"),
        (AuditPlan((Question("migrant", yardstick="reason"),)), "no yardstick reason"),
        (AuditPlan((Question("foreigner"),)), "no group foreigner"),
    ],
)
def test_impossible_plans_are_refused_before_anything_runs(plan: AuditPlan, message: str) -> None:
    with pytest.raises(RunningError, match=message):
        audit(scenario(citizens=10**6), plan)


def test_a_regime_that_is_not_in_force_cannot_be_audited() -> None:
    with pytest.raises(RunningError, match="not in force"):
        cross_counts(override(load("town"), {"until": 60}))


def test_no_table_names_the_settings_under_which_an_audit_finds_nothing() -> None:
    """The boundary: quantiles over draws are all that remains of them, in tables and in the stored report."""
    settings = {".".join(names) for names in scenario().settings()}
    for table in report().tables:
        assert not settings & set(table.columns), table.name
        for column in table.columns.values():
            assert not settings & {str(value) for value in column.tolist()}, table.name
    assert set(report().table("ranges").columns) == {"group", "subject", "figure", "low", "median", "high", "draws"}
    assert "settings" not in report().facts()


def test_audits_neither_search_nor_fit() -> None:
    folder = Path(simulation.__file__).parent
    for path in folder.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        for word in (
            "analysis.calibration",
            "analysis.discovery",
            "analysis.sensitivity",
            "analysis.boxes",
            "safeguard_effects",
        ):
            assert word not in text, f"{path.name}: {word}"
        assert "def objective" not in text
