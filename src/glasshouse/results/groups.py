"""The groups of citizens for which results are given."""

from glasshouse.model.entities import CELLS, GROUPS

EVERYBODY = "everybody"
GROUPINGS = (EVERYBODY, *(name for group in GROUPS for name in (group, f"not {group}")))
"""Every group of citizens for which results are given: all, and each of `GROUPS` and the rest."""


def cells_of(group: str) -> list[int]:
    """Group cells that make up a group of citizens.

    Parameters
    ----------
    group : str
        One of `GROUPINGS`.

    Returns
    -------
    list of int
        Places along the axis of group cells.
    """
    if group == EVERYBODY:
        return list(range(CELLS))
    bit = GROUPS[group.removeprefix("not ")]
    wanted = 0 if group.startswith("not ") else bit
    return [cell for cell in range(CELLS) if cell & bit == wanted]
