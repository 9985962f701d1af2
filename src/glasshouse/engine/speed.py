"""How long a run takes, approximately."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glasshouse.scenario.scenario import Scenario

SPEED = 2.5e6
"""Citizen-weeks that a small machine simulates in a second, in one arm."""


def minutes(scenario: "Scenario") -> int:
    """How long a run of a scenario takes on a small machine.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    int
        Minutes, rounded up.
    """
    run = scenario.run
    return math.ceil(2 * run.replicates * run.weeks * scenario.society.citizens / SPEED / 60)
