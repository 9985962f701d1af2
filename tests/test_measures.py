"""Each measure on sums small enough to do by hand; what cannot be divided is not a number."""

import math

import numpy as np
import pytest

from glasshouse.measure import Measure, Sums, ratio
from glasshouse.measures import CATALOGUE, PAIRINGS
from glasshouse.measures.state import Information
from glasshouse.mechanisms import CATALOGUE as MECHANISMS
from glasshouse.pairing import paired_sums
from glasshouse.schema import Sum
from glasshouse.weave import Weave

DECLARED = Weave(MECHANISMS).sums
PAIRED = paired_sums(PAIRINGS)


def sums(declared: tuple[Sum, ...], **values: float) -> Sums:
    known = {total.name for total in declared}
    assert values.keys() <= known, values.keys() - known
    return Sums(np.array([round(values.get(t.name, 0) * t.scale) for t in declared]), declared)


ONE = {
    "adults": 1000.0, "listed": 40.0, "listed_wrongly": 10.0, "listed_undeserved": 12.0, "restrictions": 50.0,
    "restrictions_undeserved": 20.0, "restrictions_deserved": 60.0, "restrictions_missed": 15.0, "wrong_spells": 4.0,
    "wrong_spell_weeks": 100.0, "hardship_sum": 30.0, "sanction_ww": 8.0, "sanction_harmless_ww": 2.0,
    "sanction_unrelated_ww": 1.0, "breach_harm": 12.0, "collateral_ww": 2.0, "grievance_sum": 200.0, "stated_sum": 810.0,
    "protests": 2.0, "complaints": 30.0, "problems_fixed_soon": 6.0, "problems_arrived": 24.0, "problems_ended": 20.0,
    "weeks_to_end": 300.0, "problems_known": 25.0, "problems_open": 100.0, "cost_control": 3.0, "cost_rewards": 1.0,
    "cost_service": 20.0, "records": 50.0, "restricted_0": 20.0, "restricted_1": 20.0, "risk_sum": 150.0,
    "problems_reported": 20.0, "problems_told": 15.0, "visits": 10.0, "visits_right": 2.0, "forecast_made": 1000.0,
    "forecast_true": 50.0,
}  # fmt: skip
BY_HAND = {
    "listed_share": 0.04,
    "wrongly_listed_share": 0.25,
    "undeserved_share": 0.3,
    "false_discovery": 0.4,
    "missed": 0.25,
    "weeks_wrongly_listed": 25.0,
    "disproportion": 0.25,
    "sanction_per_harm": 0.5,
    "unrelated_share": 0.125,
    "collateral": 0.2,
    "falsification_gap": 1.0,
    "protest": 104.0,
    "complaint_rate": 1560.0,
    "governance": 0.25,
    "waiting": 15.0,
    "unheard": 0.75,
    "records": 2.6,
    "cost": 0.208,
    "service_spending": 1.04,
    "context_spread": 2.0,
    "believed_risk": 0.15,
    "left_out": 0.25,
}
BETWEEN = {"welfare_lost": 1.04, "control": 0.6, "compliance": 0.25, "chilling": 0.2, "forecast_lift": 3.0}
NAMED = {measure.name: measure for measure in CATALOGUE}


def test_every_measure_is_tried_here() -> None:
    assert NAMED.keys() == {*BY_HAND, *BETWEEN, "information"}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_measure_of_one_world(name: str) -> None:
    assert float(NAMED[name].value(sums(DECLARED, **ONE))) == pytest.approx(BY_HAND[name], rel=1e-5)
    assert not NAMED[name].is_between()


@pytest.mark.parametrize("name", BETWEEN)
def test_a_measure_between_worlds(name: str) -> None:
    reference = sums(DECLARED, **{**ONE, "hardship_sum": 10.0, "protests": 5.0, "breach_harm": 16.0})
    pairs = sums(PAIRED, said_in_reference=50, silenced_by_regime=15, said_in_regime_only=5)
    assert NAMED[name].is_between()
    found = float(NAMED[name].between(reference, sums(DECLARED, **ONE), pairs))
    assert found == pytest.approx(BETWEEN[name], rel=1e-5)


def test_information_is_a_correlation_over_districts() -> None:
    rng = np.random.default_rng(1)
    adults, true = rng.integers(500, 900, 30), rng.integers(20, 90, 30)
    reported = (true * rng.uniform(0.3, 0.9, 30)).astype(int)
    totals = np.zeros((30, len(DECLARED)), np.int64)
    for name, values in (("adults", adults), ("problems_open", true), ("problems_reported", reported)):
        totals[:, next(k for k, total in enumerate(DECLARED) if total.name == name)] = values
    expected = np.corrcoef(reported / adults, true / adults)[0, 1]
    assert float(Information.value(Sums(totals, DECLARED))) == pytest.approx(expected)
    assert math.isnan(Information.value(Sums(totals[:1], DECLARED)))


@pytest.mark.parametrize("measure", CATALOGUE, ids=lambda measure: measure.name)
def test_nothing_divided_by_nothing_is_not_a_number(measure: type[Measure]) -> None:
    empty = sums(DECLARED)
    found = (
        measure.between(empty, empty, sums(PAIRED))
        if measure.is_between()
        else measure.value(empty if not measure.by_district else Sums(np.zeros((3, len(DECLARED)), np.int64), DECLARED))
    )
    assert math.isnan(found)


@pytest.mark.parametrize("measure", CATALOGUE, ids=lambda measure: measure.name)
def test_a_measure_says_what_it_is(measure: type[Measure]) -> None:
    assert measure.title
    assert measure.formula
    assert measure.unit
    assert measure.source
    assert measure.better in ("more", "less", "neither")
    assert (measure.__doc__ or "").strip()


def test_one_formula_serves_weeks_groups_and_windows() -> None:
    weeks = np.stack([sums(DECLARED, **ONE)._totals, sums(DECLARED, **{**ONE, "listed": 80.0})._totals])
    assert NAMED["listed_share"].value(Sums(weeks, DECLARED)).tolist() == [0.04, 0.08]
    reference, regime, difference = NAMED["listed_share"].weekly(
        Sums(weeks, DECLARED), Sums(weeks[::-1], DECLARED), sums(PAIRED)
    )
    assert difference.tolist() == pytest.approx([0.04, -0.04])
    assert (regime - reference == difference).all()


def test_a_sum_that_nobody_keeps_is_told() -> None:
    with pytest.raises(AttributeError, match="no mechanism keeps a sum called nothing"):
        _ = sums(DECLARED).nothing


def test_ratios() -> None:
    assert ratio(1, 4) == 0.25
    assert math.isnan(ratio(1, 0))
    assert ratio(np.array([1, 2]), np.array([2, 0])).tolist()[0] == 0.5
