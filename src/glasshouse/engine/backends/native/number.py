"""Numbers of LLVM's intermediate representation: registers and literals."""

import struct
from dataclasses import dataclass

from glasshouse.engine.backends.native.number_types import BOOL, FLOAT64, INT64


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the intermediate representation.

    Parameters
    ----------
    kind : str
        Its type.
    text : str
        A register or a literal.
    """

    kind: str
    text: str

    @property
    def literal(self) -> bool:
        """Whether it is a literal.

        Returns
        -------
        bool
        """
        return not self.text.startswith("%")


def constant(value: float, kind: str) -> Number:
    """A literal.

    Parameters
    ----------
    value : bool, int or float
        The value.
    kind : str
        Its type.

    Returns
    -------
    Number
    """
    if kind == BOOL:
        return Number(kind, "true" if value else "false")
    # The bits in hexadecimal notation, since decimal digits may be rounded on the way.
    bits = struct.unpack("<Q", struct.pack("<d", value))[0] if kind == FLOAT64 else None
    return Number(kind, str(value) if bits is None else f"0x{bits:016X}")


def whole_literal(value: int) -> Number:
    """A 64-bit whole number with sign.

    Parameters
    ----------
    value : int
        The number.

    Returns
    -------
    Number
    """
    return Number(INT64, str(value))
