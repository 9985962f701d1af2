"""Fits mechanisms together: checks them, lays out the state, and chains their kernels into one pass as source text.

The pass is written as a small Python file that needs nothing but NumPy, so that its name, the hash of its text, changes
whenever any kernel, helper or table in it changes. The same text serves threads and a graphics card; only the decorator
differs. Nothing here compiles or runs anything: that is `backends`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import FunctionType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.compiler import packing
from glasshouse.engine.compiler.agent_access import VERBS
from glasshouse.engine.compiler.rewrite import helper_source, inboxes_sent, kernel_effects, rewrite
from glasshouse.engine.compiler.symbols import CROWDS, CompiledFunction, SymbolTable
from glasshouse.errors import CompilationError
from glasshouse.model.component import KERNELS, Component
from glasshouse.model.declarations import Column, Packing, Signal, Sum
from glasshouse.model.entities import CITIZEN, DISTRICT, FIRM
from glasshouse.model.statistic import Statistic
from glasshouse.rng import WORDS

LANES = 4
"""Signals that one 64-bit word counts at a time, 16 bits each: a citizen may have up to 65,535 contacts."""

STORED = ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "f4", "f8")
"""Types that a column can have."""

INDEX = "index"
"""The field of `me` that gives the citizen's own number, which nobody declares."""

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
    """Mechanisms in week order with the layout of everything they keep.

    `state`, `firm`, `district`, `centre` are the record types of a citizen's, a firm's, a district's and the centre's
    columns; `sums`, `signals` and `channels` are in storage order; `slots` gives each parameter its place in the
    parameter vector.

    `schedule` says what citizens see of one another: «synchronous», all of last week's signals, so that their order
    means nothing; or «sequential», one citizen after the other in an order drawn anew each week, the present signals,
    and `read`, `write`, `tie` and `ties` of other citizens (see `others`).
    """

    mechanisms: tuple[type[Component], ...]
    traits: np.dtype[Any] = CITIZEN
    district_traits: np.dtype[Any] = DISTRICT
    firm_traits: np.dtype[Any] = field(default=FIRM, kw_only=True)
    schedule: Literal["synchronous", "sequential"] = "synchronous"

    def __post_init__(self) -> None:
        faults = [*_owners(self), *_names(self), *_draws(self), *_statistics(self)]
        if len(self.signals) > 2 * LANES:
            faults.append(f"{len(self.signals)} signals are shown; a citizen can show {2 * LANES} at most.")
        if faults:
            raise CompilationError("\n".join(faults))

    @cached_property
    def state(self) -> np.dtype[Any]:
        """Record of a citizen's changing columns, widest fields first so that none is misaligned."""
        inboxes = [inbox.column() for m in self.mechanisms for inbox in m.inboxes]
        return record(inboxes + [column for m in self.mechanisms for column in m.columns])

    @cached_property
    def firm(self) -> np.dtype[Any]:
        """Record of a firm's changing columns."""
        return record([column for m in self.mechanisms for column in m.firm_columns])

    @cached_property
    def district(self) -> np.dtype[Any]:
        """Record of a district's changing columns."""
        return record([column for m in self.mechanisms for column in m.district_columns])

    @cached_property
    def centre(self) -> np.dtype[Any]:
        """Record of the centre's columns."""
        return record([column for m in self.mechanisms for column in m.centre_columns])

    @cached_property
    def signals(self) -> tuple[Signal, ...]:
        """All signals; the place is the bit."""
        return tuple(signal for m in self.mechanisms for signal in m.signals)

    @cached_property
    def bits(self) -> int:
        """Bits of a word of shown signals that one citizen takes: 1, 2, 4 or 8."""
        return next(bits for bits in (1, 2, 4, 8) if bits >= len(self.signals))

    @cached_property
    def sums(self) -> tuple[Sum, ...]:
        """All sums; the place is the slot."""
        return tuple(total for m in self.mechanisms for total in m.sums)

    @cached_property
    def channels(self) -> tuple[tuple[str, str], ...]:
        """(sender, inbox) for each way that something is sent; the place is the channel."""
        inboxes = [inbox.name for m in self.mechanisms for inbox in m.inboxes]
        found = []
        for mechanism in self.mechanisms:
            kernel = mechanism.kernel("citizen")
            sent = inboxes_sent(kernel) if kernel else set()
            found += [(mechanism.name, inbox) for inbox in inboxes if inbox in sent]
        return tuple(found)

    @cached_property
    def slots(self) -> dict[tuple[str, str], int]:
        """Place of each parameter, one for each element of a vector, as (mechanism, field)."""
        found: dict[tuple[str, str], int] = {}
        for mechanism in self.mechanisms:
            for name, value in mechanism().values().items():
                names = [f"{name}_{k}" for k in range(len(value))] if isinstance(value, tuple) else [name]
                for field_name in names:
                    found[mechanism.name, field_name] = len(found)
        return found

    def pack(self, mechanisms: Iterable[Component]) -> NDArray[np.float64]:
        """The parameter vector for these tables."""
        packed = np.zeros(len(self.slots))
        for mechanism in mechanisms:
            for name, value in mechanism.values().items():
                elements = value if isinstance(value, tuple) else (value,)
                suffixes = [f"_{k}" for k in range(len(elements))] if isinstance(value, tuple) else [""]
                for suffix, element in zip(suffixes, elements, strict=True):
                    packed[self.slots[mechanism.name, name + suffix]] = element
        return packed

    def initial(self, kind: str, size: int) -> NDArray[np.void]:
        """Fresh records of one kind (one of `KERNELS`), each column at its initial value."""
        types = {"citizen": self.state, "firm": self.firm, "district": self.district, "centre": self.centre}
        records = np.zeros(size, types[kind])
        for mechanism in self.mechanisms:
            for column in columns_of(mechanism, kind):
                for name in column.fields():
                    records[name] = packing.spread(column.initial, column.packing)
        return records

    @cached_property
    def arrays(self) -> dict[str, str]:
        """Array of the pass that holds each field of a citizen."""
        plain = [name for name in fields(self.state) if name not in self.packings["citizen"]]
        return {**dict.fromkeys(fields(self.traits), "_traits"), **dict.fromkeys(plain, "_state")}

    @cached_property
    def packings(self) -> dict[str, dict[str, Packing]]:
        """The packed columns and inboxes in the records of each kind (one of `KERNELS`)."""
        found: dict[str, dict[str, Packing]] = {}
        for kind in KERNELS:
            columns = [column for m in self.mechanisms for column in columns_of(m, kind)]
            if kind == "citizen":
                columns += [inbox.column() for m in self.mechanisms for inbox in m.inboxes]
            found[kind] = {column.name: column.packing for column in columns if column.packing is not None}
        return found

    def vocabulary(self, mechanism: type[Component], kind: str) -> SymbolTable:
        """What the mechanism's kernel of that kind may read, assign, draw, add to and send."""
        fields = frozenset(name for column in columns_of(mechanism, kind) for name in column.fields())
        if kind == "citizen":
            fields |= {signal.name for signal in mechanism.signals}
        record_name, takes = ARGUMENTS[kind]
        dtypes = self.dtypes(mechanism)
        in_turn = kind == "citizen" and self.schedule == "sequential"
        return SymbolTable(
            label=f"{mechanism.name}.{kind}",
            takes=takes | VERBS if in_turn else takes,
            known={word: frozenset(name for record, name in dtypes if record == word) for word in takes},
            owned={record_name: fields},
            draws=mechanism.draws,
            sums={total.name: (slot, total.scale) for slot, total in enumerate(self.sums)},
            channels={inbox: n for n, (sender, inbox) in enumerate(self.channels) if sender == mechanism.name},
            stream_name=mechanism.stream_name(kind),
            shared_draws=dict(mechanism.shared_draws) if kind == "citizen" else {},
            dtypes=dtypes,
            packed={(word, name): p for word, of in RECORD_KINDS.items() for name, p in self.packings[of].items()},
            others=self.arrays if in_turn else {},
        )

    def dtypes(self, mechanism: type[Component]) -> dict[tuple[str, str], np.dtype[Any]]:
        """What each field of each record holds, as the mechanism's kernels see them."""
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
        return {(record, name): dtype for record, held in records.items() for name, dtype in held.items()}

    def kernels(self, kind: str) -> list[tuple[type[Component], CompiledFunction]]:
        """The kernels of one kind in week order, rewritten."""
        found = []
        for mechanism in self.mechanisms:
            kernel = mechanism.kernel(kind)
            if kernel is not None:
                name = f"{mechanism.name}__{kind}"
                found.append((mechanism, rewrite(kernel, name, self.vocabulary(mechanism, kind))))
        return found


