"""Who complains, who protests, and how large the crowds are."""

from typing import ClassVar

from glasshouse.arithmetic import logistic
from glasshouse.mechanism import Mechanism
from glasshouse.schema import Column, Signal, Sum, param


class Voice(Mechanism):
    """Complaint and protest on an occasion: always with an open problem, rarely else.

    complain if g + eta_c vbar - rho r k_c + noise > tau_c,            k_c = k_0 + (1 - k_0) mu
    protest  if g + eta_p pbar - rho r (1 - s pbar) + z_d + noise > tau_p
    vbar, pbar: visible voicing and protesting share of contacts; noise: a persistent personal term and a weekly
    logistic draw. Thresholds differ between people (Granovetter 1978); safety in numbers s lowers the risk (Kuran
    1991). Protest events are the protesting citizens of a district in a week; their sizes are counted by class.
    """

    name: ClassVar[str] = "voice"
    off: ClassVar = {
        "occasion": 0.0,
        "threshold_complaint": 10.0,
        "spread_complaint": 0.0,
        "threshold_protest": 10.0,
        "spread_protest": 0.0,
        "pull_complaint": 0.0,
        "pull_protest": 0.0,
        "personal": 0.0,
        "noise": 0.0,
    }
    columns: ClassVar = (Column("complaint", "?", "yes or no", "complained this week"),)
    signals: ClassVar = (
        Signal("voicing", "complained or protested this week"),
        Signal("protesting", "protested this week"),
    )
    sums: ClassVar = (
        Sum("occasions", "citizen-weeks", "occasions to speak"),
        Sum("complaints", "complaints", "complaints made"),
        Sum("voicings", "citizen-weeks", "citizens who complained or protested"),
        Sum("protests", "citizen-weeks", "citizens who protested", weekly_by_district=True),
        Sum("events_small", "events", "protest events of 2 to 9 citizens"),
        Sum("events_middle", "events", "protest events of 10 to 99 citizens"),
        Sum("events_large", "events", "protest events of 100 citizens or more"),
    )
    draws: ClassVar = ("noise", "crowd_noise")
    everyday: ClassVar = {"occasion": 1}

    occasion: float = param(
        0.01,
        "Chance of an occasion to speak without a problem of one's own.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.005, 0.02),
    )
    threshold_complaint: float = param(
        0.6, "Mean of the thresholds tau_c.", unit="grievance units", bounds=(-5, 10), prior=(0.4, 0.9)
    )
    spread_complaint: float = param(
        0.25, "Standard deviation of tau_c.", unit="grievance units", bounds=(0, 5), prior=(0.12, 0.5)
    )
    threshold_protest: float = param(
        1.6, "Mean of the thresholds tau_p.", unit="grievance units", bounds=(-5, 10), prior=(1.2, 2.4)
    )
    spread_protest: float = param(
        0.35, "Standard deviation of tau_p.", unit="grievance units", bounds=(0, 5), prior=(0.18, 0.7)
    )
    pull_complaint: float = param(
        0.3, "Encouragement eta_c by voicing contacts.", unit="grievance units", bounds=(0, 10), prior=(0.15, 0.6)
    )
    pull_protest: float = param(
        8.0, "Encouragement eta_p by protesting contacts.", unit="grievance units", bounds=(0, 50), prior=(4.0, 12.0)
    )
    safety: float = param(0.8, "Safety in numbers s.", unit="share", bounds=(0, 1), prior=(0.4, 1.0))
    complaint_risk: float = param(
        0.3,
        "Share k_0 of the risk of protest that a well-read complaint carries.",
        unit="share",
        bounds=(0, 1),
        prior=(0.15, 0.6),
    )
    personal: float = param(
        0.15,
        "Standard deviation of the persistent personal term.",
        unit="grievance units",
        bounds=(0, 5),
        prior=(0.07, 0.3),
    )
    noise: float = param(
        0.12, "Scale of the weekly logistic term.", unit="grievance units", bounds=(0, 5), prior=(0.06, 0.24)
    )

    @staticmethod
    def citizen(me, here, contacts, p, draw, add):  # type: ignore[no-untyped-def]
        me.complaint = False
        me.voicing = False
        me.protesting = False
        if not me.adult or (me.problem_start < 0 and draw("occasion") >= p.occasion):
            return
        add("occasions")
        number = max(contacts.number, 1)
        fear = me.risk_aversion * me.risk
        temper = p.personal * me.temper
        misread = p.complaint_risk + (1.0 - p.complaint_risk) * here.misreading
        urge = me.grievance + p.pull_complaint * contacts.voicing / number - fear * misread
        tau = p.threshold_complaint + p.spread_complaint * me.complaint_threshold
        if urge + temper + p.noise * logistic(draw("noise")) > tau:
            me.complaint = True
            me.voicing = True
            add("complaints")
        crowd = contacts.protesting / number
        urge = me.grievance + p.pull_protest * crowd - fear * (1.0 - p.safety * crowd) + here.shock
        tau = p.threshold_protest + p.spread_protest * me.protest_threshold
        if urge + temper + p.noise * logistic(draw("crowd_noise")) > tau:
            me.protesting = True
            me.voicing = True
            add("protests")
        if me.voicing:
            add("voicings")

    @staticmethod
    def district(total, add):  # type: ignore[no-untyped-def]
        if total.protests >= 100:
            add("events_large")
        elif total.protests >= 10:
            add("events_middle")
        elif total.protests >= 2:
            add("events_small")
