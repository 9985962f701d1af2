"""Points of wrong matches between registers: they stay until they are disproved.

Shares are held to their closed form within 4 standard errors of a binomial count. Seeds are fixed. A check fails by chance
for one seed in 16,000.
"""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import AGENCIES, POLICE
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.redress import Redress
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.voice import Voice
from tests.helpers.populations import adults, arm_state, bytes_of

LAYOUT = ModelLayout(CATALOGUE)
SILENT = Voice(threshold_complaint=9.0, threshold_protest=9.0, noise=0.0, pull_protest=0.0)
LAWFUL = Conduct(rates=(0.0,) * 5, volunteering=0.0, gaming=0.0)
FAULTLESS: dict[str, Any] = {"false_positive_rate": (0.0,) * 4, "mismatch_rate": (0.0,) * 4}
EVERYBODY = Observation(**{**FAULTLESS, "mismatch_rate": (1.0, 0.0, 0.0, 0.0)})
NOT_LISTED = Lists(threshold=(1000.0,) * 4)
AT_ONCE = Lists(threshold=(1.0, 1000.0, 1000.0, 1000.0), delay_on=0.0)
ERRORS = 4.0

MISMATCHED = next(column for column in Points.columns if column.name == "mismatched")


def stepped(state: ArmState, tables: tuple[Mechanism, ...], weeks: range) -> ArmState:
    """The state after some weeks with these tables, nobody speaking and nobody breaking a rule."""
    given = {type(table): table for table in (SILENT, LAWFUL, *tables)}
    state.parameters[:] = LAYOUT.pack([given.get(mechanism, mechanism()) for mechanism in CATALOGUE])
    backend = CompiledBackend(LAYOUT, PAIRINGS, threads=1)
    for week in weeks:
        backend.step(state, 3, week)
    return state


def fresh(people: int = 4096) -> ArmState:
    """A population that nothing has happened to."""
    return arm_state(LAYOUT, adults(people, district=1024))


def wrongful(state: ArmState) -> NDArray[np.int64]:
    """Wrongful points on file (people, agencies)."""
    return np.stack([state.citizens[f"wrong_{k}"] for k in range(AGENCIES)], axis=1).astype(np.int64)


@pytest.mark.parametrize("deletion", [0.0, 1.0])
def test_a_wrong_match_outlasts_every_other_record(deletion: float) -> None:
    """Neither half-lives nor the safeguard of early deletion reach it, since registers are compared again."""
    erring = Observation(
        coverage=1.0, lead=(1.0,) * 4, false_positive_rate=(0.2,) * 4, mismatch_rate=(0.01, 0.0, 0.02, 0.02)
    )
    state = stepped(fresh(), (erring, NOT_LISTED), range(20))
    held = MISMATCHED.values(state.citizens)
    assert (wrongful(state) >= held).all()
    assert wrongful(state).sum() > 2 * held.sum() > 0
    rules = (Observation(**FAULTLESS), Points(half_life=1.0), Safeguards(expiry=deletion), NOT_LISTED)
    after = stepped(state, rules, range(20, 80))
    assert (MISMATCHED.values(after.citizens) == held).all()
    assert (wrongful(after) == held).all()


def disproved(tables: tuple[Mechanism, ...]) -> float:
    """Share of the adults, all matched wrongly by the police, whose match is gone after five years; and how many they are."""
    state = stepped(fresh(), (EVERYBODY, NOT_LISTED), range(1))
    adult = state.population.citizens["adult"] == 1
    assert (MISMATCHED.values(state.citizens)[:, POLICE] > 0).tolist() == adult.tolist()
    after = stepped(state, (Observation(**FAULTLESS), AT_ONCE, *tables), range(1, 261))
    held = MISMATCHED.values(after.citizens)[adult, POLICE]
    # What is disproved is struck from the file.
    assert (wrongful(after)[adult, POLICE] == held).all()
    return float((held == 0).mean())


def close(share: float, expected: float) -> bool:
    people = int(adults(4096, district=1024).citizens["adult"].sum())
    return abs(share - expected) <= ERRORS * np.sqrt(expected * (1.0 - expected) / people)


NO_APPEALS = Redress(rate=0.0)


def test_without_review_and_appeal_nothing_is_disproved() -> None:
    assert disproved((NO_APPEALS,)) == 0.0


@pytest.mark.parametrize("accuracy", [0.3, 0.8, 1.0])
def test_a_review_disproves_what_it_finds(accuracy: float) -> None:
    """Each listing is reviewed once before it takes effect, and stands from then on."""
    assert close(disproved((NO_APPEALS, Safeguards(review=1.0, review_accuracy=accuracy))), accuracy)


@pytest.mark.parametrize("accuracy", [0.3, 1.0])
def test_an_appeal_disproves_what_it_finds(accuracy: float) -> None:
    """Who is refused does not appeal again in the same spell, and the spell does not end while the match stands."""
    appeals = Redress(rate=1.0, unaware=1.0, reviewers=1000.0, accuracy=accuracy)
    assert close(disproved((appeals, Safeguards(notice=1.0, appeal=1.0))), accuracy)


def test_who_is_matched_again_after_a_correction_is_listed_again() -> None:
    """A match stands two weeks until its review has struck it, so that 52 / (1 / rate + 2) are made a head and year."""
    rate, place = 0.05, next(place for place, total in enumerate(LAYOUT.sums) if total.name == "mismatches")
    again = Observation(**{**FAULTLESS, "mismatch_rate": (rate, 0.0, 0.0, 0.0)})
    rules = (again, AT_ONCE, NO_APPEALS, Safeguards(review=1.0, review_accuracy=1.0))
    state, made = stepped(fresh(), rules, range(100)), 0
    for week in range(100, 152):
        made += int(stepped(state, rules, range(week, week + 1)).totals[..., place].sum())
    expected = 52 / (1 / rate + 2) * int(state.population.citizens["adult"].sum())
    assert abs(made - expected) < ERRORS * np.sqrt(expected)


def test_a_rate_that_an_audit_brings_to_zero_leaves_the_bytes_of_no_rate() -> None:
    """From the week on in which districts know of the audit."""
    none, prevented = (
        stepped(
            stepped(fresh(1024), (Observation(mismatch_rate=(0.0,) * 4), Safeguards(audit=1.0)), range(1)),
            (Observation(mismatch_rate=rate), Safeguards(audit=1.0)),
            range(1, 30),
        )
        for rate in ((0.0,) * 4, (0.3, 0.2, 0.3, 0.2))
    )
    assert bytes_of(none) == bytes_of(prevented)
