"""Means and intervals over replicates, and how they are put into words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


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
            return f"{mean} (one replicate, no interval)"
        return f"{mean} ({_minus(self.low * scale, digits)} to {_minus(self.high * scale, digits)})"


def _minus(number: float, digits: int) -> str:
    """The number with a true minus sign, and none before a zero."""
    text = f"{number:.{digits}f}"
    return text.lstrip("-") if float(text) == 0.0 else text.replace("-", "−")


def of(values: NDArray[np.float64]) -> Estimate:
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
        return of(np.array([whole]))
    without = np.array([figure([r for r in everyone if r != left]) for left in everyone])
    spread = of(replicates * whole - (replicates - 1) * without)
    half = (spread.high - spread.low) / 2
    return Estimate(whole, whole - half, whole + half, replicates)


def significant(*numbers: float) -> int:
    """Decimals that show two significant digits of the smallest distance that matters among the numbers."""
    known = [abs(number) for number in numbers if np.isfinite(number) and number != 0]
    spread = max(known, default=1.0)
    return int(min(max(1 - np.floor(np.log10(spread)), 0), 4)) if spread < 100 else 0
