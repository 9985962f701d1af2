"""Every built-in mechanism and measure passes the kit, and the kit finds what it is there to find."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import pytest

from glasshouse.engine.backends import threads
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.state import ArmState
from glasshouse.model.declarations import Column, Sum, param
from glasshouse.model.measure import FloatArray, Measure, Sums, ratio
from glasshouse.model.measures import CATALOGUE as MEASURES
from glasshouse.model.measures.governance import ServiceEquality
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.testing import (
    MEASURE_CHECKS,
    MECHANISM_CHECKS,
    Question,
    Trial,
    check_measure,
    check_mechanism,
    mechanisms,
)
from tests.engine.backends.test_cpu import BUSY


def name(thing: Any) -> str:
    return str(getattr(thing, "name", None) or thing.__name__)


@pytest.mark.parametrize("mechanism", CATALOGUE, ids=name)
@pytest.mark.parametrize("check", MECHANISM_CHECKS, ids=name)
def test_a_built_in_mechanism(check: Callable[[Trial], None], mechanism: type[Mechanism]) -> None:
    check(Trial(mechanism, tables=BUSY))


@pytest.mark.parametrize("measure", MEASURES, ids=name)
@pytest.mark.parametrize("check", MEASURE_CHECKS, ids=name)
def test_a_built_in_measure(check: Callable[[Question], None], measure: type[Measure]) -> None:
    check(Question(measure, tables=BUSY))


# ------------------------------------------------------------------------------------------- what the kit is there to find


class Walking(Mechanism):
    """Walks.

    P(a citizen goes `pace` steps) = 1/2.
    """

    name: ClassVar[str] = "walking"
    off: ClassVar = {"pace": 0.0}
    columns: ClassVar = (Column("steps", "f4", "steps", "steps gone", high=1000.0),)
    sums: ClassVar = (Sum("walked", "steps", "steps gone this week"),)
    draws: ClassVar = ("goes",)
    pace: float = param(
        2.0, "Steps a week.", unit="steps", bounds=(0, 9), prior=(1, 3), source="Wanderer 1901", role="uncertainty"
    )

    @staticmethod
    def citizen(me, p, draw, add):
        if draw("goes") < 0.5:
            me.steps = me.steps + p.pace
            add("walked", p.pace)


class Watching(Mechanism):
    """Watches."""

    name: ClassVar[str] = "watching"
    sums: ClassVar = (Sum("seen", "steps", "steps seen"),)

    @staticmethod
    def citizen(me, add):
        add("seen", me.steps)


def like(base: type[Mechanism], **declared: object) -> type[Mechanism]:
    made = {"__doc__": base.__doc__, "__module__": __name__, **declared}
    return type(base.__name__, (base,), made)


def idle(me, p, draw, add):
    me.steps = p.pace


def hurrying(me, p, draw, add):
    me.steps = me.steps + 100.0 * p.pace
    if draw("goes") < 0.5:
        add("walked", p.pace)


def check(name: str) -> Callable[..., None]:
    return next(one for one in (*MECHANISM_CHECKS, *MEASURE_CHECKS) if one.__name__ == name)


def test_a_sound_mechanism_passes() -> None:
    check_mechanism(Walking, others=(Watching,))


def field(**given: Any) -> dict[str, Any]:
    told = {"unit": "steps", "bounds": (0, 9), "prior": (1, 3), "role": "uncertainty", **given}
    return {
        "__annotations__": {"pace": float},
        "pace": param(told.pop("default", 2.0), told.pop("doc", "Steps."), **told),
    }


@pytest.mark.parametrize(
    ("named", "declared", "said"),
    [
        ("says_what_it_is", {"__doc__": None}, "no docstring"),
        ("says_what_it_is", {"__doc__": "Walks.\n\nFar."}, "no equation and no source"),
        ("says_what_it_is", field(doc=""), "not declared with param"),
        ("says_what_it_is", field(unit=""), "no unit"),
        ("says_what_it_is", field(source=""), "no source"),
        ("says_what_it_is", field(role="setting"), "walking.pace declares no role. Give role=\"lever\" for what a regime sets"),
        ("says_what_it_is", {"__annotations__": {"pace": float}, "pace": param(2.0, "Steps.", unit="steps", bounds=(0, 9))},
         "declares no role"),
        ("says_what_it_is", field(bounds=None), "no bounds"),
        ("says_what_it_is", field(prior=None), "no prior"),
        ("says_what_it_is", field(prior=(1, 10)), "not within its bounds"),
        ("says_what_it_is", field(default=5.0), "outside its prior range"),
        ("says_what_it_is", field(default=...), "no default"),
        ("says_what_it_is", {"columns": (Column("steps", "f4", "", "steps gone", high=1000.0),)}, "its unit"),
        ("says_what_it_is", {"sums": (Sum("walked", "steps", ""),)}, "lacks its meaning"),
        ("keeps_to_the_grammar", {"citizen": None, "__annotations__": {"citizen": ClassVar[None]}}, "no kernel"),
        ("declares_nothing_idle", {"citizen": staticmethod(idle)}, "draw goes, sum walked"),
        ("declares_nothing_idle", {"columns": (*Walking.columns, Column("rest", "f4", "h", "rest"))}, "column rest"),
        ("stays_within_declared_ranges", {"citizen": staticmethod(hurrying)}, "declared 0.0 to 1000.0"),
        ("switches_off", {"off": {"pace": 1.0}}, "still changes seen"),
    ],
)  # fmt: skip
def test_a_fault_of_a_mechanism_is_found(named: str, declared: dict[str, Any], said: str) -> None:
    bad = like(Walking, **declared)
    with pytest.raises(AssertionError, match=said):
        check(named)(Trial(bad, (Watching,)))


@pytest.mark.parametrize(
    ("named", "where", "what", "stand_in"),
    [
        ("interpreter_and_pass_leave_equal_bytes", ReferenceBackend, "step", lambda *_: None),
        ("threads_and_blocks_change_nothing", threads, "_pieces", lambda blocks, count: iter([(0, blocks - 1)])),
        ("draws_by_key_alone", ArmState, "STORED", ("districts", "shown")),
    ],
)
def test_a_fault_of_what_runs_it_is_found(
    named: str, where: object, what: str, stand_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A week of its own, so that nothing is remembered from a run without the fault.
    sound = like(Walking, name=f"walking_{named}"[:30])
    if what == "STORED":
        monkeypatch.setattr(mechanisms, "arm_bytes", lambda arm: arm.citizens.tobytes())
    monkeypatch.setattr(where, what, stand_in)
    with pytest.raises(AssertionError, match="differ|changes"):
        check(named)(Trial(sound, (Watching,)))


class Sound(Measure):
    """Steps a citizen. Steps; neither is better."""

    name, title, formula, unit, better, source = "sound", "Steps", "a / b", "steps", "neither", "made up"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.complaints, sums.adults)


class Hopeful(Sound):
    """Calls zero what has no denominator."""

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return np.nan_to_num(ratio(sums.complaints, sums.adults))


class Mixing(Sound):
    """Divides a week by all weeks."""

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.complaints, sums.adults.sum())


class Restless(Measure):
    """Is one between equals."""

    name, title, formula, unit, better, source = "restless", "Steps", "a / b", "steps", "neither", "made up"

    @staticmethod
    def between(reference: Sums, regime: Sums, pairs: Sums) -> FloatArray:
        return ratio(regime.adults, reference.adults)


class Mute(Measure):
    """Has no formula."""

    name, title, formula, unit, better, source = "mute", "Steps", "a / b", "steps", "neither", "made up"


def test_a_sound_measure_passes() -> None:
    check_measure(Sound)


def test_a_measure_that_compares_groups_has_no_figure_for_a_group() -> None:
    check_measure(ServiceEquality)
    with pytest.raises(AttributeError, match="by_group = False"):
        check_measure(type("Wide", (ServiceEquality,), {"by_group": True, "__doc__": "Of groups."}))


@pytest.mark.parametrize(
    ("named", "measure", "said"),
    [
        ("says_what_it_means", type("Vague", (Sound,), {"formula": ""}), "no formula"),
        ("says_what_it_means", type("Vague", (Sound,), {"better": "most"}), "better is one of"),
        ("says_what_it_means", type("Vague", (Sound,), {"name": "two words"}), "cannot be a column"),
        ("says_what_it_means", type("Vague", (Sound,), {"__doc__": ""}), "no docstring"),
        ("has_one_formula", Mute, "needs one of"),
        ("has_one_formula", type("Both", (Sound,), {"between": Restless.between}), "needs one of"),
        ("has_one_formula", type("Wide", (Sound,), {"by_district": True}), "by_group = False"),
        ("makes_nothing_of_nothing", Hopeful, "is 0.0 where all sums are zero"),
        ("serves_any_shape", Mixing, "mixes weeks"),
        ("equal_arms_differ_by_nothing", Restless, "finds 1.0 between an arm and itself"),
    ],
)
def test_a_fault_of_a_measure_is_found(named: str, measure: type[Measure], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        check(named)(Question(measure, tables=BUSY))
