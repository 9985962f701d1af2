"""Local officials under the same method: graded, pressed, tempted to hide and to invent, audited and replaced."""

from typing import ClassVar

from glasshouse.model.declarations import Column, Sum, param
from glasshouse.model.kernel_math import clip, settled, toward
from glasshouse.model.mechanism import Mechanism

GROWTH, STABILITY, PETITIONS = 0, 1, 2
TARGETS = 3
"""Targets that officials are graded by, and how many there are."""

HARDSHIP_SCALE = 100.0
"""Hardship of 1,000 adults, in ww a week, that stands for no growth at all."""

BY_ACCURACY = 0.5
"""Share of falsified reports that the most accurate official leaves out."""

NEWCOMER = 0.5
"""Standing of an official who has just been appointed."""

QUARTER = 13
"""Weeks of a quarter."""


class Officials(Mechanism):
    """Grades on growth, stability and petitions at once, and what officials do about them.

    grade = weighted mean of growth (little hardship), stability (little protest) and petitions (few reported problems,
    as the official reports them); a quarter at a time the centre's emphasis, drawn anew, weighs one of the three up by
    1 + contradiction: contradictory demands. Such a priority can cost a grade and never makes up for another target, so
    that the lesser of the even and the emphasised mean counts (targets with a veto: Edin 2003). Standing follows the
    grade. pressure = career * (1 - standing); the official
    hides a share hide * pressure more of what touches officials and leaves falsify * pressure * (1 - accuracy / 2) of
    known problems out of the report. An audit finds manipulation with probability audit_rate * (base_audit + audit) *
    (hiding + falsifying) a week: the official is replaced and begins anew. Pan and Chen 2018; Wallace 2016, “Juking the
    stats?”; `facts.md` C4, F20.
    """

    name: ClassVar[str] = "officials"
    district_columns: ClassVar = (
        Column("standing", "f4", "share", "standing of the official with the centre", initial=0.5),
        Column("hiding", "f4", "share", "added chance that complaints about a problem are suppressed"),
        Column("falsifying", "f4", "share", "share of known problems left out of the report"),
    )
    centre_columns: ClassVar = (
        Column(
            "emphasis", "f8", "target", "target weighed up this quarter: 0 growth, 1 stability, 2 petitions", high=2.0
        ),
    )
    sums: ClassVar = (
        Sum("officials_replaced", "officials", "officials found out and replaced"),
        Sum("problems_reaching_centre", "problems", "problems in the reports upward, after falsification", 1 << 10),
    )
    draws: ClassVar = ("audited", "emphasis")

    weight_growth: float = param(
        1.0, "Weight of growth in the grade.", unit="weight", bounds=(0, 10), prior=(0.5, 2.0), role="lever"
    )
    weight_stability: float = param(
        1.0,
        "Weight of stability in the grade.",
        unit="weight",
        bounds=(0, 10),
        prior=(0.5, 2.0),
        role="lever",
    )
    weight_petitions: float = param(
        1.0,
        "Weight of petitions in the grade.",
        unit="weight",
        bounds=(0.01, 10),
        prior=(0.5, 2.0),
        role="lever",
    )
    contradiction: float = param(
        1.0,
        "How far the centre's emphasis of the quarter weighs one target up.",
        unit="ratio",
        bounds=(0, 10),
        prior=(0, 2),
        role="lever",
    )
    protest_scale: float = param(
        0.5,
        "Protests a week that halve the grade of stability.",
        unit="per 1,000 adults",
        bounds=(0.001, 100),
        prior=(0.25, 1),
        role="uncertainty",
    )
    petition_scale: float = param(
        20.0,
        "Reported problems that halve the grade of petitions.",
        unit="per 1,000 adults",
        bounds=(0.01, 1000),
        prior=(10, 40),
        role="uncertainty",
    )
    adjustment: float = param(
        0.08,
        "Share of the distance that standing moves in a week.",
        unit="share a week",
        bounds=(0, 1),
        prior=(0.04, 0.16),
        role="uncertainty",
    )
    hide: float = param(
        0.2,
        "Suppression added at full pressure.",
        unit="share",
        bounds=(0, 1),
        prior=(0.1, 0.4),
        source="facts.md C4, F20 (direction); size assumed",
        role="assumption",
    )
    falsify: float = param(
        0.3,
        "Known problems left out of the report at full pressure.",
        unit="share",
        bounds=(0, 1),
        prior=(0.15, 0.6),
        role="assumption",
    )
    audit_rate: float = param(
        0.05,
        "Chance that full manipulation is found by a full audit.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.02, 0.1),
        role="uncertainty",
    )
    base_audit: float = param(
        0.1,
        "Strength of the centre's own inspection.",
        unit="share",
        bounds=(0, 1),
        prior=(0.05, 0.2),
        role="lever",
    )

    @staticmethod
    def district(here, nation, total, p, draw, add):
        adults = max(total.adults, 1) / 1000.0
        reported = total.problems_reported * (1.0 - here.falsifying)
        growth = clip(1.0 - total.hardship_sum / (HARDSHIP_SCALE * adults), 0.0, 1.0)
        stability = p.protest_scale / (p.protest_scale + total.protests / adults)
        petitions = p.petition_scale / (p.petition_scale + reported / adults)
        weights = p.weight_growth + p.weight_stability + p.weight_petitions
        even = (p.weight_growth * growth + p.weight_stability * stability + p.weight_petitions * petitions) / weights
        target, weight = growth, p.weight_growth
        if nation.emphasis == STABILITY:
            target, weight = stability, p.weight_stability
        elif nation.emphasis == PETITIONS:
            target, weight = petitions, p.weight_petitions
        more = p.contradiction * weight
        grade = min(even, (even * weights + more * target) / (weights + more))
        here.standing = settled(toward(here.standing, grade, p.adjustment))
        pressure = here.career * (1.0 - here.standing)
        here.hiding = settled(p.hide * pressure)
        here.falsifying = settled(p.falsify * pressure * (1.0 - BY_ACCURACY * here.accuracy))
        found = p.audit_rate * min(p.base_audit + here.audit, 1.0) * min(here.hiding + here.falsifying, 1.0)
        if draw("audited") < found:
            here.standing = NEWCOMER
            here.hiding = 0.0
            here.falsifying = 0.0
            add("officials_replaced")
        add("problems_reaching_centre", reported)

    @staticmethod
    def centre(nation, draw, week):
        # One draw a quarter: its date is the quarter's.
        nation.emphasis = min(int(TARGETS * draw("emphasis", week // QUARTER)), PETITIONS)
