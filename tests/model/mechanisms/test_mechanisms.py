"""The first mechanisms, each against its equations.

Rates are checked at 4.5 standard errors of a binomial or Poisson count with fixed seeds: of the dozen such checks one
would fail by chance in about 12,000 sets of seeds.
"""

from functools import cache

import numpy as np
import pytest

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import AGENCIES, CLEAR, LEAVING, PENDING, RESTRICTED
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.attitudes import Attitudes
from glasshouse.model.mechanisms.budget import Budget
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.firms import Firms
from glasshouse.model.mechanisms.lists import Lists, listing
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.opinion import Opinion
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.problems import Problems
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.sanctions import Sanctions
from glasshouse.model.mechanisms.shocks import Shocks
from glasshouse.model.mechanisms.voice import Voice
from glasshouse.model.statistics.survey import Survey
from tests.helpers.populations import adults, arm_state

LAYOUT = ModelLayout(CATALOGUE)
ERRORLESS = Observation(misread=0.0, false_positive_rate=(0.0,) * 4, mismatch_rate=(0.0,) * 4)
SILENT = Voice(threshold_complaint=9.0, threshold_protest=9.0, noise=0.0, pull_protest=0.0)
LAWFUL = Conduct(rates=(0.0,) * 5, gaming=0.0)


@cache
def threads() -> CompiledBackend:
    # With the comparisons that runs have, so that their compiled pass serves here as well.
    return CompiledBackend(LAYOUT, PAIRINGS, threads=1)


class Lived:
    """An arm after some weeks, with its sums over all weeks in their own units."""

    def __init__(self, *tables: Mechanism, weeks: int = 52, people: int = 8192, seed: int = 3) -> None:
        self.state: ArmState = arm_state(LAYOUT, adults(people, district=2048), tables)
        self.weekly = np.zeros((weeks, len(LAYOUT.sums)))
        scales = np.array([total.scale for total in LAYOUT.sums])
        for week in range(weeks):
            threads().step(self.state, seed, week)
            self.weekly[week] = self.state.totals.sum(axis=(0, 1)) / scales
        self.slots = {total.name: slot for slot, total in enumerate(LAYOUT.sums)}

    def __getitem__(self, name: str) -> float:
        return float(self.weekly[:, self.slots[name]].sum())

    def series(self, name: str) -> np.ndarray:
        return self.weekly[:, self.slots[name]]

    def column(self, name: str) -> np.ndarray:
        return self.state.citizens[name]

    @property
    def adult(self) -> np.ndarray:
        return self.state.population.citizens["adult"] == 1


def close(count: float, expected: float) -> bool:
    return abs(count - expected) < 4.5 * np.sqrt(max(expected, 1.0))


@pytest.mark.parametrize("seed", [1, 2])
def test_no_column_ever_leaves_its_declared_range(seed: int) -> None:
    from tests.engine.backends.test_cpu import BUSY

    for tables in ((), BUSY):
        for weeks in (3, 40):
            lived = Lived(*tables, weeks=weeks, people=2048, seed=seed)
            for mechanism in CATALOGUE:
                held = (
                    (mechanism.columns, lived.state.citizens),
                    (mechanism.district_columns, lived.state.districts),
                    (mechanism.centre_columns, lived.state.centre),
                )
                for columns, records in held:
                    for column in columns:
                        values = column.values(records).astype(float)
                        assert np.isfinite(values).all(), column.name
                        assert values.min() >= column.low, column.name
                        assert values.max() <= column.high, column.name


def test_problems_arrive_at_their_rate_and_end_at_theirs() -> None:
    lived = Lived(Problems(arrival=0.01, inspection=0.0, private_end=0.05), SILENT)
    arrived, open_weeks = lived["problems_arrived"], lived["problems_open"]
    free = 52 * 8192 - open_weeks - lived["problems_ended"]
    assert close(arrived, 0.01 * free)
    # The state learns of nothing and looks for nothing: problems end privately, with hazard 0.05 a week.
    assert lived["problems_fixed"] == lived["problems_known"] == 0
    assert close(lived["problems_ended"], 0.05 * (open_weeks + lived["problems_ended"]))


