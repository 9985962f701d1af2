"""Delta and PAWN: how far the distribution of an outcome shifts when a factor is known, from any sample of the ranges.

Both indices are above zero for a factor without any effect, since few points never look alike. Therefore each is held
against dummies, columns that no run knew (Zadeh et al. 2017, doi:10.1016/j.envsoft.2017.02.001): it is distinct if it
exceeds all of 39, which a factor without effect does with a chance of 1 in 40. The bars show how far the index varies over
bootstrap samples. They are no confidence intervals, since classes of finite width bias the index itself.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis.sensitivity import RESAMPLES, Z, checked_means, noise, resampled
from glasshouse.analysis.sensitivity_indices import Index, Method, Sensitivity
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray
from glasshouse.results.estimate import Estimate
from glasshouse.rng import derive
from glasshouse.study.design import Design, Kind

DUMMIES = 39
"""Columns that no run knew; an index without effect exceeds all of them with a chance of 1 in 40, 2.5 %."""
DUMMY_RESAMPLES = 20
"""Draws of the bootstrap that take the bias from a dummy's index: they add 5 % to its variance, on the safe side."""
SLICES = 10
"""Parts of a factor's range that PAWN compares, fewer where a part would have fewer than ten points."""
MIN_POINTS = 40
"""Points that delta and PAWN need."""

NAMES: dict[Method, str] = {"delta": "delta", "pawn": "PAWN"}
"""The indices by their methods."""
ColumnIndex = Callable[[FloatArray, FloatArray], float]
"""Computes the index of one column (points) for an outcome (points)."""


def delta(design: Design, outputs: FloatArray) -> Sensitivity:
    """Compute Borgonovo's delta: half the area between the outcome's density and that with the factor known, on average.

    Estimated from given data with the bias reduced by the bootstrap (Plischke, Borgonovo and Smith 2013,
    doi:10.1016/j.ejor.2012.11.047, equations 26 and 30).

    Parameters
    ----------
    design : Design
        A design that is a sample of the factors' ranges, of 40 points or more.
    outputs : array of float, shape (points, replicates)
        The outcome in each run, the points in the order of the design.

    Returns
    -------
    Sensitivity
        The index `delta` of each factor.

    Raises
    ------
    AnalysisError
        For a design that is no sample, fewer points, and outputs of another shape, not finite or constant.
    """
    means = _sample(design, outputs, "Delta")
    grid = np.linspace(means.min(), means.max(), 100)
    classes = min(int(np.ceil(len(means) ** (2.0 / (7.0 + np.tanh((1500.0 - len(means)) / 500.0))))), 48)
    return _indices("delta", design, outputs, lambda x, y: _area(x, y, grid, classes))


