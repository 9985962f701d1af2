"""The boundary at its narrowest: only coarse aggregates, over a closed list of dimensions, can shape a population."""

from importlib import resources

import pytest
from pydantic import ValidationError

from glasshouse.errors import ScenarioError, SynthesisError
from glasshouse.population import marginals, marginals_files
from glasshouse.population.cells import CELLS
from glasshouse.population.synthesis import PopulationTable
from glasshouse.scenario.scenario import load

TEXT = (resources.files("glasshouse") / "library" / "marginals" / "china-2020s.toml").read_text(encoding="utf-8")


def test_the_shipped_file_is_in_order_and_gives_a_source_for_every_number() -> None:
    found = marginals_files.parse(TEXT, "china-2020s")
    for name in type(found).model_fields:
        table = getattr(found, name)
        if isinstance(table, marginals.Marginal):
            assert table.source
    given = [figure for _, figure in found.figures if figure is not None]
    assert all(figure.source for figure in given)
    assert "china-2020s" in marginals_files.names()


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
        ('confidence = "recalled"', 'confidence = "sure"', "confidence 'sure' is not one of seen, quoted"),
        ("party_share = { value", "party_share = { amount", "amount"),
        ('title = "Mainland China, 2020 to 2024"', "rows = [[1, 2]]", "rows"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused(before: str, after: str, said: str) -> None:
    assert before in TEXT
    with pytest.raises(SynthesisError, match=said):
        marginals_files.parse(TEXT.replace(before, after, 1), "test")


def test_all_faults_are_reported_at_once() -> None:
    broken = TEXT.replace('dimensions = ["sex"]', 'dimensions = ["name"]').replace("[figures]", "[figure]")
    with pytest.raises(SynthesisError) as caught:
        marginals_files.parse(broken, "test")
    assert len(str(caught.value).splitlines()) >= 3


def with_cells(table: str, cells: str) -> str:
    """The shipped file with other cells in one table."""
    begin = TEXT.index("cells", TEXT.index(f"\n[{table}]\n"))
    return f"{TEXT[:begin]}cells = {{ {cells} }}{TEXT[TEXT.index(chr(10), begin) :]}"


def test_cells_are_read_by_their_labels_and_not_by_their_order() -> None:
    plain = marginals_files.parse(TEXT, "plain")
    for name in CELLS:
        table = getattr(plain, name)
        if table is None:
            continue
        turned = ", ".join(f'"{cell}" = {share}' for cell, share in reversed(table.cells.items()))
        other = getattr(marginals_files.parse(with_cells(name, turned), "turned"), name)
        assert list(other.cells.items()) == list(table.cells.items()), name
        assert (other.shares() == table.shares()).all()


FAULTY = {
    '"0-9" = 0.5, "10+" = 0.5': (
        "age",
        "it lacks “0-4”, “5-9”, “10-14”.* and has “0-9”, “10\\+”. Its cells are “0-4”, “5-9”",
    ),
    "women = 0.5, men = 0.5": ("sex", "it lacks “female”, “male” and has “men”, “women”"),
    "rural = 1.0": ("residence", "it lacks “urban”"),
    "urban = 1.0, rural = 0.0": ("residence", "nobody is in “rural”; leave it out"),
    "female = 0.0, male = 1.0": ("sex", "nobody is in “female”"),
    '"urban/migrant" = 0.15': ("migrant", "it lacks “rural/migrant”"),
    '"1" = 0.5, "2" = 0.3, "3+" = 0.2': ("household", "has “3\\+”. Its cells are “1”, “2”, “3”"),
    "low = 0.6, high = 0.4": ("education", "has “high”, “low”"),
    "works = 0.4, none = 0.6": ("employment", "it lacks “legal unit” and has “works”"),
}


@pytest.mark.parametrize("cells", FAULTY)
def test_other_cells_are_refused_with_those_that_the_table_has(cells: str) -> None:
    table, said = FAULTY[cells]
    with pytest.raises(SynthesisError, match=f"{table}: .*{said}"):
        marginals_files.parse(with_cells(table, cells), "test")


def test_a_table_over_other_dimensions_is_refused() -> None:
    with pytest.raises(SynthesisError, match="it is about “age”; this table is about “sex”"):
        marginals_files.parse(TEXT.replace('dimensions = ["sex"]', 'dimensions = ["age"]'), "test")


def test_check_refuses_marginals_that_are_not_shipped() -> None:
    for name in ("atlantis-2020s", "../china-2020s"):
        with pytest.raises(ScenarioError, match=f'marginals = "{name}" is not shipped.*Choose one of: .*china-2020s'):
            load("town", {"society.marginals": name})
    assert load("town", {"society.marginals": "china-2020s"}).society.marginals == "china-2020s"


def test_a_name_alone_opens_no_file() -> None:
    for name in ("mine", "../china-2020s", "/etc/passwd", "china-2020s.toml"):
        with pytest.raises(SynthesisError, match="china-2020s"):
            marginals_files.load(name)
        with pytest.raises(ValidationError):
            PopulationTable(citizens=1000, marginals=name)
