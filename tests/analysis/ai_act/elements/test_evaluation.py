"""Formulas of elements A and B: what the score is made of and what it tells."""

import math

import numpy as np
import pytest

from glasshouse.analysis.ai_act.elements.evaluation import EVALUATION, information
from glasshouse.analysis.ai_act.record_kinds import OF_THE_FOUR
from glasshouse.model.agencies import COURT
from glasshouse.model.entities import DEFAULT_GROUPS
from tests.helpers.evidence import statistics

QUESTIONS = {question.name: question for element in EVALUATION for question in element.asked(DEFAULT_GROUPS)}


def test_a_perfect_score_removes_all_uncertainty() -> None:
    later = np.zeros((1, 4, 2))
    later[0, 0, 0] = later[0, 3, 1] = 50
    assert information(later) == pytest.approx([1.0, 1.0])


def test_an_uninformative_score_has_no_bits() -> None:
    later = np.full((2, 4, 2), 10.0)
    assert information(later) == pytest.approx([0.0, 1.0])


def test_half_the_story_by_hand() -> None:
    """Classes 0 and 1 hold 50 each; of the first all are free, of the second half: 1 - H(1/4) + H(1/2)/2 as usual."""
    later = np.zeros((1, 4, 2))
    later[0, 0] = 50, 0
    later[0, 1] = 25, 25
    after = -(0.75 * math.log2(0.75) + 0.25 * math.log2(0.25))
    assert information(later) == pytest.approx([after - 0.5, after])


def test_without_people_there_is_no_information() -> None:
    assert np.isnan(information(np.zeros((4, 4, 2)))).all()


def test_the_half_life_of_an_agency_follows_from_its_own_losses() -> None:
    run = statistics()
    run.totals.files.at_risk[:], run.totals.files.lost[:] = 1000, 500
    run.totals.files.lost[COURT] = 100
    assert QUESTIONS["half_life"].formula(run) == pytest.approx(1.0)
    assert QUESTIONS["half_life_court"].formula(run) == pytest.approx(math.log(2) / -math.log(0.9))
    run.totals.files.lost[COURT] = 0
    assert np.isnan(QUESTIONS["half_life_court"].formula(run))


def test_the_variance_from_false_records_is_a_share_of_all_of_it() -> None:
    run = statistics()
    wrong = [number for number, kind in enumerate(OF_THE_FOUR.kinds) if not kind.rightful]
    run.totals.scores.covariance[wrong] = 1.0
    run.totals.scores.variance[...] = 4.0 * len(wrong)
    whole = run.totals.scores.variance.sum()
    expected = run.totals.scores.covariance.sum() / whole
    assert QUESTIONS["variance_wrongful"].formula(run) == pytest.approx(expected)