def pawn(design: Design, outputs: FloatArray) -> Sensitivity:
    """Compute PAWN: the greatest distance between the outcome's distribution and that in a slice of the factor.

    The distance is Kolmogorov's and Smirnov's, the index its median over slices (Pianosi and Wagener 2018,
    doi:10.1016/j.envsoft.2018.07.019).

    Parameters
    ----------
    design : Design
        A design that is a sample of the factors' ranges, of 40 points or more.
    outputs : array of float, shape (points, replicates)
        The outcome in each run, the points in the order of the design.

    Returns
    -------
    Sensitivity
        The index `PAWN` of each factor, 0 to 1.

    Raises
    ------
    AnalysisError
        For a design that is no sample, fewer points, and outputs of another shape, not finite or constant.
    """
    slices = min(SLICES, len(_sample(design, outputs, "PAWN")) // 10)
    return _indices("pawn", design, outputs, lambda x, y: _distance(x, y, slices))


def _sample(design: Design, outputs: FloatArray, what: str) -> FloatArray:
    """The mean over replicates of a design that is a sample of the factors' ranges."""
    kinds: tuple[Kind, ...] = ("random", "latin-hypercube", "sobol", "saltelli", "grid", "morris")
    means = checked_means(design, outputs, kinds, what, "Its points do not fill the factors' ranges.")
    if len(means) < MIN_POINTS:
        raise AnalysisError(
            f"{what} needs {MIN_POINTS} points or more; the design has {len(means)}. Take a larger one."
        )
    return means


def _indices(method: Method, design: Design, outputs: FloatArray, index: ColumnIndex) -> Sensitivity:
    """The index of each factor beside the largest of the dummies; delta's bias is taken from both alike."""
    again, means, name = resampled(design, len(outputs)), outputs.mean(axis=1), NAMES[method]
    reduced = method == "delta"
    dummies = [_column(index, x, means, again[:DUMMY_RESAMPLES], reduced)[0] for x in _dummies(design).T]
    floor = max(dummies)
    found = []
    for factor, x in zip(design.factors, design.points.T, strict=True):
        value, half = _column(index, x, means, again, reduced)
        estimate = Estimate(value, value - half, value + half, outputs.shape[1])
        found.append(Index(name, factor, estimate, floor, value > floor))
    return Sensitivity(method, tuple(found), noise(outputs), *outputs.shape)


def _column(
    index: ColumnIndex, x: FloatArray, y: FloatArray, again: NDArray[np.int64], reduced: bool
) -> tuple[float, float]:
    """The index of one column, less the bootstrap's bias if `reduced`, and 1.96 bootstrap standard deviations."""
    whole = index(x, y)
    if not reduced and len(again) < RESAMPLES:
        return whole, float("nan")
    spread = np.array([index(x[drawn], y[drawn]) for drawn in again])
    return 2.0 * whole - float(spread.mean()) if reduced else whole, Z * float(spread.std(ddof=1))


def _dummies(design: Design) -> FloatArray:
    from scipy.stats import qmc

    shares: FloatArray = qmc.LatinHypercube(DUMMIES, rng=derive(design.seed, "dummies")).random(len(design.points))
    return shares


def _classes(x: FloatArray, y: FloatArray, count: int) -> Iterator[FloatArray]:
    """The outcomes in `count` equal classes of a column by rank, or in one for each value of a short list."""
    _, times = np.unique(x, return_counts=True)
    ends = np.cumsum(times) if len(times) <= count else np.linspace(0, len(x), count + 1)[1:].astype(np.int64)
    yield from np.split(y[np.argsort(x, kind="stable")], ends[:-1])


def _area(x: FloatArray, y: FloatArray, grid: FloatArray, classes: int) -> float:
    """Half the mean area between the density of y and that in each class of x."""
    whole = _density(y, grid)
    return sum(
        len(mine) / len(y) * float(np.trapezoid(np.abs(_density(mine, grid) - whole), grid)) / 2.0
        for mine in _classes(x, y, classes)
    )


def _density(y: FloatArray, grid: FloatArray) -> FloatArray:
    """Gaussian kernels of Silverman's width, but not narrower than a step of the grid, at the grid's values.

    As scipy's gaussian_kde, without its matrix algebra, which took ten times as long for one dimension.
    """
    width = max(float(y.std(ddof=1)) * (0.75 * len(y)) ** -0.2, float(grid[1] - grid[0]))
    kernels: FloatArray = np.exp(-0.5 * ((grid[:, None] - y) / width) ** 2)
    density: FloatArray = kernels.sum(axis=1) / (len(y) * width * np.sqrt(2.0 * np.pi))
    return density


def _distance(x: FloatArray, y: FloatArray, slices: int) -> float:
    """The median over slices of x of the greatest distance between the distributions of y in the slice and in all."""
    everyone = np.sort(y)
    whole = np.searchsorted(everyone, everyone, side="right") / len(y)
    parts = (np.searchsorted(np.sort(mine), everyone, side="right") / len(mine) for mine in _classes(x, y, slices))
    return float(np.median([np.abs(part - whole).max() for part in parts]))
