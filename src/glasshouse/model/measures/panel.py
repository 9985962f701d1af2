"""What is meant by control and by the quality of governance: three definitions of the one, six of the other.

No single number decides whether a state governs better. What social credit is for, rules kept and judgments enforced, is
as much governance as problems solved; so a claim about both names the definitions under which it holds. The claim `heart`
declares a condition for each, under the same names.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from glasshouse.model.measure import Measure
from glasshouse.model.measures.administration import OverloadedAtOnce, ReachingCentre
from glasshouse.model.measures.firms_and_abroad import FirmHarm
from glasshouse.model.measures.governance import (
    Cost,
    DebtOutstanding,
    GovernanceSoon,
    IncorrectTreatment,
    ServiceEquality,
)
from glasshouse.model.measures.speech import ControlExpected


@dataclass(frozen=True)
class Definition:
    """One definition of control or of governance.

    Attributes
    ----------
    name : str
        What it is called, as in the claim `heart`.
    measure : type of Measure
        What is measured.
    improves : {1, -1}
        Whether a rise or a fall of the measure is an improvement.
    """

    name: str
    measure: type[Measure]
    improves: Literal[1, -1]

    def direction(self, low: float, high: float) -> Literal["improves", "gets worse", "open"]:
        """What an effect comes to, judged by its interval.

        Parameters
        ----------
        low : float
            Lower limit of the effect on the measure; NaN where there is no interval.
        high : float
            Upper limit, likewise.

        Returns
        -------
        {"improves", "gets worse", "open"}
            Open where the interval holds zero, and where there is none.
        """
        ends = sorted((self.improves * low, self.improves * high))
        if np.isnan(ends).any():
            return "open"
        return "improves" if ends[0] > 0.0 else "gets worse" if ends[1] < 0.0 else "open"


CONTROL = (
    Definition("unrest", ControlExpected, 1),
    Definition("breadth", OverloadedAtOnce, -1),
    Definition("cost", Cost, -1),
)
"""Control: how much unrest there is, in how many districts at once the state is beyond its capacity, and what it costs."""

GOVERNANCE = (
    Definition("grievances solved", GovernanceSoon, 1),
    Definition("regulatory compliance", FirmHarm, -1),
    Definition("contracts and judgments enforced", DebtOutstanding, -1),
    Definition("correct treatment", IncorrectTreatment, -1),
    Definition("equal treatment", ServiceEquality, 1),
    Definition("truth of what is reported upward", ReachingCentre, 1),
)
"""The quality of governance; the first of them is what a run's headline speaks of."""
