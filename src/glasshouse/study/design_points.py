"""The points of each kind of design.

Samplers are scipy's (Latin hypercube, scrambled Sobol sequence) and SALib's (Saltelli's matrices, Morris's trajectories).
They give shares between 0 and 1, which each factor places in its range.
"""

import importlib
import importlib.util
import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from glasshouse.errors import AnalysisError, install_command
from glasshouse.study.factor import Factor, Points

GeneratedKind = Literal[
    "grid", "one-at-a-time", "random", "latin-hypercube", "sobol", "saltelli", "morris", "staged-rollout"
]
"""Designs whose points follow from ranges, lists, size and seed."""


def point_count(kind: GeneratedKind, factors: Sequence[Factor], size: int, levels: int) -> int:
    """Count the points that a design would have.

    Parameters
    ----------
    kind : str
        Kind of design.
    factors : sequence of Factor
        The settings that are varied.
    size : int
        Points, rows or trajectories; unused where the factors determine the points.
    levels : int
        Levels of each range in a grid.

    Returns
    -------
    int
        Number of points.
    """
    if kind in ("grid", "staged-rollout"):
        return math.prod(len(factor.values) or levels for factor in factors)
    if kind == "one-at-a-time":
        return 1 + sum(len(factor.values) - 1 if factor.values else 2 for factor in factors)
    return size * {"saltelli": len(factors) + 2, "morris": len(factors) + 1}.get(kind, 1)


def design_points(kind: GeneratedKind, factors: tuple[Factor, ...], size: int, seed: int, levels: int) -> Points:
    """Compute the points of a design.

    Parameters
    ----------
    kind : str
        Kind of design.
    factors : tuple of Factor
        The settings that are varied.
    size : int
        Points, rows or trajectories, a power of two for Sobol sequences and Saltelli's matrices.
    seed : int
        Seed of the sampler; a grid, one-at-a-time design or staged roll-out needs none.
    levels : int
        Levels of each range in a grid or of Morris's trajectories.

    Returns
    -------
    ndarray of float, shape (points, factors)
        The points, on the factors' scales.

    Raises
    ------
    AnalysisError
        If SALib is needed and not installed.
    """
    from scipy.stats import qmc

    match kind:
        case "grid" | "staged-rollout":
            return _grid(factors, levels)
        case "one-at-a-time":
            return _one_at_a_time(factors)
        case "random":
            shares = np.random.Generator(np.random.Philox(seed)).random((size, len(factors)))
        case "latin-hypercube":
            return latin_hypercube(factors, size, seed)
        case "sobol":
            shares = qmc.Sobol(len(factors), rng=seed).random(size)
        case "saltelli":
            shares = salib("sample.sobol").sample(_problem(factors), size, calc_second_order=False, seed=seed)
        case "morris":
            shares = salib("sample.morris").sample(_problem(factors), size, num_levels=levels, seed=seed)
    return _on_scales(factors, shares)


def latin_hypercube(factors: Sequence[Factor], size: int, rng: int | np.random.Generator) -> Points:
    """Sample a Latin hypercube, uniform over each range.

    Parameters
    ----------
    factors : sequence of Factor
        The factors.
    size : int
        Number of points.
    rng : int or np.random.Generator
        Random seed, or the generator to draw from.

    Returns
    -------
    ndarray of float, shape (size, factors)
        The points, on the factors' scales.
    """
    from scipy.stats import qmc

    return _on_scales(factors, qmc.LatinHypercube(len(factors), rng=rng).random(size))


def salib(module: str) -> Any:
    """Import a module of SALib, which is an optional dependency.

    Parameters
    ----------
    module : str
        Name within SALib (``sample.sobol``).

    Returns
    -------
    module
        The imported module.

    Raises
    ------
    AnalysisError
        If SALib is not installed; the message has the command that installs it.
    """
    if importlib.util.find_spec("SALib") is None:
        raise AnalysisError(
            "Saltelli and Morris designs and Sobol indices need SALib, which is not installed. "
            f"Install it: {install_command('analysis')}"
        )
    return importlib.import_module(f"SALib.{module}")


def _on_scales(factors: Sequence[Factor], shares: Points) -> Points:
    """Convert shares of the ranges, 0 to 1, shape (points, factors), to points on the factors' scales."""
    points = np.empty_like(shares)
    for column, factor in enumerate(factors):
        points[:, column] = factor.from_shares(shares[:, column])
    return points


def _grid(factors: tuple[Factor, ...], levels: int) -> Points:
    """All combinations; the last factor changes fastest."""
    axes = [
        np.arange(len(factor.values), dtype=np.float64)
        if factor.values
        else factor.from_shares(np.linspace(0, 1, levels))
        for factor in factors
    ]
    return np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], axis=1)


def _one_at_a_time(factors: tuple[Factor, ...]) -> Points:
    """The base, then each factor alone elsewhere; without a base the middle of the range or the first value."""
    middle = [0.0 if factor.values else (factor.low + factor.high) / 2 for factor in factors]
    base = [there if math.isnan(factor.base) else factor.base for factor, there in zip(factors, middle, strict=True)]
    moves = [
        (place, point)
        for place, factor in enumerate(factors)
        for point in (map(float, range(len(factor.values))) if factor.values else (factor.low, factor.high))
        if not (factor.values and point == base[place])
    ]
    points = np.tile(base, (1 + len(moves), 1))
    for number, (place, point) in enumerate(moves, 1):
        points[number, place] = point
    return points


def _problem(factors: tuple[Factor, ...]) -> dict[str, Any]:
    """The factors as SALib takes them, each as a share of its range."""
    count = len(factors)
    return {"num_vars": count, "names": [factor.key for factor in factors], "bounds": [[0.0, 1.0]] * count}
