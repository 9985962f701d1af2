"""Lists: who is restricted in which context, who ought to be by the regime's own rule, and who by conduct."""

from typing import ClassVar

from glasshouse.agencies import AGENCIES, CLEAR, LEAVING, PENDING, RESTRICTED
from glasshouse.mechanism import Mechanism
from glasshouse.schema import Column, Signal, Sum, param, vector


def listing(state, since, value, threshold, leave, delay_on, spell, delay_off):  # type: ignore[no-untyped-def]
    """One week of one list's state machine: the new state and the weeks spent in it.

    clear -> pending when the value reaches the threshold; pending -> restricted after the delay, or back to clear when
    the value falls; restricted -> leaving when the spell is served and the value is below the leaving mark; leaving ->
    clear after its own, longer delay (`facts.md` A5.4, F21).
    """
    if state == CLEAR:
        if value >= threshold:
            return PENDING, 0
        return CLEAR, 0
    if state == PENDING:
        if value < threshold:
            return CLEAR, 0
        if since + 1 >= delay_on:
            return RESTRICTED, 0
        return PENDING, since + 1
    if state == RESTRICTED:
        if since + 1 >= spell and value < leave:
            return LEAVING, 0
        return RESTRICTED, min(since + 1, 30000)
    if since + 1 >= delay_off:
        return CLEAR, 0
    return LEAVING, since + 1


class Lists(Mechanism):
    """A list for each context, with two shadows on the same machine.

    V_l = own points + integration * (points of the other agencies). Three machines run on it: the actual one, the
    *own-rule* shadow (without wrongful points) and the *deserved* shadow (full and faithful observation of harmful
    conduct). Restricted while the own-rule shadow is not: wrong by the regime's own rule. Restricted while the deserved
    shadow is not: wrong by conduct.
    """

    name: ClassVar[str] = "lists"
    columns: ClassVar = (
        Column(
            "state",
            "u1",
            "state",
            "list state of each context: 0 clear, 1 pending, 2 restricted, 3 leaving",
            high=3,
            length=AGENCIES,
        ),
        Column("since", "i2", "weeks", "weeks in that state", high=30000, length=AGENCIES),
        Column("rule_state", "u1", "state", "the same without wrongful points", high=3, length=AGENCIES),
        Column("rule_since", "i2", "weeks", "weeks in that state", high=30000, length=AGENCIES),
        Column("due_state", "u1", "state", "the same under full and faithful observation", high=3, length=AGENCIES),
        Column("due_since", "i2", "weeks", "weeks in that state", high=30000, length=AGENCIES),
        Column("busy", "?", "yes or no", "some list is not clear"),
        Column("contexts", "u1", "contexts", "contexts in which the citizen is restricted", high=AGENCIES),
        Column(
            "wronged", "u1", "contexts", "contexts restricted though the regime's own rule would not", high=AGENCIES
        ),
        Column("undeserved", "u1", "contexts", "contexts restricted though conduct does not deserve it", high=AGENCIES),
        Column("wrong_weeks", "i2", "weeks", "weeks of the present spell that were wrong by the own rule", high=30000),
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
        Sum("listings", "listings", "contexts newly restricted"),
        Sum("delistings", "listings", "contexts set free"),
        Sum("speech_sanctions", "citizens", "citizens newly restricted with records about speech on file"),
        Sum("wrong_spells", "spells", "spells of wrong restriction that ended"),
        Sum("wrong_spell_weeks", "weeks", "their weeks"),
    )

    integration: float = param(
        0.0,
        "Weight of other agencies' points in a list: 0 separate files, 1 one file.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.5),
        source="facts.md A1.9: fragmented; default low",
    )
    threshold: tuple[float, ...] = vector(
        (12, 6, 9, 9),
        "Value at which a context is restricted: travel, credit, benefits, licences.",
        unit="points",
        bounds=(0.5, 1000),
        prior=(4, 24),
    )
    leave: float = param(
        0.5,
        "Mark below which a restriction can end, relative to the threshold.",
        unit="share",
        bounds=(0, 1),
        prior=(0.25, 0.9),
    )
    delay_on: float = param(
        2.0, "Weeks from reaching the threshold to the restriction.", unit="weeks", bounds=(0, 520), prior=(1, 4)
    )
    spell: tuple[float, ...] = vector(
        (52, 0, 26, 26), "Shortest restriction in each context.", unit="weeks", bounds=(0, 2600), prior=(13, 104)
    )
    delay_off: float = param(
        8.0,
        "Weeks from the end of a restriction to the end of its effect.",
        unit="weeks",
        bounds=(0, 520),
        prior=(4, 16),
        source="facts.md A5.4, F21: slower than listing; size assumed",
    )

    @staticmethod
    def citizen(me, p, add):  # type: ignore[no-untyped-def]
        if not me.on_file and not me.busy:
            return
        right, wrong, due = 0, 0, 0
        for k in range(AGENCIES):
            right += me.right[k]
            wrong += me.wrong[k]
            due += me.deserved[k]
        contexts, wronged, undeserved, new, states = 0, 0, 0, 0, 0
        for k in range(AGENCIES):
            bar, mark, on, spell, off = p.threshold[k], p.threshold[k] * p.leave, p.delay_on, p.spell[k], p.delay_off
            own = me.right[k] + me.wrong[k]
            was = me.state[k] >= RESTRICTED
            v = own + p.integration * (right + wrong - own)
            me.state[k], me.since[k] = listing(me.state[k], me.since[k], v, bar, mark, on, spell, off)
            v = me.right[k] + p.integration * (right - me.right[k])
            me.rule_state[k], me.rule_since[k] = listing(
                me.rule_state[k], me.rule_since[k], v, bar, mark, on, spell, off
            )
            v = me.deserved[k] + p.integration * (due - me.deserved[k])
            me.due_state[k], me.due_since[k] = listing(me.due_state[k], me.due_since[k], v, bar, mark, on, spell, off)
            states += me.state[k] + me.rule_state[k] + me.due_state[k]
            if me.due_state[k] >= RESTRICTED:
                add("restrictions_deserved")
                if me.state[k] < RESTRICTED:
                    add("restrictions_missed")
            if me.state[k] >= RESTRICTED:
                contexts += 1
                if not was:
                    new += 1
                    add("listings")
                if me.rule_state[k] < RESTRICTED:
                    wronged += 1
                if me.due_state[k] < RESTRICTED:
                    undeserved += 1
            elif was:
                add("delistings")
        me.busy = states > 0
        me.contexts = contexts
        me.wronged = wronged
        me.undeserved = undeserved
        me.restricted = contexts > 0
        me.silenced = new > 0 and me.speech > 0
        if wronged > 0:
            me.wrong_weeks = min(me.wrong_weeks + 1, 30000)
        elif me.wrong_weeks > 0:
            add("wrong_spells")
            add("wrong_spell_weeks", me.wrong_weeks)
            me.wrong_weeks = 0
        if contexts > 0:
            add("listed")
            add("restrictions", contexts)
            if me.silenced:
                add("speech_sanctions")
            if wronged > 0:
                add("listed_wrongly")
                add("restrictions_wrong", wronged)
            if undeserved > 0:
                add("listed_undeserved")
                add("restrictions_undeserved", undeserved)
