"""The arms of a replicate: which of them share a state, which are stepped, and under which tables."""

import numpy as np
import pytest

from glasshouse.engine.arms import AHEAD, Arms, ArmSpec, Rollout
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.run import weeks
from glasshouse.engine.state import ArmState
from glasshouse.model.mechanism import LEAD
from glasshouse.model.mechanisms.problems import Problems
from tests.helpers.populations import adults

LAYOUT = ModelLayout((Problems,))


class Asking(ArmSpec):
    """An arm whose regime asks what will be."""

    @property
    def looks_ahead(self) -> bool:
        return True


class Counter:
    """Counts the weeks that each state has been stepped through, in the state itself."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, int]] = []

    def step(self, state: ArmState, seed: int, week: int) -> None:
        state.citizens["severity"] += 1
        self.steps.append((id(state), week))


def arms(rollout: Rollout | None, **specs: ArmSpec) -> Arms:
    return Arms(LAYOUT, adults(128, district=64), specs, rollout)


PLAIN = ArmSpec((Problems(),))
REGIME = ArmSpec((Problems(),), (Problems(),))
OTHER = ArmSpec((Problems(),), (Problems(),), ((Problems(),),))


def test_arms_are_one_until_the_first_district_adopts_and_equal_arms_stay_one() -> None:
    made, counter = arms(Rollout(np.array([3, 5])), plain=PLAIN, regime=REGIME, same=REGIME), Counter()
    assert made.states["same"] is made.states["regime"] is not made.states["plain"]
    for week, states in weeks(made, counter, 1, 7):
        assert tuple(states) == ("plain", "regime", "same")
        together = week < 3
        assert (states["plain"] is states["regime"]) == together
        assert sum(when == week for _, when in counter.steps) == (1 if together else 2)
        assert all((state.citizens["severity"] == week + 1).all() for state in states.values())
        assert not states["plain"].active_table.any()
        assert states["regime"].active_table.tolist() == [week >= 3, week >= 5]


def test_arms_with_other_tables_before_the_regime_are_never_one() -> None:
    other = ArmSpec((Problems(), Problems()), (Problems(),))
    made = arms(Rollout(np.array([3, 3])), plain=PLAIN, other=other)
    assert made.begin_week(0)["plain"] is not made.begin_week(0)["other"]


def test_a_resumed_run_goes_on_with_each_arm_s_own_state() -> None:
    made = arms(Rollout(np.array([3, 5])), plain=PLAIN, regime=REGIME)
    made.states["regime"].citizens["severity"] = 7
    week, states = next(weeks(made, Counter(), 1, 6, first=4))
    assert week == 4
    assert states["regime"].active_table.tolist() == [1, 0]
    assert (made.states["regime"].citizens["severity"] - made.states["plain"].citizens["severity"] == 7).all()


def test_one_arm_runs_ahead_where_a_regime_asks_what_will_be() -> None:
    asking = Asking((Problems(),), (Problems(),))
    made, counter = arms(Rollout(np.array([2, 2])), plain=PLAIN, asking=asking), Counter()
    assert made.ahead is made.states[AHEAD]
    assert made.states["asking"].ahead is made.ahead.citizens
    assert made.states["plain"].ahead is None
    for week, states in weeks(made, counter, 1, 4):
        assert (states[AHEAD].citizens["severity"] == week + LEAD + 1).all()
        # An arm that reads what will be is no equal of one that does not.
        assert states["plain"] is not states["asking"]
    assert arms(None, plain=PLAIN).ahead is None


@pytest.mark.parametrize(
    ("week", "tables"), [(2, [0, 0]), (3, [1, 0]), (5, [1, 1]), (8, [2, 2]), (9, [3, 3]), (11, [3, 3]), (12, [0, 0])]
)
def test_a_rollout_says_which_tables_are_in_force(week: int, tables: list[int]) -> None:
    rollout = Rollout(np.array([3, 5]), changes=(8, 9), until=12)
    assert rollout.active_tables(week).tolist() == tables


def test_parameters_fall_back_on_the_tables_before() -> None:
    assert (PLAIN.parameters(LAYOUT)[0] == PLAIN.parameters(LAYOUT)[1]).all()
    assert REGIME.parameters(LAYOUT).shape == (2, len(LAYOUT.slots))
    assert ArmSpec(REGIME.before, REGIME.regime, (OTHER.regime,) * 3).parameters(LAYOUT).shape == (5, len(LAYOUT.slots))
    assert not OTHER.looks_ahead


def test_arms_that_differ_in_a_change_alone_are_one_until_its_week() -> None:
    """Each arm is as if it had been stepped by itself from the start, however late it parts from another."""
    other = (Problems(prevention=0.5),)
    late = ArmSpec(REGIME.before, REGIME.regime, (REGIME.regime, other))
    early = ArmSpec(REGIME.before, REGIME.regime, (other, REGIME.regime))
    both = ArmSpec(REGIME.before, REGIME.regime, (other, other))
    unchanged = ArmSpec(REGIME.before, REGIME.regime, (REGIME.regime, REGIME.regime))
    rollout = Rollout(np.array([1, 3]), changes=(4, 6))
    made = arms(rollout, plain=PLAIN, unchanged=unchanged, late=late, early=early, both=both, again=late)
    counter = Counter()
    for week, states in weeks(made, counter, 1, 8):
        stepped = 1 if week < 1 else 2 if week < 4 else 3 if week < 6 else 5
        assert len({id(state) for state in states.values()}) == stepped, week
        assert sum(when == week for _, when in counter.steps) == stepped
        assert all((state.citizens["severity"] == week + 1).all() for state in states.values())
        for name in ("unchanged", "late", "early", "both", "again"):
            assert states[name].active_table.tolist() == rollout.active_tables(week).tolist()
    assert states["again"] is states["late"]
