"""Which lives are told: for each way in which two lives can part the one that parts most, and the same ones again."""

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
    """Stands in for a recorder whose seven citizens lived what a test says."""

    complete = True

    def __init__(self) -> None:
        self.citizens = np.arange(PEOPLE) * 10
        self.worlds = tuple(np.zeros((20, PEOPLE), LAYOUT) for _ in range(2))

    def trajectories(self) -> dict[str, Trajectory]:
        return {arm: Trajectory(trace) for arm, trace in zip(ARMS, self.worlds, strict=True)}

    def life(self, place: int, kind: str):
        return life_selection.Life(int(self.citizens[place]), life().person, self.trajectories(), kind)


def told(sample: Sample) -> dict[str, int]:
    found = select_lives(sample, load("social-governance"))  # type: ignore[arg-type]
    return {one.kind: one.citizen for one in found.selected}


def test_each_kind_is_the_life_that_parts_most() -> None:
    sample = Sample()
    reference, regime = sample.worlds
    regime["state_0"][3:9, 0], regime["state_0"][3:5, 1] = 2, 2
    for world in sample.worlds:
        world["severity"][5:9, 1:3] = 1
    reference["complaint"][5:8, 1] = reference["complaint"][5, 2] = True
    regime["state_0"][2:6, 3] = regime["rule_state_0"][2:6, 3] = 2
    regime["debt"][2:6, 3] = 5.0
    regime["hardship"][:, 2] = 0.3
    # Worse off than the bystander, but on a list by the rule.
    regime["state_0"][2:6, 6] = regime["rule_state_0"][2:6, 6] = 2
    regime["hardship"][:, 6] = 0.5
    reference["hardship"][:, 4] = 0.2
    assert told(sample) == {
        "most-wronged": 0, "silenced": 10, "trapped": 30, "bystander": 20, "gained": 40, "untouched": 50,
    }  # fmt: skip


def test_nobody_is_told_of_where_nothing_parts_and_nobody_twice() -> None:
    sample = Sample()
    assert told(sample) == {"untouched": 0}
    sample.worlds[1]["state_0"][3:9, 2] = 2
    sample.worlds[1]["debt"][3:9, 2] = 1.0
    assert told(sample) == {"most-wronged": 20, "untouched": 0}


def test_a_complaint_about_another_problem_is_not_unsaid() -> None:
    sample = Sample()
    for start, world in enumerate(sample.worlds):
        world["severity"][5:9, 1] = 1
        world["problem_start"][5:9, 1] = start
    sample.worlds[0]["complaint"][6, 1] = True
    assert "silenced" not in told(sample)


def test_a_run_tells_lives_of_its_first_population_and_the_same_ones_again() -> None:
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


def test_the_words_say_of_each_that_there_is_no_such_person() -> None:
    found = result().lives
    assert found is not None
    assert str(found).count(UNREAL) == len(found.selected)
    assert UNREAL == "This person does not exist."


def test_untouched_is_untouched() -> None:
    found = result().lives
    assert found is not None
    one = next(one for one in found.selected if one.kind == "untouched")
    for name in ("complaint", "filed", "state_0", "state_1", "breach", "problem_start"):
        assert (one.reference.of(name) == one.regime.of(name)).all(), name


def test_a_sample_of_nobody_tells_nothing() -> None:
    empty = Sample()
    empty.citizens = np.zeros(0, int)
    empty.worlds = tuple(np.zeros((20, 0), LAYOUT) for _ in range(2))
    assert told(empty) == {}
    with pytest.raises(IndexError, match="no week"):
        LifeRecorder(5).life(0)
