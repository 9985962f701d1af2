"""Base rates by group, scores that use them, reviewers who choose, and false findings by group and by how one was selected.

Counts are held to their closed form as in `test_screening.py`: each such check would fail by chance for one seed in 150,000.
"""

from math import log, sqrt

import numpy as np
import pytest

from glasshouse.model.entities import GROUPS
from glasshouse.model.mechanisms.investigation import Investigation
from glasshouse.model.mechanisms.recipients import Recipients
from glasshouse.model.mechanisms.screening import Screening
from tests.model.mechanisms.test_screening import BRIEF, CLAIMS, ERRORS, PHI, PLAIN, Years, bar_of, near, separation

UNEQUAL = Recipients(line=1.5, odds=0.1, by_volatility=0.0, odds_minority=4.0)


def test_odds_differ_by_group_as_their_ratios_say() -> None:
    """Odds / (1 + odds) in each group, from the first week on and after spells have ended."""
    for week in (1, 80):
        found = Years(UNEQUAL.model_copy(update={"spell": 10.0}), Screening(capacity=1.0, every=1.0), weeks=week)
        for minority, odds in ((True, 0.4), (False, 0.1)):
            scored, irregular = (found.weekly[-1, int(minority) :: 2, found.slots[name]].sum() for name in (
                "screened", "screened_irregular"
            ))  # fmt: skip
            assert near(irregular, scored, odds / (1.0 + odds))


def test_factors_of_claims_that_are_regular_change_nothing() -> None:
    none, some = (
        Years(Recipients(line=1.0, give_up=0.01, odds_minority=ratio), weeks=12, layout=PLAIN) for ratio in (1.0, 4.0)
    )
    assert (none.weekly == some.weekly).all()
    assert (none.state.citizens == some.state.citizens).all()
    assert Recipients(odds_minority=4.0).constants()["log_minority"] == log(4.0)


def test_people_of_some_ages_and_groups_alone_are_entitled() -> None:
    table = Recipients(line=1000.0, from_age=25.0, to_age=40.0, eligible=0.5, eligible_woman=1.6, eligible_minority=0.0)
    found = Years(table, weeks=3, layout=PLAIN)
    people, draws = found.state.population.citizens, found.state.citizens["benefit"] > 0
    aged = (people["age"] >= 5) & (people["age"] < 8) & (people["adult"] == 1)
    women, minority = ((people["groups"] >> GROUPS.index(name) & 1) > 0 for name in ("woman", "minority"))
    assert not draws[~aged | minority].any()
    for who, chance in ((women, 0.8), (~women, 0.5)):
        chosen = aged & ~minority & who
        assert chosen.sum() > 100
        assert near(draws[chosen].sum(), chosen.sum(), chance)
    # Those who are entitled stay so.
    assert (draws == (Years(table, layout=PLAIN, weeks=1).state.citizens["benefit"] > 0)).all()


def test_a_score_that_uses_base_rates_has_the_weight_of_their_logits() -> None:
    """log(odds ratio) / d for a use of 1: two runs, one with the use and one with the weight, select alike."""
    weight = log(4.0) / separation(0.7)
    shared = {"capacity": 200.0, "every": 13.0, "habit": 0.0}
    used = Years(UNEQUAL, Screening(use_of_base_rates=1.0, **shared), BRIEF, weeks=104)
    set_so = Years(UNEQUAL, Screening(weight_minority=weight, **shared), BRIEF, weeks=104)
    for minority in (True, False):
        # In the first week nothing is known of base rates yet, and the bar remembers it for a while.
        one, other = (
            found.weekly[52:, int(minority) :: 2, found.slots["cases_model"]].sum() for found in (used, set_so)
        )
        assert abs(one - other) <= 3.0
    blind = Years(UNEQUAL, Screening(**shared), BRIEF, weeks=104)
    assert used.of("cases_model", minority=True) > 1.5 * blind.of("cases_model", minority=True)


def test_a_reviewer_who_trusts_the_score_alone_chooses_as_it_does() -> None:
    shared = {"capacity": 200.0, "every": 13.0, "weight_woman": 0.4, "drop": 0.3}
    alone = Years(CLAIMS, Screening(**shared), BRIEF, weeks=40)
    chosen = Years(CLAIMS, Screening(chooses="reviewer", trust=1.0, **shared), BRIEF, weeks=40)
    for name, slot in alone.slots.items():
        if name != "cases_expected_irregular":
            assert alone.weekly[..., slot] == pytest.approx(chosen.weekly[..., slot], abs=1e-6), name


@pytest.mark.parametrize("trust", [0.2, 0.6])
def test_a_reviewer_who_chooses_selects_by_two_signals_and_weights_within_the_capacity(trust: float) -> None:
    """q is normal with separation (trust d + (1 - trust) d_r) / norm and weight trust w / norm + v."""
    table = Screening(
        capacity=200.0, every=13.0, habit=0.0, chooses="reviewer", trust=trust, reviewer_quality=0.85, weight_minority=0.5,
        reviewer_weight_minority=0.3, reviewed=1.0
    )  # fmt: skip
    found, norm = Years(UNEQUAL, table, BRIEF), sqrt(trust**2 + (1.0 - trust) ** 2)
    d, w = (trust * separation(0.7) + (1.0 - trust) * separation(0.85)) / norm, trust * 0.5 / norm + 0.3
    scored, irregular = (
        {one: found.of(name, minority=one) for one in (True, False)} for name in ("screened", "screened_irregular")
    )
    parts = [
        (number / found["screened"], w * one + d * y)
        for one in (True, False)
        for y, number in ((1, irregular[one]), (0, scored[one] - irregular[one]))
    ]
    bar = bar_of(found["cases_model"] / found["screened"], parts)
    for one in (True, False):
        rightly = irregular[one] / scored[one] * PHI(d + w * one - bar)
        assert near(found.of("cases_model_irregular", minority=one), scored[one], rightly)
        share = rightly + (1.0 - irregular[one] / scored[one]) * PHI(w * one - bar)
        assert near(found.of("cases_model", minority=one), scored[one], share)
    # The capacity binds the choice, and nobody is turned down besides.
    assert found["reviewed"] == found["overridden"] == 0.0
    assert abs(found["cases_model"] - found["cases_allowed"]) < ERRORS * 2.36 * sqrt(found["cases_allowed"]) + 2.0


def test_expected_cases_are_those_that_are_opened() -> None:
    found = Years(UNEQUAL, Screening(capacity=200.0, every=13.0, habit=0.0, drop=0.3), BRIEF)
    for part in ("", "_irregular"):
        expected = found[f"cases_expected{part}"]
        assert abs(found[f"cases_model{part}"] - expected) < ERRORS * np.sqrt(expected)


@pytest.mark.parametrize("part", [0.0, 0.5])
def test_the_bias_of_findings_can_be_of_those_who_were_chosen_alone(part: float) -> None:
    judging = Investigation(
        duration=1.0, sensitivity=0.0, specificity=0.95, false_finding_minority=4.0, bias_in_lot=part
    )  # fmt: skip
    found = Years(CLAIMS, Screening(capacity=300.0, every=13.0, random_share=0.5, habit=0.0), judging, weeks=208)
    for by, factor in (("model", 4.0), ("lot", 1.0 + 3.0 * part)):
        decided = found.of(f"decided_{by}", minority=True)
        regular = 1.0 - found.of(f"cases_{by}_irregular", minority=True) / found.of(f"cases_{by}", minority=True)
        assert near(found.of(f"found_{by}", minority=True), decided, 0.05 * factor * regular)
