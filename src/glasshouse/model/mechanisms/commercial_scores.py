"""Scores that companies keep of their users, beside the state's lists: who is favoured, who is refused and why."""

from collections.abc import Mapping
from typing import ClassVar

from glasshouse.model.agencies import COURT, RESTRICTED
from glasshouse.model.declarations import Column, Sum, param
from glasshouse.model.kernel_math import WEEKS
from glasshouse.model.mechanism import Mechanism

LEAST, SPAN = 350.0, 600.0
"""Lowest score, and the distance from it to the highest (`facts.md` A6.10)."""

HISTORY, MEANS, CONDUCT, ELSE = 0.35, 0.25, 0.20, 0.20
"""Weights of the payment history, of the means to pay, of life online, and of identity and contacts (`facts.md` A6.10)."""

SAME_FOR_ALL = 0.5
"""Part of the score that is the same for everybody, for identity and contacts, which are not modelled."""

MOST_BILLS = 100.0
"""End of the bills on file."""

SCORELESS = 0.0
"""What stands for no score."""


def commercial_score(bills: float, income: float, exposure: float) -> float:
    """The score of a user.

    Parameters
    ----------
    bills : float
        Unpaid bills on file, faded with their age; not negative. With infinitely many there is no history left.
    income : float
        Income over the median.
    exposure : float
        Share of life that is online, 0 to 1.

    Returns
    -------
    float
        From 350 to 950: 350 + 600 (0.35 / (1 + bills) + 0.25 income / (1 + income) + 0.20 exposure + 0.20 * 0.5).
    """
    parts = HISTORY / (1.0 + bills) + MEANS * income / (1.0 + income) + CONDUCT * exposure + ELSE * SAME_FOR_ALL
    return LEAST + SPAN * parts


