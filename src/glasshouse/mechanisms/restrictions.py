"""Restrictions: what the lists come to for a citizen, what of it is wrong, and what others can see."""

from typing import ClassVar

from glasshouse.agencies import AGENCIES, RESTRICTED
from glasshouse.mechanism import Mechanism
from glasshouse.schema import Column, Signal, Sum


class Restrictions(Mechanism):
    """Counts the contexts of a citizen that are restricted, and holds them against the two shadow lists.

    Restricted while the own-rule shadow is not: wrong by the regime's own rule. Restricted while the deserved shadow is
    not: wrong by conduct (error rates as in Kleinberg et al. 2017). Whoever is newly restricted with records about
    speech on file was silenced, and contacts can see it.
    """

    name: ClassVar[str] = "restrictions"
    columns: ClassVar = (
        Column("contexts", "u1", "contexts", "contexts in which the citizen is restricted", high=AGENCIES),
        Column(
            "wronged", "u1", "contexts", "contexts restricted though the regime's own rule would not", high=AGENCIES
        ),
        Column("undeserved", "u1", "contexts", "contexts restricted though conduct does not deserve it", high=AGENCIES),
        Column("wrong_weeks", "i2", "weeks", "weeks of the present spell that were wrong by the own rule", high=30000),
        Column("spell_weeks", "i2", "weeks", "weeks that the citizen has been restricted without a break", high=30000),
    )
    signals: ClassVar = (
        Signal("restricted", "is restricted in some context"),
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
        Sum("wrong_begun", "spells", "spells of wrong restriction that began"),
        Sum("wrong_spells", "spells", "spells of wrong restriction that ended"),
        Sum("wrong_spell_weeks", "weeks", "their weeks"),
        Sum("wrong_spells_4", "spells", "of these, of at most 4 weeks"),
        Sum("wrong_spells_8", "spells", "of these, of at most 8 weeks"),
        Sum("wrong_spells_16", "spells", "of these, of at most 16 weeks"),
        Sum("wrong_spells_32", "spells", "of these, of at most 32 weeks"),
        Sum("wrong_spells_64", "spells", "of these, of at most 64 weeks"),
        Sum("wrong_spells_128", "spells", "of these, of at most 128 weeks"),
        Sum("wrong_spells_256", "spells", "of these, of at most 256 weeks"),
        Sum("spells_begun", "spells", "spells of restriction that began"),
        Sum("spells_ended", "spells", "spells of restriction that ended"),
        Sum("spells_long", "spells", "of these, of more than two years"),
        Sum("spell_weeks_sum", "weeks", "weeks of the spells that ended"),
        Sum("listed_many", "citizen-weeks", "citizens restricted in more than one context"),
        Sum("spells_ended_many", "spells", "spells that ended from more than one context"),
    )

    @staticmethod
    def citizen(me, add):  # type: ignore[no-untyped-def]
        if not me.busy and me.contexts == 0:
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
        if wronged > 0:
            if me.wrong_weeks == 0:
                add("wrong_begun")
            me.wrong_weeks = min(me.wrong_weeks + 1, 30000)
        elif me.wrong_weeks > 0:
            add("wrong_spells")
            add("wrong_spell_weeks", me.wrong_weeks)
            if me.wrong_weeks <= 4:
                add("wrong_spells_4")
            if me.wrong_weeks <= 8:
                add("wrong_spells_8")
            if me.wrong_weeks <= 16:
                add("wrong_spells_16")
            if me.wrong_weeks <= 32:
                add("wrong_spells_32")
            if me.wrong_weeks <= 64:
                add("wrong_spells_64")
            if me.wrong_weeks <= 128:
                add("wrong_spells_128")
            if me.wrong_weeks <= 256:
                add("wrong_spells_256")
            me.wrong_weeks = 0
        me.silenced = me.fresh > 0 and me.speech > 0
        if contexts > 0:
            if me.contexts == 0:
                add("spells_begun")
            me.spell_weeks = min(me.spell_weeks + 1, 30000)
            add("listed")
            add("restrictions", contexts)
            if contexts > 1:
                add("listed_many")
            if me.silenced:
                add("speech_sanctions")
            if wronged > 0:
                add("listed_wrongly")
                add("restrictions_wrong", wronged)
            if undeserved > 0:
                add("listed_undeserved")
                add("restrictions_undeserved", undeserved)
        elif me.contexts > 0:
            add("spells_ended")
            add("spell_weeks_sum", me.spell_weeks)
            if me.spell_weeks > 104:
                add("spells_long")
            if me.contexts > 1:
                add("spells_ended_many")
            me.spell_weeks = 0
        me.contexts = contexts
        me.wronged = wronged
        me.undeserved = undeserved
        me.restricted = contexts > 0
