"""Declared measures: what they compute, and that what they print is made of the same sums."""

import math
import re

import numpy as np
import pytest

from glasshouse.model import ArmsRatioMeasure, CorrelationMeasure, Quantity, RatioMeasure, Sum, Sums, moments
from glasshouse.model.measures import CATALOGUE, PAIRINGS
from glasshouse.model.mechanisms import CATALOGUE as COMPONENTS
from glasshouse.model.pairing import paired_sums
from glasshouse.model.ratio_measure import Combination, DeclaredMeasure
from glasshouse.model.terms import TERMS

DECLARED = tuple(Sum(name, "cases", name) for name in ("first", "second", "third"))


class Rate(RatioMeasure):
    """A yearly rate."""

    name, title, unit, better, source = "rate", "Rate", "per year", "more", "definition"
    numerator, denominator, factor = "first - second", "third", 5200.0
    terms = {"first": "cases begun"}


class Avoided(ArmsRatioMeasure):
    """A share avoided."""

    name, title, unit, better, source = "avoided", "Avoided", "share", "more", "definition"
    numerator, denominator, complement = "regime.first", "reference.first", True


def test_a_ratio_computes_and_prints_the_same_sums() -> None:
    assert float(Rate.value(Sums(np.array([9, 4, 10]), DECLARED))) == 2600.0
    assert Rate.formula == "5,200 * (cases begun - second) / third"
    assert not Rate.is_between()


def test_a_ratio_between_arms_names_whose_sums_it_takes() -> None:
    arms = [Sums(np.array([first, 0, 0]), DECLARED) for first in (4, 1)]
    assert float(Avoided.between(arms[0], arms[1], arms[0])) == 0.75
    assert Avoided.formula == "1 - first in the regime / first in the reference"
    assert Avoided.is_between()


def test_moments_are_what_a_correlation_reads() -> None:
    class Tied(CorrelationMeasure):
        """Heights and weights."""

        name, title, unit, better, source = "tied", "Tied", "correlation", "more", "definition"
        count, x, y = "people", "height", "weight"

    declared = (
        Sum("people", "people", "people"),
        *moments(Quantity("height", "m", "h"), Quantity("weight", "kg", "w")),
    )
    x, y = np.array([1, 2, 4]), np.array([2, 3, 9])
    totals = np.array([3, x.sum(), (x * x).sum(), y.sum(), (y * y).sum(), (x * y).sum()])
    assert float(Tied.value(Sums(totals, declared))) == pytest.approx(np.corrcoef(x, y)[0, 1])
    assert math.isnan(Tied.value(Sums(0 * totals, declared)))
    assert Tied.formula == "correlation of height with weight over people"


def test_a_declared_measure_cannot_print_another_formula() -> None:
    with pytest.raises(TypeError, match="Odd declares a formula"):
        type("Odd", (Rate,), {"formula": "cases / cases"})


@pytest.mark.parametrize("text", ["", "first +", "first * second", "first second third", "2 + first"])
def test_what_is_no_combination_of_sums_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="names of sums"):
        Combination.parse(text)


def test_every_term_is_used_and_no_formula_shows_the_name_of_a_sum() -> None:
    declared = [measure for measure in CATALOGUE if issubclass(measure, DeclaredMeasure)]
    assert len(declared) > 65
    names = {total.name for component in COMPONENTS for total in component.sums} | {
        s.name for s in paired_sums(PAIRINGS)
    }
    quantities = {name.removesuffix("_squares") for name in names if name.endswith("_squares")}
    assert TERMS.keys() <= names | quantities
    for measure in declared:
        assert not re.search(r"[a-z]_[a-z]", measure.formula), measure.formula
