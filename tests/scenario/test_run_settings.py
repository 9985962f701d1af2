"""Districts join all at once or one after the other, in a random order."""

import numpy as np
import pytest

from glasshouse.scenario.run_settings import Run, adoption_weeks, replicate_seed


def weeks(rollout: int, districts: int = 12, replicate: int = 0) -> np.ndarray:
    run = Run(weeks=90, start=30, rollout=rollout)
    return adoption_weeks(run, replicate_seed(run, replicate), districts)


def test_without_a_roll_out_all_join_at_the_start() -> None:
    assert (weeks(0) == 30).all()


@pytest.mark.parametrize(("rollout", "districts"), [(20, 12), (3, 12), (1, 1), (7, 49), (59, 5)])
def test_a_roll_out_takes_in_equal_shares_from_its_first_week_to_its_last(rollout: int, districts: int) -> None:
    joined = weeks(rollout, districts)
    inside = [int((joined <= week).sum()) for week in range(30, 31 + rollout)]
    assert joined.min() == 30
    assert joined.max() <= 30 + rollout
    assert inside[-1] == districts
    assert inside == [int(np.ceil((n + 1) / (rollout + 1) * districts)) for n in range(rollout + 1)]


def test_the_order_of_adoption_is_random() -> None:
    assert (weeks(20) == weeks(20)).all()
    assert (weeks(20) != weeks(20, replicate=1)).any()
    assert sorted(weeks(20)) == sorted(weeks(20, replicate=1))
