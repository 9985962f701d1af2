"""The budget: what control costs, what is left for service, and how service follows what is reported."""

from typing import ClassVar

from glasshouse.model.declarations import WELFARE, Column, Sum, param
from glasshouse.model.kernel_math import toward
from glasshouse.model.mechanism import Mechanism

FLOW_SMOOTHING = 0.04
"""Share of a week's news in the smoothed flows of voicings and sanctions."""

EXPERIENCE = 25.0
"""Weeks of experience that smoothed weekly flows stand for, 1 / `FLOW_SMOOTHING`."""

LEAST_BUDGET = 1.0
LEAST_CAPACITY = 0.001
"""Sizes below which a budget (ww) and a capacity (problems) are not divided by."""

LEAST_MARGIN = -10.0
"""End of the stability margin."""


class Budget(Mechanism):
    """One budget for service, control and rewards.

    control = upkeep of coverage + unit cost * records + case cost * new listings + cost of visits, of reviews and of
    appeals, of which automation saves a share; `reinvestment` of what is saved goes back into control and raises
    coverage, the rest goes to service. Service money = budget - control - rewards, never below a floor; capacity C_d =
    service money / cost of a week's work on a problem, weighted by the district's own strength and its staff. A share
    `pooled` of it is moved to where problems are *reported* (`facts.md` C4: what is left out of reports is not served).
    `service` = min(1, C_d / known_d), read by problems a week later.
    Machines do not only work more cheaply. With a the share `automation`, coverage of people and firms grows by the factor
    1 + automation_volume * a, false-positive rates by 1 + automation_error * a, and the delay from threshold to
    restriction shrinks to 1 - automation_speed * a of itself (`facts.md` E6: in Michigan five times as many cases, of
    those reviewed 93 % wrong). At 0, the default of each, automation changes cost alone.
    `sanctions_per_voicing` q is a smoothed ratio of speech sanctions to voicings, shrunk to a prior.
    """

    name: ClassVar[str] = "budget"
    district_columns: ClassVar = (
        Column("extra", "f4", "ratio", "coverage added by reinvested money", high=1.0),
        Column("service", "f4", "share", "share of known problems that capacity reaches in a week", initial=1.0),
        Column("sanctions_per_voicing", "f4", "share", "speech sanctions per voicing q", initial=0.02),
        Column("volume", "f4", "ratio", "factor on coverage by automation", high=11.0, initial=1.0),
        Column("error_growth", "f4", "ratio", "factor on false-positive rates by automation", high=11.0, initial=1.0),
        Column("delay_share", "f4", "share", "share of the delay of a listing that automation leaves", initial=1.0),
        Column("recent_voicings", "f4", "citizen-weeks", "voicings, smoothed over half a year", high=1e9),
        Column("recent_sanctions", "f4", "citizens", "speech sanctions, smoothed over half a year", high=1e9),
    )
    centre_columns: ClassVar = (
        Column("reported", "f8", "problems", "problems reported to the centre", high=1e12),
        Column("pool", "f8", "ww", "service money that the centre moves", high=1e12),
    )
    sums: ClassVar = (
        Sum("cost_control", "ww", "budget spent on control", WELFARE),
        Sum("cost_service", "ww", "budget spent on service", WELFARE),
        Sum("cost_rewards", "ww", "budget spent on rewards", WELFARE),
        Sum("freed", "ww", "control money saved by automation", WELFARE),
        Sum("reinvested", "ww", "of this, spent on more control", WELFARE),
        Sum("pooled_ww", "ww", "service money handed to the centre to be moved", WELFARE),
        Sum("district_weeks", "district-weeks", "district-weeks counted"),
        Sum(
            "margin_sum",
            "share",
            f"stability margin (capacity - known problems) / capacity, at least {LEAST_MARGIN:.0f}",
            WELFARE,
        ),
        Sum("overloaded", "district-weeks", "district-weeks with more known problems than capacity"),
    )

    budget: float = param(
        0.03,
        "Budget a head for service, control and rewards.",
        unit="ww per week",
        bounds=(0, 1),
        prior=(0.015, 0.06),
        role="lever",
    )
    service_cost: float = param(
        2.0,
        "Cost of a week's work on one problem.",
        unit="ww",
        bounds=(0.001, 100),
        prior=(1.0, 4.0),
        role="uncertainty",
    )
    upkeep: float = param(
        0.0, "Upkeep of coverage a head.", unit="ww per week", bounds=(0, 1), prior=(0.0, 0.01), role="assumption"
    )
    record_cost: float = param(
        0.2, "Cost of a record made by hand.", unit="ww", bounds=(0, 100), prior=(0.1, 0.4), role="uncertainty"
    )
    case_cost: float = param(
        2.0, "Cost of a new listing handled by hand.", unit="ww", bounds=(0, 1000), prior=(1, 4), role="uncertainty"
    )
    visit_cost: float = param(
        0.5, "Cost of a visit.", unit="ww", bounds=(0, 100), prior=(0.25, 1.0), role="uncertainty"
    )
    leverage: float = param(
        1.0,
        "Coverage added by reinvesting a sum as large as the budget, relative to coverage.",
        unit="ratio",
        bounds=(0, 20),
        prior=(0.5, 2.0),
        role="uncertainty",
    )
    automation: float = param(
        0.0,
        "Share of control work that is automated.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.8),
        role="lever",
    )
    automated_cost: float = param(
        0.1,
        "Unit cost of automated work relative to work by hand.",
        unit="share",
        bounds=(0, 1),
        prior=(0.05, 0.2),
        role="uncertainty",
    )
    automation_volume: float = param(
        0.0,
        "Growth of coverage where all control work is automated.",
        unit="ratio",
        bounds=(0, 10),
        prior=(0.0, 1.0),
        role="uncertainty",
    )
    automation_speed: float = param(
        0.0,
        "Share of the delay of a listing that is gone where all control work is automated.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.8),
        role="uncertainty",
    )
    automation_error: float = param(
        0.0,
        "Growth of false-positive rates where all control work is automated.",
        unit="ratio",
        bounds=(0, 10),
        prior=(0.0, 1.0),
        role="uncertainty",
    )
    reinvestment: float = param(
        0.5,
        "Share of money freed by automation that goes to more control.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 1.0),
        role="lever",
    )
    floor: float = param(
        0.2,
        "Share of the budget that service keeps whatever control costs.",
        unit="share",
        bounds=(0, 1),
        prior=(0.1, 0.4),
        role="lever",
    )
    pooled: float = param(
        0.4,
        "Share of service money that follows reports.",
        unit="share",
        bounds=(0, 1),
        prior=(0.2, 0.8),
        role="lever",
    )
    prior_frequency: float = param(
        0.02,
        "Prior frequency q0 of speech sanctions per voicing.",
        unit="share",
        bounds=(0, 1),
        prior=(0.01, FLOW_SMOOTHING),
        role="uncertainty",
    )
    prior_weight: float = param(
        20.0,
        "Voicings that the prior counts for.",
        unit="voicings",
        bounds=(0.1, 10000),
        prior=(10, 40),
        role="uncertainty",
    )

    @staticmethod
    def district(here, nation, total, p, add):
        budget = p.budget * here.size
        by_hand = p.upkeep * here.size + p.record_cost * total.records + p.case_cost * total.listings
        by_hand += p.visit_cost * total.visits + p.record_cost * total.firm_records
        people = p.case_cost * (total.reviews + total.appeals_decided)
        freed = by_hand * p.automation * (1.0 - p.automated_cost)
        control = by_hand - freed + p.reinvestment * freed + people
        here.extra = min(p.leverage * p.reinvestment * freed / max(budget, LEAST_BUDGET), 1.0)
        here.volume = 1.0 + p.automation_volume * p.automation
        here.error_growth = 1.0 + p.automation_error * p.automation
        here.delay_share = 1.0 - p.automation_speed * p.automation
        rewards = total.reward_ww + total.scheme_reward_ww
        service = max(budget - control - rewards, p.floor * budget)
        handed = p.pooled * service
        reported = total.problems_reported * (1.0 - here.falsifying)
        share = reported / nation.reported if nation.reported > 0.0 else 0.0
        capacity = ((service - handed) * here.capacity * here.staff + nation.pool * share) / p.service_cost
        here.service = min(1.0, capacity / max(total.problems_known, 1))
        add("district_weeks")
        add("margin_sum", max(1.0 - total.problems_known / max(capacity, LEAST_CAPACITY), LEAST_MARGIN))
        if capacity < total.problems_known:
            add("overloaded")
        here.recent_voicings = toward(here.recent_voicings, total.voicings, FLOW_SMOOTHING)
        here.recent_sanctions = toward(here.recent_sanctions, total.speech_sanctions, FLOW_SMOOTHING)
        seen = EXPERIENCE * here.recent_voicings + p.prior_weight
        here.sanctions_per_voicing = min(
            (EXPERIENCE * here.recent_sanctions + p.prior_frequency * p.prior_weight) / seen, 1.0
        )
        add("cost_control", control)
        add("cost_service", service)
        add("cost_rewards", rewards)
        add("freed", freed)
        add("reinvested", p.reinvestment * freed)
        add("pooled_ww", handed)

    @staticmethod
    def centre(nation, total):
        nation.reported = total.problems_reaching_centre
        nation.pool = total.pooled_ww
