"""The smallest set of safeguards that removes a share of a harm."""

from typing import Any

import pytest

from glasshouse.analysis.remedies.harms import harm
from glasshouse.analysis.remedies.outcomes import simulate
from glasshouse.analysis.remedies.remedy import SAFEGUARDS, Remedy, Treatment
from glasshouse.analysis.remedies.smallest_set import SetQuestion, smallest_sets
from glasshouse.errors import RunningError
from glasshouse.model.measure import Measure
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.scenario.scenario import Scenario, load, override

WRONG = harm("wrongly_restricted")
WEEK = 30


def scenario(**settings: Any) -> Scenario:
    return override(load("town"), {"weeks": 90, "replicates": 1, "redress.rate": 0.3, **settings})


def test_sets_are_tried_by_size_until_one_is_enough() -> None:
    found = smallest_sets(scenario(), SetQuestion(WRONG, 0.5, WEEK, ("notice", "hearing", "review")), threads=1)
    assert found[-1].safeguards == ("notice", "hearing", "review")
    sizes = [one.size for one in found[:-1]]
    assert sizes == sorted(sizes)
    smallest = max(sizes)
    assert any(one.enough for one in found if one.size == smallest)
    assert not any(one.enough for one in found if one.size < smallest)
    for size in sizes:
        removed = [one.removed.mean for one in found[:-1] if one.size == size]
        assert removed == sorted(removed, reverse=True)


def test_what_a_set_removes_is_the_difference_of_two_runs() -> None:
    found = smallest_sets(scenario(), SetQuestion(WRONG, 1.0, WEEK, ("hearing", "review"), largest=1), threads=1)
    both = {"both": Treatment((Remedy.named("hearing"), Remedy.named("review")), WEEK)}
    arms = simulate(scenario(), both, paired=False, threads=1)[0]
    regime, with_both, reference = (arms.figures(WRONG, name)[0] for name in ("regime", "both", "reference"))
    assert found[-1].removed.mean == pytest.approx((regime - with_both) / (regime - reference))


def test_no_smaller_set_is_tried_where_all_together_are_not_enough() -> None:
    found = smallest_sets(scenario(), SetQuestion(WRONG, 1.0, WEEK, ("kin", "notice")), threads=1)
    assert [one.safeguards for one in found] == [("kin", "notice")]
    assert not found[0].enough


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (SetQuestion(WRONG, 0.0, WEEK), "share is 0.0"),
        (SetQuestion(WRONG, 1.5, WEEK), "share is 1.5"),
        (SetQuestion(WRONG, 0.5, WEEK, largest=0), "largest is 0"),
        (SetQuestion(WRONG, 0.5, WEEK, ("stop",)), "stop: no such safeguard"),
    ],
)
def test_impossible_questions_are_refused(question: SetQuestion, message: str) -> None:
    with pytest.raises(RunningError, match=message):
        smallest_sets(scenario(), question)


def test_a_harm_that_the_regime_does_not_add_has_no_share() -> None:
    with pytest.raises(RunningError, match="adds nothing of wrongly_restricted"):
        smallest_sets(scenario(weeks=40, **{"run.start": 38}), SetQuestion(WRONG, 0.5, 39, ("hearing",)), threads=1)


def test_sets_are_sought_for_harms_alone_and_hold_safeguards_alone() -> None:
    """The boundary: nothing finds what controls people best or what keeps protest down."""
    state: list[type[Measure]] = [one for one in CATALOGUE if not one.people or one.better != "less"]
    assert len(state) > 20
    for one in state:
        with pytest.raises(RunningError, match="Sets of safeguards are sought for harms alone"):
            smallest_sets(scenario(), SetQuestion(one, 0.5, WEEK))
    levers = {name for name in Safeguards.model_fields if name not in ("review_accuracy", "hearing_answer")}
    assert set(SAFEGUARDS) == levers
    for name in SAFEGUARDS:
        kind = Remedy.named(name).kind
        assert (dict(kind.lists), kind.ends, kind.weeks) == ({}, False, 0)
