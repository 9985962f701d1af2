"""Sums of code from elsewhere neither wrap around nor take in what is not a number: they stop at a limit, and the run ends.

Shipped mechanisms add counts and small amounts, which tests hold to 64 bits; their additions are not checked.
"""

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.source import is_shipped
from glasshouse.engine.compiler.symbols import SUM_LIMIT
from glasshouse.errors import RunningError


class SumLimits:
    """Checks the sums of mechanisms that are not shipped.

    Parameters
    ----------
    layout : ModelLayout
        The model.
    """

    def __init__(self, layout: ModelLayout) -> None:
        slots = {total.name: slot for slot, total in enumerate(layout.sums)}
        self.checked = tuple(
            (slots[total.name], mechanism.name, total.name)
            for mechanism in layout.mechanisms
            if not is_shipped(mechanism.__module__)
            for total in mechanism.sums
        )
        """Slot, mechanism and name of each sum that is checked."""

    def sizes(self, sums: NDArray[np.int64]) -> NDArray[np.float64]:
        """How much each checked sum holds, whatever the sign.

        Parameters
        ----------
        sums : array of int64, shape (..., sums)
            Sums in stored units.

        Returns
        -------
        array of float64, shape (checked sums,)
        """
        return np.array([np.abs(sums[..., slot].astype(float)).sum() for slot, _, _ in self.checked])

    def hold(self, sizes: NDArray[np.float64], week: int) -> None:
        """Stop the run where a sum holds more than can be added up in 64 bits.

        Parameters
        ----------
        sizes : array of float64, shape (checked sums,)
            How much each checked sum holds.
        week : int
            The week, for the message.

        Raises
        ------
        RunningError
            If a sum reached its limit, which an amount that is not a number does at once.
        """
        for (_, mechanism, name), size in zip(self.checked, sizes, strict=True):
            if not size < SUM_LIMIT:
                raise RunningError(
                    f"{mechanism}: in week {week} the sum {name} holds more than 64 bits can add up, or an amount was not "
                    f"a number. Keep the amounts that its kernels add finite, or declare the sum with a smaller scale."
                )
