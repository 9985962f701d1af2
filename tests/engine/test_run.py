"""Running a scenario: arms that differ by the regime alone, replicates that differ by the random seed alone."""

import threading

import numpy as np
import pytest

from glasshouse.engine import run as engine
from glasshouse.engine.arms import Arms, Rollout, arms_of
from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.progress import Progress
from glasshouse.engine.state import ArmState
from glasshouse.model.entities import Population
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.measures.governance import GovernanceSoon
from glasshouse.model.measures.speech import Control
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.aftermath import Aftermath
from glasshouse.population.synthesis import synthesise
from glasshouse.report.run.sections import verdict
from glasshouse.scenario.run_settings import adoption_weeks, replicate_seed
from glasshouse.scenario.scenario import Scenario, load

SMALL = (
    "society.citizens=3000",
    "society.district_size=256",
    "run.weeks=90",
    "run.start=30",
    "run.rollout=0",
    "run.replicates=2",
)


def scenario(*more: str) -> Scenario:
    return load("social-governance", (*SMALL, *more))


def two_arms(made: Scenario, layout: ModelLayout, population: Population) -> tuple[ArmState, ArmState]:
    arms = Arms(layout, population, arms_of(made)).states
    return arms["reference"], arms["regime"]


def run(*more: str, threads: int = 1) -> engine.Result:
    return engine.run(scenario(*more), threads=threads)


def test_arms_are_equal_until_the_regime_begins_and_differ_after() -> None:
    for totals in run().weekly_totals:
        assert (totals.arm("reference").weekly[:30] == totals.arm("regime").weekly[:30]).all()
        assert (totals.arm("reference").weekly[40:] != totals.arm("regime").weekly[40:]).any()


def test_a_run_ends_its_threads() -> None:
    before = set(threading.enumerate())
    run("run.weeks=40", "run.start=10", "run.replicates=1", threads=2)
    assert not set(threading.enumerate()) - before


def test_a_regime_that_equals_its_reference_changes_nothing() -> None:
    for totals in run("run.start=90").weekly_totals:
        assert (totals.arm("reference").weekly == totals.arm("regime").weekly).all()
    # Two arms under one regime from the first week on are equal as well.
    made = scenario("run.start=0")
    table = {type(mechanism): mechanism for mechanism in made.mechanisms}
    same = tuple(table[type(mechanism)] for mechanism in made.reference)
    layout = ModelLayout(CATALOGUE)
    population = synthesise(made.society, 5)
    from dataclasses import replace

    reference, regime = two_arms(replace(made, reference=same), layout, population)
    regime.active_table[:] = 1
    threads = CompiledBackend(layout, PAIRINGS, threads=1)
    for week in range(20):
        threads.step(reference, 5, week)
        threads.step(regime, 5, week)
    assert (reference.citizens == regime.citizens).all()


def test_replicates_are_other_people_with_another_seed() -> None:
    first, second = run().weekly_totals
    assert (first.weekly != second.weekly).any()
    assert (run("run.seed=1").weekly_totals[0].weekly != first.weekly).any()


def test_the_same_run_leaves_the_same_bytes_on_any_threads() -> None:
    one, two = run(threads=1), run(threads=2)
    for mine, other in zip(one.weekly_totals, two.weekly_totals, strict=True):
        for name in mine.STORED:
            assert (getattr(mine, name) == getattr(other, name)).all(), name


def test_the_reference_interpreter_steps_a_scenario_as_the_compiled_step_does() -> None:
    """Two months under the regime, a hundred real citizens with real ties: equal bytes, paired sums included."""
    made = scenario("society.citizens=320", "society.district_size=64")
    layout, population = ModelLayout(CATALOGUE), synthesise(made.society, 3)
    compiled, plain = (two_arms(made, layout, population) for _ in range(2))
    threads, twin = CompiledBackend(layout, PAIRINGS, threads=2), ReferenceBackend(layout, PAIRINGS)
    for _, regime in (compiled, plain):
        regime.active_table[:] = 1
    for week in range(9):
        for mine, other in zip(compiled, plain, strict=True):
            threads.step(mine, 3, week)
            twin.step(other, 3, week)
            for name in type(mine).STORED:
                assert getattr(mine, name).tobytes() == getattr(other, name).tobytes(), (week, name)
        assert (threads.compare(*compiled) == twin.compare(*plain)).all()


def test_districts_of_the_regime_arm_alone_adopt_in_their_weeks(monkeypatch: pytest.MonkeyPatch) -> None:
    made = scenario("run.rollout=20", "run.replicates=1", "forecast.visits=0.0")
    active_table: list[np.ndarray] = []
    step = CompiledBackend.step

    def watched(backend: CompiledBackend, arm: ArmState, seed: int, week: int) -> None:
        active_table.append(arm.active_table.copy())
        step(backend, arm, seed, week)

    monkeypatch.setattr(CompiledBackend, "step", watched)
    engine.run(made, threads=1)
    weeks = adoption_weeks(made.run, replicate_seed(made.run, 0), active_table[-1].size)
    run = [tables for tables in active_table if tables.size == weeks.size]
    # Until the regime begins, one state stands for both arms.
    together, apart = run[:30], run[30:]
    assert not any(tables.any() for tables in together)
    assert len(apart) == 2 * 60
    for place, week in enumerate(range(30, 90)):
        assert not apart[2 * place].any()
        assert (apart[2 * place + 1] == (weeks <= week)).all()


