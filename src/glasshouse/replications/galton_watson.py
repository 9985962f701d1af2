"""Galton and Watson's families: how many die out, and how many people those that do will have had."""

from math import exp
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Column, Sum
from glasshouse.model.kernel_math import poisson
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.replication import Chart, Line, Outcome, Replication, near
from glasshouse.replications.sandbox import Simulation, Snapshot, build_population
from glasshouse.results import estimate

TREES = 100_000
"""Family trees for each mean number of children."""

MANY = 50
"""People alive from whom on a family counts as surviving: the last one dies out with a chance below one in 10^8."""

EXTINCT = {1.2: 0.68630, 1.5: 0.41719, 2.0: 0.20319}
"""Share of families that die out, by mean number of children."""

PROGENY = {0.5: 2.0, 0.8: 5.0}
"""Mean number of people a family ever has, the first one included."""

MEANS = (*PROGENY, *EXTINCT)


class Family(Mechanism):
    """A family tree: each of those alive has a Poisson number of children of the given mean, and a week is a generation.

    People are numbered in the order of birth, and each draws by their own number.
    """

    name: ClassVar[str] = "family"
    draws: ClassVar = ("children",)
    columns: ClassVar = (
        Column("alive", "i8", "persons", "alive in this generation", initial=1.0, high=1e6),
        Column("born", "i8", "persons", "ever born, the first one included", initial=1.0, high=1e6),
    )
    sums: ClassVar = (
        Sum("open", "trees", "neither died out nor large"),
        Sum("extinct", "trees", "died out"),
    )

    @staticmethod
    def citizen(me, here, draw, add):
        # One generation; a family that has become large is followed no further.
        if not me.present:
            return
        if me.alive > 0 and me.alive < MANY:
            parent = me.born - me.alive
            newborn = 0
            while parent < me.born:
                newborn += poisson(here.mean, here.none, draw("children", parent))
                parent += 1
            me.alive = newborn
            me.born += newborn
        if me.alive == 0:
            add("extinct")
        elif me.alive < MANY:
            add("open")


def families(means: NDArray[np.float64], trees: int) -> Simulation:
    """Build a simulation of family trees.

    Parameters
    ----------
    means : ndarray of float, shape (copies,)
        Mean number of children of each copy.
    trees : int
        Trees in each copy.

    Returns
    -------
    Simulation
        The mechanism `Family` on these copies.
    """
    places = {"mean": means, "none": np.exp(-means)}
    return Simulation(build_population({"weight": np.ones((len(means), trees), np.uint8)}, places=places), (Family(),))


def grown(simulation: Simulation, seed: int) -> tuple[Snapshot, NDArray[np.float64]]:
    """Simulate families until each has died out or grown large.

    Parameters
    ----------
    simulation : Simulation
        Simulation that `families` built.
    seed : int
        Random seed.

    Returns
    -------
    tuple of Snapshot and ndarray
        The last generation, and the share extinct (generations, copies).
    """
    shares = []
    for snapshot in simulation.weeks(2000, seed):
        shares.append(snapshot.total("extinct") / simulation.population.index.shape[1])
        if snapshot.total("open").sum() == 0:
            break
    return snapshot, np.array(shares)


def extinction(mean: float) -> float:
    """Compute the chance that a family dies out: the smallest q with q = exp(-m (1-q)) (Watson and Galton 1875).

    Parameters
    ----------
    mean : float
        Mean number of children m, a Poisson number.

    Returns
    -------
    float
        A probability.
    """
    share = 0.0
    for _ in range(1000):
        share = exp(-mean * (1.0 - share))
    return share


class GaltonWatson(Replication):
    """A hundred thousand families for each mean number of children, followed until each has died out or grown large."""

    name: ClassVar[str] = "galton-watson"
    title: ClassVar[str] = "Extinction of families"
    citation: ClassVar[str] = (
        "H. W. Watson, F. Galton, “On the Probability of the Extinction of Families”, Journal of the Anthropological "
        "Institute of Great Britain and Ireland 4, 1875, 138-144"
    )
    equations: ClassVar[str] = (
        "children of each: Poisson of mean m;  extinct: the smallest q with q = exp(-m (1-q))\n"
        "people ever, for m < 1: mean 1 / (1-m), variance m / (1-m)³"
    )
    confidence: ClassVar[str] = "all derived"
    targets: ClassVar = (
        *(near(f"T12 extinct {m:g}", f"families that die out, {m:g} children", q, 0.008, "derived; .008", "share")
          for m, q in EXTINCT.items()),
        *(near(f"T12 extinct {m:g}", f"families that die out, {m:g} children", 1.0, 0.0, "derived: all", "share")
          for m in PROGENY),
        *(near(f"T12 progeny {m:g}", f"people that a family ever has, {m:g} children", n,
               3.0 * (m / (1.0 - m) ** 3 / TREES) ** 0.5, "derived: 1/(1-m); three standard errors", "persons")
          for m, n in PROGENY.items()),
    )  # fmt: skip

    def simulate(self, seed: int) -> Outcome:
        # All means side by side.
        snapshot, shares = grown(families(np.array(MEANS), TREES), seed)
        alive, born = snapshot.agents("alive"), snapshot.agents("born")
        found = {
            f"T12 extinct {m:g}": estimate.from_replicates((alive[k] == 0).astype(float)) for k, m in enumerate(MEANS)
        }
        found |= {f"T12 progeny {m:g}": estimate.from_replicates(born[MEANS.index(m)].astype(float)) for m in PROGENY}
        number = np.arange(1.0, 26.0)
        lines = [Line(f"{m:g} children", number, shares[:25, k]) for k, m in enumerate(MEANS)]
        lines += [Line(f"limit, {m:g}", number[[0, -1]], np.full(2, extinction(m)), published=True) for m in EXTINCT]
        caption = "With fewer than one child each all families die out, with 1.2 two in three do, with 2 one in five."
        chart = Chart("Families that have died out", "generations", "share of families", tuple(lines), caption)
        return Outcome(found, (chart,))
