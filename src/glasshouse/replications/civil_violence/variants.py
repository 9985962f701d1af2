"""Two programs of Epstein's model that are taught from, each with rules of its own: NetLogo's Rebellion and Mesa's example."""

from typing import ClassVar

from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.civil_violence.rules import (
    COLUMNS,
    COP,
    EVEN,
    FLOOR,
    SUMS,
    TRIES,
    arrest_estimate,
    squared_distance,
    torus_distance,
)


def walking_distance(one: int, other: int, side: float) -> int:
    """Count the steps from one site of the torus to another, down and across.

    Parameters
    ----------
    one : int
        Number of a site.
    other : int
        Number of another.
    side : float
        Rows and columns of the torus.

    Returns
    -------
    int
        Steps, the shorter way round.
    """
    across = torus_distance(int(one) % int(side), int(other) % int(side), side)
    return across + torus_distance(int(one) // int(side), int(other) // int(side), side)


class NetLogoRules(Mechanism):
    """NetLogo's Rebellion (Wilensky 2004): whole cops per active, and active citizens count themselves twice.

    One sees one's own site too. A jailed person stays on their site, which others may enter; a sentence is a whole number
    of weeks from 0 to one less than the longest. A cop moves to where the arrest was. Who has served counts as standing
    on their site from their own turn on, not from the beginning of that week.
    """

    name: ClassVar[str] = "netlogo_rules"
    side: float = 40.0
    reach: float = 49.0
    rounding: float = FLOOR
    k: float = 2.3
    threshold: float = 0.1
    longest: float = 30.0
    legitimacy: float = 0.82
    columns: ClassVar = COLUMNS
    sums: ClassVar = SUMS
    draws: ClassVar = ("way", "suspect", "term")

    @staticmethod
    def citizen(me, p, read, write, tie, ties, draw, add, week):
        # A person's turn; sites have none. Week 0 only puts everybody on their site.
        if week == 0:
            me.site, me.shows, me.taken, me.view = me.start, COP * me.cop, me.held, me.looks
        if week == 0 or not me.person or week < me.until:
            return
        at, was, to, tries = me.site, me.shows, -1, 0
        while to < 0 and tries < TRIES:
            spot = tie(at, int(draw("way", week * TRIES + tries) * ties(at)))
            if read("taken", spot) == 0:
                to = spot
            tries += 1
        to, now = at if to < 0 else to, was
        if not me.cop:
            # Active citizens are among those whom they see, for they see their own site, and add themselves once more.
            seen = int(read("view", to))
            risk = me.aversion * arrest_estimate(seen, p.k, p.rounding)
            now = 1 if me.hardship * (1.0 - p.legitimacy) - risk > p.threshold else 0
            add("active", now - was)
        if me.until == 0:
            write("taken", at, read("taken", at) - 1)
        else:
            add("jailed", -1)
        write("taken", to, read("taken", to) + 1)
        write("view", at, read("view", at) - was)
        write("view", to, read("view", to) + now)
        k = 0
        while k < ties(at) and (was > 0 or now > 0):
            write("view", tie(at, k), read("view", tie(at, k)) - was)
            write("view", tie(to, k), read("view", tie(to, k)) + now)
            k += 1
        me.site, me.shows, me.until = to, now, 0
        rebels = int(read("view", to)) % COP if me.cop else 0
        if rebels > 0:
            left, j = int(draw("suspect") * rebels), int(p.side * p.side) - 1
            while left >= 0:
                j += 1
                if read("shows", j) == 1 and squared_distance(read("site", j), to, p.side) <= p.reach:
                    left -= 1
            spot, term, k = read("site", j), int(draw("term") * p.longest), 0
            write("shows", j, 0)
            add("active", -1)
            add("arrests")
            if term > 0:
                write("until", j, week + term)
                write("taken", spot, read("taken", spot) - 1)
                add("jailed")
            write("taken", to, read("taken", to) - 1)
            write("taken", spot, read("taken", spot) + 1)
            write("view", to, read("view", to) - COP)
            write("view", spot, read("view", spot) + COP - 1)
            while k < ties(to):
                write("view", tie(to, k), read("view", tie(to, k)) - COP)
                write("view", tie(spot, k), read("view", tie(spot, k)) + COP - 1)
                k += 1
            me.site = spot


class MesaRules(Mechanism):
    """Mesa 3.3.1's example epstein_civil_violence: acts first and moves then; C / A rounded, halves to the even number.

    Sites in view are a diamond. A jailed person keeps their site, which nobody can enter. A sentence is a whole number of
    their own turns from 0 to the longest; with 0 they are free at their next turn, and count as jailed until then.
    """

    name: ClassVar[str] = "mesa_rules"
    side: float = 40.0
    reach: float = 7.0
    rounding: float = EVEN
    k: float = 2.3
    threshold: float = 0.1
    longest: float = 30.0
    legitimacy: float = 0.82
    columns: ClassVar = COLUMNS
    sums: ClassVar = SUMS
    draws: ClassVar = ("way", "suspect", "term")

    @staticmethod
    def citizen(me, p, read, write, tie, ties, draw, add, week):
        # A person's turn; sites have none. Week 0 only puts everybody on their site.
        if week == 0:
            me.site, me.shows, me.taken, me.view = me.start, COP * me.cop, me.held, me.looks
        if week == 0 or not me.person:
            return
        # `until` holds the turns still to sit, and one.
        if me.until > 1:
            me.until -= 1
            return
        at, was, to, tries = me.site, me.shows, -1, 0
        now, seen = was, int(read("view", at))
        if not me.cop:
            risk = me.aversion * arrest_estimate(seen, p.k, p.rounding)
            now = 1 if me.hardship * (1.0 - p.legitimacy) - risk > p.threshold else 0
            add("active", now - was)
            add("jailed", -me.until)
        elif seen % COP > 0:
            left, j = int(draw("suspect") * (seen % COP)), int(p.side * p.side) - 1
            while left >= 0:
                j += 1
                if read("shows", j) == 1 and walking_distance(read("site", j), at, p.side) <= p.reach:
                    left -= 1
            spot, k = read("site", j), 0
            write("shows", j, 0)
            write("until", j, 1 + int(draw("term") * (p.longest + 1.0)))
            while k < ties(spot):
                write("view", tie(spot, k), read("view", tie(spot, k)) - 1)
                k += 1
            add("active", -1)
            add("jailed")
            add("arrests")
        while to < 0 and tries < TRIES:
            spot = tie(at, int(draw("way", week * TRIES + tries) * ties(at)))
            if read("taken", spot) == 0:
                to = spot
            tries += 1
        to, k = at if to < 0 else to, 0
        write("taken", at, 0)
        write("taken", to, 1)
        while k < ties(at) and (was > 0 or now > 0):
            write("view", tie(at, k), read("view", tie(at, k)) - was)
            write("view", tie(to, k), read("view", tie(to, k)) + now)
            k += 1
        me.site, me.shows, me.until = to, now, 0
