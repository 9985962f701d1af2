"""Harms a head: what begins in a year, and who is affected at any time, for 100,000 adults.

A share such as `wrongly_listed_share` can stay the same while half as many people are restricted; these cannot.
"""

from typing import ClassVar, Literal

from glasshouse.model.ratio_measure import RatioMeasure
from glasshouse.model.scale import POSITIVE

ADULTS = 100_000
"""Adults to whom figures refer."""
PEOPLE, RESTRICTIONS, DECISIONS, EVENTS, AT_ANY_TIME = (
    f"{what} per {ADULTS:,} adults"
    for what in ("people a year", "restrictions a year", "decisions a year", "events a year", "people at any time")
)
"""Units of the figures. A person who is restricted twice is one of the people and two of the restrictions."""


class Yearly(RatioMeasure):
    """Base of what is counted over the weeks of a year, for 100,000 adults."""

    denominator = "adults"
    factor = 52.0 * ADULTS
    unit, source = EVENTS, "definition"
    better: ClassVar[Literal["more", "less", "neither"]] = "less"
    scale = POSITIVE


class AtAnyTime(RatioMeasure):
    """Base of what is counted in an average week, for 100,000 adults."""

    denominator = "adults"
    factor = float(ADULTS)
    unit, source = AT_ANY_TIME, "definition"
    better: ClassVar[Literal["more", "less", "neither"]] = "less"
    scale = POSITIVE


class WrongRestrictions(Yearly):
    """Spells of wrong restriction that began. Restrictions a year; less is better."""

    name, title = "wrong_restrictions", "Wrongful restrictions that begin"
    numerator, unit = "wrong_begun", RESTRICTIONS


class WronglyRestricted(AtAnyTime):
    """Adults restricted wrongly by the regime's own rule. People at any time; less is better."""

    name, title = "wrongly_restricted", "Adults restricted wrongly by the regime's own rule"
    numerator = "listed_wrongly"


class UndeservedlyRestricted(AtAnyTime):
    """Adults restricted whose conduct does not deserve it. People at any time; less is better."""

    name, title = "undeservedly_restricted", "Adults restricted without conduct that deserves it"
    numerator = "listed_undeserved"


class Restricted(AtAnyTime):
    """Adults restricted in at least one context, rightly or wrongly. People at any time; less is better."""

    name, title = "restricted", "Adults restricted"
    numerator = "listed"
