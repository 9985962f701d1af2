"""The law as a yardstick beside the regime's own rule and desert: pure cases, closed forms, and that it changes nothing.

Shares are held to their closed form within 4.5 standard errors of a binomial count, with fixed seeds: a check fails by
chance for one seed in 150,000.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import AGENCIES, RESTRICTED, WELFARE_OFFICE
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.law import Law
from glasshouse.model.mechanisms.legality import Legality
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.redress import Redress
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.sanctions import Sanctions
from glasshouse.model.mechanisms.voice import Voice
from tests.helpers.populations import adults, arm_state

LAYOUT = ModelLayout(CATALOGUE)
SLOTS = {total.name: slot for slot, total in enumerate(LAYOUT.sums)}
LAWFUL_POINTS = next(column for column in Points.columns if column.name == "lawful")
QUIET = Voice(threshold_complaint=9.0, threshold_protest=9.0, noise=0.0, pull_protest=0.0)
UNSEEN = Observation(
    coverage=0.0, covert=0.0, false_positive_rate=(0.0,) * 4, mismatch_rate=(0.0,) * 4, court_reach=0.0
)
HARMLESS = Conduct(rates=(0.0,) * 5, volunteering=0.0, gaming=0.0)
SEEN: dict[str, Any] = {"coverage": 0.9, "covert": 0.1, "misread": 0.0, "mismatch_rate": (0.0,) * 4}
FAULTLESS = Observation(**SEEN, false_positive_rate=(0.0,) * 4)
BREACHING = Conduct(rates=(2.0, 1.0, 4.0, 2.0, 2.0))
PERMISSIVE = {
    "catalogue": (1.0,) * 5, "speech": 1.0, "hearing": (0.0,) * 4, "purpose": 0.0, "longest": 5200.0, "release": 520.0,
}  # fmt: skip
STRICT = Law(catalogue=(0.0,) * 5, hearing=(1.0,) * 4, threshold=(250.0,) * 4, longest=1.0, release=0.0)
COUNTED = {total.name for total in Legality.sums} | {"sanction_unlawful_ww"}
"""Sums that the law's settings may change."""


@cache
def threads() -> CompiledBackend:
    # With the comparisons that runs have, so that their compiled pass serves here as well.
    return CompiledBackend(LAYOUT, PAIRINGS, threads=1)


def fresh(*tables: Mechanism, people: int = 4096) -> ArmState:
    return arm_state(LAYOUT, adults(people, district=1024), tables)


def stepped(state: ArmState, weeks: range) -> dict[str, float]:
    """Sums over these weeks in their own units."""
    found = np.zeros(len(LAYOUT.sums))
    for week in weeks:
        threads().step(state, 3, week)
        found += state.totals.sum(axis=(0, 1)) / [total.scale for total in LAYOUT.sums]
    return {name: float(found[slot]) for name, slot in SLOTS.items()}


def on_file(state: ArmState, right: Sequence[int], wrong: Sequence[int], lawful: Sequence[int]) -> None:
    """Gives every adult these points, those of the shadows with them."""
    adult = state.population.citizens["adult"] == 1
    for k in range(AGENCIES):
        state.citizens[f"right_{k}"][adult], state.citizens[f"wrong_{k}"][adult] = right[k], wrong[k]
    state.citizens["lawful"][adult] = sum(points << 8 * k for k, points in enumerate(lawful))
    state.citizens["on_file"][adult] = state.citizens["kept"][adult] = True


def close(count: float, whole: float, share: float) -> bool:
    return abs(count - whole * share) <= 4.5 * np.sqrt(whole * share * (1.0 - share))


STEADY = (
    QUIET, HARMLESS, UNSEEN, Points(half_life=5200.0), Redress(rate=0.0),
    Lists(threshold=(1000, 1000, 12, 1000), delay_on=0.0, spell=(0,) * 4),
)  # fmt: skip
"""Nothing new is recorded, and what is on file hardly expires: only benefits can be restricted."""


def test_a_rule_that_is_followed_without_error_can_be_unlawful_throughout() -> None:
    """As in Norway, where benefits were cut in accordance with the agency's own rule and against European law."""
    norway = Law(**{**PERMISSIVE, "catalogue": (1.0, 1.0, 0.0, 1.0, 1.0)})
    lists = Lists(threshold=(1000, 1000, 3, 1000))
    found = stepped(fresh(QUIET, BREACHING, FAULTLESS, lists, norway), range(80))
    assert found["listed"] > 1000
    assert found["listed_wrongly"] == found["restrictions_wrong"] == 0
    assert found["listed_unlawfully"] == found["restrictions_unlawful"] == found["restrictions"]
    assert found["listings_unlawful"] == found["listings_groundless"] == found["listings"]
    assert found["sanction_unlawful_ww"] == found["sanction_ww"] > 0


