"""Which uncertain settings change a harm most: rank correlations over the draws from the priors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from glasshouse.model.measure import FloatArray
from glasshouse.study.factor import Factor

LEVEL = 0.05
"""Probability of naming any setting of a harm where none has an effect."""
MOST = 3
"""Settings that are named at most."""
FEWEST = 10
"""Draws with a figure below which no setting is sought."""


@dataclass(frozen=True)
class Influence:
    """A setting on which a harm depends.

    Attributes
    ----------
    setting : str
        Its key.
    correlation : float
        Spearman's rank correlation of the setting with the harm, from -1 to 1.
    """

    setting: str
    correlation: float


@dataclass(frozen=True)
class Sensitivity:
    """The settings that change a harm most, as far as the draws can tell.

    Attributes
    ----------
    strongest : tuple of Influence
        Those whose correlation is told from zero, the strongest first.
    settings : int
        Settings that were varied.
    draws : int
        Draws in which the figure is defined.
    """

    strongest: tuple[Influence, ...]
    settings: int
    draws: int

    @property
    def text(self) -> str:
        """The settings in words, or that none can be told from chance."""
        if self.draws < FEWEST:
            return f"not sought, since the figure is defined in {self.draws} draws of {FEWEST} needed"
        varied = f"among {self.settings} settings that were varied at once in {self.draws} draws"
        if not self.strongest:
            return f"no setting can be told from chance {varied}; draw more to see it"
        named = ", ".join(f"`{one.setting}` ({one.correlation:+.2f})" for one in self.strongest)
        return f"{named}; rank correlations, {varied}, and told from zero with a correction for their number"

    def facts(self) -> dict[str, Any]:
        """The settings as plain values for JSON.

        Returns
        -------
        dict
            Every attribute, and the text.
        """
        strongest = [{"setting": one.setting, "correlation": one.correlation} for one in self.strongest]
        return {"strongest": strongest, "settings": self.settings, "draws": self.draws, "text": self.text}


def sensitivity(factors: Sequence[Factor], points: FloatArray, values: Sequence[float]) -> Sensitivity:
    """The settings on which a figure depends over some draws.

    Parameters
    ----------
    factors : sequence of Factor
        The settings that are varied.
    points : ndarray of float, shape (draws, settings)
        Their values in each draw.
    values : sequence of float
        The figure in each draw; NaN where it is undefined.

    Returns
    -------
    Sensitivity
        With the settings whose rank correlation is told from zero at `LEVEL` over the number of settings (Bonferroni).
    """
    figures = np.array(values, dtype=float)
    known = np.isfinite(figures)
    draws, found = int(known.sum()), []
    if draws >= FEWEST and np.ptp(figures[known]) > 0.0:
        for factor, column in zip(factors, points[known].T, strict=True):
            if np.ptp(column) > 0.0:
                tested = spearmanr(column, figures[known])
                if tested.pvalue < LEVEL / len(factors):
                    found.append(Influence(factor.key, round(float(tested.statistic), 3)))
    found.sort(key=lambda one: -abs(one.correlation))
    return Sensitivity(tuple(found[:MOST]), len(factors), draws)
