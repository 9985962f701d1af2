"""Random graphs: how much of one hangs together, and how far something spreads that links pass on at random."""

from math import exp, sqrt
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Column, Signal, Sum
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.replication import Chart, Line, Outcome, Replication, exactly, near
from glasshouse.replications.sandbox import Simulation, Ties, build_population, generator
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate

PEOPLE = 100_000
"""People in each random graph."""

COPIES = {0.7: 1, 1.1: 3, 1.25: 12, 1.5: 3, 2.0: 1, 3.0: 1, 4.0: 1}
"""Graphs for each mean number of links, so many that their Monte Carlo error stays within a third of the tolerance."""

GIANTS = {0.7: 0.0, 1.1: 0.176134, 1.25: 0.371370, 1.5: 0.582812, 2.0: 0.796812, 3.0: 0.940480, 4.0: 0.980173}
"""Share in the giant component, by mean number of links."""

LINKS, KEPT, KEPT_COPIES = 4.0, {0.3: 0.31370, 0.5: 0.79681}, {0.3: 4, 0.5: 3}
"""Links where each is kept at random, the share reached by how many are kept, and graphs."""

REGULAR, CLUSTERS = 50_000, 2
"""People in each graph in which everybody has three links, and graphs for each share of links kept."""

SHARES = np.array([0.40, 0.45, 0.55, 0.60, 0.65, 0.70])
"""Shares of links kept in those."""


class Spread(Mechanism):
    """Everyone reached last week passes it on over each link with chance T, for that one week.

    With k contacts newly reached a person is reached with chance 1 - (1-T)^k. Each link is thus tried once at most, so
    that all who are ever reached are those whom kept links join to the beginning: bond percolation (Newman 2002, Physical
    Review E 66, 016128). With T = 1 they are a component of the graph.
    """

    name: ClassVar[str] = "spread"
    draws: ClassVar = ("passed",)
    columns: ClassVar = (Column("reached", "u1", "yes or no", "was ever reached"),)
    signals: ClassVar = (Signal("newly", "was reached this week"),)
    sums: ClassVar = (
        Sum("reached_all", "persons", "who was ever reached"),
        Sum("reached_now", "persons", "who was reached this week"),
    )

    @staticmethod
    def citizen(me, here, contacts, draw, add, week):
        # The first begin in week 0; all others look at their contacts until they are reached.
        now = week == 0 and me.first
        if me.present and week > 0 and not me.reached:
            missed = 1.0
            k = contacts.newly
            while k > 0:
                missed *= 1.0 - here.passing
                k -= 1
            now = missed < 1.0 and draw("passed") >= missed
        me.newly = now
        if now:
            me.reached = True
            add("reached_now")
        if me.reached:
            add("reached_all")


def poisson_links(drawn: np.random.Generator, people: int, means: NDArray[np.float64]) -> Ties:
    """Draw random graphs with given mean numbers of links, each between two people at random.

    Parameters
    ----------
    drawn : numpy.random.Generator
        Generator of random numbers.
    people : int
        People in each copy.
    means : ndarray of float, shape (copies,)
        Mean number of links of a person.

    Returns
    -------
    Ties
        Links of all copies.
    """
    counts = np.round(means * people / 2).astype(int)
    ends = drawn.integers(0, people, (2, counts.sum()))
    apart = ends[0] != ends[1]
    return np.repeat(np.arange(len(means)), counts)[apart], ends[0][apart], ends[1][apart]