def test_inspection_and_platforms_find_what_is_not_reported() -> None:
    without = Lived(Problems(inspection=0.0), SILENT)
    found = Lived(Problems(inspection=0.1), SILENT)
    data = Lived(Problems(inspection=0.0, platform=1.0, kappa=0.3), SILENT)
    assert without["problems_fixed"] == 0 < data["problems_fixed"] < data["problems_ended"]
    assert found["problems_fixed"] > 100


def test_what_is_suppressed_is_neither_heard_nor_reported() -> None:
    loud = Voice(threshold_complaint=-3.0)
    hidden = Lived(Problems(inspection=0.0, suppression=1.0), loud)
    heard = Lived(Problems(inspection=0.0, suppression=0.0, suppression_career=0.0, suppression_fault=0.0), loud)
    assert hidden["complaints"] > 1000
    assert hidden["problems_known"] == 0
    assert heard["problems_known"] == heard["problems_reported"] > 100


def test_salience_of_a_threat_never_carried_out_halves() -> None:
    quiet = (
        SILENT,
        Attitudes(dread=0.0),
        LAWFUL,
        Observation(coverage=0.8, speech_coverage=0.0, false_positive_rate=(0.0,) * 4, mismatch_rate=(0.0,) * 4),
        Budget(prior_frequency=0.0),
    )
    early, late = Lived(*quiet, weeks=2), Lived(*quiet, weeks=28)
    assert early.column("salience") == pytest.approx(0.8 * early.state.population.citizens["exposure"], rel=0.06)
    assert late.column("salience").mean() == pytest.approx(early.column("salience").mean() / 2, rel=0.03)
    assert late["risk_sum"] > 0
    calm = Lived(
        SILENT,
        LAWFUL,
        Observation(coverage=0.0, false_positive_rate=(0.0,) * 4, mismatch_rate=(0.0,) * 4),
        Budget(prior_frequency=0.0),
        weeks=200,
    )
    assert calm.column("risk").max() < 1e-3


def test_grievance_goes_to_what_an_old_problem_makes_of_it() -> None:
    """With one class of problem that never ends, g tends to a_p s 40 / (40 + w0) and a little less on the way there."""
    lasting = Problems(arrival=1.0, severe=1.0, inspection=0.0, private_end=0.0)
    lived = Lived(lasting, SILENT, LAWFUL, Attitudes(weight_hardship=0.0), ERRORLESS, weeks=400)
    assert lived.column("grievance") == pytest.approx(0.8 * 398 / (398 + 8), abs=0.005)


def test_stated_support_is_never_below_private_support() -> None:
    lived = Lived(Observation(coverage=0.9), weeks=20)
    assert lived["stated_sum"] > lived["adults"] - lived["grievance_sum"]


def test_fear_silences_the_fearful() -> None:
    calm = Lived(Observation(coverage=0.0), Budget(prior_frequency=0.0))
    afraid = Lived(
        Observation(coverage=1.0, speech_coverage=0.0), Attitudes(half_life=1000.0), Voice(complaint_risk=1.0)
    )
    assert afraid["complaints"] / afraid["occasions"] < 0.9 * calm["complaints"] / calm["occasions"]


def test_only_adults_with_an_occasion_speak() -> None:
    lived = Lived(Problems(arrival=0.0), Voice(occasion=0.05, threshold_complaint=-5.0, threshold_protest=9.0))
    assert close(lived["occasions"], 0.05 * 52 * lived.adult.sum())
    assert lived["complaints"] == lived["occasions"]


def test_protest_spreads_among_contacts() -> None:
    ground = {"occasion": 1.0, "threshold_protest": 1.0, "threshold_complaint": 9.0}
    alone = Lived(Voice(**ground, pull_protest=0.0), weeks=20)
    together = Lived(Voice(**ground, pull_protest=8.0), weeks=20)
    assert together["protests"] > 1.5 * alone["protests"] > 0


