"""Formulas of elements C0 and C1: whether the score decides, and how people are treated."""

import numpy as np
import pytest

from glasshouse.analysis.ai_act.elements.treatment import TREATMENT
from glasshouse.analysis.ai_act.totals import YEAR
from glasshouse.analysis.ai_act.variants import NEUTRAL, REGIME, SEPARATE
from glasshouse.model.entities import CELLS, DEFAULT_GROUPS
from tests.helpers.evidence import set_sum, statistics

QUESTIONS = {question.name: question for element in TREATMENT for question in element.asked(DEFAULT_GROUPS)}


def test_restrictions_that_fall_away_are_those_of_the_variant() -> None:
    run = statistics()
    run.totals.restrictions.weeks[:2] = 6, 4
    run.totals.variants[NEUTRAL].vanished[:2] = 6, 3
    run.totals.variants[SEPARATE].vanished[0] = 2
    assert QUESTIONS["decisive"].formula(run) == pytest.approx(0.9)
    assert QUESTIONS["imported"].formula(run) == pytest.approx(0.2)


@pytest.mark.parametrize("group", DEFAULT_GROUPS)
def test_the_loss_of_a_group_is_counted_over_its_own_cells(group: str) -> None:
    run = statistics("hardship_sum", "adults")
    inside = np.array([cell & 2 ** DEFAULT_GROUPS.index(group) > 0 for cell in range(CELLS)])
    for arm in (REGIME, NEUTRAL):
        set_sum(run, arm, "adults", 100)
    set_sum(run, REGIME, "hardship_sum", np.where(inside, 30, 1000))
    set_sum(run, NEUTRAL, "hardship_sum", np.where(inside, 10, 0))
    gap = QUESTIONS[f"gap_{group.replace(' ', '_')}"].formula(run)
    assert gap == pytest.approx(YEAR * 0.2)
