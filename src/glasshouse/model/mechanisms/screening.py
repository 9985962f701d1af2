"""Selection of recipients for investigation, by a risk score of stated quality and by lot."""

from collections.abc import Mapping
from statistics import NormalDist
from typing import ClassVar, Literal

from glasshouse.model.codes import BY_LOT, BY_MODEL, IRREGULARITY, NOT_CLAIMED
from glasshouse.model.declarations import WELFARE, Column, Sum, param
from glasshouse.model.entities import GROUPS
from glasshouse.model.group_factors import GroupReviewerWeights, GroupWeights, sum_of_groups
from glasshouse.model.kernel_math import WEEKS, clip, toward
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.normal_distribution import above, normal
from glasshouse.model.selection import (
    FINE,
    LEAST_BAR,
    MAKING_UP,
    MOST_BAR,
    MOST_MISFIT,
    MOST_SEPARATION,
    bar_for,
    expected_of,
    mean_of,
    quantile_above,
    spread_of,
    still_due,
)

SMOOTHING = 0.04
"""Least share of a week in the smoothed numbers of those with a score; in the first weeks they are means."""

TRUST = 0.05
"""Share of the distance to the newly found misfit of the normal distributions that is covered in a week."""

PER_THOUSAND = 1000.0
"""Recipients for whom the capacity is stated."""


CENTRE_COLUMNS: tuple[Column, ...] = (
    Column("screened_separation", "f8", "standard deviations", "d in force", -MOST_SEPARATION, MOST_SEPARATION),
    Column(
        "case_bar", "f8", "standard deviations", "score above which a case is opened", LEAST_BAR, MOST_BAR, MOST_BAR
    ),
    Column("case_misfit", "f8", "ratio", "f", 1.0 / MOST_MISFIT, MOST_MISFIT, 1.0),
    Column("cases_due", "f8", "cases", "recommendations by score allowed so far less those made", -1e12, 1e12),
    Column("lot_chance", "f8", "share", "chance to be drawn by lot when scored"),
    Column("weeks_in_use", "f8", "weeks", "weeks in which the score selected", high=1e6),
    Column("usual_screened", "f8", "people", "people scored in a week, smoothed", high=1e12),
    Column("usual_pool", "f8", "people", "of these, those not drawn by lot", high=1e12),
    Column("usual_seen", "f8", "people", "of these, those taken for irregular", high=1e12),
    Column("usual_weights", "f8", "standard deviations", "their weights, added up", -1e12, 1e12, length=2),
    Column("usual_squares", "f8", "variances", "squares of the weights, added up", high=1e12, length=2),
    Column(
        "added",
        "f8",
        "standard deviations",
        "what base rates and a reviewer add for each group",
        -1e3,
        1e3,
        length=len(GROUPS),
    ),
)
"""What the nation remembers of a screening."""

COLUMNS: tuple[Column, ...] = (
    Column(
        "selected",
        "u1",
        "code",
        f"selection of this week: {BY_MODEL} by the score, {BY_LOT} by lot, + {IRREGULARITY} times how the claim is irregular",
        high=BY_LOT + 2 * IRREGULARITY,
    ),
)
"""What a screening leaves with a citizen."""

