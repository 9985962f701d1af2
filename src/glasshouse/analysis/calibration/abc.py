"""Approximate Bayesian computation on runs that are finished: which parameters go with the published figures.

The runs are a sample of the prior. Each run's figures get an error as large as that of the published ones, since what was
published is the truth with an error and not the truth (Wilkinson 2013). The runs nearest to the published figures are kept
and weighted by Epanechnikov's kernel, and each kept draw is moved along a weighted linear regression of the parameters on
the figures to where it would be at the published ones (Beaumont, Zhang and Balding 2002), its residual widened for what a
regression on few runs cannot know. Parameters are shares of their
prior ranges on the logit scale meanwhile, so that no draw leaves its range.

This is a regression in closed form on a few hundred runs: the libraries for it (pyABC, ELFI) want to start the runs
themselves and keep a database of their own, and R's `abc` is not Python.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis.calibration.targets import Target
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray
from glasshouse.rng import derive
from glasshouse.study.design import Factor

FEWEST_EFFECTIVE = 30.0
"""Effective draws below which a posterior is called rough: its 5 % quantile then rests on one or two runs."""
RARE = 0.01
"""Share of runs as far out as the published figures below which these count as hardly within reach."""
CONSTANT = 1.4826
"""Turns a median absolute deviation into a standard deviation, for normal figures."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Runs of a sample of the prior: `points` (points, factors) on the factors' scales, `figures` (points, targets).

    A point's figures are means over its replicates; those held out may be NaN. `left_out` counts points without all that are
    fitted: a run failed or is not done, or a figure is undefined.
    """

    factors: tuple[Factor, ...]
    targets: tuple[Target, ...]
    points: FloatArray
    figures: FloatArray
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.points)


@dataclass(frozen=True, eq=False)
class Posterior:
    """Weighted draws (draws, factors) on the factors' scales; weights sum to 1.

    `accepted` are the runs kept; `reach` is the share of all runs that lie as far from the middle of the runs as the
    published figures do, or farther: nearly none means that the model hardly shows such figures at all.
    """

    factors: tuple[Factor, ...]
    draws: FloatArray
    weights: FloatArray
    accepted: NDArray[np.int64]
    reach: float

    @property
    def effective(self) -> float:
        """Effective sample size (Kish 1965): how many draws of equal weight tell as much."""
        return float(1.0 / np.square(self.weights).sum())

    def resampled(self, count: int, seed: int) -> FloatArray:
        """Draw from the posterior by systematic resampling; a draw of large weight comes several times.

        Parameters
        ----------
        count : int
            Number of draws.
        seed : int
            Random seed.

        Returns
        -------
        ndarray, shape (count, factors)
            Draws of equal weight.
        """
        from scipy.stats import uniform

        start = float(uniform.rvs(random_state=derive(seed, "resampling") % 2**32))
        places = (np.arange(count) + start) / count
        ends = np.cumsum(self.weights)
        return self.draws[np.minimum(np.searchsorted(ends / ends[-1], places), len(ends) - 1)]

    def quantiles(self, levels: Sequence[float]) -> FloatArray:
        """Weighted quantiles of each factor.

        Parameters
        ----------
        levels : sequence of float
            Levels from 0 to 1.

        Returns
        -------
        ndarray, shape (levels, factors)
            The quantiles, on the factors' scales.
        """
        found = np.empty((len(levels), len(self.factors)))
        for place, column in enumerate(self.draws.T):
            order = np.argsort(column, kind="stable")
            ends = np.cumsum(self.weights[order])
            found[:, place] = column[order][np.minimum(np.searchsorted(ends, levels), len(ends) - 1)]
        return found


def free(factors: Sequence[Factor], points: FloatArray) -> FloatArray:
    """Points on the logit scale of their ranges; a listed value keeps its place and is not moved by a regression."""
    found = np.array(points, dtype=np.float64)
    for place, factor in enumerate(factors):
        if not factor.values:
            shares = np.clip(_share(factor, found[:, place]), 1e-9, 1.0 - 1e-9)
            found[:, place] = np.log(shares / (1.0 - shares))
    return found


def bound(factors: Sequence[Factor], moved: FloatArray) -> FloatArray:
    """What `free` takes, back again: every point lies within its range."""
    found = np.array(moved, dtype=np.float64)
    for place, factor in enumerate(factors):
        if not factor.values:
            shares = 0.5 * (1.0 + np.tanh(found[:, place] / 2.0))
            found[:, place] = np.clip(_point(factor, shares), factor.low, factor.high)
    return found


def _share(factor: Factor, points: FloatArray) -> FloatArray:
    # A whole number stands for all that is rounded to it, so that the ends of its range have a finite logit.
    room = 1.0 if factor.whole else 0.0
    return (points - factor.low + room / 2) / (factor.high - factor.low + room)


def _point(factor: Factor, shares: FloatArray) -> FloatArray:
    if factor.whole:
        return np.round(factor.low - 0.5 + shares * (factor.high - factor.low + 1.0))
    return factor.low + shares * (factor.high - factor.low)


def observed(sample: Sample, seed: int) -> FloatArray:
    """The fitted figures of every run as they would have been published: with an error (points, fitted targets)."""
    from scipy.stats import norm

    fitted, errors = _fitted(sample)
    deviations = norm.rvs(size=fitted.shape, random_state=derive(seed, "published error") % 2**32)
    return np.asarray(fitted + errors * deviations, dtype=np.float64)


def _fitted(sample: Sample) -> tuple[FloatArray, FloatArray]:
    kept = [place for place, target in enumerate(sample.targets) if target.fitted]
    return sample.figures[:, kept], np.array([sample.targets[place].error for place in kept])


def posterior(sample: Sample, seed: int, share: float = 0.0) -> Posterior:
    """The posterior distribution of the parameters given the fitted figures.

    Parameters
    ----------
    sample : Sample
        Runs of a sample of the prior.
    seed : int
        Random seed.
    share : float
        Share of the runs to accept, 0 to 1; 0 for a share that suits their number.

    Returns
    -------
    Posterior
        Weighted draws.

    Raises
    ------
    AnalysisError
        If a published figure lies where no run has one, or if there are too few runs.
    """
    figures = observed(sample, seed)
    published, reach = within(sample, figures)
    return conditioned(sample.factors, sample.points, figures, published, share, reach)


def within(sample: Sample, figures: FloatArray) -> tuple[FloatArray, float]:
    """The published figures fitted to, and their reach; AnalysisError where the runs show no such figures."""
    published = np.array([target.figure for target in sample.targets if target.fitted])
    _inside(sample, figures, published)
    reach = reached(figures, published)
    if reach == 0.0:
        raise AnalysisError(
            "Each published figure lies where runs have it, but no run comes near to all of them at once: the model would "
            "have to go beyond what it was seen to do. Widen the ranges or hold out what contradicts the rest."
        )
    return published, reach


def conditioned(
    factors: tuple[Factor, ...],
    points: FloatArray,
    figures: FloatArray,
    published: FloatArray,
    share: float,
    reach: float = 1.0,
) -> Posterior:
    """Rejection and regression: draws at the published figures (targets) from points and their figures."""
    share = share or _accepted_share(len(points), figures.shape[1])
    count = min(max(round(share * len(points)), 1), len(points))
    if count < 2 * (figures.shape[1] + 1):
        raise AnalysisError(
            f"{count} accepted runs are too few for a regression on {figures.shape[1]} figures: it needs "
            f"{2 * (figures.shape[1] + 1)}. Run more, accept a larger share or fit fewer figures."
        )
    scaled = (figures - published) / _scales(figures)
    distances = np.sqrt(np.square(scaled).sum(axis=1))
    order = np.argsort(distances, kind="stable")
    kept, radius = order[:count], distances[order[min(count, len(order) - 1)]]
    weights = 1.0 - np.square(distances[kept] / radius) if radius > 0.0 else np.ones(count)
    weights = np.maximum(weights, 0.0)
    kept, weights = kept[weights > 0.0], weights[weights > 0.0]
    moved = _moved(factors, points[kept], scaled[kept], weights)
    return Posterior(factors, moved, weights / weights.sum(), kept, reach)


def _moved(factors: tuple[Factor, ...], points: FloatArray, scaled: FloatArray, weights: FloatArray) -> FloatArray:
    """Points moved along the weighted regression to where the scaled figures are zero."""
    theta = free(factors, points)
    root = np.sqrt(weights)[:, None]
    sides = np.column_stack([np.ones(len(scaled)), scaled])
    lines = np.linalg.lstsq(root * sides, root * theta, rcond=None)[0]
    moved = lines[0] + _widening(sides, weights) * (theta - sides @ lines)
    for place, factor in enumerate(factors):
        if factor.values:
            # A listed value is one of a few: rejection weighs it, and no regression can move it.
            moved[:, place] = theta[:, place]
    return bound(factors, moved)


def _widening(sides: FloatArray, weights: FloatArray) -> float:
    """By how much residuals of a regression on few runs are smaller than the errors of its prediction at the figures.

    Residuals lack the freedom that the slopes took, and the line itself is uncertain where it is read off: the usual
    prediction variance of weighted least squares, with effective runs for runs. It tends to 1 with many runs.
    """
    effective = float(np.square(weights.sum()) / np.square(weights).sum())
    inverse = np.linalg.pinv(sides.T @ (weights[:, None] * sides))
    level = float((inverse @ (sides.T @ (np.square(weights)[:, None] * sides)) @ inverse)[0, 0])
    return float(np.sqrt(effective / max(effective - sides.shape[1], 1.0) * (1.0 + level)))


def _accepted_share(points: int, figures: int) -> float:
    """A share of the points that leaves twenty for each slope of the regression, but no less than a tenth of them."""
    return min(max(20.0 * (figures + 1) / points, 0.1), 1.0)


def _scales(figures: FloatArray) -> FloatArray:
    """The spread of each figure over the runs: its median absolute deviation, or where that is zero its deviation."""
    spread: FloatArray = CONSTANT * np.median(np.abs(figures - np.median(figures, axis=0)), axis=0)
    spread = np.where(spread > 0.0, spread, figures.std(axis=0))
    return np.where(spread > 0.0, spread, 1.0)


def _inside(sample: Sample, figures: FloatArray, published: FloatArray) -> None:
    """AnalysisError with every published figure that lies outside what runs have."""
    fitted = [target for target in sample.targets if target.fitted]
    low, high = figures.min(axis=0), figures.max(axis=0)
    told = [
        f"{target.name}: published {target.figure:.4g}, in the runs {low[k]:.4g} to {high[k]:.4g}"
        for k, target in enumerate(fitted)
        if not low[k] <= published[k] <= high[k]
    ]
    if told:
        raise AnalysisError(
            "Published figures lie outside everything that the runs show, and a posterior there would be made up: "
            f"{'; '.join(told)}. Widen the ranges of what is varied, mend the model, or hold the figures out and say so."
        )


def reached(figures: FloatArray, published: FloatArray) -> float:
    """The share of runs whose Mahalanobis distance from the runs' middle is at least that of the published figures."""
    middle = figures.mean(axis=0)
    inverse = np.linalg.pinv(np.atleast_2d(np.cov(figures, rowvar=False)))

    def distance(at: FloatArray) -> FloatArray:
        apart = at - middle
        return np.asarray(np.einsum("...i,ij,...j", apart, inverse, apart), dtype=np.float64)

    return float((distance(figures) >= distance(published)).mean())


