"""Whether a calibration recovers known parameters, and what a reader must know before they rely on a posterior."""

import math
from dataclasses import dataclass

import numpy as np

from glasshouse.analysis.calibration.abc import Posterior, Sample, conditioned, free, observed
from glasshouse.analysis.calibration.reach import false_alarms, outside, refusal
from glasshouse.model.measure import FloatArray
from glasshouse.rng import derive
from glasshouse.study.factor import Factor

FEWEST_EFFECTIVE = 30.0
"""Effective draws below which a posterior is called rough: its 5 % quantile then rests on one or two runs."""
RARE = 0.01
"""Share of runs as far out as the published figures below which these count as hardly within reach."""


@dataclass(frozen=True, eq=False)
class Recovery:
    """What the method finds where the truth is known: each of some runs was taken for the published figures in turn.

    `ranks` (trials, factors) are the posterior's shares below the true value; uniform if the posterior is right on the
    average over the prior (Talts et al. 2018). `refused` counts further trials that had no posterior, because their figures
    lay farther out than those of all other runs; `allowed` is the share of trials that this happens to at most.
    """

    factors: tuple[Factor, ...]
    ranks: FloatArray
    refused: int
    allowed: float

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
    """Take some runs for the truth, one after another, and their figures, with an error, for the published ones.

    Parameters
    ----------
    sample : Sample
        Runs of a sample of the prior.
    seed : int
        Random seed.
    share : float
        Share of the runs to accept; 0 for one that suits their number.
    trials : int
        Number of runs that are taken, at most.

    Returns
    -------
    Recovery
        Where each truth lies in its posterior, and how many trials were refused.
    """
    from scipy.stats import qmc

    figures, true = observed(sample, seed), free(sample.factors, sample.points)
    names = [target.name for target in sample.targets if target.fitted]
    order = np.argsort(qmc.LatinHypercube(1, rng=derive(seed, "trials")).random(len(sample))[:, 0], kind="stable")
    ranks = []
    chosen = order[:trials]
    for trial in chosen:
        rest = np.arange(len(sample)) != trial
        if refusal(figures[rest], figures[trial], names):
            continue
        found = conditioned(sample.factors, sample.points[rest], figures[rest], figures[trial], share)
        ranks.append(_ranks(found, true[trial]))
    shape = (len(ranks), len(sample.factors))
    return Recovery(
        sample.factors, np.array(ranks).reshape(shape), len(chosen) - len(ranks), false_alarms(len(sample) - 1)
    )


def _ranks(found: Posterior, true: FloatArray) -> FloatArray:
    """The posterior's weight below the truth, and half of what lies at it (factors)."""
    draws = free(found.factors, found.draws)
    below = (found.weights[:, None] * (draws < true - 1e-12)).sum(axis=0)
    at = (found.weights[:, None] * (np.abs(draws - true) <= 1e-12)).sum(axis=0)
    return np.asarray(below + at / 2, dtype=np.float64)


def warnings(sample: Sample, found: Posterior, seed: int) -> tuple[str, ...]:
    """Say what a reader must know before they rely on a posterior.

    Parameters
    ----------
    sample : Sample
        The runs.
    found : Posterior
        The posterior.
    seed : int
        Random seed of the posterior.

    Returns
    -------
    tuple of str
        Sentences; none where nothing is doubtful.
    """
    texts = []
    if found.effective < FEWEST_EFFECTIVE:
        texts.append(
            f"The posterior rests on {found.effective:.0f} effective draws of {len(sample):,} runs: its tails are rough. "
            "Run more, or accept a larger share."
        )
    if found.reach < RARE:
        texts.append(
            f"Only {math.ceil(found.reach * len(sample))} of {len(sample):,} runs lie as far out as the published figures: "
            "the model hardly shows such a combination, and the posterior leans on the regression's straight lines."
        )
    fitted = [target for target in sample.targets if target.fitted]
    published = np.array([target.figure for target in fitted])
    if text := outside(observed(sample, seed), published, [target.name for target in fitted]):
        texts.append(text)
    if sample.left_out:
        texts.append(
            f"{sample.left_out:,} points have no figures (a run failed, or a figure is undefined) and are left out."
        )
    return tuple(texts)
