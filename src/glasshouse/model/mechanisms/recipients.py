"""Who draws a benefit, who is entitled to one and draws none, and whose claim is irregular."""

from collections.abc import Mapping
from math import log, prod
from typing import ClassVar

from glasshouse.model.agencies import AGENCIES, ALWAYS, BENEFIT, WELFARE_OFFICE
from glasshouse.model.codes import BY_INTENT, BY_MISTAKE, NOT_CLAIMED
from glasshouse.model.declarations import WELFARE, Column, Sum, param
from glasshouse.model.entities import GROUPS
from glasshouse.model.group_factors import GroupClaims, of_groups
from glasshouse.model.mechanism import Mechanism

FIVE_YEARS = 5
"""Years of an age band."""

FULL_RATE = 100
"""Percent of the full rate that somebody without an income draws."""


def benefit_of(income: float, line: float) -> int:
    """The benefit that an income entitles to: the share of the line that is missing.

    Parameters
    ----------
    income : float
        Income over the median, not negative.
    line : float
        Income over the median below which people are entitled.

    Returns
    -------
    int
        Percent of the full rate, rounded up: 1 to 100 below the line, 0 from there on.
    """
    if income >= line:
        return 0
    return FULL_RATE - int(FULL_RATE * income / line)


SUMS: tuple[Sum, ...] = (
    Sum("entitled", "adults", "adults entitled to a benefit"),
    Sum("drawing", "adults", "of these, those who draw it"),
    Sum("benefits", "full rates", "benefits drawn", WELFARE),
    Sum("irregular_by_mistake", "adults", "adults whose claim is irregular by mistake"),
    Sum("irregular_by_intent", "adults", "adults whose claim is irregular by intent"),
    Sum(
        "irregularities_recorded",
        "records",
        "last week's records of benefit or tax irregularities of people whose claim is irregular",
    ),
    Sum("mistakes_recorded", "records", "of these, by people whose claim is irregular by mistake"),
)
"""What the kernels of `Recipients` add up."""


