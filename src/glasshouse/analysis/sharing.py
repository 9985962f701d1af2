"""Whether scenarios can share their random numbers: they must have one population, one length and the same groups."""

from collections.abc import Sequence

from glasshouse.errors import ScenarioError
from glasshouse.scenario.scenario import Scenario


def check_sharing(first: Scenario, second: Scenario) -> None:
    """Refuse two scenarios that cannot have common random numbers.

    Parameters
    ----------
    first : Scenario
        A scenario.
    second : Scenario
        The scenario that is compared with it.

    Raises
    ------
    ScenarioError
        If they differ in [run] or [society].
    """
    one, other = first.society.groups, second.society.groups
    if one != other:
        raise ScenarioError(other_groups(first.name, second.name, one, other))
    for name in ("run", "society"):
        own, others = (vars(getattr(scenario, name)) for scenario in (first, second))
        differing = [f"{name}.{key} ({own[key]} and {others[key]})" for key in own if own[key] != others.get(key)]
        if differing:
            raise ScenarioError(
                f"{first.name} and {second.name} differ in {', '.join(differing)} and cannot have common random "
                f"numbers. Give both the "
                "same, for instance with --set."
            )


def other_groups(first: str, second: str, one: Sequence[str], other: Sequence[str]) -> str:
    """What is said where two scenarios declare different groups.

    Parameters
    ----------
    first : str
        Name of the first scenario.
    second : str
        Name of the second.
    one : sequence of str
        Groups of the first.
    other : sequence of str
        Groups of the second.

    Returns
    -------
    str
        The message.
    """
    return (
        f"{first} and {second} declare different groups in society.groups ({', '.join(one)}; {', '.join(other)}), so that "
        "measures that compare groups are not the same in both. Give both the same groups."
    )
