"""What a mechanism declares about itself: parameters, columns, signals and sums, each with unit, range and one sentence.

Everything that checks, runs, stores or explains the model reads these declarations, so that the documentation, the
scenario files and the compiled pass cannot disagree with one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

ASSUMED = "assumption"
"""The source of a value that no publication gives; such a value must carry a prior."""


class Table(BaseModel):
    """One table of a scenario file: immutable, no unknown key, no silent conversion, no infinity.

    Defaults are checked like given values, so that a default and the same value written out are one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True)

    @field_validator("*", mode="after")
    @classmethod
    def _each_within_bounds(cls, value: Any, info: ValidationInfo) -> Any:
        """Holds every element of a `vector` to its bounds; pydantic's own limits see only scalars."""
        extra = cls.model_fields[info.field_name].json_schema_extra if info.field_name else None
        if not isinstance(value, tuple) or not isinstance(extra, dict) or "bounds" not in extra:
            return value
        low, high = cast("tuple[float, float]", extra["bounds"])
        for place, element in enumerate(value, 1):
            if not low <= element <= high:
                raise PydanticCustomError(
                    "element_range",
                    "value {place}, {element}, is outside {low} to {high}",
                    {"place": place, "element": element, "low": low, "high": high},
                )
        return value


def param(
    default: Any,
    doc: str,
    *,
    unit: str,
    bounds: tuple[float, float] | None = None,
    prior: tuple[float, float] | None = None,
    source: str = ASSUMED,
) -> Any:
    """A parameter of a table: its default, meaning, unit, admissible range, prior range and source.

    `bounds` are inclusive and refused beyond; `prior` is the range over which a study varies the value when nothing
    else is said; `source` names a publication or a fact of the shipped fact sheet, or is `ASSUMED`.
    """
    low, high = bounds if bounds is not None else (None, None)
    extra: dict[str, Any] = {"unit": unit, "source": source}
    if prior is not None:
        extra["prior"] = list(prior)
    return Field(default, description=doc, ge=low, le=high, json_schema_extra=extra)


def vector(
    default: Sequence[float],
    doc: str,
    *,
    unit: str,
    bounds: tuple[float, float],
    prior: tuple[float, float] | None = None,
    source: str = ASSUMED,
) -> Any:
    """A parameter with one value for each agency, kind or severity class; `bounds` and `prior` hold for each value."""
    extra: dict[str, Any] = {"unit": unit, "source": source, "bounds": list(bounds)}
    if prior is not None:
        extra["prior"] = list(prior)
    size = len(default)
    return Field(tuple(default), description=doc, min_length=size, max_length=size, json_schema_extra=extra)


@dataclass(frozen=True)
class Column:
    """A state variable that one mechanism owns and every other may read.

    `dtype` is its storage (NumPy code); kernels compute in float64 and int64 and store with a cast. `length` above 1
    makes it a vector that kernels index with a constant. `unit`, `low`, `high` describe the values that can occur.
    """

    name: str
    dtype: str
    unit: str
    doc: str
    low: float = 0.0
    high: float = 1.0
    initial: float = 0.0
    length: int = 1

    def fields(self) -> list[str]:
        """Its field names in the state record: itself, or one name for each element."""
        return [self.name] if self.length == 1 else [f"{self.name}_{k}" for k in range(self.length)]


@dataclass(frozen=True)
class Trait:
    """A property that synthesis gives a citizen, district or firm for good; declared like a column, changed by nothing."""

    name: str
    dtype: str
    unit: str
    doc: str
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True)
class Signal:
    """A yes or no about a citizen that his contacts can see in the week after; owned like a column."""

    name: str
    doc: str


@dataclass(frozen=True)
class Sum:
    """A total over citizens (or districts) and a week, kept by district and group cell.

    Totals are integers, so that no order of adding changes them: an amount is stored in units of 1 / `scale`.
    """

    name: str
    unit: str
    doc: str
    scale: int = 1
    weekly_by_district: bool = False


WELFARE = 1 << 20
"""Scale of welfare sums: amounts are kept to about a millionth of a welfare-week."""


@dataclass(frozen=True)
class Inbox:
    """An integer that any citizen's kernel may send to another citizen and that its owner reads a week later.

    What several senders send adds up; the pass clears it after the owner's week.
    """

    name: str
    unit: str
    doc: str
