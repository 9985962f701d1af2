"""The sentence says what the intervals allow and no more."""

import math

import numpy as np
import pytest

from glasshouse.model.measure import Measure
from glasshouse.model.measures.governance import GovernanceSoon
from glasshouse.model.measures.listing import ListedShare
from glasshouse.model.measures.speech import Chilling, Control
from glasshouse.results import key_figures
from glasshouse.results.estimate import Estimate

UP, DOWN, OPEN = (0.2, 0.1, 0.3), (-0.2, -0.3, -0.1), (0.1, -0.1, 0.3)
NONE = (math.nan, math.nan, math.nan)


def sentence(control: tuple[float, ...], governance: tuple[float, ...], chilling: tuple[float, ...] = UP) -> str:
    given = {Control: control, GovernanceSoon: governance, Chilling: chilling, ListedShare: UP}

    def effect(measure: type[Measure]) -> Estimate:
        return Estimate(*given[measure], 5)

    return key_figures.sentence(effect, lambda *_: np.array([0.5, 0.6, 0.55]))


@pytest.mark.parametrize(
    ("control", "governance", "said"),
    [
        (UP, DOWN, "protest falls by 20 % (10 to 30) while the share"),
        (UP, DOWN, "within 12 weeks falls by 20 percentage points (10 to 30)"),
        (UP, OPEN, "while the share of problems that the state solves within 12 weeks shows no certain change"),
        (UP, UP, "protest falls by 20 % (10 to 30) and the share"),
        (UP, UP, "rises by 20 percentage points (10 to 30)"),
        (DOWN, DOWN, "protest rises by 20 % (10 to 30) and"),
        (OPEN, DOWN, "protest shows no certain change, −10 % (−30 to 10) and"),
        (NONE, DOWN, "protest cannot be compared"),
    ],
)
def test_words_follow_the_intervals(control: tuple[float, ...], governance: tuple[float, ...], said: str) -> None:
    assert said in sentence(control, governance)


def test_wrongful_restrictions_and_silence_are_reported() -> None:
    text = sentence(UP, DOWN, DOWN)
    assert "complaints about the same problem rise by 20 %" in text
    assert "55 % (43 to 67) of restrictions are wrong by the regime's own rule." in text


def test_without_intervals_nothing_is_called_opposed() -> None:
    one = Estimate(0.2, math.nan, math.nan, 1)
    assert not key_figures.opposed(one, one)
