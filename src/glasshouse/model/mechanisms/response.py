"""How the state answers protest: it lets it pass, gives in, or represses it."""

from typing import ClassVar

from glasshouse.model.codes import SMALLEST_EVENT
from glasshouse.model.crowds import is_crowd
from glasshouse.model.declarations import Column, Sum, param
from glasshouse.model.kernel_math import clip, settled
from glasshouse.model.mechanism import Mechanism


class Response(Mechanism):
    """One answer to each protest event (two or more citizens of a district in a week), by size, issue and place.

    P(repress) = repress + by_size * n / (n + half_size) + by_minority * share of minority members among the n;
    P(concede) = concede * (1 + by_issue * share with a problem of their own), of what is left; else the event is
    tolerated. Repression raises the fear of the whole district and the watch on its protests, a concession the speed of
    work on its problems; both fade. Shares of answers: `facts.md` B4.3, B4.4, F15.
    """

    name: ClassVar[str] = "response"
    off: ClassVar = {"repress": 0.0, "by_size": 0.0, "by_minority": 0.0, "concede": 0.0}
    district_columns: ClassVar = (
        Column("repression", "f4", "share", "repression that the district remembers"),
        Column("concession", "f4", "ratio", "work on problems added by a concession", high=5.0),
    )
    sums: ClassVar = (
        Sum("events_repressed", "events", "protest events repressed"),
        Sum("events_minority", "events", "protest events in which half or more are members of a minority"),
        Sum("events_minority_repressed", "events", "of these, repressed"),
        Sum("events_conceded", "events", "protest events answered with a concession"),
        Sum("events_tolerated", "events", "protest events let pass"),
        Sum("crowds_repressed", "events", "crowds repressed"),
        Sum("crowds_minority", "events", "crowds in which half or more are members of a minority"),
        Sum("crowds_minority_repressed", "events", "of these, repressed"),
        Sum("crowds_conceded", "events", "crowds answered with a concession"),
        Sum("crowds_tolerated", "events", "crowds let pass"),
    )
    draws: ClassVar = ("answers",)

    repress: float = param(
        0.15,
        "Chance that a small local event is repressed.",
        unit="share",
        bounds=(0, 1),
        prior=(0.07, 0.3),
        source="facts.md B4.3, F15: 20 to 30 % of events; split by size assumed",
        role="uncertainty",
    )
    by_size: float = param(
        0.3, "Added chance for a very large event.", unit="share", bounds=(0, 1), prior=(0.15, 0.6), role="uncertainty"
    )
    half_size: float = param(
        20.0,
        "Size at which half of that is added.",
        unit="citizens",
        bounds=(1, 10000),
        prior=(10, 40),
        role="uncertainty",
    )
    by_minority: float = param(
        0.3,
        "Added chance for an event of minority members alone.",
        unit="share",
        bounds=(0, 1),
        prior=(0.15, 0.6),
        source="facts.md B4.4, F15 (direction); size assumed",
        role="uncertainty",
    )
    concede: float = param(
        0.04,
        "Chance that an event without a problem of everyday life is answered with a concession.",
        unit="share",
        bounds=(0, 1),
        prior=(0.02, 0.08),
        source="facts.md B4.3, F15: 3 to 8 % of events",
        role="uncertainty",
    )
    by_issue: float = param(
        0.5,
        "Rise of that chance for an event about problems of everyday life.",
        unit="ratio",
        bounds=(0, 10),
        prior=(0.25, 1.0),
        role="uncertainty",
    )
    memory: float = param(
        0.9,
        "Share of repression and concession that is left a week later.",
        unit="share",
        bounds=(0, 1),
        prior=(0.8, 0.95),
        role="uncertainty",
    )
    shock: float = param(
        0.3,
        "Repression that a district feels after a repressed event.",
        unit="share",
        bounds=(0, 1),
        prior=(0.15, 0.6),
        role="uncertainty",
    )
    relief: float = param(
        0.5,
        "Work on problems added by a concession.",
        unit="ratio",
        bounds=(0, 5),
        prior=(0.25, 1.0),
        role="uncertainty",
    )

    @staticmethod
    def district(here, total, p, draw, add):
        repression = settled(here.repression * p.memory)
        concession = settled(here.concession * p.memory)
        if total.protests >= SMALLEST_EVENT:
            size = 1.0 * total.protests
            repress = clip(
                p.repress + p.by_size * size / (size + p.half_size) + p.by_minority * total.protests_minority / size,
                0.0,
                1.0,
            )
            concede = clip(p.concede * (1.0 + p.by_issue * total.protests_problem / size), 0.0, 1.0)
            u = draw("answers")
            persecuted = 2 * total.protests_minority >= total.protests
            crowd = 1 if is_crowd(total.protests, total.protests_alone) else 0
            if persecuted:
                add("events_minority")
                add("crowds_minority", crowd)
            if u < repress:
                repression += p.shock * (1.0 - repression)
                add("events_repressed")
                add("crowds_repressed", crowd)
                if persecuted:
                    add("events_minority_repressed")
                    add("crowds_minority_repressed", crowd)
            elif u < repress + (1.0 - repress) * concede:
                concession = min(concession + p.relief, 1.0)
                add("events_conceded")
                add("crowds_conceded", crowd)
            else:
                add("events_tolerated")
                add("crowds_tolerated", crowd)
        here.repression = settled(repression)
        here.concession = settled(concession)
