"""Who appeals against a restriction, how long it takes, and what comes of it."""

from typing import ClassVar

from glasshouse.model.codes import ALL_STRUCK, NOT_CLEARED, WRONG_STRUCK
from glasshouse.model.declarations import Column, Sum, param
from glasshouse.model.mechanism import Mechanism

NO_APPEAL, WAITING, REFUSED = 0, 1, 2
"""States of the appeal of the present spell."""


class Redress(Mechanism):
    """Appeals in a queue for reviewers, and repair.

    A restricted citizen appeals with probability rate * admitted * known * (1 - rho r) a week, where known is
    1 - (1 - unaware)(1 - notice): fear keeps people from appealing. Who is restricted rightfully appeals `rightful` times
    as often. Waiting appeals are decided with probability min(1, reviewers / queue).
    A wrongful restriction is undone with probability `accuracy` (times 1 - `political` where speech is on file), a
    rightful one with probability 1 - `strictness`. Who is refused does not appeal again in the same spell. Rates of
    success: `facts.md` B6.4, B6.5, F24. An appeal that is granted strikes points, and the list lets go after its delay.
    A routine appeal is one that is decided without any speech on file.
    """

    name: ClassVar[str] = "redress"
    off: ClassVar = {"rate": 0.0}
    columns: ClassVar = (
        Column("appeal", "u1", "state", "appeal of the present spell: 0 none, 1 waiting, 2 refused", high=REFUSED),
        Column("appeal_weeks", "i2", "weeks", "weeks that the appeal has waited", high=30000),
        Column(
            "cleared",
            "u1",
            "verdict",
            "decided this week: 1 wrongful points struck, 2 all points struck",
            high=ALL_STRUCK,
        ),
    )
    district_columns: ClassVar = (
        Column("decided", "f4", "share", "share of waiting appeals that is decided in a week", initial=1.0),
    )
    sums: ClassVar = (
        Sum("appeals", "appeals", "appeals made"),
        Sum("appeals_wrongful", "appeals", "of these, against a wrongful restriction"),
        Sum("appeals_waiting", "citizen-weeks", "appeals that wait"),
        Sum("appeals_decided", "appeals", "appeals decided"),
        Sum("appeals_decided_wrongful", "appeals", "of these, against a wrongful restriction"),
        Sum("appeals_upheld", "appeals", "wrongful restrictions undone"),
        Sum("appeals_lenient", "appeals", "rightful restrictions undone"),
        Sum("appeal_wait", "weeks", "weeks that decided appeals had waited"),
        Sum("routine_decided", "appeals", "appeals decided while no speech was on file"),
        Sum("routine_granted", "appeals", "of these, granted"),
    )
    draws: ClassVar = ("appeals", "decides", "verdict")

    rate: float = param(
        0.03,
        "Chance that a restricted citizen without fear who knows of it appeals.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.01, 0.06),
        role="assumption",
    )
    rightful: float = param(
        1.0,
        "How often those restricted rightfully appeal, over those restricted wrongfully.",
        unit="ratio",
        bounds=(0, 1),
        prior=(0.1, 1.0),
        role="uncertainty",
    )
    unaware: float = param(
        0.2,
        "Share of the restricted who find out without notice.",
        unit="share",
        bounds=(0, 1),
        prior=(0.1, 0.4),
        role="uncertainty",
    )
    reviewers: float = param(
        0.2,
        "Appeals that can be decided.",
        unit="per 1,000 citizens and week",
        bounds=(0, 1000),
        prior=(0.1, 0.4),
        role="lever",
    )
    accuracy: float = param(
        0.4,
        "Share of wrongful restrictions that a decision undoes.",
        unit="share",
        bounds=(0, 1),
        prior=(0.2, 0.8),
        source="facts.md B6.4: routine suits against the administration are won in 33 to 42 %",
        role="assumption",
    )
    strictness: float = param(
        0.95,
        "Share of rightful restrictions that a decision keeps.",
        unit="share",
        bounds=(0, 1),
        prior=(0.8, 1.0),
        role="uncertainty",
    )
    political: float = param(
        0.9,
        "Share of success that is lost where speech is on file.",
        unit="share",
        bounds=(0, 1),
        prior=(0.5, 1.0),
        source="facts.md B6.5, F24 (direction); size assumed",
        role="uncertainty",
    )

    @staticmethod
    def citizen(me, here, p, draw, add):
        me.cleared = NOT_CLEARED
        if me.contexts == 0:
            me.appeal = NO_APPEAL
            me.appeal_weeks = 0
            return
        if me.appeal == NO_APPEAL:
            known = 1.0 - (1.0 - p.unaware) * (1.0 - here.notice)
            chance = p.rate * here.appeal_right * known * (1.0 - me.risk_aversion * me.risk)
            if draw("appeals") < (chance if me.wronged > 0 else p.rightful * chance):
                me.appeal = WAITING
                me.appeal_weeks = 0
                add("appeals")
                if me.wronged > 0:
                    add("appeals_wrongful")
        elif me.appeal == WAITING:
            add("appeals_waiting")
            me.appeal_weeks = me.appeal_weeks + 1
            if draw("decides") < here.decided:
                add("appeals_decided")
                add("appeal_wait", me.appeal_weeks)
                chance = 1.0 - p.strictness
                if me.wronged > 0:
                    add("appeals_decided_wrongful")
                    chance = p.accuracy * (1.0 - p.political) if me.speech > 0 else p.accuracy
                if me.speech == 0:
                    add("routine_decided")
                me.appeal = REFUSED
                if draw("verdict") < chance:
                    me.appeal = NO_APPEAL
                    if me.speech == 0:
                        add("routine_granted")
                    if me.wronged > 0:
                        me.cleared = WRONG_STRUCK
                        add("appeals_upheld")
                    else:
                        me.cleared = ALL_STRUCK
                        add("appeals_lenient")

    @staticmethod
    def district(here, total, p):
        here.decided = min(p.reviewers * here.size / 1000.0 / max(total.appeals_waiting, 1), 1.0)
