"""Screening by score and by lot, and investigation, against their closed form.

Counts are held to their expectation within 4.5 standard errors of a binomial or Poisson count with fixed seeds: each such
check would fail by chance for one seed in 150,000. The capacity of the score is held as that of the forecast is
(`test_forecast.py`): what is made and what is allowed differ by what is due.
"""

from functools import cache
from math import sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.model.codes import NOT_CLAIMED
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.feedback import Feedback
from glasshouse.model.mechanisms.investigation import Investigation
from glasshouse.model.mechanisms.recipients import Recipients
from glasshouse.model.mechanisms.screening import Screening
from glasshouse.model.optional import OPTIONAL
from glasshouse.model.plugin import in_week
from glasshouse.testing import mechanisms as checks
from glasshouse.testing.trial import Trial
from tests.helpers.populations import adults, arm_state, bytes_of

PLAIN, LAYOUT = ModelLayout(CATALOGUE), ModelLayout(in_week(CATALOGUE, OPTIONAL))
PEOPLE, ERRORS, MINORITY = 8192, 4.5, 1
PHI = NormalDist().cdf
CLAIMS = Recipients(line=1.5, odds=0.1, by_volatility=0.0)
BRIEF = Investigation(duration=1.0)


@cache
def compiled(layout: ModelLayout = LAYOUT) -> CompiledBackend:
    # With the comparisons that runs have, so that their compiled pass serves here as well.
    return CompiledBackend(layout, PAIRINGS, threads=1)


class Years:
    """An arm after some weeks, with its sums by week and group cell in their own units."""

    def __init__(
        self, *tables: Mechanism, weeks: int = 156, seed: int = 5, people: int = PEOPLE, layout: ModelLayout = LAYOUT
    ) -> None:
        self.state = arm_state(layout, adults(people, district=2048), tables)
        scales = np.array([total.scale for total in layout.sums])
        self.weekly = np.zeros((weeks, self.state.totals.shape[1], len(layout.sums)))
        for week in range(weeks):
            compiled(layout).step(self.state, seed, week)
            self.weekly[week] = self.state.totals.sum(axis=0) / scales
        self.slots = {total.name: slot for slot, total in enumerate(layout.sums)}

    def series(self, name: str) -> NDArray[np.float64]:
        return self.weekly[:, :, self.slots[name]].sum(axis=1)

    def __getitem__(self, name: str) -> float:
        return float(self.series(name).sum())

    def of(self, name: str, *, minority: bool) -> float:
        """A sum over all weeks of minorities or of the rest."""
        cells = [cell for cell in range(self.weekly.shape[1]) if bool(cell & MINORITY) == minority]
        return float(self.weekly[:, cells, self.slots[name]].sum())


def near(count: float, number: float, chance: float) -> bool:
    """Whether a binomial count is within the error rate of what is expected."""
    return abs(count - number * chance) < ERRORS * sqrt(number * chance * (1.0 - chance) + 1e-9)


def bar_of(selected: float, shares: list[tuple[float, float]]) -> float:
    """The bar above which a share of a mixture of normal scores lies; `shares` are pairs of share and mean."""
    low, high = -10.0, 20.0
    for _ in range(100):
        bar = 0.5 * (low + high)
        above = sum(share * PHI(mean - bar) for share, mean in shares)
        low, high = (bar, high) if above > selected else (low, bar)
    return bar


def separation(quality: float) -> float:
    return sqrt(2.0) * NormalDist().inv_cdf(quality)


