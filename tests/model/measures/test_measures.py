"""Each measure on sums small enough to do by hand; what cannot be divided is not a number."""

import math

import numpy as np
import pytest

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.model.declarations import Sum
from glasshouse.model.measure import Measure, NamedSums, Sums, correlation, named_sum, ratio
from glasshouse.model.measures import CATALOGUE, PAIRINGS, measures_of
from glasshouse.model.measures.governance import Information
from glasshouse.model.measures.listing import ContextSpread, spread_over
from glasshouse.model.mechanisms import CATALOGUE as MECHANISMS
from glasshouse.model.pairing import paired_sums
from glasshouse.model.sums_read import sums_read

DECLARED = ModelLayout(MECHANISMS).sums
PAIRED = paired_sums(PAIRINGS)


def sums(declared: tuple[Sum, ...], **values: float) -> Sums:
    known = {total.name for total in declared}
    assert values.keys() <= known, values.keys() - known
    totals = np.array([round(values.get(t.name, 0) * t.scale) for t in declared])
    return Sums(totals, declared, lambda _: Sums(totals, declared))


ONE = {
    "adults": 1000.0, "listed": 40.0, "listed_wrongly": 10.0, "listed_undeserved": 12.0, "restrictions": 50.0,
    "restrictions_undeserved": 20.0, "restrictions_deserved": 60.0, "restrictions_missed": 15.0, "wrong_spells": 4.0,
    "wrong_spell_weeks": 100.0, "hardship_sum": 30.0, "sanction_ww": 8.0, "sanction_harmless_ww": 2.0,
    "sanction_unrelated_ww": 1.0, "breach_harm": 12.0, "collateral_ww": 2.0, "opposition_sum": 200.0, "stated_sum": 810.0,
    "protests": 2.0, "complaints": 30.0, "problems_fixed_soon": 6.0, "problems_arrived": 24.0, "problems_ended": 20.0,
    "weeks_to_end": 300.0, "problems_known": 25.0, "problems_open": 100.0, "cost_control": 3.0, "cost_rewards": 1.0,
    "cost_service": 20.0, "records": 50.0, "scrutiny_capped": 20.0, "wrong_begun": 5.0, "wrong_spells_4": 1.0, "wrong_spells_8": 2.0,
    "wrong_spells_16": 3.0, "wrong_spells_32": 4.0, "wrong_spells_64": 4.0, "wrong_spells_128": 4.0,
    "wrong_spells_256": 4.0, "spells_ended": 8.0, "spells_long": 2.0, "listed_many": 13.0, "spells_ended_many": 1.0,
    "trips_refused": 9.0, "listings": 12.0, "appeals_wrongful": 3.0, "appeals_upheld": 2.0, "appeals_lenient": 1.0,
    "appeals_decided": 6.0, "appeal_wait": 24.0, "appeals_waiting": 5.0, "reviews": 10.0, "reviews_dismissed": 4.0,
    "routine_decided": 4.0, "routine_granted": 3.0, "victims": 8.0, "victims_known": 2.0, "victims_unknown": 40.0,
    "refunds": 1.0, "refunds_due": 30.0, "taken_wrongly_ww": 12.0, "refunded_ww": 3.0,
    "employee_ww": 2.0, "sanction_minor_ww": 1.0, "gamed_deeds": 3.0, "good_deeds": 12.0, "points_held": 500.0,
    "entitled": 80.0, "drawing": 60.0, "irregularities_recorded": 5.0, "mistakes_recorded": 3.0,
    "views": 250.0, "shunned": 2.0, "voicings": 32.0, "exits_year": 3.0, "held_then_year": 12.0, "scored": 4.0,
    "score_sum": 10.0, "score_squares": 30.0, "deserved_sum": 10.0, "deserved_squares": 30.0,
    "score_deserved_products": 28.0,
    "visits": 20.0, "visits_right": 4.0, "forecast_true": 16.0, "margin_sum": 6.0, "district_weeks": 12.0,
    "overloaded": 3.0, "freed": 10.0, "reinvested": 7.0, "problems_reported": 20.0, "problems_fault": 20.0,
    "problems_fault_reported": 2.0, "problems_reaching_centre": 15.0, "officials_replaced": 3.0, "creep_held": 6.0,
    "events_repressed": 1.0, "events_conceded": 1.0, "events_tolerated": 2.0, "events_small": 2.0, "events_middle": 1.0,
    "events_large": 1.0, "events_small_alone": 0.5, "crowds_small": 1.0, "crowds_middle": 1.0, "crowds_repressed": 1.0,
    "crowds_tolerated": 1.0, "firm_weeks": 104.0, "firms_listed": 13.0,
    "firm_listings": 2.0, "demands_met": 1.0, "firm_harm": 8.0, "abroad_weeks": 26.0, "abroad_hardship": 2.0,
    "abroad_voicings": 1.0, "foreign_silence_sum": 5.0, "foreign_weeks": 50.0, "aware_adults": 100.0, "approving": 70.0,
    "informed_adults": 20.0, "informed_approving": 10.0, "protests_expected": 4.0, "calm_occasions": 10.0,
    "calm_protests": 1.0, "bitter_occasions": 20.0, "bitter_protests": 1.0,
    "followed_year": 4.0, "year_ago_sum": 6.0, "year_ago_squares": 14.0, "year_now_sum": 6.0, "year_now_squares": 14.0,
    "year_ago_year_now_products": 4.0, "followed_five": 4.0, "five_ago_sum": 6.0, "five_ago_squares": 14.0,
    "five_now_sum": 6.0, "five_now_squares": 14.0, "five_ago_five_now_products": 4.0,
    "rated": 4.0, "standing_sum": 6.0, "standing_squares": 14.0, "connection_sum": 2.0, "connection_squares": 2.0,
    "standing_connection_products": 1.0, "quality_sum": 6.0, "quality_squares": 14.0, "standing_quality_products": 14.0,
    "leverage_sum": 2.0, "leverage_squares": 2.0, "standing_leverage_products": 3.0, "loyalty_measured": 4.0, "loyalty_sum": 2.0,
    "loyalty_squares": 2.0, "support_sum": 2.0, "restricted_0": 3.0, "restricted_1": 2.0, "risk_sum": 300.0, "forecast_made": 100.0,
    "support_squares": 2.0, "loyalty_support_products": 2.0, "debt_outstanding": 50.0,
    "listed_unlawfully": 14.0, "restrictions_unlawful": 16.0, "listings_unlawful": 3.0, "sanction_unlawful_ww": 3.0,
    "restrictions_by_firm": 30.0, "sanction_coercive_ww": 5.0, "visit_ww": 1.0, "representative_ww": 1.0, "third_party_ww": 1.0,
}  # fmt: skip
BY_HAND = {
    "listed_share": 0.04,
    "wrongly_listed_share": 0.25,
    "undeserved_share": 0.3,
    "unlawful_share": 0.35,
    "unlawful_listings": 0.25,
    "false_discovery": 0.4,
    "unlawful_contexts": 0.32,
    "missed": 0.25,
    "weeks_wrongly_listed": 25.0,
    "disproportion": 0.25,
    "unlawful_sanctions": 0.375,
    "sanction_per_harm": 0.5,
    "unrelated_share": 0.125,
    "collateral": 4.0 / 12.0,
    "coercive_share": 6.0 / 9.0,
    "third_party_share": 0.1,
    "through_firms": 30.0 / 80.0,
    "falsification_gap": 1.0,
    "protest": 104.0,
    "complaint_rate": 1560.0,
    "governance": 0.25,
    "waiting": 15.0,
    "unheard": 0.75,
    "debt_outstanding": 0.05,
    "incorrect_treatment": 35.0,
    "service_equality": 1.0,
    "records": 2.6,
    "scrutiny_capped": 0.02,
    "cost": 0.208,
    "service_spending": 1.04,
    "weeks_wrongly_listed_95": 16.0 + 16.0 * 0.8,
    "trap_hazard": 52.0 * 8 / 40,
    "trap_hazard_many": 4.0,
    "trap": 0.25,
    "trips_refused": 0.75,
    "redress_use": 0.6,
    "redress_right": 0.4,
    "appeal_win": 0.5,
    "routine_win": 0.75,
    "appeal_wait": 4.0,
    "review_dismissed": 0.4,
    "victims_recognised": 0.25,
    "recognition_wait": 20.0,
    "refund_wait": 30.0,
    "harm_not_refunded": 0.75,
    "minor_share": 0.125,
    "take_up": 0.75,
    "mistakes_recorded_share": 0.6,
    "gaming": 0.25,
    "score_truth": (4 * 28 - 100) / (4 * 30 - 100),
    "exposure": 0.5,
    "views": 0.25,
    "isolation": 0.0625,
    "score_mobility": (4 * 4 - 36) / (4 * 14 - 36),
    "score_mobility_five": (4 * 4 - 36) / (4 * 14 - 36),
    "exit_rate": 0.25,
    "scored": 0.004,
    "forecast_precision": 0.2,
    "forecast_recall": 0.25,
    "loyalty_validity": 1.0,
    "stability_margin": 0.5,
    "overloaded": 0.25,
    "backlog": 30.0,
    "freed": 0.52,
    "reinvested": 0.7,
    "upward_truth": 0.1 / (18 / 80),
    "reaching_centre": 0.15,
    "left_out": 0.25,
    "believed_risk": 0.3,
    "context_spread": 25.0 / 13.0,
    "belief_error": 1 - 190 / 200,
    "officials_replaced": 1300.0,
    "creep": 0.5,
    "events": 5200.0 * 4 / 12,
    "events_beyond_chance": 0.75,
    "crowds": 5200.0 * 2 / 12,
    "crowds_middle": 0.5,
    "repressed": 0.25,
    "crowds_repressed": 0.5,
    "firms_listed": 0.125,
    "firm_share": (2 / 104) / (12 / 1000),
    "score_connection": (4 * 1 - 12) / math.sqrt((4 * 14 - 36) * (4 * 2 - 4)),
    "score_quality": 1.0,
    "score_leverage": 0.0,
    "foreign_compliance": 500.0,
    "firm_harm": 4.0,
    "reach_abroad": 4.0,
    "voice_abroad": 2000.0,
    "foreign_silence": 0.1,
    "awareness": 0.1,
    "approval": 0.7,
    "approval_informed": 0.5 - 0.75,
}
BETWEEN = {
    "welfare_lost": 1.04,
    "control": 0.6,
    "compliance": 0.25,
    "chilling": 0.2,
    "chilling_restored": 0.4,
    "latent_unrest": 52.0 * 3,
    "control_expected": 0.6,
    # Reference: 20 calm and 20 bitter occasions; 0.1 and 0.05 of them would protest as in the regime, of 5 who did.
    "control_equal": 1 - (20 * 0.1 + 20 * 0.05) / 5,
    "avoided_per_cost": 1000.0,
    "forecast_lift": 0.2 / 0.16 - 1.0,
}
NAMED = {measure.name: measure for measure in CATALOGUE}


