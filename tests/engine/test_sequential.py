"""The contract is wide enough for a grid model that takes turns: majority rule on a torus.

Each cell takes the opinion of most of its four neighbours. All at once, a chequerboard flips for ever; one after the
other, no step can add a border between opinions, so that it settles (zero-temperature Glauber dynamics).
"""

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.model.declarations import Signal, Sum
from glasshouse.model.entities import FIRM, Population
from glasshouse.model.mechanism import Mechanism
from tests.helpers.populations import arm_state, bytes_of

SIDE = 16


class Majority(Mechanism):
    """Takes the opinion of most neighbours, its own when they are split."""

    name: ClassVar[str] = "majority"
    signals: ClassVar = (Signal("red", "is of the red opinion"),)
    sums: ClassVar = (Sum("reds", "cells", "cells of the red opinion"), Sum("turned", "cells", "cells that turned"))

    @staticmethod
    def citizen(me, contacts, add, week):
        before = me.red
        if week == 0:
            me.red = me.first
        elif contacts.red > 2:
            me.red = True
        elif contacts.red < 2:
            me.red = False
        if me.red:
            add("reds")
        if week > 0 and me.red != before:
            add("turned")


def torus(first: NDArray[np.bool_]) -> Population:
    """A grid whose edges meet; every cell knows the four beside it."""
    cells = np.zeros(SIDE * SIDE, [("first", "?"), ("cell", "u1")])
    cells["first"] = first.ravel()
    grid = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    beside = [np.roll(grid, step, axis) for axis in (0, 1) for step in (1, -1)]
    ties = np.sort(np.stack(beside, axis=-1).reshape(-1, 4), axis=1).ravel().astype(np.uint32)
    place = np.array([(0, SIDE * SIDE)], [("first", "u4"), ("size", "u4")])
    return Population(cells, place, np.zeros(0, FIRM), np.arange(SIDE * SIDE + 1, dtype=np.int64) * 4, ties)


def layout_of(population: Population, schedule: Literal["synchronous", "sequential"]) -> ModelLayout:
    return ModelLayout((Majority,), population.citizens.dtype, population.districts.dtype, schedule)


CHEQUERS = np.indices((SIDE, SIDE)).sum(axis=0) % 2 == 0


def history(schedule: Literal["synchronous", "sequential"], first: NDArray[np.bool_], seed: int = 5) -> list[int]:
    """Cells that turned in each week."""
    population = torus(first)
    layout = layout_of(population, schedule)
    state, twin, found = arm_state(layout, population), ReferenceBackend(layout), []
    for week in range(40):
        twin.step(state, seed, week)
        found.append(int(state.totals[:, :, 1].sum()))
    return found


def test_all_at_once_the_chequerboard_flips_for_ever() -> None:
    assert history("synchronous", CHEQUERS)[2:] == [SIDE * SIDE] * 38


def test_one_after_the_other_it_settles() -> None:
    turned = history("sequential", CHEQUERS)
    assert turned[1] > SIDE * SIDE / 8
    assert turned[-1] == 0


def test_turns_are_drawn_anew_from_the_seed() -> None:
    rough = np.random.default_rng(2).random((SIDE, SIDE)) < 0.5
    assert history("sequential", rough, seed=5) == history("sequential", rough, seed=5)
    assert history("sequential", rough, seed=5) != history("sequential", rough, seed=6)


def test_the_compiled_pass_takes_the_same_turns() -> None:
    population = torus(np.random.default_rng(2).random((SIDE, SIDE)) < 0.5)
    layout = layout_of(population, "sequential")
    one, other = arm_state(layout, population), arm_state(layout, population)
    threads, twin = CompiledBackend(layout, threads=2), ReferenceBackend(layout)
    for week in range(12):
        threads.step(one, 5, week)
        twin.step(other, 5, week)
        assert bytes_of(one) == bytes_of(other), week
