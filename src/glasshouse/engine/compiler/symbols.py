"""The names that kernels use, and how each stands in generated source.

Arguments of kernels fall into records (fields to read and assign), crowds (counts of signals among other citizens) and
verbs. A field of a record becomes one variable of the generated function, described by a `Symbol`; whatever else the
function takes from the loop around it is a plain name that begins with an underscore, which no kernel can use.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.packed_numbers import Packing

BUILTINS = frozenset({"abs", "any", "min", "max", "int", "float", "bool", "range"})
RECORDS = frozenset({"me", "ahead", "work", "here", "nation", "firm", "p", "total", "reference", "regime"})
CROWDS = frozenset({"contacts", "household"})
VERBS = frozenset({"draw", "add", "send", "read", "write", "tie", "ties"})
ARGUMENTS = RECORDS | CROWDS | VERBS | {"week"}

SUM_LIMIT = 2**62
"""Size that no sum reaches: half of what 64 bits hold, so that one more addition cannot wrap around."""

COUNTED = "_counted"
"""Variable of the loop over citizens: whether the signals of this citizen's contacts have been counted already."""

CONTACT_ARRAYS = ("_entity", "_place", "_size", "_plane", "_tie_start", "_ties")
"""What counting signals needs: the citizen, their place in a household of what size, shown signals, ties."""


@dataclass(frozen=True, order=True)
class Symbol:
    """A field of a record, as a kernel names it and as generated source does.

    Parameters
    ----------
    record : str
        The kernel's argument: one of `RECORDS` or `CROWDS`.
    field : str
        The field; an element of a vector column has its number appended (`right_2`).
    """

    record: str
    field: str

    @property
    def identifier(self) -> str:
        """The variable that holds it in generated source."""
        return f"{self.record}_{self.field}"

    def __str__(self) -> str:
        return f"{self.record}.{self.field}"


def identifier(path: str) -> str:
    """A dotted path as one name, so that things of one name in two modules stay apart.

    Parameters
    ----------
    path : str
        A module and a name in it, with dots between them.

    Returns
    -------
    str
    """
    return path.replace(".", "__").replace("<", "").replace(">", "")


def shared_word(word: int) -> str:
    """The variable that holds one word of the generator call that all citizen kernels share.

    Parameters
    ----------
    word : int
        0 to 3.

    Returns
    -------
    str
    """
    return f"_shared_word{word}"


@dataclass(frozen=True)
class SymbolTable:
    """What one kernel may name: a helper function has an empty one.

    Parameters
    ----------
    label : str
        The kernel's name in messages.
    takes : frozenset of str
        Arguments that it may ask for; none for a helper.
    known : mapping
        For each record the fields that can be read.
    owned : mapping
        For each record the fields that can be assigned.
    draws : tuple of str
        Purposes that it may draw for, in the order of the stream.
    sums : mapping
        Slot and scale of each sum.
    channels : mapping
        For each inbox that it sends to, the channel that carries what it sends.
    stream_name : str
        Name of the stream of its draws.
    shared_draws : mapping
        For each purpose that is drawn from the shared generator call, the word of that call.
    dtypes : mapping
        How each field is stored.
    others : mapping
        For each field of other citizens that `read` gives, the array that holds it (sequential schedule alone).
    packed : mapping
        The fields that hold several elements in one number.
    checks_sums : bool
        Whether additions to sums stop at `SUM_LIMIT` instead of wrapping around.
    """

    label: str
    takes: frozenset[str] = frozenset()
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)
    owned: Mapping[str, frozenset[str]] = field(default_factory=dict)
    draws: tuple[str, ...] = ()
    sums: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    channels: Mapping[str, int] = field(default_factory=dict)
    stream_name: str = ""
    shared_draws: Mapping[str, int] = field(default_factory=dict)
    dtypes: Mapping[Symbol, np.dtype[Any]] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    packed: Mapping[Symbol, Packing] = field(default_factory=dict)
    checks_sums: bool = False

    @cached_property
    def owned_types(self) -> dict[str, dict[str, np.dtype[Any]]]:
        """How each field that can be assigned is stored.

        Returns
        -------
        dict of str to dict of str to numpy.dtype
            For each record, the type of each field.
        """
        return {word: {name: self.dtypes[Symbol(word, name)] for name in names} for word, names in self.owned.items()}

    @cached_property
    def packings(self) -> dict[str, dict[str, Packing]]:
        """The fields that hold several elements in one number.

        Returns
        -------
        dict of str to dict of str to Packing
            For each record that can be assigned, the packing of each such field.
        """
        return {
            word: {symbol.field: packing for symbol, packing in self.packed.items() if symbol.record == word}
            for word in self.owned
        }

    def whole_numbers(self) -> set[str]:
        """Variables that hold whole numbers or Booleans when the kernel begins.

        Returns
        -------
        set of str
            Identifiers of the variables, `week` included.
        """
        return {symbol.identifier for symbol, dtype in self.dtypes.items() if dtype.kind in "biu"} | {"week"}


@dataclass
class CompiledFunction:
    """A kernel or helper as source of a function of scalars, with all that its caller must give and take.

    Parameters
    ----------
    name : str
        Its name in the generated file.
    source : str
        Its text.
    fields : set of Symbol
        Fields that it is given as arguments; what it assigns is among them, so that every way through it returns a value.
    assigned : set of Symbol
        Fields that it returns.
    loop_variables : set of str
        Names of the loop that it is given, after the fields.
    shared_words : set of int
        Words of the shared generator call among them.
    counts_contacts : bool
        Whether it may count signals, and so returns the counts.
    helpers : dict
        Helper functions that it calls, by their names in the generated file.
    tables : dict
        Tables that it reads, by their names in the generated file.
    """

    name: str
    source: str = ""
    fields: set[Symbol] = field(default_factory=set)
    assigned: set[Symbol] = field(default_factory=set)
    loop_variables: set[str] = field(default_factory=set)
    shared_words: set[int] = field(default_factory=set)
    counts_contacts: bool = False
    helpers: dict[str, FunctionType] = field(default_factory=dict)
    tables: dict[str, NDArray[Any]] = field(default_factory=dict)

    @property
    def arguments(self) -> list[str]:
        """Its formal arguments, in order."""
        return [*(symbol.identifier for symbol in sorted(self.fields)), *sorted(self.loop_variables)]

    @property
    def returns(self) -> list[str]:
        """The names of what it returns, in order."""
        return [*(symbol.identifier for symbol in sorted(self.assigned)), *([COUNTED] if self.counts_contacts else [])]


def wide(dtype: np.dtype[Any]) -> str:
    """The type that kernels read a field with: float64, int64 or bool.

    Parameters
    ----------
    dtype : numpy.dtype
        How the field is stored.

    Returns
    -------
    str
    """
    # One width for each kind, so that types do not depend on how a column is stored.
    return {"f": "np.float64", "b": "bool"}.get(dtype.kind, "np.int64")


def narrow(dtype: np.dtype[Any], value: str) -> str:
    """Expression for `value` as a field holds it: rounded to its width, cut to a whole number within its range.

    Parameters
    ----------
    dtype : numpy.dtype
        How the field is stored.
    value : str
        Expression for the value.

    Returns
    -------
    str
    """
    if dtype.kind == "b":
        return f"bool({value})"
    if dtype.kind == "f":
        return f"np.{dtype.name}(float({value}))"
    # No literal can say the ends of 64 bits as floats without rounding beyond them.
    if dtype.itemsize == 8:
        return f"_whole({value})"
    limits = np.iinfo(dtype)
    return f"_fit({value}, {limits.min}, {limits.max})"
