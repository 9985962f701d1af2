"""The audited population: shares that add up, and a truth that can be set."""

from dataclasses import replace

import numpy as np
import pytest

from glasshouse.analysis.audit.desk import Practice
from glasshouse.analysis.audit.draws import _figures
from glasshouse.analysis.audit.scoring import Question, scores
from glasshouse.analysis.audit.world import World
from glasshouse.errors import AnalysisError
from tests.helpers.audits import GROUP, NAMES, cross_count, world

RIGHT, WRONG, UNDESERVED = (1, 0, 0, 1, 1, 0), (1, 1, 0, 0, 1, 0), (1, 0, 1, 0, 0, 0)
NOT_FLAGGED = (0, 0, 0, 0, 0, 0)


def test_shares_follow_from_counts() -> None:
    counted = cross_count(
        cell0={NOT_FLAGGED: 880, RIGHT: 10, WRONG: 10}, cell1={NOT_FLAGGED: 91, RIGHT: 3, WRONG: 4, UNDESERVED: 2}
    )
    found = World.of(counted)
    assert found.adults[:2].tolist() == [0.9, 0.1]
    assert found.wrong[:2].tolist() == [0.01, 0.004]
    assert found.right[:2].tolist() == [0.01, 0.005]
    assert found.share(GROUP) == pytest.approx(0.1)
    assert found.truth(GROUP) == pytest.approx(0.04 * 90)
    by_conduct = World.of(counted, "conduct")
    assert by_conduct.wrong[:2].tolist() == [0.0, 0.002]
    assert np.isnan(by_conduct.truth(GROUP))
    by_law = World.of(counted, "law")
    assert by_law.wrong[:2].tolist() == [0.01, 0.003]
    assert by_law.right[:2].tolist() == [0.01, 0.006]


def test_appeals_are_counted_by_whether_the_listing_is_wrong() -> None:
    none, waiting, refused, won = ((1, 1, 0, 0, 0, place) for place in range(4))
    counted = cross_count(cell0={none: 4, waiting: 3, refused: 2, won: 1, RIGHT: 5}, cell1={NOT_FLAGGED: 10})
    found = World.of(counted)
    assert found.appeals[1, :, 0].tolist() == [0.6, 0.3, 0.1]
    assert found.appeals[0, :, 0].tolist() == [0.0, 0.0, 0.0]
    assert found.appeals[1, :, 1].tolist() == [0.6, 0.3, 0.1], "nobody is listed there: those of all stand in"


@pytest.mark.parametrize("times", [0.5, 1.0, 2.0])
def test_the_ratio_is_set_and_nothing_else_changes(times: float) -> None:
    before = world()
    for group in NAMES:
        found = before.with_ratio(group, times)
        assert found.truth(group) == pytest.approx(times)
        assert found.wrong.sum() == pytest.approx(before.wrong.sum())
        assert (found.right == before.right).all()
        assert (found.appeals == before.appeals).all()
    equal = before.with_ratio(GROUP, 1.0)
    assert [equal.truth(group) for group in NAMES] == pytest.approx([1.0] * 4)


def test_a_difference_that_more_than_all_would_have_to_be_listed_for_is_refused() -> None:
    many = replace(world(), right=0.9 * world().adults, wrong=0.08 * world().adults)
    assert many.is_possible
    with pytest.raises(AnalysisError, match="cannot be wrongly listed 3 times as often"):
        scores(many, Question(GROUP, times=3.0), Practice(cases=100), audits=10)
    assert [figure for _, figure, _ in _figures(many, Question(GROUP, times=3.0), Practice(cases=100), 0)] == ["truth"]
