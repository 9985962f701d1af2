"""The boundary at its narrowest: only coarse aggregates, over a closed list of dimensions, can shape a population."""

from importlib import resources

import pytest

from glasshouse.errors import SynthesisError
from glasshouse.population import marginals
from glasshouse.population.synthesis import PopulationTable, synthesise

TEXT = (resources.files("glasshouse") / "library" / "marginals" / "china-2020s.toml").read_text(encoding="utf-8")


def test_the_shipped_file_is_in_order_and_gives_a_source_for_every_number() -> None:
    found = marginals.parse(TEXT, "china-2020s")
    for name in type(found).model_fields:
        table = getattr(found, name)
        if isinstance(table, marginals.Marginal):
            assert table.source
    assert all(getattr(found.figures, name).source for name in type(found.figures).model_fields)
    assert marginals.names() == ["china-2020s"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('dimensions = ["sex"]', 'dimensions = ["name"]', "'name' is not of the closed list"),
        ('dimensions = ["sex"]', 'dimensions = ["religion"]', "closed list"),
        ('dimensions = ["age"]', 'dimensions = ["age", "sex", "residence", "party"]', "4 dimensions are crossed"),
        ('dimensions = ["age"]', "dimensions = []", "0 dimensions are crossed"),
        ("people = 1_409_800_000", "people = 1000", "the least is 50"),
        ("female = 0.48939", "female = 0.58939", "add up to 1.1"),
        ("female = 0.48939", "female = -0.1", "a share from 0 to 1"),
        ("[sex]", "[sexes]", "sexes"),
        ("[sex]", "[sex", "not a TOML file"),
        ('confidence = "R"', 'confidence = "sure"', "confidence"),
        ("party_share = { value", "party_share = { amount", "amount"),
        ('title = "Mainland China, 2020 to 2024"', "rows = [[1, 2]]", "rows"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused(before: str, after: str, said: str) -> None:
    assert before in TEXT
    with pytest.raises(SynthesisError, match=said):
        marginals.parse(TEXT.replace(before, after, 1), "test")


def test_all_faults_are_told_at_once() -> None:
    broken = TEXT.replace('dimensions = ["sex"]', 'dimensions = ["name"]').replace("[figures]", "[figure]")
    with pytest.raises(SynthesisError) as caught:
        marginals.parse(broken, "test")
    assert len(str(caught.value).splitlines()) >= 3


def test_only_shipped_marginals_can_be_named() -> None:
    for name in ("mine", "../china-2020s", "/etc/passwd", "china-2020s.toml"):
        with pytest.raises(SynthesisError, match="Choose one of: china-2020s"):
            synthesise(PopulationTable(citizens=1000, marginals=name), 1)
