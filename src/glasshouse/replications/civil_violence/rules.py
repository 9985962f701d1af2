"""What Epstein 2002 says that persons do: rules M, A and C.

A site's ties are the sites in view of it. Every site keeps the sum of what those in view of it show, so that to look round
is to read one number. The compiler hands helper functions numbers alone, so that loops which read or write other agents
stand in the kernel of each set of rules, here and in `variants`.
"""

from typing import ClassVar

from glasshouse.model.declarations import Column, Sum
from glasshouse.model.kernel_math import e_to
from glasshouse.model.mechanism import Mechanism

COP = 1024
"""What a cop shows; an active citizen shows 1, and more than 1023 sites are never in view."""

TRIES = 4096
"""Sites looked at before one stays: that a single free one in view is missed has a chance of 1 in 10^11."""

NEVER = 2_000_000_000
"""A week that does not come."""

LITERAL, FLOOR, EVEN = 0, 1, 2
"""What is made of cops per active: nothing, the whole number below, or the nearest (halves to the even one)."""

COLUMNS = (
    Column("site", "i4", "index", "where a person stands or was arrested", high=1e9),
    Column("shows", "i4", "weight", "what a person shows: 0 quiet, jailed or gone, 1 active, 1024 a cop", high=COP),
    Column("until", "i4", "week", "when a sentence ends; 0 at large", high=NEVER),
    Column("taken", "i4", "persons", "persons whom a site is taken by", high=9.0),
    Column("view", "i4", "weight", "what all in view of a site show", high=COP * COP),
)

SUMS = (
    Sum("active", "persons", "who became active, less who ceased to be"),
    Sum("jailed", "persons", "who came into jail, less who came out"),
    Sum("arrests", "arrests", "arrests"),
)


def ratio(cops: int, actives: int, rounding: float) -> float:
    """Compute cops per active, rounded.

    Parameters
    ----------
    cops : int
        Cops in view.
    actives : int
        Active citizens in view, with oneself; at least 1.
    rounding : float
        `LITERAL`, `FLOOR` or `EVEN`.

    Returns
    -------
    float
        C/A as it is, rounded down, or rounded to the nearest with halves to the even number.
    """
    exact = cops / actives
    below = int(exact)
    if rounding == LITERAL:
        return exact
    if rounding == FLOOR or exact - below < 0.5 or (exact - below == 0.5 and below % 2 == 0):
        return below * 1.0
    return below + 1.0


def arrest_estimate(seen: int, k: float, rounding: float) -> float:
    """Compute a citizen's estimate of the chance of arrest: P = 1 - exp(-k q(C / A)) (Epstein 2002).

    Parameters
    ----------
    seen : int
        What all in view show: `COP` for each cop, 1 for each active citizen other than oneself.
    k : float
        Constant of the exponent.
    rounding : float
        `LITERAL`, `FLOOR` or `EVEN`.

    Returns
    -------
    float
        A probability.
    """
    shown = int(seen)
    return 1.0 - e_to(-k * ratio(shown // COP, shown % COP + 1, rounding))


def torus_distance(one: int, other: int, side: float) -> int:
    """Compute the distance of two rows or columns of the torus.

    Parameters
    ----------
    one : int
        Number of a row or column.
    other : int
        Number of another.
    side : float
        Rows or columns of the torus.

    Returns
    -------
    int
        Rows or columns between them, the shorter way round.
    """
    steps = abs(one - other)
    return min(steps, int(side) - steps)


def squared_distance(one: int, other: int, side: float) -> int:
    """Compute the squared distance of two sites of the torus.

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
        Squared Euclidean distance in sites.
    """
    across = torus_distance(int(one) % int(side), int(other) % int(side), side)
    down = torus_distance(int(one) // int(side), int(other) // int(side), side)
    return across * across + down * down


def legitimacy(week: int, before: float, since: float, jump: float, slope: float, least: float) -> float:
    """Compute legitimacy in a week: constant at first, then less a jump and a slope.

    Parameters
    ----------
    week : int
        The week.
    before : float
        Legitimacy before it falls, a share.
    since : float
        First week of the fall.
    jump : float
        By how much it falls at once.
    slope : float
        By how much it falls in each later week.
    least : float
        Lowest value.

    Returns
    -------
    float
        Legitimacy, a share.
    """
    if week < since:
        return before
    return max(before - jump - slope * (week - since), least)


class PaperRules(Mechanism):
    """Rules M, A and C of Epstein 2002, model I, one person after the other.

    M: to a random free site in view (citizens if `moving`, cops if `patrols`). A: active if H (1 - L) - R P > T with
    P = 1 - exp(-k q(C / A)), C cops in view, A actives in view and oneself. C: arrests one active in view at random, for a
    whole number of weeks from 1 to the longest. Who comes out of jail stands on a random free site among that of their arrest
    and those in view of it. `reach` is the squared vision; legitimacy is as `before`, and `since` a week falls.
    """

    name: ClassVar[str] = "paper_rules"
    side: float = 40.0
    reach: float = 49.0
    moving: bool = True
    patrols: bool = True
    rounding: float = FLOOR
    k: float = 2.3
    threshold: float = 0.1
    longest: float = 30.0
    before: float = 0.82
    since: float = NEVER
    jump: float = 0.0
    slope: float = 0.0
    least: float = 0.0
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
        while ((p.patrols if me.cop else p.moving) or me.until > 0) and to < 0 and tries < TRIES:
            pick = int(draw("way", week * TRIES + tries) * (ties(at) + 1))
            spot = at if pick == ties(at) else tie(at, pick)
            if read("taken", spot) == 0:
                to = spot
            tries += 1
        if to < 0 and me.until > 0:
            return
        to, now = at if to < 0 else to, was
        if not me.cop:
            # While one moves, one is still counted where one was.
            seen = int(read("view", to) - (was if to != at else 0))
            grievance = me.hardship * (1.0 - legitimacy(week, p.before, p.since, p.jump, p.slope, p.least))
            risk = me.aversion * arrest_estimate(seen, p.k, p.rounding)
            now = 1 if grievance - risk > p.threshold else 0
            add("active", now - was)
        elif week >= me.leaves:
            now = 0
        if me.until == 0:
            write("taken", at, 0)
        else:
            add("jailed", -1)
        write("taken", to, 1 if week < me.leaves else 0)
        k = 0
        while k < ties(at) and (was > 0 or now > 0):
            write("view", tie(at, k), read("view", tie(at, k)) - was)
            write("view", tie(to, k), read("view", tie(to, k)) + now)
            k += 1
        me.site, me.shows, me.until = to, now, 0 if week < me.leaves else NEVER
        rebels = int(read("view", to)) % COP if now == COP else 0
        if rebels > 0:
            left, j = int(draw("suspect") * rebels), int(p.side * p.side) - 1
            while left >= 0:
                j += 1
                if read("shows", j) == 1 and squared_distance(read("site", j), to, p.side) <= p.reach:
                    left -= 1
            spot, k = read("site", j), 0
            write("shows", j, 0)
            write("until", j, week + 1 + int(draw("term") * p.longest))
            write("taken", spot, 0)
            while k < ties(spot):
                write("view", tie(spot, k), read("view", tie(spot, k)) - 1)
                k += 1
            add("active", -1)
            add("jailed")
            add("arrests")
