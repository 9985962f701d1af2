"""The experiments of `verification/dynamics.py` take the scenario that they were written for, at a small size."""

import dynamics


def test_problems_last_longer_where_capacity_is_short() -> None:
    ample, short = (dynamics.settled(dynamics.reference(400, budget__service_cost=cost)) for cost in (0.01, 10.0))
    assert short.weeks_to_end / short.problems_ended > 1.2 * ample.weeks_to_end / ample.problems_ended
