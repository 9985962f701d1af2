"""Restrictions: what the lists come to for a citizen, what of it is wrong, and what others can see."""

from typing import ClassVar

from glasshouse.model.agencies import (
    AGENCIES,
    ALWAYS,
    CONTEXT_NAMES,
    COURT,
    MARKET,
    MOST_AGENCIES,
    POLICE,
    RESTRICTED,
    WELFARE_OFFICE,
)
from glasshouse.model.declarations import Column, Signal, Sum
from glasshouse.model.mechanism import Mechanism


class Restrictions(Mechanism):
    """Counts the contexts of a citizen that are restricted, and holds them against the two shadow lists.

    Restricted while the own-rule shadow is not: wrong by the regime's own rule. Restricted while the deserved shadow is
    not: wrong by conduct (error rates as in Kleinberg et al. 2017). Those who are newly restricted with records about
    speech on file was silenced, and contacts can see it.
    """

    name: ClassVar[str] = "restrictions"
    columns: ClassVar = (
        Column("contexts", "u1", "contexts", "contexts in which the citizen is restricted", high=MOST_AGENCIES),
        Column(
            "wronged",
            "u1",
            "contexts",
            "contexts restricted though the regime's own rule would not",
            high=MOST_AGENCIES,
        ),
        Column(
            "undeserved", "u1", "contexts", "contexts restricted though conduct does not deserve it", high=MOST_AGENCIES
        ),
    )
    signals: ClassVar = (
        Signal("restricted", "is restricted in some context, also through a firm"),
        Signal("silenced", "was newly restricted this week with records about speech on file"),
    )
    sums: ClassVar = (
        Sum("listed", "citizen-weeks", "citizens restricted in at least one context"),
        Sum("listed_wrongly", "citizen-weeks", "of these, wrong by the regime's own rule in some context"),
        Sum("listed_undeserved", "citizen-weeks", "of these, wrong by conduct in some context"),
        Sum("restrictions", "context-weeks", "contexts restricted, added up over citizens"),
        Sum("restrictions_wrong", "context-weeks", "of these, wrong by the regime's own rule"),
        Sum("restrictions_undeserved", "context-weeks", "of these, wrong by conduct"),
        Sum("restrictions_deserved", "context-weeks", "contexts that conduct deserves to have restricted"),
        Sum("restrictions_missed", "context-weeks", "of these, not restricted"),
        Sum("speech_sanctions", "citizens", "citizens newly restricted with records about speech on file"),
        Sum("listed_many", "citizen-weeks", "citizens restricted in more than one context"),
        *(
            Sum(f"restricted_{k}", "citizen-weeks", f"citizens restricted in {name}")
            for k, name in enumerate(CONTEXT_NAMES)
        ),
    )

    sums_by_context: ClassVar = (Sum("restricted_{k}", "citizen-weeks", "citizens restricted in {context}"),)

    @staticmethod
    def citizen(me, add):
        if not me.busy and me.contexts == 0:
            me.restricted = me.inherited
            return
        contexts, wronged, undeserved, deserved, missed = 0, 0, 0, 0, 0
        for k in range(AGENCIES):
            if me.due_state[k] >= RESTRICTED:
                deserved += 1
                if me.state[k] < RESTRICTED:
                    missed += 1
            if me.state[k] >= RESTRICTED:
                contexts += 1
                if me.rule_state[k] < RESTRICTED:
                    wronged += 1
                if me.due_state[k] < RESTRICTED:
                    undeserved += 1
        if deserved > 0:
            add("restrictions_deserved", deserved)
            add("restrictions_missed", missed)
        me.silenced = me.fresh > 0 and me.speech > 0
        if contexts > 0:
            add("listed")
            add("restrictions", contexts)
            if contexts > 1:
                add("listed_many")
            if me.state[POLICE] >= RESTRICTED:
                add("restricted_0")
            if me.state[COURT] >= RESTRICTED:
                add("restricted_1")
            if me.state[WELFARE_OFFICE] >= RESTRICTED:
                add("restricted_2")
            if me.state[MARKET] >= RESTRICTED:
                add("restricted_3")
            for k in range(ALWAYS, AGENCIES):
                if me.state[k] >= RESTRICTED:
                    add(f"restricted_{k}")
            if me.silenced:
                add("speech_sanctions")
            if wronged > 0:
                add("listed_wrongly")
                add("restrictions_wrong", wronged)
            if undeserved > 0:
                add("listed_undeserved")
                add("restrictions_undeserved", undeserved)
        me.contexts = contexts
        me.wronged = wronged
        me.undeserved = undeserved
        me.restricted = contexts > 0 or me.inherited
