"""Firms live after their employees and before the districts; who works in one feels it a week later."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.errors import CompilationError, RunningError
from glasshouse.model.declarations import Column, Sum
from glasshouse.model.entities import FIRM, NOBODY, Population
from glasshouse.model.mechanism import Mechanism
from tests.helpers.populations import adults, arm_state, bytes_of


class Employing(Mechanism):
    """Firms go through good and bad weeks; employees of a firm in a bad week are afraid, the others note nothing."""

    name: ClassVar[str] = "employing"
    columns: ClassVar = (
        Column("fear", "f4", "share", "fear felt at work"),
        Column("staff", "i4", "persons", "size of the workplace as felt", high=1e6),
    )
    firm_columns: ClassVar = (
        Column("trouble", "f4", "share", "how bad the firm's week was", initial=0.25),
        Column("bad", "u2", "weeks", "bad weeks so far", high=6e4),
    )
    district_columns: ClassVar = (Column("mood", "f8", "share", "bad firms so far", high=1e9),)
    centre_columns: ClassVar = (Column("age", "i4", "weeks", "weeks so far", high=1e6),)
    sums: ClassVar = (Sum("bad_firms", "firms", "firms in a bad week"), Sum("fears", "share", "fear felt", 1 << 20))
    draws: ClassVar = ("luck",)
    chance: float = 0.3

    @staticmethod
    def citizen(me, work, add):
        me.fear = work.trouble
        me.staff = work.size
        add("fears", work.trouble * (1.0 + work.leverage))

    @staticmethod
    def firm(firm, here, nation, p, draw, add, week):
        if draw("luck") < p.chance:
            firm.trouble = min(firm.trouble + 0.1 + here.mood / 1024.0, 1.0)
            firm.bad = firm.bad + 1
            add("bad_firms")
        else:
            firm.trouble = firm.trouble * (0.5 + 0.1 * firm.foreign) + 0.001 * (nation.age + week)

    @staticmethod
    def district(here, total):
        here.mood = here.mood + total.bad_firms

    @staticmethod
    def centre(nation):
        nation.age = nation.age + 1


LAYOUT = ModelLayout((Employing,))


def employed(people: int = 400, firms: int = 30) -> Population:
    """Adults of whom a third work for themselves or nobody, the others in firms of the district or elsewhere."""
    rng, population = np.random.default_rng(3), adults(people, district=64)
    units = np.zeros(firms, FIRM)
    units["district"] = rng.integers(0, len(population.districts), firms)
    units["leverage"], units["foreign"] = rng.random(firms), rng.random(firms) < 0.3
    citizens = population.citizens.copy()
    citizens["workplace"] = NOBODY
    at_work = rng.random(people) < (0.67 if firms else 0.0)
    citizens["workplace"][at_work] = rng.integers(0, max(firms, 1), int(at_work.sum()))
    units["size"] = np.bincount(citizens["workplace"][at_work], minlength=firms)
    return replace(population, citizens=citizens, firms=units)


@pytest.mark.parametrize("firms", [0, 1, 30])
def test_the_interpreter_and_any_number_of_threads_leave_equal_bytes(firms: int) -> None:
    population = employed(firms=firms)
    states = [arm_state(LAYOUT, population, (), (Employing(chance=0.8),)) for _ in range(3)]
    backends = (ReferenceBackend(LAYOUT), CompiledBackend(LAYOUT, threads=1), CompiledBackend(LAYOUT, threads=2))
    for state in states:
        state.active_table[1] = 1
    for week in range(12):
        for state, backend in zip(states, backends, strict=True):
            backend.step(state, 5, week)
        assert bytes_of(states[0]) == bytes_of(states[1]) == bytes_of(states[2]), week
    if firms > 1:
        assert states[0].firms["bad"][:-1].min() < states[0].firms["bad"][:-1].max()


def test_employees_feel_their_firm_s_last_week_and_others_what_it_began_with() -> None:
    population = employed()
    state, twin = arm_state(LAYOUT, population), ReferenceBackend(LAYOUT)
    twin.step(state, 5, 0)
    before = state.firms.copy()
    assert (before["trouble"][:-1] != 0.25).all()
    assert before[-1] == LAYOUT.initial("firm", 1)[0]
    twin.step(state, 5, 1)
    place = np.minimum(population.citizens["workplace"], len(population.firms))
    assert (state.citizens["fear"] == before["trouble"][place]).all()
    assert (state.citizens["staff"] == np.append(population.firms["size"], 0)[place]).all()
    assert (state.citizens["staff"] == 0).sum() > 50


def test_a_firm_adds_to_its_district_and_lives_under_the_regime_there() -> None:
    population = employed()
    state, twin = (
        arm_state(LAYOUT, population, (Employing(chance=0.0),), (Employing(chance=1.0),)),
        ReferenceBackend(LAYOUT),
    )
    state.active_table[2] = 1
    twin.step(state, 5, 0)
    there = population.firms["district"] == 2
    assert 0 < there.sum() == state.totals[2, 0, 0] == state.totals[:, :, 0].sum()
    assert (state.firms["bad"][:-1] == there).all()
    # The district's own kernel comes after its firms'.
    assert state.districts["mood"][2] == there.sum()


class Ruling(Mechanism):
    """The centre notes under which tables it lives."""

    name: ClassVar[str] = "ruling"
    centre_columns: ClassVar = (Column("rule", "f4", "", "tables in force", high=9),)
    number: float = 0.0

    @staticmethod
    def centre(nation, p):
        nation.rule = p.number


@pytest.mark.parametrize(("active_table", "rule"), [((0, 0), 0), ((0, 1), 1), ((2, 0), 2), ((2, 1), 2)])
def test_the_centre_lives_under_the_furthest_tables_of_any_district(active_table: tuple[int, int], rule: int) -> None:
    layout, population = ModelLayout((Ruling,)), adults(100, district=64)
    for backend in (ReferenceBackend(layout), CompiledBackend(layout, threads=1)):
        state = arm_state(layout, population, (), (Ruling(number=1.0),), (Ruling(number=2.0),))
        state.active_table[:] = active_table
        backend.step(state, 5, 0)
        assert state.centre["rule"][0] == rule


class Elsewhere(Mechanism):
    """Reads a workplace where nobody has one."""

    name: ClassVar[str] = "elsewhere"
    columns: ClassVar = (Column("worth", "f4", "", "worth of the workplace", initial=1.0),)
    firm_columns: ClassVar = (Column("stock", "f4", "", "what it holds", initial=3.0),)

    @staticmethod
    def citizen(me, work):
        me.worth = work.stock + work.capital

    @staticmethod
    def firm(firm):
        firm.stock = firm.stock + firm.capital


def test_other_traits_than_ours_will_do() -> None:
    """Citizens without a trait `workplace` have none, and firms without a trait `district` stand in the first."""
    people = np.zeros(64, [("cell", "u1")])
    place = np.array([(0, 64)], [("first", "u4"), ("size", "u4")])
    units = np.array([(0.5,), (2.0,)], [("capital", "f4")])
    population = Population(people, place, units, np.zeros(65, np.int64), np.zeros(0, np.uint32))
    layout = ModelLayout((Elsewhere,), people.dtype, place.dtype, firm_traits=units.dtype)
    one, other = arm_state(layout, population), arm_state(layout, population)
    for week in range(2):
        CompiledBackend(layout, threads=1).step(one, 1, week)
        ReferenceBackend(layout).step(other, 1, week)
    assert bytes_of(one) == bytes_of(other)
    assert one.firms["stock"].tolist() == [4.0, 7.0, 3.0]
    assert (one.citizens["worth"] == 3.0).all()


def test_a_firm_that_stands_nowhere_is_refused() -> None:
    population = employed()
    population.firms["district"][3] = len(population.districts)
    with pytest.raises(RunningError, match="A firm stands in district 7; there are districts 0 to 6"):
        arm_state(LAYOUT, population)


class Other(Mechanism):
    """Claims a trait of firms."""

    name: ClassVar[str] = "other"
    firm_columns: ClassVar = (Column("leverage", "f4", "", "claimed"),)


class Meddling(Mechanism):
    """Assigns what is its employer's."""

    name: ClassVar[str] = "meddling"
    firm_columns: ClassVar = (Column("stock", "f4", "", "what it holds"),)

    @staticmethod
    def citizen(work):
        work.stock = 1.0


def test_a_firm_s_traits_and_columns_have_one_owner() -> None:
    with pytest.raises(
        CompilationError, match="firm column leverage is declared by other, but it belongs to the traits"
    ):
        ModelLayout((Other,))
    with pytest.raises(CompilationError, match="work.stock belongs to another"):
        CompiledBackend(ModelLayout((Meddling,)), threads=1)


def test_the_loop_over_firms_is_compiled_only_where_there_are_firm_kernels() -> None:
    from tests.engine.backends.test_cpu import Counting

    assert "def firms(" in CompiledBackend(LAYOUT, threads=1).text
    assert "def firms(" not in CompiledBackend(ModelLayout((Counting,)), threads=1).text
