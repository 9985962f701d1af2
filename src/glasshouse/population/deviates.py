"""Deviates from uniform draws, without a mathematics library's exponentials in the drawing itself.

Only uniform numbers are drawn; every other distribution is a table of quantiles, rounded to float32, so that no
mathematics library of a machine can change a population.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EVEN = 3.4641016151377544
"""Width of a uniform distribution with standard deviation 1, where the shape of a deviate does not matter."""


@cache
def _grid() -> Floats:
    """Probabilities at which quantiles are tabled: even steps and ever finer ones towards both ends."""
    tail = 2.0 ** -np.arange(11, 33)
    return np.unique(np.concatenate([np.arange(1, 1024) / 1024, tail, 1.0 - tail]))


@cache
def _normal_knots() -> Floats:
    from scipy.special import ndtri

    return ndtri(_grid()).astype(np.float32).astype(np.float64)  # type: ignore[no-any-return]


def normal(u: Floats) -> Floats:
    """Turn uniform draws into standard normal deviates.

    Parameters
    ----------
    u : ndarray of float
        Uniform draws between 0 and 1.

    Returns
    -------
    ndarray of float
        The deviates, in the shape of `u`.
    """
    return np.interp(u, _grid(), _normal_knots())


@cache
def _exponential_knots(spread: float) -> Floats:
    return np.exp(spread * _normal_knots() - spread * spread / 2).astype(np.float32).astype(np.float64)


def lognormal(u: Floats, spread: float) -> Floats:
    """Turn uniform draws into lognormal deviates of mean 1.

    Parameters
    ----------
    u : ndarray of float
        Uniform draws between 0 and 1.
    spread : float
        Standard deviation of the logarithm.

    Returns
    -------
    ndarray of float
        The deviates, in the shape of `u`.
    """
    return np.interp(u, _grid(), _exponential_knots(spread))


def clustered(mean: float, concentration: float, places: Ints) -> Floats:
    """Shares of a group in districts: the means of a beta distribution over as many equal parts as there are districts.

    The mean over districts is the group's share in the whole population for any number of districts; a single district
    has just this share. The part from x to y of a beta distribution with parameters a and b contributes
    a / (a + b) times its probability under parameters a + 1 and b.

    Parameters
    ----------
    mean : float
        Share of the group in the whole population, 0 to 1.
    concentration : float
        Sum of the beta distribution's two parameters: near 0 puts the group into districts of its own, a large one
        spreads it evenly.
    places : ndarray of int, shape (districts,)
        Rank of each district among the districts, from 0.

    Returns
    -------
    ndarray of float, shape (districts,)
        Share of the group in each district.
    """
    from scipy.special import betainc, betaincinv

    if not 0.0 < mean < 1.0:
        return np.full(len(places), mean)
    a, b = mean * concentration, (1 - mean) * concentration
    ends = betaincinv(a, b, np.arange(len(places) + 1) / len(places))
    shares = mean * len(places) * np.diff(betainc(a + 1, b, ends))
    return np.asarray(np.clip(np.round(shares, 9), 0.0, 1.0)[places])
