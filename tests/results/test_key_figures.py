"""The sentence says what the intervals allow and no more."""

import math

import pytest

from glasshouse.model.measure import Measure
from glasshouse.model.measures.governance import GovernanceSoon
from glasshouse.model.measures.listing import ListedShare, UnlawfulShare
from glasshouse.model.measures.speech import Chilling, Control
from glasshouse.results import key_figures
from glasshouse.results.estimate import Estimate

UP, DOWN, OPEN = (0.2, 0.1, 0.3), (-0.2, -0.3, -0.1), (0.1, -0.1, 0.3)
NONE = (math.nan, math.nan, math.nan)


def sentence(control: tuple[float, ...], governance: tuple[float, ...], chilling: tuple[float, ...] = UP) -> str:
    given = {Control: control, GovernanceSoon: governance, Chilling: chilling, ListedShare: UP}

    def effect(measure: type[Measure]) -> Estimate:
        return Estimate(
            *given[measure], 5, 5, "cannot be told from 5 replicates" if math.isnan(given[measure][1]) else ""
        )

    levels = {"reference": Estimate(0.33, 0.27, 0.40, 5), "regime": Estimate(0.55, 0.43, 0.67, 5)}
    by_law = {"reference": Estimate(0.6, 0.5, 0.7, 5), "regime": Estimate(0.71, 0.65, 0.77, 5)}
    return key_figures.sentence(effect, lambda measure, arm: (by_law if measure is UnlawfulShare else levels)[arm])


def test_complaints_are_many_and_protest_is_one() -> None:
    text = sentence((0.0, 0.0, 0.0), OPEN, OPEN)
    assert "protest shows no change" in text
    assert "complaints about the same problem show no certain change, −10 % (−30 to 10)" in text
    assert "complaints about the same problem show no change" in sentence(UP, UP, (0.0, 0.0, 0.0))


def test_what_cannot_be_compared_is_said_to_be_undefined_and_how_often() -> None:
    nowhere = Estimate(math.nan, math.nan, math.nan, 0, 3)
    text = key_figures.sentence(lambda _: nowhere, lambda _, arm: Estimate(0.3, 0.2, 0.4, 3))
    assert "protest cannot be compared (undefined in 3 of 3 replicates)" in text


@pytest.mark.parametrize(
    ("control", "governance", "said"),
    [
        (UP, DOWN, "protest falls by 20 % (10 to 30) while the share"),
        (UP, DOWN, "within 12 weeks falls by 20 percentage points (10 to 30)"),
        (UP, OPEN, "and the share of problems that the state solves within 12 weeks shows no certain change"),
        (UP, UP, "protest falls by 20 % (10 to 30) and the share"),
        (UP, UP, "rises by 20 percentage points (10 to 30)"),
        (DOWN, DOWN, "protest rises by 20 % (10 to 30) and"),
        (OPEN, DOWN, "protest shows no certain change, −10 % (−30 to 10) and"),
        (NONE, DOWN, "protest cannot be compared"),
        ((1.0, math.nan, math.nan), DOWN, "the change in protest cannot be told from 5 replicates and"),
        ((0.79, -6630.0, 1.0), DOWN, "the change in protest cannot be told from 5 replicates and"),
        ((0.0, 0.0, 0.0), DOWN, "protest shows no change and"),
    ],
)
def test_words_follow_the_intervals(control: tuple[float, ...], governance: tuple[float, ...], said: str) -> None:
    assert said in sentence(control, governance)


def test_wrongful_restrictions_and_silence_are_reported() -> None:
    text = sentence(UP, DOWN, DOWN)
    assert "complaints about the same problem rise by 20 %" in text
    assert (
        "55 % (43 to 67) of restrictions are wrong by the regime's own rule, against 33 % (27 to 40) without it, "
        "and 71 % (65 to 77) by law, against 60 % (50 to 70) without it." in text
    )
    assert "more adults are restricted at any time (55 %, against 33 % without it)" in text


def test_no_change_without_an_interval_is_said_as_such() -> None:
    level = Estimate(0.3, 0.2, 0.4, 1)
    for reason in ("one replicate, no interval", "none in 5 replicates"):
        zero = Estimate(0.0, math.nan, math.nan, 1, 1, reason)
        text = key_figures.sentence(lambda _, found=zero: found, lambda _, arm: level)  # type: ignore[misc]
        assert f"within 12 weeks shows no change ({reason}), " in text
        assert "0.0" not in text
        assert "as many adults are restricted" in text


def test_intervals_are_said_to_hold_monte_carlo_noise_alone() -> None:
    assert "reflect Monte Carlo variation only, not parameter uncertainty" in key_figures.certainty(5)
    assert "there is no interval" in key_figures.certainty(1)


def test_without_intervals_nothing_is_called_opposed() -> None:
    one = Estimate(0.2, math.nan, math.nan, 1)
    assert not key_figures.opposed(one, one)


def test_what_the_interval_leaves_open_is_not_called_opposed() -> None:
    avoided, unsure, unchanged = Estimate(0.2, 0.1, 0.3, 5), Estimate(0.0, -0.1, 0.1, 5), Estimate(0.0, 0.0, 0.0, 5)
    assert not key_figures.opposed(avoided, unsure)
    assert key_figures.opposed(avoided, unchanged)


def test_a_welfare_office_is_asked_about_investigations_and_not_about_protest() -> None:
    """With the share of those drawn by lot only where there is one."""
    figures = {"investigated": 14.2, "investigated_for_nothing": 12.1, "hit_rate": 0.44, "wrong_of_found": 0.25}

    def level(measure: type[Measure], arm: str) -> Estimate:
        mean = figures.get(measure.name, math.nan) * (0.5 if arm == "reference" else 1.0)
        return Estimate(mean, 0.9 * mean, 1.1 * mean, 5)

    text = key_figures.screened_sentence(level)
    assert "14.2 (12.8 to 15.6) of 1,000 recipients are investigated" in text
    assert "12.1 (10.9 to 13.3) of them with nothing irregular, against 6.0" in text
    assert "44 % (40 to 48) of those selected are found irregular, and 25.0 %" in text
    assert "lot" not in text
    assert "protest" not in text
    figures["hit_rate_lot"] = 0.03
    assert (
        "found irregular, and 3.00 % (2.70 to 3.30) of those drawn by lot, and 25.0 %"
        in key_figures.screened_sentence(level)
    )
