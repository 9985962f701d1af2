"""What formulas of elements read, and the scales of their intervals."""

import numpy as np
import pytest

from glasshouse.analysis.ai_act.elements.element import Question
from glasshouse.analysis.ai_act.record_kinds import OF_THE_FOUR
from glasshouse.analysis.ai_act.variants import NEUTRAL, REGIME
from glasshouse.model.entities import CELLS, DEFAULT_GROUPS
from glasshouse.model.scale import IDENTITY, POSITIVE, SHARE, Scale
from tests.helpers.evidence import set_sum, statistics


@pytest.mark.parametrize(
    ("name", "unit", "scale"),
    [
        ("leak", "share", SHARE),
        ("gap_minority", "ww per adult and year", IDENTITY),
        ("variance_police", "share", IDENTITY),
        ("half_life", "weeks", POSITIVE),
    ],
)
def test_the_scale_follows_from_name_and_unit(name: str, unit: str, scale: Scale) -> None:
    question = Question(name, "Title", unit, lambda run: 0.0, "counted", "assumption", "166")
    assert question.scale is scale


@pytest.mark.parametrize("group", DEFAULT_GROUPS)
def test_a_group_and_everybody_else_are_all_cells(group: str) -> None:
    run = statistics()
    inside, others = run.group(group), run.group(group, inside=False)
    assert sorted(inside + others) == list(range(CELLS))
    assert all(cell & 2 ** DEFAULT_GROUPS.index(group) for cell in inside)


def test_sums_are_those_of_the_arm_and_the_cells_asked_for() -> None:
    run = statistics("adults")
    set_sum(run, REGIME, "adults", np.arange(CELLS))
    set_sum(run, NEUTRAL, "adults", 1)
    assert run.sums().adults == sum(range(CELLS))
    assert run.sums(cells=[1, 2]).adults == 3
    assert run.sums(NEUTRAL).adults == CELLS


def test_sanctions_rest_on_records_of_agencies_with_the_rating_in_that_context() -> None:
    run = statistics()
    run.totals.restrictions.flow[:, 0] = 1.0
    rated = run.ratings.rated("unrelated")[:, 0]
    assert run.resting_on("unrelated") == pytest.approx(rated[OF_THE_FOUR.owner].mean())
    assert run.resting_on("related", "arguable", "unrelated") == pytest.approx(1.0)
