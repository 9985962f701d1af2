"""The conditional distributions behind the marginals."""

from glasshouse.population import marginals_files
from glasshouse.population.distributions import distributions

KNOWN = distributions(marginals_files.load("china-2020s"))


def test_no_chance_exceeds_one_and_children_are_no_members() -> None:
    assert KNOWN.party.min() >= 0
    assert KNOWN.party.max() <= 1
    assert (KNOWN.party[:4] == 0).all()
    assert (KNOWN.work <= 1).all()
    assert KNOWN.online.max() <= 1
