"""The share of the plausible space in which a claim holds, with an interval that knows Monte Carlo noise.

A claim is about expected values, and a point of a study has the mean of a few replicates. Such a mean falls on the wrong
side of a threshold now and then, which moves the share towards one half. The bias shrinks with the number of replicates;
a share from all replicates and one from halves of them give its leading term, which is subtracted (the generalised
jackknife, Gray and Schucany 1972; with halves instead of all replicates but one, since a yes or no is not smooth). Where
nearly all differences between points are noise, the rest of the bias is too large for any interval.

The interval is that of a binomial count with half of the probability of the count itself (mid-P: Lancaster 1961, Berry and
Armitage 1995, doi:10.2307/2348891), for an effective number of points: as many as would give the variance that the points
show (Korn and Graubard 1998, with their correction of the degrees of freedom; Dean and Pagano 2015,
doi:10.1093/jssam/smv024). Two points are added at which the claim holds and two at which it fails where that variance is
estimated, since few points seldom show it whole. Where all points share their random seeds, the variance between replicates
is added to that between points; fewer than `MIN_SHARED` replicates do not show it, and there is no interval.
`verification/claims.py` measures the coverage.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.measure import FloatArray
from glasshouse.results.estimate import Estimate

MIN_SHARED = 5
"""Replicates that a study whose points share their random seeds needs for an interval."""

MAX_NOISE = 2 / 3
"""The largest share of the variance between the means of points that may be Monte Carlo noise."""

MAX_SPLITS = 10
"""Ways of halving the replicates of a point that are averaged."""

Holds = Callable[[Mapping[str, FloatArray]], FloatArray]


def without_bias(holds: Holds, outputs: Mapping[str, FloatArray]) -> FloatArray:
    """Evaluate a claim at each point, with the leading bias of Monte Carlo noise subtracted.

    Parameters
    ----------
    holds : callable
        The condition: from figures by name to 1, 0 or NaN at each point (`Expression.holds`).
    outputs : mapping of str to ndarray of float, shape (points, replicates)
        The figures that the condition names; NaN where one is undefined.

    Returns
    -------
    ndarray of float, shape (points,)
        Values whose mean over points estimates the share. Where all replicates agree they are 1 or 0, elsewhere they lie
        between −1 and 2; where a replicate is undefined the condition is that of the others, and NaN where all are.
    """
    from_all = holds({name: _mean(values) for name, values in outputs.items()})
    replicates = next(iter(outputs.values())).shape[1]
    if replicates < 2:
        return from_all
    first, second = replicates // 2, replicates - replicates // 2
    weight = (1 / replicates) / ((1 / first + 1 / second) / 2 - 1 / replicates)
    splits = min(replicates, MAX_SPLITS) if replicates > 2 else 1
    halves = np.zeros(len(from_all))
    for split in range(splits):
        order = (np.arange(replicates) + split) % replicates
        for half in (order[:first], order[first:]):
            halves += holds({name: values[:, half].mean(axis=1) for name, values in outputs.items()}) / (2 * splits)
    return np.where(np.isfinite(halves), (1 + weight) * from_all - weight * halves, from_all)


def share_of(values: FloatArray, alone: FloatArray, *, shared: bool) -> Estimate:
    """Estimate the share of a space in which a claim holds, from points drawn at random.

    Parameters
    ----------
    values : ndarray of float, shape (points,)
        What `without_bias` returns; points with NaN are left out.
    alone : ndarray of float, shape (points, replicates)
        1, 0 or NaN: whether the claim holds in each replicate by itself.
    shared : bool
        Whether a replicate has the same random seed at all points.

    Returns
    -------
    Estimate
        The share with its 95 % interval, both within 0 to 1; `replicates` is the number of points. Without an interval where
        points share too few random seeds, and where most of the differences between points are noise.
    """
    known = np.isfinite(values)
    points, replicates = int(known.sum()), alone.shape[1]
    if not points:
        return Estimate(np.nan, np.nan, np.nan, 0)
    mean = float(np.clip(values[known].mean(), 0.0, 1.0))
    if (shared and replicates < MIN_SHARED) or too_noisy(alone[known]):
        return Estimate(mean, np.nan, np.nan, points)
    low, high = _mid_p(mean, _effective(values[known], _common(alone[known]) if shared else 0.0, replicates))
    return Estimate(mean, low, high, points)


def _effective(values: FloatArray, common: float, replicates: int) -> float:
    """How many points without noise would show a share as exactly as these do: from one to as many as there are."""
    from scipy.special import stdtrit

    padded = np.append(values, (0.0, 0.0, 1.0, 1.0))
    mean, free = float(padded.mean()), float(len(padded) - 1)
    between = float(padded.var(ddof=1)) / len(padded)
    number = mean * (1.0 - mean) / (between + common)
    if common:
        # Satterthwaite's degrees of freedom (1946, doi:10.2307/3002019).
        fewer = (between + common) ** 2 / (between**2 / free + common**2 / (replicates - 1))
        number *= float(stdtrit(free, 0.975) / stdtrit(fewer, 0.975)) ** 2
    return min(max(number, 1.0), float(len(values)))


def _mid_p(share: float, number: float) -> tuple[float, float]:
    """The 95 % mid-P interval of a share of a number of points, neither of which need be whole."""
    from scipy.optimize import brentq
    from scipy.special import betainc

    count = share * number

    def above(true: float) -> float:
        """The probability of more than the count, and half of that of the count."""
        as_many = betainc(count, number - count + 1.0, true) if count > 0.0 else 1.0
        more = betainc(count + 1.0, number - count, true) if share < 1.0 else 0.0
        return float(as_many + more) / 2.0

    low = brentq(lambda true: above(true) - 0.025, 0.0, 1.0) if share > 0.0 else 0.0
    high = brentq(lambda true: above(true) - 0.975, 0.0, 1.0) if share < 1.0 else 1.0
    return float(low), float(high)


def _common(alone: FloatArray) -> float:
    """The variance of the share due to random seeds that all points share, less that due to the points' own noise."""
    whole = alone[np.isfinite(alone).all(axis=1)]
    points, replicates = whole.shape
    if points < 2:
        return 0.0
    columns = whole.mean(axis=0)
    rest = whole - whole.mean(axis=1, keepdims=True) - columns + whole.mean()
    own = float((rest**2).sum()) / ((points - 1) * (replicates - 1)) / points
    return float(max(float(columns.var(ddof=1)) - own, 0.0) / replicates)