def test_every_measure_is_tried_here() -> None:
    assert NAMED.keys() == {
        *BY_HAND, *BETWEEN, "information", "surprise", "recovery", "overloaded_at_once", "sharing_spread"
    }  # fmt: skip


@pytest.mark.parametrize("name", BY_HAND)
def test_a_measure_of_one_arm(name: str) -> None:
    assert float(NAMED[name].value(sums(DECLARED, **ONE))) == pytest.approx(BY_HAND[name], rel=1e-5)
    assert not NAMED[name].is_between()


@pytest.mark.parametrize("name", BETWEEN)
def test_a_measure_between_arms(name: str) -> None:
    before = {
        "hardship_sum": 10.0, "protests": 5.0, "breach_harm": 16.0, "protests_expected": 10.0, "cost_control": 0.0,
        "calm_occasions": 20.0, "calm_protests": 2.0, "bitter_protests": 3.0, "visits": 0.0,
    }  # fmt: skip
    reference = sums(DECLARED, **{**ONE, **before})
    pairs = sums(
        PAIRED, said_in_reference=50, silenced_by_regime=15, said_in_regime_only=5, silenced_by_fear=6, would_protest=5,
        do_protest=2,
    )  # fmt: skip
    assert NAMED[name].is_between()
    found = float(NAMED[name].between(reference, sums(DECLARED, **ONE), pairs))
    assert found == pytest.approx(BETWEEN[name], rel=1e-5)