def test_breaches_happen_at_their_rates_and_deterrence_lowers_them() -> None:
    rates = (0.8, 0.0, 0.3, 0.2, 0.1)
    free = Conduct(rates=rates, trap=0.0, deterrence=0.0)
    lived = Lived(free)
    propensity = lived.state.population.citizens["propensity"][lived.adult].sum()
    assert close(lived["breaches"], sum(rates) * float(propensity))
    deterred = Lived(Conduct(rates=rates, trap=0.0, deterrence=0.5), Observation(coverage=1.0))
    expected = (
        lived.state.population.citizens["propensity"] * (1 - 0.5 * lived.state.population.citizens["exposure"])
    )[lived.adult].sum()
    # In the first week nothing is announced yet.
    assert close(deterred["breaches"], sum(rates) * (float(expected) * 51 + float(propensity)) / 52)


def test_a_debt_is_paid_from_income_and_takes_longer_in_hardship() -> None:
    owing = Conduct(rates=(0.0, 3.0, 0.0, 0.0, 0.0), trap=0.0, deterrence=0.0, debt_size=2.0, repayment=0.2)
    easy = Lived(owing, Sanctions(debt_cost=0.0, severity=(0.0,) * 4, spill=0.0, problem_cost=(0.0,) * 3))
    hard = Lived(owing, Sanctions(debt_cost=0.5, severity=(0.0,) * 4, spill=0.0, problem_cost=(0.0,) * 3))
    assert easy["defaults"] > easy["debts_paid"] > hard["debts_paid"] > 0
    assert hard["debt_outstanding"] > easy["debt_outstanding"] > 0


def test_gaming_is_worth_nothing_without_a_reward() -> None:
    none = Lived(Conduct(gaming=5.0), Sanctions(reward=0.0))
    some = Lived(Conduct(gaming=5.0, omega=0.0, volunteering=2.0), Sanctions(reward=0.5, reward_threshold=2.0))
    assert none["gamed_deeds"] == none["rewarded"] == 0
    assert some["gamed_deeds"] > 0 < some["rewarded"]


def test_without_coverage_and_error_nothing_is_recorded() -> None:
    blind = Observation(
        coverage=0.0,
        covert=0.0,
        court_reach=0.0,
        speech_coverage=0.0,
        false_positive_rate=(0.0,) * 4,
        mismatch_rate=(0.0,) * 4,
    )
    lived = Lived(blind)
    assert lived["breaches"] > 0
    assert lived["records"] == lived["points_held"] == lived["listed"] == 0


def test_full_coverage_records_every_breach_and_spurious_records_come_at_their_rate() -> None:
    all_seen = Observation(
        coverage=1.0,
        court_reach=1.0,
        intensity_minority=20.0,
        intensity_migrant=20.0,
        mismatch_rate=(0.0,) * 4,
        false_positive_rate=(0.0,) * 4,
    )
    lived = Lived(all_seen, SILENT, Conduct(rates=(0.0, 2.0, 0.0, 0.0, 0.0)))
    assert lived["records"] == lived["breaches"] > 0
    # A creditor brings a claim against everybody every week, and the court errs once in a hundred.
    erring = Observation(
        covert=0.0,
        coverage=0.0,
        court_reach=1.0,
        lead=(1.0,) * 4,
        false_positive_rate=(0.0, 0.01, 0.0, 0.0),
        mismatch_rate=(0.0,) * 4,
    )
    spurious = Lived(erring, SILENT, LAWFUL)
    assert spurious["records"] == spurious["records_false"]
    assert close(spurious["records"], 0.01 * 52 * spurious.adult.sum())


def test_groups_are_watched_as_intensely_as_set() -> None:
    lived = Lived(
        Observation(
            coverage=0.1,
            covert=0.0,
            intensity_minority=3.0,
            intensity_migrant=1.0,
            false_positive_rate=(0.0,) * 4,
            mismatch_rate=(0.0,) * 4,
        ),
        SILENT,
        Conduct(rates=(5.0, 0.0, 0.0, 0.0, 0.0), deterrence=0.0, volunteering=0.0),
        Points(half_life=5000.0),
    )
    people, held = lived.state.population.citizens, lived.column("right_0").astype(float)
    watched = (people["exposure"] * people["propensity"] * lived.adult).astype(float)
    minority = people["minority"] == 1
    ratio = (held[minority].sum() / watched[minority].sum()) / (held[~minority].sum() / watched[~minority].sum())
    spread = 4.5 * 3 * np.sqrt(1 / held[minority].sum() + 1 / held[~minority].sum())
    assert abs(ratio - 3.0) < spread


