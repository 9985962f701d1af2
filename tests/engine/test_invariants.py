"""What must hold whatever the parameters are, tried at drawn ones on a small population.

Parameters are drawn from their prior ranges (`varied`), now and then made busier, so that the pass is compiled once and
only numbers change. Hypothesis draws where in the ranges; the draws are fixed, so that a failure comes again.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from glasshouse.engine.backends.interpreter import ReferenceBackend, Week
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import AGENCIES, CLEAR, POLICE, RESTRICTED
from glasshouse.model.entities import Population
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.sanctions import Sanctions
from glasshouse.population.synthesis import PopulationTable, synthesise
from glasshouse.testing import Trial, mechanisms
from glasshouse.testing.mechanisms import varied
from glasshouse.testing.trial import arm_bytes, passes
from tests.engine.backends.test_cpu import BUSY

LAYOUT = ModelLayout(CATALOGUE)
WEEKS = 40
Tables = dict[str, Mechanism]

few = settings(max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


@st.composite
def regimes(draw: st.DrawFn) -> Tables:
    """A table for each mechanism: at defaults, somewhere in its prior ranges, or so that much happens."""
    busy = {table.name: table for table in BUSY}
    found: Tables = {}
    for mechanism in CATALOGUE:
        place = draw(st.integers(-2, 40))
        if place < 0 and mechanism.name in busy:
            found[mechanism.name] = busy[mechanism.name]
        else:
            found[mechanism.name] = varied(mechanism, place) if place > 0 else mechanism()
    return found


@cache
def population(citizens: int = 640) -> Population:
    return synthesise(PopulationTable(citizens=citizens, district_size=64), 4, 1)


def arm_state(before: Tables, after: Tables, people: Population) -> ArmState:
    packed = [LAYOUT.pack([tables[mechanism.name] for mechanism in CATALOGUE]) for tables in (before, after)]
    return ArmState.fresh(LAYOUT, people, np.stack(packed))


def lived(tables: Tables, weeks: int = WEEKS) -> Iterator[ArmState]:
    """The arm after each week under one regime everywhere."""
    state = arm_state(tables, tables, population())
    for week in range(weeks):
        passes(LAYOUT).step(state, 9, week)
        yield state


def total(state: ArmState, name: str) -> float:
    slot = next(k for k, one in enumerate(LAYOUT.sums) if one.name == name)
    return float(state.totals[..., slot].sum()) / LAYOUT.sums[slot].scale


def each(state: ArmState, column: str) -> NDArray[Any]:
    """A vector column as an array (agencies, citizens)."""
    return np.stack([state.citizens[f"{column}_{k}"] for k in range(AGENCIES)]).astype(float)


# --------------------------------------------------------------------------------------------- nothing out of nothing


@few
@given(tables=regimes())
def test_no_welfare_is_lost_or_won_out_of_nothing(tables: Tables) -> None:
    """All hardship is last week's, moved toward what restrictions, problems, debts and visits take and rewards give."""
    table = tables["sanctions"]
    assert isinstance(table, Sanctions)
    before = 0.0
    for state in lived(tables):
        costs = np.array([0.0, *table.problem_cost])[state.citizens["severity"]].sum()
        costs += table.debt_cost * (state.citizens["debt"] > 0).sum()
        parts = ("sanction", "collateral", "employee", "visit", "representative", "third_party", "discipline")
        taken = costs + sum(total(state, f"{what}_ww") for what in parts)
        taken += total(state, "scheme_penalty_ww") - total(state, "scheme_reward_ww") - total(state, "reward_ww")
        expected = before + table.smoothing * (taken - before)
        now = total(state, "hardship_sum")
        # A citizen's hardship is stored in 24 bits, let go below a millionth, and summed in units of 2^-20.
        assert now == pytest.approx(expected, abs=3e-6 * len(state.citizens), rel=1e-6)
        before = now


@few
@given(tables=regimes())
def test_what_sanctions_take_is_bounded_by_their_severity(tables: Tables) -> None:
    table = tables["sanctions"]
    assert isinstance(table, Sanctions)
    for state in lived(tables):
        restrictions, own = total(state, "restrictions"), total(state, "sanction_ww")
        low, high = (bound * restrictions for bound in (min(table.severity), max(table.severity)))
        assert low - 1e-3 <= own <= high + 1e-3
        for part in ("sanction_unrelated_ww", "sanction_harmless_ww"):
            assert 0 <= total(state, part) <= own + 1e-3
        assert total(state, "reward_ww") == pytest.approx(table.reward * total(state, "rewarded"), abs=1e-2)


