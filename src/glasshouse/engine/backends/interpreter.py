"""The reference: the same kernels run by the Python interpreter, one citizen after the other, as one would do it by hand.

It shares no code with the compiled pass but the kernels, the checks and the layout. Tests demand equal bytes from both.
Where a compiled pass would go on with a number that means nothing (a division by zero, a table's element beyond its
end), the interpreter stops with RunningError.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.backends.kernel_arguments import (
    Crowds,
    Letter,
    adder,
    agent_access,
    owned_record,
    sender,
    with_lists,
)
from glasshouse.engine.backends.record_view import RecordView, narrowed, plain, show, signals_of, store
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.pairing import kernels as pair_kernels
from glasshouse.engine.compiler.records import INDEX
from glasshouse.engine.state import ORDER, ArmState
from glasshouse.errors import RunningError
from glasshouse.model.component import KERNELS, Component
from glasshouse.model.entities import CELLS, NOBODY
from glasshouse.model.pairing import Pairing, paired_sums
from glasshouse.rng import EVERYDAY, stream, uniform


@dataclass(frozen=True)
class Week:
    """One week of one arm while it is stepped."""

    state: ArmState
    seed: int
    number: int
    post: list[Letter] = field(default_factory=list)

    def ahead(self, i: int) -> Any:
        """The record that citizen i reads as `ahead`: their own where no arm runs ahead.

        Parameters
        ----------
        i : int
            The citizen.

        Returns
        -------
        record
        """
        return (self.state.citizens if self.state.ahead is None else self.state.ahead)[i]


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
        """
        now = Week(state, seed, week)
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
        crowds = Crowds(layout, state, i)
        given = {
            "ahead": RecordView(plain(week.ahead(i)), packed=layout.packings["citizen"]),
            "work": self._work(state, values.get("workplace", NOBODY)),
            "here": self._district(state, home),
            "nation": self._centre(state),
            "contacts": crowds.contacts,
            "household": crowds.household,
        }
        for mechanism, table in self._tables["citizen"]:
            self._call(
                mechanism.kernel("citizen"),
                f"{table.label}, citizen {i}, week {week.number}",
                **given,
                me=owned_record(table, "me", values),
                p=self._parameters(mechanism, state.parameters[state.active_table[home]]),
                draw=self.drawing(mechanism, "citizen", week, i),
                add=adder(table.sums, state.rows[row, values.get("cell", 0)]),
                send=sender(table, row, week.post),
                week=week.number,
                **agent_access(table, state, i),
            )
        # What was sent has been read: next week's inboxes start empty.
        inboxes = [inbox.name for m in layout.mechanisms for inbox in m.inboxes]
        store(state.citizens[i], {**values, **dict.fromkeys(inboxes, 0)})
        show(layout, state.shown if layout.schedule == "sequential" else state.showing, i, values)

    def _firms(self, week: Week) -> None:
        """All firm kernels for every firm."""
        state, nation = week.state, self._centre(week.state)
        for f in range(len(state.population.firms)):
            values = {**plain(state.population.firms[f]), **plain(state.firms[f])}
            home = values.get("district", 0)
            here = self._district(state, home)
            for mechanism, table in self._tables["firm"]:
                self._call(
                    mechanism.kernel("firm"),
                    f"{table.label} {f}, week {week.number}",
                    firm=owned_record(table, "firm", values),
                    here=here,
                    nation=nation,
                    p=self._parameters(mechanism, state.parameters[state.active_table[home]]),
                    draw=self.drawing(mechanism, "firm", week, f),
                    add=adder(table.sums, state.totals[home, 0]),
                    week=week.number,
                )
            store(state.firms[f], values)

    def _places(self, week: Week) -> None:
        """District kernels, then the centre's."""
        state = week.state
        nation = plain(state.centre[0])
        for home in range(len(state.districts)):
            values = {**plain(state.population.districts[home]), **plain(state.districts[home])}
            records = {"nation": RecordView(nation, packed=self.layout.packings["centre"])}
            self._place(week, "district", home, {"here": values}, records)
            store(state.districts[home], values)
        if len(state.districts):
            self._place(week, "centre", 0, {"nation": nation}, {})
            store(state.centre[0], nation)

    def _place(
        self, week: Week, kind: str, home: int, own: dict[str, dict[str, Any]], read: dict[str, RecordView]
    ) -> None:
        """All kernels of one kind for one district or the centre; they change the record `own` and see those in `read`."""
        state, is_district = week.state, kind == "district"
        table_in_force = state.active_table[home] if is_district else int(state.active_table.max(initial=0))
        # What these kernels add themselves is not part of the week's total that they read.
        total = _total(self.layout, state.totals[home] if is_district else state.totals.sum(axis=0))
        for mechanism, table in self._tables[kind]:
            self._call(
                mechanism.kernel(kind),
                f"{table.label} {home}, week {week.number}",
                **read,
                **{word: owned_record(table, word, values) for word, values in own.items()},
                total=total,
                p=self._parameters(mechanism, state.parameters[table_in_force]),
                draw=self.drawing(mechanism, kind, week, home),
                add=adder(table.sums, state.totals[home, 0]),
                week=week.number,
            )

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
        slots = {total.name: (slot, total.scale) for slot, total in enumerate(self.paired)}
        for i in range(len(traits)):
            me = plain(traits[i])
            arms = [
                RecordView(
                    {**plain(arm.citizens[i]), **signals_of(layout, arm.shown, i)}, packed=layout.packings["citizen"]
                )
                for arm in (reference, regime)
            ]
            for pairing in self.pairings:
                add = adder(slots, totals[me.get("cell", 0)])
                kernel: Any = getattr(pairing, "pair", None)
                given = {"reference": arms[0], "regime": arms[1], "me": RecordView(me), "add": add}
                self._call(kernel, f"{pairing.name}.pair, citizen {i}", **given)
        return totals

    def _call(self, kernel: Callable[..., None] | None, label: str, **given: Any) -> None:
        """Calls the kernel with those of the arguments that it asks for."""
        if not isinstance(kernel, FunctionType):
            return
        # Kernels are called by name, so that each takes what it needs in any order.
        asked = kernel.__code__.co_varnames[: kernel.__code__.co_argcount]
        try:
            with_lists(kernel, self._plain)(**{name: given[name] for name in asked})
        except (ArithmeticError, ValueError, LookupError, TypeError) as error:
            raise RunningError(
                f"{label}: {error}. A kernel must keep its numbers finite and within 64 bits."
            ) from error

    def _work(self, state: ArmState, place: int) -> RecordView:
        """The firm at that place in the population, or what those without a workplace read."""
        firms, packed = state.population.firms, self.layout.packings["firm"]
        if 0 <= place < len(firms):
            return RecordView({**plain(firms[place]), **plain(state.firms[place])}, packed=packed)
        return RecordView({**plain(np.zeros(1, firms.dtype)[0]), **plain(state.firms[len(firms)])}, packed=packed)

    def _district(self, state: ArmState, home: int) -> RecordView:
        """A district, traits and columns, to be read."""
        values = {**plain(state.population.districts[home]), **plain(state.districts[home])}
        return RecordView(values, packed=self.layout.packings["district"])

    def _centre(self, state: ArmState) -> RecordView:
        """The centre's columns, to be read."""
        return RecordView(plain(state.centre[0]), packed=self.layout.packings["centre"])

    def _parameters(self, mechanism: type[Component], packed: Any) -> RecordView:
        """The mechanism's parameters and constants as `p`."""
        return RecordView(
            {n: float(packed[s]) for (owner, n), s in self.layout.slots.items() if owner == mechanism.name}
        )

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
        number = stream(mechanism.stream_name(kind))

        def draw(purpose: str, when: float | None = None) -> float:
            if kind == "citizen" and purpose in mechanism.shared_draws:
                return uniform(week.seed, stream(EVERYDAY), mechanism.shared_draws[purpose], entity, week.number)
            date = week.number if when is None else int(when)
            return uniform(week.seed, number, mechanism.draws.index(purpose), entity, date)

        return draw


def _total(layout: ModelLayout, cells: NDArray[np.int64]) -> RecordView:
    """`total`: the sums over all cells in their own units."""
    sums = cells.sum(axis=0)
    return RecordView(
        {t.name: int(sums[k]) if t.scale == 1 else int(sums[k]) * (1.0 / t.scale) for k, t in enumerate(layout.sums)}
    )
