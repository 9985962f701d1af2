"""Which parameters published figures pin down: one by one, together, and by which figure.

Everything comes from the runs of a calibration, in seconds. For each parameter the posterior's share of every tenth of its
range is set against a tenth (a profile): ends that hold next to nothing are ruled out. Combinations are the principal
directions of the posterior's covariance, in units of the prior's (cf. Raue et al. 2009, doi:10.1093/bioinformatics/btp358, on
parameters that are known only together). Leaving out one figure after another shows which of them a parameter owes its width to.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from glasshouse.analysis.calibration.abc import Posterior, Sample, conditioned, observed
from glasshouse.model.measure import FloatArray
from glasshouse.study.factor import Factor

PARTS = 10
"""Parts of a range, each with the same share of the prior."""
RULED_OUT = 0.02
"""Share of the posterior in an end of a range, a tenth of the prior, below which that end is ruled out."""
PINNED = 0.2
"""Variance of a combination, over that before, below which the figures pin it down."""
NAMED = 0.3
"""Weight in a combination from which on a parameter is named."""


@dataclass(frozen=True, eq=False)
class Identifiability:
    """What published figures say of each parameter.

    Attributes
    ----------
    factors : tuple of Factor
        The parameters.
    figures : tuple of str
        Names of the fitted targets.
    profile : ndarray, shape (factors, PARTS)
        Share of the posterior in each tenth of the runs' values, lowest first.
    narrowed : ndarray, shape (factors,)
        By which share the 90 % interval is narrower than that of the runs.
    without : ndarray, shape (figures, factors)
        The same without each figure; NaN with one figure alone.
    variances, directions : ndarray, shapes (factors,) and (factors, factors)
        Variance of each principal combination over that before, least first, and its weights (a row each).
    """

    factors: tuple[Factor, ...]
    figures: tuple[str, ...]
    profile: FloatArray
    narrowed: FloatArray
    without: FloatArray
    variances: FloatArray
    directions: FloatArray

    def kind(self, place: int) -> Literal["on both sides", "on one side", "not"]:
        """On how many sides a parameter is pinned down.

        Parameters
        ----------
        place : int
            Place of the parameter.

        Returns
        -------
        {"on both sides", "on one side", "not"}
            How many ends of its range are ruled out.
        """
        ends = sum(self.profile[place, end] < RULED_OUT for end in (0, -1))
        return ("not", "on one side", "on both sides")[int(ends)]

    def owed_to(self, place: int) -> str:
        """The figure without which a parameter is known least.

        Parameters
        ----------
        place : int
            Place of the parameter.

        Returns
        -------
        str
            Its name; empty where no figure narrows the parameter by a tenth of its range.
        """
        losses = self.narrowed[place] - self.without[:, place]
        if self.narrowed[place] < 0.1 or not np.isfinite(losses).all() or losses.max() < 0.05:
            return ""
        return self.figures[int(np.argmax(losses))]

    def combinations(self) -> tuple[str, ...]:
        """Combinations of several parameters that are pinned down although some of these are not.

        Returns
        -------
        tuple of str
            In words, the sharpest first.
        """
        found = []
        for variance, weights in zip(self.variances, self.directions, strict=True):
            named = [place for place in np.argsort(-np.abs(weights)) if abs(weights[place]) >= NAMED]
            if (
                variance < PINNED
                and len(named) > 1
                and any(self.kind(int(place)) != "on both sides" for place in named)
            ):
                sign = np.sign(weights[named[0]])
                parts = [f"{'+' if sign * weights[place] > 0 else '−'} {self.factors[place].key}" for place in named]
                found.append(f"{' '.join(parts).removeprefix('+ ')} ({100 * variance:.0f} % of its variance is left)")
        return tuple(found)


def identifiability(sample: Sample, after: Posterior, seed: int, share: float = 0.0) -> Identifiability:
    """Say which parameters the fitted figures pin down.

    Parameters
    ----------
    sample : Sample
        Runs of a sample of the prior.
    after : Posterior
        The posterior from them.
    seed : int
        Random seed of the posterior.
    share : float
        Share of the runs that was accepted; 0 for one that suits their number.

    Returns
    -------
    Identifiability
        Profiles, combinations, and what each figure adds.
    """
    fitted = [target for target in sample.targets if target.fitted]
    figures, published = observed(sample, seed), np.array([target.figure for target in fitted])
    without = np.full((len(fitted), len(sample.factors)), np.nan)
    if len(fitted) > 1:
        for place in range(len(fitted)):
            rest = np.arange(len(fitted)) != place
            less = conditioned(sample.factors, sample.points, figures[:, rest], published[rest], share)
            without[place] = _narrowed(sample, less)
    ranks = _ranks(sample, after.draws)
    weights = after.weights
    parts = np.minimum((ranks * PARTS).astype(int), PARTS - 1)
    profile = np.stack([(weights[:, None] * (parts == part)).sum(axis=0) for part in range(PARTS)], axis=1)
    centred = ranks - weights @ ranks
    variances, vectors = np.linalg.eigh(12.0 * (weights[:, None] * centred).T @ centred)
    return Identifiability(
        sample.factors, tuple(target.name for target in fitted), profile, _narrowed(sample, after), without,
        np.asarray(variances), np.asarray(vectors.T),
    )  # fmt: skip


def _ranks(sample: Sample, draws: FloatArray) -> FloatArray:
    """Draws as shares of the runs that lie below them, so that every prior is uniform."""
    found = np.empty_like(draws)
    for place, column in enumerate(sample.points.T):
        order = np.sort(column)
        below, upto = (np.searchsorted(order, draws[:, place], side) for side in ("left", "right"))
        found[:, place] = (below + upto) / 2.0 / len(order)
    return found


def _narrowed(sample: Sample, after: Posterior) -> FloatArray:
    low, high = after.quantiles((0.05, 0.95))
    runs = len(sample)
    first, last = replace(after, draws=sample.points, weights=np.full(runs, 1.0 / runs)).quantiles((0.05, 0.95))
    return np.asarray(1.0 - (high - low) / np.where(last > first, last - first, 1.0))