def test_points_halve_with_their_half_life() -> None:
    erring = Observation(
        **{
            **ERRORLESS.model_dump(),
            "covert": 1.0,
            "court_reach": 1.0,
            "lead": (1.0,) * 4,
            "false_positive_rate": (0.25,) * 4,
        }
    )
    struck = Lived(erring, SILENT, LAWFUL, Points(half_life=26.0), weeks=30)
    state, before = struck.state, float(sum(struck.column(f"wrong_{k}").astype(float).sum() for k in range(AGENCIES)))
    tables = {type(t): t for t in (ERRORLESS, SILENT, LAWFUL, Points(half_life=26.0))}
    state.parameters[:] = LAYOUT.pack([tables.get(m, m()) for m in CATALOGUE])
    for week in range(30, 56):
        threads().step(state, 3, week)
    after = float(sum(struck.column(f"wrong_{k}").astype(float).sum() for k in range(AGENCIES)))
    # Points of one agency share a draw, so that a citizen's expire together: variance of a clump of about 20 points.
    assert abs(after - before / 2) < 4.5 * np.sqrt(before * 20)


def test_more_points_at_the_same_draw_leave_no_fewer() -> None:
    from glasshouse.model.kernel_math import thinned

    for u in np.linspace(0.0, 0.999, 41):
        left = [thinned(count, 0.1, float(u)) for count in range(30)]
        assert left == sorted(left)


MACHINE = {"threshold": 10, "leave": 5, "delay_on": 2, "spell": 4, "delay_off": 3}


def through(values: list[float]) -> list[int]:
    """States that a list goes through when its value takes these values week by week."""
    state, since, found = CLEAR, 0, []
    for value in values:
        state, since = listing(state, since, value, *MACHINE.values())
        found.append(state)
    return found


def test_a_list_takes_its_delays_and_its_spell() -> None:
    assert through([9, 10, 10, 10, 10]) == [CLEAR, PENDING, PENDING, RESTRICTED, RESTRICTED]
    assert through([10, 9, 9]) == [PENDING, CLEAR, CLEAR]
    assert through([10, 10, 10, 0, 0, 0, 0, 0, 0, 0]) == [PENDING, PENDING, *[RESTRICTED] * 4, *[LEAVING] * 3, CLEAR]
    # The value must fall below the leaving mark, not only below the threshold.
    assert through([10, 10, *[6] * 20]) == [PENDING, PENDING, *[CLEAR] * 20]
    assert through([10, 10, 10, *[6] * 20])[-1] == RESTRICTED


def test_without_errors_no_citizen_is_listed_wrongly_by_the_regime_s_own_rule() -> None:
    fault_free = Lived(ERRORLESS, Conduct(rates=(20.0, 1.0, 2.0, 2.0, 2.0)))
    assert fault_free["listed"] > 0
    assert fault_free["listed_wrongly"] == fault_free["records_false"] == 0
    faulty = Lived(Observation(covert=0.5, false_positive_rate=(0.5,) * 4), Conduct(rates=(20.0, 1.0, 2.0, 2.0, 2.0)))
    assert faulty["listed_wrongly"] > 0


def test_who_is_seen_always_and_rightly_is_listed_as_conduct_deserves() -> None:
    seen = Observation(
        coverage=1.0,
        court_reach=1.0,
        misread=0.0,
        false_positive_rate=(0.0,) * 4,
        mismatch_rate=(0.0,) * 4,
        speech_coverage=0.0,
        intensity_minority=20.0,
        intensity_migrant=20.0,
    )
    lived = Lived(seen, Conduct(rates=(0.0, 2.0, 0.0, 0.0, 0.0)), SILENT, Safeguards(appeal=0.0))
    assert lived["listed"] > 0
    assert lived["restrictions_undeserved"] == lived["restrictions_missed"] == 0


