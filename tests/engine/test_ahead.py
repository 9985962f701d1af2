"""The look-ahead arm: kernels read the reference arm twelve weeks later, whatever interrupts the run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from glasshouse.engine import run as engine
from glasshouse.engine.arms import Arms, arms_of
from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.checkpoint import Checkpoints
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.engine.totals_observer import TotalsObserver
from glasshouse.errors import ScenarioError
from glasshouse.model.declarations import Column, Sum, param
from glasshouse.model.mechanism import LEAD, Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.results.totals import WeeklyTotals
from glasshouse.scenario.scenario import Scenario, check, load
from tests.helpers.populations import adults, arm_state, bytes_of


class Foreseeing(Mechanism):
    """Walks on in some weeks, and under a regime that looks ahead counts where it will be."""

    name: ClassVar[str] = "foreseeing"
    columns: ClassVar = (
        Column("walked", "i4", "steps", "steps so far", high=1e9),
        Column("seen", "i4", "steps", "steps foreseen", high=1e9),
    )
    sums: ClassVar = (Sum("walked", "steps", "steps so far"), Sum("foreseen", "steps", "steps foreseen"))
    draws: ClassVar = ("step",)
    pace: float = param(0.2, "Chance of a step.", unit="share", bounds=(0, 1), prior=(0, 1), role="lever")
    looks: bool = param(False, "Whether it looks ahead.", unit="yes or no", source="design", role="lever")

    def needs_ahead(self) -> bool:
        return self.looks

    @staticmethod
    def citizen(me, ahead, p, draw, add):
        if draw("step") < p.pace:
            me.walked = me.walked + 1
        add("walked", me.walked)
        if p.looks > 0:
            me.seen = ahead.walked
            add("foreseen", ahead.walked)


class Ageing(Mechanism):
    """Firms grow older, and their employees count it."""

    name: ClassVar[str] = "ageing"
    firm_columns: ClassVar = (Column("founded", "u2", "weeks", "weeks of the firm", high=6e4),)
    sums: ClassVar = (Sum("since_founding", "weeks", "weeks of the workplace, added up over citizens"),)

    @staticmethod
    def citizen(work, add):
        add("since_founding", work.founded)

    @staticmethod
    def firm(firm):
        firm.founded = firm.founded + 1


WITH = (*CATALOGUE, Foreseeing, Ageing)
SMALL = ("society.citizens=1000", "society.district_size=256", "run.start=3", "run.rollout=0", "run.seed=5")
LOOKING = (
    "foreseeing.pace=0.8",
    "reference.foreseeing.pace=0.2",
    "foreseeing.looks=true",
    "reference.foreseeing.looks=false",
    "forecast.visits=0.0",
)


def scenario(weeks: int, *more: str) -> Scenario:
    return load("social-governance", (*SMALL, f"run.weeks={weeks}", "run.replicates=1", *LOOKING, *more), WITH)


def sums(totals: WeeklyTotals, arm: str, name: str) -> Any:
    slot = [total.name for total in totals.sums].index(name)
    return totals.arm(arm).weekly[:, :, slot]


def parts(totals: WeeklyTotals) -> bytes:
    return b"".join(getattr(totals, name).tobytes() for name in totals.STORED)


def test_the_regime_reads_the_reference_arm_of_twelve_weeks_later() -> None:
    """In the last weeks too: the arm ahead runs on beyond the end, as a longer run shows."""
    found, longer = (engine.run(scenario(weeks), threads=1).weekly_totals[0] for weeks in (70, 70 + LEAD))
    foreseen = sums(found, "regime", "foreseen")
    assert not foreseen[:3].any()
    assert foreseen[3:].any()
    assert (foreseen[3:] == sums(longer, "reference", "walked")[3 + LEAD :]).all()
    assert (sums(found, "regime", "walked")[30:] > sums(found, "reference", "walked")[30:]).any()
    assert not sums(found, "reference", "foreseen").any()
    # To look changes nothing of what is looked at.
    unseen = engine.run(scenario(70, "foreseeing.looks=false"), threads=1).weekly_totals[0]
    assert (unseen.arm("reference").weekly == found.arm("reference").weekly).all()
    assert (sums(unseen, "regime", "walked") == sums(found, "regime", "walked")).all()


class Interrupted(Exception):
    pass


def test_an_interrupted_run_continues_with_all_three_arms_and_their_firms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = engine.run(scenario(120), threads=1).weekly_totals[0]
    assert (
        sums(whole, "regime", "since_founding").sum(axis=1)
        == sums(whole, "regime", "since_founding")[1].sum() * np.arange(120)
    ).all()
    keep, counts = Checkpoints.write, set[int]()

    def stop(self: Checkpoints, number: int, arms: Sequence[ArmState], observer: TotalsObserver) -> None:
        keep(self, number, arms, observer)
        counts.add(len(arms))
        if observer.totals.weeks == 60:
            raise Interrupted

    monkeypatch.setattr(Checkpoints, "write", stop)
    with pytest.raises(Interrupted):
        engine.run(scenario(120), out=tmp_path, threads=1)
    monkeypatch.undo()
    assert counts == {3}
    assert parts(engine.run(scenario(120), out=tmp_path, resume=True, threads=2).weekly_totals[0]) == parts(whole)


def test_both_backends_read_the_same_with_and_without_an_arm_ahead() -> None:
    layout, population = ModelLayout((Foreseeing,)), adults(200, district=64)
    for later in (None, layout.initial("citizen", 200)):
        if later is not None:
            later["walked"] = np.arange(200)
        states = [arm_state(layout, population, (Foreseeing(looks=True),)) for _ in range(3)]
        for week in range(3):
            before = states[0].citizens["walked"].copy()
            for state, backend in zip(
                states,
                (ReferenceBackend(layout), CompiledBackend(layout, threads=1), CompiledBackend(layout, threads=2)),
                strict=True,
            ):
                state.ahead = later
                backend.step(state, 5, week)
            assert bytes_of(states[0]) == bytes_of(states[1]) == bytes_of(states[2]), week
            # Without an arm ahead, what is read is one's own record as last week left it.
            assert (states[0].citizens["seen"] == (before if later is None else later["walked"])).all()


def test_there_is_no_third_arm_where_nothing_looks_ahead() -> None:
    made = scenario(70, "foreseeing.looks=false")
    layout, population = ModelLayout(WITH), adults(64)
    arms = Arms(layout, population, arms_of(made))
    assert arms.ahead is None
    assert arms.states["regime"].ahead is None
    arms = Arms(layout, population, arms_of(scenario(70)))
    assert arms.ahead is not None
    assert arms.states["regime"].ahead is arms.ahead.citizens
    assert arms.states["reference"].ahead is None


def test_a_reference_that_looks_ahead_is_an_error() -> None:
    with pytest.raises(ScenarioError, match="the reference arm cannot be forecast from itself: foreseeing needs"):
        scenario(70, "reference.foreseeing.looks=true")
    # A lever is the regime's alone, so that no reference takes it over.
    assert check("social-governance", ("foreseeing.looks=true",), WITH) == ()
