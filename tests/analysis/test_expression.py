"""Expressions: when a condition holds, what a quantity is, and what is refused."""

import math

import numpy as np
import pytest

from glasshouse.analysis.expression import Expression, parse_condition, parse_quantity
from glasshouse.errors import ScenarioError
from tests.helpers.claims import KNOWN


def holds(text: str, **values: float | list[float]) -> list[float]:
    arrays = {name.replace("__", "."): np.atleast_1d(np.array(value, float)) for name, value in values.items()}
    return parse_condition(text, KNOWN).holds(arrays).tolist()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("control > 0.1", [0.0, 1.0, 1.0]),
        ("control > 0.1 and governance < 0", [0.0, 1.0, 0.0]),
        ("control > 0.1 or governance < 0", [0.0, 1.0, 1.0]),
        ("not control > 0.1", [1.0, 0.0, 0.0]),
        ("not (control > 0.1 and governance < 0) and records >= 2", [0.0, 0.0, 1.0]),
        ("0 < control <= 0.2", [0.0, 1.0, 0.0]),
        ("-control < governance * 2 - records / 4", [1.0, 0.0, 1.0]),
        ("records.regime - records.reference > 0.5", [0.0, 0.0, 1.0]),
        ("0 < control < 0.3 < records < 3", [0.0, 1.0, 0.0]),
    ],
)
def test_an_expression_holds_where_its_words_say(text: str, answer: list[float]) -> None:
    values = {"control": [0.0, 0.2, 0.5], "governance": [0.1, -0.1, 0.2], "records": [0.0, 1.0, 2.0]}
    levels = {"records__regime": [1.0, 1.0, 3.0], "records__reference": [1.0, 1.0, 2.0]}
    assert holds(text, **values, **levels) == answer


def test_it_is_undefined_wherever_something_in_it_is() -> None:
    values = {"control": [math.nan, 1.0, 1.0], "governance": [1.0, 0.0, math.inf]}
    for text in ("control > 0 and governance > 5", "governance > -5 or control > 0", "not control + governance > 0"):
        assert np.isnan(holds(text, **values)).tolist() == [True, False, True]
    assert np.isnan(holds("control / governance > 0", control=1.0, governance=0.0)).all()
    assert np.isnan(holds("1 / (control / governance) < 1", control=1.0, governance=0.0)).all()


def test_the_margin_is_above_zero_where_it_holds_in_standard_deviations() -> None:
    """By hand: control has the standard deviation 2, governance 1 over the four points."""
    values = {"control": np.array([1.0, 5.0, 1.0, 5.0]), "governance": np.array([-1.0, -1.0, 1.0, 1.0])}
    for text, margin in (
        ("control > 3", [-1, 1, -1, 1]),
        ("control <= 3", [1, -1, 1, -1]),
        ("control > 2 and governance < 0.5", [-0.5, 1.5, -0.5, -0.5]),
        ("control > 2 or governance < 0.5", [1.5, 1.5, -0.5, 1.5]),
        ("not control > 2", [0.5, -1.5, 0.5, -1.5]),
    ):
        one = parse_condition(text, KNOWN)
        assert one.margin(values).tolist() == margin
        assert ((one.margin(values) > 0) == (one.holds(values) == 1)).all()
    assert np.isnan(parse_condition("control > 0", KNOWN).margin({"control": np.array([math.nan, 1.0])})).tolist() == [
        True,
        False,
    ]


def test_names_are_listed_once_and_the_arms_separately() -> None:
    one = parse_condition("records.regime > 1 and records < 2 and records.regime < 9 and control > 0", KNOWN)
    assert one.names == ("records.regime", "records", "control")
    assert one.measures == ("records", "control")


