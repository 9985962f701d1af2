"""Banks, carriers, landlords and platforms: refusals beyond what the state has restricted."""

from typing import ClassVar

from glasshouse.model.agencies import AGENCIES
from glasshouse.model.declarations import WELFARE, Column, Sum, param
from glasshouse.model.mechanism import Mechanism


class ThirdParties(Mechanism):
    """Over-compliance: third parties refuse more, and more people, than they must.

    Of restricted citizens a share `further` is refused beyond the contexts that are restricted; of those who have points on
    file and are not restricted, a share `below`. Whom they refuse depends on the citizen for good. A refusal costs `cost`
    ww a week. The list is not changed by it, and nobody can appeal against it. (Direction: de-risking by banks and
    refusals by landlords of people with a record; sizes are assumed.)
    """

    name: ClassVar[str] = "third_parties"
    off: ClassVar = {"further": 0.0, "below": 0.0}
    columns: ClassVar = (Column("refused", "?", "yes or no", "is refused by third parties beyond what is restricted"),)
    district_columns: ClassVar = (Column("refusal_cost", "f4", "ww per week", "welfare lost to refusals", high=2.0),)
    sums: ClassVar = (
        Sum(
            "refused_further",
            "citizen-weeks",
            "restricted citizens whom third parties refuse beyond their restrictions",
        ),
        Sum("refused_below", "citizen-weeks", "unrestricted citizens with points on file whom third parties refuse"),
        Sum("third_party_ww", "ww", "welfare lost to refusals by third parties", WELFARE),
    )
    draws: ClassVar = ("further", "below")

    further: float = param(
        0.0,
        "Share of restricted citizens whom third parties refuse in further contexts.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.5),
        role="assumption",
    )
    below: float = param(
        0.0,
        "Share of unrestricted citizens with points on file whom third parties refuse.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.1),
        role="assumption",
    )
    cost: float = param(
        0.1,
        "Welfare lost while third parties refuse.",
        unit="ww per week",
        bounds=(0, 2),
        prior=(0.02, 0.2),
        role="uncertainty",
    )

    @staticmethod
    def citizen(me, here, p, draw, add):
        if p.further + p.below == 0.0 and not me.refused:
            return
        me.refused = False
        # A draw of one week for all weeks: the same third parties, and the same citizens.
        if me.contexts > 0 or me.inherited:
            if draw("further", 0) < p.further:
                me.refused = True
                add("refused_further")
        elif me.on_file:
            points = 0
            for k in range(AGENCIES):
                points += me.right[k] + me.wrong[k]
            if points > 0 and draw("below", 0) < p.below:
                me.refused = True
                add("refused_below")
        if me.refused:
            add("third_party_ww", here.refusal_cost)

    @staticmethod
    def district(here, p):
        here.refusal_cost = p.cost
