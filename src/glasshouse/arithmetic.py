"""Small functions that kernels share. Only + - * / and comparisons, with tables instead of logarithms and powers.

Every function here runs unchanged in the twin and, compiled, in the pass.
"""

from math import log

import numpy as np

STEPS = 1024


def _logit(u: float) -> float:
    return log(u / (1.0 - u))


LOGIT = np.array(
    [
        round(_logit(min(max(k / STEPS, 0.25 / STEPS), 1.0 - 0.25 / STEPS)) * 2.0**20) * 2.0**-20
        for k in range(STEPS + 1)
    ]
)
"""Quantiles of the standard logistic distribution at k / STEPS, the ends cut at a quarter step, on a grid of 2^-20."""


def logistic(u: float) -> float:
    """The standard logistic deviate of a uniform draw, linear between table points; its ends are cut at about 8.3."""
    k = int(u * STEPS)
    return float(LOGIT[k] + (u * STEPS - k) * (LOGIT[k + 1] - LOGIT[k]))


def clip(x: float, low: float, high: float) -> float:
    """x, or the end of the range that it oversteps."""
    return min(max(x, low), high)


def settled(share: float) -> float:
    """A share kept within 0 and 1, and at 0 once it is below a millionth.

    What decays for ever would end in denormal numbers, which processors handle many times more slowly.
    """
    if share < 1e-6:
        return 0.0
    return min(share, 1.0)


def toward(x: float, target: float, share: float) -> float:
    """X moved by a share of its distance to the target."""
    return x + share * (target - x)


def thinned(count: int, loss: float, u: float) -> int:
    """How many of `count` are left when each is lost with probability `loss`: the binomial quantile at u.

    Inverse transform on the number lost, so that one draw serves any count.
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


def lane(packed: int, k: int) -> int:
    """The k-th byte of a packed whole number: counts for several agencies in one."""
    return (packed >> (8 * k)) & 255
