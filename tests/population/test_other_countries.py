"""A file of another country, with shapes of its own and without a party, gives a population that meets its tables.

Shares are checked at 4.5 standard errors, as in `test_synthesis.py`.
"""

from functools import cache

import numpy as np
import pytest

from glasshouse.errors import SynthesisError
from glasshouse.model.entities import NOBODY, Population
from glasshouse.population import marginals_files
from glasshouse.population.distributions import distributions
from glasshouse.population.synthesis import PopulationTable, synthesise
from tests.helpers.countries import BANDS, row, text

PEOPLE = 60_000

FACTS = marginals_files.parse(text(), "test")


@cache
def population() -> Population:
    return synthesise(PopulationTable(citizens=PEOPLE, marginals=text()), 5, 2)


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


CHINA = marginals_files.load("china-2020s").shapes
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
        distributions(marginals_files.parse(text(**changed), "test"))


MALFORMED = {
    "labels": ({"shape_work": '"0-14" = 0.0, "15+" = 0.5'}, "shapes.work.cells: it lacks “0-4”.*has “0-14”, “15\\+”"),
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
        {"figures": 'party_share = { value = 0.1, source = "s", confidence = "recalled" }'},
        r"\[party\], party_women, party_college is missing; give \[party\], party_share",
    ),
}


@pytest.mark.parametrize("fault", MALFORMED)
def test_malformed_shapes_are_refused(fault: str) -> None:
    changed, said = MALFORMED[fault]
    with pytest.raises(SynthesisError, match=said):
        marginals_files.parse(text(**changed), "test")


def test_an_age_of_households_must_be_one_of_adults() -> None:
    with pytest.raises(SynthesisError, match=r"shapes.figures.children_at_home: .*8 is no age of an adult"):
        marginals_files.parse(
            text().replace("children_at_home = { value = 43.0", "children_at_home = { value = 8.0"), "test"
        )


def test_a_file_without_shapes_is_refused() -> None:
    whole = text()
    with pytest.raises(SynthesisError, match="shapes: is missing"):
        marginals_files.parse(
            whole[: whole.index("[shapes.headship]")] + whole[whole.index("[figures]") : whole.index("[shapes.fi")], "t"
        )
