"""The memory layout of a model: every column, signal, sum, channel and parameter of its mechanisms has a place.

A `ModelLayout` is computed once from the mechanisms and then handed to all that compile, store, record or describe them.
It also gives each kernel its symbol table, since what a kernel may name follows from who declares what.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.compiler import packing
from glasshouse.engine.compiler.agent_access import VERBS
from glasshouse.engine.compiler.checks import faults
from glasshouse.engine.compiler.effects import inboxes_sent
from glasshouse.engine.compiler.records import INDEX, columns_of, fields, record
from glasshouse.engine.compiler.rewrite import rewrite
from glasshouse.engine.compiler.symbols import CROWDS, CompiledFunction, Symbol, SymbolTable
from glasshouse.errors import CompilationError
from glasshouse.model.component import KERNELS, Component
from glasshouse.model.declarations import Signal, Sum
from glasshouse.model.entities import CITIZEN, DISTRICT, FIRM
from glasshouse.model.packed_numbers import Packing

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
class ModelLayout:
    """Mechanisms in week order with the layout of everything they own.

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

    mechanisms: tuple[type[Component], ...]
    traits: np.dtype[Any] = CITIZEN
    district_traits: np.dtype[Any] = DISTRICT
    firm_traits: np.dtype[Any] = field(default=FIRM, kw_only=True)
    schedule: Literal["synchronous", "sequential"] = "synchronous"

    def __post_init__(self) -> None:
        traits = {"citizen": self.traits, "firm": self.firm_traits, "district": self.district_traits}
        found = faults(self.mechanisms, traits)
        if found:
            raise CompilationError("\n".join(found))

    @cached_property
    def state(self) -> np.dtype[Any]:
        """Record type of a citizen's columns and inboxes.

        Returns
        -------
        numpy.dtype
            One field for each stored value, inboxes first.
        """
        # Inboxes are stored like columns, so that one store clears and one load reads them.
        inboxes = [inbox.column() for m in self.mechanisms for inbox in m.inboxes]
        return record(inboxes + [column for m in self.mechanisms for column in m.columns])

    @cached_property
    def firm(self) -> np.dtype[Any]:
        """Record type of a firm's columns.

        Returns
        -------
        numpy.dtype
            One field for each stored value.
        """
        return record([column for m in self.mechanisms for column in m.firm_columns])

    @cached_property
    def district(self) -> np.dtype[Any]:
        """Record type of a district's columns.

        Returns
        -------
        numpy.dtype
            One field for each stored value.
        """
        return record([column for m in self.mechanisms for column in m.district_columns])

    @cached_property
    def centre(self) -> np.dtype[Any]:
        """Record type of the centre's columns.

        Returns
        -------
        numpy.dtype
            One field for each stored value.
        """
        return record([column for m in self.mechanisms for column in m.centre_columns])

    @cached_property
    def signals(self) -> tuple[Signal, ...]:
        """All signals of the mechanisms.

        Returns
        -------
        tuple of Signal
            The signals; the position of a signal is its bit.
        """
        return tuple(signal for m in self.mechanisms for signal in m.signals)

    @cached_property
    def bits(self) -> int:
        """Bits of a word of shown signals that one citizen takes.

        Returns
        -------
        int
            1, 2, 4 or 8.
        """
        # A power of two, so that no citizen's signals lie across two words.
        return next(bits for bits in (1, 2, 4, 8) if bits >= len(self.signals))

    @cached_property
    def sums(self) -> tuple[Sum, ...]:
        """All sums of the mechanisms.

        Returns
        -------
        tuple of Sum
            The sums; the position of a sum is its slot.
        """
        return tuple(total for m in self.mechanisms for total in m.sums)

    @cached_property
    def channels(self) -> tuple[tuple[str, str], ...]:
        """Sender and inbox for each way that something is sent.

        Returns
        -------
        tuple of (str, str)
            Pairs of the sending mechanism and the inbox; the position of a pair is its channel.
        """
        # A channel for each sender and inbox: then each block has room for one letter a citizen, and none can overflow.
        inboxes = [inbox.name for m in self.mechanisms for inbox in m.inboxes]
        found = []
        for mechanism in self.mechanisms:
            kernel = mechanism.kernel("citizen")
            sent = inboxes_sent(kernel) if kernel else set()
            found += [(mechanism.name, inbox) for inbox in inboxes if inbox in sent]
        return tuple(found)

    @cached_property
    def slots(self) -> dict[tuple[str, str], int]:
        """Position of each parameter; each element of a vector has its own.

        Returns
        -------
        dict of (str, str) to int
            Position of each parameter by mechanism and field.
        """
        found: dict[tuple[str, str], int] = {}
        for mechanism in self.mechanisms:
            # Defaults stand for all tables: which parameters there are does not depend on their values.
            for name, value in mechanism().values().items():
                names = [f"{name}_{k}" for k in range(len(value))] if isinstance(value, tuple) else [name]
                for field_name in names:
                    found[mechanism.name, field_name] = len(found)
        return found

    def pack(self, mechanisms: Iterable[Component]) -> NDArray[np.float64]:
        """The parameter vector for these tables.

        Parameters
        ----------
        mechanisms : iterable of Component
            The tables of a scenario.

        Returns
        -------
        array of float64, shape (slots,)
        """
        packed = np.zeros(len(self.slots))
        for mechanism in mechanisms:
            for name, value in mechanism.values().items():
                elements = value if isinstance(value, tuple) else (value,)
                suffixes = [f"_{k}" for k in range(len(elements))] if isinstance(value, tuple) else [""]
                for suffix, element in zip(suffixes, elements, strict=True):
                    packed[self.slots[mechanism.name, name + suffix]] = element
        return packed

    def initial(self, kind: str, size: int) -> NDArray[np.void]:
        """Fresh records of one kind (one of `KERNELS`), each column at its initial value.

        Parameters
        ----------
        kind : str
            One of `KERNELS`.
        size : int
            How many records.

        Returns
        -------
        structured array, shape (size,)
        """
        types = {"citizen": self.state, "firm": self.firm, "district": self.district, "centre": self.centre}
        records = np.zeros(size, types[kind])
        for mechanism in self.mechanisms:
            for column in columns_of(mechanism, kind):
                for name in column.fields():
                    records[name] = packing.spread(column.initial, column.packing)
        return records

    @cached_property
    def arrays(self) -> dict[str, str]:
        """Array of the pass that holds each field of a citizen.

        Returns
        -------
        dict of str to str
            `_traits` or `_state` for each field; packed fields are left out.
        """
        # A packed field means nothing to `read`, which names no element.
        plain = [name for name in fields(self.state) if name not in self.packings["citizen"]]
        return {**dict.fromkeys(fields(self.traits), "_traits"), **dict.fromkeys(plain, "_state")}

    @cached_property
    def packings(self) -> dict[str, dict[str, Packing]]:
        """The packed columns and inboxes in the records of each kind.

        Returns
        -------
        dict of str to dict of str to Packing
            For each kind of kernel (one of `KERNELS`), the packing of each packed column by name.
        """
        found: dict[str, dict[str, Packing]] = {}
        for kind in KERNELS:
            columns = [column for m in self.mechanisms for column in columns_of(m, kind)]
            if kind == "citizen":
                columns += [inbox.column() for m in self.mechanisms for inbox in m.inboxes]
            found[kind] = {column.name: column.packing for column in columns if column.packing is not None}
        return found

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
            sums={total.name: (slot, total.scale) for slot, total in enumerate(self.sums)},
            channels={inbox: n for n, (sender, inbox) in enumerate(self.channels) if sender == mechanism.name},
            stream_name=mechanism.stream_name(kind),
            shared_draws=dict(mechanism.shared_draws) if kind == "citizen" else {},
            dtypes=dtypes,
            packed={
                Symbol(word, name): p for word, of in RECORD_KINDS.items() for name, p in self.packings[of].items()
            },
            others=self.arrays if in_turn else {},
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
        return {Symbol(record, name): dtype for record, held in records.items() for name, dtype in held.items()}

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
