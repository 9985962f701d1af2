"""Factors by group: what a group's members do and how they are watched, and nobody else's."""

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.model.entities import DEFAULT_GROUPS, GROUPS
from glasshouse.model.group_factors import NAMES, GroupBaseRates, GroupIntensities, of_groups
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.population.groups import memberships
from glasshouse.scenario.scenario import load
from glasshouse.study.prior_factors import prior_factors
from tests.helpers.populations import adults, arm_state

LAYOUT = ModelLayout(CATALOGUE)
PEOPLE = adults(512)
MEMBERSHIPS = memberships(PEOPLE.citizens, np.arange(0, 512, 3), np.arange(512) % 5 == 0)
PEOPLE.citizens["groups"] = MEMBERSHIPS
BREACHES = Conduct(rates=(3.0, 0.5, 3.0, 3.0, 3.0))


def one_week(*tables: Mechanism) -> NDArray[np.void]:
    state = arm_state(LAYOUT, PEOPLE, tables)
    ReferenceBackend(LAYOUT).step(state, 7, 0)
    return state.citizens


def members(group: str) -> NDArray[np.bool_]:
    return np.asarray(MEMBERSHIPS >> GROUPS.index(group) & 1 > 0)


def named(prefix: str, group: str) -> str:
    return prefix + group.replace(" ", "_")


@pytest.mark.parametrize("table", [GroupBaseRates, GroupIntensities])
def test_there_is_a_factor_for_each_group_in_their_order(table: type[GroupBaseRates | GroupIntensities]) -> None:
    assert tuple(NAMES) == GROUPS
    assert list(table.model_fields) == [named(table.prefix, group) for group in GROUPS]
    assert table(**{named(table.prefix, "rural"): 2.0}).other_groups() == {"other_groups": 1.0}
    assert table(**{named(table.prefix, "minority"): 2.0}).other_groups() == {"other_groups": 0.0}


@pytest.mark.parametrize("place", range(len(GROUPS)))
def test_the_factor_of_a_group_holds_for_its_members(place: int) -> None:
    factors = [2.0 if other == place else 1.0 for other in range(len(GROUPS))]
    everyone = (1 << len(GROUPS)) - 1
    assert of_groups(1 << place, 1.0, *factors) == of_groups(everyone, 1.0, *factors) == 2.0
    assert of_groups(everyone - (1 << place), 1.0, *factors) == 1.0


def test_factors_of_several_groups_multiply() -> None:
    assert of_groups((1 << len(GROUPS)) - 1, 1.0, *(2.0,) * len(GROUPS)) == 2.0 ** len(GROUPS)
    assert of_groups(0, 1.0, *(2.0,) * len(GROUPS)) == 1.0


@pytest.mark.parametrize("group", GROUPS)
def test_a_base_rate_of_zero_leaves_a_group_without_breaches_and_others_as_they_were(group: str) -> None:
    usual = one_week(BREACHES)["breach"]
    found = one_week(BREACHES.model_copy(update={named("base_rate_", group): 0.0}))["breach"]
    inside = members(group)
    assert (usual[inside] >= 0).any()
    assert (found[inside] == -1).all()
    assert (found[~inside] == usual[~inside]).all()


@pytest.mark.parametrize("group", GROUPS)
def test_nobody_of_a_group_with_an_intensity_of_zero_is_seen(group: str) -> None:
    """Without courts, which creditors come to, and reports."""
    watch = Observation(coverage=1.0, court_reach=0.0)
    usual = one_week(BREACHES, watch)["filed"]
    found = one_week(BREACHES, watch.model_copy(update={named("intensity_", group): 0.0}))["filed"]
    inside = members(group)
    assert (usual[inside] > 0).any()
    assert (found[inside] == 0).all()
    assert (found[~inside] == usual[~inside]).all()


def test_a_study_varies_the_factors_of_declared_groups() -> None:
    for groups in (DEFAULT_GROUPS, ("woman", "under 25")):
        varied = {factor.key for factor in prior_factors(load("social-governance", {"groups": list(groups)}))}
        for prefix in ("observation.intensity_", "conduct.base_rate_"):
            found = {key for key in varied if key.startswith(prefix)}
            assert found == {named(prefix, group) for group in groups}


def test_priors_hold_the_value_at_which_a_group_is_like_others() -> None:
    for table in (GroupBaseRates, GroupIntensities):
        for field in table.model_fields.values():
            extra = field.json_schema_extra
            assert isinstance(extra, dict)
            low, high = extra["prior"]  # type: ignore[misc]
            assert float(low) <= 1.0 <= float(high)
