"""Households of a stretch of districts: their sizes, and the ages of those who live in them."""

import numpy as np
from numpy.random import Generator

from glasshouse.population.deviates import EVEN, Floats, Ints, normal
from glasshouse.population.distributions import Distributions
from glasshouse.population.marginals import ADULT_FROM

BANDS = 19
"""Five-year age bands."""

MIDDLE = 10
"""Age band from which partners are taken first where heads of their own age leave too few: 50 to 54 years."""


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


def ages(size: Ints, first: Ints, known: Distributions, rng: Generator) -> tuple[Ints, Ints, Ints]:
    """Draw the ages of all members of households: couples close in age, and children a generation younger.

    The ages of the whole stretch are those published. Heads of an age to have children get the larger households;
    partners are taken from those of the heads' ages; who is left is a child of the head or, if old, a parent. Each of
    these groups meets the ages that are wanted in order, the youngest to where the youngest is wanted. A lone parent has no
    partner, is as often found in households of every size from two on, and lives with children before parents.

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
    lone : ndarray of int, shape (lone parents,)
        Index of each lone parent.
    """
    lone = (size > 1) & (rng.random(len(size)) < known.lone) if known.lone else np.zeros(len(size), bool)
    head = _heads(np.where(lone, np.maximum(size, 3), size), known, rng)
    age = np.full(int(size.sum()), -1, np.int64)
    age[first] = head
    pool = _even(known.other, len(age) - len(size), rng)
    couples = np.flatnonzero((size > 1) & ~lone)
    grown = _partners(pool, head[couples], rng)
    couples = rng.permutation(couples)[: len(grown)]
    wanted = head[couples] + 0.7 * normal(rng.random(len(couples)))
    second = first[couples[np.argsort(wanted, kind="stable")]] + 1
    age[second] = pool[grown]
    places = np.flatnonzero(age < 0)
    heads = np.repeat(np.stack([head, lone]), size, axis=1)[:, places]
    age[places] = _relatives(np.delete(pool, grown), heads, known, rng)
    return age, second, first[lone]


def _heads(size: Ints, known: Distributions, rng: Generator) -> Ints:
    """Age bands of the heads of households: the nearer to the age of having children, the larger the household."""
    head = rng.permutation(_even(known.head, len(size), rng))
    away = np.abs(head - known.children_at_home) + 1.5 * EVEN * (rng.random(len(head)) - 0.5)
    larger = np.minimum(size, 4) + rng.random(len(size))
    found = np.empty_like(head)
    found[np.argsort(-larger, kind="stable")] = head[np.argsort(away, kind="stable")]
    return found


def _partners(pool: Ints, heads: Ints, rng: Generator) -> Ints:
    """Places in the ordered pool of those who become partners: of each age as many as heads have, as far as there are.

    What is missing then is taken from ages around `MIDDLE`, the nearest first.
    """
    starts = np.searchsorted(pool, np.arange(BANDS + 1))
    there = np.diff(starts)
    grown = np.where(np.arange(BANDS) > ADULT_FROM, there, 0)
    taken = np.minimum(np.bincount(heads, minlength=BANDS), grown)
    for band in sorted(range(BANDS), key=lambda one: abs(one - MIDDLE + 0.5)):
        taken[band] += min(len(heads) - int(taken.sum()), int(grown[band] - taken[band]))
    return np.concatenate(
        [
            start + np.sort(rng.permutation(count)[:some])
            for start, count, some in zip(starts, there, taken, strict=False)
        ]
    )


def _relatives(drawn: Ints, household: Ints, known: Distributions, rng: Generator) -> Ints:
    """Hand ages, in ascending order, to further members of households, of which are given the head's age and if it is lone.

    The old are parents and live with heads at the age of having children; all others are children of the head.
    """
    heads, lone = household
    gap = known.generation[0] + known.generation[1] * normal(rng.random(len(heads)))
    away = np.abs(heads - known.children_at_home) + 1.5 * EVEN * (rng.random(len(heads)) - 0.5) + BANDS * lone
    order, old = np.argsort(away, kind="stable"), len(drawn) - int(np.searchsorted(drawn, known.parents_from))
    parents, children = order[:old], order[old:]
    found = np.empty_like(drawn)
    found[children[np.argsort((heads - gap)[children], kind="stable")]] = drawn[: len(drawn) - old]
    found[parents[np.argsort((heads + gap)[parents], kind="stable")]] = drawn[len(drawn) - old :]
    return found
