"""How long restrictions last, rightful and wrongful."""

from typing import ClassVar

from glasshouse.model.agencies import LONGEST, MOST_AGENCIES
from glasshouse.model.declarations import Column, Sum
from glasshouse.model.kernel_math import WEEKS
from glasshouse.model.statistic import Statistic

LONG = 2 * WEEKS
"""Weeks beyond which a spell counts as long."""


class RestrictionSpells(Statistic):
    """Follows the present spell of restriction and of wrong restriction, and counts those that end by their length.

    A spell's length = weeks without a break. Classes that double in length give a percentile without keeping anybody's
    history (mean lengths to hold against: `facts.md` A4.4, F5).
    """

    name: ClassVar[str] = "restriction_spells"
    columns: ClassVar = (
        Column(
            "wrong_weeks", "i2", "weeks", "weeks of the present spell that were wrong by the own rule", high=LONGEST
        ),
        Column(
            "spell_weeks", "i2", "weeks", "weeks that the citizen has been restricted without a break", high=LONGEST
        ),
        Column(
            "spell_contexts", "u1", "contexts", "contexts restricted in the last week of the spell", high=MOST_AGENCIES
        ),
    )
    sums: ClassVar = (
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
        Sum("spells_ended_many", "spells", "spells that ended from more than one context"),
    )

    @staticmethod
    def citizen(me, add):
        if me.contexts == 0 and me.spell_weeks == 0:
            return
        if me.wronged > 0:
            if me.wrong_weeks == 0:
                add("wrong_begun")
            me.wrong_weeks = min(me.wrong_weeks + 1, LONGEST)
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
        if me.contexts > 0:
            if me.spell_weeks == 0:
                add("spells_begun")
            me.spell_weeks = min(me.spell_weeks + 1, LONGEST)
            me.spell_contexts = me.contexts
            return
        add("spells_ended")
        add("spell_weeks_sum", me.spell_weeks)
        if me.spell_weeks > LONG:
            add("spells_long")
        if me.spell_contexts > 1:
            add("spells_ended_many")
        me.spell_weeks = 0
