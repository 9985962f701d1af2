"""Third parties: refusals beyond what is restricted, in the declared shares, and none where nobody over-complies.

Shares are held to their closed form within 4.5 standard errors of a binomial count, with fixed seeds: a check fails by
chance for one seed in 150,000.
"""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import AGENCIES
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.third_parties import ThirdParties
from tests.helpers.populations import adults, arm_state

LAYOUT = ModelLayout(CATALOGUE)
SLOTS = {total.name: slot for slot, total in enumerate(LAYOUT.sums)}
BREACHING = (Conduct(rates=(1.0, 0.5, 1.0, 1.0, 1.0)), Observation(coverage=0.9))


@cache
def threads() -> CompiledBackend:
    # With the comparisons that runs have, so that their compiled pass serves here as well.
    return CompiledBackend(LAYOUT, PAIRINGS, threads=1)


def fresh(*tables: Mechanism, people: int = 8192) -> ArmState:
    return arm_state(LAYOUT, adults(people, district=2048), tables)


def stepped(state: ArmState, weeks: range) -> dict[str, float]:
    """Sums over these weeks in their own units."""
    found = np.zeros(len(LAYOUT.sums))
    for week in weeks:
        threads().step(state, 3, week)
        found += state.totals.sum(axis=(0, 1)) / [total.scale for total in LAYOUT.sums]
    return {name: float(found[slot]) for name, slot in SLOTS.items()}


def on_file(state: ArmState) -> NDArray[np.bool_]:
    """Who has points on file."""
    return np.any([state.citizens[f"{kind}_{k}"] > 0 for kind in ("right", "wrong") for k in range(AGENCIES)], axis=0)


@pytest.mark.parametrize(("further", "below"), [(0.4, 0.0), (0.0, 0.3), (1.0, 0.3)])
def test_third_parties_refuse_their_shares_and_the_same_people_every_week(further: float, below: float) -> None:
    state = fresh(*BREACHING, ThirdParties(further=further, below=below, cost=0.25))
    stepped(state, range(1))  # districts learn of the cost in the first week
    whole = stepped(state, range(1, 60))
    assert whole["third_party_ww"] == pytest.approx(0.25 * (whole["refused_further"] + whole["refused_below"]))
    for week in (60, 61):
        before = state.citizens["refused"].copy(), state.citizens["contexts"] > 0, on_file(state)
        found = stepped(state, range(week, week + 1))
        refused, restricted = state.citizens["refused"] == 1, state.citizens["contexts"] > 0
        near = on_file(state) & ~restricted
        assert not (refused & ~restricted & ~near).any()
        for who, share, name in ((restricted, further, "refused_further"), (near, below, "refused_below")):
            assert who.sum() > 500
            assert found[name] == (refused & who).sum()
            assert abs(found[name] - share * who.sum()) <= 4.5 * np.sqrt(who.sum() * share * (1.0 - share))
        # Who stays in the same standing stays refused, or not.
        steady = (before[1] & restricted) | (before[2] & ~before[1] & near)
        assert (before[0][steady] == state.citizens["refused"][steady]).all()


def test_refusals_cost_what_they_say_and_change_no_list() -> None:
    # Without a feedback of hardship on conduct.
    tables = (Conduct(rates=(1.0, 0.5, 1.0, 1.0, 1.0), trap=0.0, repayment=0.0), BREACHING[1])
    none, some = (fresh(*tables, ThirdParties(further=share, below=share, cost=0.2)) for share in (0.0, 1.0))
    # Districts learn of the cost in the first week.
    without, found = stepped(none, range(1)), stepped(some, range(1))
    assert without["hardship_sum"] == found["hardship_sum"]
    without, found = stepped(none, range(1, 2)), stepped(some, range(1, 2))
    assert without["listings"] == found["listings"]
    assert without["records"] == found["records"]
    assert found["third_party_ww"] > 0 == without["third_party_ww"]
    # A quarter of the distance to the new hardship is covered in a week.
    added = found["hardship_sum"] - without["hardship_sum"]
    assert added == pytest.approx(0.25 * found["third_party_ww"], rel=1e-3)


def test_where_nobody_over_complies_the_cost_of_a_refusal_leaves_no_trace() -> None:
    one, other = (fresh(*BREACHING, ThirdParties(cost=cost), people=2048) for cost in (0.0, 2.0))
    assert stepped(one, range(30)) == stepped(other, range(30))
    assert one.citizens.tobytes() == other.citizens.tobytes()
    assert not one.citizens["refused"].any()
