"""Which sums the formula of a measure reads."""

from collections.abc import Collection, Sequence

import numpy as np

from glasshouse.model.entities import DEFAULT_GROUPS
from glasshouse.model.measure import FloatArray, Measure, Sums


def sums_read(
    measure: type[Measure], groups: Sequence[str] = DEFAULT_GROUPS, kept: Collection[str] | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which sums the formula of a measure reads.

    Parameters
    ----------
    measure : type of Measure
        A measure whose figure comes from sums of all replicates.
    groups : sequence of str, optional
        The groups that the scenario declares.
    kept : collection of str, optional
        Names of the sums, paired ones too, that a run keeps: how many a measure over contexts reads depends on them. All
        names that a measure may read if not given.

    Returns
    -------
    tuple of tuple of str
        Names of sums of an arm, and of paired sums; that of a group's sum is `group:name`.

    Raises
    ------
    AttributeError
        If the measure needs a sum that is not kept.
    """
    arm, pairs = _Reading(groups, kept), _Reading(groups, kept)
    if measure.is_between():
        measure.between(arm, arm, pairs)
    else:
        measure.value(arm)
    return tuple(arm.names), tuple(pairs.names)


class _Reading(Sums):
    """Sums of 1 that keep the names by which they were read.

    Parameters
    ----------
    groups : sequence of str
        The groups that the scenario declares.
    kept : collection of str, optional
        Names of the sums that there are; all if not given.
    names : dict of str to None, optional
        Where the names are stored; a new one by default.
    prefix : str
        What stands before the names of the sums that are read: empty, or a group and a colon.
    """

    def __init__(
        self,
        groups: Sequence[str],
        kept: Collection[str] | None = None,
        names: dict[str, None] | None = None,
        prefix: str = "",
    ) -> None:
        self.group_names = tuple(groups)
        self._kept = kept
        self.names: dict[str, None] = {} if names is None else names
        self._prefix = prefix

    def __getattr__(self, name: str) -> FloatArray:
        if self._kept is not None and name not in self._kept:
            raise AttributeError(f"no mechanism keeps a sum called {name}")
        self.names[self._prefix + name] = None
        return np.array(1.0)

    def of(self, group: str) -> "_Reading":
        return _Reading(self.group_names, self._kept, self.names, f"{group}:")
