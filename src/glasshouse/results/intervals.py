"""Confidence intervals of measures from few replicates.

A figure is computed from the sums of all replicates together, again without each of them, and from each alone: the axis
of resamples, 2 * replicates + 1 long. The standard error is that of the jackknife (Tukey 1958; Efron and Stein 1981,
doi:10.1214/aos/1176345462), taken on the scale that the measure declares, and the interval is Student's t, carried back
from that scale.

A replicate without any event tells nothing about a share or rate of rare events. Where no more than half of the
replicates tell something, there is no interval. All functions take any number of further axes, so that
`verification/interval_coverage.py` measures the very same code on thousands of samples at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.measure import FloatArray, Measure
from glasshouse.model.scale import BELOW_ONE, Scale
from glasshouse.results.estimate import Estimate

IntArray = NDArray[np.int64]

ROUNDING = 1e-12
"""Differences that are smaller by this factor than what is compared are rounding noise and count as zero."""

NEGLIGIBLE = 0.25
"""What an arm without any event may contribute at most, as a part of the half-width, for its rate to count as zero."""

TELLS_NOTHING = 10.0
"""A change that may be none and may be more than ten times as much as there was is said to be unknown, without its interval."""

EMPTY, ONE, NO_EVENT = "cannot be told from {} replicates", "one replicate, no interval", "none in {} replicates"
EQUAL = "the same in all {} replicates, no interval"


@dataclass(frozen=True)
class Intervals:
    """Figures with their intervals; the axes are those that follow the resamples.

    Attributes
    ----------
    mean, low, high : ndarray of float
        The figures from all replicates and their limits; NaN where there is no interval.
    defined : ndarray of int
        In how many replicates a figure is defined.
    empty : ndarray of bool
        Where no replicate tells anything but a limit of the possible values: no event, or nothing but events.
    none : ndarray of bool
        Where no replicate has an event, in either arm for a difference.
    equal : ndarray of bool
        Where replicates tell something and all the same, so that nothing says how far others would be from it.
    replicates : int
        How many replicates there are.
    """

    mean: FloatArray
    low: FloatArray
    high: FloatArray
    defined: IntArray
    empty: NDArray[np.bool_]
    none: NDArray[np.bool_]
    equal: NDArray[np.bool_]
    replicates: int

    def estimate(self) -> Estimate:
        """A single figure with its interval, or the reason why it has none.

        Returns
        -------
        Estimate
            The figure.
        """
        mean, low, high = float(self.mean), float(self.low), float(self.high)
        reason = ""
        if np.isnan(low) and np.isfinite(mean):
            count = f"{self.replicates:,}"
            several = NO_EVENT if self.none else EQUAL if self.equal else EMPTY
            reason = ONE if self.replicates == 1 else several.format(count)
        return Estimate(mean, low, high, int(self.defined), self.replicates, reason)


def resamples(sums: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sums over all replicates, over all but each, and of each alone.

    Parameters
    ----------
    sums : ndarray of int64, shape (replicates, ...)
        Sums of each replicate.

    Returns
    -------
    ndarray of int64, shape (2 * replicates + 1, ...)
        The three kinds one after the other.
    """
    total = sums.sum(axis=0)
    return np.concatenate([total[None], total - sums, sums])


def mean_resamples(values: FloatArray) -> FloatArray:
    """Means over all replicates and over all but each, and the value of each.

    Parameters
    ----------
    values : ndarray of float, shape (replicates, ...)
        A figure of each replicate; NaN where it is undefined, which is left out.

    Returns
    -------
    ndarray of float, shape (2 * replicates + 1, ...)
        The three kinds one after the other; NaN where no replicate is left.
    """
    known = np.isfinite(values)
    parts = np.where(known, values, 0.0)
    total, count = parts.sum(axis=0), known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.concatenate([(total / count)[None], (total - parts) / (count - known), values])


def of_measure(measure: type[Measure], figures: FloatArray) -> FloatArray:
    """The figures of a measure, less their leading bias where it declares one.

    Parameters
    ----------
    measure : type of Measure
        The measure.
    figures : ndarray of float, shape (2 * replicates + 1, ...)
        What it gives for each resample.

    Returns
    -------
    ndarray of float, shape (2 * replicates + 1, ...)
        See `without_bias`.
    """
    return without_bias(figures, measure.scale) if measure.less_bias else figures


