"""The interval of a claim's share: how often it holds the true share, in studies as small as users make them.

Studies without noise are binomial counts, whose coverage is computed without any error. Those with noise are simulated a
thousand times with fixed seeds; where the coverage is 95 %, one lies outside 92 to 97 % by chance in 1 of 500.
"""

import claims
import numpy as np
import pytest

from glasshouse.analysis.claim_share import share_of

SMALL = np.linspace(0.01, 0.10, 181)


@pytest.mark.parametrize("points", [20, 28, 40, 64, 128])
def test_without_noise_it_holds_every_share_in_at_least_92_percent(points: int) -> None:
    limits = claims.of_counts(points)
    assert claims.exact(limits, np.linspace(0.01, 0.99, 981)).min() >= 0.92


@pytest.mark.parametrize("points", [40, 64, 128])
def test_without_noise_it_holds_small_shares_in_92_to_97_percent_on_average(points: int) -> None:
    assert 0.92 <= claims.exact(claims.of_counts(points), SMALL).mean() <= 0.97


def test_of_few_points_without_noise_no_interval_holds_small_shares_in_92_to_97_percent() -> None:
    """Of 20 points and a share of 1 % none holds in 81.8 % of studies, and at most one in 98.3 %."""
    assert claims.out_of_reach(20, np.array([0.01])) == 1.0
    assert claims.out_of_reach(20, SMALL) > 0.3
    assert claims.out_of_reach(128, SMALL) < 0.03


@pytest.mark.parametrize("share", [0.05, 0.25, 0.5])
@pytest.mark.parametrize(
    ("points", "replicates", "shared"), [(20, 5, False), (64, 5, False), (64, 2, False), (28, 5, True)]
)
def test_with_noise_it_holds_the_share_in_92_to_97_percent(
    points: int, replicates: int, shared: bool, share: float
) -> None:
    """More than half of the variance of “holds” in a single run is noise. Wilson's interval holds 25 % in 85 to 95 %."""
    random = np.random.default_rng(points)

    def drawn(truth: float) -> np.ndarray:
        return claims.simulated(points, replicates, truth, shared=shared, noise=claims.NOISY, random=random)

    ours, _ = claims.coverage(drawn, np.full(1000, share), shared=shared)
    assert 0.92 <= ours <= 0.97


def test_points_that_all_agree_bear_out_what_one_in_twenty_studies_would_show_by_chance() -> None:
    """Where the claim holds in 90 %, all of 29 points hold in 4.7 % of studies, and all of 28 in 5.2 %."""
    low = {points: share_of(np.ones(points), np.ones((points, 5)), shared=False).low for points in (28, 29)}
    assert low[28] < 0.9 < low[29]


def test_a_share_below_zero_without_the_bias_has_an_interval_from_zero() -> None:
    """Halves of the replicates on one side and the mean on the other give negative values."""
    values = np.r_[np.full(12, -0.5), np.zeros(12)]
    found = share_of(values, np.zeros((24, 5)), shared=False)
    assert (found.mean, found.low) == (0.0, 0.0)
    assert 0.1 < found.high < 1.0
