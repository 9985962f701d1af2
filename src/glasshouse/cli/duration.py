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
    return (
        f"This takes {in_words(steps / SPEED)} ({times}{arms} arms x {replicates} x {citizens:,} citizens x "
        f"{run.weeks:,} weeks, at 2.5 million citizen-weeks a second)."
    )