def three_links(drawn: np.random.Generator, people: int, copies: int) -> Ties:
    """Draw random graphs in which everybody has three links.

    Parameters
    ----------
    drawn : numpy.random.Generator
        Generator of random numbers.
    people : int
        People in each copy.
    copies : int
        Number of copies.

    Returns
    -------
    Ties
        Links of all copies; a link of a person to themselves is left out.
    """
    ends = np.stack([drawn.permutation(np.repeat(np.arange(people), 3)) for _ in range(copies)]).reshape(-1, 2)
    apart = ends[:, 0] != ends[:, 1]
    return np.repeat(np.arange(copies), people * 3 // 2)[apart], ends[apart, 0], ends[apart, 1]


def best_connected(ties: Ties, people: int, copies: int, number: int) -> NDArray[np.bool_]:
    """Choose the people with the most links.

    Parameters
    ----------
    ties : Ties
        Links of all copies.
    people : int
        People in each copy.
    copies : int
        Number of copies.
    number : int
        How many to choose in each copy.

    Returns
    -------
    ndarray of bool, shape (copies, people)
        True for those chosen.
    """
    place = np.concatenate([ties[0], ties[0]]) * people + np.concatenate([ties[1], ties[2]])
    degree = np.bincount(place, minlength=copies * people).reshape(copies, people)
    chosen = np.argsort(-degree, axis=1, kind="stable")[:, :number]
    first = np.zeros((copies, people), np.bool_)
    np.put_along_axis(first, chosen, True, axis=1)
    return first


def reached(seed: int, ties: Ties, first: NDArray[np.bool_], passing: NDArray[np.float64]) -> NDArray[np.float64]:
    """Simulate spreading until it has come to an end.

    Parameters
    ----------
    seed : int
        Random seed.
    ties : Ties
        Links of all copies.
    first : ndarray of bool, shape (copies, people)
        Who begins.
    passing : ndarray of float, shape (copies,)
        Chance that a link passes it on.

    Returns
    -------
    ndarray of float, shape (copies,)
        Share that is reached.
    """
    simulation = Simulation(build_population({"first": first}, places={"passing": passing}, ties=ties), (Spread(),))
    for snapshot in simulation.weeks(1000, seed):
        if snapshot.total("reached_now").sum() == 0:
            break
    share: NDArray[np.float64] = snapshot.total("reached_all") / first.shape[1]
    return share


def giant(links: float) -> float:
    """Compute the share of the giant component: the largest S with S = 1 - exp(-z S) (Erdős and Rényi 1960).

    Right to its last digit except close to z = 1.

    Parameters
    ----------
    links : float
        Mean number of links z of a person.

    Returns
    -------
    float
        A share.
    """
    share = 1.0
    for _ in range(1000):
        share = 1.0 - exp(-links * share)
    return share


def giant_error(links: float, link_share: float, people: int) -> float:
    """Compute the standard error of the giant component's share.

    With independent links the variance is S (1-S) / (1 - z (1-S))^2 per person (Stepanov 1970, Theory of Probability
    and Its Applications 15); how S follows z takes the part of the links that are given out of it.

    Parameters
    ----------
    links : float
        Mean number of links of a person; their number is given.
    link_share : float
        Share of links kept.
    people : int
        Number of people.

    Returns
    -------
    float
        Standard error of a share.
    """
    z = links * link_share
    share = giant(z)
    slope = share * (1 - share) / (1 - z * (1 - share))
    own = share * (1 - share) / (1 - z * (1 - share)) ** 2
    return sqrt((own - 2 * z * link_share * slope**2) / people)


def three_links_share(link_share: float) -> float:
    """Compute the share reached where everybody has three links: 1 - ((1-T)/T)^3 from T = 1/2 on (Newman 2002).

    Parameters
    ----------
    link_share : float
        Share of links kept T.

    Returns
    -------
    float
        A share.
    """
    return 1.0 - ((1.0 - link_share) / link_share) ** 3 if link_share > 0.5 else 0.0


class GiantComponent(Replication):
    """Spreading over the engine's own ties: the giant component, links kept at random, and the threshold of three links."""

    name: ClassVar[str] = "giant-component"
    title: ClassVar[str] = "Giant components and bond percolation"
    citation: ClassVar[str] = (
        "P. Erdős, A. Rényi, “On the Evolution of Random Graphs”, Publications of the Mathematical Institute of the "
        "Hungarian Academy of Sciences 5, 1960, 17-61; M. E. J. Newman, “Spread of Epidemic Disease on Networks”, Physical "
        "Review E 66, 2002, 016128"
    )
    equations: ClassVar[str] = (
        "giant component of a graph with z links a person, Poisson: S = 1 - exp(-z S), none up to z = 1\n"
        "each link kept with chance T: z T instead of z\n"
        "three links each: S = 1 - ((1-T)/T)³, none up to T = 1/2"
    )
    confidence: ClassVar[str] = "all derived"
    targets: ClassVar = (
        *(near(f"T12 giant {z:g}", f"giant component, {z:g} links a person", s,
               3 * giant_error(z, 1.0, COPIES[z] * PEOPLE) if z == 1.1 else 0.004,
               "derived; three standard errors" if z == 1.1 else "derived; .004", "share")
          for z, s in GIANTS.items()),
        near("T12 kept 0.3", "reached, 4 links a person, three in ten kept", KEPT[0.3],
             3 * giant_error(LINKS, 0.3, KEPT_COPIES[0.3] * PEOPLE), "derived; three standard errors", "share"),
        near("T12 kept 0.5", "reached, 4 links a person, every second kept", KEPT[0.5], 0.004, "derived; .004", "share"),
        near("T12 three 0.45", "reached, three links each, .45 kept", 0.0, 0.02,
             "derived: none but the clusters of those who begin", "share"),
        near("T12 three 0.55", "reached, three links each, .55 kept", three_links_share(0.55), 0.02,
             "derived; some three standard errors of 100,000 people", "share"),
        near("T12 threshold", "share of links kept at which spreading begins, three links each", 0.5, 0.005,
             "derived: 1/2; from a line through what is reached at .55 to .70"),
    )  # fmt: skip

    def simulate(self, seed: int) -> Outcome:
        # Poisson graphs whole and with links kept at random, and graphs of three links.
        whole = self._wholes(seed)
        thinned = self._halves(seed)
        three = self._threes(seed)
        found = {f"T12 giant {z:g}": one for z, one in whole.items()}
        found |= {f"T12 kept {t:g}": one for t, one in thinned.items()}
        found |= {f"T12 three {t:g}": estimate.from_replicates(three[t == SHARES][0]) for t in (0.45, 0.55)}
        above = SHARES > 0.5
        # (1-S)^(1/3) = 1/T - 1 reaches 1 where spreading begins.
        bend, start = np.polyfit(1.0 / SHARES[above], (1.0 - three[above].mean(axis=1)) ** (1.0 / 3.0), 1)
        found["T12 threshold"] = exactly(bend / (1.0 - start))
        return Outcome(found, (self._by_links(whole, thinned), self._by_share(three)))

    @staticmethod
    def _wholes(seed: int) -> dict[float, Estimate]:
        """Components, by mean number of links."""
        means = np.repeat(list(COPIES), list(COPIES.values()))
        ties = poisson_links(generator(seed, "giant-component", "whole"), PEOPLE, means)
        share = reached(seed, ties, best_connected(ties, PEOPLE, len(means), 6), np.ones(len(means)))
        return {z: _mean(share[means == z]) for z in COPIES}

    @staticmethod
    def _halves(seed: int) -> dict[float, Estimate]:
        """Those reached over kept links, by the share that is kept."""
        passing = np.repeat(list(KEPT_COPIES), list(KEPT_COPIES.values()))
        ties = poisson_links(generator(seed, "giant-component", "kept"), PEOPLE, np.full(len(passing), LINKS))
        share = reached(seed, ties, best_connected(ties, PEOPLE, len(passing), 6), passing)
        return {t: _mean(share[passing == t]) for t in KEPT_COPIES}

    @staticmethod
    def _threes(seed: int) -> NDArray[np.float64]:
        """Those reached where everybody has three links (shares of links kept, graphs)."""
        passing = np.repeat(SHARES, CLUSTERS)
        ties = three_links(generator(seed, "giant-component", "three"), REGULAR, len(passing))
        first = np.tile(np.arange(REGULAR) < 14, (len(passing), 1))
        return reached(seed, ties, first, passing).reshape(-1, CLUSTERS)

    @staticmethod
    def _by_links(whole: dict[float, Estimate], thinned: dict[float, Estimate]) -> Chart:
        """The giant component by the mean number of links, or of links kept."""
        z = np.linspace(0.0, 4.0, 201)
        lines = (
            Line("S = 1 - exp(-z S)", z, np.array([giant(x) for x in z]), published=True),
            Line("whole graphs", np.array(list(whole)), np.array([one.mean for one in whole.values()]), "points"),
            Line("4 links, some kept", LINKS * np.array(list(thinned)), np.array([one.mean for one in thinned.values()]), "points"),
        )  # fmt: skip
        caption = "Up to one link a person nothing hangs together; with two, eight people in ten do."
        return Chart("How much of a random graph hangs together", "links kept a person", "share", lines, caption)

    @staticmethod
    def _by_share(three: NDArray[np.float64]) -> Chart:
        """Graphs of three links by the share of links kept."""
        t = np.linspace(0.4, 0.7, 121)
        lines = (
            Line("1 - ((1-T)/T)³", t, np.array([three_links_share(x) for x in t]), published=True),
            Line("Glasshouse", SHARES, three.mean(axis=1), "points"),
        )
        caption = "Below a half of the links kept what begins dies out; from there on it reaches ever more."
        return Chart("Three links each, some kept", "share of links kept", "share reached", lines, caption)


def _mean(shares: NDArray[np.float64]) -> Estimate:
    """The mean over graphs; without an interval where there is but one."""
    return estimate.from_replicates(shares) if len(shares) > 1 else exactly(shares[0])