@pytest.mark.parametrize("random_share", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("capacity", [2.0, 20.0, 200.0])
def test_no_more_cases_are_opened_than_may_be(capacity: float, random_share: float) -> None:
    table = Screening(capacity=capacity, random_share=random_share, every=13.0, weight_minority=0.5)
    found = Years(CLAIMS, table, BRIEF)
    allowed = found["cases_allowed"]
    drawn = found.state.citizens["benefit"]
    recipients = ((drawn > 0) & (drawn != NOT_CLAIMED)).sum()
    assert allowed == pytest.approx(capacity / 1000.0 * 3.0 * recipients, rel=1e-3)
    by_score, by_lot = allowed * (1.0 - random_share), allowed * random_share
    # In the first week nobody has a score yet: a 156th of the capacity is not drawn by lot.
    assert abs(found["cases_model"] - by_score) < ERRORS * 2.36 * sqrt(by_score / 156.0) + 2.0
    assert abs(found["cases_lot"] - by_lot * 155.0 / 156.0) < ERRORS * sqrt(by_lot + 1e-9) + 1e-9


@pytest.mark.parametrize("quality", [0.55, 0.7, 0.9])
def test_the_hit_rate_of_the_score_is_that_of_its_quality(quality: float) -> None:
    """Binormal: of those above the bar the share pi Phi(d - bar) / (pi Phi(d - bar) + (1 - pi) Phi(-bar)) is irregular."""
    table = Screening(capacity=200.0, every=13.0, quality=quality, random_share=0.1, habit=0.0)
    found = Years(CLAIMS, table, Investigation(duration=1.0, sensitivity=0.8, specificity=0.9))
    prevalence, d = found["screened_irregular"] / found["screened"], separation(quality)
    share = found["cases_model"] / (found["screened"] - found["cases_lot"])
    bar = bar_of(share, [(prevalence, d), (1.0 - prevalence, 0.0)])
    precision = prevalence * PHI(d - bar) / share
    assert near(found["cases_model_irregular"], found["cases_model"], precision)
    assert near(found["cases_lot_irregular"], found["cases_lot"], prevalence)
    for by, rate in (("model", precision), ("lot", prevalence)):
        assert near(found[f"found_{by}"], found[f"decided_{by}"], 0.8 * rate + 0.1 * (1.0 - rate))
    assert near(found["found_nothing"], found["decided_model"] + found["decided_lot"] - irregular(found), 0.1)


def irregular(found: Years) -> float:
    """Irregular claims among the cases decided, where a case takes a week: all but those of the last."""
    last = found.series("cases_model_irregular")[-1] + found.series("cases_lot_irregular")[-1]
    return found["cases_model_irregular"] + found["cases_lot_irregular"] - float(last)


@pytest.mark.parametrize("precision", [0.15, 0.4])
def test_a_stated_precision_is_reached_at_the_capacity(precision: float) -> None:
    found = Years(CLAIMS, Screening(capacity=200.0, every=13.0, precision=precision, habit=0.0), BRIEF)
    assert near(found["cases_model_irregular"], found["cases_model"], precision)


def test_a_weight_selects_members_of_a_group_as_often_as_normal_tails_say() -> None:
    table = Screening(capacity=200.0, every=13.0, habit=0.0, weight_minority=0.5)
    found, d = Years(CLAIMS, table, BRIEF), separation(0.7)
    scored = {one: found.of("screened", minority=one) for one in (True, False)}
    irregular = {one: found.of("screened_irregular", minority=one) for one in (True, False)}
    parts = [
        (number / found["screened"], 0.5 * one + d * y)
        for one in (True, False)
        for y, number in ((1, irregular[one]), (0, scored[one] - irregular[one]))
    ]
    bar = bar_of(found["cases_model"] / found["screened"], parts)
    for one in (True, False):
        weight, prevalence = 0.5 * one, irregular[one] / scored[one]
        share = prevalence * PHI(d + weight - bar) + (1.0 - prevalence) * PHI(weight - bar)
        assert near(found.of("cases_model", minority=one), scored[one], share)


def test_without_a_capacity_nothing_is_selected_and_nothing_changes() -> None:
    """All sums of the other mechanisms, and their columns, are those of the model without the two."""
    tables = (CLAIMS, Screening(weight_woman=0.5, random_share=0.5, drop=0.5), Investigation(stop=1.0))
    without, found = Years(CLAIMS, weeks=30, layout=PLAIN), Years(*tables, weeks=30)
    for name, slot in without.slots.items():
        assert (without.weekly[..., slot] == found.weekly[..., found.slots[name]]).all(), name
    for name in without.state.citizens.dtype.names or ():
        assert (without.state.citizens[name] == found.state.citizens[name]).all(), name
    own = {total.name for mechanism in OPTIONAL[0].mechanisms for total in mechanism.sums}
    assert {name: found[name] for name in own} == dict.fromkeys(own, 0.0)


@pytest.mark.parametrize("check", [checks.says_what_it_is, checks.keeps_to_the_grammar, checks.declares_nothing_idle])
@pytest.mark.parametrize("mechanism", OPTIONAL[0].mechanisms, ids=lambda one: one.name)
def test_the_mechanisms_keep_the_contract(mechanism: type[Mechanism], check: object) -> None:
    trial = Trial(mechanism, tuple(one for one in LAYOUT.mechanisms if one is not mechanism))
    check(trial)  # type: ignore[operator]


@pytest.mark.parametrize("chooses", ["score", "reviewer"])
def test_the_interpreter_and_the_compiled_pass_leave_equal_bytes(chooses: Literal["score", "reviewer"]) -> None:
    from glasshouse.engine.backends.interpreter import ReferenceBackend

    tables = (
        Recipients(line=1.5, odds=0.1, eligible=0.9, eligible_woman=0.8, to_age=80.0, odds_minority=3.0),
        Screening(
            chooses=chooses, use_of_base_rates=0.7, reviewer_weight_woman=0.3,
            capacity=900.0, random_share=0.3, every=3.0, drop=0.4, pilot=3.0, reviewed=0.5,
            precision=0.3, weight_woman=0.4,
        ),
        Feedback(gain=2.0, speed=0.3, rule="rate"),
        Investigation(duration=2.0, stop=0.5, confirmation=3.0, false_finding_minority=2.0, sensitivity_woman=0.9, bias_in_lot=0.4),
    )  # fmt: skip
    states = [arm_state(LAYOUT, adults(256, district=128), tables) for _ in range(2)]
    twin = ReferenceBackend(LAYOUT)
    for week in range(12):
        twin.step(states[0], 3, week)
        compiled().step(states[1], 3, week)
        assert bytes_of(states[0]) == bytes_of(states[1]), week
    assert states[0].citizens["case"].any()


def test_findings_differ_by_group_and_by_having_been_selected() -> None:
    """Irregular claims are found at 0.8, half as often of minorities; others at 0.05, and times the factors that apply."""
    table = Screening(capacity=300.0, every=13.0, random_share=0.5, habit=0.0)
    judging = Investigation(
        duration=1.0, sensitivity=0.8, specificity=0.95, confirmation=3.0, sensitivity_minority=0.5, false_finding_minority=4.0
    )  # fmt: skip
    found = Years(CLAIMS, table, judging, weeks=208)
    for by, confirmation in (("model", 3.0), ("lot", 1.0)):
        for minority in (True, False):
            decided = found.of(f"decided_{by}", minority=minority)
            irregular = found.of(f"cases_{by}_irregular", minority=minority) / found.of(
                f"cases_{by}", minority=minority
            )
            false = 0.05 * confirmation * (4.0 if minority else 1.0)
            chance = irregular * (0.4 if minority else 0.8) + (1.0 - irregular) * false
            assert near(found.of(f"found_{by}", minority=minority), decided, chance)


@pytest.mark.parametrize("drop", [0.5, 1.0])
def test_a_score_that_has_lost_its_quality_selects_as_a_mixture_of_score_and_lot(drop: float) -> None:
    found = Years(CLAIMS, Screening(capacity=200.0, every=13.0, quality=0.9, habit=0.0, drop=drop), BRIEF)
    prevalence, d = found["screened_irregular"] / found["screened"], separation(0.9)
    share = found["cases_model"] / found["screened"]
    bar = bar_of(share, [(prevalence, d), (1.0 - prevalence, 0.0)])
    precision = (1.0 - drop) * prevalence * PHI(d - bar) / share + drop * prevalence
    assert near(found["cases_model_irregular"], found["cases_model"], precision)
    assert found.state.centre["weeks_in_use"][0] == 156.0
    if drop == 1.0:
        by_lot = Years(CLAIMS, Screening(capacity=20.0, random_share=1.0), weeks=20)
        assert by_lot.state.centre["weeks_in_use"][0] == 0.0
        pilot, new = Screening(capacity=20.0, drop=1.0, pilot=1000.0), Screening(capacity=20.0)
        assert (Years(CLAIMS, pilot, weeks=20).weekly == Years(CLAIMS, new, weeks=20).weekly).all()


def test_payment_is_withheld_for_as_long_as_a_case_is_open() -> None:
    table = Screening(capacity=200.0, every=13.0)
    none, half, all_of_it = (
        Years(CLAIMS, table, Investigation(duration=6.0, stop=stop), weeks=60) for stop in (0.0, 0.5, 1.0)
    )
    assert none["withheld"] == 0.0 < half["withheld"]
    assert all_of_it["withheld"] == pytest.approx(2.0 * half["withheld"], rel=1e-4)
    decided = half["decided_model"] + half["decided_lot"]
    assert half["case_weeks_open"] == 6.0 * decided + half.state.citizens["case_weeks"].sum()
    assert 0.0 < half["withheld_regular"] < half["withheld"]
    assert decided + (half.state.citizens["case"] > 0).sum() == half["cases_model"]


def test_a_score_that_follows_the_share_of_findings_runs_away_and_one_that_follows_their_rate_does_not() -> None:
    table = Screening(capacity=200.0, every=13.0, weight_minority=0.3)
    leans = {
        rule: float(Years(CLAIMS, table, BRIEF, Feedback(gain=2.0, rule=rule), weeks=312).state.centre["lean"][0])  # type: ignore[arg-type]
        for rule in ("share", "rate")
    }
    assert leans["share"] > 1.0
    assert -1.0 < leans["rate"] < 0.3


@pytest.mark.parametrize("trust", [1.0, 0.5, 0.2])
def test_a_reviewer_changes_as_many_recommendations_as_two_normal_signals_say(trust: float) -> None:
    """Against 2,000,000 draws of both signals, whose own error is a hundredth of the one allowed."""
    table = Screening(
        capacity=200.0, every=13.0, habit=0.0, reviewed=0.6, reviewer_quality=0.8, trust=trust, override_cost=0.5
    )
    found = Years(CLAIMS, table, BRIEF)
    reviewed, overridden = found["reviewed"], found["overridden"]
    assert near(reviewed, found["recommended"], 0.6)
    assert found["cases_model"] == found["recommended"] - overridden
    prevalence, d = found["screened_irregular"] / found["screened"], separation(0.7)
    bar = bar_of(found["recommended"] / found["screened"], [(prevalence, d), (1.0 - prevalence, 0.0)])
    rng = np.random.default_rng(1)
    y = rng.random(2_000_000) < prevalence
    score, own = d * y + rng.standard_normal(len(y)), separation(0.8) * y + rng.standard_normal(len(y))
    judged = (trust * score + (1.0 - trust) * own) / sqrt(trust**2 + (1.0 - trust) ** 2)
    expected = float((judged[score > bar] <= bar - 0.5).mean())
    assert near(overridden, reviewed, expected)
    assert (overridden == 0.0) == (trust == 1.0)