def test_one_file_lists_more_than_separate_files() -> None:
    busy = Conduct(rates=(20.0, 1.0, 2.0, 2.0, 2.0))
    files = {share: Lived(ERRORLESS, busy, Lists(integration=share)) for share in (0.0, 1.0)}
    assert files[1.0]["restrictions"] > 1.5 * files[0.0]["restrictions"] > 0
    assert files[0.0]["sanction_unrelated_ww"] < files[1.0]["sanction_unrelated_ww"]


def test_a_court_listing_ends_when_the_debt_is_paid() -> None:
    owing = Conduct(rates=(0.0, 3.0, 0.0, 0.0, 0.0), debt_size=2.0, repayment=1.0)
    lived = Lived(ERRORLESS, owing, SILENT)
    free = lived.column("debt") == 0
    assert (lived.column("right_1")[free] == 0).all()
    assert (lived.column("right_1")[~free] > 0).any()


def test_the_court_list_s_books_are_balanced() -> None:
    owing = Conduct(rates=(0.0, 1.0, 0.0, 0.0, 0.0), debt_size=2.0, repayment=0.3)
    lived = Lived(ERRORLESS, owing, SILENT, Lists(threshold=(900, 4, 900, 900), delay_off=3.0), weeks=80)
    on_it = lived.column("state_1") >= RESTRICTED
    assert lived["court_listings"] - lived["court_delistings"] == on_it.sum() > 0
    assert lived.series("court_listed")[-1] == on_it.sum()
    assert (lived["court_listings"], lived["court_delistings"]) == (lived["listings"], lived["delistings"])
    # Debtors who have not paid stay; those who pay while listed leave after the delay.
    assert lived["court_complied"] >= lived["court_delistings"] > 0
    waits = lived["delisting_waits"] / lived["delistings"], lived["listing_waits"] / lived["listings"]
    assert 3.0 <= waits[0] < 3.3
    assert 1.0 <= waits[1] < 3.0
    assert lived["trips_refused"] == lived["trips_refused_debtors"] > 0


def test_a_changed_behaviour_is_counted_once_for_each_who_changed_it() -> None:
    quiet = (SILENT, Observation(coverage=0.9))
    assert Lived(SILENT, Observation(coverage=0.0), Conduct(gaming=0.0))["shifted_any"] == 0
    feared = Lived(*quiet, Conduct(rates=(20.0, 0.0, 0.0, 0.0, 0.0), deterrence=0.5))
    assert feared["shifted_any"] == feared["shifted_penalty"] == (feared.column("shifted") == 1).sum() > 1000
    sought = Lived(*quiet, Conduct(deterrence=0.0, gaming=5.0), Sanctions(reward=0.1, reward_threshold=2.0))
    assert sought["shifted_any"] == sought["shifted_reward"] == (sought.column("shifted") == 2).sum() > 1000
    mute = Lived(Voice(threshold_protest=9.0), Conduct(deterrence=0.0), Attitudes(dread=0.0, weight_own=0.9))
    assert mute["shifted_silence"] == (mute.column("shifted") == 4).sum() > 0
    assert np.sum([feared["shifted_any"], sought["shifted_any"]]) <= 2 * feared.adult.sum()


def test_a_survey_asks_once_a_year_and_hears_less_fear_than_there_is() -> None:
    lived = Lived(Opinion(publicity=0.5, disclosure=0.0), Observation(coverage=0.9), Survey(candour=0.5))
    assert lived.series("asked_adults")[:51].sum() == 0
    assert lived["asked_adults"] == lived.adult.sum()
    assert 0 < lived["fear_stated"] < 0.5 * lived["fear_private"]
    rows = lived.state.citizens[lived.adult], lived.state.population.citizens[lived.adult]
    assert lived["fear_private"] == pytest.approx(rows[0]["risk"].sum(), rel=1e-4)
    gap = rows[1]["risk_aversion"] * rows[0]["risk"] * rows[0]["grievance"]
    assert lived["gap_all"] == pytest.approx(gap.sum(), rel=1e-4)
    assert lived["gap_women"] == pytest.approx(gap[rows[1]["female"] == 1].sum(), rel=1e-4)
    assert lived["untold_approving_told"] < lived["untold_approving"] <= lived["asked_approving"]
    aware = rows[0]["aware"] == 1
    assert lived["party_aware"] == (aware & (rows[1]["party"] == 1)).sum() > 0
    assert lived["asked_approving"] == (aware & (rows[0]["approves"] > 0)).sum()


