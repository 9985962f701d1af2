"""What assessments count of a harm: events a year, and people at any time, for 100,000 adults; and how long a harm lasts."""

from typing import ClassVar

from glasshouse.analysis.harm_rates import (
    ADULTS,
    DECISIONS,
    EVENTS,
    PEOPLE,
    RESTRICTIONS,
    AtAnyTime,
    Yearly,
)
from glasshouse.model.measure import FloatArray, Measure, Sums, ratio
from glasshouse.model.measures.listing import wrong_spell_length
from glasshouse.model.ratio_measure import ArmsRatioMeasure, RatioMeasure
from glasshouse.model.scale import IDENTITY, POSITIVE, SHARE


class YearlyPairs(ArmsRatioMeasure):
    """Base of what is counted over a year by comparing the same people in both arms, for 100,000 adults."""

    denominator = "regime.adults"
    factor = 52.0 * ADULTS
    unit, better, source = EVENTS, "less", "definition"
    scale = IDENTITY


class Decisions(Yearly):
    """Restrictions newly imposed, context by context. Decisions a year; less is better."""

    name, title = "decisions", "Decisions to restrict"
    numerator, unit = "listings", DECISIONS


class RecordsMade(Yearly):
    """Records made, true and false. Events a year; less is better."""

    name, title = "records_made", "Records made"
    numerator, unit = "records", EVENTS


class Unheard(Yearly):
    """Restrictions without the hearing that the scenario's law asks for. Decisions a year; less is better."""

    name, title = "unheard", "Restricted without a hearing that was due"
    numerator, unit = "listings_unheard", DECISIONS


class Unreviewed(Yearly):
    """Restrictions that no human reviewed before they took effect. Decisions a year; less is better."""

    name, title = "unreviewed", "Restricted without a human review"
    numerator, unit = "listings - reviews + reviews_dismissed", DECISIONS


class Reviews(Yearly):
    """Restrictions that a human looked at before they took effect. Decisions a year; more is better."""

    name, title = "reviews", "Decisions that a human reviews"
    numerator, unit, better = "reviews", DECISIONS, "more"


class Appeals(Yearly):
    """Appeals made. Events a year; neither direction is better by itself."""

    name, title = "appeals", "Appeals made"
    numerator, unit, better = "appeals", EVENTS, "neither"


class AppealsWaiting(AtAnyTime):
    """People whose appeal waits for a decision. People at any time; less is better."""

    name, title = "appeals_waiting", "People whose appeal waits"
    numerator = "appeals_waiting"


class VisitsWithoutCause(Yearly):
    """Visits to people who would not have protested. Events a year; less is better."""

    name, title = "visits_without_cause", "Visited without cause"
    numerator, unit = "visits - visits_right", EVENTS


class FalseRecords(Yearly):
    """Records that are false. Events a year; less is better."""

    name, title = "false_records", "False records on file"
    numerator, unit = "records_false", EVENTS


class Silenced(YearlyPairs):
    """Complaints that are not made because of the regime, net of those that it brings forth. Events a year; less is better."""

    name, title = "silenced", "Complaints silenced"
    numerator = "pairs.silenced_by_regime - pairs.said_in_regime_only"


class ProtestKeptBack(YearlyPairs):
    """Weeks of protest that fear alone keeps back. Events a year; less is better."""

    name, title = "protest_kept_back", "Protest kept back by fear"
    numerator = "pairs.would_protest - pairs.do_protest"
    scale = POSITIVE


class TripsRefusedYearly(Yearly):
    """Trips refused to the restricted. Events a year; less is better."""

    name, title = "trips_refused_yearly", "Trips refused"
    numerator, unit = "trips_refused", EVENTS


class NotDrawn(AtAnyTime):
    """People entitled to a benefit who do not draw it. People at any time; less is better."""

    name, title = "not_drawn", "Entitled to a benefit and not drawing it"
    numerator = "entitled - drawing"


class Victims(Yearly):
    """People from whom a wrongful restriction took welfare for the first time. People a year; less is better."""

    name, title = "victims", "Losing welfare to a wrongful restriction for the first time"
    numerator, unit = "victims", PEOPLE


class NotUndone(Yearly):
    """Wrongful restrictions less those undone by an appeal. Restrictions a year; less is better."""

    name, title = "not_undone", "Wrongful restrictions that no appeal undoes"
    numerator, unit = "wrong_begun - appeals_upheld", RESTRICTIONS


class LongRestrictions(Yearly):
    """Restrictions that end after more than two years. Restrictions a year; less is better."""

    name, title = "long_restrictions", "Restricted for more than two years"
    numerator, unit = "spells_long", RESTRICTIONS


class SeveralContexts(AtAnyTime):
    """People restricted in more than one context. People at any time; less is better."""

    name, title = "several_contexts", "Restricted in several contexts at once"
    numerator = "listed_many"


class ThroughFirmAlone(AtAnyTime):
    """People restricted in some context through a firm alone. People at any time; less is better."""

    name, title = "through_firm_alone", "Restricted through a firm alone"
    numerator = "listed_by_firm"


class ReviewShare(RatioMeasure):
    """Decisions to restrict that a human reviewed before they took effect. Share; more is better."""

    name, title = "review_share", "Decisions reviewed before they take effect"
    numerator, denominator = "reviews", "listings + reviews_dismissed"
    unit, better, source = "share", "more", "definition"
    scale = SHARE


class EndedSoon(RatioMeasure):
    """Wrongful restrictions of at most 32 weeks, of those that ended. Share; more is better."""

    name, title = "ended_soon", "Ended within 32 weeks, of those that ended"
    numerator, denominator = "wrong_spells_32", "wrong_spells"
    unit, better, source = "share", "more", "definition"
    scale = SHARE


class WrongSpellMedian(Measure):
    """Median of the spells of wrong restriction that ended. Weeks; less is better."""

    name, title = "weeks_wrongly_listed_50", "Length of a wrongful restriction (median)"
    formula = "median of ended spells wrong by the own rule, linear within classes that double in length"
    unit, better, source = "weeks", "less", "definition"
    scale = POSITIVE

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return wrong_spell_length(sums, 0.5)


class Unequal(Measure):
    """Base of measures that compare a group with the rest: wrongly restricted a head. Ratio; less is better."""

    unit, better, source = "ratio", "less", "definition"
    scale = POSITIVE
    less_bias = True
    by_group = False
    group: ClassVar[str]

    @classmethod
    def value(cls, sums: Sums) -> FloatArray:
        own, rest = (ratio(one.listed_wrongly, one.adults) for one in (sums.of(cls.group), sums.of(f"not {cls.group}")))
        return ratio(own, rest)


def unequal(named: str) -> type[Measure]:
    """The measure of how much more often a group is wrongly restricted than the rest.

    Parameters
    ----------
    named : str
        A group that the scenario declares.

    Returns
    -------
    type of Measure
        Its ratio is that of weeks wrongly restricted, over adult-weeks, as in the table of burdens.
    """
    key = "unequal_" + named.replace(" ", "_")
    text = "(weeks restricted wrongly by the own rule / adult-weeks in the group) / (the same in the rest)"
    title = f"Wrongly restricted a head: {named} over the rest"
    return type(key, (Unequal,), {"name": key, "title": title, "formula": text, "group": named})
