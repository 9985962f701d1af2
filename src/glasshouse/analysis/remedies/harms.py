"""The harms that remedies are held against: measures of what a regime does to people, and people wronged a head.

A share such as `wrongly_listed_share` can stay the same while half as many people are listed. So harms also count those who
are restricted wrongly at any one time, among 100,000 adults.
"""

from glasshouse.analysis.safeguard_effects import HARMS
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import Measure
from glasshouse.model.ratio_measure import RatioMeasure
from glasshouse.model.scale import POSITIVE

SOURCE = "definition"


class WronglyRestricted(RatioMeasure):
    """Adults restricted wrongly by the regime's own rule at any one time. Per 100,000 adults; less is better."""

    name, title = "wrongly_restricted", "Adults restricted wrongly by the regime's own rule"
    numerator, denominator = "listed_wrongly", "adults"
    factor = 100_000.0
    unit, better, source = "per 100,000 adults", "less", SOURCE
    scale = POSITIVE


class UndeservedlyRestricted(RatioMeasure):
    """Adults restricted wrongly by conduct at any one time. Per 100,000 adults; less is better."""

    name, title = "undeservedly_restricted", "Adults restricted wrongly by conduct"
    numerator, denominator = "listed_undeserved", "adults"
    factor = 100_000.0
    unit, better, source = "per 100,000 adults", "less", SOURCE
    scale = POSITIVE


class Restricted(RatioMeasure):
    """Adults restricted at any one time, rightly or wrongly. Per 100,000 adults; less is better."""

    name, title = "restricted", "Adults restricted"
    numerator, denominator = "listed", "adults"
    factor = 100_000.0
    unit, better, source = "per 100,000 adults", "less", SOURCE
    scale = POSITIVE


class WrongfulDecisions(RatioMeasure):
    """Wrongful restrictions that begin. Per 100,000 adults and year; less is better."""

    name, title = "wrongful_decisions", "Wrongful restrictions that begin"
    numerator, denominator = "wrong_begun", "adults"
    factor = 52.0 * 100_000.0
    unit, better, source = "per 100,000 adults and year", "less", SOURCE
    scale = POSITIVE


OWN: tuple[type[Measure], ...] = (WronglyRestricted, UndeservedlyRestricted, Restricted, WrongfulDecisions)
"""Harms that are counted a head."""

AVERTABLE: tuple[type[Measure], ...] = (
    *OWN,
    *(one for one in HARMS if not one.is_averaged() and not one.no_interval),
)
"""All harms that a remedy is held against: those of `safeguard_effects.HARMS` that come from sums, and `OWN`."""

USUAL = (WronglyRestricted.name, "welfare_lost")
"""Harms that are asked about where none is named."""


def harm(name: str) -> type[Measure]:
    """Find a harm by its name.

    Parameters
    ----------
    name : str
        Name of a harm.

    Returns
    -------
    type of Measure
        The harm.

    Raises
    ------
    AnalysisError
        If there is no harm of that name: measures of the state, such as protest or control, are none.
    """
    for one in AVERTABLE:
        if one.name == name:
            return one
    raise AnalysisError(
        f"{name}: remedies are held against harms to people alone. Choose one of "
        f"{', '.join(one.name for one in AVERTABLE)}."
    )
