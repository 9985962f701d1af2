"""What kernels read beside the record that they change, as the interpreter gives it: each view is made once a week."""

from functools import lru_cache
from typing import Any

import numpy as np

from glasshouse.engine.backends.record_view import RecordView, plain
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.component import Component


class ArmViews:
    """Records of one arm to be read, as last week left them.

    Parameters
    ----------
    layout : ModelLayout
        The model.
    state : ArmState
        The state of the arm; what is read here must not change while the views are used.
    """

    def __init__(self, layout: ModelLayout, state: ArmState) -> None:
        self.layout, self.state = layout, state
        self.district, self.parameters = lru_cache(self._district), lru_cache(None)(self._parameters)

    def work(self, place: int) -> RecordView:
        """The firm at that place in the population, or what those without a workplace read.

        Parameters
        ----------
        place : int
            Index of the firm; any other number for none.

        Returns
        -------
        RecordView
        """
        firms, state, packed = self.state.population.firms, self.state, self.layout.packings["firm"]
        if 0 <= place < len(firms):
            return RecordView({**plain(firms[place]), **plain(state.firms[place])}, packed=packed)
        return RecordView({**plain(np.zeros(1, firms.dtype)[0]), **plain(state.firms[len(firms)])}, packed=packed)

    def ahead(self, i: int) -> RecordView:
        """The record that citizen i reads as `ahead`: their own where no arm runs ahead.

        Parameters
        ----------
        i : int
            The citizen.

        Returns
        -------
        RecordView
        """
        records = self.state.citizens if self.state.ahead is None else self.state.ahead
        return RecordView(plain(records[i]), packed=self.layout.packings["citizen"])

    def centre(self) -> RecordView:
        """The centre's columns.

        Returns
        -------
        RecordView
        """
        return RecordView(plain(self.state.centre[0]), packed=self.layout.packings["centre"])

    def total(self, home: int | None) -> RecordView:
        """The sums of the week over all cells of a district, or of the nation, in their own units.

        Parameters
        ----------
        home : int or None
            The district; None for the nation.

        Returns
        -------
        RecordView
        """
        cells = self.state.totals.sum(axis=0) if home is None else self.state.totals[home]
        sums = cells.sum(axis=0)
        values: dict[str, Any] = {
            total.name: int(sums[k]) if total.scale == 1 else int(sums[k]) * (1.0 / total.scale)
            for k, total in enumerate(self.layout.sums)
        }
        return RecordView(values)

    def _district(self, home: int) -> RecordView:
        """A district, traits and columns."""
        values = {**plain(self.state.population.districts[home]), **plain(self.state.districts[home])}
        return RecordView(values, packed=self.layout.packings["district"])

    def _parameters(self, mechanism: type[Component], row: int) -> RecordView:
        """The mechanism's parameters and constants as `p`, from a row of the table of parameters."""
        packed = self.state.parameters[row]
        return RecordView(
            {n: float(packed[s]) for (owner, n), s in self.layout.slots.items() if owner == mechanism.name}
        )
