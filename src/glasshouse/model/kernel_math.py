"""Small functions that kernels share. Only + - * / and comparisons, with tables instead of logarithms and powers.

Every function here runs unchanged in the interpreter and, compiled, in the weekly pass.
"""

from collections.abc import Callable, Iterable
from math import exp, frexp, log

import numpy as np
from numpy.typing import NDArray

WEEKS = 52
"""Weeks of a year."""

STEPS = 1024
"""Intervals of the tables of quantiles."""


def _logit(u: float) -> float:
    return log(u / (1.0 - u))


def quantiles(inverse: Callable[[float], float]) -> NDArray[np.float64]:
    """An inverse distribution function at k / STEPS, the ends cut at a quarter step, on a grid of 2^-20.

    Parameters
    ----------
    inverse : Callable
        Gives the quantile of a chance.

    Returns
    -------
    array of float, shape (STEPS + 1,)
    """
    cut = [min(max(k / STEPS, 0.25 / STEPS), 1.0 - 0.25 / STEPS) for k in range(STEPS + 1)]
    return np.array([round(inverse(u) * 2.0**20) * 2.0**-20 for u in cut])


LOGIT = quantiles(_logit)
"""Quantiles of the standard logistic distribution."""

EXPONENTIAL = quantiles(lambda u: -log(1.0 - u))
"""Quantiles of the exponential distribution of mean 1."""


def logistic(u: float) -> float:
    """The standard logistic deviate of a uniform draw, linear between table points; its ends are cut at about 8.3.

    Parameters
    ----------
    u : float
        Uniform draw on [0, 1).

    Returns
    -------
    float
        The deviate, linear between the entries of a table.
    """
    k = int(u * STEPS)
    return float(LOGIT[k] + (u * STEPS - k) * (LOGIT[k + 1] - LOGIT[k]))


REACH = 8
"""Logits beyond which `sigmoid` is cut."""

SIGMOID = np.array([round(2.0**20 / (1.0 + exp(REACH - k / 64))) * 2.0**-20 for k in range(1025)])
"""The standard logistic distribution function at k / 64 - REACH, on a grid of 2^-20."""


def sigmoid(x: float) -> float:
    """The standard logistic distribution function, linear between table points; 0 and 1 beyond `REACH`.

    Parameters
    ----------
    x : float
        Log-odds.

    Returns
    -------
    float
        1 / (1 + exp(-x)), linear between the entries of a table.
    """
    if x <= -REACH:
        return 0.0
    if x >= REACH:
        return 1.0
    k = int((x + REACH) * 64.0)
    return float(SIGMOID[k] + ((x + REACH) * 64.0 - k) * (SIGMOID[k + 1] - SIGMOID[k]))


def significant(values: Iterable[float]) -> NDArray[np.float64]:
    """Numbers rounded to 40 significant bits.

    Parameters
    ----------
    values : iterable of float
        Any finite numbers.

    Returns
    -------
    array of float
    """
    return np.array([round(m * 2.0**40) * 2.0 ** (e - 40) for m, e in map(frexp, values)])


POWERS = significant(exp(k / 8 - 40) for k in range(641))
"""e to the power of k / 8 - 40, to 40 significant bits."""


def e_to(x: float) -> float:
    """E to the power x, to a part in 10^12: the nearest of `POWERS` times a series; 0 from -40 downwards, e^40 from 40 on.

    Parameters
    ----------
    x : float
        Exponent.

    Returns
    -------
    float
        exp(x), to a part in 10^12.
    """
    if x <= -40.0:
        return 0.0
    k = int((min(x, 40.0) + 40.0) * 8.0 + 0.5)
    r = min(x, 40.0) - (k / 8.0 - 40.0)
    series = 1.0
    n = 8
    while n > 0:
        series = 1.0 + series * r / n
        n -= 1
    return float(POWERS[k] * series)


def chance(logit: float) -> float:
    """The standard logistic distribution function to a part in 10^12, where `sigmoid` is too coarse.

    Parameters
    ----------
    logit : float
        Log-odds.

    Returns
    -------
    float
        1 / (1 + exp(-logit)).
    """
    return 1.0 / (1.0 + e_to(-logit))


