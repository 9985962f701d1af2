"""The normal distribution for kernels, from tables, as precise far out in the tails as in the middle."""

from math import erfc
from statistics import NormalDist

import numpy as np

from glasshouse.model.kernel_math import STEPS, quantiles, significant

PROBIT = quantiles(NormalDist().inv_cdf)
"""Quantiles of the standard normal distribution at equal steps of the chance, for its middle."""

TAIL = 1.0 / 32.0
"""Chance of either end of the distribution below which `TAIL_PROBIT` takes over from `PROBIT`."""

HALVINGS = 28
"""Times that `TAIL` is halved up to the end of `TAIL_PROBIT`, at 2^-33: below any draw but 0."""

PARTS = 32
"""Intervals of `TAIL_PROBIT` between a chance and half of it."""

LAST = HALVINGS * PARTS
"""The last place of `TAIL_PROBIT`."""


def _tail_quantile(place: int) -> float:
    """What a standard normal deviate exceeds with the chance at a place of the table, on a grid of 2^-20."""
    chance = TAIL * 0.5 ** (place // PARTS) * (1.0 - 0.5 * (place % PARTS) / PARTS)
    return round(-NormalDist().inv_cdf(chance) * 2.0**20) * 2.0**-20


TAIL_PROBIT = np.array([_tail_quantile(place) for place in range(LAST + 1)])
"""What a standard normal deviate exceeds with a chance that falls from `TAIL`, each halving of it in equal parts."""


def normal(u: float) -> float:
    """The standard normal deviate of a uniform draw, linear between table points; its ends are cut at 6.3.

    The chance of exceeding any size up to there is right to a part in a thousand.

    Parameters
    ----------
    u : float
        Uniform draw on [0, 1).

    Returns
    -------
    float
        The deviate, linear between the entries of a table.
    """
    tail = min(u, 1.0 - u)
    if tail >= TAIL:
        k = int(u * STEPS)
        return float(PROBIT[k] + (u * STEPS - k) * (PROBIT[k + 1] - PROBIT[k]))
    share = tail / TAIL
    halved = 1
    while share < 0.5 and halved < HALVINGS:
        share *= 2.0
        halved += 1
    place = (halved + 1.0 - 2.0 * max(share, 0.5)) * PARTS
    k = min(int(place), LAST - 1)
    size = float(TAIL_PROBIT[k] + (place - k) * (TAIL_PROBIT[k + 1] - TAIL_PROBIT[k]))
    return -size if u < 0.5 else size


REACH = 8
"""Standard deviations beyond which `above` is cut."""

FINENESS = 64
"""Entries of `UPPER_TAIL` a standard deviation."""

UPPER_TAIL = significant(0.5 * erfc((k / FINENESS - REACH) / 2.0**0.5) for k in range(2 * REACH * FINENESS + 1))
"""The chance that a standard normal deviate exceeds k / FINENESS - REACH, to 40 significant bits."""


def above(x: float) -> float:
    """The chance that a standard normal deviate exceeds x, linear between table points; 1 and 0 beyond `REACH`.

    The entries have significant bits, not a grid, so that the error is below (1 + x^2) / 30,000 of the chance however far out.

    Parameters
    ----------
    x : float
        Standard deviations from the mean.

    Returns
    -------
    float
        The chance, linear between the entries of a table.
    """
    if x <= -REACH:
        return 1.0
    if x >= REACH:
        return 0.0
    k = int((x + REACH) * FINENESS)
    return float(UPPER_TAIL[k] + ((x + REACH) * FINENESS - k) * (UPPER_TAIL[k + 1] - UPPER_TAIL[k]))
