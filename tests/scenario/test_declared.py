"""Kinds of conduct that a scenario declares, and the agencies that record them."""

import re
from typing import Any

import pytest

from glasshouse.errors import ScenarioError
from glasshouse.model.agencies import THE_FIVE
from glasshouse.model.agency_sizes import agencies_of
from glasshouse.report.odd.description import odd
from glasshouse.report.run.assumptions import view
from glasshouse.scenario.scenario import Scenario, load, loads, override
from glasshouse.scenario.toml_text import to_toml

KINDS = """
extends = "rows/base"
title = "seven kinds"

[agencies]
further = ["commerce"]
contexts = ["contracts"]
sees = ["work"]
records = ["nothing"]

[conduct_kinds]
further = ["sale of unsafe goods", "refused payment"]
alike = ["trade", "debt"]
recorded_by = ["commerce", "court"]
money = [true, false]

[observation]
points = { value = [1, 6, 3, 3, 4, 5, 6], prior = [0.5, 2] }
"""


def table(scenario: Scenario, name: str) -> Any:
    return next(model for model in scenario.mechanisms if model.name == name)


def test_a_scenario_declares_kinds_and_every_list_of_them_grows() -> None:
    scenario = loads(KINDS)
    complete = scenario.declared.complete
    assert complete.kinds.names == (*THE_FIVE.names, "sale of unsafe goods", "refused payment")
    assert complete.recorded() == ((0, 4), (1, 6), (2,), (3,), (5,))
    assert agencies_of(type(model) for model in scenario.mechanisms) == complete
    assert table(scenario, "conduct").rates == (0.8, 0.003, 0.03, 0.03, 0.01, 0.03, 0.003)
    assert table(scenario, "observation").points == (1, 6, 3, 3, 4, 5, 6)
    assert scenario.priors["observation", "points"] == (0.5, 2.0)


def test_without_a_declaration_nothing_is_said_and_the_digest_stays() -> None:
    base = load("rows/base")
    assert "conduct_kinds" not in to_toml(base)
    assert override(base, {"conduct_kinds.further": ()}).digest == base.digest
    assert loads(KINDS).digest != base.digest


def test_a_complete_file_and_settings_over_it_keep_the_kinds() -> None:
    scenario = loads(KINDS)
    assert loads(to_toml(scenario)) == scenario
    assert loads(to_toml(scenario)).digest == scenario.digest
    changed = override(scenario, {"conduct.harms": (1, 2, 3, 4, 5, 6, 7), "weeks": 60})
    assert table(changed, "conduct").harms == (1, 2, 3, 4, 5, 6, 7)
    assert changed.declared == scenario.declared


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('["commerce", "court"]', '["commerce", "culture"]', 'recorded_by names "culture", which is no agency of this scenario. Choose among police, court'),
        ('["commerce", "court"]', '["court", "police"]', "sale of unsafe goods is like trade, and the court records debts alone. Choose another agency in recorded_by."),
        ("[true, false]", "[true]", "money is a list of 1 for 2 further kinds. Give one for each of further = [sale of unsafe goods, refused payment]."),
        ("[true, false]", '[true, "no"]', '"no", is a text, not true or false. Give a list of 0 to 3 values true or false.'),
        ('"trade", "debt"', '"trade", "fine"', "fine is none of these. Give a list of 0 to 3 of these:"),
        ('"refused payment"', '"debt default"', "debt default is always there. Leave it out of further."),
        ('"refused payment"', '"b", "c", "d"', "these are 4 kinds beside the 5 that are always there."),
        ("[1, 6, 3, 3, 4, 5, 6]", "[1, 6, 3, 3, 4, 5]", "a list of 6 where 7 values are expected. Give a list of 7 values, one for each of traffic breach"),
        ('further = ["commerce"]', 'further = ["police"]', "police is always there. Leave it out of further."),
    ],
)  # fmt: skip
def test_faults_say_what_came_what_is_expected_and_what_to_do(old: str, new: str, expected: str) -> None:
    assert old in KINDS
    with pytest.raises(ScenarioError, match=re.escape(expected)):
        loads(KINDS.replace(old, new))


def test_the_description_and_the_report_list_the_kinds() -> None:
    scenario = loads(KINDS)
    text = str(odd(scenario))
    assert "sale of unsafe goods" in text
    assert "More of it in hardship" in text
    assert "More of it in hardship" not in str(odd(load("rows/base")))
    assert [found.name for found in view(scenario).tables][1:3] == ["agencies", "conduct_kinds"]
