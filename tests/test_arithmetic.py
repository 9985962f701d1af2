"""Small functions of kernels against SciPy and by hand."""

import numpy as np
import pytest
from scipy import stats

from glasshouse.arithmetic import clip, fading, lane, logistic, settled, thinned, toward


def test_logistic_deviates() -> None:
    u = np.linspace(0.002, 0.998, 997)
    found = [logistic(float(x)) for x in u]
    assert found == pytest.approx(stats.logistic.ppf(u), abs=0.06)
    assert np.abs(np.array(found) - stats.logistic.ppf(u))[100:-100].max() < 1e-4
    assert logistic(0.0) == pytest.approx(-8.3, abs=0.05)
    assert logistic(1.0 - 2.0**-53) == pytest.approx(8.3, abs=0.05)
    assert logistic(0.5) == 0.0


@pytest.mark.parametrize("count", [1, 7, 60])
@pytest.mark.parametrize("loss", [0.01, 0.3])
def test_thinning_is_the_binomial_quantile(count: int, loss: float) -> None:
    for u in np.linspace(0.0005, 0.9995, 500):
        assert thinned(count, loss, float(u)) == count - stats.binom.ppf(u, count, loss)
    assert thinned(0, loss, 0.5) == 0
    assert thinned(count, 0.0, 0.999) == count


def test_shares_settle() -> None:
    assert settled(5e-7) == 0.0
    assert settled(2e-6) == 2e-6
    assert settled(1.5) == 1.0
    assert (clip(-1.0, 0.0, 2.0), clip(1.0, 0.0, 2.0), clip(3.0, 0.0, 2.0)) == (0.0, 1.0, 2.0)
    assert toward(1.0, 3.0, 0.25) == 1.5


def test_fading_is_the_exponential() -> None:
    x = np.linspace(0.0, 10.0, 201)
    assert [fading(float(one)) for one in x] == pytest.approx(np.exp(-x), rel=1e-12)
    assert fading(300.0) < 1e-120


def test_lanes_are_bytes() -> None:
    assert [lane(0x04030201, k) for k in range(4)] == [1, 2, 3, 4]
