"""The Poisson distribution of those who come each for themselves, against SciPy's."""

import pytest
from scipy import stats

from glasshouse.model.crowds import BY_CHANCE, MANY, is_crowd, poisson_below


@pytest.mark.parametrize("mean", [0.0, 0.05, 0.4, 3.0, 17.0, 29.9])
def test_terms_added_up_are_the_poisson(mean: float) -> None:
    for count in (0, 1, 2, 3, 5, 10, 20, 40, 100):
        expected = stats.poisson.cdf(count - 1, mean)
        assert poisson_below(mean, count) == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize("mean", [MANY, 60.0, 400.0])
def test_square_roots_stand_for_the_poisson_where_it_is_wide(mean: float) -> None:
    for count in range(1, round(mean + 6 * mean**0.5)):
        assert poisson_below(mean, count) == pytest.approx(stats.poisson.cdf(count - 1, mean), abs=0.0067)


def test_a_crowd_is_larger_than_chance_makes_one_week_in_a_thousand() -> None:
    for alone in (0.0, 0.02, 0.3, 2.0, 12.0, 80.0):
        sizes = [number for number in range(2, 400) if is_crowd(number, alone)]
        assert sizes == list(range(sizes[0], 400))
        least = max(int(stats.poisson.isf(BY_CHANCE, alone)) + 1, 2)
        assert sizes[0] == least + (alone >= MANY)
    assert not is_crowd(1, 0.0)
