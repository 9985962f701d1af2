"""The groups of citizens for which results are given."""

from collections.abc import Sequence

from glasshouse.errors import AnalysisError
from glasshouse.model.entities import CELLS

EVERYBODY = "everybody"


def groupings(groups: Sequence[str]) -> tuple[str, ...]:
    """List the groups of citizens for which the results of a scenario are given.

    Parameters
    ----------
    groups : sequence of str
        The groups that the scenario declares.

    Returns
    -------
    tuple of str
        `everybody`, and each declared group and the rest.

    Examples
    --------
    >>> groupings(("woman", "rural"))
    ('everybody', 'woman', 'not woman', 'rural', 'not rural')
    """
    return (EVERYBODY, *(name for group in groups for name in (group, f"not {group}")))


def cells_of(group: str, groups: Sequence[str]) -> list[int]:
    """Group cells that make up a group of citizens.

    Parameters
    ----------
    group : str
        One of `groupings`.
    groups : sequence of str
        The groups that the scenario declares.

    Returns
    -------
    list of int
        Places along the axis of group cells.

    Raises
    ------
    AnalysisError
        If the scenario does not declare the group.
    """
    if group == EVERYBODY:
        return list(range(CELLS))
    if group not in groupings(groups):
        raise AnalysisError(
            f"The run has no figures of the group “{group}”. Choose one of: {', '.join(groupings(groups))}; a scenario "
            "declares its groups in [society]."
        )
    bit = 2 ** list(groups).index(group.removeprefix("not "))
    wanted = 0 if group.startswith("not ") else bit
    return [cell for cell in range(CELLS) if cell & bit == wanted]
