"""How long a command takes, approximately, said before it starts."""

import math
from typing import TYPE_CHECKING

from glasshouse.engine.speed import SPEED

if TYPE_CHECKING:
    from glasshouse.scenario.scenario import Scenario


def in_words(seconds: float) -> str:
    """A duration in words.

    Parameters
    ----------
    seconds : float
        The duration.

    Returns
    -------
    str
        Rounded up, for instance “about 12 minutes”.
    """
    minutes = math.ceil(seconds / 60)
    if minutes < 2:
        return "about a minute"
    return f"about {minutes} minutes" if seconds < 7200 else f"about {seconds / 3600:.0f} hours"


def of_runs(scenario: "Scenario", arms: int, runs: int = 1) -> str:
    """How long runs of a scenario take, as a sentence.

    Parameters
    ----------
    scenario : Scenario
        What is run, with all its replicates.
    arms : int
        Number of arms of each run.
    runs : int
        Number of runs.

    Returns
    -------
    str
        The sentence, with the arithmetic.
    """
    run, citizens = scenario.run, scenario.society.citizens
    steps = citizens * run.weeks * run.replicates * arms * runs
    times = f"{runs} runs x " if runs > 1 else ""
    replicates = "1 replicate" if run.replicates == 1 else f"{run.replicates:,} replicates"
    counted = "1 arm" if arms == 1 else f"{arms} arms"
    return (
        f"This takes {in_words(steps / SPEED)} ({times}{counted} x {replicates} x {citizens:,} citizens x "
        f"{run.weeks:,} weeks, at 2.5 million citizen-weeks a second)."
    )


def of_draws(scenario: "Scenario", arms: int, draws: int) -> str:
    """How long runs of draws from the prior ranges take, as a sentence.

    Parameters
    ----------
    scenario : Scenario
        What the draws are made from.
    arms : int
        Number of arms of each run.
    draws : int
        Number of draws, each of which is run with one replicate.

    Returns
    -------
    str
        The sentence, with the arithmetic.
    """
    from glasshouse.scenario.scenario import override

    return of_runs(override(scenario, {"run.replicates": 1}), arms, draws)
