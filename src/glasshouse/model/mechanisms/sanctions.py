"""What restrictions, rewards, problems and debts do to people's welfare."""

from typing import ClassVar

from glasshouse.model.agencies import AGENCIES, COERCIVE, COURT, INHERITED, POLICE, RESTRICTED
from glasshouse.model.codes import INCOME_CAP, MILD, NO_PROBLEM
from glasshouse.model.declarations import WELFARE, Column, Sum, param, vector
from glasshouse.model.kernel_math import NEGLIGIBLE, WEEKS, toward
from glasshouse.model.mechanism import Mechanism

MINOR = 3
"""Deserved points up to which a sanctioned citizen counts as one with minor acts alone."""


class Sanctions(Mechanism):
    """Hardship h, in welfare-weeks (ww) lost per week, smoothed.

    h* = sum of severity_l over restricted contexts, also through a firm + refusals by third parties and the Party's discipline + spill * severity for each restricted household member (less what
         safeguards spare) + employee_spill * lost revenue of the employer + severity of an open problem + interest on
         debt in default + cost of a visit or of pressure through the family - reward - gain of a local score scheme.
    Sanctions that touch no harmful conduct of one's own, contexts whose own agency holds nothing against the citizen,
    unlawful restrictions, and harm to members and employees who did nothing are summed apart. Those who are restricted in travel, or in high
    spending by a court, has trips refused: attempts rise with income and are made at `trips` a year (`facts.md` A4.5, F4).
    """

    name: ClassVar[str] = "sanctions"
    columns: ClassVar = (
        Column("hardship", "f4", "ww per week", "welfare lost h, net of rewards", -2.0, 5.0),
        Column("reward", "f4", "ww per week", "reward received", high=2.0),
    )
    district_columns: ClassVar = (
        Column("reward_threshold", "f4", "points", "credit that earns the reward", high=1000.0, initial=1000.0),
        Column("reward_at_stake", "f4", "ww per week", "the reward", high=2.0),
        Column("restriction_cost", "f4", "ww per week", "welfare lost in a restricted context", high=2.0, per="agency"),
    )
    sums: ClassVar = (
        Sum("hardship_sum", "ww", "welfare lost, net of rewards", WELFARE),
        Sum("sanction_ww", "ww", "welfare taken by restrictions of one's own", WELFARE),
        Sum("sanction_unrelated_ww", "ww", "of this, in contexts whose own agency holds no point", WELFARE),
        Sum("sanction_coercive_ww", "ww", "of this, in contexts that police and courts control", WELFARE),
        Sum("sanction_unlawful_ww", "ww", "of this, in contexts restricted unlawfully", WELFARE),
        Sum("sanction_harmless_ww", "ww", "of this, from people who deserve no point", WELFARE),
        Sum("sanction_minor_ww", "ww", "of this, from people whose deserved points are few", WELFARE),
        Sum(
            "representative_ww", "ww", "welfare lost by legal representatives restricted through a firm alone", WELFARE
        ),
        Sum("collateral_ww", "ww", "welfare lost through restricted household members", WELFARE),
        Sum("employee_ww", "ww", "welfare lost through a restricted employer", WELFARE),
        Sum("visit_ww", "ww", "welfare lost to visits and to pressure through the family", WELFARE),
        Sum("trips_refused", "trips", "trips refused to the restricted"),
        Sum("trips_refused_debtors", "trips", "of these, refused to citizens on the court list"),
        Sum("reward_ww", "ww", "rewards paid", WELFARE),
        Sum("rewarded", "citizen-weeks", "citizens who receive the reward"),
    )

    draws: ClassVar = ("books",)

    severity: tuple[float, ...] = vector(
        (0.15, 0.25, 0.2, 0.2),
        "Welfare lost in a restricted context: travel, credit, benefits, licences.",
        unit="ww per week",
        bounds=(0, 2),
        prior=(0.05, 0.5),
        role="lever",
        per="agency",
        further=0.2,
    )
    spill: float = param(
        0.2,
        "Share of a typical restriction that falls on each other household member.",
        unit="share",
        bounds=(0, 1),
        prior=(0.1, 0.4),
        role="uncertainty",
    )
    employee_spill: float = param(
        0.3,
        "Share of an employer's lost revenue that its employees feel.",
        unit="ww per week",
        bounds=(0, 2),
        prior=(0.15, 0.6),
        role="uncertainty",
    )
    visit_cost: float = param(
        0.1,
        "Welfare lost in a week with a visit or pressure.",
        unit="ww per week",
        bounds=(0, 2),
        prior=(0.05, 0.2),
        role="uncertainty",
    )
    trips: float = param(
        1.0,
        "Trips that a restricted citizen of median income tries to book.",
        unit="per year",
        bounds=(0, 52),
        prior=(0.5, 2.0),
        source="facts.md A4.5: about 0.4 refused rail tickets and 1 to 1.5 refused flights a listing",
        role="uncertainty",
    )
    problem_cost: tuple[float, ...] = vector(
        (0.05, 0.15, 0.4),
        "Welfare lost to an open problem by severity class.",
        unit="ww per week",
        bounds=(0, 2),
        prior=(0.02, 0.8),
        role="uncertainty",
    )
    debt_cost: float = param(
        0.1,
        "Welfare lost while a debt is in default.",
        unit="ww per week",
        bounds=(0, 2),
        prior=(0.05, 0.2),
        role="uncertainty",
    )
    reward: float = param(
        0.0, "Reward of those on the red list.", unit="ww per week", bounds=(0, 2), prior=(0.0, 0.1), role="lever"
    )
    reward_threshold: float = param(
        5.0,
        "Credit points that put a citizen without restrictions on the red list.",
        unit="points",
        bounds=(0, 1000),
        prior=(2, 10),
        role="lever",
    )
    smoothing: float = param(
        0.25,
        "Share of the distance to h* covered in a week.",
        unit="share a week",
        bounds=(0, 1),
        prior=(0.12, 0.5),
        role="uncertainty",
    )

    @staticmethod
    def citizen(me, here, household, work, p, draw, add):
        lost = p.employee_spill * (1.0 - work.revenue)
        troubled = me.visited or me.pressed or me.scheme_gain != 0.0 or lost > 0.0
        troubled = troubled or me.inherited or me.refused or me.disciplined
        quiet = me.hardship == 0.0 and me.severity == NO_PROBLEM and not me.kept and not me.busy and me.reward == 0.0
        if quiet and not troubled and me.debt <= 0.0 and household.restricted == 0:
            return
        own, unrelated, unlawful, coercive, through_firm, typical = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        deserved = 0
        for k in range(AGENCIES):
            typical += p.severity[k] / AGENCIES
            deserved += me.deserved[k] + (1 if me.due_state[k] >= RESTRICTED else 0)
            if me.state[k] >= RESTRICTED:
                own += p.severity[k]
                if me.right[k] + me.wrong[k] == 0:
                    unrelated += p.severity[k]
                if (me.unlawful & (1 << k)) > 0:
                    unlawful += p.severity[k]
                coercive += COERCIVE[k] * p.severity[k]
            elif me.inherited:
                through_firm += INHERITED[k] * p.severity[k]
        kin = p.spill * (1.0 - here.kin_spared) * typical * household.restricted
        trouble = p.visit_cost if me.visited or me.pressed else 0.0
        me.reward = 0.0
        if p.reward > 0.0 and me.credit >= p.reward_threshold and me.contexts == 0:
            me.reward = p.reward
            add("reward_ww", p.reward)
            add("rewarded")
        target = own + kin + lost + trouble - me.reward - me.scheme_gain
        target += through_firm + (here.refusal_cost if me.refused else 0.0)
        target += here.discipline_cost if me.disciplined else 0.0
        if me.severity > NO_PROBLEM:
            severity = me.severity - MILD
            target += p.problem_cost[severity]
        target += p.debt_cost if me.debt > 0.0 else 0.0
        hardship = toward(me.hardship, target, p.smoothing)
        # What decays for ever is let go, so that it does not end in denormal numbers.
        me.hardship = 0.0 if abs(hardship) < NEGLIGIBLE else hardship
        add("hardship_sum", me.hardship)
        if own > 0.0:
            add("sanction_ww", own)
            add("sanction_unrelated_ww", unrelated)
            add("sanction_unlawful_ww", unlawful)
            add("sanction_coercive_ww", coercive)
            if deserved == 0:
                add("sanction_harmless_ww", own)
            elif deserved <= MINOR:
                add("sanction_minor_ww", own)
        barred = me.inherited or (own > 0.0 and max(me.state[POLICE], me.state[COURT]) >= RESTRICTED)
        if barred and draw("books") < p.trips * min(me.income, INCOME_CAP) / WEEKS:
            add("trips_refused")
            if me.state[COURT] >= RESTRICTED:
                add("trips_refused_debtors")
        add("representative_ww", through_firm)
        add("collateral_ww", kin)
        add("employee_ww", lost)
        add("visit_ww", trouble)

    @staticmethod
    def district(here, p):
        here.reward_threshold = p.reward_threshold
        here.reward_at_stake = p.reward
        for k in range(AGENCIES):
            here.restriction_cost[k] = p.severity[k]
