"""Disparity ratios: the burden of a member of a group over that of one of the rest, under the regime.

A ratio of 1 is an equal burden. It is a ratio of sums over replicates with a jackknife interval, as measures are, less its
leading bias, since a group or the rest may be hit in few populations only. It is undefined where the rest bears nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from glasshouse.model.declarations import Sum
from glasshouse.model.measure import FloatArray, Sums, ratio
from glasshouse.model.scale import IDENTITY, POSITIVE, Scale
from glasshouse.results import intervals
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
    scale : Scale
        The scale on which the interval of its ratio is built.
    kurtosis : float
        Excess kurtosis of what replicates contribute on that scale.
    """

    name: str
    title: str
    formula: str
    each: Callable[[Sums, Sums], FloatArray]
    scale: Scale = POSITIVE
    kurtosis: float = 0.0


def _lost(reference: Sums, regime: Sums) -> FloatArray:
    return ratio(regime.hardship_sum - reference.hardship_sum, reference.adults)


def _opened_for_nothing(sums: Sums) -> FloatArray:
    irregular = sums.cases_model_irregular + sums.cases_lot_irregular
    return np.asarray(sums.cases_model + sums.cases_lot - irregular)


BURDENS = (
    Burden(
        "welfare_lost",
        "Welfare lost to the regime",
        "(h in the regime - h in the reference) / adult-weeks",
        _lost,
        IDENTITY,
    ),
    Burden(
        "wrongly_listed",
        "Wrongly restricted",
        "citizen-weeks restricted wrongly by the own rule / adult-weeks",
        lambda _, regime: ratio(regime.listed_wrongly, regime.adults),
    ),
    Burden(
        "undeservedly_listed",
        "Restricted without deserving it",
        "citizen-weeks restricted wrongly by conduct / adult-weeks",
        lambda _, regime: ratio(regime.listed_undeserved, regime.adults),
    ),
    Burden(
        "unlawfully_listed",
        "Restricted unlawfully",
        "citizen-weeks restricted wrongly by law / adult-weeks",
        lambda _, regime: ratio(regime.listed_unlawfully, regime.adults),
    ),
    Burden(
        "records",
        "Recorded, rightly or wrongly",
        "records / adult-weeks",
        lambda _, regime: ratio(regime.records, regime.adults),
    ),
    Burden(
        "false_records",
        "Recorded wrongly",
        "records that are false / adult-weeks",
        lambda _, regime: ratio(regime.records_false, regime.adults),
    ),
    Burden(
        "visits",
        "Visited",
        "visits / adult-weeks",
        lambda _, regime: ratio(regime.visits, regime.adults),
        kurtosis=1.5,  # unrest draws visits to the groups of single populations; fits docs/coverage.md
    ),
    Burden(
        "governance",
        "Problems solved within 12 weeks",
        "problems that the state solved within 12 weeks / problems that began",
        lambda _, regime: ratio(regime.problems_fixed_soon, regime.problems_arrived),
    ),
)
"""What is compared between groups; the last is a service and no burden, but has the same ratio."""

SCREENED = (
    Burden(
        "investigated",
        "Investigated, of recipients",
        "cases opened / adult-weeks in which a benefit is drawn",
        lambda _, regime: ratio(regime.cases_model + regime.cases_lot, regime.drawing),
    ),
    Burden(
        "investigated_for_nothing",
        "Investigated with nothing irregular, of recipients",
        "cases opened about people with nothing irregular / adult-weeks in which a benefit is drawn",
        lambda _, regime: ratio(_opened_for_nothing(regime), regime.drawing),
    ),
    Burden(
        "found",
        "Found irregular, of the investigated",
        "findings / cases decided",
        lambda _, regime: ratio(regime.found_model + regime.found_lot, regime.decided_model + regime.decided_lot),
    ),
    Burden(
        "found_wrongly",
        "Wrongly found irregular, of recipients",
        "findings about people with nothing irregular / adult-weeks in which a benefit is drawn",
        lambda _, regime: ratio(regime.found_nothing, regime.drawing),
    ),
)
"""What is compared besides where recipients are screened; the third is an outcome and no burden, but has the same ratio."""


def burdens_of(sums: Sequence[Sum]) -> tuple[Burden, ...]:
    """What is compared between groups in a run.

    Parameters
    ----------
    sums : sequence of Sum
        What the run keeps.

    Returns
    -------
    tuple of Burden
        `BURDENS`, and `SCREENED` where recipients are screened.
    """
    screened = any(total.name == "cases_model" for total in sums)
    return (*BURDENS, *SCREENED) if screened else BURDENS


Totals = Callable[[str, str], Sums]
"""Sums of an arm and a group from each resample of replicates; see `MeasuresByArm.resampled`."""


def group_ratio(burden: Burden, totals: Totals, group: str) -> Estimate:
    """The burden of a member of a group over that of one of the rest.

    Parameters
    ----------
    burden : Burden
        What is borne.
    totals : callable
        Gives the sums of an arm and a group from each resample.
    group : str
        One of the declared groups.

    Returns
    -------
    Estimate
        The ratio with its 95 % interval.
    """
    return intervals.level(ratio_figures(burden, totals, group), burden.scale, burden.kurtosis).estimate()


def ratio_figures(burden: Burden, totals: Totals, group: str) -> FloatArray:
    """The ratio from each resample of replicates.

    Parameters
    ----------
    burden : Burden
        What is borne.
    totals : callable
        Gives the sums of an arm and a group from each resample.
    group : str
        One of the declared groups.

    Returns
    -------
    ndarray of float, shape (2 * replicates + 1, ...)
        Without their leading bias; NaN where the rest bears nothing.
    """
    own, rest = (
        burden.each(totals("reference", members), totals("regime", members)) for members in (group, f"not {group}")
    )
    return intervals.without_bias(ratio(own, rest), burden.scale)