def exponential(u: float) -> float:
    """The exponential deviate of mean 1 of a uniform draw, linear between table points; its end is cut at about 8.3.

    Parameters
    ----------
    u : float
        Uniform draw on [0, 1).

    Returns
    -------
    float
        The deviate, linear between the entries of a table.
    """
    k = int(u * STEPS)
    return float(EXPONENTIAL[k] + (u * STEPS - k) * (EXPONENTIAL[k + 1] - EXPONENTIAL[k]))


def root(x: float) -> float:
    """The square root of a number from 0 to a million by Newton's iteration; 0 for what is not positive.

    Parameters
    ----------
    x : float
        Number up to a million.

    Returns
    -------
    float
        Its square root.
    """
    if x <= 0.0:
        return 0.0
    y = 0.5 + 0.5 * x
    k = 0
    while k < 24:
        y = 0.5 * (y + x / y)
        k += 1
    return y


def clip(x: float, low: float, high: float) -> float:
    """Limit x to the range from `low` to `high`.

    Parameters
    ----------
    x : float
        Number.
    low : float
        Lower end of the range.
    high : float
        Upper end of the range.

    Returns
    -------
    float
        The number within the range.
    """
    return min(max(x, low), high)


NEGLIGIBLE = 1e-6
"""Size below which what decays for ever is let go, before it becomes a denormal number."""


def settled(share: float) -> float:
    """A share kept within 0 and 1, and at 0 once it is below a millionth.

    What decays for ever would end in denormal numbers, which processors handle many times more slowly.

    Parameters
    ----------
    share : float
        Share that is not negative.

    Returns
    -------
    float
        The share, at most 1; 0 if it is below `NEGLIGIBLE`.
    """
    if share < NEGLIGIBLE:
        return 0.0
    return min(share, 1.0)


def toward(x: float, target: float, share: float) -> float:
    """Move x by a share of its distance to the target.

    Parameters
    ----------
    x : float
        Present value.
    target : float
        Value toward which it moves.
    share : float
        Share of the distance that is covered.

    Returns
    -------
    float
        x + share * (target - x).
    """
    return x + share * (target - x)


def thinned(count: int, loss: float, u: float) -> int:
    """How many of `count` are left when each is lost with probability `loss`: the binomial quantile at u.

    Inverse transform on the number lost, so that one draw serves any count.

    Parameters
    ----------
    count : int
        Number of things.
    loss : float
        Probability that each is lost, below 1.
    u : float
        Uniform draw on [0, 1).

    Returns
    -------
    int
        How many are left.
    """
    chance = 1.0
    k = 0
    while k < count:
        chance *= 1.0 - loss
        k += 1
    lost = 0
    rest = u - chance
    while rest >= 0.0 and lost < count:
        lost += 1
        chance *= (count - lost + 1) * loss / (lost * (1.0 - loss))
        rest -= chance
    return count - lost


def power(x: float, times: int) -> float:
    """X multiplied by itself `times` times (0 or more), by repeated squaring.

    Parameters
    ----------
    x : float
        Base.
    times : int
        Exponent, 0 or more.

    Returns
    -------
    float
        x to that power.
    """
    y = 1.0
    square = x
    rest = times
    while rest > 0:
        if rest & 1:
            y *= square
        square *= square
        rest = rest >> 1
    return y


def binomial(count: int, chance: float, u: float) -> int:
    """How many of `count` it happens to, each with probability `chance` below 1: the binomial quantile at u.

    Inverse transform upwards from none: as many turns as it happens to, for a `count * chance` of up to some hundreds.

    Parameters
    ----------
    count : int
        Number of things.
    chance : float
        Probability for each, below 1.
    u : float
        Uniform draw on [0, 1).

    Returns
    -------
    int
        How many it happens to.
    """
    share = power(1.0 - chance, count)
    happened = 0
    rest = u - share
    while rest >= 0.0 and happened < count:
        happened += 1
        share *= (count - happened + 1) * chance / (happened * (1.0 - chance))
        rest -= share
    return happened


def poisson(mean: float, none: float, u: float) -> int:
    """The Poisson quantile at u, for means of up to some hundreds; `none` is exp(-mean), the chance of none.

    Inverse transform upwards from none; it stops where chances have become too small to count.

    Parameters
    ----------
    mean : float
        Mean of the distribution.
    none : float
        exp(-mean).
    u : float
        Uniform draw on [0, 1).

    Returns
    -------
    int
        The number of events.
    """
    share = none
    happened = 0
    rest = u - share
    while rest >= 0.0 and share > 0.0:
        happened += 1
        share *= mean / happened
        rest -= share
    return happened
