"""A file of another country, with shapes of its own and without a party, gives a population that meets its tables.

The figures are rounded ones of the Netherlands about 2021, recalled: a test of the generator, and no source. Shares are
checked at 4.5 standard errors, as in `test_synthesis.py`.
"""

from functools import cache
from unittest.mock import patch

import numpy as np
import pytest

from glasshouse.errors import SynthesisError
from glasshouse.model.entities import NOBODY, Population
from glasshouse.population import marginals, synthesis
from glasshouse.population.distributions import distributions
from glasshouse.population.synthesis import PopulationTable, synthesise

PEOPLE = 60_000
BANDS = [f"{first}-{first + 4}" for first in range(0, 90, 5)] + ["90+"]


def row(*shares: float) -> str:
    return ", ".join(f'"{band}" = {float(share)}' for band, share in zip(BANDS, shares, strict=True))


TABLES = {
    "age": row(
        0.049, 0.051, 0.054, 0.058, 0.064, 0.066, 0.064, 0.061, 0.057, 0.063, 0.073, 0.073, 0.066, 0.058, 0.056, 0.039,
        0.026, 0.015, 0.007,
    ),
    "sex": "female = 0.503, male = 0.497",
    "residence": "urban = 0.85, rural = 0.15",
    "migrant": '"urban/migrant" = 0.16, "rural/migrant" = 0.06',
    "minority": "minority = 0.176, majority = 0.824",
    "household": '"1" = 0.39, "2" = 0.327, "3" = 0.116, "4" = 0.118, "5" = 0.04, "6" = 0.006, "7" = 0.002, "8" = 0.0005, "9" = 0.0005',
    "education": 'none = 0.07, primary = 0.18, "lower secondary" = 0.15, "upper secondary" = 0.33, college = 0.27',
    "online": '"urban/online" = 0.96, "rural/online" = 0.94',
    "employment": '"legal unit" = 0.44, "self-employed unit" = 0.09, farm = 0.01, none = 0.46',
}  # fmt: skip
DIMENSIONS = {"migrant": '"residence", "migrant"', "online": '"residence", "online"', "household": '"household size"'}
SHAPES = {
    "headship": row(0, 0, 0, 0.05, 0.4, 0.6, 0.6, 0.58, 0.57, 0.57, 0.57, 0.58, 0.6, 0.62, 0.64, 0.68, 0.72, 0.75, 0.7),
    "work": row(0, 0, 0, 0.6, 0.8, 0.88, 0.88, 0.87, 0.87, 0.87, 0.86, 0.81, 0.66, 0.2, 0.1, 0.05, 0.02, 0, 0),
    "online": row(0.8, 0.97, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.6),
}
FIGURES = {
    "income_urban": 35_000.0, "income_rural": 35_500.0, "gini_urban": 0.29, "gini_rural": 0.27, "unit_mean": 11.0,
    "own_account_mean": 1.1, "parent_age": 31.5, "parent_age_spread": 4.8,
}  # fmt: skip
COUPLING = {"schooling_by_age": 0.1, "schooling_in_town": 0.3, "children_at_home": 43.0, "parents_from": 62.0}
SOURCE = 'source = "recalled"\nconfidence = "R"\n'


def text(**changed: str) -> str:
    """A file of marginals, with other cells in the tables or shapes that are named."""
    parts = ['title = "A country"']
    for name, cells in TABLES.items():
        about = DIMENSIONS.get(name, f'"{name}"')
        cells = changed.get(name, cells)
        parts.append(f"[{name}]\ndimensions = [{about}]\npeople = 17_500_000\n{SOURCE}cells = {{ {cells} }}")
    for name, cells in SHAPES.items():
        parts.append(f"[shapes.{name}]\n{SOURCE}cells = {{ {changed.get(f'shape_{name}', cells)} }}")
    for head, figures in (("figures", FIGURES), ("shapes.figures", COUPLING)):
        lines = [
            f'{name} = {{ value = {value}, source = "recalled", confidence = "R" }}' for name, value in figures.items()
        ]
        parts.append("\n".join([f"[{head}]", *lines, changed.get(head, "")]))
    return "\n\n".join(parts)


FACTS = marginals.parse(text(), "test")


@cache
def population() -> Population:
    with patch.object(synthesis, "_known", lambda name: (FACTS, distributions(FACTS))):
        return synthesise(PopulationTable(citizens=PEOPLE), 5, 2)


def near(found: float, published: float, people: float = PEOPLE, clumps: float = 1.0) -> bool:
    return abs(found - published) < 4.5 * np.sqrt(published * (1 - published) * clumps / people)