class CommercialScores(Mechanism):
    """A company's score of its users, from 350 to 950, which may take over the courts' list.

    Whether an adult is a user is drawn once, with probability `uptake`. The score is 350 + 600 (0.35 H + 0.25 y / (1 + y) +
    0.20 e + 0.20 * 0.5), with income y over the median and life online e. H = 1 / (1 + bills) is the payment history. Bills are
    missed at a rate that hardship raises, entered although paid at the rate `false_bills`, and fade with the half-life
    `half_life`. Where the company takes over the courts' list (`court_list`), H is 0 for users whom a court restricts. From
    `high` on a user is favoured, with a deposit waived for example, and below `low` refused. Users with the same history differ by
    income and life online: a score may refuse people who always paid.

    A refusal is wrong if it would not be without bills entered falsely and without a listing that is wrong by the courts' own
    rule. What a score brings or costs is counted and adds no hardship. Ties between companies, and contacts, are left out.
    """

    name: ClassVar[str] = "commercial_scores"
    after: ClassVar[str] = "sanctions"
    off: ClassVar = {"uptake": 0.0}
    columns: ClassVar = (
        Column("commercial", "f4", "points", "commercial score; 0 without one", 0.0, LEAST + SPAN),
        Column("bills", "f4", "bills", "unpaid bills on file, faded with age", 0.0, MOST_BILLS),
        Column("wrong_bills", "f4", "bills", "of these, bills that were paid", 0.0, MOST_BILLS),
    )
    sums: ClassVar = (
        Sum("commercial_users", "citizen-weeks", "adults with a commercial score"),
        Sum("commercial_favoured", "citizen-weeks", "of these, favoured"),
        Sum("commercial_refused", "citizen-weeks", "of these, refused"),
        Sum("commercial_refused_listed", "citizen-weeks", "refused who would not be but for the courts' list"),
        Sum(
            "commercial_refused_wrongly",
            "citizen-weeks",
            "refused who would not be without false bills and wrong listings",
        ),
        Sum(
            "commercial_refused_paying",
            "citizen-weeks",
            "refused who would be without any unpaid bill and without a court listing",
        ),
        Sum("bills_missed", "bills", "bills not paid by users"),
        Sum("bills_false", "bills", "bills entered as unpaid although paid"),
    )
    draws: ClassVar = ("joins", "takes", "misses", "mistaken")

    uptake: float = param(
        0.0,
        "Share of adults who use a commercial score.",
        unit="share", bounds=(0, 1), prior=(0.0, 0.85),
        source="facts.md B1.2: about 80 % of people online", role="uncertainty",
    )  # fmt: skip
    court_list: float = param(
        0.0,
        "Share of users whose company takes over the courts' list.",
        unit="share", bounds=(0, 1), prior=(0.0, 1.0), role="lever",
    )  # fmt: skip
    missed: float = param(
        0.3,
        "Bills that a user without hardship does not pay in time.",
        unit="per year", bounds=(0, 52), prior=(0.1, 0.9), role="uncertainty",
    )  # fmt: skip
    trap: float = param(
        1.0,
        "Rise of missed bills per ww of weekly hardship.",
        unit="per ww", bounds=(0, 20), prior=(0.0, 3.0), role="uncertainty",
    )  # fmt: skip
    false_bills: float = param(
        0.03,
        "Bills entered as unpaid although paid.",
        unit="per user and year", bounds=(0, 52), prior=(0.0, 0.1), role="uncertainty",
    )  # fmt: skip
    half_life: float = param(
        52.0,
        "Time in which the weight of a bill on file halves.",
        unit="weeks", bounds=(1, 1000), prior=(26.0, 156.0), role="uncertainty",
    )  # fmt: skip
    high: float = param(
        700.0,
        "Score from which a user is favoured.",
        unit="points", bounds=(350, 950), prior=(650.0, 750.0), source="facts.md A6.10: highest band", role="uncertainty",
    )  # fmt: skip
    low: float = param(
        550.0,
        "Score below which a user is refused.",
        unit="points", bounds=(350, 950), prior=(500.0, 600.0), source="facts.md A6.10: lowest band", role="uncertainty",
    )  # fmt: skip

    def constants(self) -> Mapping[str, float]:
        """What follows from the half-life.

        Returns
        -------
        Mapping[str, float]
            `fading`, the share of a bill's weight that is left after a week.
        """
        return {"fading": 0.5 ** (1.0 / self.half_life)}

    @staticmethod
    def citizen(me, p, draw, add):
        me.commercial = SCORELESS
        if p.uptake == 0.0 or not me.adult or draw("joins", 0) >= p.uptake:
            return
        me.bills *= p.fading
        me.wrong_bills *= p.fading
        if draw("misses") < p.missed / WEEKS * (1.0 + p.trap * max(me.hardship, 0.0)):
            me.bills = min(me.bills + 1.0, MOST_BILLS)
            add("bills_missed")
        if p.false_bills > 0.0 and draw("mistaken") < p.false_bills / WEEKS:
            me.bills = min(me.bills + 1.0, MOST_BILLS)
            me.wrong_bills = min(me.wrong_bills + 1.0, MOST_BILLS)
            add("bills_false")
        listed = False
        rightly = False
        if p.court_list > 0.0 and me.state[COURT] >= RESTRICTED and draw("takes", 0) < p.court_list:
            listed = True
            rightly = me.rule_state[COURT] >= RESTRICTED
        paying = commercial_score(0.0, me.income, me.exposure)
        without_history = paying - SPAN * HISTORY
        own = commercial_score(me.bills, me.income, me.exposure)
        score = without_history if listed else own
        me.commercial = score
        add("commercial_users")
        if score >= p.high:
            add("commercial_favoured")
        if score >= p.low:
            return
        add("commercial_refused")
        if listed and own >= p.low:
            add("commercial_refused_listed")
        right = commercial_score(max(me.bills - me.wrong_bills, 0.0), me.income, me.exposure)
        if right >= p.low and not rightly:
            add("commercial_refused_wrongly")
        if paying < p.low and not listed:
            add("commercial_refused_paying")
