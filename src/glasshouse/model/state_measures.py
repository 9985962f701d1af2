"""Which sums and measures say what a regime does to the state, so that no search aims at them and no ranking is made of them.

A measure of the catalogue says itself whether it is about people. One that a plug-in brings is judged by the sums that it
reads: under another name a measure of protest stays a measure of protest.
"""

from collections.abc import Iterable
from functools import cache

import numpy as np

from glasshouse.model.entities import DEFAULT_GROUPS
from glasshouse.model.measure import FloatArray, Measure, Sums
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.plugin import Plugin

STEMS = ("protests", "events_", "problems_", "cost_")
"""How sums begin that count what the state is about and that no measure reads as a whole."""


class _ReadSums(Sums):
    """Records which sums a measure reads.

    Parameters
    ----------
    shape : tuple of int
        Shape of the numbers that it gives for every sum.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.names: set[str] = set()
        self.shape = shape
        self.group_names = DEFAULT_GROUPS

    def __getattr__(self, name: str) -> FloatArray:
        self.names.add(name)
        return np.arange(1.0, 1.0 + np.prod(self.shape)).reshape(self.shape)

    def of(self, group: str) -> "_ReadSums":
        return self


def _read(measure: type[Measure]) -> set[str]:
    """Names of the sums that a measure reads, up to where it fails if it takes none of these numbers."""
    sums = _ReadSums((3,) if measure.by_district or measure.by_week else (2, 3))
    try:
        with np.errstate(all="ignore"):
            _ = measure.between(sums, sums, sums) if measure.is_between() else measure.value(sums)
    except Exception:
        if measure in CATALOGUE:
            raise
    return sums.names


@cache
def _sums_about(people: bool) -> frozenset[str]:
    return frozenset[str]().union(*(_read(measure) for measure in CATALOGUE if measure.people is people))


@cache
def sums_of_the_state() -> frozenset[str]:
    """List the sums that say what a regime does to the state.

    Returns
    -------
    frozenset of str
        Those that measures of the state read and no measure about people does.
    """
    return _sums_about(False) - _sums_about(True)


def is_about_the_state(measure: type[Measure]) -> bool:
    """Tell whether a measure says what a regime does to the state.

    Parameters
    ----------
    measure : Measure type
        A measure of the catalogue or of a plug-in.

    Returns
    -------
    bool
        True if it says so itself, and if it reads a sum that no measure about people reads and that counts protest,
        problems or costs.
    """
    if not measure.people:
        return True
    own = _read(measure) - _sums_about(True)
    return any(name in sums_of_the_state() or name.startswith(STEMS) for name in own)


def state_measures(plugins: Iterable[Plugin]) -> tuple[str, ...]:
    """List the measures of plug-ins that say what a regime does to the state.

    Parameters
    ----------
    plugins : iterable of Plugin
        The plug-ins of a study.

    Returns
    -------
    tuple of str
        Names of the measures, in their order.
    """
    return tuple(one.name for plugin in plugins for one in plugin.measures if is_about_the_state(one))
