"""Whether published figures lie where runs have been: beyond that a posterior would be a guess, and is refused.

The published figures are refused if one of them, or all of them together, lies farther from the middle of the runs than
every run. Were they the figures of one more run, each of the two would happen with a chance of 1 / (runs + 1): the middle
and the spread are those of the runs and the published figures together, so that no run has an advantage, whatever the
figures' distribution is. Right figures are therefore refused with a chance of 2 / (runs + 1) at most. A single figure beyond
the range of the runs is no reason to refuse, because of five figures and 64 runs one is in 14 % of right cases.
"""

from collections.abc import Sequence

import numpy as np

from glasshouse.model.measure import FloatArray

CONSTANT = 1.4826
"""Turns a median absolute deviation into a standard deviation, for normal figures."""


def false_alarms(runs: int) -> float:
    """State how often figures of a right model are refused, at most.

    Parameters
    ----------
    runs : int
        Number of runs.

    Returns
    -------
    float
        A chance, 0 to 1.
    """
    return min(2.0 / (runs + 1), 1.0)


def refusal(figures: FloatArray, published: FloatArray, names: Sequence[str]) -> str:
    """Tell why published figures are out of reach of the runs.

    Parameters
    ----------
    figures : array of float, shape (points, targets)
        The runs' figures, with an error like that of the published ones.
    published : array of float, shape (targets,)
        The published figures.
    names : sequence of str
        The names of the targets.

    Returns
    -------
    str
        The reason and what to do about it; empty where the figures are within reach.
    """
    every = np.vstack([figures, published])
    apart = np.abs(every - np.median(every, axis=0)) / scales(every)
    alarms = f"(Of a right model {false_alarms(len(figures)):.1%} of such figures are refused at most.)"
    if apart[-1].max() > (farthest := apart[:-1].max()):
        low, high = figures.min(axis=0), figures.max(axis=0)
        distances = "; ".join(
            f"{name}: published {published[k]:.4g}, in the runs {low[k]:.4g} to {high[k]:.4g}"
            for k, name in enumerate(names)
            if apart[-1, k] > farthest
        )
        return (
            "Published figures lie farther out than anything that the runs show, and a posterior there would be made up: "
            f"{distances}. Widen the ranges of what is varied, mend the model, or hold the figures out and say so. {alarms}"
        )
    if reached(figures, published) > 0.0:
        return ""
    return (
        "Each published figure lies near what runs have, but no run comes near to all of them at once: the model would "
        f"have to go beyond what it was seen to do. Widen the ranges or hold out what contradicts the rest. {alarms}"
    )


def outside(figures: FloatArray, published: FloatArray, names: Sequence[str]) -> str:
    """Warn of published figures beyond the range of the runs that are no reason to refuse.

    Parameters
    ----------
    figures : array of float, shape (points, targets)
        The runs' figures, with their error.
    published : array of float, shape (targets,)
        The published figures.
    names : sequence of str
        The names of the targets.

    Returns
    -------
    str
        A warning; empty if there are none.
    """
    beyond = (published < figures.min(axis=0)) | (published > figures.max(axis=0))
    if not beyond.any():
        return ""
    chance = 1.0 - (1.0 - 2.0 / (len(figures) + 1)) ** len(names)
    unreached = ", ".join(name for name, out in zip(names, beyond, strict=True) if out)
    return (
        f"{unreached}: published beyond the range of the {len(figures):,} runs, where the posterior extends the regression's "
        f"straight lines. Of a right model this happens to one figure or more in up to {chance:.0%} of calibrations."
    )


def reached(figures: FloatArray, published: FloatArray) -> float:
    """Compute the share of runs that lie at least as far from the middle as the published figures do.

    Parameters
    ----------
    figures : array of float, shape (points, targets)
        The runs' figures.
    published : array of float, shape (targets,)
        The published figures.

    Returns
    -------
    float
        The share by Mahalanobis's distance from the mean of runs and published figures together, 0 to 1.
    """
    every = np.vstack([figures, published])
    apart = every - every.mean(axis=0)
    inverse = np.linalg.pinv(np.atleast_2d(np.cov(every, rowvar=False)))
    distances = np.einsum("pi,ij,pj->p", apart, inverse, apart)
    return float((distances[:-1] >= distances[-1]).mean())


def scales(figures: FloatArray) -> FloatArray:
    """Compute the spread of each figure over the runs.

    Parameters
    ----------
    figures : array of float, shape (points, targets)
        The runs' figures.

    Returns
    -------
    array of float, shape (targets,)
        The median absolute deviation as a standard deviation, or where that is zero the standard deviation; 1 where all
        runs are alike.
    """
    spread: FloatArray = CONSTANT * np.median(np.abs(figures - np.median(figures, axis=0)), axis=0)
    spread = np.where(spread > 0.0, spread, figures.std(axis=0))
    return np.where(spread > 0.0, spread, 1.0)
