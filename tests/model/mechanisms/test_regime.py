"""The mechanisms by which a regime watches, forgives, forecasts and manages itself, each against its equations.

Rates are checked at 4.5 standard errors of a binomial or Poisson count with fixed seeds, as in `test_mechanisms`: of the
two dozen such checks one would fail by chance in about 6,000 sets of seeds.
"""

import numpy as np
import pytest

from glasshouse.model.measure import Sums
from glasshouse.model.measures.score import ExitRate, ScoreMobility
from glasshouse.model.mechanisms.abroad import Abroad
from glasshouse.model.mechanisms.attitudes import Attitudes
from glasshouse.model.mechanisms.budget import Budget
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.controllers import Controllers
from glasshouse.model.mechanisms.firms import Firms
from glasshouse.model.mechanisms.forecast import Forecast
from glasshouse.model.mechanisms.function_creep import FunctionCreep
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.local_scores import LocalScores
from glasshouse.model.mechanisms.loyalty import Loyalty
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.officials import Officials
from glasshouse.model.mechanisms.opinion import Opinion
from glasshouse.model.mechanisms.peer_reports import PeerReports
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.problems import Problems
from glasshouse.model.mechanisms.redress import Redress
from glasshouse.model.mechanisms.response import Response
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.sanctions import Sanctions
from glasshouse.model.mechanisms.shocks import Shocks
from glasshouse.model.mechanisms.voice import Voice
from tests.helpers.populations import adults, arm_state
from tests.model.mechanisms.test_mechanisms import ERRORLESS, LAWFUL, LAYOUT, SILENT, Lived, close, threads

# All citizens get false records, none does anything: all that is listed is wronged.
SLANDERED = Observation(
    coverage=0.0,
    covert=1.0,
    court_reach=0.5,
    lead=(1.0,) * 4,
    false_positive_rate=(0.025,) * 4,
    misread=0.0,
    mismatch_rate=(0.0,) * 4,
    speech_coverage=0.0,
)
UNHELPED = Safeguards(appeal=0.0)
QUICK = Lists(threshold=(3, 3, 3, 3), delay_on=0.0, delay_off=1.0, spell=(0, 0, 0, 0))


def test_seasons_and_dated_waves_move_arrivals() -> None:
    calm = Shocks(rate=0.0, season=0.5, peak_week=10.0, wave_rate=0.0)
    arrived = Lived(calm, weeks=52).series("problems_arrived")
    assert arrived[6:15].mean() > 1.2 * arrived[32:41].mean()
    struck = Lived(Shocks(rate=0.0, season=0.0, wave_rate=0.0, dated_week=20.0, dated_size=4.0), weeks=26)
    before, after = (struck.series("problems_arrived")[part].mean() for part in (slice(5, 20), slice(20, 22)))
    assert after > 3 * before


def test_notice_and_fear_decide_who_appeals() -> None:
    tables = (SLANDERED, LAWFUL, SILENT, QUICK, Redress(rate=0.1, reviewers=1000.0))
    told = Lived(*tables, Safeguards(notice=1.0, appeal=1.0), Attitudes(dread=0.0))
    untold = Lived(*tables, Safeguards(notice=0.0, appeal=1.0), Attitudes(dread=0.0))
    none = Lived(*tables, UNHELPED)
    assert none["appeals"] == 0 < untold["appeals"]
    assert told["appeals"] > 2 * untold["appeals"]


