"""The town of Epstein 2002: a torus of sites, the persons on it, and what the paper's rules say they do.

Sites come first among the citizens of a copy, then persons. A site's ties are the sites in view of it. Every site keeps
the sum of what those in view of it show, so that to look round is to read one number.
"""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Column, Sum
from glasshouse.model.kernel_math import e_to
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.sandbox import AgentPopulation, Ties, build_population, generator

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
            risk = me.aversion * (1.0 - e_to(-p.k * ratio(seen // COP, seen % COP + 1, p.rounding)))
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


def offsets(disc: float, diamond: int = 0) -> NDArray[np.int64]:
    """List the steps to the sites in view.

    Parameters
    ----------
    disc : float
        Squared radius of the disc in view; not used where `diamond` is given.
    diamond : int
        Radius of the diamond in view, in steps down and across; 0 for a disc.

    Returns
    -------
    ndarray of int, shape (n, 2)
        Steps down and across, the site itself left out.
    """
    most = max(int(np.sqrt(disc)), diamond)
    steps = np.stack(np.meshgrid(*[np.arange(-most, most + 1)] * 2, indexing="ij"), -1).reshape(-1, 2)
    within = (steps**2).sum(1) <= disc if not diamond else np.abs(steps).sum(1) <= diamond
    found: NDArray[np.int64] = steps[within & (steps != 0).any(1)]
    return found


def lattice(side: int, steps: NDArray[np.int64]) -> Ties:
    """Tie every site of the torus to those in view of it.

    Parameters
    ----------
    side : int
        Rows and columns of the torus.
    steps : ndarray of int, shape (n, 2)
        Steps to the sites in view, as `offsets` lists them.

    Returns
    -------
    Ties
        Each tie once.
    """
    half = steps[(steps[:, 0] > 0) | ((steps[:, 0] == 0) & (steps[:, 1] > 0))]
    down, across = np.divmod(np.arange(side * side), side)
    far = (down[:, None] + half[:, 0]) % side * side + (across[:, None] + half[:, 1]) % side
    near = np.repeat(np.arange(side * side), len(half))
    return np.zeros_like(near), near, far.reshape(-1)


def town(
    sites: NDArray[np.int8], ties: Ties, seed: int, leaves: NDArray[np.int64] | None = None, *, own: bool = False
) -> AgentPopulation:
    """Build the population of a torus: sites first, then persons.

    Hardship and aversion to risk are uniform.

    Parameters
    ----------
    sites : ndarray of int8, shape (side * side,)
        Who stands on each site: nobody (0), a citizen (1) or a cop (2).
    ties : Ties
        Ties between sites in view of one another.
    seed : int
        Random seed.
    leaves : ndarray of int, optional, shape (cops,)
        Weeks in which cops are withdrawn, in the order of sites; None if none is.
    own : bool
        Whether one sees one's own site.

    Returns
    -------
    AgentPopulation
        One copy.
    """
    start = np.flatnonzero(sites)
    cop = sites[start] == 2
    number, people = len(sites), len(start)
    rng = generator(seed, "citizens")
    weeks = np.full(people, NEVER)
    if leaves is not None:
        weeks[cop] = leaves
    looks = own * COP * (sites == 2)
    for one, other in (ties[1:], ties[:0:-1]):
        np.add.at(looks, one, COP * (sites[other] == 2))
    nobody, nothing = np.zeros(number, bool), np.zeros(number)
    traits = {
        "person": np.append(nobody, np.ones(people, bool)),
        "cop": np.append(nobody, cop),
        "start": np.append(nothing, start).astype(np.int32),
        "leaves": np.append(nothing, weeks).astype(np.int32),
        "held": np.append(sites > 0, np.zeros(people)).astype(np.int32),
        "looks": np.append(looks, np.zeros(people)).astype(np.int32),
        "hardship": np.append(nothing, rng.random(people)),
        "aversion": np.append(nothing, rng.random(people)),
    }
    return build_population({name: held[None] for name, held in traits.items()}, ties=ties)


def scattered(side: int, citizens: float, cops: float, seed: int) -> NDArray[np.int8]:
    """Place exact numbers of citizens and cops on sites of a torus at random.

    Parameters
    ----------
    side : int
        Rows and columns of the torus.
    citizens : float
        Citizens per site.
    cops : float
        Cops per site.
    seed : int
        Random seed.

    Returns
    -------
    ndarray of int8, shape (side * side,)
        0 for a free site, 1 for a citizen, 2 for a cop.
    """
    sites = np.zeros(side * side, np.int8)
    number, guards = round(citizens * len(sites)), round(cops * len(sites))
    sites[:number], sites[number : number + guards] = 1, 2
    return generator(seed, "sites").permutation(sites)


def independent(side: int, citizens: float, cops: float, seed: int) -> NDArray[np.int8]:
    """Place citizens and cops on each site independently.

    Parameters
    ----------
    side : int
        Rows and columns of the torus.
    citizens : float
        Chance that a site holds a citizen.
    cops : float
        Chance that a site holds a cop.
    seed : int
        Random seed.

    Returns
    -------
    ndarray of int8, shape (side * side,)
        0 for a free site, 1 for a citizen, 2 for a cop.
    """
    drawn = generator(seed, "sites").random(side * side)
    return np.select([drawn < citizens, drawn < citizens + cops], [1, 2]).astype(np.int8)
