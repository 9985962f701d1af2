"""Records as the interpreter gives them to kernels, and their way from and to the arrays of the state."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.errors import CompilationError
from glasshouse.model.packed_numbers import Packing


class RecordView:
    """A record as kernels see it: Python numbers by attribute, vectors by index.

    Parameters
    ----------
    values : dict
        The record's fields, changed in place when a kernel assigns one.
    owned : mapping, optional
        The fields that can be assigned, with what each holds: a whole-number field takes whole numbers within its range, a
        yes-no field yes or no; a real number stays as it is until the week is over.
    label : str, optional
        The kernel's name in messages.
    packed : mapping, optional
        The fields that hold several elements in one number.
    """

    def __init__(
        self,
        values: dict[str, Any],
        owned: Mapping[str, np.dtype[Any]] | None = None,
        label: str = "",
        packed: Mapping[str, Packing] | None = None,
    ) -> None:
        # Past its own __setattr__, which is for kernels.
        object.__setattr__(self, "_values", values)
        object.__setattr__(self, "_packed", packed or {})
        object.__setattr__(self, "_owned", owned or {})
        object.__setattr__(self, "_label", label)

    def __getattr__(self, name: str) -> Any:
        values = self._values
        if name in self._packed:
            return _PackedVector(self, name)
        if name in values:
            return values[name]
        if f"{name}_0" in values:
            return _Vector(self, name)
        raise AttributeError(f"{self._label}: {name} is not there to be read")

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._owned:
            raise CompilationError(f"{self._label} assigns {name}, which it does not own")
        self._values[name] = narrowed(value, self._owned[name])


class _Vector:
    """A vector column or parameter: element k is the field `name_k`.

    Parameters
    ----------
    fields : RecordView
        The record that holds the elements.
    name : str
        Name of the vector, without the number of an element.
    """

    def __init__(self, fields: RecordView, name: str) -> None:
        self.fields, self.name = fields, name

    def __getitem__(self, k: int) -> Any:
        return getattr(self.fields, f"{self.name}_{k}")

    def __setitem__(self, k: int, value: Any) -> None:
        setattr(self.fields, f"{self.name}_{k}", value)

    def __iter__(self) -> Iterator[Any]:
        values = self.fields._values
        return (values[f"{self.name}_{k}"] for k in range(len(values)) if f"{self.name}_{k}" in values)


class _PackedVector:
    """A vector column whose elements share one number.

    Parameters
    ----------
    fields : RecordView
        The record that holds the column.
    name : str
        Name of the column.
    """

    def __init__(self, fields: RecordView, name: str) -> None:
        self.fields, self.name = fields, name
        self.packing: Packing = fields._packed[name]

    def __getitem__(self, k: int) -> int:
        if not 0 <= k < self.packing.length:
            raise LookupError(f"{self.name} has no element {k}")
        return self.packing.element(self.fields._values[self.name], k)

    def __setitem__(self, k: int, value: float) -> None:
        self[k]  # An element that is not there cannot be assigned either.
        setattr(self.fields, self.name, self.packing.replaced(self.fields._values[self.name], k, int(value)))

    def __iter__(self) -> Iterator[int]:
        return (self[k] for k in range(self.packing.length))


def narrowed(value: Any, dtype: np.dtype[Any]) -> Any:
    """A number as a field of that type takes it when a kernel assigns it.

    Parameters
    ----------
    value : object
        A number.
    dtype : numpy.dtype
        How the field is stored.

    Returns
    -------
    object
    """
    if dtype.kind == "b":
        return bool(value)
    if dtype.kind == "f":
        return value
    # Cut to the nearest end, as `_fit` does it in the compiled pass.
    limits = np.iinfo(dtype)
    return min(max(int(value), int(limits.min)), int(limits.max))


def plain(record: Any) -> dict[str, Any]:
    """A record's fields as Python numbers.

    Parameters
    ----------
    record : numpy.void
        A record of a state or trait array.

    Returns
    -------
    dict
    """
    return dict(zip(record.dtype.names, record.item(), strict=True))


def store(record: Any, values: Mapping[str, Any]) -> None:
    """Puts the values into the record's fields, each rounded to its width.

    Parameters
    ----------
    record : numpy.void
        A record of a state array, changed in place.
    values : mapping
        Its fields; what is missing becomes 0.
    """
    # A float beyond float32 becomes infinite in the compiled pass, without a warning.
    with np.errstate(over="ignore"):
        for name in record.dtype.names:
            record[name] = values.get(name, 0)


def signals_of(layout: ModelLayout, words: Any, i: int) -> dict[str, bool]:
    """The signals of citizen i in the packed words of shown signals.

    Parameters
    ----------
    layout : ModelLayout
        The model.
    words : array of uint64
        Packed words of shown signals.
    i : int
        The citizen.

    Returns
    -------
    dict of str to bool
    """
    per_word = 64 // layout.bits
    own = int(words[i // per_word]) >> (i % per_word * layout.bits)
    return {name: bool(own >> bit & 1) for bit, name in enumerate(signal.name for signal in layout.signals)}


def show(layout: ModelLayout, words: Any, i: int, values: Mapping[str, Any]) -> None:
    """Puts the signals of citizen i into the packed words.

    Parameters
    ----------
    layout : ModelLayout
        The model.
    words : array of uint64
        Packed words of shown signals, changed in place.
    i : int
        The citizen.
    values : mapping
        The citizen's signals, by name.
    """
    per_word = 64 // layout.bits
    shift = i % per_word * layout.bits
    bits = sum(int(bool(values[name])) << bit for bit, name in enumerate(signal.name for signal in layout.signals))
    other_bits = int(words[i // per_word]) & ~(((1 << layout.bits) - 1) << shift)
    words[i // per_word] = np.uint64(other_bits | bits << shift)
