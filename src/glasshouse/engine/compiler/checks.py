"""Checks that mechanisms fit together: one owner for each name, types that can be stored, words of the shared draws.

Each function yields one message for each fault, so that an author sees all of them at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from glasshouse.engine.compiler import packing
from glasshouse.engine.compiler.effects import kernel_effects
from glasshouse.engine.compiler.records import INDEX, STORED, columns_of, fields
from glasshouse.model.component import KERNELS, Component
from glasshouse.model.statistic import Statistic
from glasshouse.rng import EVERYDAY, TURNS, WORDS, stream

Mechanisms = Sequence[type[Component]]

MAX_SIGNALS = 8
"""Signals that a citizen can show: what a contact is counted by then fits two words."""


def faults(mechanisms: Mechanisms, traits: Mapping[str, np.dtype[Any]]) -> list[str]:
    """All that keeps some mechanisms from being compiled together.

    Parameters
    ----------
    mechanisms : sequence of mechanism classes
        In week order.
    traits : mapping
        The record type of the traits of each kind of entity.

    Returns
    -------
    list of str
        One message for each fault.
    """
    found = [*_owners(mechanisms, traits), *_names(mechanisms, traits), *_draws(mechanisms), *_streams(mechanisms)]
    return [*found, *_signals(mechanisms), *_statistics(mechanisms)]


def _owners(mechanisms: Mechanisms, traits: Mapping[str, np.dtype[Any]]) -> Iterator[str]:
    """Faults of ownership: one writer for each column, one declaration for each name."""
    taken = {(kind, name): "the traits" for kind, dtype in traits.items() for name in dtype.names or ()}
    if ("citizen", INDEX) in taken:
        yield f"a trait is called {INDEX}, which is what a kernel reads a citizen's own number as. Give it another name."
    # Signals and inboxes share the record `me` with traits and columns, so they share one set of names.
    taken["citizen", INDEX] = "every citizen, as their own number"
    for mechanism in mechanisms:
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


def _names(mechanisms: Mechanisms, traits: Mapping[str, np.dtype[Any]]) -> Iterator[str]:
    """Faults of single declarations: names that source text cannot hold, types that a record cannot store."""
    seen: set[str] = set()
    for mechanism in mechanisms:
        if mechanism.name in seen or not mechanism.name.isidentifier():
            yield f"a mechanism is called {mechanism.name!r}. Give each a plain name of its own."
        seen.add(mechanism.name)
        columns = [column for kind in KERNELS for column in columns_of(mechanism, kind)]
        names = [c.name for c in columns] + [s.name for s in mechanism.signals] + [i.name for i in mechanism.inboxes]
        for name in names:
            # The underscore belongs to the loops, and `contacts.number` to the size of the crowd.
            if not name.isidentifier() or name.startswith("_") or name == "number":
                yield f"{mechanism.name} declares {name!r}, which cannot name a field. Choose a plain name."
        for column in columns:
            if column.dtype not in STORED:
                yield f"column {column.name} of {mechanism.name} is of type {column.dtype!r}. Take {', '.join(STORED)}."
            elif column.packed and not packing.fits(column):
                yield (
                    f"column {column.name} of {mechanism.name} cannot be packed: {column.length} elements of type "
                    f"{column.dtype!r}. Pack two or more unsigned elements (u1, u2) that fit 64 bits together."
                )
        for inbox in mechanism.inboxes:
            if not 1 <= inbox.length <= 4:
                yield f"inbox {inbox.name} of {mechanism.name} has {inbox.length} elements. Take 1 to 4."
    for record_type in traits.values():
        for name, dtype in fields(record_type).items():
            if dtype.str.lstrip("<|=") not in (*STORED, "b1"):
                yield f"trait {name} is of type {dtype}. Take {', '.join(STORED)}."


def _draws(mechanisms: Mechanisms) -> Iterator[str]:
    """Faults of the draws: a stream or a word for two, a purpose twice."""
    words: dict[int, str] = {}
    keys: dict[str, str] = {}
    for mechanism in mechanisms:
        # Two components with one stream would draw the same numbers for their first purposes.
        key = mechanism.stream_key or mechanism.name
        taken = keys.setdefault(key, mechanism.name)
        if taken != mechanism.name:
            yield f"{mechanism.name} draws from the stream {key}, which belongs to {taken}. Give it another stream_key."
        purposes = [*mechanism.draws, *mechanism.shared_draws]
        for purpose in {purpose for purpose in purposes if purposes.count(purpose) > 1}:
            yield f"{mechanism.name} declares the draw {purpose} more than once."
        for purpose, word in mechanism.shared_draws.items():
            # A word used by two would make their decisions about one citizen depend on each other.
            taken = words.setdefault(word, mechanism.name)
            if taken != mechanism.name or not 0 <= word < WORDS:
                yield (
                    f"{mechanism.name} draws {purpose} from shared word {word}, which belongs to {taken}. "
                    f"There are words 0 to {WORDS - 1}; declare the purpose under `draws` if none is free."
                )


def _streams(mechanisms: Mechanisms) -> Iterator[str]:
    """Streams of two names with the same number, whose draws would be the same."""
    owners: dict[int, tuple[str, str]] = {stream(name): ("the engine", name) for name in (EVERYDAY, TURNS)}
    for mechanism in mechanisms:
        for name in (mechanism.stream_name(kind) for kind in KERNELS if mechanism.kernel(kind) is not None):
            owner, other = owners.setdefault(stream(name), (mechanism.name, name))
            if other != name:
                yield (
                    f"the streams {name} of {mechanism.name} and {other} of {owner} have the same number, so that both "
                    f"would draw the same. Give {mechanism.name} another stream_key."
                )


def _signals(mechanisms: Mechanisms) -> Iterator[str]:
    """Faults of the signals: more than a citizen can show."""
    number = sum(len(mechanism.signals) for mechanism in mechanisms)
    if number > MAX_SIGNALS:
        yield f"{number} signals are shown; a citizen can show {MAX_SIGNALS} at most."


def _statistics(mechanisms: Mechanisms) -> Iterator[str]:
    """Faults of statistics: one that acts on others, or on which something else rests."""
    counted: dict[str, str] = {}
    for component in mechanisms:
        if issubclass(component, Statistic):
            if component.signals or component.inboxes:
                yield f"statistic {component.name} declares signals or inboxes. Make it a Mechanism, or take them out."
            columns = [name for kind in KERNELS for c in columns_of(component, kind) for name in (c.name, *c.fields())]
            counted |= dict.fromkeys((*columns, *(total.name for total in component.sums)), component.name)
    for component in mechanisms:
        for kind in KERNELS:
            kernel = component.kernel(kind)
            if kernel is None:
                continue
            effects = kernel_effects(kernel)
            if effects.sends and issubclass(component, Statistic):
                yield f"statistic {component.name} sends to {', '.join(effects.sends)}. Make it a Mechanism."
            # What is read of a statistic would make results depend on whether it is counted.
            read = sorted(name for _, name in effects.reads if counted.get(name, component.name) != component.name)
            for name in read:
                yield (
                    f"{component.name}.{kind} reads {name} of the statistic {counted[name]}, which nothing may read. "
                    f"Move {name} to a Mechanism."
                )