def test_the_tables_are_met() -> None:
    people = population().citizens
    for band, share in enumerate(np.bincount(people["age"], minlength=19) / PEOPLE):
        assert near(share, FACTS.age.shares()[band]), BANDS[band]
    for level, share in enumerate(np.bincount(people["education"], minlength=5) / PEOPLE):
        assert near(share, FACTS.education.shares()[level], clumps=2.0), level
    for place, urban in (("rural", 0), ("urban", 1)):
        there = people["urban"] == urban
        assert near((people["exposure"][there] > 0.06).mean(), FACTS.online.cells[f"{place}/online"], there.sum())
    assert near(people["female"].mean(), FACTS.sex.cells["female"])
    assert near((people["workplace"] != NOBODY).mean(), 0.53)
    size = people["household_size"][people["household_place"] == 0]
    assert (size == 1).mean() == pytest.approx(0.39, abs=0.02)


def test_work_and_the_network_follow_the_file_s_shapes_over_age() -> None:
    people = population().citizens
    known = distributions(FACTS)
    for band in (3, 8, 13, 16):
        there = people["age"] == band
        off_farm = known.work[band] * (1 - known.farm * 0.15)
        assert near((people["workplace"][there] != NOBODY).mean(), off_farm, there.sum()), BANDS[band]
        online = 0.85 * known.online[1, band] + 0.15 * known.online[0, band]
        assert near((people["exposure"][there] > 0.06).mean(), online, there.sum()), BANDS[band]


def test_without_a_party_nobody_is_a_member_and_without_a_figure_nobody_lives_abroad() -> None:
    made = population()
    assert not made.citizens["party"].any()
    assert not made.citizens["abroad"].any()
    assert not made.firms["foreign"].any()


CHINA = marginals.load("china-2020s").shapes
FAULTS = {
    "online": (
        {"shape_online": row(*CHINA.online.chances)},
        r"\[shapes.online\] and \[online\]: the chance of being online would be 1.\d\d at ages 10-14. Give the shape more",
    ),
    "work": (
        {"shape_work": row(0, 0, 0, 0, 0, 1, 1, 1, 1, *[0] * 10)},
        r"\[shapes.work\] and \[employment\]: the chance of being employed would be 2.\d\d at ages 25-29",
    ),
    "heads": (
        {"shape_headship": row(*[0] * 16, 1, 1, 1)},
        r"\[shapes.headship\] and \[household\]: the chance of heading a household would be \d+.\d\d at ages 80-84",
    ),
    "farms": (
        {"employment": '"legal unit" = 0.3, "self-employed unit" = 0.04, farm = 0.2, none = 0.46'},
        r"\[employment\] and \[residence\]: the share of rural workers who work on farms would be 2.\d\d",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_tables_and_shapes_that_contradict_one_another_are_refused(fault: str) -> None:
    changed, said = FAULTS[fault]
    with pytest.raises(SynthesisError, match=said):
        distributions(marginals.parse(text(**changed), "test"))


MALFORMED = {
    "labels": ({"shape_work": '"0-14" = 0.0, "15+" = 0.5'}, "shapes.work.cells: .*it lacks “0-4”.*has “0-14”, “15\\+”"),
    "chance": (
        {"shape_work": row(*[0] * 5, 1.2, *[0] * 13)},
        "shapes.work.cells: .*cell '25-29' is 1.2; give a chance from",
    ),
    "nobody": ({"shape_work": row(*[0] * 19)}, "shapes.work.cells: .*every cell is 0"),
    "children": (
        {"shape_headship": row(0, 0, 0.1, *[0.5] * 16)},
        "shapes.headship: .*cell '10-14' is above 0; people under 15 neither",
    ),
    "party": (
        {"figures": 'party_share = { value = 0.1, source = "s", confidence = "R" }'},
        r"\[party\], party_women, party_college is missing; give \[party\], party_share",
    ),
}


@pytest.mark.parametrize("fault", MALFORMED)
def test_malformed_shapes_are_refused(fault: str) -> None:
    changed, said = MALFORMED[fault]
    with pytest.raises(SynthesisError, match=said):
        marginals.parse(text(**changed), "test")


def test_an_age_of_households_must_be_one_of_adults() -> None:
    with pytest.raises(SynthesisError, match=r"shapes.figures.children_at_home: .*8 is no age of an adult"):
        marginals.parse(text().replace("children_at_home = { value = 43.0", "children_at_home = { value = 8.0"), "test")


def test_a_file_without_shapes_is_refused() -> None:
    whole = text()
    with pytest.raises(SynthesisError, match="shapes: Field required"):
        marginals.parse(
            whole[: whole.index("[shapes.headship]")] + whole[whole.index("[figures]") : whole.index("[shapes.fi")], "t"
        )
