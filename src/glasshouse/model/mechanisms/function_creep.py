"""Function creep: a tool built for one purpose is turned to another, after unrest or by central decision."""

from typing import ClassVar

from glasshouse.model.declarations import Column, Sum, param
from glasshouse.model.kernel_math import clip
from glasshouse.model.mechanism import Mechanism

MOST_KINDS = 4
"""End of the number of kinds recorded beyond the founding purpose."""

MOST_DECISIONS = 10_000.0
"""End of the number of central decisions."""


class FunctionCreep(Mechanism):
    """Kinds of conduct that are recorded beyond the founding purpose.

    After a week with more than `trigger` protests per 1,000 citizens a district's official adds one with probability
    rate * discretion * (1 - audit); a kind becomes public with probability `exposure` a week and is then withdrawn
    (`facts.md` B6.6, C12, F25: health codes turned against depositors in 2022, withdrawn after publicity). Each kind adds
    to the watch on speech (`observation.creep_step`).

    The centre expands as well: it decides with probability `central` a week that agencies act together in one more matter
    (A3.3: joint memoranda grew from 36 to 51 in 2018). A decision holds in every district. It raises the weight of other
    agencies' points in every list by `integration_step` (`lists.integration`, to 1 at most), and each district turns it
    into a kind with probability follow * (1 - audit).
    """

    name: ClassVar[str] = "function_creep"
    stream_key: ClassVar[str] = "creep"
    off: ClassVar = {"rate": 0.0, "central": 0.0}
    district_columns: ClassVar = (
        Column("crept", "f4", "kinds", "kinds recorded beyond the founding purpose", high=MOST_KINDS),
        Column("linked", "f4", "share", "weight of other agencies' points that central decisions added"),
    )
    centre_columns: ClassVar = (
        Column("decisions", "f8", "decisions", "central decisions so far", high=MOST_DECISIONS),
        Column("decided", "f8", "decisions", "central decisions of the week", high=1.0),
    )
    sums: ClassVar = (
        Sum("creep_added", "kinds", "kinds added"),
        Sum("creep_withdrawn", "kinds", "kinds withdrawn after publicity"),
        Sum("creep_held", "kind-weeks", "kinds recorded beyond the founding purpose"),
    )
    draws: ClassVar = ("adds", "exposes", "follows", "decides")

    rate: float = param(
        0.0,
        "Chance that an official with full discretion adds a kind.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.0, 0.2),
        role="assumption",
    )
    trigger: float = param(
        0.5,
        "Weekly protests that tempt an official.",
        unit="per 1,000 citizens",
        bounds=(0, 1000),
        prior=(0.25, 1.0),
        role="uncertainty",
    )
    exposure: float = param(
        0.005,
        "Chance that a kind becomes public and is withdrawn.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.002, 0.01),
        source="facts.md C12, F25 (direction); size assumed",
        role="uncertainty",
    )

    central: float = param(
        0.0,
        "Chance that the centre decides on acting together in one more matter.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.0, 0.3),
        source="facts.md A3.3: 15 joint memoranda in a year at most",
        role="lever",
    )
    integration_step: float = param(
        0.002,
        "Weight of other agencies' points that a central decision adds.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.005),
        role="uncertainty",
    )
    follow: float = param(
        0.02,
        "Chance that a district turns a central decision into a kind.",
        unit="share",
        bounds=(0, 1),
        prior=(0.0, 0.05),
        role="uncertainty",
    )

    @staticmethod
    def district(here, nation, total, p, draw, add):
        kinds = here.crept
        if kinds > 0.0 and draw("exposes") < p.exposure * kinds:
            kinds -= 1.0
            add("creep_withdrawn")
        tempted = total.protests * 1000.0 > p.trigger * here.size
        if tempted and kinds < MOST_KINDS - 1 and draw("adds") < p.rate * here.discretion * (1.0 - here.audit):
            kinds += 1.0
            add("creep_added")
        # An outside audit sees what a district records beyond the purpose, no matter who ordered it (F25).
        if nation.decided > 0.0 and kinds < MOST_KINDS - 1 and draw("follows") < p.follow * (1.0 - here.audit):
            kinds += 1.0
            add("creep_added")
        here.linked = min(p.integration_step * nation.decisions, 1.0)
        here.crept = clip(kinds, 0.0, MOST_KINDS)
        if here.crept > 0.0:
            add("creep_held", here.crept)

    @staticmethod
    def centre(nation, p, draw):
        nation.decided = 1.0 if draw("decides") < p.central else 0.0
        nation.decisions = min(nation.decisions + nation.decided, MOST_DECISIONS)
