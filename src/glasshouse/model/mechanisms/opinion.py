"""Who knows of the regime, and who approves of it when asked."""

from typing import ClassVar

from glasshouse.model.codes import APPROVES, DISAPPROVES, EVEN_IF_TOLD, INCOME_CAP
from glasshouse.model.declarations import Column, Sum, param
from glasshouse.model.entities import COLLEGE
from glasshouse.model.mechanism import Mechanism

APPROVING = 0.5
"""Approval above which a citizen says yes when asked."""


class Opinion(Mechanism):
    """Awareness and approval of the regime.

    aware:    once and for all, with probability publicity * announced coverage * e a week, more where a contact or
              household member is restricted, at once by a restriction or reward of one's own.
    informed: an aware citizen learns of repressive use with probability `disclosure` a week, at once by being silenced.
    approval: base + income min(income, 3) + college + urban + age - party - restricted - kin - informed + reward + spread *
              temper, held against one half. Signs and sizes: Kostka 2019, Xu, Kostka and Cao 2022; `facts.md` B1, F7 to
              F9. Approval is what is said, so it is not private support.
    """

    name: ClassVar[str] = "opinion"
    columns: ClassVar = (
        Column("aware", "?", "yes or no", "knows of the regime"),
        Column("informed", "?", "yes or no", "knows of its repressive use"),
        Column(
            "approves", "u1", "answer", "approves of it: 0 no, 1 not if told of repressive use, 2 even then", high=2
        ),
    )
    sums: ClassVar = (
        Sum("aware_adults", "citizen-weeks", "adults who know of the regime"),
        Sum("approving", "citizen-weeks", "of these, who approve of it"),
        Sum("informed_adults", "citizen-weeks", "of these, who know of its repressive use"),
        Sum("informed_approving", "citizen-weeks", "of the informed, who approve of it"),
    )
    draws: ClassVar = ("hears", "learns")

    publicity: float = param(
        0.0004,
        "Chance of hearing of the regime at full announced coverage and exposure.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.0002, 0.0008),
        source="set so that 5 to 15 % of the covered are aware after years, facts.md A6.11, F7",
        role="uncertainty",
    )
    word_of_mouth: float = param(
        0.002,
        "Chance of hearing of it where a contact or household member is restricted.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.001, 0.004),
        role="uncertainty",
    )
    disclosure: float = param(
        0.0005,
        "Chance that an aware citizen learns of repressive use.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.0002, 0.001),
        role="uncertainty",
    )
    base: float = param(
        0.62,
        "Approval of a rural citizen without income, schooling or experience.",
        unit="share",
        bounds=(0, 1),
        prior=(0.4, 0.9),
        source="set so that 75 to 85 % approve, facts.md B1.1, F7",
        role="uncertainty",
    )
    by_income: float = param(
        0.03,
        "Rise with income over the median.",
        unit="share",
        bounds=(-1, 1),
        prior=(0.0, 0.06),
        source="facts.md F9",
        role="uncertainty",
    )
    by_college: float = param(
        0.03,
        "Rise with college.",
        unit="share",
        bounds=(-1, 1),
        prior=(0.0, 0.06),
        source="facts.md F9",
        role="uncertainty",
    )
    by_urban: float = param(
        0.04,
        "Rise with urban residence.",
        unit="share",
        bounds=(-1, 1),
        prior=(0.0, 0.08),
        source="facts.md F9",
        role="uncertainty",
    )
    by_age: float = param(
        0.005,
        "Rise with five years of age.",
        unit="share",
        bounds=(-1, 1),
        prior=(0.0, 0.01),
        source="facts.md F9",
        role="uncertainty",
    )
    by_party: float = param(
        0.05,
        "Fall with Party membership.",
        unit="share",
        bounds=(-1, 1),
        prior=(0.0, 0.1),
        source="facts.md B1.6, F9 (direction); size assumed",
        role="uncertainty",
    )
    by_restriction: float = param(
        0.3,
        "Fall by a restriction of one's own.",
        unit="share",
        bounds=(0, 1),
        prior=(0.15, 0.6),
        role="uncertainty",
    )
    by_kin: float = param(
        0.1,
        "Fall by a restricted household member.",
        unit="share",
        bounds=(0, 1),
        prior=(0.05, 0.2),
        role="uncertainty",
    )
    by_information: float = param(
        0.08,
        "Fall by knowing of repressive use.",
        unit="share",
        bounds=(0, 1),
        prior=(0.04, 0.16),
        source="facts.md B1.3, F8: 10 to 15 % of the mean",
        role="uncertainty",
    )
    by_reward: float = param(
        0.1, "Rise by a reward.", unit="share", bounds=(0, 1), prior=(0.05, 0.2), role="uncertainty"
    )
    spread: float = param(
        0.25, "Standard deviation between people.", unit="share", bounds=(0, 1), prior=(0.12, 0.5), role="uncertainty"
    )

    @staticmethod
    def citizen(me, here, contacts, household, p, draw, add):
        if not me.adult:
            return
        if not me.aware:
            if me.contexts > 0 or me.reward > 0.0:
                me.aware = True
            else:
                chance = p.publicity * here.announced * me.exposure
                if contacts.restricted + household.restricted > 0:
                    chance += p.word_of_mouth
                me.aware = draw("hears") < chance
        if not me.aware:
            return
        if not me.informed:
            me.informed = me.silenced or draw("learns") < p.disclosure
        approval = p.base + p.by_income * min(me.income, INCOME_CAP) + p.by_urban * me.urban + p.by_age * me.age
        if me.education == COLLEGE:
            approval += p.by_college
        if me.party:
            approval -= p.by_party
        if me.contexts > 0:
            approval -= p.by_restriction
        if household.restricted > 0:
            approval -= p.by_kin
        if me.informed:
            approval -= p.by_information
        if me.reward > 0.0:
            approval += p.by_reward
        approval += p.spread * me.temper
        approves = approval > APPROVING
        informed_approval = approval if me.informed else approval - p.by_information
        me.approves = EVEN_IF_TOLD if informed_approval > APPROVING else (APPROVES if approves else DISAPPROVES)
        add("aware_adults")
        if approves:
            add("approving")
        if me.informed:
            add("informed_adults")
            if approves:
                add("informed_approving")
