"""The words of kernels, and what one kernel may say with them.

Arguments of kernels fall into records (fields to read and assign), crowds (counts of what others showed) and verbs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

import numpy as np

from glasshouse.model.declarations import Packing

BUILTINS = frozenset({"abs", "any", "min", "max", "int", "float", "bool", "range"})
RECORDS = frozenset({"me", "ahead", "work", "here", "nation", "firm", "p", "total", "reference", "regime"})
CROWDS = frozenset({"contacts", "household"})
VERBS = frozenset({"draw", "add", "send", "read", "write", "tie", "ties"})
ARGUMENTS = RECORDS | CROWDS | VERBS | {"week"}
LOOKING = ("_entity", "_place", "_size", "_plane", "_tie_start", "_ties")
"""What the look at the contacts needs: who looks, his place in a household of what size, shown signals, ties."""


@dataclass(frozen=True)
class SymbolTable:
    """What one kernel may say: the arguments it `takes`, `owned` fields it may assign (by record), its draws, all sums
    and inboxes, by name.

    `known` maps each record to the fields that can be read and `dtypes` says what (record, field) holds; `sums` maps a
    sum to (slot, scale); `channels` maps an inbox to the number of the channel that this kernel posts through;
    `shared_draws` maps a purpose to its word of the call that all share; `others` maps a field of other citizens to the array
    that holds it, in the sequential schedule; `packed` says which fields (record, field) hold several elements in one.
    """

    label: str
    takes: frozenset[str]
    known: Mapping[str, frozenset[str]]
    owned: Mapping[str, frozenset[str]]
    draws: tuple[str, ...]
    sums: Mapping[str, tuple[int, int]]
    channels: Mapping[str, int]
    stream_name: str
    shared_draws: Mapping[str, int] = field(default_factory=dict)
    dtypes: Mapping[tuple[str, str], np.dtype[Any]] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    packed: Mapping[tuple[str, str], Packing] = field(default_factory=dict)


@dataclass
class CompiledFunction:
    """A kernel as source of a function of scalars: its formal arguments, the names it returns, what it leans on."""

    name: str
    source: str = ""
    arguments: list[str] = field(default_factory=list)
    returns: list[str] = field(default_factory=list)
    uses: set[str] = field(default_factory=set)
    helpers: dict[str, FunctionType] = field(default_factory=dict)
    tables: dict[str, Any] = field(default_factory=dict)


def wide(dtype: np.dtype[Any]) -> str:
    """The type that kernels read a field with: float64, int64 or bool."""
    return {"f": "np.float64", "b": "bool"}.get(dtype.kind, "np.int64")


def narrow(dtype: np.dtype[Any], value: str) -> str:
    """Expression for `value` as a field holds it: rounded to its width, cut to a whole number within its range."""
    if dtype.kind == "b":
        return f"bool({value})"
    if dtype.kind == "f":
        return f"np.{dtype.name}(float({value}))"
    if dtype.itemsize == 8:
        return f"_whole({value})"
    limits = np.iinfo(dtype)
    return f"_fit({value}, {limits.min}, {limits.max})"
