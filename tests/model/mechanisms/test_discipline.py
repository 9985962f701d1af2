"""The Party's list of its members and records that come home from abroad: closed forms, and off where they are off.

Shares are held to their closed form within 4.5 standard errors of a binomial count, with fixed seeds: a check fails by
chance for one seed in 150,000.
"""

from functools import cache

import numpy as np
import pytest

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import AGENCIES
from glasshouse.model.codes import HOME_NONE, HOME_RIGHT, HOME_WRONG
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.abroad import Abroad
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.discipline import Discipline
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.voice import Voice
from tests.helpers.populations import adults, arm_state

LAYOUT = ModelLayout(CATALOGUE)
SLOTS = {total.name: slot for slot, total in enumerate(LAYOUT.sums)}
BREACHING = (Conduct(rates=(2.0, 0.5, 2.0, 2.0, 2.0)), Observation(coverage=0.9, false_positive_rate=(0.2,) * 4))
HARMLESS = Conduct(rates=(0.0,) * 5, volunteering=0.0, gaming=0.0)
UNSEEN = Observation(
    coverage=0.0,
    covert=0.0,
    speech_coverage=0.0,
    false_positive_rate=(0.0,) * 4,
    mismatch_rate=(0.0,) * 4,
    court_reach=0.0,
)
LOUD = Voice(threshold_complaint=-0.5, threshold_protest=0.8)


@cache
def threads() -> CompiledBackend:
    # With the comparisons that runs have, so that their compiled pass serves here as well.
    return CompiledBackend(LAYOUT, PAIRINGS, threads=1)


def fresh(*tables: Mechanism, people: int = 8192) -> ArmState:
    return arm_state(LAYOUT, adults(people, district=2048), tables)


def stepped(state: ArmState, weeks: range) -> dict[str, float]:
    """Sums over these weeks in their own units."""
    found = np.zeros(len(LAYOUT.sums))
    for week in weeks:
        threads().step(state, 3, week)
        found += state.totals.sum(axis=(0, 1)) / [total.scale for total in LAYOUT.sums]
    return {name: float(found[slot]) for name, slot in SLOTS.items()}


@pytest.mark.parametrize("share", [0.4, 1.0])
def test_members_with_a_file_are_disciplined_from_the_threshold_on(share: float) -> None:
    state = fresh(*BREACHING, Discipline(share=share, threshold=8.0, cost=0.5))
    stepped(state, range(52))
    found = stepped(state, range(52, 53))
    people = state.population.citizens
    member = (people["party"] == 1) & (people["adult"] == 1)
    right, wrong = (
        np.sum([state.citizens[f"{kind}_{k}"] for k in range(AGENCIES)], axis=0) for kind in ("right", "wrong")
    )
    assert abs(found["member_weeks"] - share * member.sum()) <= 4.5 * np.sqrt(member.sum() * share * (1.0 - share))
    disciplined = state.citizens["disciplined"] == 1
    assert not (disciplined & ~(member & (right + wrong >= 8))).any()
    assert share < 1.0 or (disciplined == (member & (right + wrong >= 8))).all()
    assert found["members_disciplined"] == disciplined.sum() > 0
    assert found["members_disciplined_wrongly"] == (disciplined & (right < 8)).sum() > 0
    assert found["discipline_ww"] == pytest.approx(0.5 * disciplined.sum())


def test_without_files_on_members_nothing_is_left_of_discipline() -> None:
    one, other = (
        fresh(*BREACHING, Discipline(threshold=bar, cost=cost), people=2048) for bar, cost in ((1, 2), (9, 0))
    )
    assert stepped(one, range(30)) == stepped(other, range(30))
    assert one.citizens.tobytes() == other.citizens.tobytes()
    assert not one.citizens["disciplined"].any()


def test_that_share_of_noticed_voice_abroad_comes_home_and_is_filed_a_week_later() -> None:
    watch, recorded = 0.5, 0.6
    state = fresh(HARMLESS, UNSEEN, LOUD, Abroad(watch=watch, recorded=recorded, record_points=12.0), people=16384)
    found = stepped(state, range(120))
    expected = watch * recorded * found["abroad_voicings"]
    assert expected > 500
    assert abs(found["abroad_records"] - expected) <= 4.5 * np.sqrt(expected * (1.0 - watch * recorded))
    before = (
        state.citizens["home_record"].copy(),
        {kind: state.citizens[f"{kind}_0"].copy() for kind in ("right", "wrong")},
    )
    assert (before[0] > HOME_NONE).any()
    stepped(state, range(120, 121))
    assert not ((before[0] > HOME_NONE) & (state.population.citizens["abroad"] == 0)).any()
    for kind, code in (("right", HOME_RIGHT), ("wrong", HOME_WRONG)):
        fresh_points = state.citizens[f"{kind}_0"] > before[1][kind]
        assert (fresh_points <= (before[0] == code)).all()
    at_home = state.population.citizens["abroad"] == 0
    assert (state.citizens["speech"][at_home] == 0).all()
    assert (state.citizens["speech"][~at_home] > 0).any()


def test_no_record_comes_home_where_speech_is_spared_or_nothing_is_recorded() -> None:
    spared = fresh(LOUD, Abroad(recorded=1.0), Safeguards(speech=1.0))
    stepped(spared, range(1))
    assert stepped(spared, range(1, 30))["abroad_records"] == 0
    one, other = (fresh(LOUD, Abroad(record_points=points), people=2048) for points in (1.0, 40.0))
    assert stepped(one, range(30)) == stepped(other, range(30))
    assert one.citizens.tobytes() == other.citizens.tobytes()
