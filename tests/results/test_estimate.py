"""Intervals over replicates and their words."""

import math

import numpy as np
import pytest
from scipy import stats

from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate

VALUES = np.array([0.1, 0.4, 0.35, 0.2, 0.22])


def test_the_interval_is_student_s() -> None:
    found = estimate.from_replicates(VALUES)
    low, high = stats.t.interval(0.95, 4, loc=VALUES.mean(), scale=stats.sem(VALUES))
    assert (found.mean, found.low, found.high) == pytest.approx((VALUES.mean(), low, high))


def test_one_replicate_has_no_interval_and_none_has_no_mean() -> None:
    one, none = estimate.from_replicates(VALUES[:1]), estimate.from_replicates(np.array([math.nan]))
    assert one.mean == 0.1
    assert math.isnan(one.low)
    assert "no interval" in str(one)
    assert str(none) == "undefined"


def test_undefined_replicates_are_left_out_and_counted_out() -> None:
    found = estimate.from_replicates(np.array([1.0, math.nan, 3.0]))
    assert (found.mean, found.replicates) == (2.0, 2)


@pytest.mark.parametrize(
    ("found", "scale", "unit", "text"),
    [
        (Estimate(0.1834, 0.1712, 0.1951, 5), 100, " %", "18.3 % (17.1 to 19.5)"),
        (Estimate(-0.0109, -0.0112, -0.0105, 5), 100, " points", "−1.090 points (−1.120 to −1.050)"),
        (Estimate(0.0, -0.0001, 0.0001, 5), 1, "", "0.00000 (−0.00010 to 0.00010)"),
        (Estimate(0.000003, math.nan, math.nan, 1, 1), 1, "", "0.0000030 (one replicate, no interval)"),
        (Estimate(1234.5, 1200.0, 1260.0, 5), 1, "", "1234 (1200 to 1260)"),
        (Estimate(0.1004, 0.0961, 0.1046, 5), 100, " %", "10.0 % (9.6 to 10.5)"),
        (Estimate(0.30, 0.02, 5.0, 5), 1, "", "0.30 (0.02 to 5.00)"),
        (Estimate(0.035, 0.035, 0.035, 5), 1, "", "0.035 (0.035 to 0.035)"),
        (Estimate(1255.0813, 1255.0813 - 1e-9, 1255.0813 + 1e-9, 2), 1, "", "1255 (1255 to 1255)"),
        (Estimate(0.1834, 0.1712, 0.1951, 2, 3), 100, " %", "18.3 % (17.1 to 19.5; 2 of 3 replicates)"),
        (
            Estimate(1.0, math.nan, math.nan, 3, 3, "cannot be told from 3 replicates"),
            100,
            " %",
            "100 % (cannot be told from 3 replicates)",
        ),
        (
            Estimate(1.0, math.nan, math.nan, 2, 3, "cannot be told from 3 replicates"),
            100,
            " %",
            "100 % (cannot be told from 3 replicates; defined in 2 of 3 replicates)",
        ),
        (
            estimate.from_replicates(np.array([0.5, math.nan])),
            100,
            " %",
            "50 % (one replicate, no interval; defined in 1 of 2 replicates)",
        ),
    ],
)
def test_words(found: Estimate, scale: float, unit: str, text: str) -> None:
    assert found.text(scale, unit) == text


def test_no_change_is_told_as_such() -> None:
    assert Estimate(0.0, 0.0, 0.0, 3, 3).change(100, " %") == "no change"
    assert Estimate(0.0, -0.1, 0.1, 3, 3).change(100, " %") == "0 % (−10 to 10)"


def covered(draw, *, shared: bool, sampled: bool, truth: float) -> float:
    """The share of 1,000 seeded trials in which the interval of `crossed` holds the truth."""
    rng = np.random.default_rng(3)
    found = [estimate.crossed(draw(rng), shared=shared, sampled=sampled) for _ in range(1000)]
    return float(np.mean([one.low <= truth <= one.high for one in found]))


def test_a_crossed_mean_covers_what_its_interval_stands_for() -> None:
    """95 % within 4 sd (0.922 to 0.978); with noise that all share, a little more, for no part may count as nothing."""

    def both(rng: np.random.Generator) -> np.ndarray:
        return rng.normal(size=(12, 1)) + rng.normal(size=(1, 6)) + rng.normal(size=(12, 6))

    assert 0.922 < covered(both, shared=True, sampled=True, truth=0.0) < 0.985
    assert covered(lambda rng: both(rng), shared=False, sampled=True, truth=0.0) < 0.90
    fixed = np.arange(5.0)[:, None]
    assert 0.922 < covered(lambda rng: fixed + rng.normal(size=(5, 3)), shared=False, sampled=False, truth=2.0) < 0.978
    own = lambda rng: fixed + rng.normal(size=(1, 4)) + rng.normal(size=(5, 4))  # noqa: E731
    assert 0.922 < covered(own, shared=True, sampled=False, truth=2.0) < 0.978
    assert 0.922 < covered(lambda rng: rng.normal(size=(9, 2)), shared=False, sampled=True, truth=0.0) < 0.978


def test_what_varies_but_was_seen_once_has_no_interval() -> None:
    values = np.array([[1.0], [2.0], [math.nan]])
    assert estimate.crossed(values, shared=False, sampled=False).mean == 1.5
    assert math.isnan(estimate.crossed(values, shared=False, sampled=False).low)
    assert math.isnan(estimate.crossed(values, shared=True, sampled=False).low)
    assert math.isfinite(estimate.crossed(values, shared=True, sampled=True).low)
    assert math.isnan(estimate.crossed(values[2:], shared=True, sampled=True).mean)


def test_the_variance_of_a_crossed_mean_by_hand() -> None:
    """Rows 0, 3, 6 and columns 0, 1, without anything left over: 9 / 3 + 0.5 / 2, and Satterthwaite's 2.33 degrees."""
    found = estimate.crossed(np.array([[0.0, 1.0], [3.0, 4.0], [6.0, 7.0]]), shared=True, sampled=True)
    free = 3.25**2 / (3.0**2 / 2 + 0.25**2 / 1)
    half = stats.t.ppf(0.975, free) * math.sqrt(3.25)
    assert (found.mean, found.low, found.high) == pytest.approx((3.5, 3.5 - half, 3.5 + half))


def test_a_proportion_has_wilsons_interval() -> None:
    """By hand: (k + z²/2) / (n + z²), give or take z / (n + z²) times the root of k (n - k) / n + z²/4."""
    found = estimate.proportion(3, 4)
    assert (found.mean, found.replicates) == (0.75, 4)
    assert [found.low, found.high] == pytest.approx([0.300636, 0.954420], abs=2e-4)
    assert estimate.proportion(0, 50).low == 0.0
    assert np.isnan(estimate.proportion(0, 0).mean)
