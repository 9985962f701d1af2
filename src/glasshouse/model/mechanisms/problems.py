"""Problems of everyday life: how they come, become known to the state, and end."""

from typing import ClassVar

from glasshouse.model.codes import MIDDLING, MILD, NO_PROBLEM, SEVERE
from glasshouse.model.declarations import Column, Sum, param, vector
from glasshouse.model.kernel_math import clip
from glasshouse.model.mechanism import Mechanism

SOON = 12
"""Weeks within which a problem counts as solved soon."""


class Problems(Mechanism):
    """Arrival, disclosure and repair of problems, one open problem a citizen at most.

    arrival: P = lambda * need_d * pace_d(t) * (1 - prevention * platform) when there is none, since data may show what
             is about to go wrong (`facts.md` A1.2: finds and prevents faults); severity class and officials' fault are
             drawn once.
    known:   by a complaint of last week unless complaints about this problem are suppressed, or with probability
             1 - (1 - inspection)(1 - kappa * platform * e) a week through routine inspection and data.
    fixed:   a known problem with probability phi_severity * min(1, C_d / known_d(t - 1)); any problem ends privately
             with hazard q0. Capacity below arrivals therefore makes queues and waiting that grow smoothly.
    suppressed: drawn once, P = base + career share + fault share + what officials under pressure add (Pan and Chen
             2018: upward reports leave out what touches officials; `facts.md` C4, F20).
    A state that answers protest with concessions works faster in that district for a while.
    """

    name: ClassVar[str] = "problems"
    off: ClassVar = {"arrival": 0.0}
    columns: ClassVar = (
        Column("problem_start", "i2", "week", "week in which the open problem began, -1 without one", -1, 5200, -1),
        Column("severity", "u1", "class", "severity class of the open problem: 1, 2 or 3; 0 without one", 0, 3),
        Column("fault", "?", "yes or no", "officials are at fault in the open problem"),
        Column("suppressed", "?", "yes or no", "complaints about the open problem are kept from the state"),
        Column("known", "?", "yes or no", "the state knows of the open problem"),
    )
    sums: ClassVar = (
        Sum("problems_arrived", "problems", "problems that began"),
        Sum("problems_open", "citizen-weeks", "citizens with an open problem"),
        Sum("problems_known", "citizen-weeks", "citizens whose open problem the state knows of"),
        Sum("problems_reported", "citizen-weeks", "known problems that are reported upward"),
        Sum("problems_fault", "citizen-weeks", "citizens whose open problem is officials' fault"),
        Sum("problems_fault_reported", "citizen-weeks", "of these, known and reported upward"),
        Sum("problems_waiting", "citizen-weeks", "citizens whose problem has been open for more than 12 weeks"),
        Sum("problems_fixed", "problems", "problems that the state solved"),
        Sum("problems_fixed_soon", "problems", "problems that the state solved within 12 weeks"),
        Sum("problems_ended", "problems", "problems that ended in either way"),
        Sum("weeks_to_end", "weeks", "duration of the problems that ended"),
    )
    draws: ClassVar = ("kind", "discloses", "suppresses")
    shared_draws: ClassVar = {"arrives": 0, "ends": 0}

    arrival: float = param(
        0.006,
        "Problem arrivals lambda of a citizen without a problem.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.003, 0.012),
        role="uncertainty",
    )
    severe: float = param(
        0.1,
        "Share of problems in the severest class.",
        unit="share",
        bounds=(0, 1),
        prior=(0.05, 0.2),
        role="uncertainty",
    )
    middling: float = param(
        0.3,
        "Share of problems in the middle class.",
        unit="share",
        bounds=(0, 1),
        prior=(0.15, 0.6),
        role="uncertainty",
    )
    fault_share: float = param(
        0.2,
        "Share of problems in which officials are at fault.",
        unit="share",
        bounds=(0, 1),
        prior=(0.1, 0.4),
        role="uncertainty",
    )
    inspection: float = param(
        0.02,
        "Chance that routine inspection finds a problem (i0).",
        unit="per week",
        bounds=(0, 1),
        prior=(0.01, 0.04),
        role="uncertainty",
    )
    platform: float = param(
        0.0,
        "Coverage of platforms whose data are used to find problems.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.5),
        role="lever",
    )
    kappa: float = param(
        0.15,
        "Chance that covered data show a problem.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.07, 0.3),
        role="uncertainty",
    )
    prevention: float = param(
        0.0,
        "Share of arrivals that data prevent where platforms cover everything.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.4),
        role="uncertainty",
    )
    repair: tuple[float, ...] = vector(
        (0.3, 0.2, 0.1),
        "Chance phi that a known problem is fixed, by severity class, when capacity suffices.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.05, 0.5),
        role="uncertainty",
    )
    private_end: float = param(
        0.02,
        "Hazard q0 with which any problem ends by itself or privately.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.01, 0.04),
        role="uncertainty",
    )
    suppression: float = param(
        0.05,
        "Chance that complaints about a problem are suppressed whatever it is.",
        unit="share",
        bounds=(0, 1),
        prior=(0.02, 0.1),
        role="uncertainty",
    )
    suppression_career: float = param(
        0.2,
        "Added chance at full career pressure on the official.",
        unit="share",
        bounds=(0, 1),
        prior=(0.1, 0.4),
        role="uncertainty",
    )
    suppression_fault: float = param(
        0.5,
        "Added chance when officials are at fault.",
        unit="share",
        bounds=(0, 1),
        prior=(0.25, 0.9),
        source="facts.md C4, F20 (direction); size assumed",
        role="uncertainty",
    )

    @staticmethod
    def citizen(me, here, p, draw, add, week):
        if me.problem_start < 0:
            if draw("arrives") < p.arrival * here.need * here.pace * (1.0 - p.prevention * p.platform):
                u = draw("kind")
                me.problem_start = week
                me.severity = SEVERE if u < p.severe else (MIDDLING if u < p.severe + p.middling else MILD)
                # The same word decides the fault: what is left of it inside each class is uniform again.
                low = 0.0 if u < p.severe else (p.severe if u < p.severe + p.middling else p.severe + p.middling)
                width = p.severe if me.severity == SEVERE else (p.middling if me.severity == MIDDLING else 1.0 - low)
                me.fault = (u - low) < p.fault_share * width
                hidden = p.suppression + p.suppression_career * here.career + here.hiding
                hidden += p.suppression_fault if me.fault else 0.0
                me.suppressed = draw("suppresses") < clip(hidden, 0.0, 1.0)
                me.known = False
                add("problems_arrived")
            return
        open_weeks = week - me.problem_start
        if not me.known:
            found = 1.0 - (1.0 - p.inspection) * (1.0 - p.kappa * p.platform * me.exposure)
            me.known = (me.complaint and not me.suppressed) or draw("discloses") < found
        severity = me.severity - MILD
        by_state = min(p.repair[severity] * here.service * (1.0 + here.concession), 1.0) if me.known else 0.0
        u = draw("ends")
        if u < by_state + (1.0 - by_state) * p.private_end:
            if u < by_state:
                add("problems_fixed")
                if open_weeks <= SOON:
                    add("problems_fixed_soon")
            add("problems_ended")
            add("weeks_to_end", open_weeks)
            me.problem_start = -1
            me.severity = NO_PROBLEM
            me.known = False
            return
        add("problems_open")
        if me.fault:
            add("problems_fault")
            if me.known and not me.suppressed:
                add("problems_fault_reported")
        if open_weeks > SOON:
            add("problems_waiting")
        if me.known:
            add("problems_known")
            if not me.suppressed:
                add("problems_reported")
