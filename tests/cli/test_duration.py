"""How long a command takes is said before it starts."""

import pytest

from glasshouse.cli.duration import in_words, of_draws, of_runs
from glasshouse.scenario.scenario import load


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "about a minute"),
        (60.0, "about a minute"),
        (61.0, "about 2 minutes"),
        (7199.0, "about 120 minutes"),
        (7200.0, "about 2 hours"),
    ],
)
def test_a_duration_is_rounded_up(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_the_sentence_has_the_arithmetic() -> None:
    scenario = load("town", ("society.citizens=12000", "run.weeks=500", "run.replicates=5"))
    assert of_runs(scenario, 5) == (
        "This takes about a minute (5 arms x 5 replicates x 12,000 citizens x 500 weeks, at 2.5 million citizen-weeks a "
        "second)."
    )
    assert "(2 arms x 1 replicate x " in of_runs(load("town"), 2)
    assert of_runs(scenario, 2, 10).startswith("This takes about 4 minutes (10 runs x 2 arms x 5 replicates x ")


def test_one_arm_is_not_called_arms() -> None:
    assert "(1 arm x 1 replicate x " in of_runs(load("town"), 1)


def test_each_draw_counts_one_replicate() -> None:
    scenario = load("town", ("society.citizens=12000", "run.weeks=500", "run.replicates=5"))
    assert of_draws(scenario, 1, 200).startswith("This takes about 8 minutes (200 runs x 1 arm x 1 replicate x ")