def record(columns: Sequence[Column]) -> np.dtype[Any]:
    """Record type of the columns, widest first; an empty one keeps a padding byte, since NumPy has no empty records."""
    fields = [item for column in columns for item in column.fields().items()]
    fields.sort(key=lambda item: -np.dtype(item[1]).itemsize)
    return np.dtype(fields or [("nothing", "u1")], align=True)


def fields(dtype: np.dtype[Any]) -> dict[str, np.dtype[Any]]:
    """The fields of a record type with what each holds."""
    return {name: dtype[name] for name in dtype.names or ()}


def columns_of(mechanism: type[Component], kind: str) -> tuple[Column, ...]:
    """The columns that a mechanism owns in the records of one kind."""
    return {
        "citizen": mechanism.columns,
        "firm": mechanism.firm_columns,
        "district": mechanism.district_columns,
        "centre": mechanism.centre_columns,
    }[kind]


def digest(text: str) -> str:
    """Name of a source text: 20 hexadecimal digits that change with any character of it."""
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


def _owners(layout: ModelLayout) -> Iterator[str]:
    """Faults of ownership: one writer for each column, one declaration for each name."""
    taken = {("citizen", name): "the traits" for name in layout.traits.names or ()}
    if ("citizen", INDEX) in taken:
        yield f"a trait is called {INDEX}, which is what a kernel reads a citizen's own number as. Give it another name."
    taken["citizen", INDEX] = "every citizen, as his own number"
    taken |= {("firm", name): "the traits" for name in layout.firm_traits.names or ()}
    taken |= {("district", name): "the traits" for name in layout.district_traits.names or ()}
    for mechanism in layout.mechanisms:
        declared = [(kind, name) for kind in KERNELS for c in columns_of(mechanism, kind) for name in c.fields()]
        declared += [("citizen", signal.name) for signal in mechanism.signals]
        declared += [("citizen", inbox.name) for inbox in mechanism.inboxes]
        declared += [("sum", total.name) for total in mechanism.sums]
        for kind, name in declared:
            if (kind, name) in taken:
                what = name if kind == "sum" else f"column {name}"
                owner = taken[kind, name]
                yield f"{kind} {what} is declared by {mechanism.name}, but it belongs to {owner}. Give it another name."
            taken[kind, name] = mechanism.name