@pytest.mark.parametrize(
    ("text", "sign"),
    [("control > 0", ("control", 1)), ("reaching_centre < 0", ("reaching_centre", -1)), ("control > 0.1", None), ("control >= 0", None),
     ("0 < control", None), ("control > 0 and reaching_centre < 0", None)],
)  # fmt: skip
def test_the_sign_of_one_measure_is_read_from_an_expression(text: str, sign: tuple[str, int] | None) -> None:
    assert parse_condition(text, KNOWN).sign == sign


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("controll > 0", r"measure controll is not known\. Did you mean control\?"),
        ("records.regim > 0", r"Did you mean records\.regime\?"),
        ("chilling.regime > 0", r"chilling exists only between the two arms and has no regime"),
        ("control", r"`control` is a number, not something that holds or does not"),
        ("control and governance > 0", r"`control` is a number, where something that holds or not is expected"),
        ("(control > 0) + 1 > 0", r"`control > 0` holds or does not, where a number is expected"),
        ("not control", r"`control` is a number, where"),
        ("control == 0", r"compares otherwise than by <, <=, > or >="),
        ("control in (1, 2)", r"compares otherwise"),
        ("control ** 2 > 0", r"`control \*\* 2` is nothing that an expression may hold"),
        ("max(control, 1) > 0", r"`max\(control, 1\)` is nothing"),
        ("control.__class__.__mro__ > 0", r"is nothing that an expression may hold"),
        ("__import__('os').system('true') > 0", r"is nothing that an expression may hold"),
        ("[c for c in (1,)] > 0", r"is nothing that"),
        ("(lambda: 1)() > 0", r"is nothing that"),
        ("control > 'a'", r"`'a'` is no number"),
        ("control > True", r"`True` is no number"),
        ("control > 1j", r"`1j` is no number"),
        ("control > 1e999", r"is no number"),
        (f"control > {'9' * 400}", r"is no number"),
        ("control > 0 # and governance < 0", r"`#`, and what follows would not count"),
        ("control >", r"not complete or not in order"),
        ("control > 0; governance", r"not complete or not in order"),
        ("control := 1", r"not complete or not in order"),
        ("", r"has 0 characters"),
        ("control > 0 or " * 100 + "control > 0", r"1 to 1,000 are expected"),
        ("(" * 400 + "control" + ")" * 400 + " > 0", r"cannot be read|not complete"),
        ("1 > 0", r"names no measure"),
        ("contrl > 0 and govrnance > 0", r"contrl.*\n.*govrnance"),
    ],
)  # fmt: skip
def test_what_is_no_expression_is_refused_with_the_reason(text: str, fault: str) -> None:
    with pytest.raises(ScenarioError, match=fault):
        parse_condition(text, KNOWN)


def test_an_expression_is_equal_to_another_of_the_same_text() -> None:
    assert parse_condition("control > 0", KNOWN) == parse_condition("control  >  0", KNOWN)
    assert isinstance(parse_condition("control > 0", KNOWN), Expression)


# ------------------------------------------------------------------------------------------------------------- quantities


def test_a_quantity_is_arithmetic_over_whatever_is_named() -> None:
    one = parse_quantity("-(a + 1) * b / weeks")
    assert one.names == ("a", "b", "weeks")
    assert one.value({"a": np.array([1.0, 3.0]), "b": np.array([2.0, 2.0]), "weeks": np.asarray(4.0)}).tolist() == [
        -1.0,
        -2.0,
    ]


def test_a_quantity_is_undefined_where_it_divides_by_zero() -> None:
    assert np.isnan(parse_quantity("a / b").value({"a": np.array([1.0]), "b": np.array([0.0])})).all()
    assert np.isnan(parse_quantity("1 / (a / b)").value({"a": np.array([1.0]), "b": np.array([0.0])})).all()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a > 1", "`a > 1` holds or does not, where a number is expected"),
        ("a + (b > 1)", "`b > 1` holds or does not, where a number is expected"),
        ("a.regime", "`a.regime` is nothing that an expression may hold"),
        ("a // b", "`a // b` is nothing that an expression may hold. Write, for instance, listed / adults"),
        ("2 * 3", "names no sum"),
        ("a / True", "is no number"),
        ("a /", "not complete or not in order"),
    ],
)
def test_what_is_no_quantity_is_refused_with_the_reason(text: str, fault: str) -> None:
    with pytest.raises(ScenarioError, match=fault):
        parse_quantity(text)
