"""The scale on which the confidence interval of a measure is built.

An interval that is symmetric on a log or logit scale is not symmetric about the figure, fits skewed figures better, and
never reaches a value that is impossible.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """A transformation of the possible values of a measure to the whole real line.

    Attributes
    ----------
    name : {"identity", "log", "logit"}
        `log` is the logarithm of the distance from the one limit, `logit` that of the ratio of the distances from both.
    low, high : float
        Limits of the possible values; infinite where there is none.

    Examples
    --------
    >>> float(SHARE.backward(SHARE.forward(np.array(0.25))))
    0.25
    """

    name: Literal["identity", "log", "logit"]
    low: float = -np.inf
    high: float = np.inf

    def forward(self, values: Any) -> FloatArray:
        """Values on the scale.

        Parameters
        ----------
        values : array_like of float
            Values of the measure.

        Returns
        -------
        ndarray of float
            Of the same shape; infinite at a limit and NaN outside.
        """
        found: FloatArray = np.asarray(values, float)
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.name == "logit":
                return np.asarray(np.log(found - self.low) - np.log(self.high - found))
            if self.name == "log":
                below = np.isfinite(self.low)
                return np.asarray(np.log(found - self.low) if below else -np.log(self.high - found))
        return found

    def backward(self, values: Any) -> FloatArray:
        """The inverse of `forward`.

        Parameters
        ----------
        values : array_like of float
            Values on the scale.

        Returns
        -------
        ndarray of float
            Values of the measure, never outside the limits.
        """
        found: FloatArray = np.asarray(values, float)
        with np.errstate(over="ignore"):
            if self.name == "logit":
                return np.asarray(self.low + (self.high - self.low) / (1.0 + np.exp(-found)))
            if self.name == "log":
                below = np.isfinite(self.low)
                return np.asarray(self.low + np.exp(found) if below else self.high - np.exp(-found))
        return found

    def inside(self, values: Any) -> NDArray[np.bool_]:
        """Whether values are defined and at no limit.

        Parameters
        ----------
        values : array_like of float
            Values of the measure.

        Returns
        -------
        ndarray of bool
            Of the same shape.
        """
        values = np.asarray(values, float)
        with np.errstate(invalid="ignore"):
            return np.asarray(np.isfinite(values) & (values > self.low) & (values < self.high))

    @property
    def difference(self) -> "Scale":
        """The scale of the difference of two values: between limits where the values have two, else unbounded."""
        if self.name != "logit":
            return IDENTITY
        width = self.high - self.low
        return Scale("logit", -width, width)


IDENTITY = Scale("identity")
"""Values of any size and sign."""
POSITIVE = Scale("log", low=0.0)
"""Rates, durations and ratios of what cannot be negative."""
BELOW_ONE = Scale("log", high=1.0)
"""One less a ratio: shares avoided or lost, which have no lower limit."""
SHARE = Scale("logit", 0.0, 1.0)
"""A part of a whole."""
SIGNED = Scale("logit", -1.0, 1.0)
"""A correlation, or the difference of two shares."""