def without_bias(figures: FloatArray, scale: Scale) -> FloatArray:
    """Subtract the leading bias of ratios of few replicates, which the jackknife shows (Quenouille 1956).

    Where the divisor is small in some populations, a ratio of sums is biased. The bias is (n - 1) times the mean of the
    figures without one replicate less the figure of all. Where subtracting it would move a figure toward a limit of its
    possible values, the distance d from the limit becomes d exp(-bias / d), which is the same to first order and never
    passes the limit. The figures without one replicate move as far on the scale, so that the standard error stays.

    Parameters
    ----------
    figures : ndarray of float, shape (2 * replicates + 1, ...)
        The figure from each resample.
    scale : Scale
        The scale of the figure.

    Returns
    -------
    ndarray of float, shape (2 * replicates + 1, ...)
        The figures of all replicates and of all but one without it; those of single replicates as they are.
    """
    whole, without, alone = _parts(figures)
    count = len(alone)
    if count < 2:
        return figures
    with np.errstate(invalid="ignore"):
        bias = (count - 1) * (without.mean(axis=0) - whole)
    found, shift = bias_removed(whole, bias, scale)
    return np.concatenate([found[None], shifted(without, shift, scale), alone])


def bias_removed(figures: FloatArray, bias: FloatArray, scale: Scale) -> tuple[FloatArray, FloatArray]:
    """Subtract a bias, without passing a limit of the possible values.

    Parameters
    ----------
    figures : ndarray of float
        The figures.
    bias : ndarray of float
        Their biases, of the same shape.
    scale : Scale
        The scale of the figures.

    Returns
    -------
    tuple of ndarray of float
        The figures without it, and how far that moves them on the scale; as they are and 0 where a bias is not known.
    """
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        found = figures - bias
        if np.isfinite(scale.low):
            above = figures - scale.low
            found = np.where(bias > 0.0, scale.low + above * np.exp(-bias / above), found)
        if np.isfinite(scale.high):
            below = scale.high - figures
            found = np.where(bias < 0.0, scale.high - below * np.exp(bias / below), found)
        shift = scale.forward(found) - scale.forward(figures)
    known = np.isfinite(shift)
    return np.where(known, found, figures), np.where(known, shift, 0.0)


def shifted(figures: FloatArray, shift: FloatArray, scale: Scale) -> FloatArray:
    """Move figures on a scale.

    Parameters
    ----------
    figures : ndarray of float
        The figures.
    shift : ndarray of float
        How far each is moved on the scale; those with 0 stay exactly as they are.
    scale : Scale
        The scale.

    Returns
    -------
    ndarray of float
        The figures afterwards.
    """
    return np.where(shift == 0.0, figures, scale.backward(scale.forward(figures) + shift))


def level(figures: FloatArray, scale: Scale, kurtosis: float = 0.0) -> Intervals:
    """Intervals of a figure of one arm, or of one that exists only between arms.

    Parameters
    ----------
    figures : ndarray of float, shape (2 * replicates + 1, ...)
        The figure from each resample.
    scale : Scale
        The scale on which the interval is symmetric.
    kurtosis : float
        Excess kurtosis of the replicates' contributions on that scale; see `degrees_of_freedom`.

    Returns
    -------
    Intervals
        With an interval where more than half of the replicates, and at least two, tell something, and not all the same; a
        part by which something falls has none where it may be none and may be a rise to more than ten times as much.
    """
    whole, without, alone = _parts(figures)
    count = len(alone)
    inside = scale.inside(alone)
    informative, defined = inside.sum(axis=0), np.isfinite(alone).sum(axis=0)
    centre, half = _student(scale, whole, without, degrees_of_freedom(informative, kurtosis))
    # Zero in every replicate is an effect that there is not, and is said as such.
    equal = np.asarray((informative > 1) & (half <= ROUNDING * np.abs(centre)) & (whole != 0.0))
    enough = _enough(informative, count) & np.isfinite(half) & ~equal
    low, high = (scale.backward(centre + sign * half) for sign in (-1.0, 1.0))
    if scale == BELOW_ONE:
        enough &= ~((low < -TELLS_NOTHING) & (high > 0.0))
    low, high = (np.where(enough, limit, np.nan) for limit in (low, high))
    empty = np.asarray((informative == 0) & (defined > 0))
    return Intervals(whole, low, high, defined, empty, np.asarray(empty & (whole == 0.0)), equal, count)


