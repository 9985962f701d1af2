"""Applicants, their scores and the bank's policy (D'Amour et al. 2020) as mechanisms."""

from typing import ClassVar

import numpy as np

from glasshouse.model.declarations import Column
from glasshouse.model.kernel_math import clip
from glasshouse.model.mechanism import Mechanism

SCORES = 7

REPAYS = np.array([0.1, 0.2, 0.45, 0.6, 0.65, 0.7, 0.7])
"""Probability of repayment by score."""

FIRST = (0.0, 0.1, 0.1, 0.2, 0.3, 0.3, 0.0)

SECOND = (0.1, 0.1, 0.2, 0.3, 0.3, 0.0, 0.0)
"""Share of each group by score at the start."""

BREAK_EVEN = 3
"""The lowest score at which a loan is more likely to be repaid than not."""


class CreditWorld(Mechanism):
    """One applicant a week: group, score and repayment are drawn, and a loan moves scores.

    The groups come equally often; the score is drawn from the group's present masses. With a loan, `shift` of the
    group's mass, or what is left at the applicant's score, moves one score up if it is repaid and one down if not,
    within 0 and 6, and the bank gains or loses 1. The very first applicant is accepted.
    """

    name: ClassVar[str] = "credit_world"
    columns: ClassVar = (
        Column("first", "f8", "share", "mass of group 1 by score", length=SCORES),
        Column("second", "f8", "share", "mass of group 2 by score", length=SCORES),
        Column("lent", "?", "yes or no", "gave a loan this week"),
        Column("loans", "i4", "loans", "given to each group", high=1e9, length=2),
        Column("good", "i4", "applicants", "who would repay, of each group", high=1e9, length=2),
        Column("repaid", "i4", "loans", "that were repaid by each group", high=1e9, length=2),
    )
    draws: ClassVar = ("group", "score", "repays", "policy")

    @staticmethod
    def citizen(me, here, draw, week):
        # The week of one bank.
        if not me.present:
            return
        if week == 0:
            for k in range(SCORES):
                me.first[k], me.second[k] = FIRST[k], SECOND[k]
        in_first = draw("group") < 0.5
        score = 0
        rest = draw("score")
        for k in range(SCORES - 1):
            mass = me.first[k] if in_first else me.second[k]
            if score == k and rest >= mass:
                rest -= mass
                score = k + 1
        chance = 0.0
        people = 0.0
        for k in range(SCORES):
            if score == k:
                chance = me.first_accepted[k] if in_first else me.second_accepted[k]
                people = me.first[k] if in_first else me.second[k]
        repays = draw("repays") < REPAYS[score]
        me.lent = week == 0 or draw("policy") < chance
        for group in range(2):
            if in_first == (group == 0):
                me.good[group] += int(repays)
                me.loans[group] += int(me.lent)
                me.repaid[group] += int(me.lent and repays)
        if not me.lent:
            return
        moves_to = min(score + 1, SCORES - 1) if repays else max(score - 1, 0)
        moving = min(here.shift, people)
        for k in range(SCORES):
            change = (moving if k == moves_to else 0.0) - (moving if k == score else 0.0)
            me.first[k] += change if in_first else 0.0
            me.second[k] += 0.0 if in_first else change


def filled(rate: float, above_it: float, with_it: float) -> float:
    """Compute the share of a score's applicants who are accepted at a true-positive rate.

    Parameters
    ----------
    rate : float
        True-positive rate to be met.
    above_it : float
        Rate if only the scores above are accepted.
    with_it : float
        Rate if this score is accepted too.

    Returns
    -------
    float
        A share.
    """
    if with_it <= above_it:
        return 1.0 if rate > above_it else 0.0
    return clip((rate - above_it) / (with_it - above_it), 0.0, 1.0)


class BankPolicy(Mechanism):
    """Whom the bank accepts next, by score and group.

    Maximum reward: everyone who is more likely than not to repay. Equal opportunity: a randomised cut in each group, with one
    true-positive rate for both, the one that gains most on the present masses. Gain is linear in the rate between those
    rates at which a cut in either group lies between two scores, so that only these are compared.
    """

    name: ClassVar[str] = "bank_policy"
    columns: ClassVar = (
        Column("first_accepted", "f8", "probability", "that an applicant of group 1 is accepted", length=SCORES),
        Column("second_accepted", "f8", "probability", "that an applicant of group 2 is accepted", length=SCORES),
        Column("first_rate", "f8", "share", "true-positive rate from each score on, group 1", length=SCORES + 1),
        Column("second_rate", "f8", "share", "true-positive rate from each score on, group 2", length=SCORES + 1),
        Column("rate", "f8", "share", "the true-positive rate chosen"),
    )

    @staticmethod
    def citizen(me, here, week):
        # The bank's choice, after an applicant; it stays what it is while masses do.
        if not me.present or (week > 0 and not (here.equal and me.lent)):
            return
        if not here.equal:
            for k in range(SCORES):
                me.first_accepted[k] = me.second_accepted[k] = 1.0 if k >= BREAK_EVEN else 0.0
            return
        good_first = 0.0
        good_second = 0.0
        for k in range(SCORES):
            good_first += me.first[k] * REPAYS[k]
            good_second += me.second[k] * REPAYS[k]
        for k in range(SCORES - 1, -1, -1):
            me.first_rate[k] = me.first_rate[k + 1] + me.first[k] * REPAYS[k] / good_first
            me.second_rate[k] = me.second_rate[k + 1] + me.second[k] * REPAYS[k] / good_second
        most = -2.0
        knot = 0
        while knot < 2 * SCORES:
            rate = 0.0
            for k in range(SCORES):
                rate = me.first_rate[k] if knot == k else rate
                rate = me.second_rate[k] if knot == k + SCORES else rate
            gain = 0.0
            for k in range(SCORES):
                first = me.first[k] * filled(rate, me.first_rate[k + 1], me.first_rate[k])
                second = me.second[k] * filled(rate, me.second_rate[k + 1], me.second_rate[k])
                gain += (2.0 * REPAYS[k] - 1.0) * (first + second)
            if gain > most:
                most = gain
                me.rate = rate
            knot += 1
        for k in range(SCORES):
            me.first_accepted[k] = filled(me.rate, me.first_rate[k + 1], me.first_rate[k])
            me.second_accepted[k] = filled(me.rate, me.second_rate[k + 1], me.second_rate[k])