def test_surprise_and_recovery_follow_the_weeks() -> None:
    weeks = np.zeros((200, len(DECLARED)), np.int64)
    slots = {total.name: k for k, total in enumerate(DECLARED)}
    weeks[:, slots["protests"]] = 2
    weeks[150, slots["protests"]] = 30
    assert float(NAMED["surprise"].value(Sums(weeks, DECLARED))) == 15.0
    load = np.full(200, 100)
    load[110:160] = 100 + np.concatenate([np.arange(0, 50, 5), np.arange(50, 10, -1)])
    weeks[:, slots["problems_known"]] = load
    # The heaviest week is the 120th; from its 150 the load falls by one a week, and is at 110 forty weeks later.
    assert float(NAMED["recovery"].value(Sums(weeks, DECLARED))) == 40.0
    assert math.isnan(NAMED["surprise"].value(Sums(weeks[:40], DECLARED)))
    assert math.isnan(NAMED["recovery"].value(Sums(weeks[:100], DECLARED)))


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


def test_a_sum_that_no_component_keeps_is_reported() -> None:
    with pytest.raises(AttributeError, match="no mechanism keeps a sum called nothing"):
        _ = sums(DECLARED).nothing
    with pytest.raises(AttributeError, match="no mechanism keeps a sum called nothing"):
        _ = NamedSums({}).nothing
    with pytest.raises(AttributeError, match="not known by group"):
        sums(DECLARED).of("rural").of("minority")


