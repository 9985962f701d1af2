"""Means and 95 % intervals over replicates, and their text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

ROUNDING = 1e-20
"""Variances that are smaller by this factor are taken for rounding errors of equal numbers."""


@dataclass(frozen=True)
class Estimate:
    """A mean over replicates with its 95 % interval.

    Attributes
    ----------
    mean : float
        The estimate; NaN where it is undefined.
    low, high : float
        Limits of the interval; NaN where a single replicate allows none.
    replicates : int
        How many values the estimate rests on.
    total : int
        How many replicates there are, those included in which it is undefined; 0 where that is not known.
    reason : str
        Why it has no interval; empty where it has one, or where that is not known.
    """

    mean: float
    low: float
    high: float
    replicates: int
    total: int = 0
    reason: str = ""

    def __str__(self) -> str:
        return self.text(1.0, "")

    @property
    def is_zero(self) -> bool:
        """Whether it is zero in every replicate."""
        return self.mean == self.low == self.high == 0.0

    @property
    def counted(self) -> str:
        """“2 of 3 replicates” where it is undefined in some; else empty."""
        return f"{self.replicates:,} of {self.total:,} replicates" if self.replicates < self.total else ""

    @property
    def why(self) -> str:
        """Why it has no interval, and in how many replicates it is defined where it is not in all; empty with an interval."""
        if not np.isnan(self.low):
            return ""
        reason = self.reason or ("one replicate, no interval" if self.replicates == 1 else "no interval")
        return f"{reason}; defined in {self.counted}" if self.counted else reason

    def scaled(self, factor: float) -> "Estimate":
        """The estimate in another unit.

        Parameters
        ----------
        factor : float
            Factor by which the numbers are multiplied; a negative one exchanges the limits.

        Returns
        -------
        Estimate
            With the same number of replicates and the same reason.
        """
        low, high = (factor * self.low, factor * self.high) if factor >= 0 else (factor * self.high, factor * self.low)
        return replace(self, mean=factor * self.mean, low=low, high=high)

    def text(self, scale: float, unit: str) -> str:
        """The estimate for a reader.

        Parameters
        ----------
        scale : float
            Factor by which the numbers are multiplied.
        unit : str
            What is written after the mean, a space included.

        Returns
        -------
        str
            The mean, the unit, the interval or why there is none, and in how many replicates it is defined if not in all.
        """
        if np.isnan(self.mean):
            return "undefined"
        shown = self.scaled(scale)
        digits = decimals(shown.mean, shown.low, shown.high)
        mean = f"{_minus(shown.mean, digits)}{unit}"
        if np.isnan(self.low):
            return f"{mean} ({self.why})"
        limits = f"{_minus(shown.low, digits)} to {_minus(shown.high, digits)}"
        return f"{mean} ({'; '.join(filter(None, (limits, self.counted)))})"

    def change(self, scale: float, unit: str) -> str:
        """The estimate of a change for a reader.

        Parameters
        ----------
        scale : float
            Factor by which the numbers are multiplied.
        unit : str
            What is written after the mean, a space included.

        Returns
        -------
        str
            As `text`, or “no change” where it is zero in every replicate.
        """
        return "no change" if self.is_zero else self.text(scale, unit)


def _minus(number: float, digits: int) -> str:
    """The number with a true minus sign, and none before a zero."""
    text = f"{number:.{digits}f}"
    return text.lstrip("-") if float(text) == 0.0 else text.replace("-", "−")


def from_replicates(values: NDArray[np.float64]) -> Estimate:
    """Mean and t interval of one value a replicate.

    Parameters
    ----------
    values : ndarray of float, shape (replicates,)
        Values; replicates in which the measure is undefined (NaN) are left out.

    Returns
    -------
    Estimate
        Without an interval where one replicate is left, and NaN where none is.
    """
    from scipy.special import stdtrit

    known = values[np.isfinite(values)]
    if len(known) == 0:
        return Estimate(float("nan"), float("nan"), float("nan"), 0, len(values))
    mean = float(known.mean())
    if len(known) == 1:
        return Estimate(mean, float("nan"), float("nan"), 1, len(values))
    half = float(stdtrit(len(known) - 1, 0.975) * known.std(ddof=1) / np.sqrt(len(known)))
    return Estimate(mean, mean - half, mean + half, len(known), len(values))


def proportion(holding: int, among: int) -> Estimate:
    """A share with Wilson's 95 % interval (Wilson 1927).

    Parameters
    ----------
    holding : int
        How many have a property.
    among : int
        Of how many.

    Returns
    -------
    Estimate
        Undefined if `among` is 0.
    """
    from scipy.stats import binomtest

    if among == 0:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    interval = binomtest(holding, among).proportion_ci(method="wilson")
    return Estimate(holding / among, float(interval.low), float(interval.high), among)


def crossed(values: NDArray[np.float64], *, shared: bool, sampled: bool) -> Estimate:
    """The mean of a table of values, with an interval that takes account of what the values have in common.

    Sampled units with shared seeds vary in both directions: the variance of the mean comes from both mean squares less that
    of the residual (Searle, Casella and McCulloch 1992, chapter 4), but is not below either alone, with Satterthwaite's
    degrees of freedom (1946, doi:10.2307/3002019).

    Parameters
    ----------
    values : ndarray of float, shape (units, replicates)
        Values; units in which one is undefined are left out.
    shared : bool
        Whether a replicate has the same random seed in all units.
    sampled : bool
        Whether the units are a sample of a whole space, rather than of interest in themselves.

    Returns
    -------
    Estimate
        Without an interval where what varies was observed only once.
    """
    known = values[np.isfinite(values).all(axis=1)]
    units, replicates = known.shape
    sampled = sampled and units > 1
    if units == 0 or not (sampled or shared):
        return _within(known)
    if not sampled:
        return from_replicates(known.mean(axis=0))
    if not shared or replicates == 1:
        return from_replicates(known.mean(axis=1))
    return _both_ways(known)


def _within(values: NDArray[np.float64]) -> Estimate:
    """The mean of fixed units (units, replicates) from the variance within each."""
    units, replicates = values.shape
    if units == 0 or replicates == 1:
        mean = float(values.mean()) if units else float("nan")
        return Estimate(mean, float("nan"), float("nan"), values.size)
    return _interval(values, float(values.var(axis=1, ddof=1).mean()) / values.size, units * (replicates - 1))


def _both_ways(values: NDArray[np.float64]) -> Estimate:
    """The mean of sampled units (units, replicates) whose replicates share their seeds."""
    units, replicates = values.shape
    rows, columns = values.mean(axis=1), values.mean(axis=0)
    left = values - rows[:, None] - columns + values.mean()
    free = np.array([units - 1, replicates - 1, (units - 1) * (replicates - 1)])
    parts = np.array(
        [rows.var(ddof=1) / units, columns.var(ddof=1) / replicates, (left**2).sum() / free[2] / left.size]
    )
    variance = max(float(parts[0] + parts[1] - parts[2]), float(parts[0]), float(parts[1]))
    return _interval(values, variance, variance**2 / float((parts**2 / free).sum()) if variance > 0.0 else 1.0)


def _interval(values: NDArray[np.float64], variance: float, free: float) -> Estimate:
    """Student's t about the mean of all values, from the variance of that mean and its degrees of freedom."""
    from scipy.special import stdtrit

    mean, half = float(values.mean()), float(stdtrit(free, 0.975) * np.sqrt(variance))
    return Estimate(mean, mean - half, mean + half, values.size)


