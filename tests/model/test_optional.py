"""Mechanisms that take part only where a scenario has their table."""

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.optional import OPTIONAL
from glasshouse.scenario.scenario import Scenario, load, loads, override
from glasshouse.scenario.toml_text import to_toml

NAMES = {mechanism.name for plugin in OPTIONAL for mechanism in plugin.mechanisms}


def named(scenario: Scenario) -> set[str]:
    return {mechanism.name for mechanism in scenario.mechanisms} & NAMES


def test_a_scenario_without_the_table_is_as_if_they_did_not_exist() -> None:
    plain = load("social-governance")
    assert tuple(type(one) for one in plain.mechanisms) == CATALOGUE
    assert plain.active_plugins == plain.brought_plugins == ()
    assert ModelLayout(CATALOGUE).state.names == ModelLayout(tuple(type(one) for one in plain.mechanisms)).state.names


def test_a_table_brings_them_in_and_they_are_no_plug_in_of_the_user() -> None:
    found = load("elsewhere/benefit-screening")
    assert named(found) == {"screening", "investigation", "feedback"}
    assert [plugin.shipped for plugin in found.active_plugins] == [True]
    assert found.brought_plugins == ()
    assert loads(to_toml(found)).digest == found.digest
    assert override(found, {"screening.capacity": 5.0}).mechanisms != found.mechanisms


def test_a_setting_over_a_scenario_without_them_brings_them_in() -> None:
    found = override(load("town"), {"screening.capacity": 5.0})
    assert named(found) == {"screening", "investigation", "feedback"}
    assert named(load("town", ["screening.capacity=5"])) == named(found)
    assert named(override(found, {"commercial_scores.uptake": 0.5})) == NAMES
    # A catalogue that has them already is not given them twice.
    again = load("town", ["screening.capacity=5"], catalogue=tuple(type(one) for one in found.mechanisms))
    assert len(again.mechanisms) == len(found.mechanisms)
