"""Loops: which are shown to end, which are refused, and that the message names the line of the file."""

import inspect
from collections.abc import Callable
from typing import ClassVar

import pytest

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.rewrite import helpers_of, rewrite
from glasshouse.errors import CompilationError
from glasshouse.model.declarations import Column
from glasshouse.model.kernel_math import poisson
from glasshouse.model.mechanism import Mechanism

MOST, FAR = 9, 10_000_000


class Looping(Mechanism):
    """Loops."""

    name: ClassVar[str] = "looping"
    columns: ClassVar = (Column("level", "i4", "", "", high=99),)
    rate: float = 0.5


def compiled(kernel: Callable[..., None]) -> None:
    layout = ModelLayout((Looping,))
    helpers_of([rewrite(kernel, "looping__citizen", layout.symbol_table(Looping, "citizen"))])


def counts(me):
    k = 0
    while k < MOST and me.level < 50:
        me.level = me.level + 1
        k += 1


def counts_both_ways(me):
    up, down = 0, 8
    while 0 <= up < MOST:
        if me.level > 3:
            up += 2
        else:
            up = 1 + up
            continue
    while down > 0:
        if me.level == 7:
            break
        down = down >> 1


def nests(me):
    i = 0
    while i < MOST:
        j = i
        while j >= 0:
            me.level = me.level + j
            j -= 1
        i += 1


def counts_what_there_is(me):
    k, most = 0, min(9, MOST)
    while k < most and k < me.level:
        j = 1 << 40 if me.level else 4
        while j > 0:
            j = j >> 1
        k += 3


def counts_far_in_long_steps(me):
    k = 0
    while k < 900_000:
        k += 100


def uses_a_shipped_helper(me):
    me.level = poisson(1.0, 0.37, 0.5)


def counts_far(me):
    k = 0
    while k < 1_000_000_000_000_000:
        k += 1


def counts_far_by_a_name(me):
    k, most = 0, FAR
    while k < most:
        k += 1


def begins_far_away(me):
    k = 1000 * FAR
    while k > 0:
        k -= 1


def counts_to_a_field(me):
    k = 0
    while k < me.level:
        k += 1


def counts_to_a_parameter(me, p):
    k = 0
    while k < int(p.rate):
        k += 1


def goes_far_elsewhere(me):
    far, k = 0, 0
    while k < MOST:
        far += FAR
        k += 1
    while far > 0:
        far -= 1


def nests_far(me):
    i = 0
    while i < 1_000:
        j = 0
        if me.level > 3:
            while j < 1_000:
                j += 1
        i += 1


def endless(me):
    while True:
        me.level = 1


def wraps(me):
    k = 0
    while k >= 0:
        k += 1


def skips(me):
    k = 0
    while k < MOST:
        if me.level > 3:
            continue
        k += 1


def sometimes(me):
    k = 0
    while k < MOST:
        if me.level > 3:
            k += 1


def turns_back(me):
    k = 0
    while k < MOST:
        k += 1
        if me.level > 3:
            k = 0


def moves_its_limit(me):
    k, most = 0, MOST
    while k < most:
        k += 1
        most += 1


def stands_still(me):
    k = 0
    while k < MOST:
        k += 0


def halves_below_zero(me):
    k = 8
    while k > -5:
        k = k >> 1


def counts_fractions(me, p):
    x = 0.0
    while x < 1e17:
        x += 1.0


def counts_a_field(me):
    while me.level < 300:
        me.level += 1


def either(me):
    k = 0
    while k < MOST or me.level < 50:
        k += 1


def within(x):
    y = x
    while y * y > x:
        y = 0.5 * (y + x / y)
    return y


def asks_a_helper(me, p):
    me.level = within(p.rate)


@pytest.mark.parametrize(
    "kernel", [counts, counts_both_ways, nests, counts_what_there_is, counts_far_in_long_steps, uses_a_shipped_helper]
)
def test_a_loop_that_is_shown_to_end_is_compiled(kernel: Callable[..., None]) -> None:
    compiled(kernel)


@pytest.mark.parametrize(
    "kernel",
    [
        endless, wraps, skips, sometimes, turns_back, moves_its_limit, stands_still, halves_below_zero, counts_fractions,
        counts_a_field, either, counts_far, counts_far_by_a_name, begins_far_away, counts_to_a_field, counts_to_a_parameter,
        goes_far_elsewhere, nests_far,
    ],
)  # fmt: skip
def test_any_other_is_refused_with_its_line(kernel: Callable[..., None]) -> None:
    lines, first = inspect.getsourcelines(kernel)
    line = first + [n for n, text in enumerate(lines) if "while" in text][-1]
    with pytest.raises(CompilationError, match=f"looping.citizen, line {line}: this loop cannot be shown to end"):
        compiled(kernel)


def test_a_helper_is_held_to_it_as_well() -> None:
    with pytest.raises(CompilationError, match=r"helper tests\..*within, line \d+: this loop cannot be shown to end"):
        compiled(asks_a_helper)