SUMS: tuple[Sum, ...] = (
    Sum("screened", "people", "recipients scored"),
    Sum("screened_irregular", "people", "of these, those whose claim is irregular"),
    Sum("screened_leaning", "people", "of these, members of the group that the feedback is about"),
    Sum("pool_seen", "people", "recipients scored, not drawn by lot and taken for irregular"),
    Sum("cases_allowed", "cases", "cases that the capacity allows", WELFARE),
    Sum("cases_expected", "cases", "chances to be selected by the score at the bar in force", FINE),
    Sum("cases_expected_irregular", "cases", "of these, irregular claims", FINE),
    Sum("recommended", "people", "recipients whose score is above the bar"),
    Sum("reviewed", "people", "of these, those at whom a reviewer looks"),
    Sum("overridden", "people", "of these, those for whom the reviewer opens no case"),
    Sum("overridden_irregular", "people", "of these, irregular claims"),
    Sum("cases_model", "cases", "cases opened by the score"),
    Sum("cases_model_irregular", "cases", "of these, irregular claims"),
    Sum("cases_lot", "cases", "cases opened by lot"),
    Sum("cases_lot_irregular", "cases", "of these, irregular claims"),
    Sum("weights_seen", "standard deviations", "weights of those taken for irregular", WELFARE),
    Sum("weights_seen_squares", "variances", "their squares", WELFARE),
    Sum("weights_unseen", "standard deviations", "weights of the others who were not drawn by lot", WELFARE),
    Sum("weights_unseen_squares", "variances", "their squares", WELFARE),
)
"""What the kernels of `Screening` add up."""


