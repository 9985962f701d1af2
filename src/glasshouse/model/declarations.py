"""What a mechanism declares about itself: parameters, columns, signals and sums, each with unit, range and one sentence.

Everything that checks, runs, stores or explains the model reads these declarations, so that the documentation, the
scenario files and the compiled pass cannot disagree with one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
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
class Packing:
    """How several small whole numbers share one: element k takes `bits` bits, from bit `k * bits` upwards.

    No element can carry into the next, since every store keeps it within 0 and `most`, as the store of any whole-number
    column keeps it within the range of its type.

    Parameters
    ----------
    length : int
        Number of elements, at least 2.
    bits : int
        Bits of an element; `length * bits` is at most 32.
    """

    length: int
    bits: int

    @property
    def most(self) -> int:
        """The largest value that an element can hold."""
        return (1 << self.bits) - 1

    @property
    def dtype(self) -> str:
        """The type of the whole number that holds them all, as a NumPy code."""
        return next(
            code for code, bits in (("u1", 8), ("u2", 16), ("u4", 32)) if bits >= min(self.length * self.bits, 32)
        )

    def element(self, packed: int, k: int) -> int:
        """Element k of a packed number."""
        return packed >> (self.bits * k) & self.most

    def replaced(self, packed: int, k: int, value: int) -> int:
        """The packed number with `value`, brought within 0 and `most`, as its element k."""
        shift = self.bits * k
        return packed & ~(self.most << shift) | min(max(value, 0), self.most) << shift

    def sum(self, one: int, other: int) -> int:
        """Two packed numbers added element by element; a sum above `most` becomes `most`."""
        total = 0
        for k in range(self.length):
            total = self.replaced(total, k, self.element(one, k) + self.element(other, k))
        return total

    def unpack(self, packed: NDArray[Any]) -> NDArray[np.int64]:
        """The elements of an array of packed numbers, in a new last axis.

        Parameters
        ----------
        packed : array, shape (n,)
            Packed numbers as a state record holds them.

        Returns
        -------
        array of int64, shape (n, length)
        """
        shifts = self.bits * np.arange(self.length)
        return np.asarray(packed.astype(np.int64)[:, None] >> shifts & self.most)


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
        and one test then serve them all. The type must be unsigned, and all elements must fit 32 bits.
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

    @property
    def packing(self) -> Packing | None:
        """How its elements share one number, or None where each has a field of its own."""
        return Packing(self.length, 8 * np.dtype(self.dtype).itemsize) if self.packed else None

    def fields(self) -> dict[str, str]:
        """Its fields in the state record: each one's name and the NumPy code of its type."""
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
    """A property that synthesis gives a citizen, district or firm for good; declared like a column, changed by nothing."""

    name: str
    dtype: str
    unit: str
    doc: str
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True)
class Signal:
    """A yes or no about a citizen that contacts can see in the week after; owned like a column."""

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
class Quantity:
    """A number of each case, of which `moments` keeps sums.

    Parameters
    ----------
    name : str
        What the names of its sums begin with.
    unit : str
        Its unit.
    doc : str
        What it is, in a few words.
    """

    name: str
    unit: str
    doc: str


def sum_of(quantity: str) -> str:
    """The name of the sum of a quantity."""
    return f"{quantity}_sum"


def squares_of(quantity: str) -> str:
    """The name of the sum of a quantity's squares."""
    return f"{quantity}_squares"


def product_of(x: str, y: str) -> str:
    """The name of the sum of two quantities' products."""
    return f"{x}_{y}_products"


def moments(x: Quantity, *others: Quantity, scale: int = 1) -> tuple[Sum, ...]:
    """The sums that Pearson's correlation of one quantity with each of some others needs, beside a count of cases.

    Parameters
    ----------
    x : Quantity
        The quantity that is correlated with each other one.
    *others : Quantity
        The quantities that it is correlated with.
    scale : int
        Scale of all sums; 1 for whole numbers, `WELFARE` for others.

    Returns
    -------
    tuple of Sum
        `x_sum` and `x_squares`, and for each other quantity y `y_sum`, `y_squares` and `x_y_products`.

    Examples
    --------
    >>> [total.name for total in moments(Quantity("score", "points", "score"), Quantity("income", "ratio", "income"))]
    ['score_sum', 'score_squares', 'income_sum', 'income_squares', 'score_income_products']
    """
    found: list[Sum] = []
    for one in (x, *others):
        found.append(Sum(sum_of(one.name), one.unit, f"{one.doc}, added up", scale))
        found.append(Sum(squares_of(one.name), f"{one.unit} squared", f"square of {one.doc}, added up", scale))
        if one is not x:
            unit = f"{x.unit} squared" if one.unit == x.unit else f"{x.unit} times {one.unit}"
            doc = f"product of {x.doc} and {one.doc}, added up"
            found.append(Sum(product_of(x.name, one.name), unit, doc, scale))
    return tuple(found)


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
        """The column of the citizen's record in which its contents wait for their reader."""
        packed = self.length > 1
        return Column(self.name, "u1" if packed else "i4", self.unit, self.doc, length=self.length, packed=packed)
