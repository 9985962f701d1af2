"""A factor: one setting that a study varies, with its range or list of values.

`factor_for` makes one of a range or list that a user names, `prior_factors` those that a scenario leaves in doubt.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import AnalysisError
from glasshouse.scenario.scenario import Scenario, override
from glasshouse.scenario.settings import canonical
from glasshouse.scenario.tables import TEXTS, in_full, properties, tables
from glasshouse.scenario.toml_lines import Keys

Points = NDArray[np.float64]

SCALED = "times"
"""Unit of a factor that multiplies a vector."""


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

    def from_shares(self, shares: Points) -> Points:
        """Convert shares of the range to points on the factor's scale.

        Parameters
        ----------
        shares : ndarray of float
            Shares of the range or of the list, 0 to 1; any shape.

        Returns
        -------
        ndarray of float
            Values from `low` to `high`, in the setting's unit, or indices in `values` from 0; the shape of `shares`.
        """
        if self.values:
            return np.minimum(np.floor(shares * len(self.values)), len(self.values) - 1.0)
        # Rounding may carry the upper end beyond what the scenario admits.
        return np.where(shares < 1.0, np.minimum(self.low + shares * (self.high - self.low), self.high), self.high)

    def setting(self, point: float) -> Any:
        """Convert a point on the factor's scale to the value of the setting.

        Parameters
        ----------
        point : float
            A value from `low` to `high`, or an index in `values`.

        Returns
        -------
        bool, int, float, str, or tuple of float
            The value as `scenario.override` takes it: one of `values`, the scaled vector, or a number, rounded to a
            whole one where the factor is `whole`.
        """
        if self.values:
            return self.values[int(point)]
        if self.vector:
            return tuple(float(point) * element for element in self.vector)
        return round(point) if self.whole else float(point)

    def point(self, setting: Any) -> float:
        """Convert a value of the setting to a point on the factor's scale, the inverse of `setting` up to rounding.

        Parameters
        ----------
        setting : bool, int, float, str, or sequence of float
            A value of the setting.

        Returns
        -------
        float
            The point: an index in `values`, the scale of a vector, or the value itself.
        """
        if self.values:
            return float(next(n for n, value in enumerate(self.values) if canonical(value) == canonical(setting)))
        if self.vector:
            place = next(n for n, element in enumerate(self.vector) if element != 0.0)
            return float(setting[place]) / self.vector[place]
        return float(setting)


def factor_for(scenario: Scenario, key: str, low: float = 0.0, high: float = 0.0, values: Sequence[Any] = ()) -> Factor:
    """Make a factor over a range or list that a user names.

    Parameters
    ----------
    scenario : Scenario
        The scenario whose setting is varied.
    key : str
        The setting, in full (``observation.coverage``) or short where that is unambiguous (``citizens``).
    low : float
        Low end of the range, in the setting's unit; for a vector, of the factor that multiplies it.
    high : float
        High end of the range.
    values : sequence, optional
        Values to list instead of a range: numbers, or for a vector whole vectors as tuples.

    Returns
    -------
    Factor
        The factor, with the unit and the scenario's own value.

    Raises
    ------
    ScenarioError
        If the scenario has no such setting, or an end or a value is outside of its bounds.
    AnalysisError
        If the setting is a text, or has no numbers between two ends.
    """
    keys = in_full(key, tables(tuple(type(model) for model in scenario.mechanisms)))
    key, value, values = ".".join(keys), scenario.settings().get(keys), tuple(values)
    if keys[0] in (*TEXTS, "extends") or isinstance(value, str):
        raise AnalysisError(f"{key} is a text of the scenario and no number, so that a study cannot vary it.")
    elements = [element for entry in values for element in (entry if isinstance(entry, tuple) else (entry,))]
    if strange := [element for element in elements if not isinstance(element, int | float)]:
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
    """The declared unit of the setting; an empty text if it is unknown."""
    table = tables(tuple(type(model) for model in scenario.mechanisms)).get(keys[0])
    return str(properties(table).get(keys[-1], {}).get("unit", "")) if table else ""
