"""Selecting within a capacity: one bar for the nation above which as many signals are expected as may be selected.

Signals are normal about a mean that is known of each person, with and without what they are about. The bar is solved from
sums, so that nobody is sorted; `forecast` and `screening` select so.
"""

from glasshouse.model.kernel_math import clip, root
from glasshouse.model.normal_distribution import above, normal

MOST_SEPARATION = 100.0
"""End of the separation of signals, in signal units, to either side."""

LEAST_BAR, MOST_BAR = -(MOST_SEPARATION + 8.0), 2.0**15
"""Ends of the bar, in signal units: below and above any signal."""

HALVINGS = 64
"""Times that the range of the bar is halved to find it."""

MAKING_UP = 0.2
"""Share of what is due that is added to what is allowed next week, or taken from it if too much was made."""

MOST_MISFIT = 20.0
"""End of the misfit, as a factor, to either side."""

LONGEST_DUE, MOST_DUE = 26.0, 10.0
"""Ends of what is due, to either side: what is allowed in so many weeks, and so many selections more."""

LEAST_SHARE = 1e-6
"""End of the shares above the bar from which a quantile is taken, from 0 and from 1."""

FINE = 1 << 30
"""Scale of the sum of chances, each of which may be a millionth and less."""


def expected_above(
    bar: float, few: float, mean_few: float, spread_few: float, many: float, mean_many: float, spread_many: float
) -> float:
    """How many signals of two normal distributions are expected above a bar.

    Parameters
    ----------
    bar : float
        The bar, in signal units.
    few : float
        Signals of those with what the signal is about.
    mean_few : float
        Their mean.
    spread_few : float
        Their standard deviation.
    many : float
        Signals of all others.
    mean_many : float
        Their mean.
    spread_many : float
        Their standard deviation.

    Returns
    -------
    float
        Expected signals above the bar.
    """
    return few * above((bar - mean_few) / spread_few) + many * above((bar - mean_many) / spread_many)


def bar_for(
    wanted: float, few: float, mean_few: float, spread_few: float, many: float, mean_many: float, spread_many: float
) -> float:
    """The bar above which as many signals of two normal distributions are expected as are wanted.

    Parameters
    ----------
    wanted : float
        Signals wanted above the bar.
    few : float
        Signals of those with what the signal is about.
    mean_few : float
        Their mean.
    spread_few : float
        Their standard deviation.
    many : float
        Signals of all others.
    mean_many : float
        Their mean.
    spread_many : float
        Their standard deviation.

    Returns
    -------
    float
        The bar, by bisection between `LEAST_BAR` and `MOST_BAR`.
    """
    low = LEAST_BAR
    high = MOST_BAR
    k = 0
    while k < HALVINGS:
        bar = 0.5 * (low + high)
        if expected_above(bar, few, mean_few, spread_few, many, mean_many, spread_many) > wanted:
            low = bar
        else:
            high = bar
        k += 1
    return high


def still_due(due: float, allowed: float, made: float) -> float:
    """What is due after a week: what was allowed so far less what was made, within limits.

    Parameters
    ----------
    due : float
        What was due before.
    allowed : float
        Selections that this week allowed.
    made : float
        Selections that it made.

    Returns
    -------
    float
        What is due, at most `LONGEST_DUE` weeks' selections and `MOST_DUE` to either side.
    """
    most = LONGEST_DUE * allowed + MOST_DUE
    return clip(due + allowed - made, -most, most)


def mean_of(number: float, total: float) -> float:
    """The mean of a total.

    Parameters
    ----------
    number : float
        How many it is of.
    total : float
        What they add up to.

    Returns
    -------
    float
        total / number; 0 where there is none.
    """
    return total / number if number > 0.0 else 0.0


def spread_of(number: float, weights: float, squares: float) -> float:
    """The standard deviation of scores: that of their error, which is 1, and of their weights.

    Parameters
    ----------
    number : float
        Scores.
    weights : float
        Their weights, added up.
    squares : float
        The squares of these, added up.

    Returns
    -------
    float
        The square root of 1 + the variance of the weights.
    """
    mean = mean_of(number, weights)
    return root(1.0 + max(mean_of(number, squares) - mean * mean, 0.0))


def expected_of(bar: float, number: float, weights: float, squares: float) -> float:
    """How many scores are expected above a bar if they are normal.

    Parameters
    ----------
    bar : float
        The bar less the separation, if these scores have one.
    number : float
        Scores.
    weights : float
        Their weights, added up.
    squares : float
        The squares of these, added up.

    Returns
    -------
    float
        Expected scores above the bar.
    """
    return number * above((bar - mean_of(number, weights)) / spread_of(number, weights, squares))


def quantile_above(share: float) -> float:
    """What a standard normal deviate exceeds with a given chance.

    Parameters
    ----------
    share : float
        The chance; it is cut at `LEAST_SHARE` from 0 and from 1.

    Returns
    -------
    float
        The quantile of 1 - share.
    """
    return -normal(clip(share, LEAST_SHARE, 1.0 - LEAST_SHARE))
