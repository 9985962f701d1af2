"""Groups that a scenario declares: their cells, and who belongs to them.

Shares are checked at 4.5 standard errors over households, with a fixed seed: one set of seeds in about 20,000 would fail.
"""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.errors import ScenarioError
from glasshouse.model.entities import COLLEGE, DEFAULT_GROUPS, GROUPS, RECIPIENT
from glasshouse.population import marginals_files
from glasshouse.population.groups import cells
from glasshouse.population.synthesis import PopulationTable, synthesise
from glasshouse.scenario.scenario import load, loads
from glasshouse.scenario.toml_text import to_toml

OTHERS = ("woman", "lone parent", "under 25", "college")
ABROAD = "netherlands-2020s"


@cache
def citizens(groups: tuple[str, ...] = DEFAULT_GROUPS, marginals: str = "china-2020s") -> NDArray[np.void]:
    return synthesise(PopulationTable(citizens=20_000, groups=groups, marginals=marginals), 11, 2).citizens


def member(people: NDArray[np.void], group: str) -> NDArray[np.bool_]:
    return np.asarray(people["groups"] >> GROUPS.index(group) & 1 > 0)


def test_the_default_cells_are_minority_migrant_poorest_fifth_and_rural() -> None:
    one = citizens()
    expected = one["minority"] + 2 * one["migrant"] + 4 * member(one, "poorest fifth") + 8 * (1 - one["urban"])
    assert (one["cell"] == expected).all()


def test_a_cell_has_a_bit_for_each_declared_group_in_their_order() -> None:
    one = citizens(OTHERS, ABROAD)
    members = (one["female"], member(one, "lone parent"), one["age"] < 5, one["education"] == COLLEGE)
    assert (one["cell"] == sum(each * 2**place for place, each in enumerate(members))).all()
    assert (cells(one, ("rural",)) == (one["urban"] == 0)).all()
    median = cells(one, ("below median income", "50 and over"))
    assert (median % 2 == (one["income"] < 1.0)).all()
    assert (median // 2 == (one["age"] >= 10)).all()


def test_recipients_have_a_bit_that_no_other_group_has_since_who_draws_a_benefit_is_state() -> None:
    one = citizens()
    assert (cells(one, ("woman", RECIPIENT, "rural")) == one["female"] + 4 * (1 - one["urban"]) + 2 * 16).all()


def test_declaring_other_groups_changes_nothing_but_cells() -> None:
    usual, other = citizens(), citizens(("woman", "rural"))
    assert [name for name in usual.dtype.names or () if (usual[name] != other[name]).any()] == ["cell"]


def test_lone_parents_are_as_many_as_the_marginals_say() -> None:
    """The published share is of households; an index of households is cut to districts, two households in about 780."""
    assert not member(citizens(), "lone parent").any()
    one = citizens(OTHERS, ABROAD)
    head, parent = one["household_place"] == 0, member(one, "lone parent")
    lone_parents = marginals_files.load(ABROAD).lone_parents
    assert lone_parents is not None
    published = lone_parents.cells["lone parent"]
    assert (head & (one["household_size"] > 1))[parent].all()
    share = float(parent[head].mean())
    assert share == pytest.approx(published, abs=2 / 780 + 4.5 * np.sqrt(published * (1 - published) / head.sum()))


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ('["womn"]', "womn is no group. Give a list of 1 to 4 of these, each once: .*minority"),
        ('["woman", "woman"]', "woman stands twice. Give a list of 1 to 4"),
        ("[]", "these are 0 groups. Give a list of 1 to 4"),
        ('["woman", "rural", "minority", "migrant", "college"]', "these are 5 groups. Give a list of 1 to 4"),
        ('["lone parent"]', "declares lone parents, and the marginals have none"),
    ],
)
def test_groups_that_cannot_be_declared_are_refused(groups: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message) as refused:
        load("town", [f"society.groups={groups}"])
    assert len(refused.value.faults) == 1


def test_declared_groups_are_part_of_the_scenario_file() -> None:
    scenario = load("town", {"groups": list(OTHERS), "marginals": ABROAD})
    assert loads(to_toml(scenario)).society.groups == OTHERS
