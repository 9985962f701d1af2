"""Households that fill districts exactly."""

import numpy as np

from glasshouse.population import marginals
from glasshouse.population.distributions import distributions
from glasshouse.population.households import households

KNOWN = distributions(marginals.load("china-2020s"))


def test_households_fill_their_districts_exactly() -> None:
    sizes = np.array([64, 2048, 100, 64])
    found, place = households(sizes, KNOWN, np.random.default_rng(1))
    assert (np.bincount(place, weights=found) == sizes).all()
    assert found.min() >= 1
    assert found.max() <= 9