def noise_share(alone: FloatArray) -> float:
    """The share of the variance of a yes or no that is Monte Carlo noise within points.

    Parameters
    ----------
    alone : ndarray of float, shape (points, replicates)
        1, 0 or NaN: whether the claim holds in each replicate by itself.

    Returns
    -------
    float
        From 0 to 1; NaN with a single replicate, and where the answer is the same in every run.
    """
    within, between = _variances(alone)
    return within / (within + between) if within + between > 0.0 else float("nan")


def too_noisy(alone: FloatArray) -> bool:
    """Whether the points differ too little, beside the noise in the means of their replicates, to know a share of them.

    Parameters
    ----------
    alone : ndarray of float, shape (points, replicates)
        1, 0 or NaN: whether the claim holds in each replicate by itself.

    Returns
    -------
    bool
        True if noise is more than `MAX_NOISE` of the variance of such means with 90 % confidence (F test).
    """
    from scipy.special import fdtri

    within, between = _variances(alone)
    points, replicates = alone.shape
    if not within > 0.0:
        return False
    return bool(1.0 + replicates * between / within < fdtri(points - 1, points * (replicates - 1), 0.1) / MAX_NOISE)


def _variances(alone: FloatArray) -> tuple[float, float]:
    """The variance within points and that between their expected values, at least zero; NaN where that is not known."""
    whole = alone[np.isfinite(alone).all(axis=1)]
    points, replicates = whole.shape
    if points < 2 or replicates < 2:
        return float("nan"), float("nan")
    within = float(whole.var(axis=1, ddof=1).mean())
    return within, max(float(whole.mean(axis=1).var(ddof=1)) - within / replicates, 0.0)


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of the replicates (points, replicates) in which a figure is defined; NaN where it is in none."""
    known = np.isfinite(values)
    found = np.full(len(values), np.nan)
    np.divide(np.where(known, values, 0.0).sum(axis=1), known.sum(axis=1), out=found, where=known.any(axis=1))
    return found