CHANGED = ("change=[]", "change.1.week=50", "change.1.observation.speech_coverage=0.0", "run.until=70")


def test_a_regime_changes_in_its_week_and_ends_in_another() -> None:
    made = scenario("run.rollout=30", *CHANGED)
    population = synthesise(made.society, 1)
    rollout = Rollout.of(made, 1, len(population.districts))
    rows = []
    for week in range(90):
        rows.append(set(rollout.active_tables(week).tolist()))
    assert rows[29] == {0}
    assert rows[30] == {0, 1} == rows[49]
    assert rows[50] == {0, 2}
    assert rows[60] == rows[69] == {2}
    assert rows[70] == {0} == rows[-1]


def test_each_phase_runs_under_its_own_tables() -> None:
    """The weeks of an unchanged run until the change comes; then no speech is recorded; then it is as of old again."""
    # So much speech is recorded in the reference that some is after the end, too.
    seen = "reference.observation.speech_coverage=1.0"
    plain, changed = (run(seen, *more).weekly_totals[0] for more in ((), CHANGED))
    assert (plain.weekly[:, :50] == changed.weekly[:, :50]).all()
    assert (plain.arm("reference").weekly == changed.arm("reference").weekly).all()
    slot = [total.name for total in plain.sums].index("speech_records")
    assert plain.arm("regime").weekly[50:, :, slot].sum() > 0
    assert changed.arm("regime").weekly[50:70, :, slot].sum() == 0
    assert changed.arm("regime").weekly[70:, :, slot].sum() > 0


def test_a_second_change_keeps_what_the_first_one_set() -> None:
    """From week 60 on sanctions stop too, while speech stays unrecorded; until then the run is that with one change."""
    seen = ("reference.observation.speech_coverage=1.0", "run.until=0")
    more = ("change.2.week=60", "change.2.sanctions.severity=[0,0,0,0]")
    one, two = (run(*CHANGED, *seen, *changes).weekly_totals[0] for changes in ((), more))
    assert (one.weekly[:, :60] == two.weekly[:, :60]).all()
    names = [total.name for total in two.sums]
    assert two.arm("regime").weekly[50:, :, names.index("speech_records")].sum() == 0
    harm = names.index("sanction_ww")
    assert two.arm("regime").weekly[50:60, :, harm].sum() > two.arm("regime").weekly[60:, :, harm].sum() == 0


def test_redress_goes_on_after_the_regime_has_ended() -> None:
    """Harm is counted on and victims come forward once it is over, in the regime's arm alone, and nothing else differs."""
    ends = (
        "change=[]",
        "run.until=70",
        "lists.threshold=[3,3,3,3]",
        "observation.false_positive_rate=[0.2,0.2,0.2,0.2]",
    )
    redress = ("aftermath.eligible=1.0", "aftermath.start=70", "aftermath.unaware=0.0", "aftermath.intake=0.2")
    plain, found = (run(*ends, *more).weekly_totals[0] for more in ((), redress))
    own = {total.name: slot for slot, total in enumerate(found.sums) if total in Aftermath.sums}
    assert len(own) == len(Aftermath.sums)
    others = [slot for slot in range(len(found.sums)) if slot not in own.values()]
    assert (plain.weekly[..., others] == found.weekly[..., others]).all()
    regime = found.arm("regime").weekly.sum(axis=1)
    assert not found.arm("reference").weekly[:, :, list(own.values())].any()
    assert regime[:70, own["claims"]].sum() == 0 < regime[70:, own["claims"]].sum()
    assert regime[70:, own["victims"]].sum() == 0 < regime[70:, own["taken_wrongly_ww"]].sum()
    assert regime[:, own["victims_known"]].sum() > 0


def test_progress_is_reported_from_the_population_to_the_last_week() -> None:
    told: list[Progress] = []
    engine.run(scenario(), threads=1, progress=told.append)
    assert told[0].stage == "population"
    assert [(moment.replicate, moment.week) for moment in told if moment.week == 90] == [(0, 90), (1, 90)]
    assert set(told[-1].headline) == {
        "listed",
        "wrongly",
        "undeserved",
        "unlawful",
        "protest in the regime",
        "protest in the reference",
    }
    shares = [moment.share for moment in told]
    assert shares == sorted(shares)


@pytest.mark.parametrize("start", [0, 89])
def test_the_regime_may_begin_in_the_first_week_or_the_last(start: int) -> None:
    result = run(f"run.start={start}")
    assert result.window == slice(start, 90)
    assert result.headline


def test_the_claim_can_come_out_true_and_false() -> None:
    """The flagship regime controls more and serves worse; one that listens and is given money to serve does both better.

    Judged in the words of the report, from six replicates with 95 % intervals and a fixed seed. What listening does is
    seen within two years in fewer people.
    """
    whole = ("society.citizens=20000", "run.weeks=260", "run.start=52", "run.replicates=6")
    small = ("society.citizens=6000", "run.weeks=156", "run.start=52", "run.replicates=6")
    listens = (
        "problems.platform=1.0",
        "reference.problems.platform=0.0",
        "problems.kappa=0.3",
        "budget.upkeep=0.0",
    )
    pays = ("budget.budget=0.05", "reference.budget.budget=0.03")
    true, false = run(*whole, threads=2), run(*small, *listens, *pays, threads=2)
    assert "holds in this run" in verdict(true.effect(Control), true.effect(GovernanceSoon))
    assert "does not hold in this run: both" in verdict(false.effect(Control), false.effect(GovernanceSoon))
