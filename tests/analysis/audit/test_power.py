"""Power and coverage by exact sums: no simulation, and so no error rate of the tests themselves."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import fisher_exact

from glasshouse.analysis.audit.power import MOST, Comparison, Test, _fisher_limits, coverage, least_request, power

UNDUE = Comparison(0, 0.235, 0.044, 0.022)
"""4.4 % of the cases of a group that makes up 23.5 %, against 2.2 % of the rest."""


@pytest.mark.parametrize(
    ("test", "expected"),
    [("fisher", {390: 0.19, 2000: 0.67, 4000: 0.92}), ("score", {390: 0.23, 2000: 0.69, 4000: 0.93})],
)
def test_a_doubled_rate_of_undue_grants_is_found_as_often_as_is_known(test: Test, expected: dict[int, float]) -> None:
    """The figures are from independent code; they hold within three points."""
    for cases, known in expected.items():
        assert power(replace(UNDUE, cases=cases), test) == pytest.approx(known, abs=0.03)


def test_power_agrees_with_simulated_audits() -> None:
    """100,000 audits of seed 1: the standard error is 0.0015, and four of it are allowed."""
    rng = np.random.Generator(np.random.Philox(1))
    mine, rest = replace(UNDUE, cases=2000).split
    x, y = rng.binomial(mine, 0.044, 100_000), rng.binomial(rest, 0.022, 100_000)
    pooled = (x + y) / 2000
    z = (x / mine - y / rest) / np.sqrt(pooled * (1 - pooled) * (1 / mine + 1 / rest))
    assert power(replace(UNDUE, cases=2000)) == pytest.approx((abs(z) > 1.959964).mean(), abs=0.006)


def test_the_limits_of_fishers_test_are_those_of_scipy() -> None:
    for mine, rest, total in ((92, 298, 11), (20, 60, 9), (8, 9, 5), (30, 30, 50)):
        numbers = range(max(0, total - rest), min(mine, total) + 1)
        tables = {x: fisher_exact([[x, mine - x], [total - x, rest - total + x]]).pvalue for x in numbers}
        kept = [x for x, p in tables.items() if p >= 0.05]
        assert _fisher_limits(mine, rest, total, 0.05) == (kept[0], kept[-1])


def test_false_alarms_are_about_as_frequent_as_stated() -> None:
    equal = Comparison(2000, 0.3, 0.033, 0.033)
    assert 0.04 < power(equal) < 0.055
    assert power(equal, "fisher") < 0.05


@pytest.mark.parametrize("cases", [390, 2000])
@pytest.mark.parametrize(
    ("share", "rate", "rest"), [(0.22, 0.044, 0.022), (0.22, 0.022, 0.022), (0.05, 0.044, 0.022), (0.22, 0.3, 0.2)]
)
def test_intervals_hold_the_truth_in_93_to_97_percent(cases: int, share: float, rate: float, rest: float) -> None:
    assert 0.93 < coverage(Comparison(cases, share, rate, rest)) < 0.97


@pytest.mark.parametrize(
    ("test", "rates", "between"),
    [("score", UNDUE, (2000, 3500)), ("fisher", Comparison(0, 0.3, 0.4, 0.2), (150, 300))],
)
def test_the_least_request_is_enough_and_ten_percent_fewer_cases_are_not(
    test: Test, rates: Comparison, between: tuple[int, int]
) -> None:
    found = least_request(rates, test)
    assert found is not None
    assert between[0] < found < between[1]
    assert power(replace(rates, cases=found), test) >= 0.8
    assert power(replace(rates, cases=round(0.9 * found)), test) < 0.8


def test_a_request_that_would_be_too_large_is_not_named() -> None:
    assert least_request(Comparison(0, 0.001, 0.00012, 0.0001)) is None
    assert MOST == 1_000_000


def test_a_null_ratio_other_than_one_moves_the_test() -> None:
    doubled = replace(UNDUE, cases=4000)
    assert power(replace(doubled, null=2.0)) < 0.06
    assert power(replace(doubled, null=4.0)) > 0.9
