"""A life: what is recorded is what was lived, what is said of it is what happened, and there is nobody to recognise."""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from functools import cache

import numpy as np
import pytest

from glasshouse.engine import run as engine
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.recorder import COLUMNS, MEMORY, LifeRecorder
from glasshouse.engine.state import ArmState
from glasshouse.model.measure import Sums
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.problems import Problems
from glasshouse.model.pairing import paired_sums
from glasshouse.results import life_narrative
from glasshouse.results.life_course import KIN, Life, Person, Trajectory, silenced
from glasshouse.results.totals import ARMS, WeeklyTotals
from glasshouse.scenario.scenario import Scenario, load
from tests.helpers.lives import life
from tests.helpers.populations import adults

PEOPLE, WEEKS = 1200, 160


@cache
def scenario() -> Scenario:
    size = (f"society.citizens={PEOPLE}", f"run.weeks={WEEKS}", "society.district_size=256")
    return load("social-governance", (*size, "run.start=20", "run.rollout=10", "run.replicates=2", "lists.delay_on=0"))


@cache
def everybody() -> tuple[LifeRecorder, WeeklyTotals]:
    """All citizens, recorded, and the sums of the same replicate."""
    recorder = LifeRecorder(WEEKS, range(PEOPLE))
    return recorder, engine.replay_first_replicate(scenario(), recorder, threads=1)


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("complaints", lambda course: course.complaint),
        ("protests", lambda course: course.protest),
        ("problems_open", lambda course: course.problem & (course.of("problem_start") >= 0)),
        ("listed", lambda course: course.listed),
        ("listed_wrongly", lambda course: course.wronged),
        ("hardship_sum", lambda course: course.of("hardship")),
    ],
)
def test_what_is_recorded_of_everybody_adds_up_to_the_sums(name, flags) -> None:
    recorder, totals = everybody()
    assert recorder.complete
    for arm, course in recorder.trajectories().items():
        sums = getattr(Sums(totals.arm(arm).weekly.sum(axis=1), totals.sums), name)
        mine = flags(course).sum(axis=1)
        if name == "problems_open":
            # A problem that begins this week is not yet counted as open.
            mine = mine - (course.of("problem_start") == np.arange(WEEKS)[:, None]).sum(axis=1)
        assert sums.sum() > 0, name
        assert mine == pytest.approx(sums, abs=1e-2), name


def test_what_stays_unsaid_is_what_the_measure_counts() -> None:
    recorder, totals = everybody()
    pairs = Sums(totals.pairs.sum(axis=1), paired_sums(PAIRINGS))
    found = silenced(*recorder.trajectories().values()).sum(axis=1)
    assert found.sum() > 0
    assert (found == pairs.silenced_by_regime).all()


def test_restricted_members_of_the_household_are_counted_without_oneself() -> None:
    recorder, _ = everybody()
    assert recorder.population is not None
    people = recorder.population.citizens
    first = np.arange(PEOPLE) - people["household_place"]
    for course in recorder.trajectories().values():
        of_home = np.zeros_like(course.listed, int)
        np.add.at(of_home, (slice(None), first), course.listed)
        assert course.of(KIN).max() > 0
        assert (course.of(KIN) == of_home[:, first] - course.listed).all()


def test_a_life_begins_to_differ_only_under_the_regime() -> None:
    recorder, _ = everybody()
    found = [recorder.life(place) for place in range(0, PEOPLE, 50)]
    assert all(one.adoption_week is not None and 20 <= one.adoption_week <= 30 for one in found)
    reference, regime = recorder.trajectories().values()
    assert not life_narrative.apart(reference, regime)[:20].any()
    assert life_narrative.apart(reference, regime).any()
    before, after = (recorder.trace[arm][:20][recorder.columns] for arm in ARMS)
    assert (before == after).all()


def test_a_sample_is_of_adults_at_even_distances_and_fits_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glasshouse.engine.recorder.MAX_RECORDED", 100)
    recorder = LifeRecorder(WEEKS)
    engine.replay_first_replicate(scenario(), recorder, threads=2)
    population = recorder.population
    assert population is not None
    adults = np.flatnonzero(population.citizens["adult"])
    assert len(recorder.citizens) == 100 < len(adults)
    assert set(recorder.citizens) <= set(adults.tolist())
    steps = np.diff(np.searchsorted(adults, recorder.citizens))
    assert len(adults) // 100 <= steps.min() <= steps.max() <= len(adults) // 100 + 1
    every, _ = everybody()
    for arm in ARMS:
        assert recorder.trace[arm].tobytes() == every.trace[arm][:, recorder.citizens].tobytes()
    monkeypatch.setattr("glasshouse.engine.recorder.MAX_RECORDED", 1024)
    long = LifeRecorder(5200)
    long.begin(population, ModelLayout(tuple(type(mechanism) for mechanism in scenario().mechanisms)))
    assert sum(trace.nbytes for trace in long.trace.values()) <= MEMORY