def variance_reduction(first: NDArray[np.float64], second: NDArray[np.float64], *, shared: bool) -> Estimate:
    """How many times as many runs a difference would need without common random numbers.

    It is the variance of the difference with independent seeds, which is the sum of both variances, over that with common
    ones (Law 2015, Simulation Modeling and Analysis, section 11.2). Variances are within points, added up over points.

    Parameters
    ----------
    first : ndarray of float, shape (points, replicates)
        Values of the first arm.
    second : ndarray of float, shape (points, replicates)
        Values of the second arm.
    shared : bool
        Whether a replicate has the same seed at all points; the interval is then over replicates, otherwise over points.

    Returns
    -------
    Estimate
        The ratio with a jackknife interval of its logarithm; without one where fewer than three replicates or points exist.
    """
    known = np.isfinite(first).all(axis=1) & np.isfinite(second).all(axis=1)
    first, second = first[known], second[known]
    points, replicates = first.shape
    if points == 0 or replicates < 2:
        return from_replicates(np.array([np.nan]))
    over_replicates = shared or points == 1

    def log_ratio(chosen: Sequence[int]) -> float:
        one, other = (part[:, chosen] if over_replicates else part[chosen] for part in (first, second))
        paired = (one - other).var(axis=1, ddof=1).sum()
        apart = one.var(axis=1, ddof=1).sum() + other.var(axis=1, ddof=1).sum()
        if paired <= ROUNDING * apart:
            return np.inf if apart > 0.0 else np.nan
        return float(np.log(apart / paired))

    units = replicates if over_replicates else points
    whole = log_ratio(range(units))
    if units < 3 or not np.isfinite(whole):
        return Estimate(float(np.exp(whole)), np.nan, np.nan, units)
    without = np.array([log_ratio([unit for unit in range(units) if unit != left]) for left in range(units)])
    if not np.isfinite(without).all():
        return Estimate(float(np.exp(whole)), np.nan, np.nan, units)
    spread = from_replicates(units * whole - (units - 1) * without)
    half = (spread.high - spread.low) / 2
    low, high = (float(np.exp(whole + shift)) for shift in (-half, half))
    return Estimate(float(np.exp(whole)), low, high, units)


def significant(*numbers: float) -> int:
    """How many decimals show two significant digits of the smallest of some numbers.

    Parameters
    ----------
    *numbers : float
        Numbers that are shown together.

    Returns
    -------
    int
        From 0 to 8.
    """
    known = [abs(number) for number in numbers if np.isfinite(number) and number != 0]
    spread = max(known, default=1.0)
    return int(min(max(1 - np.floor(np.log10(spread)), 0), 8)) if spread < 100 else 0


def decimals(mean: float, low: float, high: float) -> int:
    """How many decimals show an estimate: those that its interval bears out.

    The narrower half of the interval has two significant digits if they are below 3.55, and one otherwise, as the
    Particle Data Group rounds. Without an interval the figure itself has two significant digits.

    Parameters
    ----------
    mean : float
        The estimate.
    low : float
        Lower limit of its interval; NaN where there is none, equal to the estimate where it has no width.
    high : float
        Upper limit, likewise.

    Returns
    -------
    int
        From 0 to 8.
    """
    sides = [side for side in (mean - low, high - mean) if np.isfinite(side) and side > np.sqrt(ROUNDING) * abs(mean)]
    if not sides:
        return significant(mean)
    exponent = float(np.floor(np.log10(min(sides))))
    two_digits = min(sides) / 10.0**exponent < 3.55
    return int(min(max((1.0 if two_digits else 0.0) - exponent, 0.0), 8.0))
