"""How many citizens an evidence sheet and an audit have where the user does not say."""

from glasshouse.analysis.default_size import CITIZENS, sized
from glasshouse.scenario.scenario import load


def test_a_large_scenario_is_examined_at_the_default_size_unless_one_was_given() -> None:
    made = load("social-governance")
    assert sized(made, ()).society.citizens == CITIZENS
    for key in ("citizens", "society.citizens"):
        assert sized(made, (key,)).society.citizens == 100_000


def test_a_small_scenario_stays_as_it_is() -> None:
    made = load("town")
    assert sized(made, ()) is made
