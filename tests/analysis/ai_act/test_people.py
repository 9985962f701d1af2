"""Sums over people: classes of gravity, moments, and those who were ever restricted."""

import numpy as np

from glasshouse.analysis.ai_act.people import People
from glasshouse.analysis.ai_act.totals import YEAR


def four_people() -> People:
    """Without an act, with a minor one, with a graver and a minor one, and one who was never an adult under the regime."""
    people = People(4)
    people.weeks[:3] = YEAR
    people.add_acts(np.array([1, 2, 3]), np.array([0.25, 3.75, 9.0]))
    people.add_acts(np.array([2]), np.array([0.25]))
    people.add_sanctions(np.array([2]), np.array([0.5]))
    people.add_sanctions(np.array([2]), np.array([0.5]))
    people.loss[:] = 0.0, 1.5, 2.0, 9.0
    return people


def test_people_are_classed_by_their_gravest_act_and_their_whole_harm() -> None:
    totals = four_people().totals(np.ones(4, bool), 0.5)
    assert totals.number.tolist() == [1, 1, 0, 1, 0]
    assert totals.harm.tolist() == [0.0, 0.25, 0.0, 4.0, 0.0]
    assert totals.sanction.tolist() == [0.0, 0.0, 0.0, 1.0, 0.0]
    assert four_people().totals(np.ones(4, bool), 0.1).number.tolist() == [1, 0, 1, 1, 0]


def test_moments_are_those_of_harm_and_sanction() -> None:
    moments = four_people().totals(np.ones(4, bool), 0.5).moments
    assert moments.tolist() == [3, 4.25, 1.0, 0.25**2 + 16.0, 4.0]


def test_only_adults_under_the_regime_count_and_the_restricted_apart() -> None:
    totals = four_people().totals(np.array([True, True, True, False]), 0.5)
    assert (totals.listed, totals.listed_years, totals.listed_weeks, totals.listed_loss) == (1, 1, 2, 2)
    assert totals.worse_off == 2
    assert four_people().totals(np.array([True, False, False, True]), 0.5).number.sum() == 1
