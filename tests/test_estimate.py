"""Intervals over replicates: Student's t, the jackknife, and their words."""

import math

import numpy as np
import pytest
from scipy import stats

from glasshouse import estimate
from glasshouse.estimate import Estimate

VALUES = np.array([0.1, 0.4, 0.35, 0.2, 0.22])


def test_the_interval_is_student_s() -> None:
    found = estimate.of(VALUES)
    low, high = stats.t.interval(0.95, 4, loc=VALUES.mean(), scale=stats.sem(VALUES))
    assert (found.mean, found.low, found.high) == pytest.approx((VALUES.mean(), low, high))


def test_one_replicate_has_no_interval_and_none_has_no_mean() -> None:
    one, none = estimate.of(VALUES[:1]), estimate.of(np.array([math.nan]))
    assert one.mean == 0.1
    assert math.isnan(one.low)
    assert "no interval" in str(one)
    assert str(none) == "undefined"


def test_undefined_replicates_are_left_out_and_counted_out() -> None:
    found = estimate.of(np.array([1.0, math.nan, 3.0]))
    assert (found.mean, found.replicates) == (2.0, 2)


def test_a_mean_pooled_is_the_mean_with_the_same_interval() -> None:
    """For equal denominators the ratio of sums is a mean, and its jackknife interval Student's."""
    found = estimate.pooled(lambda chosen: float(VALUES[list(chosen)].mean()), 5)
    plain = estimate.of(VALUES)
    assert (found.mean, found.low, found.high) == pytest.approx((plain.mean, plain.low, plain.high))


def test_a_pooled_ratio_covers_the_truth_as_often_as_it_says() -> None:
    """2,000 seeded trials of a ratio of skewed sums, ten replicates each: 95 % less what skewness costs, 4.5 sd below."""
    rng, held = np.random.default_rng(7), 0
    for _ in range(2000):
        parts = rng.exponential(1.0, (10, 2)) * (3.0, 2.0)
        found = estimate.pooled(
            lambda chosen, parts=parts: float(parts[list(chosen), 0].sum() / parts[list(chosen), 1].sum()), 10
        )
        held += found.low <= 1.5 <= found.high
    assert 0.87 < held / 2000 < 0.98


def test_one_replicate_pools_to_itself() -> None:
    found = estimate.pooled(lambda chosen: 2.0, 1)
    assert found.mean == 2.0
    assert math.isnan(found.low)


@pytest.mark.parametrize(
    ("found", "scale", "unit", "text"),
    [
        (Estimate(0.1834, 0.1712, 0.1951, 5), 100, " %", "18 % (17 to 20)"),
        (Estimate(-0.0109, -0.0112, -0.0105, 5), 100, " points", "−1.1 points (−1.1 to −1.1)"),
        (Estimate(0.0, -0.0001, 0.0001, 5), 1, "", "0.0000 (−0.0001 to 0.0001)"),
        (Estimate(1234.5, 1200.0, 1260.0, 5), 1, "", "1234 (1200 to 1260)"),
    ],
)
def test_words(found: Estimate, scale: float, unit: str, text: str) -> None:
    assert found.text(scale, unit) == text


def test_a_proportion_has_wilsons_interval() -> None:
    """By hand: (k + z²/2) / (n + z²), give or take z / (n + z²) times the root of k (n - k) / n + z²/4."""
    found = estimate.proportion(3, 4)
    assert (found.mean, found.replicates) == (0.75, 4)
    assert [found.low, found.high] == pytest.approx([0.300636, 0.954420], abs=2e-4)
    assert estimate.proportion(0, 50).low == 0.0
    assert np.isnan(estimate.proportion(0, 0).mean)
