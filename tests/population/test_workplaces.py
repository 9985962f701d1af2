"""Sizes of workplaces: a truncated power law whose mean is met whatever the largest may be."""

import numpy as np
import pytest

from glasshouse.population.workplaces import survival


@pytest.mark.parametrize("largest", [100, 1000, 20_000])
@pytest.mark.parametrize("mean", [3.0, 12.9])
def test_the_mean_is_met_for_any_truncation(mean: float, largest: int) -> None:
    shares = survival(mean, largest)
    assert shares[0] == 1.0
    assert (np.diff(shares) < 0).all()
    assert shares.sum() == pytest.approx(mean, rel=1e-6)


def test_the_tail_is_a_power_law_until_the_truncation() -> None:
    """Slope of log survival over log size between 10 and 100, where the truncation at 20,000 is far away."""
    shares = survival(12.9, 20_000)
    slope = np.log(shares[99] / shares[9]) / np.log(10)
    assert -1.3 < slope < -0.6
    assert np.log(shares[999] / shares[99]) / np.log(10) == pytest.approx(slope, abs=0.15)
