"""Scores of methods: what misleads is said to, and what does not is not."""

import sys

import numpy as np
import pytest

from glasshouse.analysis.audit.desk import Desk, Practice
from glasshouse.analysis.audit.least_requests import least_requests
from glasshouse.analysis.audit.methods import METHODS, Method
from glasshouse.analysis.audit.scoring import Question, scores
from tests.helpers.audits import GROUP, world


def test_methods_are_scored_against_the_truth() -> None:
    found = {
        one.method: one
        for one in scores(world(right=(0.06, 0.02)), Question(GROUP), Practice(cases=1_000), audits=2_000)
    }
    assert list(found) == [method.name for method in METHODS]
    assert found["files"].faults == ()
    assert found["files"].cases == 1_000
    assert found["files"].bias == pytest.approx(1.0, abs=0.03)
    assert found["files"].power > 0.9
    assert found["flag_rates"].cases == 0
    assert set(found["flag_rates"].faults) == {"false alarms", "intervals miss the truth"}
    assert set(found["complaints"].faults) == {"false alarms", "intervals miss the truth", "points the wrong way"}
    assert found["lot"].power < found["files"].power


def test_the_same_seed_gives_the_same_scores() -> None:
    one, same, other = (scores(world(), Question(GROUP), Practice(), audits=200, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_where_nobody_is_wrongly_listed_nothing_can_be_told() -> None:
    nobody = world(wrong=(0.0, 0.0))
    for one in scores(nobody, Question(GROUP), Practice(), audits=50):
        assert np.isnan(one.truth)
        assert np.isnan(one.covered)
        assert np.isnan(one.bias)
    assert [one.cases for one in least_requests(nobody, Question(GROUP))] == [None] * 4


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_ten_thousand_audits_of_one_population_are_drawn_at_once_and_not_one_by_one(method: Method) -> None:
    """As many calls for ten thousand as for ten: one by one they would take minutes."""

    def calls(audits: int) -> int:
        counted = 0

        def count(*_: object) -> None:
            nonlocal counted
            counted += 1

        desk = Desk(world(), GROUP, Practice(), np.random.Generator(np.random.Philox(1)), audits)
        sys.setprofile(count)
        try:
            found = method.audit(desk)
        finally:
            sys.setprofile(None)
        assert len(found.finding) == audits
        return counted

    assert calls(10_000) < 2 * calls(10)
