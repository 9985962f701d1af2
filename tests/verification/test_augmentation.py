"""Jumps over a grid and shares of an effect that are lost, on figures that are known.

Error rate: `jump` finds one in figures without a jump with a chance of at most 1 % by design; seeds are fixed.
"""

import math

import augmentation
import numpy as np
import pytest

RANDOM = np.random.default_rng(4)
GRID = np.arange(7.0)[:, None]


def test_a_line_and_a_curve_do_not_jump_and_a_step_does() -> None:
    noise = 0.1 * RANDOM.standard_normal((7, 8))
    assert augmentation.jump(GRID + noise, 0.01) is None
    assert augmentation.jump(-np.sqrt(GRID) + 0.1 * noise, 0.01) is None
    assert augmentation.jump((GRID > 2.5) + noise, 0.01) == 2
    assert augmentation.jump((GRID <= 4.5) + noise, 0.01) == 4


def test_figures_without_a_jump_are_told_from_figures_too_noisy_to_tell() -> None:
    assert augmentation.surely_none(GRID + 0.01 * RANDOM.standard_normal((7, 8)), 0.01)
    assert not augmentation.surely_none(RANDOM.standard_normal((7, 8)), 0.01)
    assert not augmentation.surely_none((GRID > 2.5) + 0.01 * RANDOM.standard_normal((7, 8)), 0.01)
    assert not augmentation.surely_none(np.zeros((7, 8)), 0.01)


def test_noise_alone_jumps_no_more_often_than_stated() -> None:
    found = [augmentation.jump(RANDOM.standard_normal((7, 8)), 0.05) is not None for _ in range(400)]
    assert sum(found) <= 400 * 0.05 + 4.5 * np.sqrt(400 * 0.05 * 0.95)


def test_figures_that_never_change_do_not_jump() -> None:
    assert augmentation.jump(np.zeros((7, 8)), 0.01) is None


def test_the_share_lost_is_that_of_the_mean_effects() -> None:
    whole = np.array([4.0, 5.0, 6.0, 5.0])
    lost = augmentation.share_lost(whole, 0.2 * whole + np.array([0.1, -0.1, -0.1, 0.1]))
    assert lost.mean == pytest.approx(0.8)
    assert 0.7 < lost.low < 0.8 < lost.high < 0.9


def test_a_share_lost_that_is_the_same_without_any_replicate_has_no_interval() -> None:
    whole = np.array([4.0, 5.0, 6.0, 5.0])
    lost = augmentation.share_lost(whole, 0.2 * whole)
    assert lost.mean == pytest.approx(0.8)
    assert math.isnan(lost.low)
    assert math.isnan(lost.high)


def test_a_share_lost_without_an_interval_is_printed_as_such() -> None:
    whole = np.array([2.0, 3.0, 4.0, 3.0])
    line = augmentation.share_line("control", "safeguards.review", augmentation.share_lost(whole, 0.2 * whole))
    assert "nan" not in line
    assert "no interval" in line or "the same" in line
    assert line.endswith("open")
