"""Remedies as changes of a regime's tables."""

from glasshouse.analysis.remedies.remedy import Remedy, lacking
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.scenario.scenario import load


def test_a_release_frees_from_the_lists_of_declared_agencies_as_well() -> None:
    scenario = load("rows/s01-civil-agencies")
    remedy = Remedy.named("release")
    assert lacking([remedy], scenario.mechanisms) == []
    lists = next(t for t in remedy.applied(scenario.mechanisms, scenario.reference) if isinstance(t, Lists))
    assert lists.threshold == (1000.0,) * 8
    assert lists.spell == (0.0,) * 8
    assert lists.leave == 1.0
