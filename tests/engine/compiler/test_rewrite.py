"""What a kernel may say: each rule is broken once, and the message names the kernel and what was expected."""

from collections.abc import Callable
from typing import ClassVar

import numpy as np
import pytest

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.compiler.effects import inboxes_sent, kernel_effects
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.rewrite import rewrite
from glasshouse.errors import CompilationError
from glasshouse.model.declarations import Column, Inbox, Signal, Sum
from glasshouse.model.mechanism import Mechanism
from tests.helpers.populations import adults, arm_state, bytes_of

STEPS = np.array([1.0, 2.5, 4.0])
NAMES = {"one": 1}


class Trial(Mechanism):
    """Has a bit of everything that a kernel can touch."""

    name: ClassVar[str] = "trial"
    columns: ClassVar = (
        Column("level", "f4", "", ""),
        Column("count", "i2", "", "", high=9),
        Column("parts", "i4", "", "", length=2),
    )
    signals: ClassVar = (Signal("waves", ""),)
    sums: ClassVar = (Sum("waved", "", ""),)
    inboxes: ClassVar = (Inbox("mail", "", ""),)
    draws: ClassVar = ("luck",)
    rate: float = 0.5


class Owner(Mechanism):
    """Owns what is not Trial's."""

    name: ClassVar[str] = "owner"
    columns: ClassVar = (Column("foreign", "f4", "", ""),)


def rewritten(kernel: Callable[..., None]) -> str:
    layout = ModelLayout((Trial, Owner))
    return rewrite(kernel, "trial__citizen", layout.symbol_table(Trial, "citizen")).source


def halved(x):
    return x / 2


def forgets(x):
    if x > 0:
        return x


def outer():
    inner = 3

    def kernel(me):
        me.level = inner

    return kernel


def foreign(me):
    me.foreign = 1.0


def trait(me):
    me.income = 2.0


def numbering(me):
    me.index = 2


def unknown(me):
    me.level = me.nothing


def unshown(me, contacts):
    me.level = contacts.income


def argument(me, luck):
    me.level = 1.0


def endless_for(me):
    for k in me:
        me.level = 1.0


def broken_for(me):
    for k in range(3):
        if me.level > k:
            break


def long_for(me):
    for k in range(100_000):
        me.level = 1.0


def undeclared_sum(add):
    add("nothing")


def undeclared_draw(me, draw):
    me.level = draw("fate")


def lost(draw):
    draw("luck")


def comprehension(me):
    me.level = sum([1, 2])


def dictionary(me):
    me.level = NAMES["one"]


def power(me):
    me.level = me.level**2


def keyword(me):
    me.level = max(me.level, key=1)


def text(me):
    me.level = "high"


def maybe(me):
    if me.level > 0:
        x = 1
    me.level = x


def fraction(me):
    me.count = me.level // 2


def outside(me):
    me.level = STEPS[3]


def variable_index(me):
    me.parts[me.count] = 1


def printing(me):
    print(me.level)


def number_text(me):
    me.level = 2**70


def helper_without_end(me):
    me.level = forgets(me.level)


def imported(me):
    import math

    me.level = math.pi


