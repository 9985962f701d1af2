"""The size in which a scenario is examined where the user gives none: by the evidence sheet and by simulated audits."""

from collections.abc import Collection

from glasshouse.scenario.scenario import Scenario, override

CITIZENS = 12_000
"""Citizens by default: a run takes some seconds, and a sheet with its five arms a minute or two."""


def sized(scenario: Scenario, given: Collection[str]) -> Scenario:
    """The scenario in the size in which it is examined.

    Parameters
    ----------
    scenario : Scenario
        What is examined.
    given : collection of str
        Keys that the caller has set.

    Returns
    -------
    Scenario
        With at most `CITIZENS` citizens, unless their number was given.
    """
    if {"citizens", "society.citizens"} & set(given) or scenario.society.citizens <= CITIZENS:
        return scenario
    return override(scenario, {"society.citizens": CITIZENS})