def test_many_districts_are_overloaded_at_once_where_a_tenth_of_them_is_and_two_at_least() -> None:
    """Of 40 districts four are a tenth; of ten it takes two."""

    def over(districts: float, *overloaded: float) -> float:
        rows = [sums(DECLARED, district_weeks=districts, overloaded=one)._totals for one in overloaded]
        return float(NAMED["overloaded_at_once"].value(Sums(np.array(rows), DECLARED)))

    assert over(40.0, 0.0, 3.0, 4.0, 40.0) == 0.5
    assert over(10.0, 0.0, 1.0, 1.0, 2.0) == 0.25
    assert math.isnan(over(0.0, 0.0))


def test_the_worst_served_group_is_held_against_the_rest() -> None:
    """Half as many problems of the rural are solved in time as of the others; the poorest fifth is served better."""
    served = {
        "rural": (10.0, 100.0),
        "not rural": (40.0, 200.0),
        "poorest fifth": (15.0, 50.0),
        "not poorest fifth": (35.0, 250.0),
    }

    def group(name: str) -> Sums:
        fixed, arrived = served.get(name, (0.0, 0.0))
        return sums(DECLARED, problems_fixed_soon=fixed, problems_arrived=arrived)

    whole = Sums(sums(DECLARED)._totals, DECLARED, group)
    assert float(NAMED["service_equality"].value(whole)) == pytest.approx(0.5)


def test_sums_of_groups_that_a_measure_reads_are_named_and_read_by_their_names() -> None:
    names, paired = sums_read(NAMED["service_equality"])
    assert {"rural:problems_arrived", "not rural:problems_fixed_soon"} <= {*names}
    assert (len(names), paired) == (16, ())
    one = sums(DECLARED, **ONE)
    values = {name: named_sum(one, name) for name in names}
    assert values["rural:problems_arrived"] == 24.0
    assert float(NAMED["service_equality"].value(NamedSums(values))) == 1.0


def test_a_measure_reads_the_groups_that_are_declared() -> None:
    names, _ = sums_read(NAMED["service_equality"], ("woman",))
    assert sorted(names) == [
        f"{one}:problems_{two}" for one in ("not woman", "woman") for two in ("arrived", "fixed_soon")
    ]
    whole = NamedSums({name: np.array(1.0 + ("not" in name)) for name in names})
    assert whole.group_names == ("woman",)
    assert float(NAMED["service_equality"].value(whole)) == 1.0


def test_ratios() -> None:
    assert ratio(1, 4) == 0.25
    assert math.isnan(ratio(1, 0))
    assert ratio(np.array([1, 2]), np.array([2, 0])).tolist()[0] == 0.5


def test_a_correlation_over_two_districts_is_undefined() -> None:
    def over(count: int, noise: float = 0.0) -> float:
        reported = 0.1 + noise * np.arange(count)
        rows = [
            sums(DECLARED, adults=1e6, problems_reported=1e6 * (one + 0.1 * k), problems_open=1e5 * (k + 1))
            for k, one in enumerate(reported)
        ]
        return float(Information.value(Sums(np.array([row._totals for row in rows]), DECLARED)))

    assert math.isnan(over(2))
    assert over(3) == pytest.approx(1.0)


def test_a_correlation_of_what_varies_by_rounding_alone_is_undefined() -> None:
    x = np.full(10, 0.1)
    y = np.arange(10.0)
    parts = (np.array(10.0), x.sum(), (x * x).sum(), y.sum(), (y * y).sum(), (x * y).sum())
    assert np.isnan(correlation(*(np.asarray(part) for part in parts)))
    two = np.array([1.0, 2.0])
    pair = (np.array(2.0), two.sum(), (two**2).sum(), two.sum(), (two**2).sum(), (two**2).sum())
    assert np.isnan(correlation(*(np.asarray(part) for part in pair)))


def test_spread_is_over_as_many_contexts_as_a_run_keeps() -> None:
    kept = [Sum(f"restricted_{k}", "", "") for k in range(6)]
    (wide,) = (measure for measure in measures_of(kept) if measure.name == "context_spread")
    assert issubclass(wide, ContextSpread)
    assert wide.scale.high == 6
    assert wide is spread_over(6)
    assert wide.value(Sums(np.full(6, 10), kept)) == 6.0
    assert measures_of(kept[:4]) == CATALOGUE