def difference(
    reference: FloatArray,
    regime: FloatArray,
    ceilings: tuple[FloatArray, FloatArray],
    scale: Scale,
    kurtosis: float = 0.0,
) -> Intervals:
    """Intervals of the difference between two arms that share their random numbers.

    Parameters
    ----------
    reference : ndarray of float, shape (2 * replicates + 1, ...)
        The figure of the reference arm from each resample.
    regime : ndarray of float, of the same shape
        The figure of the regime arm from each resample.
    ceilings : tuple of ndarray of float
        What the figure of either arm would be with three more events: by the rule of three the upper 95 % limit where
        none was seen (Hanley and Lippman-Hand 1983). NaN where it is not known.
    scale : Scale
        The scale of the figure in one arm.
    kurtosis : float
        Excess kurtosis of the replicates' differences; see `degrees_of_freedom`.

    Returns
    -------
    Intervals
        With an interval where most replicates differ between the arms and both arms tell enough, or one has no event
        among so many cases that its rate may count as zero. Limits of zero where the arms do not differ at all.
    """
    figures = np.where(
        np.abs(regime - reference) <= ROUNDING * np.maximum(np.abs(regime), np.abs(reference)), 0.0, regime - reference
    )
    whole, without, alone = _parts(figures)
    count = len(alone)
    insides = [scale.inside(_parts(arm)[2]).sum(axis=0) for arm in (reference, regime)]
    informative = np.where(np.minimum(*insides) > 0, np.minimum(*insides), np.maximum(*insides))
    defined = np.isfinite(alone).sum(axis=0)
    centre, half = _student(scale.difference, whole, without, degrees_of_freedom(informative, kurtosis))
    limits = [scale.difference.backward(centre + sign * half) for sign in (-1.0, 1.0)]
    # Beside an arm without any event the difference is the level of the other arm, and has its limits.
    alone_regime, alone_reference = (level(arm, scale, kurtosis) for arm in (regime, reference))
    for empty, ends in (
        (insides[1] == 0, (regime[0] - alone_reference.high, regime[0] - alone_reference.low)),
        (insides[0] == 0, (alone_regime.low - reference[0], alone_regime.high - reference[0])),
    ):
        limits = [np.where(empty, end, limit) for end, limit in zip(ends, limits, strict=True)]
    low, high = limits
    enough = np.isfinite(low) & np.isfinite(high) & _enough(np.minimum(informative, defined), count)
    for arm, ceiling, inside in zip((reference, regime), ceilings, insides, strict=True):
        with np.errstate(invalid="ignore"):
            negligible = (inside == 0) & (np.abs(ceiling - arm[0]) <= NEGLIGIBLE * (high - low) / 2.0)
        enough = enough & (_enough(inside, count) | negligible)
    differing = (alone != 0.0).sum(axis=0)
    enough = enough & _enough(differing, count)
    same = (differing == 0) & (whole == 0.0) & (defined == count) & (informative > 0) & (count > 1)
    low, high = (np.where(same, 0.0, np.where(enough, end, np.nan)) for end in (low, high))
    empty = np.asarray((informative == 0) & (defined > 0))
    none = np.asarray(empty & (reference[0] == 0.0) & (regime[0] == 0.0))
    return Intervals(whole, low, high, defined, empty, none, np.zeros_like(none), count)


def pooled(figure: Callable[[Sequence[int]], float], replicates: int, scale: Scale) -> Estimate:
    """A figure that is computed from the replicates themselves, with its interval.

    Parameters
    ----------
    figure : callable
        Computes it from the numbers of some replicates.
    replicates : int
        How many replicates there are.
    scale : Scale
        The scale on which the interval is symmetric.

    Returns
    -------
    Estimate
        The figure from all replicates together.
    """
    everyone = range(replicates)
    without = [[one for one in everyone if one != left] for left in everyone] if replicates > 1 else [[0]]
    parts: list[Sequence[int]] = [everyone, *without, *([one] for one in everyone)]
    return level(np.array([figure(part) for part in parts]), scale).estimate()


def degrees_of_freedom(replicates: NDArray[np.int64], kurtosis: float) -> FloatArray:
    """Degrees of freedom of a variance estimated from few values that are not normal (Box 1953, Satterthwaite 1946).

    Parameters
    ----------
    replicates : ndarray of int
        How many values there are.
    kurtosis : float
        Their excess kurtosis: 0 for a normal distribution, above it for figures of events that come in bursts.

    Returns
    -------
    ndarray of float
        2 n / (kurtosis + 2 n / (n - 1)), which is n - 1 for a normal distribution; at least 1.
    """
    count = np.maximum(np.asarray(replicates, float), 2.0)
    return np.asarray(np.maximum(2.0 * count / (kurtosis + 2.0 * count / (count - 1.0)), 1.0))


def _parts(figures: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The figure from all replicates, without each, and of each alone."""
    count = len(figures) // 2
    return figures[0], figures[1 : 1 + count], figures[1 + count :]


def _enough(informative: NDArray[np.int64], count: int) -> NDArray[np.bool_]:
    return np.asarray((informative >= 2) & (2 * informative > count))


def _student(scale: Scale, whole: FloatArray, without: FloatArray, free: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The figure on a scale, and the half-width of its interval there."""
    from scipy.special import stdtrit

    count = len(without)
    with np.errstate(invalid="ignore"):
        each = scale.forward(without)
        error = np.sqrt((count - 1) / count * ((each - each.mean(axis=0)) ** 2).sum(axis=0))
        return scale.forward(whole), np.asarray(stdtrit(free, 0.975) * error)
