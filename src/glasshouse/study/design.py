"""The design of a study: the settings that it varies and the points at which it runs the model.

A `Design` has the points, all that an analysis must know about their order, and the random seed that they were drawn with:
the same factors, size and seed give the same bytes.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import numpy as np

from glasshouse.errors import AnalysisError
from glasshouse.rng import derive
from glasshouse.scenario.settings import canonical
from glasshouse.study.design_points import GeneratedKind, design_points, point_count
from glasshouse.study.factor import Factor, Points

Kind = Literal[GeneratedKind, "sample", "search"]
"""Kinds of designs: generated ones, a sample of draws of a prior file, and the points of a search, added one by one."""

LEVELS = 4
"""Levels of a grid or of Morris's trajectories where none are named; four is Morris's usual number."""
MAX_POINTS = 1_000_000
"""Points that a design may have."""


@dataclass(frozen=True, eq=False)
class Design:
    """Points at which a study runs the model, in an order that its analysis relies on.

    `points` (points x factors) are on the factors' scales, in listed values the place from 0; they cannot be changed.
    `size` is what was asked for: points of a Latin hypercube or Sobol sequence; rows of Saltelli's two matrices, of
    which each makes factors + 2 points on end (A, A with one column of B for each factor, B); trajectories of Morris's,
    of which each is factors + 1 points on end; otherwise 0. `levels` are those of a grid or of Morris's trajectories.
    `note` tells a reader how the size was rounded, if it was.
    """

    kind: Kind
    factors: tuple[Factor, ...]
    points: Points
    seed: int
    size: int = 0
    levels: int = 0
    note: str = ""

    def __post_init__(self) -> None:
        self.points.flags.writeable = False


def make_design(
    kind: GeneratedKind, factors: Sequence[Factor], size: int = 0, seed: int = 1, levels: int = 0
) -> Design:
    """Make the design of a kind over the factors; the same arguments give the same bytes.

    - `grid`: every combination of `levels` values evenly spaced over each range, and of all listed values.
    - `one-at-a-time`: the base, then each factor alone at its low and high end or at each other listed value.
    - `latin-hypercube`: `size` points, of which each factor has one in every `size`-th part of its range.
    - `sobol`: `size` points of a scrambled Sobol sequence (Owen 1998), rounded up to a power of two.
    - `saltelli`: (factors + 2) x `size` points for variance-based indices (Saltelli et al. 2010), rounded likewise.
    - `staged-rollout`: each listed value of its one factor, the weeks over which districts join.
    - `morris`: `size` trajectories of factors + 1 points on a grid of `levels` (Morris 1991).

    Parameters
    ----------
    kind : str
        One of the above.
    factors : sequence of Factor
        The settings that are varied, each once.
    size : int, default 0
        Points, rows or trajectories, as above; 0 where the factors determine the points.
    seed : int, default 1
        Random seed of the sampler.
    levels : int, default 0
        Levels of a grid or of Morris's trajectories, an even number for the latter; 0 takes four.

    Returns
    -------
    Design
        The design, whose points cannot be changed.

    Raises
    ------
    AnalysisError
        If there is no such design, if it would have too many points, or if SALib is not installed where it is needed.
    """
    factors = tuple(factors)
    _check(kind, factors, size, levels)
    levels = levels or (LEVELS if kind in ("grid", "morris") else 0)
    rounded = 1 << (size - 1).bit_length() if kind in ("sobol", "saltelli") else size
    note = f"size {size} raised to {rounded}: {kind} is balanced at powers of two alone" if rounded != size else ""
    count = point_count(kind, factors, rounded, levels)
    if count > MAX_POINTS:
        fewer = "fewer levels, values or factors, or a Latin hypercube" if kind == "grid" else "a smaller size"
        raise AnalysisError(f"The {kind} design would have {count:,} points, more than {MAX_POINTS:,}. Take {fewer}.")
    points = design_points(kind, factors, rounded, derive(seed, kind), levels)
    return Design(kind, factors, np.ascontiguousarray(points, dtype=np.float64), seed, rounded, levels, note)


def settings_at(design: Design, number: int) -> dict[str, Any]:
    """Look up the settings of a point of a design.

    Parameters
    ----------
    design : Design
        The design.
    number : int
        Number of the point, from 0.

    Returns
    -------
    dict
        The value of each setting by its key, as `scenario.override` takes them.

    Raises
    ------
    AnalysisError
        If the design has no such point.
    """
    if not 0 <= number < len(design.points):
        raise AnalysisError(f"The design has no point {number}. Its points are numbered 0 to {len(design.points) - 1}.")
    return settings_of(design.factors, design.points[number])


def settings_of(factors: Sequence[Factor], point: Points) -> dict[str, Any]:
    """Convert one point to settings.

    Parameters
    ----------
    factors : sequence of Factor
        The factors.
    point : ndarray of float, shape (factors,)
        The point, on the factors' scales.

    Returns
    -------
    dict
        The value of each setting by its key, as `scenario.override` takes them.
    """
    return {factor.key: factor.setting(float(value)) for factor, value in zip(factors, point, strict=True)}


def design_digest(design: Design) -> str:
    """Compute a digest of kind, factors, points, seed, size and levels.

    Parameters
    ----------
    design : Design
        The design.

    Returns
    -------
    str
        32 hexadecimal digits, the same for equal designs on every machine.
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in (design.kind, design.seed, design.size, design.levels):
        digest.update(f"{part}\n".encode())
    for factor in design.factors:
        ends = (float(factor.low), float(factor.high), factor.values, factor.vector, factor.unit, factor.source)
        digest.update("\t".join((factor.key, *map(canonical, ends), canonical(factor.whole), "\n")).encode())
    digest.update(design.points.astype("<f8").tobytes())
    return digest.hexdigest()


