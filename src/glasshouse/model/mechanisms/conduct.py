"""What people do that an agency might record: breaches, debts, good deeds and show."""

from collections.abc import Mapping
from typing import ClassVar

from glasshouse.model.agencies import ALIKE_TO, ALWAYS_KINDS, BENEFIT, BREACHES, DEBT, MONEY, MOST_KINDS
from glasshouse.model.codes import BY_PENALTY, BY_REWARD, NO_CHANGE
from glasshouse.model.declarations import WELFARE, Column, Sum, param, vector
from glasshouse.model.group_factors import GroupBaseRates, of_groups
from glasshouse.model.kernel_math import WEEKS
from glasshouse.model.mechanism import Mechanism

LEAST_ABILITY = 0.1
"""Share of the usual repayment that even the hardest-pressed debtor makes."""

IN_REACH = 3.0
"""Credit points short of a reward at which a citizen thinks of earning it by show."""


class Conduct(Mechanism, GroupBaseRates):
    """Breaches of five kinds, debts and their repayment, volunteering and gaming.

    rate_k = base_k / 52 * propensity * ratio_group * (1 + trap h [money kinds]) * (1 - deterrence * believed detection), one
    act a week at most, where ratio_group is the product of `base_rate_…` over the groups one is of. Believed detection is
    announced coverage times b + (1 - b) e: what people are told of, whatever they do themselves (b, `attitudes.belief`), and
    what their own exposure e makes of it. The trap: restriction raises hardship,
    hardship the rate of default and the time to repay. Deterrence of narrow breaches: `facts.md` C8, F19.
    Of the benefit or tax irregularities a part comes from irregular claims (`recipients`), at the same national rate.
    A debt of `debt_size` is paid down from income, less under hardship.
    Gaming: near the reward threshold, with a probability that rises with what is at stake, a citizen does a cheap act
    that earns a point; only a share omega of such acts has real value (Hardt et al. 2016; Milli et al. 2019).
    """

    name: ClassVar[str] = "conduct"
    off: ClassVar = {"rates": (0.0,) * ALWAYS_KINDS, "volunteering": 0.0, "gaming": 0.0}
    columns: ClassVar = (
        Column("breach", "i1", "kind", "breach of this week, -1 without one", -1, MOST_KINDS - 1, -1),
        Column("good_deed", "?", "yes or no", "did something this week that earns credit"),
        Column("shift", "u1", "kind", "changed conduct: 1 left a breach undone, 2 did a deed for the reward", high=2),
        Column("debt", "f4", "ww", "debt in default", high=1e6),
    )
    sums: ClassVar = (
        Sum("breaches", "acts", "breaches of all kinds"),
        Sum("breach_harm", "ww", "harm done by breaches", WELFARE),
        Sum("defaults", "acts", "debts that fell into default"),
        Sum("debts_paid", "debts", "defaulted debts paid in full"),
        Sum("debt_outstanding", "ww", "debts in default and unpaid, added up over citizens", WELFARE),
        Sum("good_deeds", "acts", "acts that earn credit"),
        Sum("gamed_deeds", "acts", "acts that earn credit and have no real value"),
    )
    draws: ClassVar = ("games",)
    shared_draws: ClassVar = {"acts": 2}

    rates: tuple[float, ...] = vector(
        (0.8, 0.003, 0.03, 0.03, 0.01),
        "Breaches of each kind by an adult without hardship: traffic, debt default, benefit or tax, trade, public order.",
        unit="per year",
        bounds=(0, 20),
        prior=(0.0015, 1.6),
        source="debts: facts.md F2, 0.15 to 0.30 % of adults listed by courts a year; the others assumed",
        role="uncertainty",
        per="kind",
    )
    harms: tuple[float, ...] = vector(
        (0.05, 4.0, 1.0, 2.0, 1.5),
        "Harm of a breach of each kind.",
        unit="ww",
        bounds=(0, 100),
        prior=(0.02, 8),
        role="uncertainty",
        per="kind",
    )
    trap: float = param(
        1.0,
        "Rise of the money kinds' rates per ww of weekly hardship.",
        unit="per ww",
        bounds=(0, 20),
        prior=(0.5, 2.0),
        role="uncertainty",
    )
    deterrence: float = param(
        0.25,
        "Share of breaches that certain detection would prevent.",
        unit="share",
        bounds=(0, 1),
        prior=(0.1, 0.5),
        source="facts.md C8: 8 to 18 % in treated localities",
        role="uncertainty",
    )
    debt_size: float = param(
        20.0,
        "Size of a defaulted debt at median income.",
        unit="ww",
        bounds=(0, 1000),
        prior=(10, 40),
        role="uncertainty",
    )
    repayment: float = param(
        0.15,
        "Share of weekly income that goes to a defaulted debt.",
        unit="share",
        bounds=(0, 1),
        prior=(0.07, 0.3),
        role="assumption",
    )
    volunteering: float = param(
        0.2,
        "Good deeds that earn credit, without regard to the regime.",
        unit="per year",
        bounds=(0, 20),
        prior=(0.1, 0.4),
        role="uncertainty",
    )
    gaming: float = param(
        0.05,
        "Chance of a gamed act near the reward threshold, per ww of weekly reward at stake.",
        unit="per week and ww",
        bounds=(0, 5),
        prior=(0.02, 0.1),
        role="uncertainty",
    )
    omega: float = param(
        0.3, "Share of gamed acts with real value.", unit="share", bounds=(0, 1), prior=(0.1, 0.6), role="uncertainty"
    )

    def constants(self) -> Mapping[str, float]:
        """Whether groups differ, so that kernels need not look at them where they do not.

        Returns
        -------
        Mapping[str, float]
            `by_group`, 1 if some base rate is not 1; `other_groups`, 1 if one other than that of minorities and migrants.
        """
        others = self.other_groups()
        own = self.base_rate_minority != 1.0 or self.base_rate_migrant != 1.0
        return {"by_group": max(float(own), others["other_groups"]), **others}

    @staticmethod
    def citizen(me, here, p, draw, add):
        me.breach = -1
        me.good_deed = False
        me.shift = NO_CHANGE
        if not me.adult:
            return
        if me.debt > 0.0:
            me.debt = me.debt - p.repayment * me.income * max(1.0 - me.hardship, LEAST_ABILITY)
            if me.debt <= 0.0:
                me.debt = 0.0
                add("debts_paid")
        squeeze = 1.0 + p.trap * max(me.hardship, 0.0)
        daring = 1.0 - p.deterrence * here.announced * (here.belief + (1.0 - here.belief) * me.exposure)
        factor = me.propensity * daring / WEEKS
        if p.by_group > 0.0:
            factor *= of_groups(
                me.groups, p.other_groups, p.base_rate_woman, p.base_rate_lone_parent, p.base_rate_under_25,
                p.base_rate_50_and_over, p.base_rate_poorest_fifth, p.base_rate_below_median_income, p.base_rate_minority,
                p.base_rate_migrant, p.base_rate_rural, p.base_rate_college)  # fmt: skip
        u = draw("acts")
        level, default = 0.0, False
        for k in range(BREACHES):
            rate = p.rates[k] * factor
            if MONEY[k] > 0:
                rate *= squeeze
            if k == BENEFIT:
                rate *= here.irregularity_of_all + (here.irregularity_of_claims if me.irregular > 0 else 0.0)
            if u >= level and u < level + rate:
                me.breach = k
                default = ALIKE_TO[k] == DEBT
                add("breaches")
                add("breach_harm", p.harms[k])
            level += rate
        # The same word, had the citizen not believed in detection.
        if me.breach < 0 and u * daring < level:
            me.shift = BY_PENALTY
        if default:
            if me.debt <= 0.0:
                add("defaults")
            me.debt = me.debt + p.debt_size * me.income
        if me.debt > 0.0:
            add("debt_outstanding", me.debt)
        good = p.volunteering / WEEKS
        if u >= level and u < level + good:
            me.good_deed = True
        else:
            short = here.reward_threshold - me.credit
            if short > 0.0 and short <= IN_REACH:
                v = draw("games")
                chance = min(p.gaming * here.reward_at_stake / short, 1.0)
                if v < chance:
                    me.good_deed = True
                    me.shift = BY_REWARD
                    if v >= chance * p.omega:
                        add("gamed_deeds")
        if me.good_deed:
            add("good_deeds")
