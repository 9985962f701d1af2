"""Legal representatives: who is restricted because a firm is."""

from typing import ClassVar

from glasshouse.model.agencies import AGENCIES, INHERITED, RESTRICTED
from glasshouse.model.declarations import Column, Sum, param
from glasshouse.model.mechanism import Mechanism


class Representatives(Mechanism):
    """Restrictions that a firm's legal representative inherits, in travel and in credit and high spending.

    A firm's representative is the eldest of its employees. When it is newly listed, they are restricted with it with
    probability `share`, until the firm's restriction ends. This is how many citizens of the real system come to be
    restricted (`facts.md` A4.7 and its fourth trap). Nothing is on their own file: such restrictions are counted apart, cannot be appealed
    against by the citizen, and count neither as wrong nor as right.
    """

    name: ClassVar[str] = "representatives"
    off: ClassVar = {"share": 0.0}
    columns: ClassVar = (
        Column("inherited", "?", "yes or no", "is restricted with the firm that the citizen represents"),
    )
    sums: ClassVar = (
        Sum("representatives_listed", "citizens", "representatives newly restricted with their firm"),
        Sum("listed_by_firm", "citizen-weeks", "citizens restricted in some context through a firm alone"),
        Sum("restrictions_by_firm", "context-weeks", "contexts restricted through a firm alone"),
    )
    draws: ClassVar = ("inherits",)

    share: float = param(
        0.0,
        "Share of listed firms whose legal representative is restricted with them.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.5),
        role="lever",
    )

    @staticmethod
    def citizen(me, work, p, draw, add):
        if p.share == 0.0 and not me.inherited:
            return
        if work.state < RESTRICTED or work.representative != me.index:
            me.inherited = False
            return
        if work.since == 0 and work.state == RESTRICTED and draw("inherits") < p.share:
            me.inherited = True
            add("representatives_listed")
        if me.inherited:
            contexts = 0
            for k in range(AGENCIES):
                if me.state[k] < RESTRICTED:
                    contexts += INHERITED[k]
            if contexts > 0:
                add("listed_by_firm")
                add("restrictions_by_firm", contexts)
