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

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis.calibration.reach import reached, refusal
from glasshouse.analysis.calibration.regression import accept, adjusted
from glasshouse.analysis.calibration.targets import Target
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray
from glasshouse.rng import derive
from glasshouse.study.factor import Factor


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
    """Transform points to the logit scale of their ranges.

    A listed value keeps its place and is not moved by a regression.

    Parameters
    ----------
    factors : sequence of Factor
        The factors.
    points : array of float, shape (points, factors)
        Points on the factors' scales.

    Returns
    -------
    array of float, shape (points, factors)
        The points without bounds.
    """
    found = np.array(points, dtype=np.float64)
    for place, factor in enumerate(factors):
        if not factor.values:
            shares = np.clip(_share(factor, found[:, place]), 1e-9, 1.0 - 1e-9)
            found[:, place] = np.log(shares / (1.0 - shares))
    return found


def bound(factors: Sequence[Factor], moved: FloatArray) -> FloatArray:
    """Transform points back from the logit scale: every one lies within its range.

    Parameters
    ----------
    factors : sequence of Factor
        The factors.
    moved : array of float, shape (points, factors)
        Points as `free` returns them.

    Returns
    -------
    array of float, shape (points, factors)
        Points on the factors' scales.
    """
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
    """Add an error to the fitted figures of every run, as large as that of the published ones.

    Figures whose targets share a relative error get one draw of it in a run, so that they are all too high or all too low
    together; every other figure has an error of its own. A disclosed count is drawn as one, and rounded.

    Parameters
    ----------
    sample : Sample
        Runs of a sample of the prior.
    seed : int
        Random seed.

    Returns
    -------
    array of float, shape (points, fitted targets)
        Figures as they would have been published.
    """
    from scipy.stats import norm

    places = [place for place, target in enumerate(sample.targets) if target.fitted]
    targets = [sample.targets[place] for place in places]
    deviations = norm.rvs(size=(len(sample), len(places)), random_state=derive(seed, "published error") % 2**32)
    first: dict[str, int] = {}
    for column, target in enumerate(targets):
        if target.shared:
            deviations[:, column] = deviations[:, first.setdefault(target.shared, column)]
    figures = sample.figures[:, places]
    sizes = [
        figures[:, column] * target.error / target.figure if target.shared else np.full(len(sample), target.error)
        for column, target in enumerate(targets)
    ]
    found = np.asarray(figures + np.stack(sizes, axis=1) * deviations, dtype=np.float64)
    for column, target in enumerate(targets):
        if target.count is not None:
            found[:, column] = target.count.drawn(figures[:, column], derive(seed, f"disclosed {target.name}"))
    return found


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
    """Find the published figures that are fitted to, and how far out they lie among the runs.

    Parameters
    ----------
    sample : Sample
        Runs of a sample of the prior.
    figures : array of float, shape (points, fitted targets)
        The figures of the runs, with their error (`observed`).

    Returns
    -------
    published : array of float, shape (fitted targets,)
        The published figures.
    reach : float
        The share of the runs that lie at least as far out, all figures together.

    Raises
    ------
    AnalysisError
        If the published figures lie farther out than every run (`reach.refusal`).
    """
    fitted = [target for target in sample.targets if target.fitted]
    published = np.array([target.figure for target in fitted])
    if why := refusal(figures, published, [target.name for target in fitted]):
        raise AnalysisError(why)
    return published, reached(figures, published)


def conditioned(
    factors: tuple[Factor, ...],
    points: FloatArray,
    figures: FloatArray,
    published: FloatArray,
    share: float,
    reach: float = 1.0,
) -> Posterior:
    """Draw parameters at the published figures by rejection and regression.

    Parameters
    ----------
    factors : tuple of Factor
        The factors.
    points : array of float, shape (points, factors)
        The runs' parameters.
    figures : array of float, shape (points, targets)
        The runs' figures, with their error.
    published : array of float, shape (targets,)
        The published figures.
    share : float
        Share of the runs to accept; 0 for one that suits their number.
    reach : float
        Share of the runs that lie at least as far out as the published figures.

    Returns
    -------
    Posterior
        Weighted draws.

    Raises
    ------
    AnalysisError
        If too few runs are accepted for the regression.
    """
    kept = accept(figures, published, share)
    moved = _moved(factors, points[kept.places], kept.scaled, kept.weights)
    return Posterior(factors, moved, kept.weights / kept.weights.sum(), kept.places, reach)


def _moved(factors: tuple[Factor, ...], points: FloatArray, scaled: FloatArray, weights: FloatArray) -> FloatArray:
    """Points moved along the weighted regression to where the scaled figures are zero."""
    theta = free(factors, points)
    moved = adjusted(theta, scaled, weights)
    for place, factor in enumerate(factors):
        if factor.values:
            # A listed value is one of a few: rejection weighs it, and no regression can move it.
            moved[:, place] = theta[:, place]
    return bound(factors, moved)
