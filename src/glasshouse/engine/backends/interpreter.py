"""The twin: the same kernels run by the Python interpreter, one citizen after the other, as a reader would do it by hand.

It shares no code with the compiled pass but the kernels, the checks and the layout. Tests demand equal bytes from both.
Where a compiled pass would go on with a number that means nothing (a division by zero, a table's element beyond its
end), the twin stops with RunningError.
"""

from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.backends.record_view import RecordView, narrowed, plain, show, signals_of, store
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.pairing import kernels as pair_kernels
from glasshouse.engine.compiler.records import INDEX
from glasshouse.engine.compiler.symbols import Symbol, SymbolTable
from glasshouse.engine.state import ORDER, ArmState
from glasshouse.errors import RunningError
from glasshouse.model.component import KERNELS, Component
from glasshouse.model.entities import CELLS, NOBODY, Society
from glasshouse.model.pairing import Pairing, paired_sums
from glasshouse.rng import EVERYDAY, stream, uniform

Letter = tuple[int, int, str, int, int]
"""Something sent: block, channel, inbox, citizen it goes to, number."""


class ReferenceBackend:
    """Steps worlds with the kernels as they stand; slow, for small societies."""

    def __init__(self, layout: ModelLayout, pairings: Sequence[type[Pairing]] = ()) -> None:
        self.layout, self.pairings, self.paired = layout, pairings, paired_sums(pairings)
        for kind in KERNELS:
            layout.kernels(kind)
        pair_kernels(layout, pairings)
        self.tables = {
            (m.name, kind): layout.symbol_table(m, kind)
            for m in layout.mechanisms
            for kind in KERNELS
            if m.kernel(kind)
        }
        self.plain: dict[FunctionType, FunctionType] = {}

    def step(self, world: ArmState, seed: int, week: int) -> None:
        """One week of one world, as `CompiledBackend.step` does it."""
        post: list[Letter] = []
        homes = world.blocks.tolist()
        rows = {i: row for row, (first, stop, _) in enumerate(homes) for i in range(first, stop)}
        order: Sequence[int] = range(len(rows))
        in_turn = self.layout.schedule == "sequential"
        if in_turn:
            order = sorted(order, key=lambda i: (uniform(seed, ORDER, 0, i, week), i))
        for i in order:
            self.citizen(world, seed, week, i, homes[rows[i]][2], rows[i], post)
        world.totals[:] = 0
        for row, (_, _, home) in enumerate(homes):
            world.totals[home] += world.rows[row]
        world.rows[:] = 0
        for _, _, inbox, target, amount in sorted(post, key=lambda letter: letter[:2]):
            if 0 <= target < len(world.citizens):
                waiting, packing = int(world.citizens[inbox][target]), self.layout.packings["citizen"].get(inbox)
                total = packing.sum(waiting, amount) if packing else narrowed(waiting + amount, np.dtype("i4"))
                world.citizens[inbox][target] = total
        self.firms(world, seed, week)
        self.places(world, seed, week)
        if not in_turn:
            world.swap_signals()

    def citizen(self, world: ArmState, seed: int, week: int, i: int, home: int, row: int, post: list[Letter]) -> None:
        """All citizen kernels for citizen i."""
        layout, society = self.layout, world.society
        values = {**plain(society.citizens[i]), **plain(world.citizens[i]), **signals_of(layout, world.shown, i)}
        values[INDEX] = i
        here = self.district(world, home)
        ahead = RecordView(
            plain((world.citizens if world.ahead is None else world.ahead)[i]), packed=layout.packings["citizen"]
        )
        work, crowds = self.work(world, values.get("workplace", NOBODY)), _Crowds(layout, world, i)
        cell = values.get("cell", 0)
        for mechanism in layout.mechanisms:
            table = self.tables.get((mechanism.name, "citizen"))
            if table is None:
                continue
            self._call(
                mechanism.kernel("citizen"),
                f"{table.label}, citizen {i}, week {week}",
                me=_record(table, "me", values),
                ahead=ahead,
                work=work,
                here=here,
                nation=self.centre(world),
                contacts=crowds.contacts,
                household=crowds.household,
                p=self.parameters(mechanism, world.parameters[world.active_table[home]]),
                draw=self.drawing(mechanism, "citizen", seed, i, week),
                add=_adding(table, world.rows[row, cell]),
                send=_sending(table, row, post),
                week=week,
                **_others(table, world, i),
            )
        inboxes = [inbox.name for m in layout.mechanisms for inbox in m.inboxes]
        store(world.citizens[i], {**values, **dict.fromkeys(inboxes, 0)})
        show(layout, world.shown if layout.schedule == "sequential" else world.showing, i, values)

    def firms(self, world: ArmState, seed: int, week: int) -> None:
        """All firm kernels for every firm."""
        society, nation = world.society, self.centre(world)
        for f in range(len(society.firms)):
            values = {**plain(society.firms[f]), **plain(world.firms[f])}
            home = values.get("district", 0)
            here = self.district(world, home)
            for mechanism in self.layout.mechanisms:
                table = self.tables.get((mechanism.name, "firm"))
                if table is None:
                    continue
                self._call(
                    mechanism.kernel("firm"),
                    f"{table.label} {f}, week {week}",
                    firm=_record(table, "firm", values),
                    here=here,
                    nation=nation,
                    p=self.parameters(mechanism, world.parameters[world.active_table[home]]),
                    draw=self.drawing(mechanism, "firm", seed, f, week),
                    add=_adding(table, world.totals[home, 0]),
                    week=week,
                )
            store(world.firms[f], values)

    def places(self, world: ArmState, seed: int, week: int) -> None:
        """District kernels, then the centre's."""
        nation = plain(world.centre[0])
        for home in range(len(world.districts)):
            values = {**plain(world.society.districts[home]), **plain(world.districts[home])}
            self.place(world, "district", values, nation, world.totals[home], seed, week, home)
            store(world.districts[home], values)
        if not len(world.districts):
            return
        self.place(world, "centre", nation, nation, world.totals.sum(axis=0), seed, week, 0)
        store(world.centre[0], nation)

    def place(
        self, world: ArmState, kind: str, values: dict[str, Any], nation: dict[str, Any], sums: NDArray[np.int64], seed: int,
        week: int, home: int,
    ) -> None:  # fmt: skip
        """All kernels of one kind for one district or the centre, which work on `values`."""
        regime = world.active_table[home] if kind == "district" else int(world.active_table.max(initial=0))
        word = "here" if kind == "district" else "nation"
        total = self.total(sums)
        for mechanism in self.layout.mechanisms:
            table = self.tables.get((mechanism.name, kind))
            if table is None:
                continue
            given: dict[str, Any] = {
                "nation": RecordView(nation, packed=self.layout.packings["centre"]),
                word: _record(table, word, values),
            }
            self._call(
                mechanism.kernel(kind),
                f"{table.label} {home}, week {week}",
                **given,
                total=total,
                p=self.parameters(mechanism, world.parameters[regime]),
                draw=self.drawing(mechanism, kind, seed, home, week),
                add=_adding(table, world.totals[home, 0]),
                week=week,
            )

    def compare(self, reference: ArmState, regime: ArmState) -> NDArray[np.int64]:
        """Paired sums (cells, sums) of the week that both worlds have just lived, as `CompiledBackend.compare` finds them."""
        totals = np.zeros((CELLS, max(len(self.paired), 1)), np.int64)
        layout, traits = self.layout, reference.society.citizens
        slots = {total.name: (slot, total.scale) for slot, total in enumerate(self.paired)}
        for i in range(len(traits)):
            me = plain(traits[i])
            worlds = [
                RecordView(
                    {**plain(w.citizens[i]), **signals_of(layout, w.shown, i)}, packed=layout.packings["citizen"]
                )
                for w in (reference, regime)
            ]
            for pairing in self.pairings:
                add = _adder(slots, totals[me.get("cell", 0)])
                kernel: Any = getattr(pairing, "pair", None)
                given = {"reference": worlds[0], "regime": worlds[1], "me": RecordView(me), "add": add}
                self._call(kernel, f"{pairing.name}.pair, citizen {i}", **given)
        return totals

    def _call(self, kernel: Callable[..., None] | None, label: str, **given: Any) -> None:
        """Calls the kernel with those of the arguments that it asks for."""
        if not isinstance(kernel, FunctionType):
            return
        asked = kernel.__code__.co_varnames[: kernel.__code__.co_argcount]
        try:
            _with_lists(kernel, self.plain)(**{name: given[name] for name in asked})
        except (ArithmeticError, ValueError, LookupError, TypeError) as error:
            raise RunningError(
                f"{label}: {error}. A kernel must keep its numbers finite and within 64 bits."
            ) from error

    def work(self, world: ArmState, place: int) -> RecordView:
        """The firm at that place in the society, or what those without a workplace read."""
        firms, packed = world.society.firms, self.layout.packings["firm"]
        if 0 <= place < len(firms):
            return RecordView({**plain(firms[place]), **plain(world.firms[place])}, packed=packed)
        return RecordView({**plain(np.zeros(1, firms.dtype)[0]), **plain(world.firms[len(firms)])}, packed=packed)

    def district(self, world: ArmState, home: int) -> RecordView:
        """A district, traits and columns, to be read."""
        values = {**plain(world.society.districts[home]), **plain(world.districts[home])}
        return RecordView(values, packed=self.layout.packings["district"])

    def centre(self, world: ArmState) -> RecordView:
        """The centre's columns, to be read."""
        return RecordView(plain(world.centre[0]), packed=self.layout.packings["centre"])

    def parameters(self, mechanism: type[Component], packed: Any) -> RecordView:
        """The mechanism's parameters and constants as `p`."""
        return RecordView(
            {n: float(packed[s]) for (owner, n), s in self.layout.slots.items() if owner == mechanism.name}
        )

    def drawing(self, mechanism: type[Component], kind: str, seed: int, entity: int, week: int) -> Callable[..., float]:
        """`draw` for one entity and week."""
        number = stream(mechanism.stream_name(kind))

        def draw(purpose: str, when: float | None = None) -> float:
            if kind == "citizen" and purpose in mechanism.shared_draws:
                return uniform(seed, stream(EVERYDAY), mechanism.shared_draws[purpose], entity, week)
            return uniform(seed, number, mechanism.draws.index(purpose), entity, week if when is None else int(when))

        return draw

    def total(self, cells: NDArray[np.int64]) -> RecordView:
        """`total`: the sums over all cells in their own units."""
        sums = cells.sum(axis=0)
        return RecordView(
            {
                t.name: int(sums[k]) if t.scale == 1 else int(sums[k]) * (1.0 / t.scale)
                for k, t in enumerate(self.layout.sums)
            }
        )


