"""Exemplary life courses: who is selected for which outcome, and that a run selects the same citizens again."""

from functools import cache

import numpy as np
import pytest

import glasshouse
from glasshouse.engine.recorder import LifeRecorder, select_lives
from glasshouse.results import life_selection
from glasshouse.results.life_course import Trajectory
from glasshouse.results.life_narrative import UNREAL
from glasshouse.results.life_selection import EXEMPLARS
from glasshouse.results.result import Result
from glasshouse.results.totals import ARMS
from glasshouse.scenario.scenario import load
from tests.helpers.lives import LAYOUT, life

PEOPLE = 7


@cache
def result(seed: int = 3) -> Result:
    size = {"society.citizens": 2500, "weeks": 200, "start": 30, "rollout": 10, "seed": seed, "replicates": 2}
    return glasshouse.run("social-governance", settings=size, threads=1)


class Sample:
    """Stands in for a recorder of seven citizens whose trajectories a test fills in."""

    complete = True

    def __init__(self) -> None:
        self.citizens = np.arange(PEOPLE) * 10
        self.arms = tuple(np.zeros((20, PEOPLE), LAYOUT) for _ in range(2))

    def trajectories(self) -> dict[str, Trajectory]:
        return {arm: Trajectory(trace) for arm, trace in zip(ARMS, self.arms, strict=True)}

    def life(self, place: int, kind: str):
        return life_selection.Life(int(self.citizens[place]), life().person, self.trajectories(), kind)


def selected(sample: Sample) -> dict[str, int]:
    found = select_lives(sample, load("social-governance"))  # type: ignore[arg-type]
    return {one.kind: one.citizen for one in found.selected}


def test_each_exemplar_is_the_citizen_with_the_largest_difference_between_arms() -> None:
    sample = Sample()
    reference, regime = sample.arms
    regime["state_0"][3:9, 0], regime["state_0"][3:5, 1] = 2, 2
    regime["hardship"][:, 0] = 0.1
    for arm in sample.arms:
        arm["severity"][5:9, 1:3] = 1
    reference["complaint"][5:8, 1] = reference["complaint"][5, 2] = True
    regime["state_0"][2:6, 3] = regime["rule_state_0"][2:6, 3] = 2
    regime["debt"][2:6, 3] = 5.0
    regime["hardship"][:, 3] = 0.1
    regime["hardship"][:, 2] = 0.3
    # With a larger loss than the bystander's, but on a list by the rule.
    regime["state_0"][2:6, 6] = regime["rule_state_0"][2:6, 6] = 2
    regime["hardship"][:, 6] = 0.5
    reference["hardship"][:, 4] = 0.2
    assert selected(sample) == {
        "most-wronged": 0, "silenced": 10, "trapped": 30, "bystander": 20, "gained": 40, "untouched": 50,
    }  # fmt: skip


def test_where_the_arms_do_not_differ_nobody_but_the_untouched_is_selected_and_nobody_twice() -> None:
    sample = Sample()
    assert selected(sample) == {"untouched": 0}
    sample.arms[1]["state_0"][3:9, 2] = 2
    sample.arms[1]["debt"][3:9, 2] = 1.0
    sample.arms[1]["hardship"][3:9, 2] = 1.0
    assert selected(sample) == {"most-wronged": 20, "untouched": 0}


@pytest.mark.parametrize("gain", [0.0, 0.3])
def test_who_is_better_off_under_the_regime_or_as_well_off_is_neither_most_wronged_nor_trapped(gain: float) -> None:
    sample = Sample()
    reference, regime = sample.arms
    regime["state_0"][3:15, 1], regime["state_0"][3:6, 4] = 2, 2
    regime["debt"][3:15, 1] = 5.0
    reference["hardship"][:, 1] = gain
    regime["hardship"][:, 4] = 0.01
    found = selected(sample)
    assert found["most-wronged"] == 40
    assert "trapped" not in found


def test_who_complains_more_under_the_regime_is_not_silenced() -> None:
    sample = Sample()
    reference, regime = sample.arms
    for arm in sample.arms:
        arm["severity"][2:18, 1:3] = 1
    reference["complaint"][3:6, 1] = True
    regime["complaint"][8:16, 1] = True
    reference["complaint"][3:5, 2] = True
    assert selected(sample)["silenced"] == 20


def test_restrictions_that_last_as_long_without_the_regime_do_not_count_as_its_wrongs() -> None:
    sample = Sample()
    reference, regime = sample.arms
    reference["state_0"][2:14, 1], regime["state_0"][2:15, 1] = 2, 2
    regime["state_0"][2:6, 3] = 2
    regime["hardship"][:, [1, 3]] = 0.2
    assert selected(sample)["most-wronged"] == 30


def test_a_complaint_about_another_problem_is_not_left_unsaid() -> None:
    sample = Sample()
    for start, arm in enumerate(sample.arms):
        arm["severity"][5:9, 1] = 1
        arm["problem_start"][5:9, 1] = start
    sample.arms[0]["complaint"][6, 1] = True
    assert "silenced" not in selected(sample)


def test_a_run_selects_citizens_of_its_first_population_and_the_same_ones_again() -> None:
    found = result().lives
    assert found is not None
    assert found.sampled == 1024
    assert [one.kind for one in found.selected] == [
        kind.name for kind in EXEMPLARS if kind.name in {x.kind for x in found.selected}
    ]
    assert len({one.citizen for one in found.selected}) == len(found.selected) >= 4
    size = {"society.citizens": 2500, "weeks": 200, "start": 30, "rollout": 10, "seed": 3, "replicates": 1}
    once = glasshouse.run("social-governance", settings=size, threads=2).lives
    assert once is not None
    for mine, other in zip(found.selected, once.selected, strict=True):
        assert (mine.citizen, mine.person, mine.kind) == (other.citizen, other.person, other.kind)
        assert all(
            a.weeks.tobytes() == b.weeks.tobytes()
            for a, b in zip(mine.trajectories.values(), other.trajectories.values(), strict=True)
        )
    other_seed = result(4).lives
    assert other_seed is not None
    assert [one.citizen for one in other_seed.selected] != [one.citizen for one in found.selected]


def test_in_a_run_nobody_is_better_off_whose_title_says_that_the_regime_harms_them() -> None:
    found = result().lives
    assert found is not None
    for one in found.selected:
        lost = float(one.regime.of("hardship").sum() - one.reference.of("hardship").sum())
        if one.kind in ("most-wronged", "trapped", "bystander"):
            assert lost > 0, one.kind
        if one.kind == "gained":
            assert lost < 0


def test_the_text_says_of_each_that_this_person_does_not_exist() -> None:
    found = result().lives
    assert found is not None
    assert str(found).count(UNREAL) == len(found.selected)
    assert UNREAL == "This person does not exist."


def test_to_the_untouched_the_same_things_happen_in_both_arms() -> None:
    found = result().lives
    assert found is not None
    one = next(one for one in found.selected if one.kind == "untouched")
    for name in ("complaint", "filed", "state_0", "state_1", "breach", "problem_start"):
        assert (one.reference.of(name) == one.regime.of(name)).all(), name


def test_from_a_sample_of_nobody_nobody_is_selected() -> None:
    empty = Sample()
    empty.citizens = np.zeros(0, int)
    empty.arms = tuple(np.zeros((20, 0), LAYOUT) for _ in range(2))
    assert selected(empty) == {}
    with pytest.raises(IndexError, match="no week"):
        LifeRecorder(5).life(0)
