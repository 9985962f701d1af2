"""Columns of plug-ins must stay within the ranges that they declare: in the trial before a run, and in every week of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.records import columns_of
from glasshouse.engine.compiler.source import is_shipped
from glasshouse.engine.state import ArmState
from glasshouse.errors import RunningError
from glasshouse.model.component import KERNELS, Component
from glasshouse.model.entities import Population

RECORDS = {"citizen": "citizens", "firm": "firms", "district": "districts", "centre": "centre"}
"""Array of an arm that holds the records of each kind."""

ADVICE = "Keep it within, or declare its range."
"""What to do about a column beyond its range."""


def out_of_range(mechanisms: Sequence[type[Component]], state: ArmState) -> Iterator[tuple[str, str]]:
    """Find columns that hold a value beyond their declared range, or none that is a number.

    Parameters
    ----------
    mechanisms : sequence of Component types
        The owners of the columns that are looked at.
    state : ArmState
        The arm after a week.

    Yields
    ------
    tuple of (str, str)
        Mechanism and fault of each such column, which names the first citizen, firm or district in which it is so.
    """
    for mechanism in mechanisms:
        for kind in KERNELS:
            for column in columns_of(mechanism, kind):
                values = column.values(getattr(state, RECORDS[kind]))
                if values.dtype.kind == "b" or not values.size:
                    continue
                # Rounded like the values of the column: 0.1 as a float32 is above 0.1.
                as_stored = values.dtype.type if values.dtype.kind == "f" else float
                low, high = as_stored(column.low), as_stored(column.high)
                # What is not a number makes both false.
                if values.min() >= low and values.max() <= high:
                    continue
                entity, element = np.argwhere(~_inside(values, low, high))[0]
                value, span = values[entity, element].item(), f"{column.low:g} to {column.high:g}"
                yield mechanism.name, f"column {column.name} of {kind} {entity} is {value}, declared {span}"


def _inside(values: NDArray[Any], low: Any, high: Any) -> NDArray[np.bool_]:
    return np.asarray((values >= low) & (values <= high))


class ColumnRanges:
    """Observes the columns of plug-ins in every week of a run; columns of shipped mechanisms are not looked at."""

    def begin(self, population: Population, layout: ModelLayout) -> None:
        """Find the mechanisms that do not ship.

        Parameters
        ----------
        population : Population
            Not used.
        layout : ModelLayout
            The model.
        """
        self.own = [mechanism for mechanism in layout.mechanisms if not is_shipped(mechanism.__module__)]

    def observe(self, week: int, arms: Mapping[str, ArmState]) -> None:
        """Look at a week that all arms have just been stepped through.

        Parameters
        ----------
        week : int
            The week, from 0.
        arms : mapping of str to ArmState
            State of each arm by name.

        Raises
        ------
        RunningError
            If a column has left its range; it names mechanism, citizen (or firm or district), arm and week.
        """
        if not self.own:
            return
        for arm, state in arms.items():
            for name, fault in out_of_range(self.own, state):
                raise RunningError(f"{name}: {fault}, in week {week} of the {arm} arm. {ADVICE}")

    def finish(self) -> None:
        """Nothing is left to do."""
