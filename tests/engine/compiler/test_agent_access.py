"""In the sequential schedule a citizen sees and changes others as they stand; compiled and uncompiled alike."""

from typing import ClassVar

import numpy as np
import pytest

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.errors import CompilationError, RunningError
from glasshouse.model.declarations import Column, Sum
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.sandbox import build_population
from tests.helpers.populations import arm_state, bytes_of

SIDE = 12


class Walkers(Mechanism):
    """Walkers on a grid of sites: each steps to a site beside the own one if it is free."""

    name: ClassVar[str] = "walkers"
    columns: ClassVar = (
        Column("site", "i4", "index", "where the walker stands", low=-1.0, high=1e9, initial=-1.0),
        Column("taken", "u1", "yes or no", "somebody stands here"),
        Column("weight", "f4", "kg", "what the site has borne", high=1e9),
    )
    sums: ClassVar = (Sum("steps", "steps", "steps taken"), Sum("seen", "sites", "free sites seen"))
    draws: ClassVar = ("way",)

    @staticmethod
    def citizen(me, read, write, tie, ties, draw, add, week):
        """Sites do nothing; a walker first takes the given site."""
        if not me.walker:
            return
        if week == 0:
            me.site = me.start
            write("taken", me.start, True)
            return
        free = 0
        k = 0
        while k < ties(me.site):
            if not read("taken", tie(me.site, k)):
                free += 1
            k += 1
        add("seen", free)
        to = tie(me.site, int(draw("way") * ties(me.site)))
        if not read("taken", to):
            write("taken", me.site, False)
            write("taken", to, True)
            write("weight", to, read("weight", to) + 0.1 + read("burden", me.index))
            me.site = to
            add("steps")


def grid(walkers: int) -> dict[str, np.ndarray]:
    sites = SIDE * SIDE
    walker = np.arange(sites + walkers) >= sites
    start = np.where(walker, np.arange(sites + walkers) - sites, 0) * 3
    return {
        "walker": walker[None],
        "start": start[None].astype(np.int32),
        "burden": np.linspace(0.0, 1.0, sites + walkers)[None].astype(np.float32),
    }


def population(walkers: int = 40):
    ground = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    beside = [np.stack([ground, np.roll(ground, 1, axis)], -1).reshape(-1, 2) for axis in (0, 1)]
    one, other = np.concatenate(beside).T
    return build_population(grid(walkers), ties=(np.zeros_like(one), one, other)).agents


def layout_of(model: type[Mechanism] = Walkers, schedule="sequential") -> ModelLayout:
    people = population()
    return ModelLayout((model,), people.citizens.dtype, people.districts.dtype, schedule)


def test_walkers_never_share_a_site_and_weights_add_up() -> None:
    layout, people = layout_of(), population()
    state, threads, steps = arm_state(layout, people), CompiledBackend(layout), 0
    for week in range(60):
        threads.step(state, 3, week)
        steps += int(state.totals[0, 0, 0])
    sites = state.citizens["site"][SIDE * SIDE :]
    assert len(set(sites.tolist())) == len(sites) == 40
    assert (np.flatnonzero(state.citizens["taken"]) == np.sort(sites)).all()
    assert steps > 1000
    burdens = people.citizens["burden"][SIDE * SIDE :].astype(float)
    assert 0.1 * steps + burdens.min() * steps < state.citizens["weight"].sum() < 0.1 * steps + burdens.max() * steps


def test_the_interpreter_takes_the_same_steps() -> None:
    layout, people = layout_of(), population()
    one, other = arm_state(layout, people), arm_state(layout, people)
    threads, twin = CompiledBackend(layout), ReferenceBackend(layout)
    for week in range(8):
        threads.step(one, 3, week)
        twin.step(other, 3, week)
        assert bytes_of(one) == bytes_of(other), week


def test_the_synchronous_schedule_gives_kernels_nothing_of_others() -> None:
    with pytest.raises(CompilationError, match="read, write, tie, ties"):
        layout_of(schedule="synchronous").kernels("citizen")


class Lost(Walkers):
    @staticmethod
    def citizen(me, read, add):
        add("seen", read("taken", me.index + 1))


class Selfish(Walkers):
    @staticmethod
    def citizen(me, write):
        write("taken", me.index, True)


class Greedy(Walkers):
    @staticmethod
    def citizen(me, write):
        write("burden", me.start, 1.0)


class Careless(Walkers):
    @staticmethod
    def citizen(me, read):
        read("taken", me.start)


@pytest.mark.parametrize(("model", "said"), [(Lost, "there is no citizen 184"), (Selfish, "taken of oneself")])
def test_the_interpreter_stops_at_an_index_out_of_range(model: type[Mechanism], said: str) -> None:
    layout = layout_of(model)
    with pytest.raises(RunningError, match=said):
        ReferenceBackend(layout).step(arm_state(layout, population()), 1, 0)
    state = arm_state(layout, population())
    CompiledBackend(layout).step(state, 1, 0)
    assert not state.citizens["taken"].any()


@pytest.mark.parametrize(("model", "said"), [(Greedy, "burden"), (Careless, "Only `add` and `send` and `write`")])
def test_what_is_not_ones_own_cannot_be_written_nor_a_reading_lost(model: type[Mechanism], said: str) -> None:
    with pytest.raises(CompilationError, match=said):
        layout_of(model).kernels("citizen")
