"""Where numbers lie: the places of locals, elements of arrays, fields of records."""

import ast
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from glasshouse.engine.backends.native.instructions import Instructions
from glasshouse.engine.backends.native.number import Number, whole_literal
from glasshouse.engine.backends.native.number_types import INT64, UINT64, ArrayType, signed, stored
from glasshouse.engine.backends.native.type_inference import TypeInference


class Places(ABC):
    """Finds where the numbers of one function lie.

    Parameters
    ----------
    name : str
        The function.
    types : TypeInference
        The types of its locals.
    tables : mapping of str to array
        Constant tables that it may read.
    """

    def __init__(self, name: str, types: TypeInference, tables: Mapping[str, NDArray[Any]]) -> None:
        self.name, self.types, self._tables = name, types, tables
        self.out = Instructions()
        self.slots: dict[str, tuple[str, ...]] = {}
        for local, kind in types.types.items():
            if not isinstance(kind, ArrayType):
                self.slots[local] = tuple(self.out.slot(k) for k in ((kind,) if isinstance(kind, str) else kind))

    @abstractmethod
    def number(self, node: ast.expr) -> Number:
        """Lower an expression that is one number.

        Parameters
        ----------
        node : ast.expr
            The expression.

        Returns
        -------
        Number
        """

    def place(self, node: ast.Subscript) -> tuple[str, str, int]:
        """Where an element of an array or a field of a record lies.

        Parameters
        ----------
        node : ast.Subscript
            The element or field.

        Returns
        -------
        pointer : str
            Its address.
        kind : str
            Its type.
        align : int
            What the address is certainly a multiple of.
        """
        out = self.out
        if isinstance(node.value, ast.Subscript):
            assert isinstance(node.value.value, ast.Name)
            records = node.value.value
            array = self.types.of(records)
            assert isinstance(array, ArrayType)
            kind, offset = array.field(ast.literal_eval(node.slice))
            size = str(array.dtype.itemsize)
            here = out.offset((self._index(node.value.slice), size), (whole_literal(offset), "1"))
            # Records are packed: their fields may lie at any address.
            return out.register(f"getelementptr i8, ptr {array_pointer(records.id)}, i64 {here}"), kind, 1
        assert isinstance(node.value, ast.Name)
        name = node.value.id
        array = self.types.of(node.value)
        assert isinstance(array, ArrayType)
        indices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        index = self._index(indices[0])
        if name in self.types.types:
            base = array_pointer(name)
            for k, further in enumerate(indices[1:], 1):
                text = out.offset((index, array_size(name, k)), (self._index(further), "1"))
                index = Number(INT64, text)
        else:
            base = f"@{name}"
            index = self._from_the_end(index, len(self._tables[name]))
        pointer = out.register(f"getelementptr {stored(array.element)}, ptr {base}, i64 {index.text}")
        return pointer, array.element, array.dtype.itemsize

    def _index(self, node: ast.expr) -> Number:
        """An index in 64 bits."""
        number = self.number(node)
        return number if number.kind == UINT64 else self.out.converted(number, INT64)

    def _from_the_end(self, index: Number, size: int) -> Number:
        """An index of a table; Python counts negative ones from the end."""
        if not signed(index.kind) or (index.literal and int(index.text) >= 0):
            return index
        below = self.out.compared("Lt", index, whole_literal(0))
        return self.out.chosen(below, self.out.value(INT64, f"add i64 {index.text}, {size}"), index)


def array_pointer(name: str) -> str:
    """The register that holds the address of an array.

    Parameters
    ----------
    name : str
        The array.

    Returns
    -------
    str
    """
    return f"%{name}.at"


def array_size(name: str, dimension: int) -> str:
    """The register that holds a size of an array.

    Parameters
    ----------
    name : str
        The array.
    dimension : int
        Which index.

    Returns
    -------
    str
    """
    return f"%{name}.size{dimension}"


def array_words(name: str, kind: ArrayType, *, alone: bool = False) -> list[str]:
    """An array as it is given to a function: its address and its sizes.

    Parameters
    ----------
    name : str
        The array.
    kind : ArrayType
        Its type.
    alone : bool
        Whether it overlaps no other array of the call.

    Returns
    -------
    list of str
    """
    return [
        f"ptr {'noalias ' if alone else ''}{array_pointer(name)}",
        *(f"i64 {array_size(name, k)}" for k in range(kind.dimensions)),
    ]
