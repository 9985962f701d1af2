"""Commercial scores against their closed form, and what the courts' list adds.

Rates are held to their expectation within 4.5 standard errors of a Poisson count with a fixed seed: a check fails by chance
for one seed in 150,000.
"""

from functools import cache

import numpy as np
import pytest

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import COURT, RESTRICTED
from glasshouse.model.kernel_math import WEEKS
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.commercial_scores import CommercialScores, commercial_score
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.optional import OPTIONAL
from glasshouse.model.plugin import in_week
from glasshouse.testing import mechanisms as checks
from glasshouse.testing.trial import Trial
from tests.helpers.populations import adults, arm_state, bytes_of

LAYOUT = ModelLayout(in_week(CATALOGUE, OPTIONAL))
NAMES = [total.name for total in LAYOUT.sums]
SCALES = np.array([total.scale for total in LAYOUT.sums])
STUCK = Lists(delay_off=520.0)
"""Nobody leaves a list meanwhile."""


@cache
def compiled() -> CompiledBackend:
    # The layout and the comparisons of the tests of screening, so that one compiled pass serves both.
    return CompiledBackend(LAYOUT, PAIRINGS, threads=1)


def fresh(*tables: Mechanism, people: int = 4096) -> ArmState:
    return arm_state(LAYOUT, adults(people, district=2048), tables)


def stepped(state: ArmState, weeks: range) -> dict[str, float]:
    """Sums over these weeks in their own units."""
    found = np.zeros(len(NAMES))
    for week in weeks:
        compiled().step(state, 3, week)
        found += state.totals.sum(axis=(0, 1)) / SCALES
    return dict(zip(NAMES, found, strict=True))


def test_a_score_lies_between_the_ends_and_rises_with_everything_that_counts_in_favour() -> None:
    assert commercial_score(0.0, 1e12, 1.0) == pytest.approx(350 + 600 * (0.35 + 0.25 + 0.2 + 0.1))
    assert commercial_score(1e12, 0.0, 0.0) == pytest.approx(350 + 600 * 0.1)
    assert commercial_score(1.0, 1.0, 0.5) == pytest.approx(350 + 600 * (0.175 + 0.125 + 0.1 + 0.1))
    assert commercial_score(0.0, 1.0, 0.5) > commercial_score(1.0, 1.0, 0.5)


def test_users_miss_bills_at_the_stated_rates_and_are_scored_by_the_formula() -> None:
    table = CommercialScores(uptake=0.6, missed=2.0, false_bills=0.5, trap=0.0, half_life=52.0)
    state = fresh(table)
    found = stepped(state, range(104))
    weeks = found["commercial_users"]
    for name, rate in (("bills_missed", 2.0), ("bills_false", 0.5)):
        expected = weeks * rate / WEEKS
        assert abs(found[name] - expected) < 4.5 * np.sqrt(expected)
    people = state.citizens
    users = people["commercial"] > 0.0
    adult = state.population.citizens["adult"]
    assert not users[~adult].any()
    assert abs(users.sum() - 0.6 * adult.sum()) < 4.5 * np.sqrt(0.24 * adult.sum())
    traits = state.population.citizens[users]
    by_hand = [
        commercial_score(bills, income, exposure)
        for bills, income, exposure in zip(people["bills"][users], traits["income"], traits["exposure"], strict=True)
    ]
    assert people["commercial"][users] == pytest.approx(by_hand, rel=1e-5)
    assert (people["wrong_bills"] <= people["bills"] + 1e-5).all()
    after = stepped(state, range(104, 105))
    assert after["commercial_refused"] == (people["commercial"][users] < table.low).sum()
    assert after["commercial_favoured"] == (people["commercial"][users] >= table.high).sum()


def test_the_courts_list_takes_the_history_and_a_wrong_listing_makes_a_wrong_refusal() -> None:
    refusals = {}
    for takes_over in (0.0, 1.0):
        table = CommercialScores(uptake=1.0, missed=0.0, false_bills=0.0, court_list=takes_over)
        state = fresh(table, STUCK)
        listed = np.arange(len(state.citizens)) % 3 == 0
        wrongly = np.arange(len(state.citizens)) % 6 == 0
        state.citizens[f"state_{COURT}"][listed] = RESTRICTED
        state.citizens[f"rule_state_{COURT}"][listed & ~wrongly] = RESTRICTED
        state.citizens["busy"][listed] = True
        refusals[takes_over] = stepped(state, range(1))
        if takes_over:
            users = state.citizens["commercial"] > 0.0
            still = (state.citizens[f"state_{COURT}"] >= RESTRICTED) & users
            traits = state.population.citizens[still]
            expected = [
                commercial_score(0.0, income, exposure) - 600.0 * 0.35
                for income, exposure in zip(traits["income"], traits["exposure"], strict=True)
            ]
            assert state.citizens["commercial"][still] == pytest.approx(expected, rel=1e-5)
    without, with_list = refusals[0.0], refusals[1.0]
    assert without["commercial_refused_listed"] == without["commercial_refused_wrongly"] == 0.0
    assert without["commercial_refused"] == without["commercial_refused_paying"]
    assert with_list["commercial_refused_listed"] > 100
    assert with_list["commercial_refused"] == without["commercial_refused"] + with_list["commercial_refused_listed"]
    assert 0 < with_list["commercial_refused_wrongly"] < with_list["commercial_refused_listed"]


def test_without_users_nothing_is_counted() -> None:
    found = stepped(fresh(), range(3))
    own = [total.name for total in CommercialScores.sums]
    assert {name: found[name] for name in own} == dict.fromkeys(own, 0.0)


def test_the_interpreter_and_the_compiled_pass_leave_equal_bytes() -> None:
    table = CommercialScores(uptake=0.7, missed=9.0, false_bills=4.0, court_list=0.5)
    states = [fresh(table, STUCK, people=256) for _ in range(2)]
    for state in states:
        state.citizens[f"state_{COURT}"][::4] = RESTRICTED
        state.citizens["busy"][::4] = True
    twin = ReferenceBackend(LAYOUT)
    for week in range(6):
        twin.step(states[0], 3, week)
        compiled().step(states[1], 3, week)
        assert bytes_of(states[0]) == bytes_of(states[1]), week
    assert states[0].citizens["bills"].any()


@pytest.mark.parametrize("check", [checks.says_what_it_is, checks.keeps_to_the_grammar, checks.declares_nothing_idle])
def test_the_mechanism_keeps_the_contract(check: object) -> None:
    check(Trial(CommercialScores, tuple(one for one in LAYOUT.mechanisms if one is not CommercialScores)))  # type: ignore[operator]
