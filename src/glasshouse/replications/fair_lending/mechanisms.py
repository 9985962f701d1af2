"""A round of lending (Liu et al. 2018) as a mechanism."""

from typing import ClassVar

from glasshouse.model.declarations import Column, Sum
from glasshouse.model.kernel_math import clip
from glasshouse.model.mechanism import Mechanism

UNIT = 1 << 20


class LendingRound(Mechanism):
    """A bank lends to the best-ranked applicants of a group; scores move by what is to be expected of each.

    Those who rank before `heads` are accepted, the marginal one in part. With repayment probability rho the bank gains
    rho + loss (1 - rho), and the applicant's score moves by 75 rho - 150 (1 - rho), held within 300 and 850 where scores
    are limited. Nobody else changes (Liu, Dean, Rolf, Simchowitz and Hardt 2018).
    """

    name: ClassVar[str] = "lending_round"
    up: float = 75.0
    down: float = -150.0
    columns: ClassVar = (Column("accepted", "f8", "share", "accepted this round, in whole or in part"),)
    sums: ClassVar = (
        Sum("repaid", "loans", "expected to be repaid", UNIT),
        Sum("utility", "loans", "expected gain of the bank", UNIT),
        Sum("change", "points", "expected change of scores", UNIT),
        Sum("points", "points", "scores of who was accepted", UNIT),
    )

    @staticmethod
    def citizen(me, here, add, p, week):
        # One applicant in one round of lending; `local_index` is the rank, 0 the best.
        if not me.present:
            return
        me.accepted = clip(here.heads + here.more * week - me.local_index, 0.0, 1.0)
        if me.accepted == 0.0:
            return
        add("repaid", me.accepted * me.repays)
        add("utility", me.accepted * (me.repays + here.loss * (1.0 - me.repays)))
        after = me.score + p.up * me.repays + p.down * (1.0 - me.repays)
        if here.limited:
            after = clip(after, 300.0, 850.0)
        add("change", me.accepted * (after - me.score))
        add("points", me.accepted * me.score)