class _Crowds:
    """Counts of what the contacts of one citizen show."""

    def __init__(self, layout: ModelLayout, world: ArmState, i: int) -> None:
        person = plain(world.society.citizens[i])
        first = i - person.get("household_place", 0)
        members = [j for j in range(first, first + person.get("household_size", 1)) if j != i]
        society: Society = world.society
        ties = society.ties[int(society.tie_start[i]) : int(society.tie_start[i + 1])].tolist()
        self.household = self.count(layout, world, members)
        self.contacts = self.count(layout, world, [*members, *ties])

    def count(self, layout: ModelLayout, world: ArmState, whom: list[int]) -> RecordView:
        counts: dict[str, Any] = {signal.name: 0 for signal in layout.signals}
        for j in whom:
            for name, shown in signals_of(layout, world.shown, j).items():
                counts[name] += int(shown)
        return RecordView({**counts, "number": len(whom)})


def _record(table: SymbolTable, word: str, values: dict[str, Any]) -> RecordView:
    """The record that a kernel may assign to, on `values`."""
    owned = {name: table.dtypes[Symbol(word, name)] for name in table.owned[word]}
    packed = {symbol.field: packing for symbol, packing in table.packed.items() if symbol.record == word}
    return RecordView(values, owned, table.label, packed)


