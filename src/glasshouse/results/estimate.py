"""Means and intervals over replicates, and how they are put into words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROUNDING = 1e-20
"""Variances that are smaller by this factor are what is left of equal numbers after rounding."""


@dataclass(frozen=True)
class Estimate:
    """Mean over replicates with its 95 % t interval; NaN where a single replicate allows none."""

    mean: float
    low: float
    high: float
    replicates: int

    def __str__(self) -> str:
        return self.text(1.0, "")

    def text(self, scale: float, unit: str) -> str:
        """In words, for a reader: the mean, the unit, and the interval or why there is none."""
        if np.isnan(self.mean):
            return "undefined"
        digits = significant(self.mean * scale, self.low * scale, self.high * scale)
        mean = f"{_minus(self.mean * scale, digits)}{unit}"
        if np.isnan(self.low):
            return f"{mean} ({'one replicate, ' if self.replicates == 1 else ''}no interval)"
        return f"{mean} ({_minus(self.low * scale, digits)} to {_minus(self.high * scale, digits)})"


def _minus(number: float, digits: int) -> str:
    """The number with a true minus sign, and none before a zero."""
    text = f"{number:.{digits}f}"
    return text.lstrip("-") if float(text) == 0.0 else text.replace("-", "−")


def from_replicates(values: NDArray[np.float64]) -> Estimate:
    """The estimate from one value a replicate; replicates in which the measure is undefined are left out."""
    from scipy.special import stdtrit

    known = values[np.isfinite(values)]
    if len(known) == 0:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    mean = float(known.mean())
    if len(known) == 1:
        return Estimate(mean, float("nan"), float("nan"), 1)
    half = float(stdtrit(len(known) - 1, 0.975) * known.std(ddof=1) / np.sqrt(len(known)))
    return Estimate(mean, mean - half, mean + half, len(known))


def proportion(holding: int, among: int) -> Estimate:
    """The share of `among` that are `holding`, with Wilson's 95 % interval (1927); undefined among none."""
    from scipy.stats import binomtest

    if among == 0:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    interval = binomtest(holding, among).proportion_ci(method="wilson")
    return Estimate(holding / among, float(interval.low), float(interval.high), among)


def pooled(figure: Callable[[Sequence[int]], float], replicates: int) -> Estimate:
    """The estimate of a ratio whose parts are added up over replicates, with a jackknife t interval.

    `figure` gives the ratio from the replicates named. Where what is counted is rare and comes in bursts, the mean of
    each replicate's ratio is ruled by the quietest ones; the ratio of sums is not. Interval: Student's t over the
    pseudo-values (Tukey 1958).
    """
    everyone = range(replicates)
    whole = figure(everyone)
    if replicates == 1 or not np.isfinite(whole):
        return from_replicates(np.array([whole]))
    without = np.array([figure([r for r in everyone if r != left]) for left in everyone])
    spread = from_replicates(replicates * whole - (replicates - 1) * without)
    half = (spread.high - spread.low) / 2
    return Estimate(whole, whole - half, whole + half, replicates)


def crossed(values: NDArray[np.float64], *, shared: bool, sampled: bool) -> Estimate:
    """The mean of values (units, replicates) with an interval that knows what the values share.

    With `shared` luck a replicate's luck is the same for all units, otherwise each value has its own; `sampled` units
    stand for a whole space, others for themselves alone. Sampled units and shared luck vary together: variance of the
    mean from both mean squares less that of what is left over (Searle, Casella and McCulloch 1992, chapter 4), but not
    below either alone, with Satterthwaite's degrees of freedom (1946, doi:10.2307/3002019). Units in which a value is
    undefined are left out; no interval where what varies was seen but once.
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
    """The mean of sampled units (units, replicates) whose replicates share their luck."""
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
    """How many times the runs common random numbers are worth: variance of a difference without them over that with them.

    From the values of both sides, (points, replicates) each. Without common luck the variance would be the sum of both
    (Law 2015, Simulation Modeling and Analysis, section 11.2).

    Variances are within points, added up over points. The interval is a jackknife of the logarithm, over replicates if
    their luck is `shared` by all points and over points otherwise; there is none where fewer than three of them exist.
    """
    known = np.isfinite(first).all(axis=1) & np.isfinite(second).all(axis=1)
    first, second = first[known], second[known]
    points, replicates = first.shape
    if points == 0 or replicates < 2:
        return from_replicates(np.array([np.nan]))
    over_replicates = shared or points == 1

    def log_ratio(kept: Sequence[int]) -> float:
        one, other = (part[:, kept] if over_replicates else part[kept] for part in (first, second))
        paired = (one - other).var(axis=1, ddof=1).sum()
        apart = one.var(axis=1, ddof=1).sum() + other.var(axis=1, ddof=1).sum()
        if paired <= ROUNDING * apart:
            return np.inf if apart > 0.0 else np.nan
        return float(np.log(apart / paired))

    units = replicates if over_replicates else points
    whole = log_ratio(range(units))
    if units < 3 or not np.isfinite(whole):
        return Estimate(float(np.exp(whole)), np.nan, np.nan, units)
    found = pooled(log_ratio, units)
    return Estimate(float(np.exp(found.mean)), float(np.exp(found.low)), float(np.exp(found.high)), units)


def significant(*numbers: float) -> int:
    """Decimals that show two significant digits of the smallest distance that matters among the numbers."""
    known = [abs(number) for number in numbers if np.isfinite(number) and number != 0]
    spread = max(known, default=1.0)
    return int(min(max(1 - np.floor(np.log10(spread)), 0), 4)) if spread < 100 else 0
