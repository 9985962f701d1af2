"""How likely a harm is over plausible settings: the share of draws from the priors in which it exceeds a mark."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from glasshouse.analysis.rights.figures import figure
from glasshouse.analysis.rights.harms import Harm
from glasshouse.results.estimate import proportion
from glasshouse.results.result import Result

BANDS = ((0.05, "under 5 %"), (0.2, "5 to 20 %"), (0.5, "20 to 50 %"), (0.8, "50 to 80 %"), (math.inf, "over 80 %"))
"""Bands of likelihood, each up to a share of settings; a share on a limit counts to the band that names it last."""

RANGE = (0.05, 0.5, 0.95)
"""Quantiles over draws that are given."""


@dataclass(frozen=True)
class Likelihood:
    """In how many plausible settings a harm exceeds its mark.

    Attributes
    ----------
    mark : float
        The mark, in the harm's unit.
    over : int
        Draws in which what the regime adds exceeds it.
    defined, draws : int
        Draws in which the figure is defined, and all.
    band : str
        One of `BANDS`, or why there is none.
    share_low, share_high : float
        Wilson's 95 % interval of the share of settings, for so few draws; NaN where there is none.
    low, median, high : float
        5 %, 50 % and 95 % quantiles of the figure over the draws.
    """

    mark: float
    over: int
    defined: int
    draws: int
    band: str
    share_low: float
    share_high: float
    low: float
    median: float
    high: float

    @property
    def text(self) -> str:
        """The band with what it rests on."""
        if not self.defined:
            return self.band
        left = f"; undefined in {self.draws - self.defined} more" if self.draws > self.defined else ""
        return (
            f"{self.band}, {self.over} of {self.defined} plausible settings (95 % interval of the share: "
            f"{100 * self.share_low:.0f} to {100 * self.share_high:.0f} %{left})"
        )

    def facts(self) -> dict[str, Any]:
        """The likelihood as plain values for JSON.

        Returns
        -------
        dict
            Every attribute, None where one is undefined, and the text.
        """
        values = {
            key: None if isinstance(value, float) and not math.isfinite(value) else value
            for key, value in asdict(self).items()
        }
        return {**values, "text": self.text}


def added(result: Result, harm: Harm) -> float:
    """What the regime adds of a harm, or, of a comparison of groups, its figure under the regime.

    Parameters
    ----------
    result : Result
        A run.
    harm : Harm
        The harm.

    Returns
    -------
    float
        In the harm's unit; NaN where it is undefined.
    """
    values = figure(result, harm.measure).values
    column = "regime" if harm.measure.unit == "ratio" else "difference"
    return float(values[column].mean) if column in values else math.nan


def likelihood(values: Sequence[float], mark: float) -> Likelihood:
    """The likelihood from the figures of all draws.

    Parameters
    ----------
    values : sequence of float
        What `added` gave in each draw; NaN where it is undefined.
    mark : float
        The mark.

    Returns
    -------
    Likelihood
        Without a band where no draw has a figure.
    """
    known = np.array([value for value in values if math.isfinite(value)])
    over, draws = int((known > mark).sum()), len(values)
    if not len(known):
        why = f"undefined in all {draws} plausible settings" if draws else "no plausible settings were drawn"
        return Likelihood(mark, 0, 0, draws, why, *[math.nan] * 5)
    found = proportion(over, len(known))
    ends = (float(end) for end in np.quantile(known, RANGE))
    return Likelihood(mark, over, len(known), draws, band(found.mean), found.low, found.high, *ends)


def band(share: float) -> str:
    """The band that a share of settings lies in.

    Parameters
    ----------
    share : float
        From 0 to 1.

    Returns
    -------
    str
        One of `BANDS`.
    """
    if share == BANDS[-2][0]:
        return BANDS[-2][1]
    return next(name for end, name in BANDS if share < end)
