"""A mechanism among others on a small population: what the checks have in common."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.component import Component
from glasshouse.model.entities import Population
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.plugin import Catalogue, Origin, Plugin, in_week
from glasshouse.population.synthesis import PopulationTable, synthesise

SEED = 20
FEW, MANY = 128, 320
"""Citizens of the population that the slow interpreter steps, and of the one that only the compiled pass does."""


@dataclass(frozen=True)
class Trial:
    """A component among others on a small population.

    Parameters
    ----------
    mechanism : Component type
        The component under test.
    others : Catalogue
        Components that it runs beside.
    tables : tuple of Component
        Settings under which much happens, for it and for them.
    """

    mechanism: type[Component]
    others: Catalogue = CATALOGUE
    tables: tuple[Component, ...] = ()

    @cached_property
    def week(self) -> Catalogue:
        """All mechanisms in the order of a week.

        Returns
        -------
        Catalogue
            The others, and the component under test among them.
        """
        return joined(self.others, (self.mechanism,))

    @cached_property
    def layout(self) -> ModelLayout:
        """The memory layout of all mechanisms of the trial together.

        Returns
        -------
        ModelLayout
            The layout of `week`.
        """
        return _layout(self.week)

    def arm(
        self, *own: Component, layout: ModelLayout | None = None, citizens: int = MANY, block: int = 1024
    ) -> ArmState:
        """A fresh arm in which every other district is under the tables, the rest under the defaults.

        Parameters
        ----------
        *own : Component
            Tables that stand in for those of the same component in all districts.
        layout : ModelLayout, optional
            Layout to use instead of the trial's own.
        citizens : int
            Size of the population.
        block : int
            Citizens that the compiled pass takes at a time.

        Returns
        -------
        ArmState
            An arm in week 0.
        """
        fitted = layout or self.layout
        settings: list[dict[str, Component]] = [{}, {table.name: table for table in self.tables}]
        packed = []
        for row in settings:
            row |= {table.name: table for table in own}
            packed.append(fitted.pack([row.get(mechanism.name, mechanism()) for mechanism in self.week]))
        made = ArmState.fresh(fitted, population(citizens), np.stack(packed), block=block)
        made.active_table[::2] = 1
        return made


@lru_cache(maxsize=8)
def _layout(week: Catalogue) -> ModelLayout:
    """The layout of a week, whose kernels are rewritten once for all checks of its components."""
    return ModelLayout(week)


@lru_cache(maxsize=8)
def passes(layout: ModelLayout, threads: int = 1) -> CompiledBackend:
    """The compiled pass of a layout, as runs have it.

    Pairs of arms are compared only where all built-in components are in it.

    Parameters
    ----------
    layout : ModelLayout
        The components fitted together.
    threads : int
        Threads of the backend.

    Returns
    -------
    CompiledBackend
        The pass, compiled once per layout.
    """
    return CompiledBackend(layout, PAIRINGS if {*CATALOGUE} <= {*layout.mechanisms} else (), threads=threads)


@lru_cache(maxsize=2)
def population(citizens: int) -> Population:
    """A small synthetic population in districts of 64.

    Parameters
    ----------
    citizens : int
        How many citizens.

    Returns
    -------
    Population
        The same one for the same number.
    """
    return synthesise(PopulationTable(citizens=citizens, district_size=64), SEED, 1)


def arm_bytes(arm: ArmState) -> bytes:
    """All that an arm stores, and its sums.

    Parameters
    ----------
    arm : ArmState
        The arm to read.

    Returns
    -------
    bytes
        Its stored arrays and its totals, one after the other.
    """
    return b"".join(getattr(arm, name).tobytes() for name in (*ArmState.STORED, "totals"))


def hold(condition: object, text: str) -> None:
    """Holds a check to its condition.

    Parameters
    ----------
    condition : object
        What must be true.
    text : str
        What to say if it is not.

    Raises
    ------
    AssertionError
        If the condition is not true.
    """
    if not condition:
        raise AssertionError(text)


def joined(others: Catalogue, mechanisms: Catalogue) -> Catalogue:
    """The others and those of the mechanisms that are not among them, in the order of a week.

    Parameters
    ----------
    others : Catalogue
        Components in the order of a week.
    mechanisms : Catalogue
        Components that may be among them.

    Returns
    -------
    Catalogue
        All of them in the order of a week.
    """
    new = tuple(mechanism for mechanism in mechanisms if mechanism not in others)
    return in_week(others, [Plugin(Origin("", "", ""), ", ".join(m.name for m in new), new)])