def test_an_appeal_upheld_strikes_the_wrong_and_leaves_what_is_right() -> None:
    tables = (SLANDERED, LAWFUL, SILENT, QUICK, Safeguards(notice=1.0, appeal=1.0), Points(half_life=5200.0))
    sure = Lived(*tables, Redress(rate=1.0, reviewers=1000.0, accuracy=1.0))
    never = Lived(*tables, Redress(rate=1.0, reviewers=1000.0, accuracy=0.0))
    assert sure["appeals_upheld"] == sure["appeals_decided"] > 100
    assert never["appeals_upheld"] == 0 < never["appeals_decided"]
    assert sure["listed"] < 0.3 * never["listed"]
    # Rightful restrictions fall only to a lenient judge.
    seen = Observation(
        coverage=1.0, misread=0.0, false_positive_rate=(0.0,) * 4, mismatch_rate=(0.0,) * 4, speech_coverage=0.0
    )
    guilty = Conduct(rates=(20.0, 0.0, 0.0, 0.0, 0.0), gaming=0.0)
    strict = Lived(
        seen,
        guilty,
        SILENT,
        QUICK,
        Safeguards(notice=1.0, appeal=1.0),
        Redress(rate=1.0, reviewers=99.0, strictness=1.0),
    )
    assert strict["appeals_lenient"] == 0 < strict["appeals_decided"]


def test_appeals_queue_for_reviewers() -> None:
    tables = (SLANDERED, LAWFUL, SILENT, QUICK, Safeguards(notice=1.0, appeal=1.0))
    few = Lived(*tables, Redress(rate=1.0, reviewers=0.5))
    many = Lived(*tables, Redress(rate=1.0, reviewers=1000.0))
    assert few["appeal_wait"] / few["appeals_decided"] > 2 * many["appeal_wait"] / many["appeals_decided"]
    # Of 8,192 citizens four cases a week can be decided, whatever the queue.
    # Once the queue stands: capacity is shared out by the queue of the week before, so the first weeks decide more.
    assert few.series("appeals_decided")[26:].sum() < 26 * 4.1 + 4.5 * np.sqrt(26 * 4.1)


def test_a_review_spares_the_wrongly_listed_and_not_the_others() -> None:
    tables = (SLANDERED, LAWFUL, SILENT, QUICK)
    reviewed = Lived(*tables, Safeguards(appeal=0.0, review=1.0, review_accuracy=1.0))
    assert reviewed["reviews"] == reviewed["reviews_dismissed"] > 100
    assert reviewed["listings"] == 0
    blind = Lived(*tables, Safeguards(appeal=0.0, review=1.0, review_accuracy=0.0))
    assert blind["reviews_dismissed"] == 0 < blind["listings"] == blind["reviews"]


def test_purpose_limitation_is_no_sharing_and_sharing_is_per_pair() -> None:
    tables = (SLANDERED, LAWFUL, SILENT, UNHELPED)
    apart = Lived(*tables, Lists(integration=0.0))
    limited = Lived(*tables[:-1], Safeguards(appeal=0.0, purpose=1.0), Lists(integration=1.0, related=(0.0,) * 16))
    none = Lived(*tables, Lists(integration=1.0, sharing=(0.0,) * 16))
    shared = Lived(*tables, Lists(integration=1.0))
    assert apart["restrictions"] == limited["restrictions"] == none["restrictions"] < shared["restrictions"]
    assert shared["views"] > 2 * apart["views"] > 0
    # The police's points alone reach the courts' list.
    one = [0.0] * 16
    one[0 * 4 + 1] = 1.0
    assert (
        apart["restrictions"]
        < Lived(*tables, Lists(integration=1.0, sharing=tuple(one)))["restrictions"]
        < shared["restrictions"]
    )


def test_safeguards_do_what_they_say() -> None:
    loud = Voice(threshold_complaint=-3.0)
    heard = Observation(speech_coverage=1.0, misread=1.0, coverage=1.0, false_positive_rate=(0.1,) * 4)
    plain = Lived(loud, heard)
    assert Lived(loud, heard, Safeguards(speech=1.0))["speech_records"] == 0 < plain["speech_records"]
    assert Lived(loud, heard, Safeguards(audit=1.0), LAWFUL)["records_false"] < 0.02 * plain["records_false"]
    assert Lived(heard, Safeguards(minimisation=1.0), LAWFUL, loud)["speech_records"] == 0
    spared = Lived(SLANDERED, Safeguards(appeal=0.0, kin=1.0), QUICK)
    assert spared["collateral_ww"] == 0 < Lived(SLANDERED, UNHELPED, QUICK)["collateral_ww"]
    assert Lived(SLANDERED, Safeguards(expiry=0.2))["points_held"] < 0.5 * Lived(SLANDERED)["points_held"]


