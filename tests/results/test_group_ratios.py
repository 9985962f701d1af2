"""Who bears more, on sums small enough to do by hand."""

import math

import numpy as np
import pytest

from glasshouse.model.declarations import Sum
from glasshouse.model.measure import Sums
from glasshouse.results import group_ratios
from glasshouse.results.intervals import resamples
from tests.model.measures.test_measures import DECLARED, sums

NAMED = {one.name: one for one in group_ratios.BURDENS}


def totals(arm: str, group: str) -> Sums:
    """Ten of a hundred adults a replicate are of the group; its members lose three times what the others do."""
    own = not group.startswith("not ")
    adults = 10.0 if own else 90.0
    lost = (3.0 if own else 1.0) * adults * (arm == "regime")
    one = sums(DECLARED, adults=adults, hardship_sum=adults + lost, listed_wrongly=0.0 if own else adults / 2)
    return Sums(resamples(np.repeat(one._totals[None], 4, axis=0)), DECLARED)


def test_a_ratio_of_burdens_a_head() -> None:
    found = group_ratios.group_ratio(NAMED["welfare_lost"], totals, "minority")
    assert found.mean == pytest.approx(3.0, rel=1e-6)
    assert found.reason == "the same in all 4 replicates, no interval"
    nobody = group_ratios.group_ratio(NAMED["wrongly_listed"], totals, "minority")
    assert nobody.mean == 0.0
    assert nobody.reason == "none in 4 replicates"


def test_where_the_rest_bears_nothing_there_is_no_ratio() -> None:
    assert math.isnan(group_ratios.group_ratio(NAMED["visits"], totals, "minority").mean)


def test_screening_is_compared_where_there_is_one() -> None:
    """Of 100 recipients of a group and 900 others 30 and 90 are investigated, of whom 10 and 60 had something irregular."""
    declared = tuple(
        Sum(name, "cases", "")
        for name in (
            "drawing", "cases_model", "cases_lot", "cases_model_irregular", "cases_lot_irregular", "decided_model", "decided_lot",
            "found_model", "found_lot", "found_nothing",
        )
    )  # fmt: skip
    assert group_ratios.burdens_of(DECLARED) == group_ratios.BURDENS
    named = {one.name: one for one in group_ratios.burdens_of(declared)}

    def screened(arm: str, group: str) -> Sums:
        rows = {
            "minority": (100, 20, 10, 5, 5, 20, 10, 8, 4, 3),
            "not minority": (900, 80, 10, 55, 5, 80, 10, 40, 5, 9),
        }
        return Sums(resamples(np.repeat(np.array([rows[group]]), 4, axis=0)), declared)

    ratios = {
        name: group_ratios.group_ratio(named[name], screened, "minority").mean for name in named.keys() - NAMED.keys()
    }
    assert ratios == pytest.approx(
        {"investigated": 3.0, "investigated_for_nothing": 6.0, "found": 0.8, "found_wrongly": 3.0}, rel=1e-6
    )
