"""DeGroot 1974: people who take one another's opinions into account until they are of one mind."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Column
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.replication import Chart, Line, Outcome, Replication, exactly, near
from glasshouse.replications.sandbox import Simulation, Ties, build_population, generator
from glasshouse.results.estimate import Estimate

WEIGHTS = np.array([[0.5, 0.3, 0.2], [0.2, 0.6, 0.2], [0.1, 0.3, 0.6]])
"""What each of three experts makes of each opinion."""

STARTS = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.5], [1.0, 1.0, -2.0]])
"""First opinions: each expert's alone, the example's, and those that the second eigenvalue shrinks alone."""

INFLUENCE = (5 / 21, 9 / 21, 7 / 21)
"""The experts' weights in what they agree on."""

PEOPLE, RANDOM, ROUNDS = 500, 1000, 250
"""People around a ring, ties at random between them, and rounds until they are of one mind."""

LEAVES = 9
"""People who know none but the one in the middle of the star."""


class Experts(Mechanism):
    """x(t+1) = W x(t), with one row of W for each expert, as traits `weight0` to `weight2` (DeGroot 1974).

    In odd weeks everybody works out the next opinion from those held, in even weeks everybody adopts it.
    """

    name: ClassVar[str] = "experts"
    columns: ClassVar = (
        Column("opinion", "f8", "1", "opinion held", low=-10.0, high=10.0),
        Column("next", "f8", "1", "opinion held next week", low=-10.0, high=10.0),
    )

    @staticmethod
    def citizen(me, read, week):
        # Reads all three.
        if not me.present:
            return
        first = me.index - me.local_index
        if week == 0:
            me.opinion = me.start
        elif week % 2 == 1:
            me.next = (
                me.weight0 * read("opinion", first)
                + me.weight1 * read("opinion", first + 1)
                + me.weight2 * read("opinion", first + 2)
            )
        else:
            me.opinion = me.next


class Neighbours(Mechanism):
    """Everybody keeps a share `own` of the opinion held and takes the rest from all contacts alike.

    The limit is the mean of first opinions weighted by numbers of contacts. In odd weeks everybody works out the next
    opinion from those held, in even weeks everybody adopts it.
    """

    name: ClassVar[str] = "neighbours"
    own: float = 0.5
    columns: ClassVar = (
        Column("opinion", "f8", "1", "opinion held", low=-10.0, high=10.0),
        Column("next", "f8", "1", "opinion held next week", low=-10.0, high=10.0),
    )

    @staticmethod
    def citizen(me, read, tie, ties, p, week):
        # Reads all contacts.
        if week == 0:
            me.opinion = me.start
        elif week % 2 == 1:
            number = ties(me.index)
            total = 0.0
            k = 0
            while k < number:
                total += read("opinion", tie(me.index, k))
                k += 1
            me.next = p.own * me.opinion + (1.0 - p.own) * total / number if number > 0 else me.opinion
        else:
            me.opinion = me.next


def experts(starts: NDArray[np.float64]) -> Simulation:
    """Build a simulation of three experts for each row of first opinions.

    Parameters
    ----------
    starts : ndarray of float, shape (copies, 3)
        First opinions.

    Returns
    -------
    Simulation
        The mechanism `Experts` with the weights of `WEIGHTS`.
    """
    traits = {f"weight{k}": np.tile(WEIGHTS[:, k], (len(starts), 1)) for k in range(3)}
    return Simulation(build_population({"start": starts, **traits}), (Experts(),), "sequential")


def neighbours(start: NDArray[np.float64], ties: Ties) -> Simulation:
    """Build a simulation of one circle of people.

    Parameters
    ----------
    start : ndarray of float, shape (people,)
        First opinions.
    ties : Ties
        Who knows whom.

    Returns
    -------
    Simulation
        The mechanism `Neighbours` on one copy.
    """
    return Simulation(build_population({"start": start[None]}, ties=ties), (Neighbours(),), "sequential")


def rounds(simulation: Simulation, number: int) -> NDArray[np.float64]:
    """Simulate rounds of opinions; deterministic.

    Parameters
    ----------
    simulation : Simulation
        Simulation of `experts` or `neighbours`.
    number : int
        Number of rounds.

    Returns
    -------
    ndarray of float, shape (number + 1, copies, people)
        Opinions before any round and after each.
    """
    weeks = simulation.weeks(2 * number + 1, 0)
    return np.array([snapshot.agents("opinion") for snapshot in weeks if snapshot.week % 2 == 0])


def ring(seed: int) -> tuple[NDArray[np.float64], Ties]:
    """Draw people around a ring with random ties across it.

    Parameters
    ----------
    seed : int
        Random seed.

    Returns
    -------
    tuple of ndarray and Ties
        First opinions (people), and ties.
    """
    drawn = generator(seed, "degroot", "ring")
    one, other = drawn.integers(0, PEOPLE, (2, RANDOM))
    apart = one != other
    around = np.arange(PEOPLE)
    near_end, far_end = np.concatenate([around, one[apart]]), np.concatenate([(around + 1) % PEOPLE, other[apart]])
    return drawn.random(PEOPLE), (np.zeros_like(near_end), near_end, far_end)