def _names(layout: ModelLayout) -> Iterator[str]:
    """Faults of the words themselves: names that source text cannot hold, types that the pass cannot store."""
    seen: set[str] = set()
    for mechanism in layout.mechanisms:
        if mechanism.name in seen or not mechanism.name.isidentifier():
            yield f"a mechanism is called {mechanism.name!r}. Give each a plain name of its own."
        seen.add(mechanism.name)
        columns = [column for kind in KERNELS for column in columns_of(mechanism, kind)]
        names = [c.name for c in columns] + [s.name for s in mechanism.signals] + [i.name for i in mechanism.inboxes]
        for name in names:
            if not name.isidentifier() or name.startswith("_") or name == "number":
                yield f"{mechanism.name} declares {name!r}, which cannot name a field. Choose a plain name."
        for column in columns:
            if column.dtype not in STORED:
                yield f"column {column.name} of {mechanism.name} is of type {column.dtype!r}. Take {', '.join(STORED)}."
            elif column.packed and not packing.fits(column):
                yield (
                    f"column {column.name} of {mechanism.name} cannot be packed: {column.length} elements of type "
                    f"{column.dtype!r}. Pack two or more unsigned elements (u1, u2) that fit 32 bits together."
                )
        for inbox in mechanism.inboxes:
            if not 1 <= inbox.length <= 4:
                yield f"inbox {inbox.name} of {mechanism.name} has {inbox.length} elements. Take 1 to 4."
    for traits in (layout.traits, layout.firm_traits, layout.district_traits):
        for name, dtype in fields(traits).items():
            if dtype.str.lstrip("<|=") not in (*STORED, "b1"):
                yield f"trait {name} is of type {dtype}. Take {', '.join(STORED)}."


