"""What a plug-in adds to a run: mechanisms, statistics and measures, and where their code comes from.

A plug-in joins in two ways only: as an installed package that declares entry points, or as a file that the user names.
No scenario file brings code; it can only have the tables of what joined so. Mechanisms that ship with Glasshouse and that
most scenarios do without (`model/optional.py`) are plug-ins too, so that nobody else has their columns in memory.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from glasshouse.errors import PluginError
from glasshouse.model.component import Component
from glasshouse.model.measure import Measure

Catalogue = tuple[type[Component], ...]
"""Mechanisms in the order of a week."""


@dataclass(frozen=True)
class Origin:
    """The code of a plug-in as a result names it.

    Parameters
    ----------
    name, version : str
        A package's name and version, or a file's name and nothing.
    digest : str
        Hash of the source.
    """

    name: str
    version: str
    digest: str


@dataclass(frozen=True)
class Plugin:
    """Mechanisms, statistics and measures of one package or file.

    Parameters
    ----------
    origin : Origin
        Where its code comes from.
    label : str
        What messages call it.
    mechanisms : Catalogue
        Its mechanisms and statistics, in the order in which they are declared.
    measures : tuple of Measure types
        Its measures.
    installed : bool
        Whether it comes from an installed package, and not from a file.
    shipped : bool
        Whether it is part of Glasshouse, whose version then says what its code is.
    """

    origin: Origin
    label: str
    mechanisms: Catalogue = ()
    measures: tuple[type[Measure], ...] = ()
    installed: bool = False
    shipped: bool = False

    def joins(self, tables: Collection[str]) -> bool:
        """Whether it takes part in a scenario that has these tables.

        A file is named for the run and always does. A package that happens to be installed does when the scenario has a
        table of one of its mechanisms, or when it has none: what is installed must not change other people's results.

        Parameters
        ----------
        tables : collection of str
            Names of the scenario's tables.

        Returns
        -------
        bool
            Whether the plug-in is part of the run.
        """
        names = {mechanism.name for mechanism in self.mechanisms}
        return not self.installed or not names or not names.isdisjoint(tables)


def in_week(catalogue: Catalogue, plugins: Sequence[Plugin]) -> Catalogue:
    """The components with those of the plug-ins, each behind the one that it names as `after` or else at the end.

    Several behind the same one stand in the order in which they come.

    Parameters
    ----------
    catalogue : Catalogue
        Components in the order of a week.
    plugins : sequence of Plugin
        What joins them.

    Returns
    -------
    Catalogue
        All components in the order of a week.

    Raises
    ------
    PluginError
        If `after` names no component.
    """
    week = list(catalogue)
    for plugin in plugins:
        for mechanism in plugin.mechanisms:
            week.insert(_place(week, mechanism, plugin), mechanism)
    return tuple(week)


def _place(week: Sequence[type[Component]], mechanism: type[Component], plugin: Plugin) -> int:
    names = [other.name for other in week]
    if not mechanism.after:
        return len(week)
    if mechanism.after not in names:
        raise PluginError(
            f"{plugin.label}: {mechanism.name} goes after {mechanism.after!r}, but no mechanism is called that. "
            f"There are {', '.join(names)}."
        )
    place = names.index(mechanism.after) + 1
    followers = {mechanism.after}
    while place < len(week) and week[place].after in followers:
        followers.add(week[place].name)
        place += 1
    return place
