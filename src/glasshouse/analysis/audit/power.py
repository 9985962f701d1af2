"""How often an audit of n cases finds that a group fares worse: exact sums over what the cases can show.

The cases of the group and of the rest are drawn at random, so that the events among them are two binomial numbers. Power
is the probability of those pairs of numbers that the test calls different, and coverage that of the pairs whose interval
holds the truth. Nothing is simulated.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, hypergeom

from glasshouse.analysis.audit.rates import LEVEL, TwoRates, critical, score
from glasshouse.model.measure import FloatArray

Test = Literal["score", "fisher"]
"""The score test (at a ratio of 1 the pooled z-test), and Fisher's exact test, two-sided."""

ENOUGH = 0.8
"""Power at which a request counts as enough."""

MOST = 1_000_000
"""Cases beyond which no request is sought."""

AHEAD = 0.02
"""Power rises with the number of cases in small jumps up and down. A request is enough if so many more cases are, too."""

LEFT_OUT = 1e-10
"""Probability of the numbers of events at either end that a sum leaves out."""

SAME = 1e-7
"""Part by which two probabilities may differ and still count as equal in Fisher's test, as in `scipy.stats.fisher_exact`."""


@dataclass(frozen=True)
class Comparison:
    """A comparison of two groups by n random cases.

    Attributes
    ----------
    cases : int
        Cases in all.
    share : float
        Share of the cases that are of the group.
    rate, rest_rate : float
        The true rate in the group and in the rest.
    null : float
        The ratio of the rates that the test holds against the cases.
    """

    cases: int
    share: float
    rate: float
    rest_rate: float
    null: float = 1.0

    @property
    def split(self) -> tuple[int, int]:
        """Cases of the group and of the rest."""
        mine = round(self.cases * self.share)
        return mine, self.cases - mine

    def outcomes(self) -> tuple[TwoRates, FloatArray]:
        """Every pair of numbers of events, but those that hardly ever occur.

        Returns
        -------
        tuple of TwoRates and ndarray of float
            The pairs as arrays (events in the group, events in the rest), and the probability of each.
        """
        mine, rest = self.split
        axes, chances = [], []
        for cases, rate in ((mine, self.rate), (rest, self.rest_rate)):
            low, high = (int(end) for end in binom.ppf([LEFT_OUT, 1 - LEFT_OUT], cases, rate))
            axes.append(np.arange(max(low, 0), high + 1))
            chances.append(binom.pmf(axes[-1], cases, rate))
        events, rest_events = np.meshgrid(*axes, indexing="ij")
        return TwoRates(events, np.array(mine), rest_events, np.array(rest)), np.outer(*chances)


def power(comparison: Comparison, test: Test = "score", level: float = LEVEL) -> float:
    """The probability that a two-sided test rejects the null ratio.

    Parameters
    ----------
    comparison : Comparison
        Cases and true rates; where the rates have the null ratio, the result is the rate of false alarms.
    test : {"score", "fisher"}
        The test. Fisher's is of equal rates, so that `comparison.null` must be 1.
    level : float
        Its nominal error rate.

    Returns
    -------
    float
        The probability.
    """
    found, chance = comparison.outcomes()
    if test == "fisher":
        rejected = _fisher_rejects(found, level)
    else:
        rejected = np.abs(score(found, comparison.null)) > critical(level)
    return float(chance[rejected].sum())


def coverage(comparison: Comparison) -> float:
    """The probability that the nominal 95 % score interval of the ratio holds the true ratio.

    Parameters
    ----------
    comparison : Comparison
        Cases and true rates.

    Returns
    -------
    float
        The probability.
    """
    found, chance = comparison.outcomes()
    holds = np.abs(score(found, comparison.rate / comparison.rest_rate)) <= critical()
    return float(chance[holds].sum())


def least_request(comparison: Comparison, test: Test = "score", *, wanted: float = ENOUGH) -> int | None:
    """The smallest number of cases with which the test finds the difference often enough.

    Parameters
    ----------
    comparison : Comparison
        The true rates; its number of cases is not used.
    test : {"score", "fisher"}
        The test.
    wanted : float
        The power that is enough.

    Returns
    -------
    int or None
        The number of cases; None if more than `MOST` are needed. Here and with up to `AHEAD` more cases the power is
        at least `wanted`.
    """

    def enough(cases: int) -> bool:
        return power(replace(comparison, cases=cases), test) >= wanted

    low, high = 10, 20
    while not enough(high):
        low, high = high, 2 * high
        if high > 2 * MOST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    # The power jumps: go on behind the last number nearby with which it is too small.
    step = max(1, round(AHEAD * high / 20))
    last = next((n for n in range(high + 20 * step, high, -step) if not enough(n)), None)
    found = high if last is None else last + step
    return found if found <= MOST else None


def _fisher_rejects(found: TwoRates, level: float) -> NDArray[np.bool_]:
    """Whether Fisher's exact test calls each pair of numbers different."""
    mine, rest = int(found.cases), int(found.rest_cases)
    rejected = np.zeros(found.events.shape, bool)
    totals = found.events + found.rest_events
    for total in range(int(totals.min()), int(totals.max()) + 1):
        here = totals == total
        low, high = _fisher_limits(mine, rest, total, level)
        rejected[here] = (found.events[here] < low) | (found.events[here] > high)
    return rejected


@lru_cache(maxsize=65_536)
def _fisher_limits(mine: int, rest: int, total: int, level: float) -> tuple[int, int]:
    """The least and the greatest number of events in the group that Fisher's test does not reject, given all events.

    The p-value of a number is the probability of all numbers that are no more probable.
    """
    numbers = np.arange(max(0, total - rest), min(total, mine) + 1)
    chance = hypergeom.pmf(numbers, mine + rest, total, mine)
    order = np.argsort(chance)
    sums = np.cumsum(chance[order])
    last = np.searchsorted(chance[order], chance * (1 + SAME), side="right") - 1
    kept = numbers[sums[last] >= level]
    return (int(kept[0]), int(kept[-1])) if len(kept) else (0, -1)
