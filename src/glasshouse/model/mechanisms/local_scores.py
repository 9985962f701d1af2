"""Local composite scores: districts that grade their citizens, reward the best and, some of them, punish the worst."""

from typing import ClassVar

from glasshouse.model.agencies import AGENCIES
from glasshouse.model.declarations import WELFARE, Column, Sum, param
from glasshouse.model.kernel_math import clip
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.moments import Quantity, moments

START = 1000
"""Score of a citizen without credit and points."""

NO_SCORE, LEAST, MOST = 0, 1, 2000
"""What stands for no score, and the ends of a score."""


class LocalScores(Mechanism):
    """A score of 1,000 + by_credit * credit - by_points * points of all agencies in the districts that run a scheme.

    Whether a district runs one, and whether a citizen joins a voluntary one, is drawn once. A score of `high` or more
    earns a reward, one below `low` costs a penalty where the scheme has penalties. There is no national score
    (`facts.md` A1.9, A3.6, A6); schemes as in Rongcheng, A6.1 to A6.5, rewards more than penalties, B1.8, F12.
    """

    name: ClassVar[str] = "local_scores"
    stream_key: ClassVar[str] = "schemes"
    off: ClassVar = {"share": 0.0}
    columns: ClassVar = (
        Column("score", "i2", "points", f"local score; {NO_SCORE} where there is none", NO_SCORE, MOST),
        Column("scheme_gain", "f4", "ww per week", "what the local score brings, or costs", -2.0, 2.0),
    )
    district_columns: ClassVar = (Column("runs_scheme", "?", "yes or no", "the district runs a scheme"),)
    sums: ClassVar = (
        Sum("scored", "citizen-weeks", "adults with a local score"),
        Sum("scored_high", "citizen-weeks", "of these, rewarded"),
        Sum("scored_low", "citizen-weeks", "of these, below the lower mark"),
        Sum("scheme_reward_ww", "ww", "rewards of local schemes", WELFARE),
        Sum("scheme_penalty_ww", "ww", "penalties of local schemes", WELFARE),
        *moments(
            Quantity("score", "points", "local score"),
            Quantity("deserved", "points", "score that deserved points alone would give"),
        ),
    )
    draws: ClassVar = ("joins",)

    share: float = param(
        0.0,
        "Share of districts that run a scheme.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.3),
        source="facts.md A3.8: 62 local projects by 2022; share of districts assumed",
        role="lever",
    )
    uptake: float = param(
        1.0,
        "Share of citizens who take part; 1 makes the scheme compulsory.",
        unit="share",
        bounds=(0, 1),
        prior=(0.1, 1.0),
        source="facts.md A6.11: voluntary schemes reach a minority",
        role="lever",
    )
    by_credit: float = param(
        5.0, "Score of a credit point.", unit="points", bounds=(0, 100), prior=(2, 10), role="lever"
    )
    by_points: float = param(
        10.0, "Score lost by a point on file.", unit="points", bounds=(0, 100), prior=(5, 20), role="lever"
    )
    high: float = param(
        1015.0, "Score that earns the reward.", unit="points", bounds=(0, 2000), prior=(1005, 1030), role="lever"
    )
    low: float = param(
        900.0, "Score below which the penalty falls.", unit="points", bounds=(0, 2000), prior=(850, 960), role="lever"
    )
    reward: float = param(0.02, "Reward.", unit="ww per week", bounds=(0, 2), prior=(0.01, 0.04), role="lever")
    penalty: float = param(
        0.0,
        "Penalty; 0 is a scheme of rewards only.",
        unit="ww per week",
        bounds=(0, 2),
        prior=(0.0, 0.1),
        source="facts.md A6.5: no loss of basic services from a low local score alone",
        role="lever",
    )

    @staticmethod
    def citizen(me, here, p, draw, add):
        me.scheme_gain = 0.0
        if not here.runs_scheme or not me.adult or draw("joins", 0) >= p.uptake:
            me.score = NO_SCORE
            return
        total_points = 0
        due = 0
        for k in range(AGENCIES):
            total_points += me.right[k] + me.wrong[k]
            due += me.deserved[k]
        me.score = int(clip(START + p.by_credit * me.credit - p.by_points * total_points, LEAST, MOST))
        deserved = int(clip(START + p.by_credit * me.credit - p.by_points * due, LEAST, MOST))
        add("scored")
        add("score_sum", me.score)
        add("score_squares", me.score * me.score)
        add("deserved_sum", deserved)
        add("deserved_squares", deserved * deserved)
        add("score_deserved_products", me.score * deserved)
        if me.score >= p.high:
            me.scheme_gain = p.reward
            add("scored_high")
            add("scheme_reward_ww", p.reward)
        elif me.score < p.low:
            me.scheme_gain = -p.penalty
            add("scored_low")
            add("scheme_penalty_ww", p.penalty)

    @staticmethod
    def district(here, p, draw):
        here.runs_scheme = draw("joins", 0) < p.share