def test_sanctions_take_what_they_say_and_spill_over() -> None:
    busy = (ERRORLESS, Conduct(rates=(20.0, 1.0, 2.0, 2.0, 2.0)))
    none = Lived(*busy, Sanctions(severity=(0.0,) * 4))
    assert none["listed"] > 0 == none["sanction_ww"] == none["collateral_ww"]
    some = Lived(*busy, Sanctions(severity=(0.5,) * 4, spill=0.2))
    assert some["sanction_ww"] == pytest.approx(0.5 * some["restrictions"])
    assert some["collateral_ww"] > 0
    assert Lived(*busy, Sanctions(severity=(0.5,) * 4, spill=0.0))["collateral_ww"] == 0


def test_hardship_settles_at_what_is_suffered() -> None:
    lasting = Problems(arrival=1.0, severe=1.0, inspection=0.0, private_end=0.0)
    lived = Lived(
        lasting,
        SILENT,
        LAWFUL,
        ERRORLESS,
        Sanctions(problem_cost=(0.05, 0.15, 0.4)),
        Firms(breach=0.0),
        weeks=60,
    )
    assert lived.column("hardship") == pytest.approx(0.4, abs=1e-4)


def test_the_budget_is_spent_and_no_more() -> None:
    table = Budget(upkeep=0.002, automation=0.5)
    lived = Lived(table, Sanctions(reward=0.01, reward_threshold=1.0))
    spent = lived["cost_control"] + lived["cost_service"] + lived["cost_rewards"]
    assert spent == pytest.approx(table.budget * 8192 * 52, rel=1e-6)
    by_hand = 0.002 * 8192 * 52 + 0.2 * (lived["records"] + lived["firm_records"]) + 2.0 * lived["listings"]
    freed = by_hand * 0.5 * 0.9
    people = 2.0 * (lived["reviews"] + lived["appeals_decided"])
    assert lived["cost_control"] == pytest.approx(by_hand - freed + 0.5 * freed + people, rel=1e-6)


def test_what_control_takes_service_lacks() -> None:
    rich, poor = (Lived(Budget(upkeep=upkeep, service_cost=4.0), weeks=104) for upkeep in (0.0, 0.02))
    assert rich["problems_fixed"] > 1.2 * poor["problems_fixed"]
    assert poor["overloaded"] > rich["overloaded"]


def test_service_follows_reports_when_money_is_pooled() -> None:
    """A district whose problems are kept from the centre gets less of the pooled money."""
    tables = (
        Budget(pooled=0.8, service_cost=6.0),
        Problems(suppression_career=1.0, suppression_fault=0.0, suppression=0.0, inspection=0.2),
    )
    lived = Lived(*tables, weeks=60, people=16384)
    career, service = lived.state.population.districts["career"], lived.state.districts["service"]
    assert np.corrcoef(career, service)[0, 1] < -0.5


def test_shocks_strike_at_their_rate_with_a_heavy_tail() -> None:
    layout = LAYOUT
    state = arm_state(layout, adults(64 * 300, district=64), (Shocks(rate=0.2, scale=0.2, fading=1.0),))
    sizes = []
    for week in range(30):
        threads().step(state, 5, week)
        shock = state.districts["shock"]
        sizes.append(shock[shock > 0])
    found = np.concatenate(sizes)
    assert close(len(found), 0.2 * 300 * 30)
    assert found.min() >= 0.2 * (1 - 1e-5)
    # Pareto with tail exponent 2: a quarter exceeds twice the smallest.
    assert close((found > 0.4).sum(), len(found) / 4)
