"""Lists: who is put on them, who would be by the regime's own rule, and who by conduct."""

from typing import ClassVar

from glasshouse.model.agencies import AGENCIES, CLEAR, LEAVING, LONGEST, RESTRICTED
from glasshouse.model.codes import ALL_STRUCK, NOT_CLEARED
from glasshouse.model.declarations import Column, Sum, param, vector
from glasshouse.model.list_state_machine import listing
from glasshouse.model.mechanism import Mechanism


class Lists(Mechanism):
    """A list for each context, with two shadows on the same machine.

    V_l = own points + integration * sum over other agencies k of S[k, l] * points_k, where the safeguard of purpose
    limitation takes 1 - purpose * (1 - related[k, l]) of each term. Three machines (`list_state_machine.listing`) run on it: the
    actual one, the *own-rule* shadow (without wrongful points) and the *deserved* shadow (full and faithful observation
    of harmful conduct). Where listings are reviewed, a human looks at those about to take effect: a wrongful one is dismissed
    with the review's accuracy, and its wrongful points struck; a rightful one is dismissed by mistake and comes up again.
    An appeal upheld starts the leaving of the contexts it concerns. The controller of case load moves all thresholds by a
    factor. Where the system optimises, a share of people's files in each context runs by itself: without delay, review or
    an official, in both directions. Automation shortens the delay of the other listings, and central decisions add to
    integration.
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
        Column("since", "i2", "weeks", "weeks in that state", high=LONGEST, length=AGENCIES),
        Column("rule_state", "u1", "state", "the same without wrongful points", high=3, length=AGENCIES),
        Column("rule_since", "i2", "weeks", "weeks in that state", high=LONGEST, length=AGENCIES),
        Column("due_state", "u1", "state", "the same under full and faithful observation", high=3, length=AGENCIES),
        Column("due_since", "i2", "weeks", "weeks in that state", high=LONGEST, length=AGENCIES),
        Column("busy", "?", "yes or no", "some list is not clear"),
        Column("dismissed", "?", "yes or no", "a reviewer dismissed a wrongful listing this week"),
        Column("fresh", "u1", "contexts", "contexts newly restricted this week", high=AGENCIES),
    )
    sums: ClassVar = (
        Sum("listings", "listings", "contexts newly restricted"),
        Sum("delistings", "listings", "contexts set free"),
        Sum("views", "agency-weeks", "agencies whose list counts some record of a citizen"),
        Sum("reviews", "reviews", "listings that a human reviewed"),
        Sum("reviews_dismissed", "reviews", "of these, dismissed"),
    )
    draws: ClassVar = ("review", "finding", "automatic")

    integration: float = param(
        0.0,
        "Weight of other agencies' points in a list: 0 separate files, 1 one file.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.5),
        source="facts.md A1.9: fragmented; default low",
        role="lever",
    )
    sharing: tuple[float, ...] = vector(
        (1.0,) * (AGENCIES * AGENCIES),
        "Sharing matrix S, row by row: share of the row's agency's points that the column's list counts, times integration.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 1.0),
        role="lever",
    )
    related: tuple[float, ...] = vector(
        (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.5, 0.0, 0.0, 1.0, 0.5, 0.0, 0.5, 0.5, 1.0),
        "How related the row's agency's records are to the column's context; purpose limitation spares what is related.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 1.0),
        role="uncertainty",
    )
    threshold: tuple[float, ...] = vector(
        (12, 6, 9, 9),
        "Value at which a context is restricted: travel, credit, benefits, licences.",
        unit="points",
        bounds=(0.5, 1000),
        prior=(4, 24),
        role="lever",
    )
    leave: float = param(
        0.5,
        "Mark below which a restriction can end, relative to the threshold.",
        unit="share",
        bounds=(0, 1),
        prior=(0.25, 0.9),
        role="lever",
    )
    delay_on: float = param(
        2.0,
        "Weeks from reaching the threshold to the restriction.",
        unit="weeks",
        bounds=(0, 520),
        prior=(1, 4),
        role="lever",
    )
    spell: tuple[float, ...] = vector(
        (52, 0, 26, 26),
        "Shortest restriction in each context.",
        unit="weeks",
        bounds=(0, 2600),
        prior=(13, 104),
        role="lever",
    )
    delay_off: float = param(
        8.0,
        "Weeks from the end of a restriction to the end of its effect.",
        unit="weeks",
        bounds=(0, 520),
        prior=(4, 16),
        source="facts.md A5.4, F21: slower than listing; size assumed",
        role="lever",
    )

    @staticmethod
    def citizen(me, here, p, draw, add, week):
        me.dismissed = False
        me.fresh = 0
        if not me.on_file and not me.busy:
            return
        states, views = 0, 0
        integration = min(p.integration + here.linked, 1.0)
        for k in range(AGENCIES):
            right, wrong, due = 0.0, 0.0, 0.0
            for j in range(AGENCIES):
                pair = j * AGENCIES + k
                share = (
                    integration * p.sharing[pair] * (1.0 - here.purpose * (1.0 - p.related[pair])) if j != k else 1.0
                )
                right += share * me.right[j]
                wrong += share * me.wrong[j]
                due += share * me.deserved[j]
            if right + wrong > 0.0:
                views += 1
            bar = p.threshold[k] * here.bar_shift
            mark = bar * p.leave
            was = me.state[k]
            # One draw for good, so that the same files run by themselves from week to week.
            by_itself = here.automatic > 0.0 and draw("automatic", k) < here.automatic
            delay_on = 0.0 if by_itself else p.delay_on * here.delay_share
            delay_off = 0.0 if by_itself else p.delay_off
            if (
                me.cleared > NOT_CLEARED
                and was == RESTRICTED
                and (me.cleared == ALL_STRUCK or me.rule_state[k] < RESTRICTED)
            ):
                me.state[k] = LEAVING
                me.since[k] = 0
            me.rule_state[k], me.rule_since[k] = listing(
                me.rule_state[k], me.rule_since[k], right, bar, mark, delay_on, p.spell[k], delay_off
            )
            me.state[k], me.since[k] = listing(
                me.state[k], me.since[k], right + wrong, bar, mark, delay_on, p.spell[k], delay_off
            )
            me.due_state[k], me.due_since[k] = listing(
                me.due_state[k], me.due_since[k], due, bar, mark, delay_on, p.spell[k], delay_off
            )
            if was < RESTRICTED and me.state[k] == RESTRICTED:
                when = week * AGENCIES + k
                if not by_itself and here.review > 0.0 and draw("review", when) < here.review:
                    add("reviews")
                    right_finding = draw("finding", when) < here.review_accuracy
                    if right_finding == (me.rule_state[k] < RESTRICTED):
                        add("reviews_dismissed")
                        me.state[k] = CLEAR
                        if right_finding:
                            me.dismissed = True
                if me.state[k] == RESTRICTED:
                    me.fresh = me.fresh + 1
                    add("listings")
            elif was >= RESTRICTED and me.state[k] < RESTRICTED:
                add("delistings")
            states += me.state[k] + me.rule_state[k] + me.due_state[k]
        add("views", views)
        me.busy = states > 0
