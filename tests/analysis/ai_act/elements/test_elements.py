"""The elements and their formulas on tables made by hand."""

import math

import numpy as np
import pytest

from glasshouse.analysis.ai_act.elements import ELEMENTS
from glasshouse.analysis.ai_act.elements.conditions import slope
from glasshouse.analysis.ai_act.elements.evaluation import information


def test_the_elements_stand_in_the_order_of_the_article_with_their_paragraphs() -> None:
    assert [e.letter for e in ELEMENTS] == ["A", "B1", "B2", "B3", "B4", "C0", "C1", "C-i", "C-ii", "D", "E"]
    assert [e.letter for e in ELEMENTS if not e.questions] == ["A", "E"]
    for element in ELEMENTS:
        assert element.asks.rstrip(".").endswith("?") or "?" in element.asks
        assert element.paragraphs


def test_every_question_says_how_it_is_counted_and_what_it_rests_on() -> None:
    questions = [question for element in ELEMENTS for question in element.questions]
    names = [question.name for question in questions]
    assert len(names) == len(set(names)) > 45
    for question in questions:
        assert len(question.counted) > 5, question.name
        assert len(question.assumption) > 15, question.name
        numbers = [int(part) for part in question.paragraphs.replace("–", ", ").split(", ")]
        assert all(146 <= number <= 183 for number in numbers), question.name


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


def test_the_slope_is_that_of_the_line_through_the_people() -> None:
    harm = np.array([0.0, 1.0, 2.0, 4.0])
    sanction = 0.5 + 2.0 * harm
    moments = np.array([4, harm.sum(), sanction.sum(), (harm * harm).sum(), (harm * sanction).sum()])
    assert slope(moments) == pytest.approx(2.0)
    assert np.isnan(slope(np.array([4, 0, 2, 0, 0])))
