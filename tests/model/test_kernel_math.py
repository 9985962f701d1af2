"""Small functions of kernels against SciPy and by hand."""

import math
from math import exp

import numpy as np
import pytest
from scipy import stats

from glasshouse.model.kernel_math import (
    binomial,
    chance,
    clip,
    e_to,
    logistic,
    poisson,
    power,
    settled,
    thinned,
    toward,
)


def test_logistic_deviates() -> None:
    u = np.linspace(0.002, 0.998, 997)
    found = [logistic(float(x)) for x in u]
    assert found == pytest.approx(stats.logistic.ppf(u), abs=0.06)
    assert np.abs(np.array(found) - stats.logistic.ppf(u))[100:-100].max() < 1e-4
    assert logistic(0.0) == pytest.approx(-8.3, abs=0.05)
    assert logistic(1.0 - 2.0**-53) == pytest.approx(8.3, abs=0.05)
    assert logistic(0.5) == 0.0


def test_powers_of_e_and_precise_chances() -> None:
    for x in np.linspace(-39.99, 40.0, 4001).tolist():
        assert e_to(x) == pytest.approx(math.exp(x), rel=1e-12, abs=0.0)
        assert chance(x) == pytest.approx(1.0 / (1.0 + math.exp(-x)), rel=1e-12, abs=0.0)
    assert (e_to(0.0), e_to(-40.0), e_to(-1e9)) == (1.0, 0.0, 0.0)
    assert e_to(1e9) == e_to(40.0)
    assert (chance(0.0), chance(50.0)) == (0.5, 1.0)
    assert 0.0 < chance(-50.0) < 1e-17


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


def test_powers_of_whole_numbers() -> None:
    assert [power(3.0, n) for n in range(6)] == [1.0, 3.0, 9.0, 27.0, 81.0, 243.0]
    assert power(0.99, 650) == pytest.approx(0.99**650, rel=1e-12)


@pytest.mark.parametrize(("count", "chance"), [(1, 0.3), (7, 0.5), (609, 0.01), (5000, 0.02)])
def test_what_happens_to_some_of_many_is_the_binomial_quantile(count: int, chance: float) -> None:
    u = np.linspace(0.0005, 0.9995, 500)
    assert [binomial(count, chance, float(x)) for x in u] == stats.binom.ppf(u, count, chance).tolist()
    assert binomial(0, chance, 0.5) == 0
    assert binomial(count, 0.0, 1.0 - 2.0**-32) == 0
    assert binomial(count, chance, 1.0 - 2.0**-32) <= count


@pytest.mark.parametrize("mean", [0.1, 2.816466, 3.68511, 200.0])
def test_arrivals_are_the_poisson_quantile(mean: float) -> None:
    u = np.linspace(0.0005, 0.9995, 500)
    assert [poisson(mean, exp(-mean), float(x)) for x in u] == stats.poisson.ppf(u, mean).tolist()
    assert poisson(mean, exp(-mean), 1.0 - 2.0**-32) == stats.poisson.ppf(1.0 - 2.0**-32, mean)
    assert poisson(0.0, 1.0, 1.0 - 2.0**-32) == 0