def _adding(table: SymbolTable, row: Any) -> Callable[..., None]:
    """`add` of a kernel for one row of sums."""
    return _adder(table.sums, row)


def _adder(slots: Mapping[str, tuple[int, int]], row: Any) -> Callable[..., None]:
    def add(name: str, amount: float = 1) -> None:
        slot, scale = slots[name]
        row[slot] += int(amount) if scale == 1 else int(amount * float(scale))

    return add


def _sending(table: SymbolTable, row: int, post: list[Letter]) -> Callable[..., None]:
    """`send` of a kernel for a citizen of one block."""

    def send(inbox: str, target: float, amount: float, element: int = 0) -> None:
        packing = table.packed.get(Symbol("me", inbox))
        if packing and not 0 <= element < packing.length:
            raise LookupError(f"inbox {inbox} has no element {element}")
        number = packing.replaced(0, element, int(amount)) if packing else narrowed(amount, np.dtype("i4"))
        post.append((row, table.channels[inbox], inbox, int(target), number))

    return send


def _others(table: SymbolTable, world: ArmState, i: int) -> dict[str, Callable[..., Any]]:
    """`read`, `write`, `tie` and `ties` for citizen i's turn: all other citizens as they stand."""
    starts, contacts = world.society.tie_start, world.society.ties
    arrays = {"_traits": world.society.citizens, "_state": world.citizens}

    def of(j: float) -> int:
        if not 0 <= int(j) < len(world.citizens):
            raise LookupError(f"there is no citizen {int(j)}")
        return int(j)

    def read(name: str, j: float) -> Any:
        return arrays[table.others[name]][name][of(j)].item()

    def write(name: str, j: float, value: Any) -> None:
        if of(j) == i:
            raise ValueError(f"{name} of oneself is assigned by name, not written")
        world.citizens[name][int(j)] = narrowed(value, table.dtypes[Symbol("me", name)])

    def ties(j: float) -> int:
        return int(starts[of(j) + 1] - starts[of(j)])

    def tie(j: float, k: float) -> int:
        if not 0 <= int(k) < ties(j):
            raise LookupError(f"citizen {int(j)} has no contact {int(k)}")
        return int(contacts[int(starts[of(j)]) + int(k)])

    return {"read": read, "write": write, "tie": tie, "ties": ties}


def _with_lists(function: FunctionType, done: dict[FunctionType, FunctionType]) -> FunctionType:
    """The function with lists of Python numbers for the tables it uses, since NumPy's numbers compute by other rules."""
    if function not in done:
        names = dict(function.__globals__)
        done[function] = FunctionType(function.__code__, names, function.__name__, function.__defaults__)
        for name in function.__code__.co_names:
            if isinstance(names.get(name), np.ndarray):
                names[name] = names[name].tolist()
            elif isinstance(names.get(name), FunctionType):
                names[name] = _with_lists(names[name], done)
    return done[function]
