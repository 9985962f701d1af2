"""What comes after: who learns that they were wronged, comes forward, is recognised and refunded."""

from typing import ClassVar

from glasshouse.model.agencies import AGENCIES, RESTRICTED
from glasshouse.model.declarations import WELFARE, Column, Sum, param
from glasshouse.model.mechanism import Mechanism

NO_CLAIM, LIGHT_TEST, FULL_TEST, RECOGNISED, REFUNDED = 0, 1, 2, 3, 4
"""States of a victim's claim."""


class Aftermath(Mechanism):
    """An operation that redresses what wrongful restrictions took, while a regime is in force and after it has ended.

    taken += welfare lost in contexts that are restricted though the regime's own rule would not restrict them, for a share
    `eligible` of the citizens. Who has lost anything in this way is a victim. It is counted on when the regime ends, for as
    long as their restriction lasts.
    From the week `start` on, victims who know of the wrong come forward with probability `intake` a week; the others, a share
    `unaware`, learn of it late and come forward with probability `discovery`. A light test decides a share `light` of its
    claims a week and fails a share `light_error` of them; these wait for a full test, which is right and decides with
    probability min(1, capacity / queue). Once the restriction has ended, a share `refund` of what was taken is paid back
    with probability 1 / `delay` a week. Claims are those of victims alone, and a refund changes nobody's conduct: the operation counts
    what is owed and paid. Counts of victims that rise for years after a stop: `facts.md` E1, E5.
    """

    name: ClassVar[str] = "aftermath"
    off: ClassVar = {"eligible": 0.0}
    columns: ClassVar = (
        Column("taken", "f4", "ww", "welfare taken wrongly and not paid back", high=50000.0),
        Column(
            "claim",
            "u1",
            "state",
            "claim of a victim: 0 none, 1 light test, 2 full test, 3 recognised, 4 refunded",
            high=REFUNDED,
        ),
    )
    district_columns: ClassVar = (
        Column("tested", "f4", "share", "share of claims in the full test that is decided in a week", initial=1.0),
    )
    sums: ClassVar = (
        Sum("victims", "citizens", "citizens from whom a wrongful restriction took welfare for the first time"),
        Sum("victims_unknown", "citizen-weeks", "victims who have not been recognised"),
        Sum("claims", "claims", "victims who come forward"),
        Sum("claims_open", "citizen-weeks", "claims that wait for a decision"),
        Sum("claims_full", "citizen-weeks", "claims that wait for the full test at the end of a week"),
        Sum("victims_known", "citizens", "victims recognised, each counted once"),
        Sum("refunds_due", "citizen-weeks", "recognised victims who wait for their refund"),
        Sum("refunds", "citizens", "recognised victims who are refunded"),
        Sum("taken_wrongly_ww", "ww", "welfare taken from victims by wrongful restrictions", WELFARE),
        Sum("refunded_ww", "ww", "of this, paid back", WELFARE),
    )
    draws: ClassVar = ("eligible", "aware", "claims", "light", "error", "full", "refund")

    eligible: float = param(
        0.0,
        "Share of the wrongfully restricted whose losses are redressed: 0 is off.",
        unit="share",
        bounds=(0, 1),
        source="setting",
        role="lever",
    )
    start: int = param(
        0,
        "Week from which victims can come forward.",
        unit="week",
        bounds=(0, 5200),
        source="setting",
        role="design",
    )
    unaware: float = param(
        0.5,
        "Share of victims who do not know that they were wronged.",
        unit="share",
        bounds=(0, 1),
        prior=(0.2, 0.8),
        role="uncertainty",
    )
    intake: float = param(
        0.02,
        "Chance that a victim who knows comes forward.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.005, 0.05),
        source="facts.md E1: victims came forward for years; size assumed",
        role="assumption",
    )
    discovery: float = param(
        0.004,
        "Chance that a victim who did not know learns of it and comes forward.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.001, 0.02),
        role="uncertainty",
    )
    light: float = param(
        0.2,
        "Share of claims that the light test decides.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.05, 0.5),
        role="assumption",
    )
    light_error: float = param(
        0.3,
        "Share of victims whom the light test does not recognise.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.6),
        role="assumption",
    )
    capacity: float = param(
        0.02,
        "Claims that the full test can decide.",
        unit="per 1,000 citizens and week",
        bounds=(0, 1000),
        prior=(0.005, 0.1),
        role="assumption",
    )
    refund: float = param(
        1.0,
        "Share of what was taken that is paid back.",
        unit="share",
        bounds=(0, 1),
        prior=(0.5, 1.0),
        role="assumption",
    )
    delay: float = param(
        26.0,
        "Mean time from recognition, or from the end of the restriction, to the refund.",
        unit="weeks",
        bounds=(1, 1000),
        prior=(8, 104),
        role="assumption",
    )

    @staticmethod
    def citizen(me, here, p, draw, add, week):
        if me.taken == 0.0 and (p.eligible == 0.0 or me.wronged == 0):
            return
        if me.wronged > 0 and (me.taken > 0.0 or draw("eligible", 0) < p.eligible):
            lost = 0.0
            for k in range(AGENCIES):
                if me.state[k] >= RESTRICTED and me.rule_state[k] < RESTRICTED:
                    lost += here.restriction_cost[k]
            if lost > 0.0 and me.taken == 0.0 and me.claim == NO_CLAIM:
                add("victims")
            me.taken = me.taken + lost
            add("taken_wrongly_ww", lost)
        if me.taken == 0.0:
            return
        decided = False
        if me.claim == NO_CLAIM:
            if week >= p.start:
                chance = p.discovery if draw("aware", 0) < p.unaware else p.intake
                if draw("claims") < chance:
                    me.claim = LIGHT_TEST
                    add("claims")
        elif me.claim == LIGHT_TEST:
            add("claims_open")
            if draw("light") < p.light:
                if draw("error") < p.light_error:
                    me.claim = FULL_TEST
                else:
                    decided = True
        elif me.claim == FULL_TEST:
            add("claims_open")
            decided = draw("full") < here.tested
        elif me.claim == RECOGNISED:
            add("refunds_due")
            if me.wronged == 0 and draw("refund") * p.delay < 1.0:
                paid = p.refund * me.taken
                add("refunds")
                add("refunded_ww", paid)
                me.taken = me.taken - paid
                me.claim = REFUNDED
        if decided:
            me.claim = RECOGNISED
            add("victims_known")
        if me.claim == FULL_TEST:
            add("claims_full")
        if me.claim < RECOGNISED:
            add("victims_unknown")

    @staticmethod
    def district(here, total, p):
        here.tested = min(p.capacity * here.size / 1000.0 / max(total.claims_full, 1), 1.0)
