"""Two groups' rates compared: estimates, tests and intervals, each for many audits at once.

The test of a ratio is the score test, whose variance is that under the null hypothesis; at a ratio of 1 it is the pooled
z-test (chi-square without continuity correction). Its inversion is the score interval (Koopman 1984, Biometrics 40:513;
Miettinen and Nurminen 1985, Statistics in Medicine 4:213), which excludes a ratio exactly where the test rejects it and
holds its level for rare events, where the usual interval of the log ratio does not.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from glasshouse.model.measure import FloatArray

IntArray = NDArray[np.int64]

LEVEL = 0.05
"""Error rate of a two-sided test, and what a 95 % interval leaves out."""

SPAN = 14.0
"""Natural logarithm of the largest ratio at which the limit of an interval is sought; beyond it the limit is 0 or infinite."""

HALVINGS = 26
"""Halvings of the span by which a limit is found, to within a millionth."""

TINY = 1e-15
"""Variances below this count as zero: no case or every case of both groups is an event."""


@dataclass(frozen=True)
class TwoRates:
    """Events among the cases of a group and among those of the rest; arrays hold one audit in each place.

    Attributes
    ----------
    events, cases : ndarray of int64
        Events and cases in the group.
    rest_events, rest_cases : ndarray of int64
        The same in the rest.
    """

    events: IntArray
    cases: IntArray
    rest_events: IntArray
    rest_cases: IntArray

    @property
    def rates(self) -> tuple[FloatArray, FloatArray]:
        """The rate in the group and in the rest; NaN without a case."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.divide(self.events, self.cases), np.divide(self.rest_events, self.rest_cases)

    @property
    def ratio(self) -> FloatArray:
        """The group's rate over the rate of the rest; NaN where the group has no case or the rest no event."""
        rate, rest = self.rates
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(rest > 0, rate / rest, np.nan)


def critical(level: float = LEVEL) -> float:
    """The critical value of a two-sided test.

    Parameters
    ----------
    level : float
        Error rate of the test.

    Returns
    -------
    float
        Quantile of the standard normal distribution.
    """
    return float(norm.ppf(1 - level / 2))


def score(found: TwoRates, ratio: FloatArray | float = 1.0) -> FloatArray:
    """The statistic of the score test that the group's rate is `ratio` times the rate of the rest.

    Parameters
    ----------
    found : TwoRates
        What an audit counted.
    ratio : float or ndarray
        The ratio under the null hypothesis.

    Returns
    -------
    ndarray of float
        Standard normal under the null hypothesis in large samples, positive where the group's rate is higher; 0 where
        the audit says nothing.
    """
    x, n, y, m = (np.asarray(part, float) for part in (found.events, found.cases, found.rest_events, found.rest_cases))
    # The rate of the rest under the null hypothesis is the smaller root of a quadratic equation (Miettinen and Nurminen).
    a, b, c = ratio * (n + m), ratio * (n + y) + x + m, x + y
    rest = 2 * c / np.maximum(b + np.sqrt(np.maximum(b * b - 4 * a * c, 0.0)), TINY)
    rate = np.minimum(ratio * rest, 1.0)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        variance = rate * (1 - rate) / n + ratio * ratio * rest * (1 - rest) / m
        statistic: FloatArray = (x / n - ratio * y / m) / np.sqrt(variance)
    return np.where(np.isfinite(statistic) & (variance > TINY * ratio), statistic, 0.0)


def ratio_interval(found: TwoRates, level: float = LEVEL) -> tuple[FloatArray, FloatArray]:
    """The score interval of the ratio of two rates.

    Parameters
    ----------
    found : TwoRates
        What an audit counted.
    level : float
        Error rate of the interval, 0.05 for a 95 % interval.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits; 0 and infinity where the audit sets no limit.
    """
    z = critical(level)
    limits = []
    for bound, beyond in ((z, 0.0), (-z, np.inf)):
        shape = np.broadcast(found.events, found.cases, found.rest_events, found.rest_cases).shape
        low, high = np.full(shape, -SPAN), np.full(shape, SPAN)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            above = score(found, np.exp(middle)) > bound
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        limits.append(np.where(np.abs(low) > SPAN - 0.1, beyond, np.exp(low)))
    return limits[0], limits[1]
