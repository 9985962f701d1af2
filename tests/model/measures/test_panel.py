"""The definitions of control and of governance: complete, directed, and those that the claim at the heart declares."""

import math

import pytest

from glasshouse.analysis import claims
from glasshouse.analysis.discovery import HARMS
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.measures.panel import CONTROL, GOVERNANCE, Definition

NAN = math.nan


def test_there_are_three_definitions_of_control_and_six_of_governance_and_none_is_a_harm_to_search_for() -> None:
    assert (len(CONTROL), len(GOVERNANCE)) == (3, 6)
    measures = [one.measure for one in (*CONTROL, *GOVERNANCE)]
    assert len(set(measures)) == 9
    assert {*measures} <= {*CATALOGUE}
    assert not {measure.name for measure in measures} & {*HARMS}
    for one in (*CONTROL, *GOVERNANCE):
        assert one.measure.better in ("neither", "more" if one.improves > 0 else "less"), one.name


def test_the_claim_at_the_heart_is_stated_for_each_of_them() -> None:
    heart = claims.load("heart")
    assert list(heart.definitions) == ["control", "governance"]
    for definitions, declared in zip((CONTROL, GOVERNANCE), heart.definitions.values(), strict=True):
        assert {one.name: (one.measure.name,) for one in definitions} == {
            name: condition.measures for name, condition in declared.items()
        }


@pytest.mark.parametrize(
    ("improves", "low", "high", "direction"),
    [
        (1, 0.1, 0.2, "improves"), (1, -0.2, -0.1, "gets worse"), (-1, 0.1, 0.2, "gets worse"),
        (-1, -0.2, -0.1, "improves"), (1, -0.1, 0.1, "open"), (-1, NAN, NAN, "open"),
    ],
)  # fmt: skip
def test_the_interval_decides_what_improves(improves: int, low: float, high: float, direction: str) -> None:
    assert Definition("x", CATALOGUE[0], improves).direction(low, high) == direction  # type: ignore[arg-type]
