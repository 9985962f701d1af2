"""Lists: who is put on them, who would be by the regime's own rule, and who by conduct."""

from collections.abc import Mapping
from typing import ClassVar

from glasshouse.model.agencies import (
    AGENCIES,
    CLEAR,
    DATE_STARTS,
    DATE_STEPS,
    LEAVING,
    LONGEST,
    MOST_AGENCIES,
    MOST_CONTEXTS_BITS,
    POLICE,
    RESTRICTED,
)
from glasshouse.model.codes import ALL_STRUCK, NOT_CLEARED
from glasshouse.model.declarations import Column, Sum, param, vector
from glasshouse.model.kernel_math import e_to
from glasshouse.model.list_state_machine import listing
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.normal_distribution import normal

IMPORTED = 1 << 10
"""Scale of the sum of points that lists take over from other agencies."""

MOST_RELATIVE = 100.0
"""Greatest integration of a list in a district over the nation's."""


class Lists(Mechanism):
    """A list for each context, with two shadows on the same machine.

    V_l = own points + a_dl * sum over other agencies k of S[k, l] * passed_on_k * points_k, where the safeguard of purpose
    limitation takes 1 - purpose * (1 - related[k, l]) of each term. a_dl = min(1, integration * use * exp(s z - s^2 / 2)) is
    how much of what reaches it the list of context l in district d counts, with s = `integration_spread` and z a standard
    normal deviate of district and list, drawn once. Of the police's points other lists leave out the part about speech but
    `speech_shared` of it. Three machines (`list_state_machine.listing`) run on it: the
    actual one, the *own-rule* shadow (without wrongful points) and the *deserved* shadow (full and faithful observation
    of harmful conduct). Where citizens are heard before a listing takes effect, an answer stops a wrongful one and
    strikes its points. Where listings are reviewed, a human looks at those about to take effect: a wrongful one is dismissed
    with the review's accuracy, and its wrongful points struck; a rightful one is dismissed by mistake and comes up again.
    An appeal upheld starts the leaving of the contexts it concerns. The controller of case load moves all thresholds by a
    factor. Where the system optimises, a share of people's files in each context runs by itself: without delay, hearing, review
    or an official, in both directions. Automation shortens the delay of the other listings, and central decisions add to
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
            per="agency",
        ),
        Column("since", "i2", "weeks", "weeks in that state", high=LONGEST, per="agency"),
        Column("rule_state", "u1", "state", "the same without wrongful points", high=3, per="agency"),
        Column("rule_since", "i2", "weeks", "weeks in that state", high=LONGEST, per="agency"),
        Column("due_state", "u1", "state", "the same under full and faithful observation", high=3, per="agency"),
        Column("due_since", "i2", "weeks", "weeks in that state", high=LONGEST, per="agency"),
        Column(
            "hearing_given",
            "u1",
            "contexts, packed",
            "a bit for each context before whose listing this week one was heard",
            high=MOST_CONTEXTS_BITS,
        ),
        Column("busy", "?", "yes or no", "some list is not clear"),
        Column("dismissed", "?", "yes or no", "a reviewer or an answer stopped a wrongful listing this week"),
        Column("fresh", "u1", "contexts", "contexts newly restricted this week", high=MOST_AGENCIES),
    )
    district_columns: ClassVar = (
        Column(
            "relative_integration",
            "f4",
            "ratio",
            "integration of each list in the district over the nation's",
            high=MOST_RELATIVE,
            initial=1.0,
            per="agency",
        ),
        Column(
            "lawful_weight",
            "f8",
            "share",
            "weight of each agency's points in each list, as far as the law permits it",
            per="pair of agencies",
        ),
    )
    sums: ClassVar = (
        Sum("listings", "listings", "contexts newly restricted"),
        Sum("delistings", "listings", "contexts set free"),
        Sum("views", "agency-weeks", "agencies whose list counts some record of a citizen"),
        Sum("points_imported", "points", "points that lists count of other agencies, at their weight", IMPORTED),
        Sum("reviews", "reviews", "listings that a human reviewed"),
        Sum("reviews_dismissed", "reviews", "of these, dismissed"),
        Sum("hearings", "hearings", "listings before which the citizen was heard"),
        Sum("hearings_stopped", "hearings", "of these, wrongful listings that an answer stopped"),
    )
    draws: ClassVar = ("review", "finding", "automatic", "relative_integration", "hearing", "answer")

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
        unit="share", bounds=(0, 1), prior=(0.0, 1.0), role="lever", per="pair of agencies", further=1.0,
    )  # fmt: skip
    passed_on: tuple[float, ...] = vector(
        (1.0,) * AGENCIES,
        "Share of its points that each agency passes on to the others: police, court, welfare office, market supervision.",
        unit="share", bounds=(0, 1), prior=(0.4, 1.0), role="assumption", per="agency", further=1.0,
    )  # fmt: skip
    use: float = param(
        1.0,
        "Share of the points that reach a list from other agencies and that it uses.",
        unit="share", bounds=(0, 1), prior=(0.3, 1.0), role="assumption",
    )  # fmt: skip
    integration_spread: float = param(
        0.0,
        "Log standard deviation of integration between districts and agencies.",
        unit="log",
        bounds=(0, 2),
        prior=(0.0, 1.0),
        role="assumption",
    )
    speech_shared: float = param(
        0.0,
        "Share of the police's points about speech that other agencies' lists count like the police's other points.",
        unit="share", bounds=(0, 1), prior=(0.0, 1.0), role="lever",
    )  # fmt: skip
    related: tuple[float, ...] = vector(
        (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.5, 0.0, 0.0, 1.0, 0.5, 0.0, 0.5, 0.5, 1.0),
        "How related the row's agency's records are to the column's context; purpose limitation spares what is related.",
        unit="share", bounds=(0, 1), prior=(0.0, 1.0), role="uncertainty", per="pair of agencies", further=0.0,
    )  # fmt: skip
    threshold: tuple[float, ...] = vector(
        (12, 6, 9, 9),
        "Value at which a context is restricted: travel, credit, benefits, licences.",
        unit="points", bounds=(0.5, 1000), prior=(4, 24), role="lever", per="agency", further=9.0,
    )  # fmt: skip
    leave: float = param(
        0.5, "Mark below which a restriction can end, relative to the threshold.",
        unit="share", bounds=(0, 1), prior=(0.25, 0.9), role="lever",
    )  # fmt: skip
    delay_on: float = param(
        2.0, "Weeks from reaching the threshold to the restriction.",
        unit="weeks", bounds=(0, 520), prior=(1, 4), role="lever",
    )  # fmt: skip
    spell: tuple[float, ...] = vector(
        (52, 0, 26, 26),
        "Shortest restriction in each context.",
        unit="weeks", bounds=(0, 2600), prior=(13, 104), role="lever", per="agency", further=26.0,
    )  # fmt: skip
    delay_off: float = param(
        8.0, "Weeks from the end of a restriction to the end of its effect.",
        unit="weeks", bounds=(0, 520), prior=(4, 16), source="facts.md A5.4, F21: slower than listing; size assumed", role="lever",
    )  # fmt: skip

    def constants(self) -> Mapping[str, float]:
        """What makes the mean of integration between districts that of the nation.

        Returns
        -------
        Mapping[str, float]
            `half_variance`, half the variance of the logarithm of integration.
        """
        return {"half_variance": 0.5 * self.integration_spread**2}

    @staticmethod
    def citizen(me, here, p, draw, add, week):
        me.dismissed, me.fresh, me.hearing_given = False, 0, 0
        if not me.on_file and not me.busy:
            return
        states, views, imported = 0, 0, 0.0
        for k in range(AGENCIES):
            right, wrong, due = 0.0, 0.0, 0.0
            link = min(min(p.integration + here.linked, 1.0) * p.use * here.relative_integration[k], 1.0)
            for j in range(AGENCIES):
                share, left_out = 1.0, 0.0
                if j != k:
                    share = link * p.sharing[j * AGENCIES + k] * p.passed_on[j]
                    share *= 1.0 - here.purpose * (1.0 - p.related[j * AGENCIES + k])
                    left_out = 1.0 - p.speech_shared if j == POLICE else 0.0
                right += share * (me.right[j] - left_out * me.right_speech)
                wrong += share * (me.wrong[j] - left_out * me.wrong_speech)
                due += share * me.deserved[j]
            imported += right + wrong - me.right[k] - me.wrong[k]
            views += 1 if right + wrong > 0.0 else 0
            was, bar = me.state[k], p.threshold[k] * here.bar_shift
            # One draw for good, so that the same files run by themselves from week to week.
            by_itself = here.automatic > 0.0 and draw("automatic", k) < here.automatic
            delay_on, delay_off = 0.0 if by_itself else p.delay_on * here.delay_share, 0.0 if by_itself else p.delay_off
            struck = me.cleared == ALL_STRUCK or me.rule_state[k] < RESTRICTED
            if me.cleared > NOT_CLEARED and was == RESTRICTED and struck:
                me.state[k], me.since[k] = LEAVING, 0
            me.rule_state[k], me.rule_since[k] = listing(
                me.rule_state[k], me.rule_since[k], right, bar, bar * p.leave, delay_on, p.spell[k], delay_off
            )
            me.state[k], me.since[k] = listing(
                me.state[k], me.since[k], right + wrong, bar, bar * p.leave, delay_on, p.spell[k], delay_off
            )
            me.due_state[k], me.due_since[k] = listing(
                me.due_state[k], me.due_since[k], due, bar, bar * p.leave, delay_on, p.spell[k], delay_off
            )
            if was < RESTRICTED and me.state[k] == RESTRICTED:
                when = week * DATE_STEPS[k] + DATE_STARTS[k]
                if not by_itself and here.hearing > 0.0 and draw("hearing", when) < here.hearing:
                    add("hearings")
                    me.hearing_given = me.hearing_given | (1 << k)
                    if me.rule_state[k] < RESTRICTED and draw("answer", when) < here.hearing_answer:
                        add("hearings_stopped")
                        me.state[k], me.dismissed = CLEAR, True
                if me.state[k] == RESTRICTED and not by_itself and draw("review", when) < here.review:
                    add("reviews")
                    right_finding = draw("finding", when) < here.review_accuracy
                    if right_finding == (me.rule_state[k] < RESTRICTED):
                        add("reviews_dismissed")
                        me.state[k] = CLEAR
                        me.dismissed = me.dismissed or right_finding
                if me.state[k] == RESTRICTED:
                    me.fresh = me.fresh + 1
                    add("listings")
            elif was >= RESTRICTED and me.state[k] < RESTRICTED:
                add("delistings")
            states += me.state[k] + me.rule_state[k] + me.due_state[k]
        add("views", views)
        add("points_imported", max(imported, 0.0))
        me.busy = states > 0

    @staticmethod
    def district(here, p, draw):
        integration, purpose = min(p.integration + here.linked, 1.0) * p.use, max(here.purpose, here.lawful_purpose)
        for k in range(AGENCIES):
            here.relative_integration[k] = 1.0
            if p.integration_spread > 0.0:
                here.relative_integration[k] = min(
                    e_to(p.integration_spread * normal(draw("relative_integration", k)) - p.half_variance),
                    MOST_RELATIVE,
                )
            link = min(integration * here.relative_integration[k], 1.0)
            for j in range(AGENCIES):
                share = 1.0
                if j != k:
                    share = link * p.sharing[j * AGENCIES + k] * p.passed_on[j]
                    share *= 1.0 - purpose * (1.0 - p.related[j * AGENCIES + k])
                here.lawful_weight[j * AGENCIES + k] = share
