"""Arms of the evidence sheet: what each variant cuts, and that it leaves the rest as it is."""

from glasshouse.analysis.ai_act import relatedness
from glasshouse.analysis.ai_act.variants import SEPARATE, VARIANTS, arms_for, changed, neutral
from glasshouse.model.component import Component
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.scenario.scenario import Scenario, load

TOWN = load("town")


def lists_of(tables: tuple[Component, ...]) -> Lists:
    return next(table for table in tables if isinstance(table, Lists))


def others(scenario: Scenario) -> list[Component]:
    return [table for table in scenario.mechanisms if not isinstance(table, Lists)]


def test_a_change_holds_in_the_regime_alone_and_in_one_table() -> None:
    variant = changed(TOWN, Lists, {"integration": 0.0})
    assert lists_of(variant.mechanisms).integration == 0.0 != lists_of(TOWN.mechanisms).integration
    assert others(variant) == others(TOWN)
    assert variant.reference == TOWN.reference


def test_no_list_of_the_neutral_variant_can_restrict() -> None:
    assert min(lists_of(neutral(TOWN).mechanisms).threshold) == 1000.0


def test_every_variant_is_an_arm() -> None:
    arms = arms_for(TOWN, relatedness.load("usual"))
    assert tuple(arms) == VARIANTS
    assert arms[SEPARATE] != arms[VARIANTS[0]]
