"""Types of numbers and arrays in the generated text, and what comes of two of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from glasshouse.errors import CompilationError

BOOL, INT64, UINT32, UINT64, FLOAT32, FLOAT64 = "bool", "int64", "uint32", "uint64", "float32", "float64"
"""Names of types, which are NumPy's. All others that NumPy has for whole numbers occur in records."""

VOID = "void"
"""What a function returns that returns nothing."""

WHOLE = {f"{sign}int{bits}": (bits, not sign) for bits in (8, 16, 32, 64) for sign in ("", "u")}
"""Types of whole numbers: how many bits, and whether there is a sign."""


@dataclass(frozen=True)
class ArrayType:
    """An array whose elements lie one after the other, the last index moving fastest.

    Parameters
    ----------
    dimensions : int
        How many indices it takes.
    dtype : numpy.dtype
        Its elements: numbers or records.
    """

    dimensions: int
    dtype: np.dtype[Any]

    @property
    def element(self) -> str:
        """Name of the type of an element that is a number.

        Returns
        -------
        str
        """
        return self.dtype.name

    def field(self, name: str) -> tuple[str, int]:
        """Type and place of a field of a record.

        Parameters
        ----------
        name : str
            The field.

        Returns
        -------
        type : str
            Name of its type.
        offset : int
            Bytes from the beginning of the record.
        """
        fields = self.dtype.fields
        assert fields is not None
        return fields[name][0].name, fields[name][1]


Type = str | ArrayType | tuple[str, ...]
"""A number, an array, or several numbers in a row (what a function returns)."""


def llvm(name: str) -> str:
    """LLVM's name of a number's type.

    Parameters
    ----------
    name : str
        Name of the type.

    Returns
    -------
    str
    """
    if name in WHOLE:
        return f"i{WHOLE[name][0]}"
    return {BOOL: "i1", FLOAT32: "float", FLOAT64: "double", VOID: VOID}[name]


def stored(name: str) -> str:
    """LLVM's name of a number's type in memory, where a bool takes a byte.

    Parameters
    ----------
    name : str
        Name of the type.

    Returns
    -------
    str
    """
    return "i8" if name == BOOL else llvm(name)


def is_float(name: str) -> bool:
    """Whether a type holds fractions.

    Parameters
    ----------
    name : str
        Name of the type.

    Returns
    -------
    bool
    """
    return name in (FLOAT32, FLOAT64)


def signed(name: str) -> bool:
    """Whether a type of whole numbers has a sign.

    Parameters
    ----------
    name : str
        Name of the type.

    Returns
    -------
    bool
    """
    return name in WHOLE and WHOLE[name][1]


def common(one: str, other: str) -> str:
    """The type that holds the numbers of both types.

    Parameters
    ----------
    one : str
        Name of a type.
    other : str
        Name of another.

    Returns
    -------
    str

    Raises
    ------
    CompilationError
        For 64-bit numbers with and without sign: nothing holds both.
    """
    if one == other:
        return one
    if is_float(one) or is_float(other):
        return FLOAT64
    if UINT64 in (one, other):
        if signed(one) or signed(other):
            raise CompilationError("whole numbers with and without sign meet")
        return UINT64
    return INT64


def arithmetic(one: str, other: str) -> str:
    """The type of a sum, difference or product.

    Parameters
    ----------
    one : str
        Name of a type.
    other : str
        Name of another.

    Returns
    -------
    str

    Raises
    ------
    CompilationError
        For 64-bit numbers with and without sign.
    """
    found = common(one, other)
    # In Python, True + True is 2.
    return INT64 if found == BOOL else FLOAT64 if found == FLOAT32 else found


def union(one: Type | None, other: Type | None) -> Type | None:
    """The type of a variable that takes values of two types; None stands for one that is not known yet.

    Parameters
    ----------
    one : Type or None
        A type.
    other : Type or None
        Another.

    Returns
    -------
    Type or None

    Raises
    ------
    CompilationError
        If nothing holds both.
    """
    if one is None or one == other:
        return other
    if other is None:
        return one
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return tuple(common(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, str) and isinstance(other, str):
        return common(one, other)
    raise CompilationError("a number and something else meet")
