"""Households that fill districts exactly."""

import numpy as np
import pytest

from glasshouse.population import marginals_files
from glasshouse.population.distributions import distributions
from glasshouse.population.households import ages, households

FACTS = marginals_files.load("china-2020s")
KNOWN = distributions(FACTS)


def test_households_fill_their_districts_exactly() -> None:
    sizes = np.array([64, 2048, 100, 64])
    found, place = households(sizes, KNOWN, np.random.default_rng(1))
    assert (np.bincount(place, weights=found) == sizes).all()
    assert found.min() >= 1
    assert found.max() <= 9


def test_generations_and_couples_have_plausible_ages() -> None:
    """Children and their parents, by the first member of a household; bands of five years blur each gap by two years."""
    rng = np.random.default_rng(1)
    size, _ = households(np.full(32, 2048), KNOWN, rng)
    first = np.concatenate([[0], np.cumsum(size)[:-1]])
    age, second, lone = ages(size, first, KNOWN, rng)
    assert not len(lone)
    shares = FACTS.age.shares()
    assert np.bincount(age, minlength=19) / len(age) == pytest.approx(shares / shares.sum(), abs=1e-3)
    head, place = np.repeat(age[first], size), np.arange(len(age)) - np.repeat(first, size)
    assert np.abs(age[second] - age[second - 1]).mean() < 1.0
    child = (place > 1) & (age < 3)
    assert child.sum() == (age < 3).sum()
    gap = 5.0 * (head - age)[child]
    assert ((gap < 15) | (gap > 50)).mean() < 0.01
    assert gap.mean() == pytest.approx(FACTS.figure("parent_age"), abs=1.0)
    assert gap.std() == pytest.approx(FACTS.figure("parent_age_spread"), abs=1.0)
    old = (place > 1) & (age >= 11)
    gap = 5.0 * (age - head)[old]
    assert ((gap < 15) | (gap > 50)).mean() < 0.01
