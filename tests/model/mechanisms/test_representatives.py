"""Legal representatives: restricted with their firm, counted apart, and not at all where nobody inherits.

Shares are held to their closed form within 4.5 standard errors of a binomial count, with fixed seeds: a check fails by
chance for one seed in 150,000.
"""

from functools import cache

import numpy as np
import pytest

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import RESTRICTED
from glasshouse.model.entities import NOBODY
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.firms import Firms
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.representatives import Representatives
from glasshouse.model.mechanisms.sanctions import Sanctions
from glasshouse.model.mechanisms.voice import Voice
from tests.helpers.populations import adults, arm_state

LAYOUT = ModelLayout(CATALOGUE)
SLOTS = {total.name: slot for slot, total in enumerate(LAYOUT.sums)}
QUIET = Voice(threshold_complaint=9.0, threshold_protest=9.0, noise=0.0, pull_protest=0.0)
UNSEEN = Observation(
    coverage=0.0, covert=0.0, false_positive_rate=(0.0,) * 4, mismatch_rate=(0.0,) * 4, court_reach=0.0
)
HARMLESS = Conduct(rates=(0.0,) * 5, volunteering=0.0, gaming=0.0)
LISTED = Firms(
    breach=52.0, coverage=1.0, threshold=3.0, by_governance=0.0, by_leverage=0.0, deterrence=0.0, delay_on=0.0
)
"""Firms that break a rule nearly every week, are seen, and stay listed."""


@cache
def threads() -> CompiledBackend:
    # With the comparisons that runs have, so that their compiled pass serves here as well.
    return CompiledBackend(LAYOUT, PAIRINGS, threads=1)


def lived(*tables: Mechanism, weeks: int = 40, people: int = 8192) -> tuple[ArmState, dict[str, float]]:
    """The state after some weeks, and sums over all of them in their own units."""
    state = arm_state(LAYOUT, adults(people, district=2048), tables)
    found = np.zeros(len(LAYOUT.sums))
    for week in range(weeks):
        threads().step(state, 3, week)
        found += state.totals.sum(axis=(0, 1)) / [total.scale for total in LAYOUT.sums]
    return state, {name: float(found[slot]) for name, slot in SLOTS.items()}


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_that_share_of_representatives_is_restricted_with_their_firm(share: float) -> None:
    state, found = lived(QUIET, UNSEEN, HARMLESS, LISTED, Representatives(share=share))
    firms = state.population.firms
    held = state.firms[: len(firms)]
    # A representative learns of the listing in the week after it.
    listed = (held["state"] >= RESTRICTED) & ((held["state"] != RESTRICTED) | (held["since"] > 0))
    heads = firms["representative"][listed & (firms["representative"] != NOBODY)]
    inherited = np.flatnonzero(state.citizens["inherited"])
    assert set(inherited) <= set(heads)
    assert len(heads) > 150
    assert abs(len(inherited) - share * len(heads)) <= 4.5 * np.sqrt(len(heads) * share * (1.0 - share))
    assert found["representatives_listed"] == len(inherited)
    # Nothing is on anybody's own file, and both contexts are lost through the firm.
    assert found["listed"] == found["restrictions"] == found["appeals"] == found["sanction_ww"] == 0
    assert found["restrictions_by_firm"] == 2 * found["listed_by_firm"] > 0
    assert found["representative_ww"] == pytest.approx(
        sum(Sanctions().severity[:2]) * found["listed_by_firm"], rel=1e-4
    )
    assert found["trips_refused"] > 0 == found["trips_refused_debtors"]
    assert found["collateral_ww"] > 0


def test_a_representative_is_free_again_when_the_firm_is() -> None:
    listed = LISTED.model_copy(update={"half_life": 1.0, "spell": 2.0, "delay_off": 1.0})
    free = listed.model_copy(update={"breach": 0.0})
    state, _ = lived(QUIET, UNSEEN, HARMLESS, listed, Representatives(share=1.0), weeks=10)
    assert state.citizens["inherited"].any()
    given = {type(table): table for table in (QUIET, UNSEEN, HARMLESS, free, Representatives(share=1.0))}
    state.parameters[:] = LAYOUT.pack([given.get(mechanism, mechanism()) for mechanism in CATALOGUE])
    for week in range(10, 120):
        threads().step(state, 3, week)
    assert not (state.firms["state"] >= RESTRICTED).any()
    assert not state.citizens["inherited"].any()


def test_what_is_restricted_on_one_s_own_file_is_not_counted_through_the_firm() -> None:
    state, found = lived(LISTED, Conduct(rates=(20.0, 4.0, 0.0, 0.0, 0.0)), Representatives(share=1.0))
    own = state.citizens["inherited"] & (state.citizens["contexts"] > 0)
    assert own.any()
    assert 0 < found["restrictions_by_firm"] < 2 * found["listed_by_firm"]


def test_a_share_of_zero_leaves_everything_as_without_representatives() -> None:
    state, found = lived(LISTED, weeks=30, people=2048)
    assert found["firms_listed"] > 0
    assert found["listed_by_firm"] == found["representative_ww"] == found["representatives_listed"] == 0
    assert not state.citizens["inherited"].any()
