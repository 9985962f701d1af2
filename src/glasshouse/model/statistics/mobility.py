"""Whether a score sticks: points held now against points held a year and five years ago."""

from typing import ClassVar

from glasshouse.model.agencies import AGENCIES
from glasshouse.model.declarations import Column, Sum
from glasshouse.model.statistic import Statistic


class Mobility(Statistic):
    """Remembers each citizen's points of a year and of five years ago, and adds up what a correlation needs.

    r = (n sum xy - sum x sum y) / sqrt((n sum x^2 - (sum x)^2)(n sum y^2 - (sum y)^2)) with points then (x) and now (y).

    `exits` are citizens who held points a year ago and hold none now: the way out of the record. It changes nothing.
    """

    name: ClassVar[str] = "mobility"
    columns: ClassVar = (
        Column("points_year", "i2", "points", "points held at the last turn of a year", high=32767),
        Column("points_five", "i2", "points", "points held at the last turn of five years", high=32767),
    )
    sums: ClassVar = tuple(
        Sum(f"{name}_{span}", unit, f"{doc} over {words}")
        for span, words in (("year", "a year"), ("five", "five years"))
        for name, unit, doc in (
            ("followed", "citizens", "adults followed"),
            ("then_sum", "points", "points held then,"),
            ("then_squares", "points squared", "their squares,"),
            ("now_sum", "points", "points held now,"),
            ("now_squares", "points squared", "their squares,"),
            ("then_now", "points squared", "products of both,"),
            ("held_then", "citizens", "adults who held points then,"),
            ("exits", "citizens", "of these, who hold none now,"),
        )
    )

    @staticmethod
    def citizen(me, add, week):
        if week % 52 != 51 or not me.adult:
            return
        now = 0
        for k in range(AGENCIES):
            now += me.right[k] + me.wrong[k]
        if week > 52:
            add("followed_year")
            if me.points_year + now > 0:
                add("then_sum_year", me.points_year)
                add("then_squares_year", me.points_year * me.points_year)
                add("now_sum_year", now)
                add("now_squares_year", now * now)
                add("then_now_year", me.points_year * now)
                if me.points_year > 0:
                    add("held_then_year")
                    if now == 0:
                        add("exits_year")
        me.points_year = now
        if week % 260 == 259:
            if week > 260:
                add("followed_five")
                if me.points_five + now > 0:
                    add("then_sum_five", me.points_five)
                    add("then_squares_five", me.points_five * me.points_five)
                    add("now_sum_five", now)
                    add("now_squares_five", now * now)
                    add("then_now_five", me.points_five * now)
                    if me.points_five > 0:
                        add("held_then_five")
                        if now == 0:
                            add("exits_five")
            me.points_five = now