def test_a_restriction_against_the_regime_s_own_rule_can_be_lawful_throughout() -> None:
    """The rule asks for more than the law does, and is met only with the help of wrongful points."""
    state = fresh(*STEADY, Law(**PERMISSIVE, threshold=(1000 // 4,) * 2 + (6, 250)))
    on_file(state, (0, 0, 8, 0), (0, 0, 8, 0), (0, 0, 8, 0))
    found = stepped(state, range(1, 30))
    assert found["listed"] == found["listed_wrongly"] > 0
    assert found["listed_unlawfully"] == found["listings_unlawful"] == found["sanction_unlawful_ww"] == 0


def test_where_everything_is_lawful_and_recorded_rightly_nothing_is_wrong_by_law() -> None:
    lists = Lists(integration=0.5)
    state = fresh(QUIET, BREACHING, FAULTLESS, lists, Law(**PERMISSIVE, threshold=lists.threshold))
    found = stepped(state, range(80))
    assert found["listed"] > 0 == found["listed_unlawfully"] == found["listings_unlawful"]
    right = np.stack([state.citizens[f"right_{k}"] for k in range(AGENCIES)], axis=1)
    assert (LAWFUL_POINTS.values(state.citizens) == np.minimum(right, 255)).all()


def test_the_law_counts_no_more_points_than_are_on_file_rightfully() -> None:
    state = fresh(BREACHING, Observation(coverage=0.9, speech_coverage=0.9, misread=0.5), Law(catalogue=(0.5,) * 5))
    stepped(state, range(60))
    right = np.stack([state.citizens[f"right_{k}"] for k in range(AGENCIES)], axis=1)
    lawful = LAWFUL_POINTS.values(state.citizens)
    assert (lawful <= right).all()
    assert 0.3 * right.sum() < lawful.sum() < 0.6 * right.sum()


def test_records_about_speech_count_by_law_only_where_the_law_has_them() -> None:
    loud = Voice(threshold_complaint=0.2, threshold_protest=0.2)
    for share in (0.0, 1.0):
        state = fresh(loud, HARMLESS, Observation(**SEEN, speech_coverage=0.9), Law(speech=share))
        assert stepped(state, range(20))["speech_records"] > 0
        assert (LAWFUL_POINTS.values(state.citizens).sum() > 0) == (share > 0)


@pytest.mark.parametrize("busy", [False, True])
def test_what_is_lawful_changes_nobody_s_life(busy: bool) -> None:
    tables = (BREACHING, Lists(integration=0.5), Safeguards(hearing=0.5, purpose=0.3)) if busy else ()
    lenient, strict = fresh(*tables, Law(**PERMISSIVE)), fresh(*tables, STRICT)
    found = [stepped(state, range(60)) for state in (lenient, strict)]
    assert {name for name in SLOTS if found[0][name] != found[1][name]} <= COUNTED
    names = set(lenient.citizens.dtype.names or ()) - {"admitted", "lawful", "unlawful"}
    assert all((lenient.citizens[name] == strict.citizens[name]).all() for name in names)
    assert not busy or found[0]["listings_unlawful"] < found[1]["listings_unlawful"] == found[1]["listings"]


def test_points_of_unrelated_agencies_do_not_count_by_law() -> None:
    sharing = Lists(**{**STEADY[-1].model_dump(), "integration": 1.0})
    for purpose in (0.0, 1.0):
        law = Law(**{**PERMISSIVE, "purpose": purpose}, threshold=(250, 250, 12, 250))
        state = fresh(*STEADY[:-1], sharing, law)
        # Half of the points are the court's, which has nothing to do with benefits.
        on_file(state, (0, 8, 8, 0), (0,) * 4, (0, 8, 8, 0))
        state.citizens["debt"] = 1.0
        found = stepped(state, range(1, 10))
        assert found["listings"] > 0
        assert found["listings_unlawful"] == purpose * found["listings"]


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_where_the_law_demands_a_hearing_a_listing_without_one_is_unlawful(share: float) -> None:
    state = fresh(*STEADY, Law(**{**PERMISSIVE, "hearing": (1.0,) * 4}), Safeguards(hearing=share, appeal=0.0))
    stepped(state, range(1))
    on_file(state, (0, 0, 16, 0), (0,) * 4, (0, 0, 16, 0))
    found = stepped(state, range(1, 10))
    assert found["listings"] == found["listed"] / 8 == (state.population.citizens["adult"] == 1).sum()
    assert close(found["listings_unheard"], found["listings"], 1.0 - share)
    assert found["listings_unheard"] == found["listings_unlawful"] == found["listings"] - found["hearings"]
    # Whatever was decided unlawfully stays so.
    assert found["restrictions_unlawful"] == 8 * found["listings_unlawful"]


def test_where_the_law_demands_a_hearing_for_some_the_rest_may_go_without() -> None:
    state = fresh(*STEADY, Law(**{**PERMISSIVE, "hearing": (0.4,) * 4}))
    on_file(state, (0, 0, 16, 0), (0,) * 4, (0, 0, 16, 0))
    found = stepped(state, range(1, 10))
    assert close(found["listings_unheard"], found["listings"], 0.4)


@pytest.mark.parametrize("answer", [0.0, 0.4, 1.0])
def test_an_answer_in_a_hearing_stops_a_wrongful_listing_and_strikes_its_points(answer: float) -> None:
    heard = Safeguards(hearing=1.0, hearing_answer=answer)
    state = fresh(*STEADY, heard, Law(**PERMISSIVE))
    stepped(state, range(1))
    on_file(state, (0,) * 4, (0, 0, 16, 0), (0,) * 4)
    found = stepped(state, range(1, 20))
    assert found["hearings"] == (state.population.citizens["adult"] == 1).sum()
    assert close(found["hearings_stopped"], found["hearings"], answer)
    assert found["listings"] == found["hearings"] - found["hearings_stopped"]
    struck = (state.population.citizens["adult"] == 1) & (state.citizens["wrong_2"] == 0)
    assert struck.sum() == found["hearings_stopped"]
    # A rightful listing has no such answer.
    rightful = fresh(*STEADY, heard)
    stepped(rightful, range(1))
    on_file(rightful, (0, 0, 16, 0), (0,) * 4, (0, 0, 16, 0))
    assert stepped(rightful, range(1, 20))["hearings_stopped"] == 0


def test_without_hearings_their_effect_leaves_no_trace() -> None:
    one, other = (fresh(BREACHING, Safeguards(hearing=0.0, hearing_answer=answer)) for answer in (0.0, 1.0))
    assert stepped(one, range(40)) == stepped(other, range(40))
    names = set(one.districts.dtype.names or ()) - {"hearing_answer"}
    assert one.citizens.tobytes() == other.citizens.tobytes()
    assert all((one.districts[name] == other.districts[name]).all() for name in names)


def test_a_restriction_becomes_unlawful_when_it_lasts_too_long_or_its_effect_outlasts_it() -> None:
    weeks = 40
    state = fresh(*STEADY, Law(**{**PERMISSIVE, "longest": 10.0, "release": 3.0}))
    on_file(state, (0, 0, 16, 0), (0,) * 4, (0, 0, 16, 0))
    people = (state.population.citizens["adult"] == 1).sum()
    found = stepped(state, range(1, weeks))
    # Pending in the first week, restricted from the second on, unlawful after ten weeks of that.
    assert found["restrictions"] == people * (weeks - 2)
    assert found["restrictions_unlawful"] == people * (weeks - 2 - 10)
    assert found["listings_unlawful"] == 0
    leaving = fresh(*STEADY, Law(**{**PERMISSIVE, "release": 3.0}))
    on_file(leaving, (0, 0, 16, 0), (0,) * 4, (0, 0, 16, 0))
    stepped(leaving, range(1, 5))
    on_file(leaving, (0,) * 4, (0,) * 4, (0,) * 4)
    found = stepped(leaving, range(5, 20))
    # The effect of the restriction lasts for `delay_off` weeks, eight by default.
    assert found["restrictions"] == people * 8
    assert found["restrictions_unlawful"] == people * 5
    assert (leaving.citizens["unlawful"] == 0).all()


def test_the_marks_are_of_restricted_contexts_and_add_up() -> None:
    noisy = Observation(coverage=0.9, false_positive_rate=(0.1,) * 4, speech_coverage=0.9)
    state = fresh(BREACHING, noisy, Lists(integration=0.4, threshold=(9, 6, 5, 6)), Safeguards(hearing=0.5))
    for week in range(60):
        found = stepped(state, range(week, week + 1))
        marks = (state.citizens["unlawful"][:, None] >> np.arange(AGENCIES)) & 1
        restricted = np.stack([state.citizens[f"state_{k}"] for k in range(AGENCIES)], axis=1) >= RESTRICTED
        assert (restricted | (marks == 0)).all()
        assert found["restrictions_unlawful"] == marks.sum()
        assert found["listed_unlawfully"] == marks.any(axis=1).sum() <= found["listed"]
        # Sums hold amounts in units of 2^-20, cut for each citizen.
        taken = (marks * Sanctions().severity).sum()
        assert found["sanction_unlawful_ww"] == pytest.approx(taken, abs=len(marks) / 2**20)
    assert 0 < found["restrictions_unlawful"] < found["restrictions"]
    assert (state.citizens[f"state_{WELFARE_OFFICE}"] >= RESTRICTED).any()
