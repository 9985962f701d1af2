"""Which parameters figures pin down: right where it is known, flat where figures say nothing."""

import numpy as np

from glasshouse.analysis.calibration.abc import Sample, posterior
from glasshouse.analysis.calibration.identifiability import Identifiability, identifiability
from glasshouse.analysis.calibration.targets import Target
from glasshouse.study.factor import Factor


def target(name: str, figure: float, error: float) -> Target:
    return Target(name, name, "m", "", "regime", (0, 1), figure, error, "known", "", "made up", True)


def known(figures: dict[str, tuple[np.ndarray, float, float]], points: np.ndarray) -> Identifiability:
    """Two parameters in 0 to 1; each figure with its published value and error."""
    factors = tuple(Factor(f"model.{name}", 0.0, 1.0) for name in "ab"[: points.shape[1]])
    targets = tuple(target(name, value, error) for name, (_, value, error) in figures.items())
    sample = Sample(factors, targets, points, np.stack([column for column, _, _ in figures.values()], axis=1))
    return identifiability(sample, posterior(sample, 1, 0.2), 1, 0.2)


POINTS = np.random.default_rng(1).random((3000, 2))
A, B = POINTS.T


def test_a_figure_pins_down_its_own_parameter_and_no_other() -> None:
    found = known({"first": (A, 0.5, 0.04), "second": (B, 0.5, 5.0)}, POINTS)
    assert [found.kind(place) for place in (0, 1)] == ["on both sides", "not"]
    assert found.owed_to(0) == "first"
    assert found.owed_to(1) == ""
    assert found.combinations() == ()
    assert abs(found.narrowed[1]) < 0.1
    assert (np.abs(found.profile[1] - 0.1) < 0.05).all()


def test_the_width_is_that_of_a_normal_error() -> None:
    """90 % of the posterior of a parameter that is published with error s lie within 1.645 s; the prior's are 0.9 wide."""
    found = known({"first": (A, 0.5, 0.08)}, POINTS[:, :1])
    assert abs(found.narrowed[0] - (1 - 2 * 1.645 * 0.08 / 0.9)) < 0.04
    assert np.isnan(found.without).all()


def test_an_end_that_is_ruled_out_is_one_side() -> None:
    found = known({"large": (np.maximum(A, 0.5), 0.5, 0.02)}, POINTS)
    assert found.kind(0) == "on one side"


def test_a_sum_is_known_together_and_not_singly() -> None:
    found = known(
        {"sum": (A + B, 1.0, 0.02), "nothing": (0 * A + np.random.default_rng(2).normal(size=len(A)), 0.0, 1.0)}, POINTS
    )
    assert [found.kind(place) for place in (0, 1)] == ["not", "not"]
    (text,) = found.combinations()
    assert text.startswith(("model.a + model.b", "model.b + model.a"))
    assert found.variances[0] < 0.02
    assert found.variances[1] > 0.7


def test_a_difference_is_told_from_a_sum() -> None:
    found = known(
        {"gap": (A - B, 0.0, 0.02), "nothing": (0 * A + np.random.default_rng(2).normal(size=len(A)), 0.0, 1.0)}, POINTS
    )
    (text,) = found.combinations()
    assert " − " in text
