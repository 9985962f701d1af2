"""Visits made against visits allowed, over three years after the first, and where no visit is allowed.

Visits of a week are Poisson about the number allowed plus a share r of what is due; so what is due varies by
allowed / (r (2 - r)) about its mean, and visits made and allowed in any number of weeks differ by what was due before less what
is due after: a standard deviation of sqrt(2 allowed / (r (2 - r))), that is 2.36 sqrt(allowed) where r is a fifth. A run is
held to 4.5 of them and to two visits, since visits are whole. In 200,000 simulations of this rule no more than one run of
200,000 was further off, at any of the numbers allowed here: all runs together would fail in one of some 10,000 sets of seeds.
"""

import numpy as np
import pytest

from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms.forecast import MOST_BAR, Forecast
from glasshouse.model.mechanisms.voice import Voice
from tests.model.mechanisms.test_mechanisms import Lived

PEOPLE, WEEKS, FIRST = 4096, 208, 52
YEARS = WEEKS - FIRST


def made(weekly: float, seed: int, *tables: Mechanism, by_points: float = 0.05) -> float:
    """Visits of three years where so many are allowed a week in the whole society."""
    forecast = Forecast(visits=1000.0 * weekly / PEOPLE, by_points=by_points)
    lived = Lived(forecast, *tables, weeks=WEEKS, people=PEOPLE, seed=seed)
    assert lived.series("visits_allowed") == pytest.approx(weekly, rel=1e-4)
    return float(lived.series("visits")[FIRST:].sum())


def margin(weekly: float) -> float:
    return float(4.5 * 2.36 * np.sqrt(weekly) + 2.0)


@pytest.mark.parametrize("weekly", [0.025, 0.1, 1.0, 10.0, 100.0])
@pytest.mark.parametrize("by_points", [0.0, 0.1])
def test_no_more_visits_are_made_than_may_be(weekly: float, by_points: float) -> None:
    for seed in (1, 2):
        assert made(weekly, seed, by_points=by_points) == pytest.approx(weekly * YEARS, abs=margin(weekly))


def test_half_a_per_cent_holds_where_many_visits_are_made() -> None:
    """At 400 visits a week the standard deviation over three years is 0.08 %."""
    assert made(400.0, 1) == pytest.approx(400.0 * YEARS, rel=0.005)


def test_visits_follow_unrest_without_exceeding_their_number() -> None:
    angry = Voice(threshold_protest=0.6, spread_protest=0.3)
    assert made(10.0, 3, angry) == pytest.approx(10.0 * YEARS, abs=margin(10.0))


def test_points_of_great_weight_leave_the_capacity_as_it_is() -> None:
    """A few people with many points are then above the bar week after week, so visits are not Poisson about what is due.

    What is due wanders further, within some weeks' visits, and more visits than expected are made in a week in which a crowd
    of many is about to protest. So the mean of four societies is taken: one visit a week is held to 4.5 standard deviations
    of a Poisson number, a hundred a week to half a per cent.
    """
    few, many = (np.mean([made(weekly, seed, by_points=1.0) for seed in (1, 2, 3, 4)]) for weekly in (1.0, 100.0))
    assert few == pytest.approx(YEARS, abs=4.5 * np.sqrt(YEARS / 4))
    assert many == pytest.approx(100.0 * YEARS, rel=0.005)


def test_more_visits_than_adults_are_not_owed_for_ever() -> None:
    lived = Lived(Forecast(visits=1000.0), weeks=200, people=512)
    assert np.array_equal(lived.series("visits")[5:], lived.series("forecast_made")[5:])
    assert lived.state.centre["visits_due"][0] == pytest.approx(26.0 * 512 + 10.0, rel=1e-6)


def test_a_forecast_that_is_off_leaves_its_columns_alone() -> None:
    lived = Lived(weeks=20, people=1024)
    assert lived["visits_allowed"] == lived["visits"] == lived["forecast_made"] == 0.0
    assert (lived.state.centre["visit_bar"][0], lived.state.centre["visits_due"][0]) == (MOST_BAR, 0.0)
    assert not lived.column("visited").any()


def test_nobody_is_visited_before_there_are_numbers() -> None:
    lived = Lived(Forecast(visits=20.0), weeks=30, people=8192)
    visits = lived.series("visits")
    assert visits[0] == 0.0
    # What was not made in the first week is made up: a fifth of it in the second.
    assert visits[1] == pytest.approx(1.2 * 163.84, abs=4.5 * 14.1)
