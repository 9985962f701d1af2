"""The catalogue of elements: their order, and what each question declares."""

from glasshouse.analysis.ai_act.elements import ELEMENTS
from glasshouse.model.entities import GROUPS


def test_the_elements_stand_in_the_order_of_the_article_with_their_paragraphs() -> None:
    assert [e.letter for e in ELEMENTS] == ["A", "B1", "B2", "B3", "B4", "C0", "C1", "C-i", "C-ii", "D", "E"]
    assert [e.letter for e in ELEMENTS if not e.questions] == ["A", "E"]
    for element in ELEMENTS:
        assert element.asks.rstrip(".").endswith("?") or "?" in element.asks
        assert element.paragraphs


def test_every_question_says_how_it_is_counted_and_what_it_rests_on() -> None:
    questions = [question for element in ELEMENTS for question in element.asked(GROUPS)]
    names = [question.name for question in questions]
    assert len(names) == len(set(names)) > 45
    for question in questions:
        assert len(question.counted) > 5, question.name
        assert len(question.assumption) > 15, question.name
        numbers = [int(part) for part in question.paragraphs.replace("–", ", ").split(", ")]
        assert all(146 <= number <= 183 for number in numbers), question.name