@few
@given(tables=regimes())
def test_points_are_never_negative_and_sums_count_them(tables: Tables) -> None:
    for state in lived(tables):
        held = {name: each(state, name) for name in ("right", "wrong", "deserved")}
        assert all((values >= 0).all() for values in held.values())
        assert (state.citizens["credit"] >= 0).all()
        assert (state.citizens["speech"] >= 0).all()
        assert total(state, "points_held") == (held["right"] + held["wrong"]).sum()
        assert total(state, "points_wrong") == held["wrong"].sum()
        assert total(state, "points_deserved") == held["deserved"].sum()


# ------------------------------------------------------------------------------------------------ no list without cause


class Lens:
    """How lists see points: the weights of all agencies' points for each list, and the factor on thresholds, by citizen.

    Both are those that the districts of last week had, which is what the citizens' kernels read.
    """

    def __init__(self, table: Lists) -> None:
        shape = (AGENCIES, AGENCIES, 1)
        self.sharing, self.related = (np.array(each).reshape(shape) for each in (table.sharing, table.related))
        self.table, self.passed_on = table, np.array(table.passed_on).reshape(AGENCIES, 1, 1)
        self.bars = np.array(table.threshold)[:, None]
        people, places = population().citizens, population().districts
        self.home = np.repeat(np.arange(len(places)), places["size"])
        self.purpose, self.shift, self.linked = np.zeros(len(people)), np.ones(len(people)), np.zeros(len(people))
        self.relative = np.ones((AGENCIES, len(people)))

    def values(self, points: NDArray[Any], speech: NDArray[Any]) -> NDArray[Any]:
        """The value (lists, citizens) of points (agencies, citizens), of the police's those about speech (citizens)."""
        link = np.minimum(np.minimum(self.table.integration + self.linked, 1.0) * self.table.use * self.relative, 1.0)
        weights = link * self.sharing * self.passed_on * (1.0 - self.purpose * (1.0 - self.related))
        others = (1.0 - self.table.speech_shared) * weights[POLICE] * speech
        for k in range(AGENCIES):
            weights[k, k] = 1.0
        others[POLICE] = 0.0
        return np.einsum("jkn,jn->kn", weights, points) - others

    def bar(self) -> NDArray[Any]:
        """The threshold (lists, citizens) in force."""
        return self.bars * self.shift

    def turn(self, state: ArmState) -> None:
        """Takes what the districts have now for the next week."""
        names = ("purpose", "bar_shift", "linked")
        self.purpose, self.shift, self.linked = (state.districts[name][self.home].astype(float) for name in names)
        relative = [state.districts[f"relative_integration_{k}"][self.home] for k in range(AGENCIES)]
        self.relative = np.array(relative, float)


@few
@given(tables=regimes())
def test_every_restriction_has_a_cause_on_record(tables: Tables) -> None:
    """Citizens who are pending, restricted or leaving reached the threshold since they were last clear; so in each shadow."""
    table = tables["lists"]
    assert isinstance(table, Lists)
    lens = Lens(table)
    reached = {machine: np.zeros((AGENCIES, len(population().citizens)), bool) for machine in ("", "rule_", "due_")}
    for state in lived(tables):
        right, wrong, due = (each(state, name) for name in ("right", "wrong", "deserved"))
        spoken, misread = (state.citizens[f"{name}_speech"].astype(float) for name in ("right", "wrong"))
        points = {"": (right + wrong, spoken + misread), "rule_": (right, spoken), "due_": (due, 0.0 * spoken)}
        for machine, (held, speech) in points.items():
            listed = each(state, f"{machine}state") != CLEAR
            reached[machine] |= lens.values(held, speech) >= lens.bar() - 1e-9
            assert (reached[machine] | ~listed).all(), machine
            reached[machine] &= listed
        lens.turn(state)


@few
@given(tables=regimes())
def test_a_wrongful_restriction_needs_wrongful_points(tables: Tables) -> None:
    """Wherever a list differs from its own-rule shadow, wrongful points were held since the two were last in step.

    They can be gone by now, and even an earlier spell's can be behind it: the shadow may still be waiting where the list
    already restricts. Or else a review or an appeal stepped in, which moves the list and leaves its shadow.
    """
    table = tables["lists"]
    assert isinstance(table, Lists)
    lens = Lens(table)
    stained = np.zeros((AGENCIES, len(population().citizens)), bool)
    for state in lived(tables):
        wrong = each(state, "wrong")
        stained |= lens.values(wrong, state.citizens["wrong_speech"].astype(float)) > 0
        stained |= stepped_in(state)
        actual, rule = each(state, "state"), each(state, "rule_state")
        wronged = (actual >= RESTRICTED) & (rule < RESTRICTED)
        assert (stained | ~wronged).all()
        assert (stained | ((actual == rule) & (each(state, "since") == each(state, "rule_since")))).all()
        assert (wronged.sum(axis=0) == state.citizens["wronged"]).all()
        assert total(state, "restrictions_wrong") == wronged.sum()
        stained &= ~((actual == rule) & (each(state, "since") == each(state, "rule_since")) & (wrong.sum(axis=0) == 0))
        # What is decided this week moves the list only in the next.
        stained |= stepped_in(state)
        lens.turn(state)