@dataclass(frozen=True, eq=False)
class Recovery:
    """What the method finds where the truth is known: each of some runs was taken for the published figures in turn.

    `ranks` (trials, factors) are the posterior's shares below the true value; uniform if the posterior is right on the
    average over the prior (Talts et al. 2018). `skipped` counts trials whose figures the other runs did not reach.
    """

    factors: tuple[Factor, ...]
    ranks: FloatArray
    skipped: int

    def covered(self, level: float = 0.9) -> FloatArray:
        """How often the posterior's interval held the truth.

        Parameters
        ----------
        level : float
            Level of the interval, 0 to 1.

        Returns
        -------
        ndarray, shape (factors,)
            Share of the trials.
        """
        return np.asarray((np.abs(self.ranks - 0.5) <= level / 2).mean(axis=0), dtype=np.float64)

    def expected(self, level: float = 0.9, sure: float = 0.99) -> tuple[float, float]:
        """The range in which the coverage of a correct posterior lies, with this number of trials.

        Parameters
        ----------
        level : float
            Level of the posterior's interval, 0 to 1.
        sure : float
            Probability of the range, 0 to 1.

        Returns
        -------
        tuple of (float, float)
            Lowest and highest share of trials.
        """
        from scipy.stats import binom

        count = len(self.ranks)
        tail = (1.0 - sure) / 2
        return float(binom.ppf(tail, count, level)) / count, float(binom.isf(tail, count, level)) / count

    def uniform(self) -> FloatArray:
        """Kolmogorov-Smirnov test of whether the ranks are uniform.

        Returns
        -------
        ndarray, shape (factors,)
            The chance that ranks of a correct posterior lie as unevenly (p-value).
        """
        from scipy.stats import kstest

        return np.array([float(kstest(column, "uniform").pvalue) for column in self.ranks.T])


