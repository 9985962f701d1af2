"""Several small whole numbers in one, for vectors that are almost always zero."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


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
        Bits of an element; `length * bits` is at most 64.
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
            code
            for code, bits in (("u1", 8), ("u2", 16), ("u4", 32), ("u8", 64))
            if bits >= min(self.length * self.bits, 64)
        )

    def element(self, packed: int, k: int) -> int:
        """Element k of a packed number.

        Parameters
        ----------
        packed : int
            A packed number.
        k : int
            Position, from 0.

        Returns
        -------
        int
            The element, 0 to `most`.
        """
        return packed >> (self.bits * k) & self.most

    def replaced(self, packed: int, k: int, value: int) -> int:
        """The packed number with `value`, brought within 0 and `most`, as its element k.

        Parameters
        ----------
        packed : int
            A packed number.
        k : int
            Position, from 0.
        value : int
            New value of the element.

        Returns
        -------
        int
            The packed number with the new element.
        """
        shift = self.bits * k
        return packed & ~(self.most << shift) | min(max(value, 0), self.most) << shift

    def sum(self, one: int, other: int) -> int:
        """Two packed numbers added element by element; a sum above `most` becomes `most`.

        Parameters
        ----------
        one : int
            First packed number.
        other : int
            Second packed number.

        Returns
        -------
        int
            Their packed sum.
        """
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
