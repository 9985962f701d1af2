"""Protests by grievance, and the sizes of protest events."""

from typing import ClassVar

from glasshouse.model.codes import NO_OCCASION, SMALLEST_EVENT
from glasshouse.model.crowds import LARGE, MIDDLE, is_crowd, poisson_below
from glasshouse.model.declarations import WELFARE, Sum
from glasshouse.model.statistic import Statistic

UNEASY, BITTER, FURIOUS = 0.2, 0.4, 0.6
"""Grievance from which a citizen counts as uneasy, bitter or furious; below, as calm."""


class Protests(Statistic):
    """Counts occasions and protests by grievance, so that two arms can be compared at equal grievance, and events.

    A protest event is the protesting citizens of a district in a week, if there are two or more (`facts.md` B4, F14). Two
    may meet by chance: a crowd is an event of more people than would come together in all but a thousandth of weeks if
    each came for themselves, drawn neither by other protesters nor by a focal shock. Their number is then a Poisson variable of mean
    `protests_alone`, for each district and week.
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
        Sum(
            "events_small_alone",
            "events",
            "protest events of 2 to 9 citizens to be expected if each came alone",
            WELFARE,
        ),
        Sum("crowds_small", "events", "crowds of 2 to 9 citizens"),
        Sum("crowds_middle", "events", "crowds of 10 to 99 citizens"),
        Sum("crowds_large", "events", "crowds of 100 citizens or more"),
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
        number = total.protests
        alone = total.protests_alone
        add("events_small_alone", poisson_below(alone, MIDDLE) - poisson_below(alone, SMALLEST_EVENT))
        crowd = 1 if is_crowd(number, alone) else 0
        if number >= LARGE:
            add("events_large")
            add("crowds_large", crowd)
        elif number >= MIDDLE:
            add("events_middle")
            add("crowds_middle", crowd)
        elif number >= SMALLEST_EVENT:
            add("events_small")
            add("crowds_small", crowd)
