"""Packed columns and inboxes as source text: the shifts and masks by which several small numbers share one.

`model.declarations.Packing` is the definition in Python integers, which the interpreter uses; the expressions here give
the same values in the compiled pass. An element is brought within its range before it is shifted into place, so that it
cannot carry into the next one.
"""

import numpy as np

from glasshouse.model.declarations import Column
from glasshouse.model.packed_numbers import Packing


def fits(column: Column) -> bool:
    """Whether the elements of a packed column are unsigned, more than one, and fit 64 bits together.

    Parameters
    ----------
    column : Column
        A column that is declared packed.

    Returns
    -------
    bool
    """
    dtype = np.dtype(column.dtype)
    return dtype.kind == "u" and column.length > 1 and 8 * dtype.itemsize * column.length <= 64


def spread(value: float, packing: Packing | None) -> float:
    """What a field holds whose every element is `value`.

    Parameters
    ----------
    value : float
        What each element holds.
    packing : Packing or None
        How the field is packed, if it is.

    Returns
    -------
    float
    """
    if packing is None:
        return value
    return sum(int(value) << packing.bits * k for k in range(packing.length))


def element(packed: str, packing: Packing, index: str) -> str:
    """Expression for one element of the packed number in the variable `packed`.

    Parameters
    ----------
    packed : str
        The variable.
    packing : Packing
        How it is packed.
    index : str
        Expression for the element.

    Returns
    -------
    str
    """
    return f"(({packed} >> {_shift(packing, index)}) & {packing.most})"


def replaced(packed: str, packing: Packing, index: str, value: str) -> str:
    """Expression for the packed number with another value for one element.

    Parameters
    ----------
    packed : str
        The variable.
    packing : Packing
        How it is packed.
    index : str
        Expression for the element.
    value : str
        Expression for its value.

    Returns
    -------
    str
    """
    shift = _shift(packing, index)
    mask = str(_signed(~(packing.most << int(shift)))) if shift.isdigit() else f"~({packing.most} << {shift})"
    other_bits = f"{packed} & {mask}"
    return f"({other_bits}) | {placed(packing, index, value)}"


def placed(packing: Packing, index: str, value: str) -> str:
    """Expression for a packed number whose one element is `value` and whose others are zero.

    Parameters
    ----------
    packing : Packing
        How it is packed.
    index : str
        Expression for the element.
    value : str
        Expression for its value.

    Returns
    -------
    str
    """
    # A literal within range needs no test.
    small = value if value.isdigit() and int(value) <= packing.most else f"_fit({value}, 0, {packing.most})"
    return f"({small} << {_shift(packing, index)})"


def total(one: str, other: str, packing: Packing) -> str:
    """Expression for two packed numbers added element by element, each sum cut to the largest that an element holds.

    Parameters
    ----------
    one : str
        Variable with the first packed number.
    other : str
        Variable with the second packed number.
    packing : Packing
        How they are packed.

    Returns
    -------
    str
        The expression, as Python source.
    """
    parts = []
    for k in range(packing.length):
        sums = f"{element(one, packing, str(k))} + {element(other, packing, str(k))}"
        parts.append(f"(min({sums}, {packing.most}) << {packing.bits * k})")
    return " | ".join(parts)


def _signed(number: int) -> int:
    """The number with sign that has the same last 64 bits, as compiled code computes with."""
    return (number + 2**63) % 2**64 - 2**63


def _shift(packing: Packing, index: str) -> str:
    return str(packing.bits * int(index)) if index.isdigit() else f"({packing.bits} * ({index}))"
