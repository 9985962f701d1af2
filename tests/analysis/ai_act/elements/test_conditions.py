"""Formulas of elements C-i to E: unrelated contexts and proportion."""

import numpy as np
import pytest

from glasshouse.analysis.ai_act.elements.conditions import LIMBS, slope
from glasshouse.analysis.ai_act.variants import RELATED_ONLY, WITHOUT_UNRELATED
from tests.helpers.evidence import statistics

QUESTIONS = {question.name: question for element in LIMBS for question in element.questions}


def test_the_slope_is_that_of_the_line_through_the_people() -> None:
    harm = np.array([0.0, 1.0, 2.0, 4.0])
    sanction = 0.5 + 2.0 * harm
    moments = np.array([4, harm.sum(), sanction.sum(), (harm * harm).sum(), (harm * sanction).sum()])
    assert slope(moments) == pytest.approx(2.0)
    assert np.isnan(slope(np.array([4, 0, 2, 0, 0])))


def test_the_slope_is_undefined_where_all_did_the_same_harm() -> None:
    assert np.isnan(slope(np.array([3.0, 6.0, 5.0, 12.0, 10.0])))


def test_each_cut_of_data_counts_the_sanctions_of_its_own_variant() -> None:
    run = statistics()
    run.totals.restrictions.sanction[0] = 10.0
    run.totals.variants[WITHOUT_UNRELATED].sanction_vanished[0] = 2.0
    run.totals.variants[RELATED_ONLY].sanction_vanished[0] = 5.0
    assert QUESTIONS["leak"].formula(run) == pytest.approx(0.2)
    assert QUESTIONS["leak_arguable"].formula(run) == pytest.approx(0.5)
