"""Who complains, who protests, and how large the crowds are."""

from typing import ClassVar

from glasshouse.model.codes import NO_OCCASION, SMALLEST_EVENT
from glasshouse.model.declarations import WELFARE, Column, Signal, Sum, param
from glasshouse.model.kernel_math import clip, logistic, sigmoid
from glasshouse.model.mechanism import LEAD, Mechanism

RECENT = (1 << LEAD) - 1
"""All bits of `recent`, one for each week that a forecast looks ahead."""

MOST_LOCAL_PULL = 10.0
"""The greatest admissible pull of a district's protesters, in grievance units."""

LEAST_MARGIN, MOST_COMPLAINT, MOST_PROTEST = -19.0, 20.0, 60.0
"""Ends at which the margins of those who had an occasion are cut."""


class Voice(Mechanism):
    """Complaint and protest on an occasion: always with an open problem, rarely else.

    complain if g + eta_c vbar - rho r k_c + noise > tau_c,            k_c = k_0 + (1 - k_0) mu
    protest  if g + eta_o o + eta_p pbar + (1 - q_d) l_d - rho r (1 - s pbar) + z_d + noise > tau_p
    eta_o o: what discontent adds (`discontent`); vbar, pbar: visible voicing and protesting share of contacts; l_d = eta_l n_d / (h N_d + n_d): the pull of last week's n_d
    protesters among the N_d citizens of a district, if they were two or more, whom repression q_d there keeps from gathering
    again; noise: a persistent personal term and a weekly logistic draw. Thresholds differ between people (Granovetter 1978); safety in
    numbers s lowers the risk (Kuran 1991). People shun the restricted: a restricted citizen's voice goes unseen by contacts
    with probability `shun`, so that it counts 1 - shun.
    The margins say by how much a citizen was over (or under) the threshold and how much of that is fear, so that silence
    can be distinguished from content.
    """

    name: ClassVar[str] = "voice"
    columns: ClassVar = (
        Column("complaint", "?", "yes or no", "complained this week"),
        Column("protest", "?", "yes or no", "protested this week"),
        Column("recent", "u2", "weeks, packed", f"a bit for each of the last {LEAD} weeks: protested", high=RECENT),
        Column(
            "complaint_margin",
            "f4",
            "grievance units",
            "urge over the threshold to complain",
            NO_OCCASION,
            MOST_COMPLAINT,
            NO_OCCASION,
        ),
        Column("complaint_fear", "f4", "grievance units", "fear's part in it for each unit of r", high=1.0),
        Column(
            "protest_margin",
            "f4",
            "grievance units",
            "urge over the threshold to protest",
            NO_OCCASION,
            MOST_PROTEST,
            NO_OCCASION,
        ),
        Column("protest_fear", "f4", "grievance units", "fear's part in it for each unit of r", high=1.0),
    )
    district_columns: ClassVar = (
        Column(
            "local_pull",
            "f4",
            "grievance units",
            "pull l_d of last week's protesters of the district",
            high=MOST_LOCAL_PULL,
        ),
    )
    signals: ClassVar = (
        Signal("voicing", "complained or protested this week and was seen"),
        Signal("protesting", "protested this week and was seen"),
    )
    sums: ClassVar = (
        Sum("occasions", "citizen-weeks", "occasions to speak"),
        Sum("complaints", "complaints", "complaints made"),
        Sum("voicings", "citizen-weeks", "citizens who complained or protested"),
        Sum("protests", "citizen-weeks", "citizens who protested", weekly_by_district=True),
        Sum("protests_problem", "citizen-weeks", "of these, with an open problem of their own"),
        Sum("protests_minority", "citizen-weeks", "of these, members of a minority"),
        Sum(
            "protests_expected",
            "citizen-weeks",
            "chances to protest added up, without the random numbers of the week",
            WELFARE,
        ),
        Sum(
            "protests_alone",
            "citizen-weeks",
            "chances to protest added up, had neither other protesters nor a focal shock drawn anybody",
            WELFARE,
        ),
        Sum("shunned", "citizen-weeks", "voices of restricted citizens that went unseen"),
    )
    draws: ClassVar = ("noise", "crowd_noise", "shuns")
    shared_draws: ClassVar = {"occasion": 1}

    occasion: float = param(
        0.01,
        "Chance of an occasion to speak without a problem of one's own.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.005, 0.02),
        role="uncertainty",
    )
    threshold_complaint: float = param(
        0.6,
        "Mean of the thresholds tau_c.",
        unit="grievance units",
        bounds=(-5, 10),
        prior=(0.4, 0.9),
        role="uncertainty",
    )
    spread_complaint: float = param(
        0.25,
        "Standard deviation of tau_c.",
        unit="grievance units",
        bounds=(0, 5),
        prior=(0.12, 0.5),
        role="uncertainty",
    )
    threshold_protest: float = param(
        1.7,
        "Mean of the thresholds tau_p.",
        unit="grievance units",
        bounds=(-5, 10),
        prior=(1.2, 2.4),
        role="uncertainty",
    )
    spread_protest: float = param(
        0.35,
        "Standard deviation of tau_p.",
        unit="grievance units",
        bounds=(0, 5),
        prior=(0.18, 0.7),
        role="uncertainty",
    )
    pull_complaint: float = param(
        0.3,
        "Encouragement eta_c by voicing contacts.",
        unit="grievance units",
        bounds=(0, 10),
        prior=(0.15, 0.6),
        role="uncertainty",
    )
    pull_protest: float = param(
        8.0,
        "Encouragement eta_p by protesting contacts.",
        unit="grievance units",
        bounds=(0, 50),
        prior=(4.0, 12.0),
        role="uncertainty",
    )
    pull_local: float = param(
        1.4,
        "Greatest encouragement eta_l by a protest event in the district.",
        unit="grievance units",
        bounds=(0, MOST_LOCAL_PULL),
        prior=(0.0, 1.6),
        source="facts.md F14 (direction); size assumed",
        role="uncertainty",
    )
    half_local: float = param(
        0.005,
        "Share h of a district's citizens whose protest gives half of that.",
        unit="share",
        bounds=(1e-6, 1),
        prior=(0.002, 0.01),
        role="uncertainty",
    )
    safety: float = param(
        0.8, "Safety in numbers s.", unit="share", bounds=(0, 1), prior=(0.4, 1.0), role="uncertainty"
    )
    complaint_risk: float = param(
        0.3,
        "Share k_0 of the risk of protest that a well-read complaint carries.",
        unit="share",
        bounds=(0, 1),
        prior=(0.15, 0.6),
        role="uncertainty",
    )
    personal: float = param(
        0.15,
        "Standard deviation of the persistent personal term.",
        unit="grievance units",
        bounds=(0, 5),
        prior=(0.07, 0.3),
        role="uncertainty",
    )
    noise: float = param(
        0.12,
        "Scale of the weekly logistic term.",
        unit="grievance units",
        bounds=(0, 5),
        prior=(0.06, 0.24),
        role="uncertainty",
    )
    shun: float = param(
        0.3,
        "Share of a restricted citizen's voice that contacts no longer heed.",
        unit="share",
        bounds=(0, 1),
        prior=(0.1, 0.6),
        role="uncertainty",
    )

    @staticmethod
    def citizen(me, here, contacts, p, draw, add):
        me.recent = (me.recent << 1) & RECENT
        me.complaint = False
        me.protest = False
        me.voicing = False
        me.protesting = False
        if not me.adult or (me.problem_start < 0 and draw("occasion") >= p.occasion):
            me.complaint_margin = NO_OCCASION
            me.protest_margin = NO_OCCASION
            return
        add("occasions")
        number = max(contacts.number, 1)
        temper = p.personal * me.temper
        me.complaint_fear = me.risk_aversion * (p.complaint_risk + (1.0 - p.complaint_risk) * here.misreading)
        urge = me.grievance + p.pull_complaint * contacts.voicing / number - me.complaint_fear * me.risk
        tau = p.threshold_complaint + p.spread_complaint * me.complaint_threshold
        margin = urge + temper + p.noise * logistic(draw("noise")) - tau
        me.complaint_margin = clip(margin, LEAST_MARGIN, MOST_COMPLAINT)
        if margin > 0.0:
            me.complaint = True
            add("complaints")
        crowd = contacts.protesting / number
        me.protest_fear = me.risk_aversion * (1.0 - p.safety * crowd)
        urge = (
            me.grievance
            + p.pull_protest * crowd
            - me.protest_fear * me.risk
            + here.shock
            + here.local_pull * (1.0 - here.repression)
            + here.discontent_pull * me.discontent
        )
        tau = p.threshold_protest + p.spread_protest * me.protest_threshold
        if p.noise > 0.0:
            add("protests_expected", sigmoid((urge + temper - tau) / p.noise))
            alone = me.grievance - me.risk_aversion * me.risk + here.discontent_pull * me.discontent
            add("protests_alone", sigmoid((alone + temper - tau) / p.noise))
        margin = urge + temper + p.noise * logistic(draw("crowd_noise")) - tau
        me.protest_margin = clip(margin, LEAST_MARGIN, MOST_PROTEST)
        if margin > 0.0:
            me.protest = True
            me.recent = me.recent | 1
            add("protests")
            if me.problem_start >= 0:
                add("protests_problem")
            if me.minority:
                add("protests_minority")
        if me.complaint or me.protest:
            add("voicings")
            if me.restricted and draw("shuns") < p.shun:
                add("shunned")
            else:
                me.voicing = True
                me.protesting = me.protest

    @staticmethod
    def district(here, total, p):
        number = 1.0 * total.protests if total.protests >= SMALLEST_EVENT else 0.0
        here.local_pull = p.pull_local * number / (p.half_local * here.size + number)
