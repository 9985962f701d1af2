"""Parameters as a reader meets them: nothing may be called published that no publication gives."""

from pathlib import Path

import pytest

from glasshouse.model.declarations import ASSUMED
from glasshouse.report.run.assumptions import view
from glasshouse.scenario.parameter_provenance import Value, basis, cited, span, tables_by_mechanism, values
from glasshouse.scenario.scenario import Scenario, load, override


def of(scenario: Scenario, table: str, name: str) -> Value:
    tables = next(found for found in tables_by_mechanism(scenario) if found[0].name == table)
    return next(value for value in values(*tables, scenario) if value.name == name)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (ASSUMED, "assumed"),
        ("", "assumed"),
        ("facts.md C4 (direction); size assumed", "assumed"),
        ("Kuran 1991; size set so that a third fears reprisal", "calibrated"),
        ("calibrated to F14", "calibrated"),
        ("facts.md C8: 8 to 18 %", "published"),
        ("design", "chosen"),
    ],
)
def test_the_source_s_words_decide_what_a_value_rests_on(source: str, expected: str) -> None:
    assert basis(source) == expected


def test_rows_and_works_are_found_in_a_text() -> None:
    text = "`facts.md` A5.4, F21; Hardt et al. 2016; Lum and Isaac 2016 for C_d, B of 12"
    assert cited(text) == ("A5.4", "F21", "Hardt et al. 2016", "Lum and Isaac 2016")


def test_the_values_of_both_arms_come_with_unit_range_prior_and_reasons() -> None:
    found = of(load("social-governance"), "observation", "coverage")
    assert (found.reference, found.regime, found.unit, found.bounds) == ("0.1", "0.45", "share", "0 to 1")
    assert found.prior == "0.2 to 0.7; reference 0.05 to 0.2"
    assert found.regime_reason.startswith("networked cameras")
    assert found.reference_reason.startswith("ordinary policing")
    assert of(load("social-governance"), "lists", "threshold").bounds == "0.5 to 1,000"


def test_the_prior_shown_is_the_one_that_studies_use() -> None:
    flagship = load("social-governance")
    assert of(flagship, "lists", "threshold").prior == "0.5 to 2 times the values"
    assert of(flagship, "local_scores", "uptake").prior == "0.5 to 1; from week 468: 0.1 to 0.5"
    assert of(flagship, "attitudes", "weight_problem").prior == "0.4 to 1.2"
    assert of(flagship, "conduct", "harms").prior == "0.02 to 8"
    (row,) = [row for table in view(flagship).tables if table.name == "observation" for row in table.table.rows
              if row[0].text == "coverage"]  # fmt: skip
    assert row[-2] == "0.2 to 0.7; reference 0.05 to 0.2"


def test_a_value_set_by_hand_rests_on_nobody_s_reason() -> None:
    """The file's reason is for the file's value; the declared source for the declared one."""
    changed = override(load("social-governance"), {"observation.coverage": 0.6, "conduct.deterrence": 0.4})
    assert of(changed, "observation", "coverage").regime_reason == ""
    assert of(changed, "observation", "coverage").basis == "regime chosen, reference assumed, from week 624 chosen"
    assert of(load("social-governance"), "conduct", "deterrence").basis == "published"
    assert of(changed, "conduct", "deterrence").basis == "chosen"


def test_a_reason_that_cites_nothing_is_an_assumption(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'extends = "social-governance"\n[lists]\nleave = 0.3  # seems right\n[points]\nhalf_life = 10.0 # A4.4'
        '\n[conduct]\nharms = [1, 1, 1, 1, 1]  # "x # y" of Pan and Chen 2018\n'
    )
    scenario = load(path)
    assert of(scenario, "lists", "leave").basis == "assumed"
    assert of(scenario, "points", "half_life").regime_basis == "published"
    assert of(scenario, "points", "half_life").reference_basis == "assumed"
    assert of(scenario, "conduct", "harms").regime_reason == '"x # y" of Pan and Chen 2018'
    assert of(scenario, "conduct", "trap").regime_reason == ""


def test_settings_of_a_run_are_chosen_whatever_the_reason() -> None:
    scenario = load("social-governance")
    found = {value.name: value for value in values(scenario.run, scenario.run, (), scenario)}
    assert {value.basis for value in found.values()} == {"chosen"}
    assert found["rollout"].regime_reason.endswith("A3.8")


def test_ranges_are_given_in_words() -> None:
    assert (span((0, 1_000_000)), span((0.5, 2)), span(None), span((None, None))) == (
        "0 to 1,000,000",
        "0.5 to 2",
        "",
        "",
    )


def test_a_regime_that_changes_has_a_value_from_each_change_on() -> None:
    settings = {
        "change.2.conduct.repayment": 0.2,
        "change.3.conduct.repayment": 0.25,
    }
    changed = override(load("social-governance"), settings)
    repayment = of(changed, "conduct", "repayment")
    assert [(one.week, one.value) for one in repayment.changed] == [(589, "0.2"), (624, "0.25")]
    assert [(one.week, one.value) for one in of(changed, "conduct", "debt_size").changed] == [
        (589, "20.0"),
        (624, "20.0"),
    ]
    assert [repayment.in_week(week)[0] for week in (588, 589, 623, 676)] == ["0.14", "0.2", "0.2", "0.25"]
    # A change that leaves a value alone keeps its reason too.
    delay = of(override(load("social-governance"), {"change.3.lists.leave": 0.5}), "lists", "delay_off")
    assert [one.value for one in delay.changed] == ["8.0", "8.0"]
    assert (
        delay.changed[0].reason
        == delay.changed[1].reason
        == "decisions passed on within days, on paper; A5.2, A5.4; size assumed"
    )
    tables = next(found for found in tables_by_mechanism(changed) if found.regime.name == "forecast")
    assert tables.changed == ()