def design_to_dict(design: Design) -> dict[str, Any]:
    """Convert a design, without its points, to values that JSON and TOML can store.

    Parameters
    ----------
    design : Design
        The design.

    Returns
    -------
    dict
        Kind, seed, size, levels, note and factors; `design_from_dict` reads it.
    """
    factors = [
        {name: value for name, value in asdict(factor).items() if not (name == "base" and math.isnan(factor.base))}
        for factor in design.factors
    ]
    rest = {name: getattr(design, name) for name in ("kind", "seed", "size", "levels", "note")}
    return {**rest, "factors": factors}


def design_from_dict(entries: Mapping[str, Any], parameters: Sequence[Mapping[str, Any]]) -> Design:
    """Restore a design from its stored entries and the settings of its points.

    Parameters
    ----------
    entries : mapping
        The entries that `design_to_dict` wrote.
    parameters : sequence of mapping
        The settings of the points, in their order; each has the value of every factor by its key.

    Returns
    -------
    Design
        The design; its points equal the original ones up to the rounding of whole settings.
    """
    factors = tuple(
        Factor(
            **{
                **factor,
                "values": tuple(tuple(value) if isinstance(value, list) else value for value in factor["values"]),
                "vector": tuple(factor["vector"]),
            }
        )
        for factor in entries["factors"]
    )
    points = np.array([[factor.point(point[factor.key]) for factor in factors] for point in parameters])
    points = points.reshape(-1, len(factors))
    return Design(
        entries["kind"], factors, points, entries["seed"], entries["size"], entries["levels"], entries["note"]
    )


def _check(kind: GeneratedKind, factors: tuple[Factor, ...], size: int, levels: int) -> None:
    """Raise AnalysisError for arguments of which no design of the kind can be made."""
    if kind not in get_args(GeneratedKind):
        raise AnalysisError(f"There is no design `{kind}`. The kinds are {', '.join(get_args(GeneratedKind))}.")
    keys = [factor.key for factor in factors]
    least = 2 if kind in ("saltelli", "morris") else 1
    if len(keys) < least:
        raise AnalysisError(f"A {kind} design needs {least} factors or more and was given {len(keys)}.")
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    if repeated:
        raise AnalysisError(f"A design varies each setting once; {', '.join(repeated)} is given more than once.")
    if kind in ("grid", "one-at-a-time", "staged-rollout"):
        if size:
            raise AnalysisError(f"The points of a {kind} design follow from its factors: leave out the size, {size}.")
    elif size < (fewest := 1 if kind in ("random", "latin-hypercube") else 2):
        raise AnalysisError(f"A {kind} design needs a size of {fewest} or more and was given {size}.")
    if levels and kind not in ("grid", "morris"):
        raise AnalysisError(f"A {kind} design has no levels: leave out {levels}.")
    if levels < 0 or levels == 1 or (kind == "morris" and levels % 2):
        least_levels = "an even number of levels, 2" if kind == "morris" else "2 levels"
        raise AnalysisError(f"A {kind} design needs {least_levels} or more and was given {levels}. {LEVELS} is usual.")
