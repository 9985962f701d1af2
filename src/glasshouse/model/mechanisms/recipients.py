"""Who draws a benefit, who is entitled to one and draws none, and whose claim is irregular."""

from collections.abc import Mapping
from typing import ClassVar

from glasshouse.model.agencies import AGENCIES, ALWAYS, BENEFIT, WELFARE_OFFICE
from glasshouse.model.codes import BY_INTENT, BY_MISTAKE, NOT_CLAIMED
from glasshouse.model.declarations import WELFARE, Column, Sum, param
from glasshouse.model.mechanism import Mechanism

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


class Recipients(Mechanism):
    """Benefits, take-up and irregular claims.

    An adult with less than `line` times the median income is entitled to the share 1 - income / (line * median) of the full
    rate. Of those who are entitled the share `resume` / (`resume` + `give_up`) draw it at first; afterwards they give up and
    come back with these hazards, so that the share stays.

    A claim that is drawn becomes irregular with hazard odds_i / spell and regular again with hazard 1 / spell, so that the
    share odds_i / (1 + odds_i) is irregular, by mistake with probability `mistake` and else by intent. odds_i = odds * (1 +
    by_volatility * (z_i - 1)) rises with how much the income of citizen i varies, z_i uniform on 0 to 2.

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
    )
    sums: ClassVar = (
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
    draws: ClassVar = ("claims", "irregular", "volatility")

    line: float = param(
        0.5,
        "Income over the median below which an adult is entitled to a benefit.",
        unit="ratio",
        bounds=(0, 2),
        prior=(0.3, 0.6),
        role="uncertainty",
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
        """Take-up in the long run, and the greatest chance that a claim becomes irregular.

        Returns
        -------
        Mapping[str, float]
            `take_up`, the share of the entitled who draw; `most_onset`, the weekly chance where income varies most.
        """
        return {
            "take_up": self.resume / (self.resume + self.give_up),
            "most_onset": self.odds * (1.0 + self.by_volatility) / self.spell,
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
        if not me.adult or me.income >= p.line:
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
    def centre(nation, total):
        if total.adults > 0:
            nation.irregular_share = (total.irregular_by_mistake + total.irregular_by_intent) / total.adults
            nation.dependence = total.benefits / total.adults
