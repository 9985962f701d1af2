"""What a mechanism declares about itself: parameters, columns, signals and sums, each with unit, range and one sentence.

Everything that checks, runs, stores or explains the model reads these declarations, so that the documentation, the
scenario files and the compiled pass cannot disagree with one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, Unpack, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from glasshouse.model.agencies import AGENCIES, BREACHES
from glasshouse.model.packed_numbers import Packing

ASSUMED = "assumption"
"""The source of a value that no publication gives; such a value must carry a prior."""

Role = Literal["lever", "uncertainty", "assumption", "design"]
"""What a parameter is, and so which arms a value at the top of a scenario reaches.

- `lever`: what a regime sets (coverage, sharing, thresholds, sanctions, safeguards, budgets). A value is the regime arm's
  alone. The reference has its own, and without one the parameter's default, which therefore is the ordinary value.
- `uncertainty`: how people and the world are. A value holds in all arms.
- `assumption`: an uncertainty that can be assumed of one arm alone, such as how often a record is false under the old
  procedure. A value holds in all arms but in those for which the scenario gives one of their own.
- `design`: what the experimenter chooses, such as the size of the population. A value holds in all arms.
"""

Dimension = Literal["agency", "pair of agencies", "kind"]
"""What a vector has an element for: an agency, which may also stand for the context that it controls, two of them, or a
kind of breach."""


def size(per: Dimension, agencies: int, kinds: int) -> int:
    """Number of elements of a vector.

    Parameters
    ----------
    per : str
        What it has an element for.
    agencies : int
        Number of agencies.
    kinds : int
        Number of kinds of breach.

    Returns
    -------
    int
        As many as agencies or kinds, or the square of the agencies for a pair.
    """
    return {"agency": agencies, "pair of agencies": agencies * agencies, "kind": kinds}[per]


UNDECLARED: Role = "uncertainty"
"""The role of a parameter that declares none."""

PER_ARM: frozenset[Role] = frozenset({"lever", "assumption"})
"""Roles of parameters that can differ between arms."""


class Basis(TypedDict, total=False):
    """What a parameter rests on, what it is and whom it concerns.

    Attributes
    ----------
    source : str
        A publication, a fact of the shipped fact sheet, or `ASSUMED`, which holds where none is given.
    role : str
        What the parameter is, see `Role`; `UNDECLARED` where none is given.
    group : str
        The group of citizens that it concerns. A study varies it only where the scenario declares the group, or by name.
    per : str
        What a vector has an element for, if that is an agency, a pair of them or a kind of breach.
    further : float
        Its usual value for an agency, or for a pair, that a scenario declares; the element of an agency with itself is 1. A
        kind of breach that a scenario declares has the value of the kind that it is like.
    """

    source: str
    role: Role
    group: str
    per: Dimension
    further: float


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
    **basis: Unpack[Basis],
) -> Any:
    """A parameter of a table: its default, meaning, unit, admissible range, prior range, source and role.

    Parameters
    ----------
    default : float, int, bool or str
        Value where a scenario gives none.
    doc : str
        Meaning, in one sentence.
    unit : str
        Unit of the value.
    bounds : tuple of float, optional
        Least and greatest admissible value, both inclusive.
    prior : tuple of float, optional
        Range over which a study varies the value unless told otherwise; required where the source is `ASSUMED`.
    **basis : Basis
        Its `source` and its `role`. The default of a lever is its ordinary value, which holds where no regime sets it.

    Returns
    -------
    Any
        A pydantic field, to stand as the default of an annotated class attribute.

    Examples
    --------
    >>> class Fading(Table):
    ...     rate: float = param(
    ...         0.1, "Weekly loss.", unit="per week", bounds=(0, 1), prior=(0.05, 0.2), role="uncertainty"
    ...     )
    """
    low, high = bounds if bounds is not None else (None, None)
    extra: dict[str, Any] = {"unit": unit, "source": ASSUMED, **basis}
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
    **basis: Unpack[Basis],
) -> Any:
    """A parameter with one value for each agency, kind or severity class.

    Parameters
    ----------
    default : sequence of float
        Values where a scenario gives none, in the order of the agencies, kinds or classes.
    doc : str
        Meaning, in one sentence.
    unit : str
        Unit of each value.
    bounds : tuple of float
        Least and greatest admissible value of each element, both inclusive.
    prior : tuple of float, optional
        Range over which a study varies the value unless told otherwise; required where the source is `ASSUMED`.
    **basis : Basis
        Its `source` and its `role`.

    Returns
    -------
    Any
        A pydantic field for a tuple of exactly as many numbers.
    """
    extra: dict[str, Any] = {"unit": unit, "source": ASSUMED, "bounds": list(bounds), **basis}
    if prior is not None:
        extra["prior"] = list(prior)
    size = len(default)
    return Field(tuple(default), description=doc, min_length=size, max_length=size, json_schema_extra=extra)


def role_of(model: type[Table], key: str) -> Role:
    """The role of a parameter.

    Parameters
    ----------
    model : Table type
        The table that declares it.
    key : str
        Its name.

    Returns
    -------
    str
        What it declares, or `UNDECLARED`.
    """
    extra = model.model_fields[key].json_schema_extra
    return cast("Role", extra.get("role", UNDECLARED)) if isinstance(extra, dict) else UNDECLARED


@dataclass(frozen=True)
class Column:
    """A state variable that one mechanism owns and every other may read.

    Kernels compute in float64 and int64; a store rounds to the type of the column, and brings a whole number within its
    range.

    Parameters
    ----------
    name : str
        What kernels call it.
    dtype : str
        How a value is stored, as a NumPy code.
    unit, doc : str
        Unit and meaning, for the documentation.
    low, high : float
        Range of the values that can occur.
    initial : float
        Value in week 0, of every element.
    length : int
        Number of elements; more than 1 makes the column a vector.
    packed : bool
        Whether the elements share one whole number, for vectors of small numbers that are almost always zero: one load
        and one test then serve them all. The type must be unsigned, and all elements must fit 64 bits.
    per : str
        What it has an element for, if that is an agency, a pair of them or a kind of breach; it then has its length from
        their number.
    members : int
        Citizens with a value from 1 to this one are recipients this week (`entities.RECIPIENT`); 0 for all other columns.
    """

    name: str
    dtype: str
    unit: str
    doc: str
    low: float = 0.0
    high: float = 1.0
    initial: float = 0.0
    length: int = 1
    packed: bool = False
    per: Dimension | None = None
    members: int = 0

    def __post_init__(self) -> None:
        if self.per is not None and self.length == 1:
            object.__setattr__(self, "length", size(self.per, AGENCIES, BREACHES))

    @property
    def packing(self) -> Packing | None:
        """How its elements share one number, or None where each has a field of its own."""
        return Packing(self.length, 8 * np.dtype(self.dtype).itemsize) if self.packed else None

    def fields(self) -> dict[str, str]:
        """Its fields in the state record.

        Returns
        -------
        dict of str to str
            The NumPy code of the type of each field by name. A packed column has one field, a vector one for each element.
        """
        if self.packing is not None:
            return {self.name: self.packing.dtype}
        names = [self.name] if self.length == 1 else [f"{self.name}_{k}" for k in range(self.length)]
        return dict.fromkeys(names, self.dtype)

    def values(self, records: NDArray[np.void]) -> NDArray[Any]:
        """The values of all its elements in some state records.

        Parameters
        ----------
        records : structured array, shape (n,)
            Records that hold this column, of citizens, firms or districts.

        Returns
        -------
        array, shape (n, length)
        """
        if self.packing is not None:
            return self.packing.unpack(records[self.name])
        return np.stack([records[name] for name in self.fields()], axis=1)


@dataclass(frozen=True)
class Trait:
    """A property that synthesis gives a citizen, district or firm for good; declared like a column, changed by nothing.

    Parameters
    ----------
    name : str
        What kernels call it.
    dtype : str
        How it is stored, as a NumPy code.
    unit, doc : str
        Unit and meaning, for the documentation.
    low, high : float
        Range of the values that can occur.
    """

    name: str
    dtype: str
    unit: str
    doc: str
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True)
class Signal:
    """A yes or no about a citizen that contacts can see in the week after; owned like a column.

    Parameters
    ----------
    name : str
        What kernels call it.
    doc : str
        Meaning: what the citizen did or what happened to them.
    """

    name: str
    doc: str


@dataclass(frozen=True)
class Sum:
    """A total over citizens (or districts) and a week, kept by district and group cell.

    Totals are integers, so that no order of adding changes them: an amount is stored in units of 1 / `scale`.

    Parameters
    ----------
    name : str
        What kernels, measures and tables call it.
    unit, doc : str
        Unit and meaning, for the documentation.
    scale : int
        Amounts are stored as whole multiples of 1 / `scale`.
    weekly_by_district : bool
        Whether results keep it for each district and week, and not by quarter.
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
    """Whole numbers that any citizen's kernel may send to another citizen and that its owner reads a week later.

    What several senders send adds up; the engine clears it after the owner's week.

    Parameters
    ----------
    name : str
        What kernels call it.
    unit, doc : str
        Unit and meaning, for the documentation.
    length : int
        Number of elements, 1 to 4. An inbox of one element holds a signed 32-bit number. The elements of a longer one
        are packed, a byte each: a sum above 255 is cut to 255 and never carries into the next element.
    """

    name: str
    unit: str
    doc: str
    length: int = 1

    def column(self) -> Column:
        """The column of the citizen's record in which its contents wait for their reader.

        Returns
        -------
        Column
            A column of the same name; packed if the inbox has several elements.
        """
        packed = self.length > 1
        return Column(self.name, "u1" if packed else "i4", self.unit, self.doc, length=self.length, packed=packed)
