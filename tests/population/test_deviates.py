"""Deviates from uniform draws, and even shares over districts."""

import numpy as np
import pytest
from scipy import stats

from glasshouse.population.deviates import clustered, lognormal, normal


def test_normal_deviates_are_normal() -> None:
    u = (np.arange(1 << 16) + 0.5) / (1 << 16)
    found = normal(u)
    assert found == pytest.approx(stats.norm.ppf(u), abs=0.02)
    assert np.abs(found - stats.norm.ppf(u))[1000:-1000].max() < 1e-3
    assert found.std() == pytest.approx(1.0, abs=2e-3)


@pytest.mark.parametrize("spread", [0.3, 0.7, 1.7])
def test_lognormal_deviates_have_mean_one(spread: float) -> None:
    u = (np.arange(1 << 18) + 0.5) / (1 << 18)
    assert lognormal(u, spread).mean() == pytest.approx(1.0, rel=0.01)


@pytest.mark.parametrize(("mean", "concentration"), [(0.0889, 0.3), (0.67, 1.5), (0.5, 50.0)])
def test_shares_of_districts_keep_the_mean(mean: float, concentration: float) -> None:
    shares = clustered(mean, concentration, np.random.default_rng(1).permutation(98))
    assert shares.mean() == pytest.approx(mean, abs=1e-3)
    assert ((shares >= 0) & (shares <= 1)).all()
    even = clustered(mean, 100.0, np.arange(98))
    assert shares.std() > even.std()


@pytest.mark.parametrize("places", [1, 2, 3, 10])
@pytest.mark.parametrize(
    ("mean", "concentration"), [(0.0889, 0.05), (0.0889, 0.3), (0.67, 1.5), (0.0, 1.0), (1.0, 1.0)]
)
def test_few_districts_keep_the_mean(mean: float, concentration: float, places: int) -> None:
    shares = clustered(mean, concentration, np.arange(places))
    assert shares.mean() == pytest.approx(mean, abs=1e-6)
    assert ((shares >= 0) & (shares <= 1)).all()
    assert (np.diff(shares) >= 0).all()
