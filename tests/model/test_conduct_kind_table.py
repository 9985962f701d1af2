"""Kinds of conduct that a scenario declares: sizes, usual values, what is done and who records it."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.state import ArmState
from glasshouse.model import agencies as constants
from glasshouse.model.agencies import (
    ALWAYS_KINDS,
    COURT,
    MARKET,
    POLICE,
    THE_FIVE,
    THE_FOUR,
    Agencies,
)
from glasshouse.model.agency_sizes import for_agencies
from glasshouse.model.conduct_kind_table import ConductKindTable
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.law import Law
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.loyalty import Loyalty
from glasshouse.model.mechanisms.observation import Observation, concerned, kind_of_error
from tests.model.test_agency_sizes import EIGHT, SIX, arm, layout, tables, vector

UNSAFE, REFUSED, LOUD = range(ALWAYS_KINDS, ALWAYS_KINDS + 3)
THREE = ConductKindTable(
    further=("sale of unsafe goods", "refused payment", "loud event"),
    alike=("trade", "debt", "traffic"),
    recorded_by=("commerce", "court", "culture"),
    money=(True, False, False),
).added_to(SIX)
IDLE = ConductKindTable(
    further=("breach of product rules",), alike=("trade",), recorded_by=("market supervision",), money=(False,)
).added_to(THE_FOUR)
WEEKS = 12


def only(kind: int) -> dict[str, Any]:
    """Settings under which people do one kind of thing, often, and agencies record what they do and nothing else."""
    rates = tuple(10.0 if place == kind else 0.0 for place in range(THREE.kinds.number))
    none = (0.0,) * THREE.number
    watch = {"court_reach": 1.0, "false_positive_rate": none, "mismatch_rate": none, "speech_coverage": 0.0}
    return {"conduct": {"rates": rates}, "observation": watch, "peer_reports": {"peers": 0.0}}


@cache
def weeks(kind: int, trap: float = 1.0) -> tuple[ArmState, dict[str, float]]:
    given = only(kind)
    chosen = tables(THREE, **{**given, "conduct": {**given["conduct"], "trap": trap}})
    state, backend = arm(THREE, 64, chosen), ReferenceBackend(layout(THREE))
    found = dict.fromkeys((total.name for total in layout(THREE).sums), 0.0)
    for week in range(WEEKS):
        backend.step(state, 7, week)
        for slot, total in enumerate(layout(THREE).sums):
            found[total.name] += state.totals[..., slot].sum() / total.scale
    return state, found


def test_the_constants_are_those_of_the_agencies_and_kinds_that_are_always_there() -> None:
    assert {name: getattr(constants, name) for name in THE_FOUR.constants()} == THE_FOUR.constants()
    assert ConductKindTable().added_to(EIGHT) is EIGHT
    assert THE_FOUR.kinds is THE_FIVE


def test_only_mechanisms_that_depend_on_kinds_change_and_the_state_stays() -> None:
    assert layout(IDLE).state.itemsize == layout(THE_FOUR).state.itemsize
    assert len(for_agencies(Conduct, IDLE)().rates) == ALWAYS_KINDS + 1
    assert for_agencies(Loyalty, IDLE) is Loyalty


def test_a_further_kind_has_the_values_of_the_kind_that_it_is_like() -> None:
    conduct, law = for_agencies(Conduct, THREE), for_agencies(Law, THREE)
    assert conduct(harms=(1.0, 2.0, 3.0, 4.0, 5.0)).harms == (1.0, 2.0, 3.0, 4.0, 5.0, 4.0, 2.0, 1.0)
    assert conduct(rates=tuple(range(8))).rates == tuple(range(8))
    assert law().catalogue == (0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0)
    assert for_agencies(Observation, THREE)().points == (1, 6, 3, 3, 4, 3, 6, 1)
    assert len(for_agencies(Lists, THREE)().threshold) == THREE.number


def test_an_agency_errs_about_each_of_its_kinds_equally_often() -> None:
    own = for_agencies(Observation, THREE).citizen.__globals__["kind_of_error"]
    kinds = [own(0.2 + 0.3 * (place + 0.5) / 60, 0.2, 0.3, SIX.number - 1) for place in range(60)]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {0: 20, 4: 20, LOUD: 20}
    assert own(0.1, 0.2, 0.3, 0) == own(0.5, 0.2, 0.3, 0) == -1
    assert [kind_of_error(u, 0.0, 1.0, POLICE) for u in (0.0, 0.4999, 0.5, 0.9999)] == [0, 0, 4, 4]
    assert [kind_of_error(u, 0.0, 1.0, MARKET) for u in (0.0, 0.9999)] == [3, 3]


@pytest.mark.parametrize(("kind", "agency"), [(UNSAFE, 4), (REFUSED, COURT), (LOUD, 5)])
def test_a_further_kind_is_done_and_recorded_by_its_agency_alone(kind: int, agency: int) -> None:
    own = for_agencies(Observation, THREE).citizen.__globals__
    assert THREE.recorded()[agency][-1] == kind
    assert own["OWNERS"][kind] == agency
    assert own["RECORDERS"][kind] == 1
    assert concerned(0.5, 3) == MARKET
    state, sums = weeks(kind)
    assert sums["breaches"] > 50
    assert sums["breach_harm"] == pytest.approx(sums["breaches"] * for_agencies(Conduct, THREE)().harms[kind], rel=1e-4)
    files = vector(state, "deserved", THREE)
    assert files[:, agency].any()
    assert not np.delete(files, agency, axis=1).any()
    assert not vector(state, "wrong", THREE).any()


def test_what_is_like_a_debt_leaves_one_and_what_is_like_traffic_stays_out_of_credit_files() -> None:
    assert weeks(REFUSED)[1]["defaults"] > 0
    assert weeks(UNSAFE)[1]["defaults"] == weeks(LOUD)[1]["defaults"] == 0
    assert weeks(LOUD)[1]["records_traffic"] > 0
    assert weeks(UNSAFE)[1]["records_traffic"] == 0
    # Hardship makes more of what is done for money, and of nothing else.
    assert weeks(UNSAFE, 20.0)[1]["breaches"] > weeks(UNSAFE, 0.0)[1]["breaches"]
    assert weeks(LOUD, 20.0)[1]["breaches"] == weeks(LOUD, 0.0)[1]["breaches"]


def test_a_kind_that_nobody_does_changes_no_byte() -> None:
    """The placebo: an agency that errs about one kind or another, each worth as many points, errs as before."""
    arms = {agencies: _without_further_kinds(agencies) for agencies in (THE_FOUR, IDLE)}
    for week in range(WEEKS):
        for agencies, state in arms.items():
            ReferenceBackend(layout(agencies)).step(state, 5, week)
        one, other = arms.values()
        assert one.citizens.tobytes() == other.citizens.tobytes()
        assert one.totals.tobytes() == other.totals.tobytes()
    assert (arms[IDLE].citizens["breach"] >= 0).any()


def _without_further_kinds(agencies: Agencies) -> ArmState:
    chosen = tables(agencies)
    place = next(place for place, table in enumerate(chosen) if table.name == "conduct")
    rates = (*tables(THE_FOUR)[place].model_dump()["rates"], *(0.0,) * (agencies.kinds.number - ALWAYS_KINDS))
    chosen[place] = chosen[place].model_copy(update={"rates": rates})
    return arm(agencies, 64, chosen)
