"""An index of individual loyalty, made of what can be seen; off by default."""

from typing import ClassVar

from glasshouse.model.declarations import WELFARE, Column, Sum, param
from glasshouse.model.kernel_math import clip, toward
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.moments import Quantity, moments
from glasshouse.model.opposition import opposition

PRAISES = 0.5
"""Support stated openly from which a citizen counts as praising."""


class Loyalty(Mechanism):
    """Measured loyalty = by_attendance * attends + by_praise * praises + by_silence * silent, smoothed over a quarter.

    attends: a good deed or Party membership; praises: support stated openly of one half or more; silent: no voice seen.
    An analyst's projection, not a documented system (`facts.md`, trap 3), so it is off unless `active` is 1. What it is
    held against is private support 1 - G: the fear that the index causes moves what it sees (Kuran 1991).
    """

    name: ClassVar[str] = "loyalty"
    off: ClassVar = {"active": 0.0}
    columns: ClassVar = (Column("loyalty", "f4", "share", "measured loyalty", initial=0.5),)
    sums: ClassVar = (
        Sum("loyalty_measured", "citizen-weeks", "adults with an index"),
        *moments(
            Quantity("loyalty", "share", "measured loyalty"),
            Quantity("support", "share", "private support 1 - G"),
            scale=WELFARE,
        ),
    )

    active: float = param(
        0.0,
        "Share of adults who are measured: 0 is off.",
        unit="share",
        bounds=(0, 1),
        source="setting",
        role="lever",
    )
    by_attendance: float = param(
        0.3, "Weight of attendance.", unit="share", bounds=(0, 1), prior=(0.15, 0.6), role="lever"
    )
    by_praise: float = param(0.4, "Weight of praise.", unit="share", bounds=(0, 1), prior=(0.2, 0.8), role="lever")
    by_silence: float = param(0.3, "Weight of silence.", unit="share", bounds=(0, 1), prior=(0.15, 0.6), role="lever")
    smoothing: float = param(
        0.08,
        "Share of the distance covered in a week.",
        unit="share a week",
        bounds=(0, 1),
        prior=(0.04, 0.16),
        role="uncertainty",
    )
    draws: ClassVar = ("measured",)

    @staticmethod
    def citizen(me, p, draw, add):
        if p.active <= 0.0 or not me.adult or draw("measured", 0) >= p.active:
            return
        seen = 0.0
        if me.good_deed or me.party:
            seen += p.by_attendance
        opposed = opposition(me.grievance, me.discontent)
        support = 1.0 - opposed
        if support + me.risk_aversion * me.risk * opposed >= PRAISES:
            seen += p.by_praise
        if not me.voicing:
            seen += p.by_silence
        me.loyalty = clip(toward(me.loyalty, seen, p.smoothing), 0.0, 1.0)
        add("loyalty_measured")
        add("loyalty_sum", me.loyalty)
        add("loyalty_squares", me.loyalty * me.loyalty)
        add("support_sum", support)
        add("support_squares", support * support)
        add("loyalty_support_products", me.loyalty * support)
