"""Intervals on the scale of a measure: how often they hold the truth, and where there is none."""

import math

import numpy as np
import pytest
from scipy import stats

import glasshouse
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.scale import BELOW_ONE, IDENTITY, POSITIVE, SHARE, SIGNED
from glasshouse.results import intervals
from glasshouse.results.groups import EVERYBODY, groupings
from glasshouse.results.totals import ARMS

NEVER = (np.array(math.nan), np.array(math.nan))


def ratios(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Ratios of sums from each resample of replicates, which lie along the first axis."""
    return intervals.resamples(above) / intervals.resamples(below)


def test_a_mean_has_students_interval() -> None:
    """For equal denominators the ratio of sums is a mean, and its jackknife interval Student's."""
    values = np.array([0.1, 0.4, 0.35, 0.2, 0.22])
    low, high = stats.t.interval(0.95, 4, loc=values.mean(), scale=stats.sem(values))
    for found in (
        intervals.level(ratios(values, np.ones(5)), IDENTITY).estimate(),
        intervals.pooled(lambda chosen: float(values[list(chosen)].mean()), 5, IDENTITY),
        intervals.level(intervals.mean_resamples(values), IDENTITY).estimate(),
    ):
        assert (found.mean, found.low, found.high) == pytest.approx((values.mean(), low, high))


def test_a_share_of_rare_events_covers_the_truth_as_often_as_it_says() -> None:
    """4,000 seeded samples of five: 92 to 97 %, 4 sd beyond it at most, and no impossible value."""
    rng = np.random.default_rng(7)
    cases = rng.poisson(40, (5, 4000))
    events = rng.binomial(cases, rng.beta(1.0, 4.0, (5, 4000)))
    found = intervals.level(ratios(events, cases), SHARE)
    held = (found.low <= 0.2) & (found.high >= 0.2)
    assert 0.903 < held[np.isfinite(found.low)].mean() < 0.981
    assert np.nanmin(found.low) >= 0.0
    assert np.nanmax(found.high) <= 1.0


@pytest.mark.parametrize("scale", [IDENTITY, POSITIVE, SHARE, BELOW_ONE, SIGNED])
def test_a_scale_comes_back(scale) -> None:
    values = np.array([0.1, 0.4, 0.9])
    assert scale.backward(scale.forward(values)) == pytest.approx(values)
    assert scale.backward(np.array([-1e4, 1e4])).tolist() == [scale.low, scale.high] or scale is IDENTITY


def test_a_ratio_of_few_replicates_has_no_leading_bias() -> None:
    """20,000 samples of five: a ratio of 2 to sums that vary by half is 2.10 on average, whose standard error is 0.007."""
    rng = np.random.default_rng(4)
    above, below = rng.gamma(4.0, 0.5, (5, 20_000)), rng.gamma(4.0, 0.25, (5, 20_000))
    figures = intervals.resamples(above) / intervals.resamples(below)
    assert figures[0].mean() > 2.06
    for scale in (POSITIVE, IDENTITY):
        found = intervals.without_bias(figures, scale)
        assert found[0].mean() == pytest.approx(2.0, abs=0.03)
        assert (found[0] > 0.0).all() or scale is IDENTITY
        assert (found[6:] == figures[6:]).all()


@pytest.mark.parametrize(("scale", "low", "high"), [(SHARE, 0.0, 1.0), (BELOW_ONE, -math.inf, 1.0)])
def test_a_bias_taken_out_passes_no_limit_and_leaves_the_standard_error_on_the_scale(scale, low, high) -> None:
    """20,000 samples of five: a share of events that is higher where there are many is 0.021 too low on average."""
    rng = np.random.default_rng(4)
    below = rng.gamma(1.0, 4.0, (5, 20_000)) + 0.1
    share = 1.0 - 0.4 * np.exp(-below / 4.0)
    truth = (below * share).mean() / below.mean()
    figures = intervals.resamples(below * share) / intervals.resamples(below)
    found = intervals.without_bias(figures, scale)
    assert abs(figures[0].mean() - truth) > 3 * abs(found[0].mean() - truth)
    assert low < found.min()
    assert found.max() < high
    before, after = (scale.forward(one[1:6]) for one in (figures, found))
    assert after.std(axis=0) == pytest.approx(before.std(axis=0))


def test_a_ratio_of_one_replicate_or_without_a_value_stays_as_it_is() -> None:
    one = np.array([[2.0, np.nan], [np.nan, np.nan], [2.0, np.nan]])
    np.testing.assert_array_equal(intervals.without_bias(one, POSITIVE), one)
    same = np.full((7, 1), 3.0)
    np.testing.assert_array_equal(intervals.without_bias(same, POSITIVE), same)


def test_one_event_in_three_replicates_gives_no_interval() -> None:
    found = intervals.level(1.0 - ratios(np.array([0, 0, 0]), np.array([1, 0, 0])), BELOW_ONE).estimate()
    assert found.mean == 1.0
    assert math.isnan(found.low)
    assert found.text(100, " %") == "100 % (cannot be told from 3 replicates; defined in 1 of 3 replicates)"
    none = intervals.level(ratios(np.array([0, 0, 0]), np.array([9, 9, 9])), SHARE).estimate()
    assert none.text(100, " %") == "0.0 % (none in 3 replicates)"


def test_where_every_case_is_an_event_it_is_not_said_that_there_is_none() -> None:
    """All of the few restrictions are wrong, in one arm and in both."""
    few, all_wrong = np.array([1, 2, 1]), ratios(np.array([1, 2, 1]), np.array([1, 2, 1]))
    assert intervals.level(all_wrong, SHARE).estimate().reason == "cannot be told from 3 replicates"
    both = intervals.difference(all_wrong, all_wrong, NEVER, SHARE).estimate()
    assert both.reason == "cannot be told from 3 replicates"
    neither = intervals.difference(*[ratios(0 * few, few)] * 2, NEVER, SHARE).estimate()
    assert neither.reason == "none in 3 replicates"
    some = intervals.level(ratios(np.array([1, 0, 0]), np.array([9, 9, 9])), SHARE).estimate()
    assert some.text(100, " %") == "3.7 % (cannot be told from 3 replicates)"


def test_a_replicate_without_cases_is_counted() -> None:
    with np.errstate(invalid="ignore"):
        found = intervals.level(ratios(np.array([4, 0, 5]), np.array([9, 0, 9])), SHARE).estimate()
    assert (found.replicates, found.total) == (2, 3)
    assert found.text(100, " %").endswith("; 2 of 3 replicates)")


def test_an_arm_without_events_counts_as_zero_only_among_many_cases() -> None:
    regime, reference = np.array([30, 34, 28, 33, 31]), np.zeros(5)
    for cases, told in ((1000, True), (3, False)):
        below = np.full(5, cases)
        figures = ratios(reference, below), ratios(regime, np.full(5, 100))
        ceilings = (np.array(3.0 / below.sum()), np.array(math.nan))
        found = intervals.difference(*figures, ceilings, SHARE).estimate()
        assert math.isfinite(found.low) == told


def test_equal_arms_show_no_change_and_rounding_noise_counts_as_zero() -> None:
    figures = ratios(np.array([3.0, 4.0, 5.0]), np.full(3, 7.0))
    found = intervals.difference(figures, figures * (1.0 + 2e-16), NEVER, POSITIVE).estimate()
    assert found.is_zero
    assert found.change(1.0, "") == "no change"


def test_a_difference_of_shares_stays_possible() -> None:
    low, high = ratios(np.array([1, 2, 60]), np.full(3, 100)), ratios(np.array([99, 95, 40]), np.full(3, 100))
    found = intervals.difference(low, high, NEVER, SHARE).estimate()
    assert -1.0 <= found.low < found.mean < found.high <= 1.0


def test_degrees_of_freedom_are_fewer_for_bursts() -> None:
    assert intervals.degrees_of_freedom(np.array(5), 0.0) == 4.0
    assert intervals.degrees_of_freedom(np.array(5), 1.0) == pytest.approx(10 / 3.5)


def test_a_run_with_one_protest_tells_nothing_of_protest() -> None:
    """A protest in one of three populations: no interval, and why, where it was “falls by 100 % (100 to 100)”."""
    settings = {"run.weeks": 78, "run.start": 26, "run.rollout": 0}
    found = glasshouse.run("social-governance", settings, citizens=200, replicates=3, seed=2)
    protests = [found.resampled(arm).protests[4:] for arm in ARMS]
    assert sum((one > 0).sum() for one in protests) <= 1
    assert "to 100)" not in found.headline
    assert "cannot be told from 3 replicates" in found.headline or "protest cannot be compared" in found.headline
    for measure in CATALOGUE:
        for group in (EVERYBODY, *(groupings(found.groups) if measure.by_group else ())):
            effect = found.effect(measure, group)
            assert math.isnan(effect.low) or effect.high > effect.low or effect.is_zero, (measure, group)
            for arm in () if measure.is_between() else ARMS:
                level = found.level(measure, arm, group)
                assert math.isnan(level.low) or level.high > level.low or level.mean == 0.0, (measure, group, arm)


def test_a_change_that_may_be_none_or_more_than_tenfold_has_no_interval() -> None:
    """Six events after eleven, in three replicates that differ: “45 % (−31206 to 100)” would tell nothing."""
    before, after = np.array([1, 9, 1]), np.array([4, 1, 1])
    found = intervals.level(1.0 - ratios(after, before), BELOW_ONE).estimate()
    assert math.isnan(found.low)
    assert found.text(100, " %") == "45 % (cannot be told from 3 replicates)"
    told = intervals.level(1.0 - ratios(np.array([40, 50, 45]), np.array([90, 80, 100])), BELOW_ONE).estimate()
    assert -10.0 < told.low < told.high < 1.0


def test_replicates_that_are_all_the_same_have_no_interval() -> None:
    """A third in each of three replicates says nothing of how far others would be from it."""
    for figures, scale in (
        (ratios(np.array([1, 1, 1]), np.array([3, 3, 3])), SHARE),
        (intervals.mean_resamples(np.array([6.0, 6.0])), POSITIVE),
    ):
        found = intervals.level(figures, scale).estimate()
        assert math.isnan(found.low)
        assert found.reason == f"the same in all {found.total} replicates, no interval"


def test_arms_that_differ_only_as_a_whole_have_no_interval() -> None:
    """Equal ratios in each replicate, but of other sizes, so that the ratios of all together differ."""
    arms = [ratios(np.array(above), np.array(below)) for above, below in (([1, 4], [2, 4]), ([2, 4], [4, 4]))]
    found = intervals.difference(arms[0], arms[1], NEVER, SHARE).estimate()
    assert found.mean != 0.0
    assert math.isnan(found.low)


def test_every_measure_declares_its_scale() -> None:
    for measure in CATALOGUE:
        declared = any("scale" in vars(one) for one in measure.__mro__[:2])
        assert declared, f"{measure.name} declares no scale"