def weighted(start: NDArray[np.float64], ties: Ties) -> float:
    """Compute the limit of opinions: the mean of first opinions weighted by numbers of ties.

    Parameters
    ----------
    start : ndarray of float, shape (people,)
        First opinions.
    ties : Ties
        Who knows whom.

    Returns
    -------
    float
        Sum of d x(0) over sum of d, d being numbers of ties.
    """
    number = np.bincount(np.concatenate(ties[1:]), minlength=len(start))
    return float((number * start).sum() / number.sum())


class DeGroot(Replication):
    """Three experts of DeGroot's kind, and circles of people who weigh all whom they know alike."""

    name: ClassVar[str] = "degroot"
    title: ClassVar[str] = "Reaching a consensus"
    citation: ClassVar[str] = (
        "M. H. DeGroot, “Reaching a Consensus”, Journal of the American Statistical Association 69, 1974, 118-121"
    )
    equations: ClassVar[str] = (
        "x(t+1) = W x(t), rows of W sum to 1;  x -> pi x(0) with pi W = pi;  error of order |lambda2|^t\n"
        "experts: W rows (.5 .3 .2) (.2 .6 .2) (.1 .3 .6), lambda2 = .4\n"
        "neighbours: half of the own opinion, half of the contacts' mean;  x -> sum d x(0) / sum d, d contacts"
    )
    confidence: ClassVar[str] = "all derived"
    targets: ClassVar = (
        *(near(f"T12 pi {k + 1}", f"weight of expert {k + 1} in the consensus", share, 1e-9, "derived; 1e-9")
          for k, share in enumerate(INFLUENCE)),
        near("T12 consensus", "consensus from (1, 0, 1/2)", 17 / 42, 1e-9, "derived: .404762; 1e-9"),
        near("T12 lambda2", "factor by which a round shrinks (1, 1, -2), the second eigenvector", 0.4, 1e-9,
             "derived: |lambda2|; 1e-9"),
        near("T12 rate", "factor by which round 20 shrinks the distance from (1, 0, 1/2)", 0.4, 0.004,
             "derived: |lambda2|; the third eigenvalue, .3, still counts by (3/4)^19"),
        near("T12 star", "consensus of a star whose middle begins with 1 and the others with 0", 0.5, 1e-9,
             "derived: the middle has half of all ends of ties; 1e-9"),
        near("T12 weighted", "distance of a random circle's consensus from the mean weighted by contacts", 0.0, 1e-9,
             "derived; 1e-9"),
        near("T12 one mind", "distance between its extremes in the end", 0.0, 1e-9, "derived; 1e-9"),
    )  # fmt: skip

    def simulate(self, seed: int) -> Outcome:
        # Experts, a star and a random circle; only ties there, and first opinions, are random.
        start, ties = ring(seed)
        circle = rounds(neighbours(start, ties), ROUNDS)[:, 0]
        middle = np.arange(LEAVES + 1) == 0
        spokes = np.zeros(LEAVES, np.int64), np.zeros(LEAVES, np.int64), np.arange(1, LEAVES + 1)
        star = rounds(neighbours(middle.astype(float), spokes), ROUNDS)[-1, 0]
        path = rounds(experts(STARTS), 60)
        found = self._experts(path) | {
            "T12 star": exactly(star[3]),
            "T12 weighted": exactly(circle[-1, 0] - weighted(start, ties)),
            "T12 one mind": exactly(circle[-1].max() - circle[-1].min()),
        }
        return Outcome(found, (self._chart(path[:21], circle[:21]),))

    @staticmethod
    def _experts(path: NDArray[np.float64]) -> dict[str, Estimate]:
        """What the experts agree on, and how fast."""
        ends, away = path[-1, :, 0], np.abs(path[:, 3] - path[-1, 3]).max(axis=1)
        shrunk = np.abs(path[11, 4]).max() / np.abs(path[10, 4]).max()
        found = {f"T12 pi {k + 1}": exactly(ends[k]) for k in range(3)}
        return found | {
            "T12 consensus": exactly(ends[3]),
            "T12 lambda2": exactly(shrunk),
            "T12 rate": exactly(away[20] / away[19]),
        }

    @staticmethod
    def _chart(path: NDArray[np.float64], circle: NDArray[np.float64]) -> Chart:
        """Opinions of the three experts, and the spread of the circle's."""
        number = np.arange(float(len(path)))
        lines = [Line(f"expert {k + 1}", number, path[:, 3, k]) for k in range(3)]
        lines.append(Line("consensus", number[[0, -1]], np.full(2, 17 / 42), published=True))
        lines.append(Line("500 people", number, np.median(circle, axis=1), "line", False, circle.min(1), circle.max(1)))
        caption = "The experts agree within ten rounds; five hundred people who know six each take longer."
        return Chart("Opinions by round", "rounds", "opinion", tuple(lines), caption)