def recover(sample: Sample, seed: int, share: float = 0.0, trials: int = 100) -> Recovery:
    """Takes each of some runs for the truth and its figures, with an error, for the published ones."""
    from scipy.stats import qmc

    figures, true = observed(sample, seed), free(sample.factors, sample.points)
    order = np.argsort(qmc.LatinHypercube(1, rng=derive(seed, "trials")).random(len(sample))[:, 0], kind="stable")
    ranks = []
    chosen = order[:trials]
    for trial in chosen:
        rest = np.arange(len(sample)) != trial
        low, high = figures[rest].min(axis=0), figures[rest].max(axis=0)
        if not ((low <= figures[trial]) & (figures[trial] <= high)).all():
            continue
        found = conditioned(sample.factors, sample.points[rest], figures[rest], figures[trial], share)
        ranks.append(_ranks(found, true[trial]))
    skipped = len(chosen) - len(ranks)
    return Recovery(sample.factors, np.array(ranks).reshape(len(ranks), len(sample.factors)), skipped)


def _ranks(found: Posterior, true: FloatArray) -> FloatArray:
    """The posterior's weight below the truth, and half of what lies at it (factors)."""
    draws = free(found.factors, found.draws)
    below = (found.weights[:, None] * (draws < true - 1e-12)).sum(axis=0)
    at = (found.weights[:, None] * (np.abs(draws - true) <= 1e-12)).sum(axis=0)
    return np.asarray(below + at / 2, dtype=np.float64)


def warnings(sample: Sample, found: Posterior) -> tuple[str, ...]:
    """What a reader must know before they rely on a posterior, a sentence each."""
    told = []
    if found.effective < FEWEST_EFFECTIVE:
        told.append(
            f"The posterior rests on {found.effective:.0f} effective draws of {len(sample):,} runs: its tails are rough. "
            "Run more, or accept a larger share."
        )
    if found.reach < RARE:
        told.append(
            f"Only {math.ceil(found.reach * len(sample))} of {len(sample):,} runs lie as far out as the published figures: "
            "the model hardly shows such a combination, and the posterior leans on the regression's straight lines."
        )
    if sample.left_out:
        told.append(
            f"{sample.left_out:,} points have no figures (a run failed, or a figure is undefined) and are left out."
        )
    return tuple(told)
