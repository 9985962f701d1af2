"""Each method against what it must find in expectation, in populations of known shares.

Draws have fixed seeds. Medians of 4,000 audits and shares of audits are compared within four standard errors or more.
"""

from dataclasses import replace

import numpy as np
import pytest

from glasshouse.analysis.audit.desk import Desk, Practice
from glasshouse.analysis.audit.least_requests import comparison
from glasshouse.analysis.audit.methods import METHODS, Audits, direct, scaled
from glasshouse.analysis.audit.power import power
from glasshouse.analysis.audit.rates import TwoRates
from glasshouse.analysis.audit.world import World
from tests.helpers.audits import GROUP, world

AUDITS = 4_000
BY_NAME = {method.name: method for method in METHODS}


def audits(name: str, of: World, seed: int = 1, **practice: object) -> Audits:
    made = replace(Practice(), **practice)  # type: ignore[arg-type]
    return BY_NAME[name].audit(Desk(of, GROUP, made, np.random.Generator(np.random.Philox(seed)), AUDITS))


def coverage(found: Audits, truth: float) -> float:
    return float(((found.low <= truth) & (truth <= found.high)).mean())


@pytest.mark.parametrize(("name", "cases"), [("files", 500), ("lot", 20_000)])
def test_examined_cases_by_lot_are_right_in_the_mean_and_their_intervals_hold(name: str, cases: int) -> None:
    found = audits(name, world(), cases=cases)
    assert np.median(found.estimate) == pytest.approx(2.0, rel=0.02)
    assert 0.935 < coverage(found, 2.0) < 0.97


def test_what_people_drawn_by_lot_find_agrees_with_exact_sums() -> None:
    found = (audits("lot", world(), cases=5_000).finding != 0).mean()
    assert found == pytest.approx(power(comparison(world(), GROUP, "people", 5_000)), abs=0.04)


def test_what_files_find_agrees_with_exact_sums() -> None:
    found = (audits("files", world(), cases=300, adults=10**8).finding != 0).mean()
    assert found == pytest.approx(power(comparison(world(), GROUP, "files", 300)), abs=0.04)


def test_with_equal_groups_examined_cases_give_about_as_many_false_alarms_as_stated() -> None:
    unequal_bases = world(wrong=(0.005, 0.005), right=(0.04, 0.02))
    for name, cases in (("files", 500), ("lot", 20_000)):
        assert 0.03 < audits(name, unequal_bases, cases=cases).finds.mean() < 0.07, name


def test_counts_of_the_listed_measure_base_rates_as_well() -> None:
    of = world(wrong=(0.005, 0.005), right=(0.045, 0.02))
    found = audits("flag_rates", of)
    assert np.median(found.estimate) == pytest.approx(0.05 / 0.025, rel=0.01)
    assert found.finds.all()


def test_complaints_measure_who_complains() -> None:
    assert np.median(audits("complaints", world()).estimate) == pytest.approx(0.5, rel=0.01)


def test_appeals_are_made_by_the_rightly_listed_as_well() -> None:
    expected = (0.02 * 0.2 + 0.01 * 0.4) / (0.02 * 0.2 + 0.005 * 0.4)
    assert np.median(audits("appeals", world()).estimate) == pytest.approx(expected, rel=0.01)


def test_error_rates_are_those_of_decided_appeals() -> None:
    def upheld(wrong: float, right: float) -> float:
        return (0.1 * wrong + 0.01 * right) / (0.2 * wrong + 0.1 * right)

    expected = (0.03 / 0.025) * upheld(0.01, 0.02) / upheld(0.005, 0.02)
    assert np.median(audits("error_rates", world(), adults=10**7).estimate) == pytest.approx(expected, rel=0.02)


def test_interviews_are_right_where_all_answer_and_only_the_wronged_object() -> None:
    honest = audits("interview", world(), answering=(0.4, 0.4), objecting=(0.0, 1.0))
    assert np.median(honest.estimate) == pytest.approx(2.0, rel=0.03)
    usual = np.median(audits("interview", world()).estimate)
    mine, rest = (
        (0.02 * 0.09 + 0.01 * 0.36) / (0.02 * 0.3 + 0.01 * 0.4),
        (0.02 * 0.09 + 0.005 * 0.36) / (0.02 * 0.3 + 0.005 * 0.4),
    )
    assert usual == pytest.approx(0.03 / 0.025 * mine / rest, rel=0.03)


def test_examiners_who_err_make_a_ratio_of_rare_wrongs_look_smaller() -> None:
    found = audits("lot", world(), cases=50_000, sensitivity=0.9, specificity=0.9)
    expected = (0.9 * 0.01 + 0.1 * 0.02) / (0.9 * 0.005 + 0.1 * 0.02)
    assert np.median(found.estimate) == pytest.approx(expected, rel=0.03)


def test_a_scan_without_the_label_says_nothing_where_the_other_traits_are_independent() -> None:
    found = audits("scan_without_groups", world(), cases=20_000)
    assert found.finds.mean() < 0.07
    assert audits("scan_with_groups", world(), cases=20_000).finds.mean() > 0.5


def test_a_scan_without_the_label_is_diluted_by_the_overlap() -> None:
    """The second group holds 60 % of the first and 20 % of the others: a doubled rate shows as 1.30 (known, 22 % of all)."""
    mine, other = (np.arange(16) & bit > 0 for bit in (1, 2))
    overlap = np.where(mine, np.where(other, 0.6, 0.4), np.where(other, 0.2, 0.8))
    adults = np.where(mine, 0.22, 0.78) * overlap / 4
    of = replace(world(), adults=adults, wrong=np.where(mine, 0.1, 0.05) * adults, right=0 * adults)
    found = audits("scan_without_groups", of, cases=100_000)
    assert np.median(found.estimate) == pytest.approx(1.30, abs=0.02)


def test_limits_of_a_product_are_wider_than_those_of_either_factor() -> None:
    flags = TwoRates(*(np.array([n]) for n in (300, 10_000, 400, 30_000)))
    files = TwoRates(*(np.array([n]) for n in (30, 90, 60, 310)))
    found, parts = scaled(flags, files), (direct(flags), direct(files))
    assert found.estimate == parts[0].estimate * parts[1].estimate
    width = float(np.log(found.high / found.low)[0])
    widths = [float(np.log(part.high / part.low)[0]) for part in parts]
    assert width == pytest.approx(np.hypot(*widths), rel=0.01)


def test_files_without_a_wrong_set_no_limit_on_their_side() -> None:
    flags = TwoRates(*(np.array([n, n]) for n in (300, 10_000, 400, 30_000)))
    found = scaled(flags, TwoRates(np.array([0, 5]), np.array([20, 20]), np.array([8, 0]), np.array([60, 60])))
    assert found.low[0] == 0.0
    assert np.isfinite(found.high[0])
    assert found.low[1] > 0.0
    assert np.isinf(found.high[1])
    assert np.isnan(found.estimate[1])