def test_a_recorder_that_missed_a_week_says_so() -> None:
    class Late(LifeRecorder):
        def observe(self, week: int, arms: Mapping[str, ArmState]) -> None:
            if week > 0:
                super().observe(week, arms)

    recorder = Late(WEEKS)
    engine.replay_first_replicate(scenario(), recorder, threads=1)
    assert not recorder.complete


def test_a_life_holds_an_index_and_traits_and_nothing_that_names_anybody() -> None:
    assert [field.name for field in fields_of(Life)] == ["citizen", "person", "trajectories", "kind"]
    kinds = {field.name: field.type for field in fields_of(Person)}
    assert set(kinds.values()) <= {int, bool, float}
    for word in ("name", "id", "number", "address", "phone", "birth", "place", "district", "lat", "lon"):
        assert word not in {part for name in (*kinds, *COLUMNS) for part in name.split("_")}, word


def test_what_a_model_does_not_keep_does_not_happen() -> None:
    course = Trajectory(np.zeros(4, [("severity", "u1")]))
    assert not course.has("state")
    assert not course.appealing.any()
    assert not course.wronged.any()
    assert not life_narrative.apart(course, course).any()
    recorder = LifeRecorder(10)
    recorder.begin(adults(64), ModelLayout((Problems,)))
    assert set(recorder.columns) == {"problem_start", "severity"}


def test_columns_that_a_later_model_keeps_are_taken_when_they_are_there() -> None:
    course = Trajectory(np.array([(0, 0, 5), (1, 0, 6)], [("appeal_0", "u1"), ("visited", "?"), ("score", "i2")]))
    assert course.has("appeal")
    assert course.appealing.tolist() == [False, True]
    assert {"appeal", "visited", "score"} <= set(COLUMNS)
    recorder = LifeRecorder(10)
    recorder.begin(adults(64), ModelLayout(CATALOGUE))
    assert "risk" in recorder.columns


def test_the_portrait_is_in_plain_words() -> None:
    words = life_narrative.portrait(life().person)
    assert words == (
        "A woman of 40 to 44 in a town, away from the place of registration; lower secondary schooling, 80 % of the median "
        "income. She lives in a household of 3 and works at a firm of 12. 21 % of what she does in a day passes through "
        "channels that can be watched."
    )
    assert life_narrative.portrait(life(female=False).person).startswith("A man of 40 to 44")


def test_two_lives_part_where_something_first_differs() -> None:
    found = life()
    assert "The same things happen to her in both arms" in life_narrative.sentences(found)[0]
    found.reference.weeks["complaint"][9] = True
    for course in found.trajectories.values():
        course.weeks["problem_start"][8:12] = 8
        course.weeks["severity"][8:12] = 2
        course.weeks["complaint"][8] = True
    told = life_narrative.sentences(found)
    assert told[0] == (
        "The same happens in both arms for 9 weeks. The life courses diverge in week 10, 4 weeks after the regime reached her district: "
        "without the regime she complains; with it, that does not happen then."
    )
    assert told[1] == (
        "She complains once with the regime and twice without it. Complaints that stay unsaid with the regime, about a "
        "problem that is open in both arms: 1."
    )


def test_what_the_regime_changes_is_given_in_figures() -> None:
    found = life(female=False)
    weeks = found.regime.weeks
    weeks["state_0"][10:18] = 2
    weeks["rule_state_0"][14:18] = 2
    weeks["undeserved"][12:18] = 1
    weeks["unlawful"][10:18] = 1
    weeks["misfiled"][9] = weeks["complaint"][9] = weeks["speech_filed"][9] = 1
    weeks["debt"][12:15] = 3.0
    weeks["hardship"][10:18] = 0.5
    weeks["risk"][10:] = 0.4
    told = life_narrative.sentences(found)
    for says in (
        "False records about him: 1 with the regime (all from lawful complaints read as offences), 0 without it.",
        "With the regime he is restricted for 8 weeks, in travel, 4 weeks of it without cause by the regime's own rule, "
        "6 weeks of it undeserved by conduct, all of it unlawful; without it for no week.",
        "He is in debt for 3 weeks with the regime, 3 weeks of it while restricted, and for no week without it.",
        "At most he believes the chance that speaking brings a sanction to be 40 % with the regime, 0 % without it.",
        "In all, the regime takes 4.0 welfare-weeks.",
    ):
        assert says in told


def test_spells_are_stretches_of_weeks() -> None:
    flags = np.array([True, True, False, True])
    assert life_narrative.spells(flags) == [(0, 2), (3, 4)]
    assert life_narrative.begins(flags).tolist() == [True, False, False, True]
    assert life_narrative.ends(flags).tolist() == [False, False, True, False]
    assert life_narrative.spells(np.zeros(3, bool)) == []
