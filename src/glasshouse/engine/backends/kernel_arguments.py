"""What the interpreter gives to kernels beside records: counts of signals, and the verbs as closures."""

from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

import numpy as np

from glasshouse.engine.backends.record_view import RecordView, narrowed, plain, signals_of
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.symbols import Symbol, SymbolTable
from glasshouse.engine.state import ArmState
from glasshouse.model.entities import Population

Letter = tuple[int, int, str, int, int]
"""Something sent: block, channel, inbox, citizen it goes to, number."""


class Crowds:
    """Counts of what the contacts of one citizen show, as `contacts` and `household`.

    Parameters
    ----------
    layout : ModelLayout
        The model.
    state : ArmState
        The state of the arm.
    i : int
        The citizen.
    """

    def __init__(self, layout: ModelLayout, state: ArmState, i: int) -> None:
        person = plain(state.population.citizens[i])
        first = i - person.get("household_place", 0)
        members = [j for j in range(first, first + person.get("household_size", 1)) if j != i]
        population: Population = state.population
        ties = population.ties[int(population.tie_start[i]) : int(population.tie_start[i + 1])].tolist()
        self.household = self._count(layout, state, members)
        self.contacts = self._count(layout, state, [*members, *ties])

    def _count(self, layout: ModelLayout, state: ArmState, whom: list[int]) -> RecordView:
        counts: dict[str, Any] = {signal.name: 0 for signal in layout.signals}
        for j in whom:
            for name, shown in signals_of(layout, state.shown, j).items():
                counts[name] += int(shown)
        return RecordView({**counts, "number": len(whom)})


def owned_record(table: SymbolTable, word: str, values: dict[str, Any]) -> RecordView:
    """The record that a kernel may assign to.

    Parameters
    ----------
    table : SymbolTable
        The kernel's symbol table.
    word : str
        Its name for the record.
    values : dict
        The record's fields, changed in place.

    Returns
    -------
    RecordView
    """
    owned = {name: table.dtypes[Symbol(word, name)] for name in table.owned[word]}
    packed = {symbol.field: packing for symbol, packing in table.packed.items() if symbol.record == word}
    return RecordView(values, owned, table.label, packed)


def adder(slots: Mapping[str, tuple[int, int]], row: Any) -> Callable[..., None]:
    """`add` of a kernel.

    Parameters
    ----------
    slots : mapping
        Slot and scale of each sum.
    row : array of int64
        The sums of one block or district and one group, changed in place.

    Returns
    -------
    callable
    """

    def add(name: str, amount: float = 1) -> None:
        slot, scale = slots[name]
        # In stored units and cut towards zero, as the compiled pass does it.
        row[slot] += int(amount) if scale == 1 else int(amount * float(scale))

    return add


def sender(table: SymbolTable, row: int, post: list[Letter]) -> Callable[..., None]:
    """`send` of a kernel for a citizen of one block.

    Parameters
    ----------
    table : SymbolTable
        The kernel's symbol table.
    row : int
        The citizen's block.
    post : list of Letter
        Takes what is sent.

    Returns
    -------
    callable
    """

    def send(inbox: str, target: float, amount: float, element: int = 0) -> None:
        packing = table.packed.get(Symbol("me", inbox))
        # The compiled pass would shift by a number that means nothing.
        if packing and not 0 <= element < packing.length:
            raise LookupError(f"inbox {inbox} has no element {element}")
        number = packing.replaced(0, element, int(amount)) if packing else narrowed(amount, np.dtype("i4"))
        post.append((row, table.channels[inbox], inbox, int(target), number))

    return send


def agent_access(table: SymbolTable, state: ArmState, i: int) -> dict[str, Callable[..., Any]]:
    """`read`, `write`, `tie` and `ties` for citizen i, who sees all other citizens as they stand.

    Parameters
    ----------
    table : SymbolTable
        The kernel's symbol table.
    state : ArmState
        The state of the arm.
    i : int
        The citizen whose turn it is.

    Returns
    -------
    dict of str to callable
    """
    starts, contacts = state.population.tie_start, state.population.ties
    arrays = {"_traits": state.population.citizens, "_state": state.citizens}

    def of(j: float) -> int:
        if not 0 <= int(j) < len(state.citizens):
            raise LookupError(f"there is no citizen {int(j)}")
        return int(j)

    def read(name: str, j: float) -> Any:
        return arrays[table.others[name]][name][of(j)].item()

    def write(name: str, j: float, value: Any) -> None:
        # The compiled pass ignores it; here it stops, so that no model comes to rely on it.
        if of(j) == i:
            raise ValueError(f"{name} of oneself is assigned by name, not written")
        state.citizens[name][int(j)] = narrowed(value, table.dtypes[Symbol("me", name)])

    def ties(j: float) -> int:
        return int(starts[of(j) + 1] - starts[of(j)])

    def tie(j: float, k: float) -> int:
        if not 0 <= int(k) < ties(j):
            raise LookupError(f"citizen {int(j)} has no contact {int(k)}")
        return int(contacts[int(starts[of(j)]) + int(k)])

    return {"read": read, "write": write, "tie": tie, "ties": ties}


def with_lists(function: FunctionType, done: dict[FunctionType, FunctionType]) -> FunctionType:
    """A function with lists of Python numbers for the tables it uses, since NumPy's numbers compute by other rules.

    Parameters
    ----------
    function : function
        A kernel or helper.
    done : dict
        Functions that have been converted already; takes the new ones.

    Returns
    -------
    function
    """
    if function not in done:
        names = dict(function.__globals__)
        done[function] = FunctionType(function.__code__, names, function.__name__, function.__defaults__)
        for name in function.__code__.co_names:
            if isinstance(names.get(name), np.ndarray):
                names[name] = names[name].tolist()
            elif isinstance(names.get(name), FunctionType):
                names[name] = with_lists(names[name], done)
    return done[function]
