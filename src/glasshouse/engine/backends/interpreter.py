"""The reference: the same kernels run by the Python interpreter, one citizen after the other, as one would do it by hand.

It shares no code with the compiled pass but the kernels, the checks and the layout. Tests demand equal bytes from both.
Where a compiled pass would go on with a number that means nothing (a division by zero, a table's element beyond its
end), the interpreter stops with RunningError.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.backends.arm_views import ArmViews
from glasshouse.engine.backends.kernel_arguments import (
    AGENT_ACCESS,
    Arguments,
    Crowds,
    Entity,
    Letter,
    adder,
    agent_access,
    drawer,
    owned_record,
    sender,
    with_lists,
)
from glasshouse.engine.backends.record_view import RecordView, narrowed, plain, show, signals_of, store
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.pairing import kernels as pair_kernels
from glasshouse.engine.compiler.records import INDEX
from glasshouse.engine.compiler.symbols import SymbolTable
from glasshouse.engine.state import ORDER, ArmState
from glasshouse.errors import RunningError
from glasshouse.model.component import KERNELS, Component
from glasshouse.model.entities import CELLS, NOBODY, cells_in_week
from glasshouse.model.pairing import Pairing, paired_sums
from glasshouse.rng import uniform


@dataclass(frozen=True)
class Week:
    """One week of one arm while it is stepped."""

    state: ArmState
    seed: int
    number: int
    views: ArmViews
    post: list[Letter] = field(default_factory=list)


class ReferenceBackend:
    """Steps the arms of a run with the kernels as they stand: slow, for small populations.

    Parameters
    ----------
    layout : ModelLayout
        The model.
    pairings : sequence of Pairing classes
        Comparisons of two arms.

    Raises
    ------
    CompilationError
        For a kernel outside the contract, as the compiled backend raises it.
    """

    def __init__(self, layout: ModelLayout, pairings: Sequence[type[Pairing]] = ()) -> None:
        self.layout, self.pairings, self.paired = layout, pairings, paired_sums(pairings)
        # Nothing runs here that the compiler would refuse.
        for kind in KERNELS:
            layout.kernels(kind)
        pair_kernels(layout, pairings)
        self._tables = {
            kind: [(mechanism, layout.symbol_table(mechanism, kind)) for mechanism, _ in layout.kernels(kind)]
            for kind in KERNELS
        }
        self._plain: dict[FunctionType, FunctionType] = {}

    def step(self, state: ArmState, seed: int, week: int) -> None:
        """One week of one arm, as `CompiledBackend.step` does it.

        Parameters
        ----------
        state : ArmState
            The state of the arm, changed in place.
        seed : int
            Random seed of the replicate, 64 bits.
        week : int
            Weeks since the start of the run, from 0.

        Raises
        ------
        RunningError
            Where a kernel computes what means nothing; it names kernel, citizen and week.
        """
        now = Week(state, seed, week, ArmViews(self.layout, state))
        rows = [row for row, (first, stop, _) in enumerate(state.blocks.tolist()) for _ in range(first, stop)]
        order: Sequence[int] = range(len(rows))
        in_turn = self.layout.schedule == "sequential"
        if in_turn:
            # Equal draws go by index, as in the compiled pass.
            order = sorted(order, key=lambda i: (uniform(seed, ORDER, 0, i, week), i))
        for i in order:
            self._citizen(now, i, rows[i])
        state.totals[:] = 0
        for row, home in enumerate(state.blocks[:, 2].tolist()):
            state.totals[home] += state.rows[row]
        state.rows[:] = 0
        self._deliver(now)
        self._firms(now)
        self._places(now)
        # In turns signals are seen at once, and there is nothing to swap.
        if not in_turn:
            state.swap_signals()

    def _deliver(self, week: Week) -> None:
        """Puts what citizens sent into the inboxes, block by block and channel by channel as the compiled pass does."""
        citizens = week.state.citizens
        for _, _, inbox, target, amount in sorted(week.post, key=lambda letter: letter[:2]):
            if 0 <= target < len(citizens):
                waiting, packing = int(citizens[inbox][target]), self.layout.packings["citizen"].get(inbox)
                total = packing.sum(waiting, amount) if packing else narrowed(waiting + amount, np.dtype("i4"))
                citizens[inbox][target] = total

    def _citizen(self, week: Week, i: int, row: int) -> None:
        """All citizen kernels for citizen i of the block in that row."""
        layout, state, home = self.layout, week.state, int(week.state.blocks[row, 2])
        values = {
            **plain(state.population.citizens[i]),
            **plain(state.citizens[i]),
            **signals_of(layout, state.shown, i),
        }
        values[INDEX] = i
        crowds, views = Crowds(layout, state, i), week.views
        read: Arguments = {
            "ahead": partial(views.ahead, i),
            "work": partial(views.work, values.get("workplace", NOBODY)),
            "here": partial(views.district, home),
            "nation": views.centre,
            "contacts": lambda: crowds.contacts,
            "household": lambda: crowds.household,
        }
        sums = state.rows[row, self._cell(values, values)]
        for mechanism, table in self._tables["citizen"]:
            given = self._given(week, table, mechanism, ("citizen", i), int(state.active_table[home]), sums)
            given |= {name: partial(agent_access, name, table, state, i) for name in AGENT_ACCESS}
            given |= {"me": partial(owned_record, table, "me", values), "send": partial(sender, table, row, week.post)}
            self._call(
                mechanism.kernel("citizen"), f"{table.label}, citizen {i}, week {week.number}", {**read, **given}
            )
        # What was sent has been read: next week's inboxes start empty.
        inboxes = [inbox.name for m in layout.mechanisms for inbox in m.inboxes]
        store(state.citizens[i], {**values, **dict.fromkeys(inboxes, 0)})
        show(layout, state.shown if layout.schedule == "sequential" else state.showing, i, values)

    def _firms(self, week: Week) -> None:
        """All firm kernels for every firm."""
        state = week.state
        for f in range(len(state.population.firms)):
            values = {**plain(state.population.firms[f]), **plain(state.firms[f])}
            home = values.get("district", 0)
            for mechanism, table in self._tables["firm"]:
                given = self._given(
                    week, table, mechanism, ("firm", f), int(state.active_table[home]), state.totals[home, 0]
                )
                given |= {
                    "firm": partial(owned_record, table, "firm", values),
                    "here": partial(week.views.district, home),
                    "nation": week.views.centre,
                }
                self._call(mechanism.kernel("firm"), f"{table.label} {f}, week {week.number}", given)
            store(state.firms[f], values)

    def _places(self, week: Week) -> None:
        """District kernels, then the centre's."""
        state = week.state
        nation = plain(state.centre[0])
        for home in range(len(state.districts)):
            values = {**plain(state.population.districts[home]), **plain(state.districts[home])}
            read: Arguments = {"nation": lambda: RecordView(nation, packed=self.layout.packings["centre"])}
            self._place(week, ("district", home), ("here", values), read)
            store(state.districts[home], values)
        if len(state.districts):
            self._place(week, ("centre", 0), ("nation", nation), {})
            store(state.centre[0], nation)

    def _place(self, week: Week, entity: Entity, own: tuple[str, dict[str, Any]], read: Arguments) -> None:
        """All kernels of one kind for one district or the centre; they change the record `own` and see those in `read`."""
        (kind, home), (word, values), state = entity, own, week.state
        is_district = kind == "district"
        row = int(state.active_table[home]) if is_district else int(state.active_table.max(initial=0))
        # What these kernels add themselves is not part of the week's total that they read.
        total = week.views.total(home if is_district else None)
        for mechanism, table in self._tables[kind]:
            given = self._given(week, table, mechanism, entity, row, state.totals[home, 0])
            given |= {word: partial(owned_record, table, word, values), "total": lambda: total}
            self._call(mechanism.kernel(kind), f"{table.label} {home}, week {week.number}", {**read, **given})

    def compare(self, reference: ArmState, regime: ArmState) -> NDArray[np.int64]:
        """Compute the sums of the comparisons of two arms, as `CompiledBackend.compare` gives them.

        Parameters
        ----------
        reference : ArmState
            The state of the reference arm.
        regime : ArmState
            The state of the regime arm.

        Returns
        -------
        array of int64, shape (cells, sums)
            The sums of each cell of the population, in fixed-point units of each sum's scale.
        """
        totals = np.zeros((CELLS, max(len(self.paired), 1)), np.int64)
        layout, traits = self.layout, reference.population.citizens
        sums = list(enumerate(self.paired))
        for i in range(len(traits)):
            me = plain(traits[i])
            arms = [
                RecordView(
                    {**plain(arm.citizens[i]), **signals_of(layout, arm.shown, i)}, packed=layout.packings["citizen"]
                )
                for arm in (reference, regime)
            ]
            cell = self._cell(me, plain(reference.citizens[i]))
            for pairing in self.pairings:
                own = {total.name: (slot, total.scale) for slot, total in sums if total in pairing.sums}
                add = adder(own, totals[cell])
                kernel: Any = getattr(pairing, "pair", None)
                records = {"reference": arms[0], "regime": arms[1], "me": RecordView(me), "add": add}
                given: Arguments = {name: partial(records.get, name) for name in records}
                self._call(kernel, f"{pairing.name}.pair, citizen {i}", given)
        return totals

    def _cell(self, traits: Mapping[str, Any], columns: Mapping[str, Any]) -> int:
        """The group cell of a citizen with these traits and columns."""
        column = self.layout.membership
        return cells_in_week(
            int(traits.get("cell", 0)), column is not None and 0 < columns[column.name] <= column.members
        )

    def _given(
        self, week: Week, table: SymbolTable, mechanism: type[Component], entity: Entity, row: int, sums: Any
    ) -> Arguments:
        """What kernels of every kind can ask for: parameters, draws, sums and the week."""
        return {
            "p": partial(week.views.parameters, mechanism, row),
            "draw": partial(self.drawing, mechanism, entity[0], week, entity[1]),
            "add": partial(adder, table.sums, sums),
            "week": lambda: week.number,
        }

    def _call(self, kernel: Callable[..., None] | None, label: str, given: Arguments) -> None:
        """Calls the kernel with those of the arguments that it asks for."""
        if not isinstance(kernel, FunctionType):
            return
        # Kernels are called by name, so that each takes what it needs in any order.
        asked = kernel.__code__.co_varnames[: kernel.__code__.co_argcount]
        try:
            with_lists(kernel, self._plain)(**{name: given[name]() for name in asked})
        except (ArithmeticError, ValueError, LookupError, TypeError) as error:
            raise RunningError(
                f"{label}: {error}. A kernel must keep its numbers finite and within 64 bits."
            ) from error

    def drawing(self, mechanism: type[Component], kind: str, week: Week, entity: int) -> Callable[..., float]:
        """`draw` for one entity and week.

        Parameters
        ----------
        mechanism : Component class
            Whose kernel draws.
        kind : str
            One of `KERNELS`.
        week : Week
            The week.
        entity : int
            The citizen, firm or district.

        Returns
        -------
        callable
            Draws for a purpose and, if given, another date.
        """
        return drawer(mechanism, kind, (week.seed, week.number), entity)