class Screening(Mechanism, GroupWeights, GroupReviewerWeights):
    """A risk score of stated quality about each recipient, and a capacity for investigations, part of it by lot.

    Each recipient is scored once in `every` weeks, unless a case is open. y_i = 1 where the claim of recipient i is irregular.
    The score is s_i = d y_i + w_i + e_i, w_i the sum of the weights of the groups of i, of `use_of_base_rates`
    times the logarithms of the odds ratios of these groups (`recipients`) over d, and of what past findings add (`feedback`). A
    use of 1 is that of a score that knows the base rates of all groups (the log-likelihood ratio of two normal distributions). e_i is standard normal; the share `habit` of its variance is the same every time. d = sqrt(2) z(AUC), z the
    normal quantile, where the AUC is that of two people of the same groups (binormal AUC; Hanley and McNeil 1982). Where a
    precision is stated instead, d is the separation that gives it at the capacity.

    The share `random_share` of the capacity is drawn by lot among those whose turn it is. The rest goes to everyone above one
    bar for the nation, solved each week as that of the forecast is:

    bar:  f (n_1 (1 - Phi((bar - m_1) / s_1)) + n_0 (1 - Phi((bar - m_0) / s_0))) = allowed + 0.2 due, with numbers n, means m
          and standard deviations s of the scores with and without y, smoothed.
    f:    selections expected at last week's bar, over what normal distributions give there; smoothed.
    due:  selections allowed so far less those made.

    From `pilot` weeks of use on, the share `drop` of the scores says nothing about the claim: y_i is replaced by a draw with the
    prevalence among recipients. At the share `reviewed` of those above the bar a reviewer looks, who has a signal r_i = d_r y_i + normal noise of their own,
    weighs both, q_i = (trust s_i + (1 - trust) r_i) / sqrt(trust^2 + (1 - trust)^2), and opens no case where q_i is more than
    `override_cost` below the bar. What they turn down is not replaced. A reviewer who `chooses` sees everyone who is scored: q_i,
    with what they add for groups, takes the place of s_i, and those above the bar for q are selected. Nothing is learned: the
    quality is a number.
    """

    name: ClassVar[str] = "screening"
    after: ClassVar[str] = "recipients"
    off: ClassVar = {"capacity": 0.0}
    columns: ClassVar = COLUMNS
    centre_columns: ClassVar = CENTRE_COLUMNS
    sums: ClassVar = SUMS
    draws: ClassVar = ("signal", "habit", "lot", "lapse", "other", "review", "reviewer", "own")

    capacity: float = param(
        0.0,
        "Cases that can be opened, by score and by lot.",
        unit="per 1,000 recipients and year", bounds=(0, 1000), prior=(0.0, 50.0), role="lever",
    )  # fmt: skip
    random_share: float = param(
        0.0,
        "Share of the capacity that is drawn by lot.",
        unit="share", bounds=(0, 1), prior=(0.0, 0.5), role="lever",
    )  # fmt: skip
    every: float = param(
        52.0,
        "Time from one score about a recipient to the next, in whole weeks.",
        unit="weeks", bounds=(1, 520), prior=(13.0, 104.0), role="lever",
    )  # fmt: skip
    quality: float = param(
        0.7,
        "Area under the ROC curve of the score among people of the same groups.",
        unit="AUC", bounds=(0.5, 0.999), prior=(0.55, 0.8), role="uncertainty",
    )  # fmt: skip
    precision: float = param(
        0.0,
        "Share of those selected by the score whose claim is irregular, in place of `quality`; 0 where that is stated.",
        unit="share", bounds=(0, 1), source="a published figure of the regime; none by default", role="uncertainty",
    )  # fmt: skip
    habit: float = param(
        0.5,
        "Share of the variance of the score's error that is the same every time.",
        unit="share", bounds=(0, 1), prior=(0.3, 0.95), role="uncertainty",
    )  # fmt: skip
    use_of_base_rates: float = param(
        0.0,
        "How far the score uses that groups differ in how often claims are irregular; 1 is all that it can use.",
        unit="share", bounds=(0, 2), prior=(0.0, 1.2), role="uncertainty",
    )  # fmt: skip
    pilot: float = param(
        0.0,
        "Time in use before the quality falls.",
        unit="weeks", bounds=(0, 1000), prior=(0.0, 104.0), role="uncertainty",
    )  # fmt: skip
    drop: float = param(
        0.0,
        "Share of scores that say nothing about the claim once the pilot is over.",
        unit="share", bounds=(0, 1), prior=(0.0, 1.0), role="uncertainty",
    )  # fmt: skip
    chooses: Literal["score", "reviewer"] = param(
        "score",
        "Who selects within the capacity: the score, which a reviewer can turn down, or a reviewer who weighs it.",
        unit="who", source="the regime's rule", role="lever",
    )  # fmt: skip
    reviewed: float = param(
        0.0,
        "Share of those above the bar at whom a reviewer looks before a case is opened.",
        unit="share", bounds=(0, 1), prior=(0.0, 1.0), role="lever",
    )  # fmt: skip
    reviewer_quality: float = param(
        0.7,
        "Area under the ROC curve of what the reviewer knows besides the score.",
        unit="AUC", bounds=(0.5, 0.999), prior=(0.55, 0.9), role="uncertainty",
    )  # fmt: skip
    trust: float = param(
        0.7,
        "Weight of the score in the reviewer's judgement; that of their own knowledge is the rest.",
        unit="share", bounds=(0, 1), prior=(0.2, 1.0), role="uncertainty",
    )  # fmt: skip
    override_cost: float = param(
        1.0,
        "How far the reviewer's judgement must lie below the bar before they go against the score.",
        unit="standard deviations", bounds=(0, 10), prior=(0.0, 2.5), role="lever",
    )  # fmt: skip

    def constants(self) -> Mapping[str, float]:
        """What follows from the quality, the habit, the weights and the reviewer.

        Returns
        -------
        Mapping[str, float]
            `d`, the separation of what selects; `steady` and `fresh`, the standard deviations of the lasting and new part of the
            score's error; `of_score` and `of_reviewer`, what score and reviewer count for where a reviewer chooses, 1 and 0
            elsewhere; `weighs`, 1 if some weight is not 0; `pull`, what a logit of base rates adds; `leans`, 1 if a reviewer
            chooses; `adds`, 1 if base rates are used or a reviewer chooses; `reviewer_d`, the separation of the reviewer's own signal; `norm`, the standard deviation
            of the reviewer's judgement.
        """
        names = [group.replace(" ", "_") for group in GROUPS]
        d, own_d = (2.0**0.5 * NormalDist().inv_cdf(one) for one in (self.quality, self.reviewer_quality))
        norm = (self.trust**2 + (1.0 - self.trust) ** 2) ** 0.5
        chosen = self.chooses == "reviewer"
        of_score, of_reviewer = (self.trust / norm, (1.0 - self.trust) / norm) if chosen else (1.0, 0.0)
        return {
            "d": of_score * d + of_reviewer * own_d,
            "steady": of_score * self.habit**0.5,
            "fresh": of_score * (1.0 - self.habit) ** 0.5,
            "of_score": of_score, "of_reviewer": of_reviewer,
            "weighs": float(any(getattr(self, f"weight_{name}") for name in names)),
            "pull": of_score * self.use_of_base_rates / d if d > 0.0 else 0.0,
            "leans": float(chosen), "adds": float(chosen or self.use_of_base_rates > 0.0),
            "reviewer_d": own_d,
            "norm": norm,
        }  # fmt: skip

    @staticmethod
    def citizen(me, nation, week, p, draw, add):
        me.selected = 0
        if p.capacity <= 0.0 or me.benefit == 0 or me.benefit == NOT_CLAIMED or me.case > 0:
            return
        if (me.index + week) % int(p.every) > 0:
            return
        irregular = 1 if me.irregular > 0 else 0
        leans = 1 if me.groups & int(nation.leaning) else 0
        add("screened")
        add("screened_irregular", irregular)
        add("screened_leaning", leans)
        if draw("lot") < nation.lot_chance:
            me.selected = BY_LOT + IRREGULARITY * me.irregular
            add("cases_lot")
            add("cases_lot_irregular", irregular)
            return
        seen = irregular
        if p.drop > 0.0 and nation.weeks_in_use >= p.pilot and draw("lapse") < p.drop:
            seen = 1 if draw("other") * nation.usual_pool < nation.usual_seen else 0
        weight = nation.lean if leans > 0 else 0.0
        if p.weighs > 0.0:
            weight += sum_of_groups(
                me.groups, p.weight_woman, p.weight_lone_parent, p.weight_under_25, p.weight_50_and_over,
                p.weight_poorest_fifth, p.weight_below_median_income, p.weight_minority, p.weight_migrant,
                p.weight_rural, p.weight_college
            )  # fmt: skip
        if p.adds > 0.0:
            # What a reviewer knows is about the claim, also where the score says nothing about it.
            weight = p.of_score * weight + p.of_reviewer * p.reviewer_d * (irregular - seen) + sum_of_groups(
                me.groups, nation.added[0], nation.added[1], nation.added[2], nation.added[3], nation.added[4], nation.added[5],
                nation.added[6], nation.added[7], nation.added[8], nation.added[9]
            )  # fmt: skip
        if seen > 0:
            add("pool_seen")
            add("weights_seen", weight)
            add("weights_seen_squares", weight * weight)
        else:
            add("weights_unseen", weight)
            add("weights_unseen_squares", weight * weight)
        mean = weight + nation.screened_separation * seen
        expected = above(nation.case_bar - mean)
        add("cases_expected", expected)
        add("cases_expected_irregular", irregular * expected)
        error = p.steady * normal(draw("habit", 0)) + p.fresh * normal(draw("signal"))
        if p.of_reviewer > 0.0:
            error += p.of_reviewer * normal(draw("own"))
        if mean + error <= nation.case_bar:
            return
        add("recommended")
        if p.of_reviewer <= 0.0 and p.reviewed > 0.0 and draw("review") < p.reviewed:
            add("reviewed")
            own = normal(draw("reviewer")) + p.reviewer_d * irregular
            judged = (p.trust * (mean + error) + (1.0 - p.trust) * own) / p.norm
            if judged <= nation.case_bar - p.override_cost:
                add("overridden")
                add("overridden_irregular", irregular)
                return
        me.selected = BY_MODEL + IRREGULARITY * me.irregular
        add("cases_model")
        add("cases_model_irregular", irregular)

    @staticmethod
    def district(total, p, add):
        if p.capacity > 0.0:
            add("cases_allowed", p.capacity * total.drawing / (PER_THOUSAND * WEEKS))

    @staticmethod
    def centre(nation, total, p):
        if total.cases_allowed <= 0.0:
            return
        nation.added[0] = p.pull * nation.log_odds[0] + p.leans * p.reviewer_weight_woman
        nation.added[1] = p.pull * nation.log_odds[1] + p.leans * p.reviewer_weight_lone_parent
        nation.added[2] = p.pull * nation.log_odds[2] + p.leans * p.reviewer_weight_under_25
        nation.added[3] = p.pull * nation.log_odds[3] + p.leans * p.reviewer_weight_50_and_over
        nation.added[4] = p.pull * nation.log_odds[4] + p.leans * p.reviewer_weight_poorest_fifth
        nation.added[5] = p.pull * nation.log_odds[5] + p.leans * p.reviewer_weight_below_median_income
        nation.added[6] = p.pull * nation.log_odds[6] + p.leans * p.reviewer_weight_minority
        nation.added[7] = p.pull * nation.log_odds[7] + p.leans * p.reviewer_weight_migrant
        nation.added[8] = p.pull * nation.log_odds[8] + p.leans * p.reviewer_weight_rural
        nation.added[9] = p.pull * nation.log_odds[9] + p.leans * p.reviewer_weight_college
        pool = 1.0 * (total.screened - total.cases_lot)
        normally = expected_of(
            nation.case_bar - nation.screened_separation, 1.0 * total.pool_seen, total.weights_seen, total.weights_seen_squares
        ) + expected_of(
            nation.case_bar, pool - total.pool_seen, total.weights_unseen, total.weights_unseen_squares
        )  # fmt: skip
        if normally > 0.0 and total.cases_expected > 0.0:
            misfit = clip(total.cases_expected / normally, 1.0 / MOST_MISFIT, MOST_MISFIT)
            nation.case_misfit = toward(nation.case_misfit, misfit, TRUST)
        nation.weeks_in_use += 1.0 if p.random_share < 1.0 else 0.0
        share = max(SMOOTHING, 1.0 / max(nation.weeks_in_use, 1.0))
        nation.usual_screened = toward(nation.usual_screened, 1.0 * total.screened, share)
        nation.usual_pool = toward(nation.usual_pool, pool, share)
        nation.usual_seen = toward(nation.usual_seen, 1.0 * total.pool_seen, share)
        nation.usual_weights[0] = toward(nation.usual_weights[0], total.weights_seen, share)
        nation.usual_weights[1] = toward(nation.usual_weights[1], total.weights_unseen, share)
        nation.usual_squares[0] = toward(nation.usual_squares[0], total.weights_seen_squares, share)
        nation.usual_squares[1] = toward(nation.usual_squares[1], total.weights_unseen_squares, share)
        if nation.usual_screened > 0.0:
            nation.lot_chance = min(p.random_share * total.cases_allowed / nation.usual_screened, 1.0)
        allowed = (1.0 - p.random_share) * total.cases_allowed
        nation.cases_due = still_due(nation.cases_due, allowed, 1.0 * total.recommended)
        few, many = nation.usual_seen, nation.usual_pool - nation.usual_seen
        m_few, m_many = mean_of(few, nation.usual_weights[0]), mean_of(many, nation.usual_weights[1])
        s_few = spread_of(few, nation.usual_weights[0], nation.usual_squares[0])
        s_many = spread_of(many, nation.usual_weights[1], nation.usual_squares[1])
        nation.screened_separation = p.d
        if p.precision > 0.0 and few > 0.0 and many > 0.0:
            bar = m_many + s_many * quantile_above((1.0 - p.precision) * allowed / many)
            solved = bar - m_few - s_few * quantile_above(p.precision * allowed / few)
            nation.screened_separation = clip(solved, -MOST_SEPARATION, MOST_SEPARATION)
        wanted = (allowed + MAKING_UP * nation.cases_due) / nation.case_misfit
        nation.case_bar = bar_for(
            wanted, few, m_few + nation.screened_separation, s_few, many, m_many, s_many
        )  # fmt: skip
