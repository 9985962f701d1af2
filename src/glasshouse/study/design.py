"""Where a study looks: the settings that it varies, their ranges, and the points at which it runs the model.

A `Factor` is one setting and its range; `factor_for` makes one of a range or list that a user names, `prior_factors` those
that a scenario leaves in doubt. A `Design` is the points, all that an analysis must know about their order, and the
seed they came from: the same factors, size and seed give the same bytes.

Samplers are scipy's (Latin hypercube, scrambled Sobol sequence) and SALib's (Saltelli's matrices, Morris's
trajectories). SALib is asked for shares between 0 and 1 alone; a factor places them in its range.
"""

import hashlib
import importlib
import importlib.util
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import INSTALL, AnalysisError
from glasshouse.rng import derive
from glasshouse.scenario.scenario import Scenario, canonical, override
from glasshouse.scenario.tables import TEXTS, in_full, properties, tables
from glasshouse.scenario.toml_lines import Keys

Made = Literal["grid", "one-at-a-time", "random", "latin-hypercube", "sobol", "saltelli", "morris", "staged-rollout"]
"""Designs that `make_design` lays over ranges and lists."""
Kind = Literal[Made, "sample", "search"]
"""Beside them a sample of draws of a prior file, and the points of a search, which come one after the other."""
Points = NDArray[np.float64]

SCALED = "times"
"""Unit of a factor that multiplies a vector."""
LEVELS = 4
"""Levels of a grid or of Morris's trajectories where none are named; four is Morris's usual number."""
MAX_POINTS = 1_000_000
"""Points that a design may have."""


@dataclass(frozen=True)
class Factor:
    """A setting that is varied: over a range `low` to `high`, or over the `values` listed.

    `key` is the setting's (`observation.coverage`). Of a `vector`, which has a value for each agency or kind, the factor
    is what multiplies all of it, and so are `low` and `high`; otherwise these have the setting's `unit`. `source` says
    where the range is from: the parameter's prior, or given by the user. `base` is the scenario's own value on the
    factor's scale, NaN if it is unknown or none of those listed. A `whole` factor is rounded to a whole number when it
    is set, so that its two ends come half as often as what lies between. Raises AnalysisError for a range without width
    and for a list of fewer than two values.
    """

    key: str
    low: float = 0.0
    high: float = 0.0
    values: tuple[Any, ...] = ()
    unit: str = ""
    source: Literal["prior", "given"] = "given"
    base: float = field(default=math.nan, compare=False)
    vector: tuple[float, ...] = ()
    whole: bool = False

    def __post_init__(self) -> None:
        if self.values:
            if len({canonical(value) for value in self.values}) < max(len(self.values), 2):
                raise AnalysisError(f"{self.key}: {self.values} must be two values or more, all different.")
            if self.low or self.high:
                raise AnalysisError(f"{self.key}: give either a range or the values {self.values}, not both.")
        elif self.whole and (self.low % 1 or self.high % 1):
            raise AnalysisError(
                f"{self.key} takes whole numbers: the range {self.low} to {self.high} must end in them."
            )
        elif not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise AnalysisError(
                f"{self.key}: the range {self.low} to {self.high} has no width. Give a low end below the high end, "
                "or list values."
            )

    def placed(self, share: Points) -> Points:
        """Shares of the range, 0 to 1, on the factor's scale: within `low` to `high`, or places in `values` from 0."""
        if self.values:
            return np.minimum(np.floor(share * len(self.values)), len(self.values) - 1.0)
        # Rounding may carry the upper end beyond what the scenario admits.
        return np.where(share < 1.0, np.minimum(self.low + share * (self.high - self.low), self.high), self.high)

    def setting(self, point: float) -> Any:
        """What the setting is at a point on the factor's scale, as scenario.override takes it."""
        if self.values:
            return self.values[int(point)]
        if self.vector:
            return tuple(float(point) * element for element in self.vector)
        return round(point) if self.whole else float(point)

    def point(self, setting: Any) -> float:
        """Where on the factor's scale a setting stands: what `setting` undoes, but for rounding."""
        if self.values:
            return float(next(n for n, value in enumerate(self.values) if canonical(value) == canonical(setting)))
        if self.vector:
            place = next(n for n, element in enumerate(self.vector) if element != 0.0)
            return float(setting[place]) / self.vector[place]
        return float(setting)


