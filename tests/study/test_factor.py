"""Factors: one setting with its range or list, its scale, and what is refused."""

import math
from typing import Any

import numpy as np
import pytest

from glasshouse.errors import AnalysisError, ScenarioError
from glasshouse.scenario.scenario import load, override
from glasshouse.study.factor import Factor, factor_for
from glasshouse.study.prior_factors import prior_factors

FLAGSHIP = load("social-governance")


def test_a_given_factor_knows_its_setting() -> None:
    coverage = factor_for(FLAGSHIP, "observation.coverage", 0.1, 0.9)
    assert (coverage.source, coverage.unit, coverage.base, coverage.whole) == ("given", "share", 0.45, False)
    citizens = factor_for(FLAGSHIP, "citizens", 2000, 3000)
    assert (citizens.key, citizens.whole, citizens.unit) == ("society.citizens", True, "persons")
    assert type(citizens.setting(2500.4)) is int
    assert factor_for(FLAGSHIP, "sanctions.severity", 0.5, 2.0).setting(2.0) == (0.3, 0.5, 0.4, 0.4)
    assert factor_for(FLAGSHIP, "lists.integration", values=(0.25, 1.0)).setting(1.0) == 1.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Factor("a.b", 0.3, 0.1), "0.3 to 0.1 has no width"),
        (lambda: Factor("a.b", 0.0, math.inf), "has no width"),
        (lambda: Factor("a.b", values=(1,)), "two values or more"),
        (lambda: Factor("a.b", values=(1, 2, 1)), "all different"),
        (lambda: Factor("a.b", 0.0, 1.0, values=(1, 2)), "not both"),
        (lambda: Factor("a.b", 0.5, 2.0, whole=True), "takes whole numbers"),
        (lambda: factor_for(FLAGSHIP, "society.marginals", 0.0, 1.0), "is a text of the scenario and no number"),
    ],
)
def test_a_factor_that_varies_nothing_is_refused(make: Any, message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        make()


@pytest.mark.parametrize(
    ("key", "low", "high", "message"),
    [
        ("observation.coverge", 0.1, 0.3, "coverage"),
        ("observation.coverage", 0.1, 1.5, "above its range"),
        ("observation.coverage", -0.5, 0.9, "below its range"),
    ],
)
def test_a_given_factor_is_one_that_the_scenario_takes(key: str, low: float, high: float, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        factor_for(FLAGSHIP, key, low, high)


@pytest.mark.parametrize("end", ["low", "high"])
def test_the_flagship_takes_every_prior_at_either_end(end: str) -> None:
    factors = prior_factors(FLAGSHIP)
    for factor in factors:
        setting = factor.setting(getattr(factor, end))
        taken = override(FLAGSHIP, {factor.key: setting})
        assert taken.settings()[tuple(factor.key.split("."))] == setting


def test_shares_become_points_within_the_range_or_indices_of_the_list() -> None:
    shares = np.array([0.0, 0.5, 1.0])
    assert Factor("a.b", 0.1, 0.3).from_shares(shares).tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert Factor("a.b", -1 / 3, 0.1).from_shares(shares).max() == 0.1  # not carried beyond the end by rounding
    assert Factor("a.b", values=(5, 6, 7)).from_shares(shares).tolist() == [0.0, 1.0, 2.0]


@pytest.mark.parametrize(
    "factor",
    [
        Factor("a.b", 0.1, 0.3),
        Factor("a.b", 1.0, 9.0, whole=True),
        Factor("a.b", 0.5, 2.0, vector=(0.0, 0.2, 0.4)),
        Factor("a.b", values=("x", True, (1.0, 2.0))),
    ],
)
def test_a_setting_converts_back_to_its_point(factor: Factor) -> None:
    for point in (factor.low, factor.high) if not factor.values else (0.0, 1.0, 2.0):
        assert factor.point(factor.setting(point)) == pytest.approx(point)
