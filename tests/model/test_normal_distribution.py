"""The normal distribution of kernels against SciPy, to the ends of both tables."""

import numpy as np
import pytest
from scipy import stats

from glasshouse.model.normal_distribution import HALVINGS, LAST, TAIL, above, normal


def test_deviates_are_quantiles_to_the_ends_of_a_draw() -> None:
    u = np.concatenate([np.linspace(TAIL, 1.0 - TAIL, 2001), TAIL * np.random.default_rng(1).random(2000)])
    assert [normal(float(x)) for x in u] == pytest.approx(stats.norm.ppf(u), abs=6e-5)
    assert [normal(float(x)) for x in 1.0 - u] == pytest.approx(-stats.norm.ppf(u), abs=6e-5)
    for u in 2.0 ** -np.arange(5, 33.0):
        assert normal(float(u)) == pytest.approx(stats.norm.ppf(u), abs=1e-5)
        assert normal(float(1.0 - u)) == -normal(float(u))
    assert normal(0.5) == 0.0
    assert normal(0.0) == pytest.approx(stats.norm.ppf(TAIL * 0.5**HALVINGS), abs=1e-5)
    assert LAST == 896


def test_as_many_deviates_lie_above_a_bar_as_should() -> None:
    """Sizes are found by halving on the draw itself, so that there is no sampling error."""
    for bar in (1.0, 1.8, 2.2, 2.5, 3.0, 3.3, 3.5, 4.05, 5.0, 6.0):
        low, high = 0.0, 2.0**-1
        for _ in range(80):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if normal(1.0 - middle) > bar else (low, middle)
        assert high == pytest.approx(stats.norm.sf(bar), rel=1e-3)


def test_deviates_never_fall_as_the_draw_rises() -> None:
    u = np.sort(np.concatenate([np.linspace(0.0, 1.0 - 2.0**-32, 4001), 2.0 ** -np.linspace(4.0, 32.0, 2001)]))
    assert np.all(np.diff([normal(float(x)) for x in u]) >= 0.0)


def test_the_chance_of_more_is_right_however_far_out() -> None:
    for x in np.linspace(-7.999, 7.999, 4001).tolist():
        assert above(x) == pytest.approx(stats.norm.sf(x), rel=(1.0 + x * x) / 30_000, abs=0.0)
        assert above(x) == pytest.approx(stats.norm.sf(x), abs=1e-5)
    assert (above(0.0), above(-8.0), above(8.0), above(-100.0), above(100.0)) == (0.5, 1.0, 0.0, 1.0, 0.0)