@pytest.mark.parametrize(
    ("kernel", "kernel_effects"),
    [
        (foreign, "foreign belongs to another mechanism"),
        (trait, "income belongs to another mechanism"),
        (numbering, "index belongs to another mechanism"),
        (unknown, "nothing"),
        (unshown, "no mechanism shows that signal"),
        (argument, "asks for luck"),
        (endless_for, "range\\(constant\\)"),
        (broken_for, "cannot break"),
        (long_for, "too long to unroll"),
        (undeclared_sum, "not a declared sum"),
        (undeclared_draw, "not a declared"),
        (lost, "its result is lost"),
        (comprehension, "outside the contract"),
        (dictionary, "NAMES is not a local"),
        (power, "outside the contract"),
        (keyword, "by position"),
        (text, "is a text"),
        (maybe, "may have no value"),
        (fraction, "whole numbers"),
        (outside, "3 elements"),
        (variable_index, "must be a constant"),
        (printing, "print"),
        (number_text, "outside the contract"),
        (imported, "outside the contract"),
        (outer(), "of the function around it"),
        (lambda me: None, "not a plain function|cannot be read"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_is_outside_the_contract_is_refused(kernel: Callable[..., None], kernel_effects: str) -> None:
    with pytest.raises(CompilationError, match=kernel_effects):
        rewritten(kernel)


def test_a_helper_that_may_return_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trial, "citizen", staticmethod(helper_without_end), raising=False)
    with pytest.raises(CompilationError, match=r"can end without `return`"):
        _ = CompiledBackend(ModelLayout((Trial, Owner)), threads=1).module.path


def test_a_helper_that_calls_itself_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trial, "citizen", staticmethod(calling), raising=False)
    with pytest.raises(CompilationError, match="calls itself"):
        _ = CompiledBackend(ModelLayout((Trial, Owner)), threads=1).module.path


def again(x):
    return again(x - 1) if x > 0 else 0.0


def calling(me):
    me.level = again(me.level)


def sends(me, send):
    if me.level > 0:
        send("mail", 3, 1)


def test_inboxes_are_read_off_a_kernel() -> None:
    assert inboxes_sent(sends) == {"mail"}
    assert inboxes_sent(foreign) == set()


def lucky(me, p, draw):
    me.waves = draw("luck") < p.rate


def unlucky(me, p, draw):
    me.waves = draw("luck") >= p.rate


def test_a_draw_whose_outcome_is_certain_is_not_made() -> None:
    assert "p_rate > 0.0 and _draw(" in rewritten(lucky)
    assert "p_rate <= 0.0 or _draw(" in rewritten(unlucky)


def everything(me, here, contacts, household, p, draw, add, send, week):
    """Uses every part of the contract."""
    for k in range(2):
        me.parts[k] = me.parts[k] + k + me.mail
    left = me.count % 3
    if left == 0 and contacts.waves > 1:
        me.waves = True
    elif household.number > 2 or week << 1 > 6:
        me.waves = draw("luck") < p.rate
    else:
        me.waves = False
    activation_order = 0
    while activation_order < 4:
        activation_order += 1
        if activation_order == 3:
            break
    me.count = me.count + activation_order
    me.level = halved(STEPS[me.parts[0] & 1]) + min(here.need, 1.0) - (0.5 if me.waves else 0.25)
    if me.waves:
        add("waved")
        send("mail", (me.parts[1] * 7 + week) % 90, 2)


def test_all_that_is_allowed_gives_the_interpreter_s_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trial, "citizen", staticmethod(everything), raising=False)
    layout, population = ModelLayout((Trial, Owner)), adults(90, district=64)
    one, other = arm_state(layout, population), arm_state(layout, population)
    threads, twin = CompiledBackend(layout, threads=1), ReferenceBackend(layout)
    waved = 0
    for week in range(6):
        threads.step(one, 3, week)
        twin.step(other, 3, week)
        assert bytes_of(one) == bytes_of(other), week
        waved += int(one.totals.sum())
    assert 0 < waved < 6 * 90


def speaks(me, here, contacts, draw, add, send):
    me.level += here.size
    me.parts[0] = me.parts[1]
    me.count = contacts.waves
    send("mail", 1, 2)
    if draw("luck") < 0.5:
        add("waved", 2.0)
        add("waved")


def test_the_effects_of_a_kernel_are_read_from_its_source() -> None:
    told = kernel_effects(speaks)
    assert told.reads == {("me", "level"), ("here", "size"), ("me", "parts"), ("contacts", "waves")}
    assert told.assigns == {("me", "level"), ("me", "parts"), ("me", "count")}
    assert (told.draws, told.adds, told.sends) == (("luck",), ("waved",), ("mail",))
    assert inboxes_sent(speaks) == {"mail"}


def taking_one_turn(me, p):
    for k in range(2):
        share = 1.0 if k == 1 else p.rate
        # There is no part before the first: only a turn that has one reads it.
        if k > 0:
            me.parts[k] = me.parts[k - 1] + 2
        else:
            me.parts[k] = 3
        me.level = me.level + share


def test_a_branch_that_constants_rule_out_is_not_compiled() -> None:
    source = rewritten(taking_one_turn)
    assert "if" not in source.split()
    assert "else" not in source
    assert "me_parts_1 = " in source
