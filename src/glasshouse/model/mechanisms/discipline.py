"""The Party's own list: members are answerable to it for what any agency has on file."""

from typing import ClassVar

from glasshouse.model.agencies import AGENCIES
from glasshouse.model.declarations import WELFARE, Column, Sum, param
from glasshouse.model.mechanism import Mechanism


class Discipline(Mechanism):
    """A list of Party members, kept by the Party, which sees the files of all agencies.

    On a share `share` of the members the Party keeps a file. They are under discipline while the points of all agencies
    together, rightful and wrongful, reach `threshold`; where the rightful ones do not, it is wrong by the Party's own rule.
    It costs a member `cost` ww a week. Integrity in government affairs is one of the four fields of the State Council's
    outline of social credit of 2014 (recalled); sizes are assumed. Officials who head districts are in `officials`.
    """

    name: ClassVar[str] = "discipline"
    off: ClassVar = {"share": 0.0}
    columns: ClassVar = (Column("disciplined", "?", "yes or no", "is a member of the Party under its discipline"),)
    district_columns: ClassVar = (
        Column("discipline_cost", "f4", "ww per week", "welfare lost by members under discipline", high=2.0),
    )
    sums: ClassVar = (
        Sum("member_weeks", "citizen-weeks", "adult members of the Party on whom it keeps a file"),
        Sum("members_disciplined", "citizen-weeks", "of these, under discipline"),
        Sum("members_disciplined_wrongly", "citizen-weeks", "of these, wrong by the Party's own rule"),
        Sum("discipline_ww", "ww", "welfare lost to discipline", WELFARE),
    )
    draws: ClassVar = ("file",)

    share: float = param(
        0.0,
        "Share of Party members on whom the Party keeps a file.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 1.0),
        role="lever",
    )
    threshold: float = param(
        9.0,
        "Points of all agencies together from which a member is under discipline.",
        unit="points",
        bounds=(0.5, 4000),
        prior=(4, 24),
        role="lever",
    )
    cost: float = param(
        0.2,
        "Welfare lost under the Party's discipline.",
        unit="ww per week",
        bounds=(0, 2),
        prior=(0.1, 0.4),
        role="uncertainty",
    )

    @staticmethod
    def citizen(me, here, p, draw, add):
        if p.share == 0.0 and not me.disciplined:
            return
        me.disciplined = False
        # A draw of one week for all weeks: a member has a file for good.
        if me.party and me.adult and draw("file", 0) < p.share:
            add("member_weeks")
            right, wrong = 0, 0
            for k in range(AGENCIES):
                right += me.right[k]
                wrong += me.wrong[k]
            if right + wrong >= p.threshold:
                me.disciplined = True
                add("members_disciplined")
                add("discipline_ww", here.discipline_cost)
                if right < p.threshold:
                    add("members_disciplined_wrongly")

    @staticmethod
    def district(here, p):
        here.discipline_cost = p.cost
