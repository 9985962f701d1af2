"""What a survey once a year would find: approval, support and fear, as they are said and as they are."""

from typing import ClassVar

from glasshouse.model.codes import DISAPPROVES, EVEN_IF_TOLD
from glasshouse.model.declarations import WELFARE, Column, Sum, param
from glasshouse.model.entities import COLLEGE
from glasshouse.model.kernel_math import WEEKS
from glasshouse.model.opposition import opposition
from glasshouse.model.statistic import Statistic

THIRTY_FIVE, FIFTY = 7, 10
"""Five-year bands of age that begin at 35 and at 50 years."""


class Survey(Statistic):
    """Asks every adult in the last week of the year.

    fear: privately it is the perceived risk r of speaking; of it a share candour * (1 - rho r) is admitted, for to admit
          it is to speak (Kuran 1991; Carter, Carter and Schick 2024; `facts.md` B2.2, F11).
    gap:  stated less private support, rho r G, with G the private opposition of `attitudes`, apart for women and the young (`facts.md` B2.1, F10).
    approval among those who know of the regime, apart for college, age and the Party, and what would be left of it
    among those who do not know of its repressive use if they were told (`facts.md` B1.1, B1.4, F8, F9).
    """

    name: ClassVar[str] = "survey"
    columns: ClassVar = (Column("asked", "?", "yes or no", "was asked this week"),)
    sums: ClassVar = (
        Sum("asked_adults", "citizens", "adults asked"),
        Sum("fear_private", "share", "perceived risk of speaking added up over the asked", WELFARE),
        Sum("fear_stated", "share", "of this, what is admitted", WELFARE),
        Sum("gap_all", "share", "stated less private support added up over the asked", WELFARE),
        Sum("asked_women", "citizens", "women asked"),
        Sum("gap_women", "share", "the same for women", WELFARE),
        Sum("asked_young", "citizens", "adults under 35 asked"),
        Sum("gap_young", "share", "the same for adults under 35", WELFARE),
        Sum("asked_aware", "citizens", "asked who know of the regime"),
        Sum("asked_approving", "citizens", "of these, who approve of it"),
        Sum("asked_untold", "citizens", "asked who know of the regime and not of its repressive use"),
        Sum("untold_approving", "citizens", "of these, who approve of it"),
        Sum("untold_approving_told", "citizens", "of these, who would approve of it if they were told"),
        Sum("college_aware", "citizens", "asked with college who know of the regime"),
        Sum("college_approving", "citizens", "of these, who approve of it"),
        Sum("older_aware", "citizens", "asked of 50 or more who know of the regime"),
        Sum("older_approving", "citizens", "of these, who approve of it"),
        Sum("party_aware", "citizens", "asked Party members who know of the regime"),
        Sum("party_approving", "citizens", "of these, who approve of it"),
    )

    candour: float = param(
        0.3,
        "Share of fear that a citizen without fear of the answer admits.",
        unit="share",
        bounds=(0, 1),
        prior=(0.15, 0.6),
        source="facts.md B2.2, F11: fear is admitted by 8 % and held by about 40 %",
        role="uncertainty",
    )

    @staticmethod
    def citizen(me, p, add, week):
        me.asked = week % WEEKS == WEEKS - 1 and me.adult
        if not me.asked:
            return
        gap = me.risk_aversion * me.risk * opposition(me.grievance, me.discontent)
        add("asked_adults")
        add("fear_private", me.risk)
        add("fear_stated", p.candour * me.risk * (1.0 - me.risk_aversion * me.risk))
        add("gap_all", gap)
        if me.female:
            add("asked_women")
            add("gap_women", gap)
        if me.age < THIRTY_FIVE:
            add("asked_young")
            add("gap_young", gap)
        if not me.aware:
            return
        approves = 1 if me.approves > DISAPPROVES else 0
        add("asked_aware")
        add("asked_approving", approves)
        if not me.informed:
            add("asked_untold")
            add("untold_approving", approves)
            if me.approves == EVEN_IF_TOLD:
                add("untold_approving_told")
        if me.education == COLLEGE:
            add("college_aware")
            add("college_approving", approves)
        if me.age >= FIFTY:
            add("older_aware")
            add("older_approving", approves)
        if me.party:
            add("party_aware")
            add("party_approving", approves)