def factor_for(scenario: Scenario, key: str, low: float = 0.0, high: float = 0.0, values: Sequence[Any] = ()) -> Factor:
    """A factor over a range or list that a user names; for a vector a range is of scales, and values are whole vectors.

    Raises ScenarioError if the scenario has no such setting or cannot take an end or a value, AnalysisError for a
    setting that has no numbers between two ends.
    """
    keys = in_full(key, tables(tuple(type(model) for model in scenario.mechanisms)))
    key, value, values = ".".join(keys), scenario.settings().get(keys), tuple(values)
    if keys[0] in (*TEXTS, "extends") or isinstance(value, str):
        raise AnalysisError(f"{key} is a text of the scenario and no number, so that a study cannot vary it.")
    elements = [one for given in values for one in (given if isinstance(given, tuple) else (given,))]
    if strange := [one for one in elements if not isinstance(one, int | float)]:
        raise AnalysisError(f"{key}: {strange[0]!r} is no number. List numbers, or for a vector lists of them.")
    if values:
        factor = Factor(key, low, high, values, base=float(values.index(value)) if value in values else math.nan)
    elif isinstance(value, tuple):
        factor = Factor(key, low, high, unit=SCALED, base=1.0, vector=value)
    elif isinstance(value, bool | str):
        raise AnalysisError(f"{key} = {value} has no range. List the values that it is to take.")
    else:
        base = math.nan if value is None else float(value)
        factor = Factor(key, low, high, unit=_unit(scenario, keys), base=base, whole=isinstance(value, int))
    for end in range(len(values)) if values else (low, high):
        override(scenario, {key: factor.setting(end)})
    return factor


def _unit(scenario: Scenario, keys: Keys) -> str:
    """What the setting is declared in; nothing for one that is unknown."""
    table = tables(tuple(type(model) for model in scenario.mechanisms)).get(keys[0])
    return str(properties(table).get(keys[-1], {}).get("unit", "")) if table else ""


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


def make_design(kind: Made, factors: Sequence[Factor], size: int = 0, seed: int = 1, levels: int = 0) -> Design:
    """The design of a kind over the factors; the same arguments give the same bytes.

    - `grid`: every combination of `levels` values evenly spaced over each range, and of all listed values.
    - `one-at-a-time`: the base, then each factor alone at its low and high end or at each other listed value.
    - `latin-hypercube`: `size` points, of which each factor has one in every `size`-th part of its range.
    - `sobol`: `size` points of a scrambled Sobol sequence (Owen 1998), rounded up to a power of two.
    - `saltelli`: (factors + 2) x `size` points for variance-based indices (Saltelli et al. 2010), rounded likewise.
    - `staged-rollout`: each listed value of its one factor, the weeks over which districts join.
    - `morris`: `size` trajectories of factors + 1 points on a grid of `levels` (Morris 1991).

    Raises AnalysisError for what no such design can be, and if SALib is missing for the last two.
    """
    factors = tuple(factors)
    _check(kind, factors, size, levels)
    levels = levels or (LEVELS if kind in ("grid", "morris") else 0)
    rounded = 1 << (size - 1).bit_length() if kind in ("sobol", "saltelli") else size
    note = f"size {size} raised to {rounded}: {kind} is balanced at powers of two alone" if rounded != size else ""
    count = _count(kind, factors, rounded, levels)
    if count > MAX_POINTS:
        fewer = "fewer levels, values or factors, or a Latin hypercube" if kind == "grid" else "a smaller size"
        raise AnalysisError(f"The {kind} design would have {count:,} points, more than {MAX_POINTS:,}. Take {fewer}.")
    points = _points(kind, factors, rounded, derive(seed, kind), levels)
    return Design(kind, factors, np.ascontiguousarray(points, dtype=np.float64), seed, rounded, levels, note)


def settings_at(design: Design, number: int) -> dict[str, Any]:
    """The settings of a point by its number from 0, as scenario.override takes them; AnalysisError if there is none."""
    if not 0 <= number < len(design.points):
        raise AnalysisError(f"The design has no point {number}. Its points are numbered 0 to {len(design.points) - 1}.")
    return settings_of(design.factors, design.points[number])


def settings_of(factors: Sequence[Factor], point: Points) -> dict[str, Any]:
    """The settings of one point (factors), on the factors' scales."""
    return {factor.key: factor.setting(float(value)) for factor, value in zip(factors, point, strict=True)}


def design_digest(design: Design) -> str:
    """A name for the design: equal for equal kind, factors, points, seed, size and levels, wherever it is made."""
    made = hashlib.blake2b(digest_size=16)
    for part in (design.kind, design.seed, design.size, design.levels):
        made.update(f"{part}\n".encode())
    for factor in design.factors:
        ends = (float(factor.low), float(factor.high), factor.values, factor.vector, factor.unit, factor.source)
        made.update("\t".join((factor.key, *map(canonical, ends), canonical(factor.whole), "\n")).encode())
    made.update(design.points.astype("<f8").tobytes())
    return made.hexdigest()