def test_protest_is_answered_and_the_answer_is_felt() -> None:
    angry = Voice(threshold_protest=0.3, spread_protest=0.1)
    harsh = Lived(angry, Response(repress=1.0, shock=0.5))
    soft = Lived(angry, Response(repress=0.0, by_size=0.0, by_minority=0.0, concede=1.0, relief=1.0))
    deaf = Lived(angry, Response(repress=0.0, by_size=0.0, by_minority=0.0, concede=0.0))
    for lived, name in ((harsh, "events_repressed"), (soft, "events_conceded"), (deaf, "events_tolerated")):
        assert lived[name] == lived["events_small"] + lived["events_middle"] + lived["events_large"] > 10
    assert harsh["risk_sum"] > 1.2 * deaf["risk_sum"]
    assert soft["problems_fixed"] > deaf["problems_fixed"]


def test_the_restricted_are_heard_less() -> None:
    loud = Voice(threshold_complaint=-3.0, shun=1.0)
    shunned = Lived(loud, SLANDERED, QUICK, UNHELPED)
    assert shunned["shunned"] > 100
    assert Lived(Voice(threshold_complaint=-3.0, shun=0.0), SLANDERED, QUICK, UNHELPED)["shunned"] == 0


def test_contacts_report_what_they_see_and_what_they_invent() -> None:
    seen = Observation(
        coverage=0.0,
        covert=0.0,
        misread=0.0,
        false_positive_rate=(0.0,) * 4,
        mismatch_rate=(0.0,) * 4,
        speech_coverage=0.0,
        court_reach=0.0,
    )
    lived = Lived(
        seen, SILENT, PeerReports(peers=0.5, peer_rate=0.1, peer_false=0.001), Conduct(rates=(5.0, 0.0, 0.0, 0.0, 0.0))
    )
    # Four ties of the ring and two in the household, at the edge fewer: six contacts.
    assert close(lived["reports_true"], lived["breaches"] * 0.5 * 0.1 * 6.0)
    assert close(lived["reports_false"], lived["adults"] * 0.5 * 0.001 * 6.0)
    assert lived["records"] == lived["reports_true"] + lived["reports_false"]


def test_focus_follows_records_where_feedback_is_on() -> None:
    seen = Observation(feedback=1.0, coverage=0.3)
    state = Lived(seen, Conduct(rates=(10.0, 0.0, 0.0, 0.0, 0.0)), people=16384).state
    assert state.districts["focus"].std() > 0.0
    assert (Lived(Observation(coverage=0.3)).state.districts["focus"] == 1.0).all()


def test_opinion_is_of_those_who_know() -> None:
    lived = Lived(Opinion(publicity=1.0, disclosure=0.0), Observation(coverage=1.0), SILENT, LAWFUL, weeks=52)
    assert lived["aware_adults"] > 0.5 * lived["adults"]
    assert lived["informed_adults"] == 0
    told = Lived(Opinion(publicity=1.0, disclosure=1.0, by_information=1.0), Observation(coverage=1.0))
    assert told["informed_adults"] == told["aware_adults"]
    assert told["approving"] < 0.2 * lived["approving"]


