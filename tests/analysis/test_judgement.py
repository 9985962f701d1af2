"""A condition judged on one run, by intervals."""

import math

import pytest

from glasshouse.analysis.expression import names_of, parse_condition
from glasshouse.analysis.judgement import judge
from glasshouse.model.measures import CATALOGUE
from glasshouse.results.estimate import Estimate

FIGURES = {
    "control": Estimate(0.24, -0.92, 1.40, 3),
    "governance": Estimate(-0.012, -0.014, -0.010, 3),
    "chilling": Estimate(0.06, 0.05, 0.07, 3),
    "listed_share.regime": Estimate(0.02, 0.01, 0.03, 3),
    "listed_share.reference": Estimate(0.004, math.nan, math.nan, 1),
    "trap": Estimate(math.nan, math.nan, math.nan, 0),
}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("control > 0", "open"),
        ("governance < 0", "holds"),
        ("governance > 0", "fails"),
        ("governance >= -0.010", "open"),
        ("control > 0 and governance > 0", "fails"),
        ("control > 0 or governance < 0", "holds"),
        ("not governance < 0", "fails"),
        ("-0.02 < governance < 0", "holds"),
        ("chilling - governance > 0.05", "holds"),
        ("chilling / governance < -3", "holds"),
        ("chilling / control > 0", "open"),
        ("chilling * -1 < -0.06", "open"),
        ("listed_share.regime > listed_share.reference", "open"),
        ("trap > 0 or governance < 0", "undefined"),
    ],
)
def test_the_intervals_decide(text: str, answer: str) -> None:
    assert judge(parse_condition(text, names_of(CATALOGUE)), FIGURES) == answer