def design_to_dict(design: Design) -> dict[str, Any]:
    """All of a design but for its points, in what JSON and TOML can hold; `design_from_dict` reads it."""
    factors = [
        {name: value for name, value in asdict(factor).items() if not (name == "base" and math.isnan(factor.base))}
        for factor in design.factors
    ]
    rest = {name: getattr(design, name) for name in ("kind", "seed", "size", "levels", "note")}
    return {**rest, "factors": factors}


def design_from_dict(told: Mapping[str, Any], parameters: Sequence[Mapping[str, Any]]) -> Design:
    """The design again from what `design_to_dict` says of it and the settings of its points in their order."""
    factors = tuple(
        Factor(
            **{
                **one,
                "values": tuple(tuple(value) if isinstance(value, list) else value for value in one["values"]),
                "vector": tuple(one["vector"]),
            }
        )
        for one in told["factors"]
    )
    points = np.array([[factor.point(point[factor.key]) for factor in factors] for point in parameters])
    points = points.reshape(-1, len(factors))
    return Design(told["kind"], factors, points, told["seed"], told["size"], told["levels"], told["note"])


def latin_hypercube(factors: Sequence[Factor], size: int, rng: int | np.random.Generator) -> Points:
    """Points (size, factors) of a Latin hypercube, uniform over each range; from a seed or a generator."""
    from scipy.stats import qmc

    return _placed(factors, qmc.LatinHypercube(len(factors), rng=rng).random(size))


def salib(module: str) -> Any:
    """A module of SALib (`sample.sobol`); AnalysisError with what to type if it is not installed."""
    if importlib.util.find_spec("SALib") is None:
        raise AnalysisError(
            f"Saltelli and Morris designs and Sobol indices need SALib, which is not installed. Install it: {INSTALL}"
        )
    return importlib.import_module(f"SALib.{module}")


def _placed(factors: Sequence[Factor], shares: Points) -> Points:
    points = np.empty_like(shares)
    for place, factor in enumerate(factors):
        points[:, place] = factor.placed(shares[:, place])
    return points


def _check(kind: Made, factors: tuple[Factor, ...], size: int, levels: int) -> None:
    """AnalysisError for what no design of the kind can be."""
    if kind not in get_args(Made):
        raise AnalysisError(f"There is no design `{kind}`. The kinds are {', '.join(get_args(Made))}.")
    keys = [factor.key for factor in factors]
    least = 2 if kind in ("saltelli", "morris") else 1
    if len(keys) < least:
        raise AnalysisError(f"A {kind} design needs {least} factors or more and was given {len(keys)}.")
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise AnalysisError(f"A design varies each setting once; {', '.join(twice)} is given more than once.")
    if kind in ("grid", "one-at-a-time", "staged-rollout"):
        if size:
            raise AnalysisError(f"The points of a {kind} design follow from its factors: leave out the size, {size}.")
    elif size < (fewest := 1 if kind in ("random", "latin-hypercube") else 2):
        raise AnalysisError(f"A {kind} design needs a size of {fewest} or more and was given {size}.")
    if levels and kind not in ("grid", "morris"):
        raise AnalysisError(f"A {kind} design has no levels: leave out {levels}.")
    if levels < 0 or levels == 1 or (kind == "morris" and levels % 2):
        wanted = "an even number of levels, 2" if kind == "morris" else "2 levels"
        raise AnalysisError(f"A {kind} design needs {wanted} or more and was given {levels}. {LEVELS} is usual.")


def _count(kind: Made, factors: tuple[Factor, ...], size: int, levels: int) -> int:
    if kind in ("grid", "staged-rollout"):
        return math.prod(len(factor.values) or levels for factor in factors)
    if kind == "one-at-a-time":
        return 1 + sum(len(factor.values) - 1 if factor.values else 2 for factor in factors)
    return size * {"saltelli": len(factors) + 2, "morris": len(factors) + 1}.get(kind, 1)


def _points(kind: Made, factors: tuple[Factor, ...], size: int, seed: int, levels: int) -> Points:
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
    return _placed(factors, shares)


def _grid(factors: tuple[Factor, ...], levels: int) -> Points:
    """All combinations; the last factor changes fastest."""
    axes = [
        np.arange(len(factor.values), dtype=np.float64) if factor.values else factor.placed(np.linspace(0, 1, levels))
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
    """The factors as SALib wants them: shares of their ranges."""
    count = len(factors)
    return {"num_vars": count, "names": [factor.key for factor in factors], "bounds": [[0.0, 1.0]] * count}