def _draws(layout: ModelLayout) -> Iterator[str]:
    """Faults of the draws: a stream or a word for two, a purpose twice."""
    words: dict[int, str] = {}
    keys: dict[str, str] = {}
    for mechanism in layout.mechanisms:
        key = mechanism.stream_key or mechanism.name
        taken = keys.setdefault(key, mechanism.name)
        if taken != mechanism.name:
            yield f"{mechanism.name} draws from the stream {key}, which belongs to {taken}. Give it another stream_key."
        purposes = [*mechanism.draws, *mechanism.shared_draws]
        for purpose in {purpose for purpose in purposes if purposes.count(purpose) > 1}:
            yield f"{mechanism.name} declares the draw {purpose} more than once."
        for purpose, word in mechanism.shared_draws.items():
            taken = words.setdefault(word, mechanism.name)
            if taken != mechanism.name or not 0 <= word < WORDS:
                yield (
                    f"{mechanism.name} draws {purpose} from shared word {word}, which belongs to {taken}. "
                    f"There are words 0 to {WORDS - 1}; declare the purpose under «draws» if none is free."
                )


def _statistics(layout: ModelLayout) -> Iterator[str]:
    """Faults of statistics: one that acts on others, or on which something else rests."""
    counted: dict[str, str] = {}
    for component in layout.mechanisms:
        if issubclass(component, Statistic):
            if component.signals or component.inboxes:
                yield f"statistic {component.name} declares signals or inboxes. Make it a Component, or take them out."
            columns = [name for kind in KERNELS for c in columns_of(component, kind) for name in (c.name, *c.fields())]
            counted |= dict.fromkeys((*columns, *(total.name for total in component.sums)), component.name)
    for component in layout.mechanisms:
        for kind in KERNELS:
            kernel = component.kernel(kind)
            if kernel is None:
                continue
            effects = kernel_effects(kernel)
            if effects.sends and issubclass(component, Statistic):
                yield f"statistic {component.name} sends to {', '.join(effects.sends)}. Make it a Mechanism."
            read = sorted(name for _, name in effects.reads if counted.get(name, component.name) != component.name)
            for name in read:
                yield (
                    f"{component.name}.{kind} reads {name} of the statistic {counted[name]}, which nothing may read. "
                    f"Move {name} to a Mechanism."
                )


def helpers_of(kernels: Iterable[CompiledFunction]) -> tuple[list[CompiledFunction], dict[str, NDArray[Any]]]:
    """All helper functions (those leaned on first) and tables that the kernels lean on, each once.

    Raises CompilationError where a helper calls itself, directly or through others, or two things share a name.
    """
    done: dict[str, CompiledFunction] = {}
    tables: dict[str, NDArray[Any]] = {}
    functions: dict[str, FunctionType] = {}

    def gather(needed: CompiledFunction, way: tuple[str, ...]) -> None:
        for name, table in needed.tables.items():
            if tables.setdefault(name, table) is not table:
                raise CompilationError(f"{name} names two tables. Rename one of them.")
        for name, function in needed.helpers.items():
            if functions.setdefault(name, function) is not function:
                raise CompilationError(f"{name} names two helper functions. Rename one of them.")
            if name in way:
                raise CompilationError(f"helper {name} calls itself. Write a «while» loop instead.")
            if name not in done:
                helper = helper_source(name, function)
                gather(helper, (*way, name))
                done[name] = helper

    for kernel in kernels:
        gather(kernel, ())
    return list(done.values()), tables
