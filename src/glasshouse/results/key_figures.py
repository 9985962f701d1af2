"""A run's result in one sentence, which claims no more than its intervals allow."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.measure import Measure
from glasshouse.model.measures.governance import GovernanceSoon
from glasshouse.model.measures.listing import ListedShare, WronglyListedShare
from glasshouse.model.measures.speech import Chilling, Control
from glasshouse.results.estimate import Estimate

Effect = Callable[[type[Measure]], Estimate]
Values = Callable[[type[Measure], str], NDArray[np.float64]]


def sentence(effect: Effect, values: Values) -> str:
    """The headline: control, governance, silence and wrongful restriction, each with its 95 % interval.

    Parameters
    ----------
    effect : callable
        Gives a measure's effect of the regime.
    values : callable
        Gives a measure's value in an arm for each replicate.

    Returns
    -------
    str
        One sentence.
    """
    from glasshouse.results import estimate

    control, governance, chilling = effect(Control), effect(GovernanceSoon), effect(Chilling)
    wrong = estimate.from_replicates(values(WronglyListedShare, "regime"))
    parts = [
        _moves("protest", control, down="falls", up="rises", sign=-1.0),
        _moves(
            "the share of problems that the state solves within 12 weeks", governance, "falls", "rises", points=True
        ),
    ]
    state = " while ".join(parts) if opposed(control, governance) else " and ".join(parts)
    people = (
        f"{_moves('complaints about the same problem', chilling, 'fall', 'rise', sign=-1.0)}, "
        f"{effect(ListedShare).text(100, ' percentage points')} more adults are restricted at any time, and "
        f"{wrong.text(100, ' %')} of restrictions are wrong by the regime's own rule"
    )
    return f"Under the regime {state}; {people}."


def opposed(control: Estimate, governance: Estimate) -> bool:
    """Whether control improves beyond doubt and governance does not: the claim that the laboratory was built to test.

    Parameters
    ----------
    control : Estimate
        Effect of the regime on `Control`.
    governance : Estimate
        Effect of the regime on `GovernanceSoon`.

    Returns
    -------
    bool
        Judged by the intervals.
    """
    return control.low > 0.0 and not governance.low > 0.0


def _moves(what: str, found: Estimate, down: str, up: str, sign: float = 1.0, points: bool = False) -> str:
    """“protest falls by 17 % (15 to 20)”, or that it does not change detectably, or that it cannot be compared."""
    unit = " percentage points" if points else " %"
    if np.isnan(found.mean):
        return f"{what} cannot be compared"
    low, high = sorted((sign * found.low, sign * found.high))
    signed = Estimate(sign * found.mean, low, high, found.replicates)
    if low < 0.0 < high:
        return f"{what} shows no certain change, {signed.text(100, unit)}"
    if signed.mean < 0.0:
        return f"{what} {down} by {Estimate(-signed.mean, -high, -low, found.replicates).text(100, unit)}"
    return f"{what} {up} by {signed.text(100, unit)}"
