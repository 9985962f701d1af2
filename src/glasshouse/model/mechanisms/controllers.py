"""The system manages itself: it heals backlogs, runs people's accounts, and protects itself against unrest."""

from typing import ClassVar

from glasshouse.model.declarations import Column, Sum, param
from glasshouse.model.kernel_math import clip, settled, toward
from glasshouse.model.mechanism import Mechanism

LEAST_CHANGE, MOST_CHANGE = 0.5, 2.0
"""Ends of how far a district's staff or its bar is moved, relative to the usual one."""

LEAST_STAFF, MOST_STAFF = 0.25, 4.0
"""Ends of the nation's mean staff, relative to the usual one."""

MOST_OVERLOAD = 4.0
"""Overload, relative to capacity, beyond which the bar rises no faster."""

ALARMED = 0.1
"""Share of a fresh alert above which a district still counts as alarmed."""


class Controllers(Mechanism):
    """Self-healing, -optimising and -protecting, and a controller of case load.

    Hoffman 2017, “Programming China”, after autonomic computing; `facts.md` A1.2 to A1.5.

    heal:     staff_d moves toward 1 + heal * (backlog_d / mean backlog - 1), within 1/2 and 2, divided by its mean over
              districts, so that staff is moved and not made.
    optimise: each person's accountability runs by itself (A1.4). A share `optimise` of files, drawn once for each person
              and context, goes on a list and off it without delay, review or an official (`lists`).
    protect:  where weekly protest passes `trigger`, an alert of strength `protect` raises coverage; it fades.
    caseload: the factor on all thresholds of the lists moves by caseload * (new listings / capacity - 1), within 1/2 and
              2: case load is made to meet capacity by moving who is a case.
    """

    name: ClassVar[str] = "controllers"
    off: ClassVar = {"heal": 0.0, "optimise": 0.0, "protect": 0.0, "caseload": 0.0}
    district_columns: ClassVar = (
        Column("staff", "f4", "ratio", "service staff relative to its usual number", high=4.0, initial=1.0),
        Column("bar_shift", "f4", "ratio", "factor on the thresholds of the lists", 0.25, 4.0, 1.0),
        Column("automatic", "f4", "share", "share of people's files that run without an official"),
        Column("alert", "f4", "ratio", "coverage added by an alert", high=10.0),
    )
    centre_columns: ClassVar = (
        Column("mean_backlog", "f8", "problems", "known problems a head", high=1.0),
        Column("mean_staff", "f8", "ratio", "mean of staff over citizens", high=4.0, initial=1.0),
    )
    sums: ClassVar = (
        Sum("alerts", "district-weeks", "district-weeks with an alert of a tenth of its strength or more"),
        Sum("staff_sum", "citizen-weeks", "staff ratio times citizens", 1 << 10),
        Sum("heads", "citizen-weeks", "citizens"),
    )

    heal: float = param(0.0, "Gain of healing.", unit="ratio", bounds=(0, 2), prior=(0.0, 1.0), role="lever")
    optimise: float = param(
        0.0,
        "Share of files, by person and context, that run without an official's decision.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.5),
        role="lever",
    )
    caseload: float = param(
        0.0,
        "Gain with which thresholds follow case load.",
        unit="share a week",
        bounds=(0, 0.5),
        prior=(0.0, 0.05),
        role="lever",
    )
    cases: float = param(
        0.3,
        "New listings that can be handled.",
        unit="per 1,000 citizens and week",
        bounds=(0.001, 100),
        prior=(0.15, 0.6),
        role="lever",
    )
    protect: float = param(
        0.0, "Coverage added by an alert.", unit="ratio", bounds=(0, 10), prior=(0.0, 1.0), role="lever"
    )
    trigger: float = param(
        1.0,
        "Weekly protests that set off an alert.",
        unit="per 1,000 citizens",
        bounds=(0.001, 1000),
        prior=(0.5, 2),
        role="lever",
    )
    delay: float = param(
        0.2,
        "Share of the way that a controller goes in a week.",
        unit="share a week",
        bounds=(0, 1),
        prior=(0.1, 0.4),
        role="uncertainty",
    )

    @staticmethod
    def district(here, nation, total, p, add):
        wanted = 1.0
        if nation.mean_backlog > 0.0:
            wanted = 1.0 + p.heal * (total.problems_known / here.size / nation.mean_backlog - 1.0)
        staff = toward(here.staff * nation.mean_staff, clip(wanted, LEAST_CHANGE, MOST_CHANGE), p.delay)
        here.staff = staff / max(nation.mean_staff, LEAST_STAFF)
        load = total.listings * 1000.0 / (p.cases * here.size)
        shift = here.bar_shift
        if p.caseload > 0.0:
            shift += p.caseload * clip(load - 1.0, -1.0, MOST_OVERLOAD)
        else:
            shift = toward(shift, 1.0, p.delay)
        here.bar_shift = clip(shift, LEAST_CHANGE, MOST_CHANGE)
        here.automatic = p.optimise
        alert = settled(here.alert * (1.0 - p.delay))
        if total.protests * 1000.0 > p.trigger * here.size:
            alert = p.protect
        here.alert = alert
        if p.protect > 0.0 and here.alert > ALARMED * p.protect:
            add("alerts")
        add("staff_sum", staff * here.size)
        add("heads", here.size)

    @staticmethod
    def centre(nation, total):
        if total.heads > 0:
            nation.mean_backlog = min(total.problems_known / total.heads, 1.0)
            nation.mean_staff = clip(total.staff_sum / total.heads, LEAST_STAFF, MOST_STAFF)
