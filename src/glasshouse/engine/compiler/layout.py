"""What a model is compiled from: its memory layout, and the names that each kernel may use.

A `ModelLayout` is computed once from the mechanisms and then handed to all that compile, store, record or describe them.
What a kernel may name follows from who declares what.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from glasshouse.engine.compiler.agent_access import VERBS
from glasshouse.engine.compiler.checks import faults
from glasshouse.engine.compiler.memory_layout import MemoryLayout
from glasshouse.engine.compiler.records import INDEX, columns_of, fields
from glasshouse.engine.compiler.rewrite import rewrite
from glasshouse.engine.compiler.source import is_shipped
from glasshouse.engine.compiler.symbols import CROWDS, CompiledFunction, Symbol, SymbolTable
from glasshouse.errors import CompilationError
from glasshouse.model.component import KERNELS, Component
from glasshouse.model.declarations import Column

SIGNALS_PER_WORD = 4
"""Signals that one 64-bit word counts at a time, 16 bits each: a citizen may have up to 65,535 contacts."""

COMMON = frozenset({"here", "nation", "p", "draw", "add", "week"})
ARGUMENTS = {
    "citizen": ("me", COMMON | {"me", "ahead", "work", "contacts", "household", "send"}),
    "firm": ("firm", COMMON | {"firm"}),
    "district": ("here", COMMON | {"total"}),
    "centre": ("nation", COMMON - {"here"} | {"total"}),
}
"""The record that each kind of kernel may assign to, and the arguments that it may ask for."""


RECORD_KINDS = {
    "me": "citizen", "ahead": "citizen", "firm": "firm", "work": "firm", "here": "district", "nation": "centre",
}  # fmt: skip
"""The kind of entity whose columns each record of a kernel holds."""


@dataclass(frozen=True)
class ModelLayout(MemoryLayout):
    """Mechanisms in week order with the layout of everything they own, and with the names that their kernels may use.

    Parameters
    ----------
    mechanisms : tuple of mechanism classes
        In the order in which their kernels run.
    traits, district_traits, firm_traits : numpy.dtype
        Record types of what synthesis gives a citizen, district and firm.
    schedule : {"synchronous", "sequential"}
        What citizens see of one another. Synchronous: all of last week's signals, so that their order means nothing.
        Sequential: one citizen acts after the other, in an order drawn anew each week; each sees the present signals and
        has `read`, `write`, `tie` and `ties` of other citizens (see `agent_access`).

    Raises
    ------
    CompilationError
        If the mechanisms do not fit together; the message names every fault.
    """

    def __post_init__(self) -> None:
        traits = {"citizen": self.traits, "firm": self.firm_traits, "district": self.district_traits}
        found = faults(self.mechanisms, traits)
        if found:
            raise CompilationError("\n".join(found))

    def symbol_table(self, mechanism: type[Component], kind: str) -> SymbolTable:
        """What the mechanism's kernel of that kind may read, assign, draw, add to and send.

        Parameters
        ----------
        mechanism : Component class
            One of the mechanisms.
        kind : str
            One of `KERNELS`.

        Returns
        -------
        SymbolTable
        """
        owned = frozenset(name for column in columns_of(mechanism, kind) for name in column.fields())
        if kind == "citizen":
            # Signals are assigned like columns, but stored as bits.
            owned |= {signal.name for signal in mechanism.signals}
        record_name, takes = ARGUMENTS[kind]
        dtypes = self.dtypes(mechanism)
        # Only in turns does another citizen's state have one meaning, whatever the order of threads.
        in_turn = kind == "citizen" and self.schedule == "sequential"
        return SymbolTable(
            label=f"{mechanism.name}.{kind}",
            takes=takes | VERBS if in_turn else takes,
            known={word: frozenset(symbol.field for symbol in dtypes if symbol.record == word) for word in takes},
            owned={record_name: owned},
            draws=mechanism.draws,
            # A sum belongs to who declares it: nobody else can change what measures make of it.
            sums={total.name: (slot, total.scale) for slot, total in enumerate(self.sums) if total in mechanism.sums},
            channels={inbox: n for n, (sender, inbox) in enumerate(self.channels) if sender == mechanism.name},
            stream_name=mechanism.stream_name(kind),
            shared_draws=dict(mechanism.shared_draws) if kind == "citizen" else {},
            dtypes=dtypes,
            packed={
                Symbol(word, name): p for word, of in RECORD_KINDS.items() for name, p in self.packings[of].items()
            },
            others=self.arrays if in_turn else {},
            checks_sums=not is_shipped(mechanism.__module__),
        )

    def dtypes(self, mechanism: type[Component]) -> dict[Symbol, np.dtype[Any]]:
        """What each field of each record holds, as the mechanism's kernels see them.

        Parameters
        ----------
        mechanism : Component class
            The mechanism whose parameters are meant by `p`.

        Returns
        -------
        dict
            How each field that its kernels can name is stored.
        """
        shown = {signal.name: np.dtype("?") for signal in self.signals}
        firm = {**fields(self.firm_traits), **fields(self.firm)}
        records: dict[str, Mapping[str, np.dtype[Any]]] = {
            "me": {**fields(self.traits), **fields(self.state), **shown, INDEX: np.dtype("i8")},
            "ahead": fields(self.state),
            "here": {**fields(self.district_traits), **fields(self.district)},
            "nation": fields(self.centre),
            "firm": firm,
            "work": firm,
            "p": {name: np.dtype("f8") for owner, name in self.slots if owner == mechanism.name},
            "total": {total.name: np.dtype("i8" if total.scale == 1 else "f8") for total in self.sums},
            **{crowd: {name: np.dtype("i8") for name in (*shown, "number")} for crowd in CROWDS},
        }
        return {Symbol(record, name): dtype for record, columns in records.items() for name, dtype in columns.items()}

    def kernels(self, kind: str) -> tuple[tuple[type[Component], CompiledFunction], ...]:
        """The kernels of one kind (one of `KERNELS`) in week order, each with its mechanism, rewritten.

        Parameters
        ----------
        kind : str
            One of `KERNELS`.

        Returns
        -------
        tuple of (Component class, CompiledFunction)
        """
        return self._kernels[kind]

    @cached_property
    def membership(self) -> Column | None:
        """The column that says who is a recipient this week.

        Returns
        -------
        Column or None
            None if no mechanism has one.
        """
        return next((column for m in self.mechanisms for column in m.columns if column.members), None)

    @cached_property
    def _kernels(self) -> dict[str, tuple[tuple[type[Component], CompiledFunction], ...]]:
        found = {}
        for kind in KERNELS:
            pairs = [(mechanism, mechanism.kernel(kind)) for mechanism in self.mechanisms]
            found[kind] = tuple(
                (mechanism, rewrite(kernel, f"{mechanism.name}__{kind}", self.symbol_table(mechanism, kind)))
                for mechanism, kernel in pairs
                if kernel is not None
            )
        return found


def digest(text: str) -> str:
    """Name of a source text: 20 hexadecimal digits that change with any character of it.

    Parameters
    ----------
    text : str
        A source text.

    Returns
    -------
    str
    """
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()
