"""What the interpreter gives to kernels beside records: counts of signals, and the verbs as closures."""

from collections.abc import Callable, Mapping
from functools import cached_property
from types import FunctionType
from typing import Any

import numpy as np

from glasshouse.engine.backends.record_view import RecordView, narrowed, plain, signals_of
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.symbols import SUM_LIMIT, Symbol, SymbolTable
from glasshouse.engine.state import ArmState
from glasshouse.model.component import Component
from glasshouse.rng import EVERYDAY, stream, uniform

Letter = tuple[int, int, str, int, int]
"""Something sent: block, channel, inbox, citizen it goes to, number."""

Entity = tuple[str, int]
"""Kind of an entity (one of `KERNELS`) and its index."""

Arguments = dict[str, Callable[[], Any]]
"""What makes each argument that a kernel may ask for; most kernels ask for few, and some cost much."""

AGENT_ACCESS = ("read", "write", "tie", "ties")
"""Arguments that give access to other citizens."""


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
        self._layout, self._state = layout, state
        person = plain(state.population.citizens[i])
        first = i - person.get("household_place", 0)
        self._members = [j for j in range(first, first + person.get("household_size", 1)) if j != i]
        starts = state.population.tie_start
        self._ties = slice(int(starts[i]), int(starts[i + 1]))

    @cached_property
    def household(self) -> RecordView:
        """What the other members of the household show.

        Returns
        -------
        RecordView
        """
        return self._count(self._members)

    @cached_property
    def contacts(self) -> RecordView:
        """What all contacts show, household included.

        Returns
        -------
        RecordView
        """
        return self._count([*self._members, *self._state.population.ties[self._ties].tolist()])

    def _count(self, whom: list[int]) -> RecordView:
        counts: dict[str, Any] = {signal.name: 0 for signal in self._layout.signals}
        for j in whom:
            for name, shown in signals_of(self._layout, self._state.shown, j).items():
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
    return RecordView(values, table.owned_types[word], table.label, table.packings[word])


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
        after = int(row[slot]) + (int(amount) if scale == 1 else int(amount * float(scale)))
        if abs(after) >= SUM_LIMIT:
            raise OverflowError(f"the sum {name} would hold more than 64 bits can add up")
        row[slot] = after

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


def drawer(mechanism: type[Component], kind: str, key: tuple[int, int], entity: int) -> Callable[..., float]:
    """`draw` of a kernel.

    Parameters
    ----------
    mechanism : Component class
        Whose kernel draws.
    kind : str
        One of `KERNELS`.
    key : tuple of int
        Random seed of the replicate and the week.
    entity : int
        The citizen, firm or district.

    Returns
    -------
    callable
        Draws for a purpose and, if given, another date.
    """
    number, (seed, week) = stream(mechanism.stream_name(kind)), key

    def draw(purpose: str, when: float | None = None) -> float:
        if kind == "citizen" and purpose in mechanism.shared_draws:
            return uniform(seed, stream(EVERYDAY), mechanism.shared_draws[purpose], entity, week)
        return uniform(seed, number, mechanism.draws.index(purpose), entity, week if when is None else int(when))

    return draw


def agent_access(name: str, table: SymbolTable, state: ArmState, i: int) -> Callable[..., Any]:
    """`read`, `write`, `tie` or `ties` for citizen i, who sees all other citizens as they stand.

    Parameters
    ----------
    name : str
        One of `AGENT_ACCESS`.
    table : SymbolTable
        The kernel's symbol table.
    state : ArmState
        The state of the arm.
    i : int
        The citizen whose turn it is.

    Returns
    -------
    callable
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

    verbs: dict[str, Callable[..., Any]] = {"read": read, "write": write, "tie": tie, "ties": ties}
    return verbs[name]


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
