"""Which harm tells two models apart that are given the same counts, in words, for the page and the command line."""

import math

from glasshouse.analysis.calibration.conditioned import Quantiles, RivalOutcome, Rivals
from glasshouse.report.i18n import ENGLISH, Words
from glasshouse.report.i18n import mark as _

CLEAR = 2.0
"""Standard deviations from which on a harm is said to tell models apart."""


def sentence(found: Rivals, words: Words = ENGLISH) -> str:
    """State which harm tells the models apart.

    Parameters
    ----------
    found : Rivals
        Both models.
    words : Words, default English
        The language.

    Returns
    -------
    str
        The harm that does it best, or that none does.
    """
    best = found.outcomes[0]
    given = {"first": found.first, "second": found.second, "harm": _name(best, words)}
    if best.apart < CLEAR:
        none = _(
            "No harm that both studies kept tells {first} and {second} apart: of {number} the best differs by {apart} standard "
            "deviations ({harm})."
        )
        return words.say(none, number=len(found.outcomes), apart=words.figures(f"{best.apart:.1f}"), **given)
    return words.say(_("What tells {first} and {second} apart best: {harm}."), **given)


def rival_rows(found: Rivals, words: Words = ENGLISH) -> list[tuple[str, ...]]:
    """Every harm in a row.

    Parameters
    ----------
    found : Rivals
        Both models.
    words : Words, default English
        The language.

    Returns
    -------
    list of tuple of str
        What is measured; both predictions with 90 %; how far apart they are; the least count that tells.
    """
    return [
        (
            _name(one, words), _span(one, one.first, words), _span(one, one.second, words),
            words.figures(f"{one.apart:.1f}") if math.isfinite(one.apart) else words.gettext(_("no overlap")),
            _count(one, words),
        )
        for one in found.outcomes
    ]  # fmt: skip


def _name(one: RivalOutcome, words: Words) -> str:
    unit = words.gettext(one.measure.unit)
    if one.measure.unit == "share":
        unit = words.gettext(_("percentage points")) if one.arm == "effect" else "%"
    arm = _("added by the regime") if one.arm == "effect" else _("under the regime")
    return f"{words.gettext(one.measure.title)}, {unit}, {words.gettext(arm)}"


def _span(one: RivalOutcome, found: Quantiles, words: Words) -> str:
    low, middle, high = ((100.0 if one.measure.unit == "share" else 1.0) * value for value in found)
    return words.figures(f"{middle:.3g} ({low:.3g} to {high:.3g})")


def _count(one: RivalOutcome, words: Words) -> str:
    if one.cases is not None:
        return words.say(_("among {cases} cases"), cases=words.figures(f"{one.cases:,}"))
    counted = one.measure.unit == "share" and one.arm == "regime"
    return words.gettext(_("no count does") if counted else _("not a share"))
