"""Protests by grievance, and the sizes of protest events."""

from typing import ClassVar

from glasshouse.model.codes import NO_OCCASION, SMALLEST_EVENT
from glasshouse.model.declarations import Sum
from glasshouse.model.statistic import Statistic

UNEASY, BITTER, FURIOUS = 0.2, 0.4, 0.6
"""Grievance from which a citizen counts as uneasy, bitter or furious; below, as calm."""

MIDDLE, LARGE = 10, 100
"""Citizens from which a protest event counts as middle or large."""


class Protests(Statistic):
    """Counts occasions and protests by grievance, so that two arms can be compared at equal grievance, and events.

    A protest event is the protesting citizens of a district in a week, if there are two or more (`facts.md` B4, F14).
    """

    name: ClassVar[str] = "protests"
    sums: ClassVar = (
        Sum("calm_occasions", "citizen-weeks", "occasions of citizens with g below 0.2"),
        Sum("calm_protests", "citizen-weeks", "protests of these"),
        Sum("uneasy_occasions", "citizen-weeks", "occasions of citizens with g from 0.2 to 0.4"),
        Sum("uneasy_protests", "citizen-weeks", "protests of these"),
        Sum("bitter_occasions", "citizen-weeks", "occasions of citizens with g from 0.4 to 0.6"),
        Sum("bitter_protests", "citizen-weeks", "protests of these"),
        Sum("furious_occasions", "citizen-weeks", "occasions of citizens with g of 0.6 or more"),
        Sum("furious_protests", "citizen-weeks", "protests of these"),
        Sum("events_small", "events", "protest events of 2 to 9 citizens"),
        Sum("events_middle", "events", "protest events of 10 to 99 citizens"),
        Sum("events_large", "events", "protest events of 100 citizens or more"),
    )

    @staticmethod
    def citizen(me, add):
        if me.protest_margin <= NO_OCCASION:
            return
        spoke = 1 if me.protest else 0
        if me.grievance < UNEASY:
            add("calm_occasions")
            add("calm_protests", spoke)
        elif me.grievance < BITTER:
            add("uneasy_occasions")
            add("uneasy_protests", spoke)
        elif me.grievance < FURIOUS:
            add("bitter_occasions")
            add("bitter_protests", spoke)
        else:
            add("furious_occasions")
            add("furious_protests", spoke)

    @staticmethod
    def district(total, add):
        if total.protests >= LARGE:
            add("events_large")
        elif total.protests >= MIDDLE:
            add("events_middle")
        elif total.protests >= SMALLEST_EVENT:
            add("events_small")
