"""A plug-in: how the word about restrictions spreads. Use it with --plugin examples/plugins/rumour.py."""

from typing import ClassVar

from glasshouse.model import Column, Mechanism, RatioMeasure, Signal, Sum, param


class Rumour(Mechanism):
    """A rumour about the lists: who has not heard it, who passes it on, who has stopped.

    start:  somebody with a restricted contact begins to tell with probability `start` a week.
    hears:  P = 1 - (1 - start [a contact is restricted]) (1 - pass_on * tellers / contacts).
    stops:  a teller stops with probability pass_on * tellers / contacts + bored: what others know is no news.
    Daley and Kendall 1965, “Stochastic rumours”, Journal of the Institute of Mathematics and its Applications 1(1).
    """

    name: ClassVar[str] = "rumour"
    after: ClassVar[str] = "lists"
    off: ClassVar = {"start": 0.0}
    columns: ClassVar = (Column("rumour", "u1", "state", "0 has not heard, 1 tells, 2 knows and is silent", high=2),)
    signals: ClassVar = (Signal("telling", "passes the rumour on this week"),)
    sums: ClassVar = (
        Sum("rumour_tellers", "citizen-weeks", "citizens who pass the rumour on"),
        Sum("rumour_knowers", "citizen-weeks", "citizens who have heard the rumour"),
    )
    draws: ClassVar = ("chance",)

    start: float = param(
        0.1, "Chance that a restriction is told.", unit="per week", bounds=(0, 1), prior=(0.02, 0.5), role="assumption"
    )
    pass_on: float = param(
        0.8, "Chance that tellers are heard.", unit="per week", bounds=(0, 1), prior=(0.3, 1.0), role="uncertainty"
    )
    bored: float = param(0.05, "Chance to stop.", unit="per week", bounds=(0, 1), prior=(0.01, 0.2), role="uncertainty")

    @staticmethod
    def citizen(me, contacts, p, draw, add):
        told = p.pass_on * contacts.telling / max(contacts.number, 1)
        if me.rumour == 0:
            begins = p.start if contacts.restricted > 0 else 0.0
            if draw("chance") < 1.0 - (1.0 - begins) * (1.0 - told):
                me.rumour = 1
        elif me.rumour == 1 and draw("chance") < told + p.bored:
            me.rumour = 2
        me.telling = me.rumour == 1
        if me.adult and me.rumour > 0:
            add("rumour_knowers")
            if me.telling:
                add("rumour_tellers")


class RumourReach(RatioMeasure):
    """Adults who have heard the rumour. Share; neither direction is better by itself."""

    name, title = "rumour_reach", "Adults who have heard the rumour"
    numerator, denominator = "rumour_knowers", "adults"
    terms: ClassVar = {"rumour_knowers": "citizen-weeks of adults who know the rumour"}
    unit, better, source = "share", "neither", "Daley and Kendall 1965"
