"""Which harm tells two rival models apart that agree with the same disclosed counts, and how large a count would do so.

Both models are conditioned on the same counts. A harm separates them if what one predicts of it and what the other predicts
lie far apart in units of the spread of both predictions (cf. Grimm and Railsback 2012, doi:10.1098/rstb.2011.0180, on patterns
that tell submodels apart). Whether either of the models is true is not asked.
"""

import math
from statistics import NormalDist

from glasshouse.analysis.calibration.conditioned import Conditioned, Outcome, Quantiles, RivalOutcome, Rivals
from glasshouse.analysis.calibration.disclosed_counts import FEWEST
from glasshouse.errors import AnalysisError

WIDE = 2.0 * NormalDist().inv_cdf(0.95)
"""Standard deviations between the ends of a 90 % interval."""
SURE, FOUND = NormalDist().inv_cdf(0.975), NormalDist().inv_cdf(0.8)
"""Standard deviations for an error of 5 % to both sides, and for a difference that is found in 80 % of cases."""
MOST = 1_000_000
"""Cases beyond which no count is sought."""


def rivals(first: Conditioned, second: Conditioned) -> Rivals:
    """Compare what two models predict of harms.

    Parameters
    ----------
    first : Conditioned
        One model, given the counts.
    second : Conditioned
        The other, given the same counts.

    Returns
    -------
    Rivals
        The harms, in the order in which they tell the models apart.

    Raises
    ------
    AnalysisError
        If one of the models has too few runs near the counts, or if they predict no harm in common.
    """
    for one in (first, second):
        if not one.enough:
            raise AnalysisError(
                f"The study {one.study} has {one.effective:.0f} effective runs near the counts, too few for an "
                "interval. Run more points of it."
            )
    others = {(one.measure.name, one.arm): one for one in second.outcomes}
    pairs = [
        (one, others[one.measure.name, one.arm]) for one in first.outcomes if (one.measure.name, one.arm) in others
    ]
    if not pairs:
        raise AnalysisError(
            f"The studies {first.study} and {second.study} predict no harm in common. Keep the same harms in both "
            '(measures = ["…"] in their files).'
        )
    outcomes = sorted((_compared(*pair) for pair in pairs), key=lambda one: -one.apart)
    return Rivals(first.study, second.study, (first.reach, second.reach), tuple(outcomes))


def least_cases(first: Quantiles, second: Quantiles) -> int | None:
    """Among how many cases a count must be made to tell two predictions of a share apart.

    Parameters
    ----------
    first : tuple of float
        Quantiles (5, 50 and 95 %) of one prediction, as shares.
    second : tuple of float
        The same of the other.

    Returns
    -------
    int or None
        The number of cases, at which neither the count nor the rest is expected to be below fifty under either model. None
        where the predictions overlap too far for any count, or more than a million cases would be needed.
    """
    smallest = min(min(one[1], 1.0 - one[1]) for one in (first, second))
    if smallest <= 0.0:
        return None
    low, high = math.ceil(FEWEST / smallest), MOST
    if low > high or not _told_apart(first, second, high):
        return None
    while low < high:
        middle = (low + high) // 2
        if _told_apart(first, second, middle):
            high = middle
        else:
            low = middle + 1
    return low


def _told_apart(first: Quantiles, second: Quantiles, cases: int) -> bool:
    """Whether a count among so many cases rejects either prediction in 80 % of counts where the other is right."""
    spreads = [math.sqrt(_spread(one) ** 2 + one[1] * (1.0 - one[1]) / cases) for one in (first, second)]
    return abs(first[1] - second[1]) >= SURE * max(spreads) + FOUND * min(spreads)


def _spread(found: Quantiles) -> float:
    """The standard deviation of a normal prediction with this 90 % interval."""
    return (found[2] - found[0]) / WIDE


def _compared(first: Outcome, second: Outcome) -> RivalOutcome:
    gap = abs(first.after[1] - second.after[1])
    spread = math.hypot(_spread(first.after), _spread(second.after))
    apart = gap / spread if spread > 0.0 else math.inf if gap > 0.0 else 0.0
    counted = first.measure.unit == "share" and first.arm == "regime"
    cases = least_cases(first.after, second.after) if counted else None
    return RivalOutcome(first.measure, first.arm, first.after, second.after, apart, cases)
