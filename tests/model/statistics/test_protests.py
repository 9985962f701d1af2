"""Protest events against the number that chance alone brings together.

Given a week's state, protests are independent, so that what is observed less what is expected of each week adds up to a
martingale whose variance is known. Checks are at 4.5 standard errors with fixed seeds: of these six one would fail by chance
in about 25,000 sets of seeds.
"""

from functools import cache
from typing import Any

import numpy as np
import pytest

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.model.crowds import BY_CHANCE
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.response import Response
from glasshouse.model.mechanisms.shocks import Shocks
from glasshouse.model.mechanisms.voice import Voice
from tests.helpers.populations import adults, arm_state, bytes_of

LAYOUT = ModelLayout(CATALOGUE)
PEOPLE, DISTRICT, WEEKS = 16_384, 1024, 156


@cache
def lived(**voice: Any) -> tuple[dict[str, float], np.ndarray, bytes]:
    """Sums over all weeks, the pull of each district at the end, and all bytes of the arm."""
    table = Voice(**{"threshold_protest": 1.4, "pull_protest": 0.0, "safety": 0.0, **voice})
    state = arm_state(LAYOUT, adults(PEOPLE, district=DISTRICT), (table, Shocks(rate=0.0), Response(memory=0.5)))
    backend, totals = CompiledBackend(LAYOUT, PAIRINGS, threads=1), np.zeros(len(LAYOUT.sums))
    for week in range(WEEKS):
        backend.step(state, 5, week)
        totals += state.totals.sum(axis=(0, 1))
    found = {total.name: value / total.scale for total, value in zip(LAYOUT.sums, totals, strict=True)}
    return found, state.districts["local_pull"].copy(), bytes_of(state)


def crowds(found: dict[str, float]) -> float:
    return found["crowds_small"] + found["crowds_middle"] + found["crowds_large"]


def test_without_a_pull_events_are_as_many_as_chance_brings_together() -> None:
    found, _, _ = lived(pull_local=0.0)
    district_weeks = WEEKS * PEOPLE / DISTRICT
    assert found["protests"] > 400
    assert abs(found["protests"] - found["protests_alone"]) < 4.5 * found["protests_alone"] ** 0.5
    assert found["protests_alone"] == pytest.approx(found["protests_expected"], rel=1e-6)
    expected = found["events_small_alone"]
    assert expected > 100
    assert abs(found["events_small"] - expected) < 4.5 * expected**0.5
    assert crowds(found) < BY_CHANCE * district_weeks + 4.5 * (BY_CHANCE * district_weeks) ** 0.5


def test_with_a_local_pull_more_come_together_and_crowds_grow() -> None:
    apart, _, _ = lived(pull_local=0.0)
    found, pull, _ = lived(pull_local=1.2)
    assert found["events_small"] - found["events_small_alone"] > 4.5 * found["events_small"] ** 0.5
    assert crowds(found) > crowds(apart) + 4.5 * crowds(found) ** 0.5
    assert 0 < pull.max() <= 1.2
    # What those would do who come each for themselves is none of it: it moves with grievance and fear alone.
    assert found["protests_alone"] == pytest.approx(apart["protests_alone"], rel=0.1)


def test_ties_alone_draw_a_few_and_count_as_that() -> None:
    apart, _, _ = lived(pull_local=0.0)
    tied, _, _ = lived(pull_local=0.0, pull_protest=8.0)
    assert tied["protests_alone"] < tied["protests_expected"]
    assert tied["protests"] > apart["protests"]


def test_a_pull_of_zero_leaves_equal_bytes_whatever_gives_half_of_it() -> None:
    found, pull, left = lived(pull_local=0.0)
    other, _, again = lived(pull_local=0.0, half_local=0.01)
    assert (pull == 0).all()
    assert left == again
    assert found == other