def stepped_in(state: ArmState) -> NDArray[np.bool_]:
    """Citizens whose list a review, a hearing or an appeal may have moved this week or moves next week."""
    if total(state, "reviews") + total(state, "hearings") > 0:
        # A dismissal of a rightful listing leaves no mark on the citizen.
        return np.ones(len(state.citizens), bool)
    return np.asarray(state.citizens["cleared"] > 0)


# ----------------------------------------------------------------------------------------- arms, threads and numbers


@few
@given(reference=regimes(), regime=regimes())
def test_no_regime_reaches_the_reference_arm(reference: Tables, regime: Tables) -> None:
    alone, beside = (arm_state(reference, regime, population()) for _ in range(2))
    under = arm_state(reference, regime, population())
    under.active_table[:] = 1
    for week in range(WEEKS // 2):
        passes(LAYOUT).step(alone, 9, week)
    for week in range(WEEKS // 2):
        for state in (under, beside):
            passes(LAYOUT).step(state, 9, week)
        passes(LAYOUT).compare(beside, under)
    assert arm_bytes(alone) == arm_bytes(beside)


@few
@given(tables=regimes())
def test_a_regime_like_its_reference_is_the_reference(tables: Tables) -> None:
    one, other = (arm_state(tables, tables, population()) for _ in range(2))
    other.active_table[::2] = 1
    for week in range(WEEKS // 2):
        for state in (one, other):
            passes(LAYOUT).step(state, 9, week)
    for name in (*ArmState.STORED, "totals"):
        assert name == "active_table" or (getattr(one, name) == getattr(other, name)).all(), name


@few
@given(before=regimes(), after=regimes())
def test_threads_change_nothing(before: Tables, after: Tables) -> None:
    states = [arm_state(before, after, population()) for _ in range(2)]
    for state, threads in zip(states, (1, 2), strict=True):
        state.active_table[::2] = 1
        for week in range(WEEKS // 2):
            passes(LAYOUT, threads).step(state, 9, week)
    assert arm_bytes(states[0]) == arm_bytes(states[1])


class Renumbered(ReferenceBackend):
    """The interpreter for people who have other numbers than before, and keep their draws."""

    former: NDArray[np.int64]

    def drawing(self, mechanism: type[Mechanism], kind: str, week: Week, entity: int) -> Any:
        return super().drawing(mechanism, kind, week, int(self.former[entity]) if kind == "citizen" else entity)


def renumber(old: Population, rng: np.random.Generator) -> tuple[Population, NDArray[np.int64]]:
    """The same people with households shuffled within districts; and each one's former number."""
    former: list[int] = []
    for place in old.districts:
        first, end = int(place["first"]), int(place["first"]) + int(place["size"])
        starts = first + np.flatnonzero(old.citizens["household_place"][first:end] == 0)
        homes = np.split(np.arange(first, end), starts[1:] - first)
        former += [int(member) for home in rng.permutation(len(homes)) for member in homes[home]]
    order = np.array(former)
    now = np.empty(len(order), np.int64)
    now[order] = np.arange(len(order))
    citizens = old.citizens[order].copy()
    rows = [np.sort(now[old.ties[int(old.tie_start[i]) : int(old.tie_start[i + 1])]]) for i in order]
    start = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(old.tie_start.dtype)
    ties = np.concatenate(rows).astype(old.ties.dtype)
    return Population(citizens, old.districts, old.firms, start, ties), order


@settings(few, max_examples=2)
@given(tables=regimes(), seed=st.integers(0, 1000))
def test_numbers_are_only_names(tables: Tables, seed: int) -> None:
    """People renumbered within their district, who keep their random numbers, leave the same sums everywhere and the same columns."""
    old = population(128)
    new, former = renumber(old, np.random.default_rng(seed))
    assert (former != np.arange(len(former))).any()
    one, other = arm_state(tables, tables, old), arm_state(tables, tables, new)
    plain, renumbered = ReferenceBackend(LAYOUT), Renumbered(LAYOUT)
    renumbered.former = former
    for week in range(8):
        plain.step(one, 9, week)
        renumbered.step(other, 9, week)
        assert (one.totals == other.totals).all(), week
        assert (one.citizens[former] == other.citizens).all(), week
        assert (one.districts == other.districts).all(), week


SWITCHED = [mechanism for mechanism in CATALOGUE if mechanism.off]


@settings(few, max_examples=len(SWITCHED))
@given(tables=regimes(), mechanism=st.sampled_from(SWITCHED))
def test_switched_off_is_never_there(tables: Tables, mechanism: type[Mechanism]) -> None:
    mechanisms.switches_off(Trial(mechanism, tables=tuple(tables.values())), weeks=6)