def test_local_scores_reward_without_penalty_unless_set() -> None:
    deeds = Conduct(volunteering=10.0)
    lived = Lived(deeds, LocalScores(share=1.0, uptake=0.4, high=1010.0))
    # Whether a citizen joins is drawn once: about 6,963 adults at 0.4, and 4.5 standard errors are 0.027.
    assert lived["scored"] / lived["adults"] == pytest.approx(0.4, abs=0.027)
    assert lived["scheme_reward_ww"] == pytest.approx(0.02 * lived["scored_high"], rel=1e-4)
    assert lived["scheme_penalty_ww"] == 0
    low = Lived(deeds, SLANDERED, LocalScores(share=1.0, low=999.0, penalty=0.1))
    assert low["scheme_penalty_ww"] == pytest.approx(0.1 * low["scored_low"], rel=1e-4)
    assert Lived(deeds, LocalScores(share=0.0))["scored"] == 0


def test_the_forecast_is_as_good_as_stated() -> None:
    """AUC of the signal from the interpreter's own columns: visits to the truly coming protesters against chance.

    Without an arm ahead the signal is about the citizen's own last twelve weeks, which serves as well to test it.
    """
    angry = Voice(threshold_protest=0.6, spread_protest=0.3)
    rates = {}
    for quality in (0.5, 0.75, 0.95):
        lived = Lived(angry, Forecast(visits=20.0, quality=quality, by_points=0.0), weeks=80, people=16384)
        late = slice(40, 80)
        right, made = lived.series("visits_right")[late].sum(), lived.series("visits")[late].sum()
        base = lived.series("forecast_true")[late].sum() / lived.series("forecast_made")[late].sum()
        rates[quality] = right / made / base
        # The capacity holds on average.
        assert made == pytest.approx(20.0 * 16.384 * 40, rel=0.1)
    assert rates[0.5] == pytest.approx(1.0, abs=0.15)
    assert rates[0.5] < rates[0.75] < rates[0.95]


def test_pressure_reaches_abroad_through_the_family() -> None:
    loud = Voice(threshold_complaint=-3.0, occasion=0.5)
    pressed = Lived(loud, Abroad(watch=1.0, pressure=1.0))
    free = Lived(loud, Abroad(watch=1.0, pressure=0.0))
    assert pressed["families_pressed"] > 50 > free["families_pressed"] == 0
    assert pressed["abroad_risk"] > free["abroad_risk"]
    public = Lived(Abroad(pressure_public=0.5, shield=0.5, adjustment=1.0))
    assert public["foreign_silence_sum"] == pytest.approx(52 * 0.25, rel=1e-3)


def test_loyalty_is_measured_only_where_it_is_switched_on() -> None:
    assert Lived()["loyalty_measured"] == 0
    lived = Lived(Loyalty(active=1.0))
    assert lived["loyalty_measured"] == lived["adults"]
    assert 0 < lived["loyalty_sum"] < lived["loyalty_measured"]


def test_mobility_follows_points_from_year_to_year() -> None:
    lived = Lived(SLANDERED, Points(half_life=5200.0), UNHELPED, weeks=110)
    assert lived["followed_year"] == lived["adults"] / 110
    sums = Sums(_totals(lived), LAYOUT.sums)
    assert float(ScoreMobility.value(sums)) > 0.5
    assert float(ExitRate.value(sums)) < 0.01
    quick = Lived(SLANDERED, Points(half_life=4.0), UNHELPED, weeks=110)
    assert float(ScoreMobility.value(Sums(_totals(quick), LAYOUT.sums))) < 0.2


def _totals(lived: Lived) -> np.ndarray:
    scales = np.array([total.scale for total in LAYOUT.sums])
    return np.rint(lived.weekly.sum(axis=0) * scales).astype(np.int64)


def test_firms_are_listed_for_breaches_and_the_connected_less() -> None:
    bad = Firms(breach=20.0, coverage=1.0, deterrence=0.0)
    lived = Lived(bad)
    assert lived["firms_listed"] > 0
    assert lived["employee_ww"] > 0
    favoured = Lived(Firms(breach=20.0, coverage=1.0, deterrence=0.0, responsibility=1.0, credit_worth=10.0))
    assert favoured["standing_connection_products"] > lived["standing_connection_products"]
    assert favoured["firms_listed"] < lived["firms_listed"]
    asked = Lived(Firms(demand=52.0, market=0.5, countermeasure=0.5))
    assert close(asked["demands_met"], 0.25 * asked["demands"])
    assert Lived()["demands"] == 0


