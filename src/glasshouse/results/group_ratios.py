"""Disparity ratios: the burden of a member of a group over that of one of the rest, under the regime.

A ratio of 1 is an equal burden. It is a ratio of sums over replicates with a jackknife interval, as ratios between arms
are, and is undefined where the rest bears nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from glasshouse.model.measure import FloatArray, Sums, ratio
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate


@dataclass(frozen=True)
class Burden:
    """Something that people bear.

    Attributes
    ----------
    name, title : str
        Key and heading.
    formula : str
        How it is computed, for a reader.
    each : callable
        Computes it a head from the sums of a group in the reference and in the regime.
    """

    name: str
    title: str
    formula: str
    each: Callable[[Sums, Sums], FloatArray]


def _lost(reference: Sums, regime: Sums) -> FloatArray:
    return ratio(regime.hardship_sum - reference.hardship_sum, reference.adults)


BURDENS = (
    Burden("welfare_lost", "Welfare lost to the regime", "(h in the regime - h in the reference) / adult-weeks", _lost),
    Burden(
        "wrongly_listed",
        "Wrongly restricted",
        "citizen-weeks restricted wrongly by the own rule / adult-weeks",
        lambda _, regime: ratio(regime.listed_wrongly, regime.adults),
    ),
    Burden(
        "records",
        "Recorded, rightly or wrongly",
        "records / adult-weeks",
        lambda _, regime: ratio(regime.records, regime.adults),
    ),
    Burden("visits", "Visited", "visits / adult-weeks", lambda _, regime: ratio(regime.visits, regime.adults)),
    Burden(
        "governance",
        "Problems solved within 12 weeks",
        "problems that the state solved within 12 weeks / problems that began",
        lambda _, regime: ratio(regime.problems_fixed_soon, regime.problems_arrived),
    ),
)
"""What is compared between groups; the last is a service and no burden, but has the same ratio."""

Totals = Callable[[Sequence[int], str, str], Sums]
"""Sums over some replicates of an arm and a group."""


def group_ratio(burden: Burden, totals: Totals, replicates: int, group: str) -> Estimate:
    """The burden of a member of a group over that of one of the rest.

    Parameters
    ----------
    burden : Burden
        What is borne.
    totals : callable
        Gives the sums over some replicates of an arm and a group.
    replicates : int
        How many replicates there are.
    group : str
        One of `GROUPS`.

    Returns
    -------
    Estimate
        The ratio with its 95 % interval.
    """

    def figure(which: Sequence[int]) -> float:
        own, rest = (
            burden.each(totals(which, "reference", members), totals(which, "regime", members))
            for members in (group, f"not {group}")
        )
        return float(ratio(own, rest))

    return estimate.pooled(figure, replicates)
