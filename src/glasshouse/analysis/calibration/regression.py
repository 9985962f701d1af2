"""Rejection and regression: the runs nearest to published figures, and the values that go with these figures.

The runs nearest to the figures are weighted by Epanechnikov's kernel, and their values are moved along a weighted linear
regression on the figures (Beaumont, Zhang and Balding 2002). The values may be parameters or anything else of a run.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis.calibration.reach import scales
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray


@dataclass(frozen=True, eq=False)
class Accepted:
    """The runs nearest to the published figures.

    Attributes
    ----------
    places : ndarray of int, shape (accepted,)
        Their places among all runs, the nearest first.
    weights : ndarray, shape (accepted,)
        Their weights by Epanechnikov's kernel, above zero and at most 1.
    scaled : ndarray, shape (accepted, targets)
        Their figures less the published ones, in units of the spread of all runs.
    """

    places: NDArray[np.int64]
    weights: FloatArray
    scaled: FloatArray


def accept(figures: FloatArray, published: FloatArray, share: float) -> Accepted:
    """Keep the runs nearest to the published figures.

    Parameters
    ----------
    figures : array of float, shape (runs, targets)
        The runs' figures, with their error.
    published : array of float, shape (targets,)
        The published figures.
    share : float
        Share of the runs to accept; 0 for one that suits their number.

    Returns
    -------
    Accepted
        The runs, with weights.

    Raises
    ------
    AnalysisError
        If they are too few for a regression.
    """
    share = share or _accepted_share(len(figures), figures.shape[1])
    count = min(max(round(share * len(figures)), 1), len(figures))
    if count < 2 * (figures.shape[1] + 1):
        raise AnalysisError(
            f"{count} accepted runs are too few for a regression on {figures.shape[1]} figures: it needs "
            f"{2 * (figures.shape[1] + 1)}. Run more, accept a larger share or fit fewer figures."
        )
    scaled = (figures - published) / scales(figures)
    distances = np.sqrt(np.square(scaled).sum(axis=1))
    order = np.argsort(distances, kind="stable")
    accepted, radius = order[:count], distances[order[min(count, len(order) - 1)]]
    weights = 1.0 - np.square(distances[accepted] / radius) if radius > 0.0 else np.ones(count)
    weights = np.maximum(weights, 0.0)
    accepted, weights = accepted[weights > 0.0], weights[weights > 0.0]
    return Accepted(accepted, weights, scaled[accepted])


def adjusted(columns: FloatArray, scaled: FloatArray, weights: FloatArray) -> FloatArray:
    """Move values along the weighted regression to where the scaled figures are zero.

    Parameters
    ----------
    columns : array of float, shape (accepted, columns)
        Values of the accepted runs, on a scale without limits.
    scaled : array of float, shape (accepted, targets)
        Their figures less the published ones.
    weights : array of float, shape (accepted,)
        Their weights.

    Returns
    -------
    array of float, shape (accepted, columns)
        The values that go with the published figures.
    """
    root = np.sqrt(weights)[:, None]
    sides = np.column_stack([np.ones(len(scaled)), scaled])
    lines = np.linalg.lstsq(root * sides, root * columns, rcond=None)[0]
    return np.asarray(lines[0] + widening(sides, weights) * (columns - sides @ lines))


def widening(sides: FloatArray, weights: FloatArray) -> float:
    """By how much residuals of a regression on few runs are smaller than the errors of its prediction at the figures.

    Residuals lack the freedom that the slopes took, and the line itself is uncertain where it is read off: the usual
    prediction variance of weighted least squares, with effective runs for runs. It tends to 1 with many runs.

    Parameters
    ----------
    sides : array of float, shape (accepted, targets + 1)
        Ones, and the scaled figures of the accepted runs.
    weights : array of float, shape (accepted,)
        Their weights.

    Returns
    -------
    float
        The factor, at least 1.
    """
    effective = float(np.square(weights.sum()) / np.square(weights).sum())
    inverse = np.linalg.pinv(sides.T @ (weights[:, None] * sides))
    level = float((inverse @ (sides.T @ (np.square(weights)[:, None] * sides)) @ inverse)[0, 0])
    return float(np.sqrt(effective / max(effective - sides.shape[1], 1.0) * (1.0 + level)))


def _accepted_share(points: int, figures: int) -> float:
    """A share of the points that leaves twenty for each slope of the regression, but no less than a tenth of them."""
    return min(max(20.0 * (figures + 1) / points, 0.1), 1.0)