def test_pressed_officials_hide_and_invent_and_an_audit_finds_them() -> None:
    pressed = Officials(hide=1.0, falsify=1.0, petition_scale=0.01, protest_scale=0.001, base_audit=0.0)
    lived = Lived(pressed, people=16384)
    honest = Lived(Officials(hide=0.0, falsify=0.0), people=16384)
    assert lived["problems_reaching_centre"] < 0.9 * lived["problems_reported"]
    assert honest["problems_reaching_centre"] == pytest.approx(honest["problems_reported"], rel=1e-3)
    assert lived["problems_reported"] < honest["problems_reported"]
    assert lived["officials_replaced"] == 0
    audited = Lived(pressed, Safeguards(audit=1.0), people=16384)
    assert audited["officials_replaced"] > 0


def test_healing_moves_staff_and_makes_none() -> None:
    state = Lived(Controllers(heal=1.0), Problems(suppression_career=0.5), people=16384).state
    assert state.districts["staff"].std() > 0.0
    assert (state.districts["staff"] * 2048).sum() == pytest.approx(16384, rel=0.05)


def test_a_controller_holds_the_case_load_and_protecting_raises_coverage() -> None:
    tables = (SLANDERED, UNHELPED, LAWFUL, SILENT)
    free = Lived(*tables)
    held = Lived(*tables, Controllers(caseload=0.2, cases=0.05))
    assert held["listings"] < free["listings"]
    assert held.state.districts["bar_shift"].mean() > 1.2
    angry = Voice(threshold_protest=0.3)
    watched = Lived(
        angry, Controllers(protect=5.0, trigger=0.01), Observation(coverage=0.1, false_positive_rate=(0.0,) * 4)
    )
    assert watched["alerts"] > 0
    assert watched["records"] > 1.3 * Lived(angry, Observation(coverage=0.1, false_positive_rate=(0.0,) * 4))["records"]


def test_functions_creep_after_unrest_unless_audited() -> None:
    angry = Voice(threshold_protest=0.3)
    crept = Lived(angry, FunctionCreep(rate=1.0, trigger=0.01, exposure=0.0))
    assert 0 < crept["creep_added"] <= 3 * 4
    assert crept["creep_withdrawn"] == 0
    assert Lived(angry, FunctionCreep(rate=1.0, trigger=0.01), Safeguards(audit=1.0))["creep_added"] == 0
    assert Lived(SILENT, FunctionCreep(rate=1.0))["creep_added"] == 0
    assert crept["speech_records"] > Lived(angry)["speech_records"]


def test_money_freed_by_automation_goes_where_the_rule_says() -> None:
    for share in (0.0, 1.0):
        lived = Lived(Budget(upkeep=0.01, automation=0.8, reinvestment=share))
        assert lived["reinvested"] == pytest.approx(share * lived["freed"], rel=1e-6)
        assert (lived.state.districts["extra"] > 0.0).any() == (share > 0.0)


def test_trips_are_refused_to_those_restricted_in_travel() -> None:
    lived = Lived(SLANDERED, UNHELPED, QUICK, Sanctions(trips=52.0))
    assert lived["trips_refused"] > 100
    assert Lived(Sanctions(trips=52.0), ERRORLESS, LAWFUL, SILENT)["trips_refused"] == 0


def test_arms_under_other_tables_share_one_pass() -> None:
    """Two tables, one compiled pass: nothing is compiled anew for another regime."""
    first = threads().module.path
    arm_state(LAYOUT, adults(640), (Forecast(visits=5.0),))
    assert threads().module.path == first
