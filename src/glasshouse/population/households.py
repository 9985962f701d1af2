"""Households of a stretch of districts: their sizes, and the ages of those who live in them."""

import numpy as np
from numpy.random import Generator

from glasshouse.population.deviates import Floats, Ints, normal
from glasshouse.population.distributions import ADULT_FROM, Distributions


def households(sizes: Ints, known: Distributions, rng: Generator) -> tuple[Ints, Ints]:
    """Draw households that fill districts of given sizes exactly; the last one of a district is cut to fit.

    Parameters
    ----------
    sizes : ndarray of int, shape (districts,)
        Citizens of each district.
    known : Distributions
        The distributions that reproduce the marginals.
    rng : numpy.random.Generator
        Source of the random draws.

    Returns
    -------
    size : ndarray of int, shape (households,)
        Members of each household, district by district.
    district : ndarray of int, shape (households,)
        Index of the district of each household.
    """
    found, place = [], []
    for district, size in enumerate(sizes):
        drawn = np.zeros(0, np.int64)
        while drawn.sum() < size:
            more = np.searchsorted(known.household, rng.random(int(size) // 2 + 8), side="right") + 1
            drawn = np.concatenate([drawn, np.minimum(more, len(known.household))])
        ends = np.cumsum(drawn)
        last = int(np.searchsorted(ends, size))
        drawn = drawn[: last + 1]
        drawn[last] -= ends[last] - size
        found.append(drawn)
        place.append(np.full(len(drawn), district))
    return np.concatenate(found), np.concatenate(place)


def _even(cumulative: Floats, count: int, rng: Generator) -> Ints:
    """`count` values of a distribution in ascending order, by systematic sampling: shares are met to one in `count`."""
    return np.minimum(
        np.searchsorted(cumulative, (np.arange(count) + rng.random()) / max(count, 1), side="right"),
        len(cumulative) - 1,
    )


def ages(size: Ints, first: Ints, known: Distributions, rng: Generator) -> tuple[Ints, Ints]:
    """Draw the ages of all members of households; couples are close in age.

    Parameters
    ----------
    size : ndarray of int, shape (households,)
        Members of each household.
    first : ndarray of int, shape (households,)
        Index of the first member of each household.
    known : Distributions
        The distributions that reproduce the marginals.
    rng : numpy.random.Generator
        Source of the random draws.

    Returns
    -------
    age : ndarray of int, shape (citizens,)
        Five-year age band of every citizen.
    second : ndarray of int, shape (couples,)
        Index of the second member of each couple.
    """
    count, total = len(size), int(size.sum())
    age = np.full(total, -1, np.int64)
    head = rng.permutation(_even(known.head, count, rng))
    age[first] = head
    pool = _even(known.other, total - count, rng)
    couples = np.flatnonzero(size > 1)
    grown = rng.permutation(np.flatnonzero(pool > ADULT_FROM))[: len(couples)]
    couples = rng.permutation(couples)[: len(grown)]
    couples = couples[np.argsort(head[couples] + 0.7 * normal(rng.random(len(couples))), kind="stable")]
    second = first[couples] + 1
    age[second] = np.sort(pool[grown])
    rest = np.ones(len(pool), bool)
    rest[grown] = False
    age[age < 0] = rng.permutation(pool[rest])
    return age, second