class Recipients(Mechanism, GroupClaims):
    """Benefits, take-up and irregular claims.

    An adult with less than `line` times the median income, of the ages `from_age` to `to_age`, is entitled to the share
    1 - income / (line * median) of the full rate with probability eligible * product of the factors of their groups, drawn once
    and for all. Of those who are entitled the share `resume` / (`resume` + `give_up`) draw it at first; afterwards they give up and
    come back with these hazards, so that the share stays.

    A claim that is drawn becomes irregular with hazard odds_i / spell and regular again with hazard 1 / spell, so that the
    share odds_i / (1 + odds_i) is irregular, by mistake with probability `mistake` and else by intent. odds_i = odds * (1 +
    by_volatility * (z_i - 1)) * product of the odds ratios of their groups rises with how much the income of citizen i varies,
    z_i uniform on 0 to 2.

    Of all benefit or tax irregularities that `conduct` has, the share `claims_part` comes from those whose claim is irregular
    (x_i = 1) and the rest from everybody: rate_i = rate * (1 - claims_part + claims_part * x_i / mean x). So the national
    rate stays what `conduct.rates` says. Sizes are assumptions, but for the odds.
    """

    name: ClassVar[str] = "recipients"
    off: ClassVar = {"line": 0.0}
    columns: ClassVar = (
        Column(
            "benefit",
            "u1",
            "percent of the full rate",
            f"benefit drawn; 0 without an entitlement, {NOT_CLAIMED} where an entitled adult draws none",
            high=NOT_CLAIMED,
            members=FULL_RATE,
        ),
        Column(
            "irregular", "u1", "kind", "how the claim is irregular: 0 not at all, 1 by mistake, 2 by intent", high=2
        ),
    )
    district_columns: ClassVar = (
        Column(
            "irregularity_of_all",
            "f4",
            "ratio",
            "rate of benefit or tax irregularities of everybody, over that of `conduct`",
            initial=1.0,
        ),
        Column("irregularity_of_claims", "f4", "ratio", "what an irregular claim adds to it", high=1e9),
    )
    centre_columns: ClassVar = (
        Column("irregular_share", "f8", "share", "adults whose claim is irregular"),
        Column("dependence", "f8", "share", "benefits drawn over full rates for all adults"),
        Column(
            "log_odds", "f8", "logits", "logarithms of the odds ratios of the groups", -10.0, 10.0, length=len(GROUPS)
        ),
    )
    sums: ClassVar = SUMS
    draws: ClassVar = ("claims", "irregular", "volatility", "eligible")

    line: float = param(
        0.5,
        "Income over the median below which an adult is entitled to a benefit.",
        unit="ratio",
        bounds=(0, 1000),
        prior=(0.3, 0.6),
        role="uncertainty",
    )
    from_age: float = param(
        0.0,
        "Age from which an adult can be entitled, to five years.",
        unit="years",
        bounds=(0, 120),
        source="the rules of the benefit; all adults by default",
        role="design",
    )
    to_age: float = param(
        120.0,
        "Age from which an adult can no longer be entitled, to five years.",
        unit="years",
        bounds=(0, 120),
        source="the rules of the benefit; all adults by default",
        role="design",
    )
    eligible: float = param(
        1.0,
        "Share of adults of these ages below the line who are entitled, as parents are to a benefit for parents.",
        unit="share",
        bounds=(0, 1),
        source="the rules of the benefit; all of them by default",
        role="design",
    )
    give_up: float = param(
        0.0,
        "Chance that somebody who draws a benefit gives it up.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.0, 0.004),
        role="assumption",
    )
    resume: float = param(
        0.004,
        "Chance that somebody who is entitled and draws none claims again.",
        unit="per week",
        bounds=(0.0001, 1),
        prior=(0.001, 0.02),
        role="assumption",
    )
    odds: float = param(
        0.0,
        "Odds that a claim is irregular, where income varies as it does on average.",
        unit="odds",
        bounds=(0, 5),
        prior=(0.0, 0.5),
        source="errors found in claims drawn by lot: 10 of 380 (Dutch student grants, 2014) to 30 % (Swedish parental "
        "benefit, 2017); off by default",
        role="uncertainty",
    )
    mistake: float = param(
        0.6,
        "Share of irregular claims that are mistakes, without intent.",
        unit="share",
        bounds=(0, 1),
        prior=(0.3, 0.9),
        role="uncertainty",
    )
    spell: float = param(
        52.0,
        "Mean time that a claim stays irregular.",
        unit="weeks",
        bounds=(10, 1000),
        prior=(26, 104),
        role="uncertainty",
    )
    by_volatility: float = param(
        0.5,
        "Rise of the odds with the volatility of income: the odds of those whose income varies most, over the mean, less 1.",
        unit="ratio",
        bounds=(0, 1),
        prior=(0.0, 1.0),
        role="uncertainty",
    )
    claims_part: float = param(
        0.5,
        "Share of benefit or tax irregularities that are of irregular claims, if there are any.",
        unit="share",
        bounds=(0, 1),
        prior=(0.2, 0.8),
        role="uncertainty",
    )

    def constants(self) -> Mapping[str, float]:
        """Take-up in the long run, the greatest chance that a claim becomes irregular, and what differs by group.

        Returns
        -------
        Mapping[str, float]
            `take_up`, the share of the entitled who draw; `most_onset`, the weekly chance where income varies most and all groups
            with higher odds meet; `narrowed`, 1 if not all below the line are entitled; `odds_differ`, 1 if odds differ by group;
            `log_` and a group, the logarithm of its odds ratio.
        """
        names = [group.replace(" ", "_") for group in GROUPS]
        ratios = [float(getattr(self, f"odds_{name}")) for name in names]
        parts = [float(getattr(self, f"eligible_{name}")) for name in names]
        return {
            "take_up": self.resume / (self.resume + self.give_up),
            "most_onset": self.odds * (1.0 + self.by_volatility) * prod(max(one, 1.0) for one in ratios) / self.spell,
            "narrowed": float(any(part != 1.0 for part in (self.eligible, *parts))),
            "odds_differ": float(any(one != 1.0 for one in ratios)),
            **{f"log_{name}": log(one) for name, one in zip(names, ratios, strict=True)},
        }

    @staticmethod
    def citizen(me, p, draw, add):
        found = me.filed[WELFARE_OFFICE] > 0
        for k in range(ALWAYS, AGENCIES):
            found = found or me.filed[k] > 0
        if me.irregular > 0 and me.breach == BENEFIT and found:
            add("irregularities_recorded")
            if me.irregular == BY_MISTAKE:
                add("mistakes_recorded")
        barred = (
            not me.adult or me.income >= p.line or FIVE_YEARS * me.age < p.from_age or FIVE_YEARS * me.age >= p.to_age
        )
        if not barred and p.narrowed > 0.0:
            barred = draw("eligible", 0) >= p.eligible * of_groups(
                me.groups, 1.0, p.eligible_woman, p.eligible_lone_parent, p.eligible_under_25, p.eligible_50_and_over,
                p.eligible_poorest_fifth, p.eligible_below_median_income, p.eligible_minority, p.eligible_migrant,
                p.eligible_rural, p.eligible_college
            )  # fmt: skip
        if barred:
            me.benefit, me.irregular = 0, 0
            return
        begins = me.benefit == 0
        u = draw("claims")
        if begins:
            drawn = u < p.take_up
        elif me.benefit == NOT_CLAIMED:
            drawn = u < p.resume
        else:
            drawn = u >= p.give_up
        add("entitled")
        if not drawn:
            me.benefit, me.irregular = NOT_CLAIMED, 0
            return
        me.benefit = benefit_of(me.income, p.line)
        add("drawing")
        add("benefits", me.benefit / FULL_RATE)
        if p.odds <= 0.0:
            me.irregular = 0
            return
        v = 1.0 - u  # the other end of the same word: nobody who gives up gets here
        if begins:
            v = draw("irregular")
        if begins or (me.irregular == 0 and v < p.most_onset):
            odds = p.odds * (1.0 + p.by_volatility * (2.0 * draw("volatility", 0) - 1.0))
            if p.odds_differ > 0.0:
                odds *= of_groups(
                    me.groups, 1.0, p.odds_woman, p.odds_lone_parent, p.odds_under_25, p.odds_50_and_over,
                    p.odds_poorest_fifth, p.odds_below_median_income, p.odds_minority, p.odds_migrant, p.odds_rural,
                    p.odds_college
                )  # fmt: skip
            share = odds / (1.0 + odds) if begins else odds / p.spell
            if v < share:
                me.irregular = BY_MISTAKE if v < share * p.mistake else BY_INTENT
        elif me.irregular > 0 and v * p.spell < 1.0:
            me.irregular = 0
        if me.irregular == BY_MISTAKE:
            add("irregular_by_mistake")
        elif me.irregular == BY_INTENT:
            add("irregular_by_intent")

    @staticmethod
    def district(here, nation, p):
        here.irregularity_of_all, here.irregularity_of_claims = 1.0, 0.0
        if nation.irregular_share > 0.0:
            here.irregularity_of_all = 1.0 - p.claims_part
            here.irregularity_of_claims = p.claims_part / nation.irregular_share

    @staticmethod
    def centre(nation, total, p):
        nation.log_odds[0], nation.log_odds[1] = p.log_woman, p.log_lone_parent
        nation.log_odds[2], nation.log_odds[3] = p.log_under_25, p.log_50_and_over
        nation.log_odds[4], nation.log_odds[5] = p.log_poorest_fifth, p.log_below_median_income
        nation.log_odds[6], nation.log_odds[7] = p.log_minority, p.log_migrant
        nation.log_odds[8], nation.log_odds[9] = p.log_rural, p.log_college
        if total.adults > 0:
            nation.irregular_share = (total.irregular_by_mistake + total.irregular_by_intent) / total.adults
            nation.dependence = total.benefits / total.adults
