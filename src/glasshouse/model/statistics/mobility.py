"""Whether a score sticks: points held now against points held a year and five years ago."""

from typing import ClassVar

from glasshouse.model.agencies import AGENCIES, MOST_AGENCIES, MOST_POINTS
from glasshouse.model.declarations import Column, Sum
from glasshouse.model.kernel_math import WEEKS
from glasshouse.model.moments import Quantity, moments
from glasshouse.model.statistic import Statistic

FIVE_YEARS = 5 * WEEKS

HELD = 2 * MOST_AGENCIES * MOST_POINTS
"""Most points, rightful and wrongful, that all agencies together hold about a citizen."""


class Mobility(Statistic):
    """Remembers each citizen's points of a year and of five years ago, and adds up what a correlation needs.

    r = (n sum xy - sum x sum y) / sqrt((n sum x^2 - (sum x)^2)(n sum y^2 - (sum y)^2)) with points then (x) and now (y).

    `exits` are citizens who held points a year ago and hold none now: the way out of the record.
    """

    name: ClassVar[str] = "mobility"
    columns: ClassVar = (
        Column("points_year", "i2", "points", "points held at the last turn of a year", high=HELD),
        Column("points_five", "i2", "points", "points held at the last turn of five years", high=HELD),
    )
    sums: ClassVar = tuple(
        total
        for span, words in (("year", "a year"), ("five", "five years"))
        for total in (
            Sum(f"followed_{span}", "citizens", f"adults followed over {words}"),
            *moments(
                Quantity(f"{span}_ago", "points", f"points held {words} ago"),
                Quantity(f"{span}_now", "points", f"points held now, by those followed over {words}"),
            ),
            Sum(f"held_then_{span}", "citizens", f"adults who held points {words} ago"),
            Sum(f"exits_{span}", "citizens", "of these, who hold none now"),
        )
    )

    @staticmethod
    def citizen(me, add, week):
        if week % WEEKS != WEEKS - 1 or not me.adult:
            return
        now = 0
        for k in range(AGENCIES):
            now += me.right[k] + me.wrong[k]
        if week > WEEKS:
            add("followed_year")
            if me.points_year + now > 0:
                add("year_ago_sum", me.points_year)
                add("year_ago_squares", me.points_year * me.points_year)
                add("year_now_sum", now)
                add("year_now_squares", now * now)
                add("year_ago_year_now_products", me.points_year * now)
                if me.points_year > 0:
                    add("held_then_year")
                    if now == 0:
                        add("exits_year")
        me.points_year = now
        if week % FIVE_YEARS == FIVE_YEARS - 1:
            if week > FIVE_YEARS:
                add("followed_five")
                if me.points_five + now > 0:
                    add("five_ago_sum", me.points_five)
                    add("five_ago_squares", me.points_five * me.points_five)
                    add("five_now_sum", now)
                    add("five_now_squares", now * now)
                    add("five_ago_five_now_products", me.points_five * now)
                    if me.points_five > 0:
                        add("held_then_five")
                        if now == 0:
                            add("exits_five")
            me.points_five = now
