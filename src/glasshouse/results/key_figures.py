"""A run's result in one sentence, which claims no more than its intervals allow."""

from collections.abc import Callable

import numpy as np

from glasshouse.model.measure import Measure
from glasshouse.model.measures.governance import GovernanceSoon
from glasshouse.model.measures.listing import ListedShare, UnlawfulShare, WronglyListedShare
from glasshouse.model.measures.screening import HitRate, HitRateLot, Investigated, InvestigatedForNothing, WrongOfFound
from glasshouse.model.measures.speech import Chilling, Control
from glasshouse.results.estimate import Estimate
from glasshouse.results.intervals import TELLS_NOTHING

SINGULAR, PLURAL = ("falls", "rises", "shows"), ("fall", "rise", "show")
"""Verbs for what a sentence is about."""

OWN_RULE = "of restrictions are wrong by the regime's own rule"

Effect = Callable[[type[Measure]], Estimate]
Level = Callable[[type[Measure], str], Estimate]

CERTAINTY = (
    "In brackets: 95 % intervals over {:,} replicates. They reflect Monte Carlo variation only, not parameter uncertainty; "
    "that takes a study over the prior ranges."
)
"""What intervals of a run with several replicates hold."""

ONE_REPLICATE = (
    "This is one replicate: there is no interval, and differences may be sampling noise. Run at least five before citing a "
    "figure (--replicates 5)."
)
"""The same of a run with one replicate."""


def certainty(replicates: int) -> str:
    """What the intervals of a run hold, and what they do not.

    Parameters
    ----------
    replicates : int
        How many the run has.

    Returns
    -------
    str
        Sentences that stand beside the headline.
    """
    return ONE_REPLICATE if replicates == 1 else CERTAINTY.format(replicates)


def sentence(effect: Effect, level: Level) -> str:
    """The headline: control, governance, silence and wrongful restriction, each with its 95 % interval.

    Beside every share under the regime stands the same share without it.

    Parameters
    ----------
    effect : callable
        Gives a measure's effect of the regime.
    level : callable
        Gives a measure's figure in an arm.

    Returns
    -------
    str
        One sentence.
    """
    control, governance, chilling = effect(Control), effect(GovernanceSoon), effect(Chilling)
    state = (
        f"{_moves('protest', control, SINGULAR, sign=-1.0)} {'while' if opposed(control, governance) else 'and'} "
        + _moves("the share of problems that the state solves within 12 weeks", governance, SINGULAR, points=True)
        + f", {_beside(level, GovernanceSoon)}"
    )
    listed = effect(ListedShare)
    more = "as many" if listed.mean == 0.0 else f"{listed.text(100, ' percentage points')} more"
    people = (
        f"{_moves('complaints about the same problem', chilling, PLURAL, sign=-1.0)}, "
        f"{more} adults are restricted at any time ({_beside(level, ListedShare)}), and "
        f"{_both(level, WronglyListedShare, OWN_RULE, ', and without it none is in force')}, and "
        f"{_both(level, UnlawfulShare, 'by law')}"
    )
    return f"Under the regime {state}; {people}."


def screened_sentence(level: Level) -> str:
    """The headline where recipients are screened: who is investigated, for nothing, and what is found and how rightly.

    Nobody asks a welfare office first about protest. The shares that only the model knows are said to be so.

    Parameters
    ----------
    level : callable
        Gives a measure's figure in an arm.

    Returns
    -------
    str
        One sentence.
    """
    nothing, reference = (level(InvestigatedForNothing, arm) for arm in ("regime", "reference"))
    by_lot = level(HitRateLot, "regime")
    lot = f", and {by_lot.text(100, ' %')} of those drawn by lot" if np.isfinite(by_lot.mean) else ""
    return (
        f"Under the regime {level(Investigated, 'regime').text(1, '')} of 1,000 recipients are investigated in a year, "
        f"{nothing.text(1, '')} of them with nothing irregular, against {reference.text(1, '')} without it; "
        f"{level(HitRate, 'regime').text(100, ' %')} of those selected are found irregular{lot}, and "
        f"{level(WrongOfFound, 'regime').text(100, ' %')} of all findings are wrong, as only the model knows."
    )


def _both(level: Level, measure: type[Measure], which: str, nothing: str = "") -> str:
    """“60 % (50 to 70) of restrictions are wrong, against 30 % (25 to 35) without it”; `nothing` where that is undefined."""
    without, under = (level(measure, arm) for arm in ("reference", "regime"))
    compared = f", against {without.text(100, ' %')} without it" if np.isfinite(without.mean) else nothing
    return f"{under.text(100, ' %')} {which}{compared}"


def _beside(level: Level, measure: type[Measure]) -> str:
    """“1.2 %, against 0.4 % without it”."""
    reference, regime = (level(measure, arm).text(100, " %").partition(" (")[0] for arm in ("reference", "regime"))
    return f"{regime}, against {reference} without it"


def opposed(control: Estimate, governance: Estimate) -> bool:
    """Whether control certainly improves and governance certainly does not: the claim that the laboratory was built to test.

    Parameters
    ----------
    control : Estimate
        Effect of the regime on `Control`.
    governance : Estimate
        Effect of the regime on `GovernanceSoon`.

    Returns
    -------
    bool
        Judged by the intervals; false also where that of governance holds both signs.
    """
    return control.low > 0.0 and governance.high <= 0.0


def _moves(what: str, found: Estimate, verbs: tuple[str, str, str], sign: float = 1.0, points: bool = False) -> str:
    """“protest falls by 17 % (15 to 20)”, or that it does not change detectably, or that it cannot be compared."""
    unit, (down, up, shows) = " percentage points" if points else " %", verbs
    if np.isnan(found.mean):
        why = f" (undefined in {found.total - found.replicates:,} of {found.total:,} replicates)" if found.total else ""
        return f"{what} cannot be compared{why}"
    if found.is_zero:
        return f"{what} {shows} no change"
    if np.isnan(found.low) and found.mean == 0.0:
        return f"{what} {shows} no change ({found.why})"
    if np.isnan(found.low) and found.total > 1:
        counted = f" (defined in {found.counted})" if found.counted else ""
        return f"the change in {what} {found.reason or 'has no interval'}{counted}"
    signed = found.scaled(sign)
    if signed.low < 0.0 < signed.high and max(-signed.low, signed.high) > TELLS_NOTHING:
        return f"the change in {what} cannot be told from {found.replicates:,} replicates"
    if signed.low < 0.0 < signed.high:
        return f"{what} {shows} no certain change, {signed.text(100, unit)}"
    if signed.mean < 0.0:
        return f"{what} {down} by {found.scaled(-sign).text(100, unit)}"
    return f"{what} {up} by {signed.text(100, unit)}"
