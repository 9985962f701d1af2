"""Claims that can fail: what is drawn for them, and what their shares say."""

from dataclasses import replace

import numpy as np
import open_claims
import pytest
from hypotheses import CATALOGUE, Row, small_scenario

from glasshouse.analysis import claims
from glasshouse.scenario.scenario import load, override

ROWS = [row for row in CATALOGUE if row.open_claims]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_draws_differ_between_the_arms_in_the_rows_strength_alone(row: Row) -> None:
    """A lever drawn for one arm alone would be another cause of what the claim is about."""
    scenario = small_scenario(row, load(row.scenario))
    draws = list(open_claims.row_draws(row, scenario, 3, np.random.default_rng(2)))
    assert len(draws) == 3
    strength = {dial.setting for dial in row.strength}
    for drawn in draws:
        one = override(scenario, drawn)
        apart = {
            f"{regime.name}.{key}"
            for regime, reference in zip(one.mechanisms, one.reference, strict=True)
            for key in type(regime).model_fields
            if getattr(regime, key) != getattr(reference, key)
        }
        assert apart <= strength
        assert apart & strength


def test_what_makes_a_row_is_drawn_as_well() -> None:
    row = next(row for row in CATALOGUE if row.name == "S2b")
    scenario = small_scenario(row, load(row.scenario))
    drawn = [one["controllers.optimise"] for one in open_claims.row_draws(row, scenario, 10, np.random.default_rng(2))]
    assert 0.2 <= min(drawn) < 0.3 < 0.7 < max(drawn) <= 0.8


@pytest.mark.parametrize(
    ("name", "setting", "zeros"), [("S1", "lists.threshold", 3), ("S14c", "observation.points", 3)]
)
def test_of_a_list_that_makes_a_row_the_arms_share_the_elements_that_make_no_difference(
    name: str, setting: str, zeros: int
) -> None:
    row = next(row for row in CATALOGUE if row.name == name)
    scenario = small_scenario(row, load(row.scenario))
    dial = next(dial for dial in row.strength if dial.setting == setting)
    for drawn in open_claims.row_draws(row, scenario, 3, np.random.default_rng(2)):
        regime, reference = drawn[setting], drawn[f"reference.{setting}"]
        assert reference[:-zeros] == regime[:-zeros]
        assert reference[-zeros:] == dial.zero[-zeros:]


def test_a_claim_is_asked_at_each_draw() -> None:
    row = next(row for row in CATALOGUE if row.name == "S2b")
    small = replace(row, citizens=1000)
    for found in open_claims.test_open_claims(small, 2, np.random.default_rng(2), replicates=1):
        assert len(found.held) == 2
        assert all(one in (0.0, 1.0) or np.isnan(one) for one in found.held)


@pytest.mark.parametrize(
    ("held", "share", "verdict"),
    [
        ((1.0,) * 12 + (0.0,) * 8, 0.6, "can fail"),
        ((1.0,) * 20, 1.0, "holds nearly always"),
        ((0.0,) * 18 + (1.0,) * 2, 0.1, "holds rarely"),
        ((1.0, 0.0, float("nan")), 0.5, "can fail"),
    ],
)
def test_a_share_leaves_undefined_draws_out_and_says_whether_a_claim_can_fail(
    held: tuple[float, ...], share: float, verdict: str
) -> None:
    found = open_claims.OpenResult(claims.load("s01-wrong"), held)
    assert found.share.mean == pytest.approx(share)
    assert found.verdict == verdict
