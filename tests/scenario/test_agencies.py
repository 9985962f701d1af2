"""Agencies that a scenario declares beside the four."""

import re
from pathlib import Path
from typing import Any

import pytest

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.errors import ScenarioError
from glasshouse.model.agencies import THE_FOUR
from glasshouse.model.agency_sizes import agencies_of
from glasshouse.report.odd.description import odd
from glasshouse.scenario.scenario import Scenario, load, loads, override
from glasshouse.scenario.toml_text import to_toml

TWO = """
extends = "rows/base"
title = "six agencies"

[agencies]
further = ["commerce", "culture"]
contexts = ["contracts", "venues"]
sees = ["work", "everybody"]
records = ["trade", "traffic and order"]
"""
SEVERAL = "police, court, welfare office, market supervision, commerce, culture"


def table(scenario: Scenario, name: str) -> Any:
    return next(model for model in scenario.mechanisms if model.name == name)


def test_a_scenario_declares_agencies_and_every_list_of_them_grows() -> None:
    scenario = loads(TWO)
    assert scenario.declared.complete.names == (*THE_FOUR.names, "commerce", "culture")
    assert agencies_of(type(model) for model in scenario.mechanisms) == scenario.declared.complete
    # The base gives four values; the usual ones follow.
    assert table(scenario, "observation").false_positive_rate == (0.008, 0.006, 0.004, 0.004, 0.015, 0.015)
    assert len(table(scenario, "lists").sharing) == 36
    assert all(len(model.threshold) == 6 for model in scenario.reference if model.name == "lists")


def test_without_a_declaration_nothing_is_said_and_the_digest_stays() -> None:
    base = load("rows/base")
    assert not any(keys[0] == "agencies" for keys in base.settings())
    assert "agencies" not in to_toml(base)
    assert override(base, {"agencies.further": ()}).digest == base.digest
    assert loads(TWO).digest != base.digest


def test_a_complete_file_and_settings_over_it_keep_the_agencies() -> None:
    scenario = loads(TWO)
    assert loads(to_toml(scenario)) == scenario
    assert loads(to_toml(scenario)).digest == scenario.digest
    changed = override(scenario, {"lists.threshold": (1, 2, 3, 4, 5, 6), "weeks": 60})
    assert table(changed, "lists").threshold == (1, 2, 3, 4, 5, 6)
    assert changed.declared == scenario.declared


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("lists.threshold=[1, 2, 3]", f"a list of 3 where 6 values are expected. Give a list of 6 values, one for each of {SEVERAL}"),
        ("reference.lists.threshold=[1, 2, 3, 4, 5]", f"one for each of {SEVERAL}"),
        ("lists.related=[1, 2]", "36 values"),
        ('agencies.records=["trade"]', "records is a list of 1 for 2 further agencies. Give one for each of further = [commerce, culture]."),
        ('agencies.sees=["work", "eyes"]', "eyes is none of these. Give a list of 0 to 4 of these: \"life online\""),
        ('agencies.records=["trade", "all"]', "all is none of these."),
        ('agencies.further=["police", "a"]', "police is always there. Leave it out of further."),
        ('agencies.contexts=["benefits", "a"]', "benefits is always there. Leave it out of contexts."),
        ('agencies.further=["a", "a"]', "a stands twice"),
        ('agencies.further=[" a", "b"]', "no spaces at its ends"),
        ('agencies.further=["a", "b", "c", "d", "e"]', "these are 5 agencies beside the 4 that are always there. Give a list of 0 to 4 texts"),
        ("agencies.contexts=[1, 2]", "a whole number, not a text"),
        ("reference.agencies.sees=[]", "both arms share [agencies]"),
    ],
)  # fmt: skip
def test_faults_say_what_came_what_is_expected_and_what_to_do(setting: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "six.toml").write_text(TWO)
    with pytest.raises(ScenarioError, match=re.escape(expected)):
        load(tmp_path / "six.toml", [setting])


def test_four_values_do_for_four_agencies_only() -> None:
    with pytest.raises(ScenarioError, match="a list of 6 where 4 values are expected"):
        load("rows/base", {"lists.threshold": (1, 2, 3, 4, 5, 6)})


def test_the_shipped_scenario_has_eight_and_isolates_them() -> None:
    scenario = load("rows/s01-civil-agencies")
    assert scenario.declared.complete.number == 8
    differing = [a.name for a, b in zip(scenario.mechanisms, scenario.reference, strict=True) if a != b]
    assert differing == ["lists"]
    sums = {total.name for total in ModelLayout(tuple(type(model) for model in scenario.mechanisms)).sums}
    assert {f"restricted_{k}" for k in range(8)} <= sums


def test_the_description_lists_the_agencies() -> None:
    text = str(odd(load("rows/s01-civil-agencies")))
    assert "industry and information technology" in text
    assert "venues and media" in text
