"""Packed columns and inboxes: several small numbers in one, which never carry into one another."""

from typing import ClassVar

import numpy as np
import pytest

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.compiler import packing
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.errors import CompilationError, RunningError
from glasshouse.model.declarations import Column, Inbox, Sum, vector
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.packed_numbers import Packing
from tests.helpers.populations import adults, arm_state, bytes_of

BYTES = Packing(4, 8)
WEIGHTS = (3, 1, 2)


class Filing(Mechanism):
    """Files numbers by agency and passes some on."""

    name: ClassVar[str] = "filing"
    columns: ClassVar = (
        Column("shelf", "u1", "papers", "papers on each shelf", high=255, length=4, packed=True),
        Column("pair", "u2", "papers", "two larger numbers", high=65535, initial=7.0, length=2, packed=True),
        Column("wide", "u1", "papers", "as many as 64 bits hold", high=255, length=8, packed=True),
        Column("plain", "i2", "papers", "a vector of its own fields", high=100, length=3),
        Column("chosen", "f8", "weight", "a weight chosen at run time", high=100),
        Column("empty", "u1", "flags", "which vectors hold nothing", high=7),
    )
    inboxes: ClassVar = (Inbox("parcels", "papers", "papers sent", length=4),)
    sums: ClassVar = (
        Sum("papers", "papers", "papers on all shelves"),
        *(Sum(f"shelf_{k}", "papers", "papers on a shelf") for k in range(2)),
    )
    draws: ClassVar = ("which",)
    weights: tuple[float, ...] = vector((0.5, 1.5, 2.5, 3.5), "Weights.", unit="share", bounds=(0, 10))

    @staticmethod
    def citizen(me, p, draw, add, send, week):
        for k in range(4):
            me.shelf[k] = me.shelf[k] + me.parcels[k]
        which = int(draw("which") * 4.0)
        me.shelf[which] += 20 * week
        me.pair[which // 2] -= 3
        me.wide[7 - which] += 250
        me.wide[7] = me.wide[7] + 1
        me.wide[0] = 255
        for k in range(2):
            add(f"shelf_{k}", me.shelf[k])
        if which == 2:
            me.plain[1] = me.plain[1] + 1
        send("parcels", me.index + 1 - 2 * (me.index % 2), 60 * which, 3 - which)
        send_back = which % 3
        me.chosen = p.weights[which] * WEIGHTS[send_back]
        me.empty = (0 if any(me.shelf) else 1) + (0 if any(me.pair) else 2) + (0 if any(me.plain) else 4)
        add("papers", me.shelf[0] + me.shelf[1] + me.shelf[2] + me.shelf[3])


def test_compiled_pass_and_interpreter_agree_on_packed_columns() -> None:
    layout, population = ModelLayout((Filing,)), adults(256, district=128)
    states = [arm_state(layout, population) for _ in range(2)]
    threads, twin = CompiledBackend(layout, threads=1), ReferenceBackend(layout)
    for week in range(8):
        threads.step(states[0], 3, week)
        twin.step(states[1], 3, week)
        assert bytes_of(states[0]) == bytes_of(states[1]), f"week {week}"
    shelf, pair = (Filing.columns[k].values(states[0].citizens) for k in (0, 1))
    wide = Filing.columns[2].values(states[0].citizens)
    # The last element holds the sign of the whole.
    assert (wide[:, 7] == 255).any()
    assert wide[:, 5].any()
    assert (wide[:, 0] == 255).all()
    assert not wide[:, 1:4].any()
    # Shelves run full and pairs run empty; their neighbours keep what they have.
    assert (shelf == 255).any()
    assert (shelf < 100).any()
    assert pair.min() == 0
    assert pair.max() == 7
    assert len(set(states[0].citizens["empty"].tolist())) > 1
    weights = {w * n for w, n in zip((0.5, 1.5, 2.5, 3.5), (3, 1, 2, 3), strict=True)}
    assert set(states[0].citizens["chosen"].tolist()) == weights


def test_what_several_send_adds_up_to_the_most_an_element_holds() -> None:
    layout, population = ModelLayout((Flooding,)), adults(64)
    for backend in (CompiledBackend(layout, threads=1), ReferenceBackend(layout)):
        state = arm_state(layout, population)
        for week in range(2):
            backend.step(state, 1, week)
        # 63 others sent 1 and 200 to two elements of citizen 0; the other two stay as they were.
        assert Flooding.columns[0].values(state.citizens)[0].tolist() == [0, 64, 0, 255]
        assert not Flooding.columns[0].values(state.citizens)[1:].any()


class Flooding(Mechanism):
    """Everybody sends to citizen 0."""

    name: ClassVar[str] = "flooding"
    columns: ClassVar = (Column("seen", "u1", "letters", "what came", high=255, length=4, packed=True),)
    inboxes: ClassVar = (Inbox("ones", "letters", "few", length=4), Inbox("many", "letters", "many", length=4))

    @staticmethod
    def citizen(me, send):
        for k in range(4):
            me.seen[k] = me.ones[k] + me.many[k]
        send("ones", 0, 1, 1)
        send("many", 0, 200, 3)


def test_a_packed_column_takes_the_bytes_of_its_elements() -> None:
    layout = ModelLayout((Filing,))
    assert layout.state["shelf"] == np.dtype("u4")
    assert layout.state["pair"] == np.dtype("u4")
    assert layout.state["wide"] == np.dtype("u8")
    assert layout.initial("citizen", 1)["pair"][0] == 7 + (7 << 16)


@pytest.mark.parametrize("value", [-5, 0, 1, 254, 255, 256, 10**6])
@pytest.mark.parametrize("k", range(4))
def test_the_generated_expressions_are_the_definition(value: int, k: int) -> None:
    def fit(x: int, low: int, high: int) -> int:
        return min(max(x, low), high)

    names = {"x": 0x81FF7F00, "y": 0x01FF80FF, "k": k, "v": value, "_fit": fit}
    for index in ("k", str(k)):
        replaced = eval(packing.replaced("x", BYTES, index, "v"), names)
        assert replaced == BYTES.replaced(0x81FF7F00, k, value)
        assert eval(packing.element("x", BYTES, index), names) == BYTES.element(0x81FF7F00, k)
        assert [BYTES.element(replaced, j) == BYTES.element(0x81FF7F00, j) for j in range(4) if j != k] == [True] * 3
    assert eval(packing.total("x", "y", BYTES), names) == BYTES.sum(0x81FF7F00, 0x01FF80FF) == 0x82FFFFFF


@pytest.mark.parametrize(
    "column",
    [
        Column("a", "i1", "", "", length=4, packed=True),
        Column("a", "u1", "", "", length=1, packed=True),
        Column("a", "u1", "", "", length=9, packed=True),
        Column("a", "u4", "", "", length=3, packed=True),
    ],
)
def test_what_does_not_fit_is_refused(column: Column) -> None:
    broken = type("Broken", (Flooding,), {"name": "broken", "columns": (column,), "inboxes": ()})
    with pytest.raises(CompilationError, match="cannot be packed"):
        ModelLayout((broken,))


def test_an_inbox_has_four_elements_at_most() -> None:
    broken = type("Broken", (Flooding,), {"name": "broken", "inboxes": (Inbox("ones", "", "", length=5),)})
    with pytest.raises(CompilationError, match="Take 1 to 4"):
        ModelLayout((broken,))


class Whole(Flooding):
    """Assigns a packed column as a whole."""

    @staticmethod
    def citizen(me):
        me.seen = 1


class Beyond(Flooding):
    """Takes an element that is not there."""

    @staticmethod
    def citizen(me):
        me.seen[4] = 1


class Unaddressed(Flooding):
    """Sends without naming the element."""

    @staticmethod
    def citizen(me, send):
        send("ones", 0, 1)


class Scalar(Flooding):
    """Asks whether any of one number is set."""

    @staticmethod
    def citizen(me):
        me.seen[0] = 1 if any(me.exposure) else 0


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Whole, "it is a vector"),
        (Beyond, "4 elements, counted from 0"),
        (Unaddressed, "number, element"),
        (Scalar, "is not a vector"),
    ],
)
def test_packed_columns_are_used_by_element(model: type[Mechanism], message: str) -> None:
    with pytest.raises(CompilationError, match=message):
        ModelLayout((model,)).kernels("citizen")


class Outside(Flooding):
    """Takes an element that is not there, and knows it at run time alone."""

    @staticmethod
    def citizen(me):
        me.seen[me.index % 7] = 1


def test_the_interpreter_stops_beyond_the_last_element() -> None:
    layout = ModelLayout((Outside,))
    with pytest.raises(RunningError, match="no element 4"):
        ReferenceBackend(layout).step(arm_state(layout, adults(64)), 1, 0)
