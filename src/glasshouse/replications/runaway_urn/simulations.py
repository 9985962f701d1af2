"""Kinds of urns in Ensign et al. 2018, and their simulation."""

from dataclasses import dataclass
from math import exp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.component import rounded
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.sandbox import Simulation, build_population

TOP_TWO = (3.68511, 2.816466, 609.0, 379.0)

TOP_RANDOM = (3.68511, 2.35592, 609.0, 7.0)
"""Oakland: incidents a day in places A and B, and the counts at the start."""

PLACES = {"top-2": TOP_TWO, "top-vs-random": TOP_RANDOM}

FADING = 0.01
"""Share of the counts that is forgotten in a day, where anything is."""

MIXED = ("w=.1", "w=.3", "w=.5")

POLYA = ((1.0, 1.0), (5.0, 1.0), (2.0, 3.0))
"""Start counts of the urns that only add what was drawn."""

DAYS = np.concatenate([np.arange(0, 100, 5), np.arange(100, 1001, 10)])
"""Days (1 is the first) at which the shares of the long runs are noted; 0 is the start."""


@dataclass(frozen=True)
class Case:
    """One kind of urn: the rows that patrols in A and B add, the counts at the start, and the rules that hold."""

    row_a: tuple[float, float]
    row_b: tuple[float, float]
    start: tuple[float, float]
    loss: float = 0.0
    corrected: bool = False
    random: bool = True


def mixed(pair: str, weight: float) -> Case:
    """Count the reported incidents of both places beside what patrols discover.

    Parameters
    ----------
    pair : str
        Pair of places, of `PLACES`.
    weight : float
        Weight of what is reported; 0 counts discoveries only.

    Returns
    -------
    Case
        The kind of urn.
    """
    first, second, start_a, start_b = PLACES[pair]
    return Case((first, weight * second), (weight * first, second), (start_a, start_b), FADING)


def discovered(pair: str, *, corrected: bool, loss: float) -> Case:
    """Count only what patrols discover: Poisson numbers where counts fade, the rates themselves where they do not.

    Parameters
    ----------
    pair : str
        Pair of places, of `PLACES`.
    corrected : bool
        Whether discoveries are recorded with the correcting chance.
    loss : float
        Share of the counts that is forgotten in a day.

    Returns
    -------
    Case
        The kind of urn.
    """
    first, second, start_a, start_b = PLACES[pair]
    return Case((first, 0.0), (0.0, second), (start_a, start_b), loss, corrected, random=loss > 0.0)


def build_simulation(kind: type[Mechanism], cases: list[Case], urns: int) -> Simulation:
    """Build a simulation of urns.

    Parameters
    ----------
    kind : type of Mechanism
        `PatrolUrn` or `ExpectedUrn`.
    cases : list of Case
        Kind of urn of each copy.
    urns : int
        Urns in each copy.

    Returns
    -------
    Simulation
        The mechanism, with one copy for each case.
    """
    rates = dict(zip("abcd", np.array([[*case.row_a, *case.row_b] for case in cases]).T, strict=True))
    places: dict[str, NDArray[Any]] = {
        **rates,
        # One machine's last bit of exp must not decide whether there is one incident more.
        **{f"none_{name}": np.array([rounded(exp(-rate)) for rate in rate_of]) for name, rate_of in rates.items()},
        "start_a": np.array([case.start[0] for case in cases]),
        "start_b": np.array([case.start[1] for case in cases]),
        "loss": np.array([case.loss for case in cases]),
        "corrected": np.array([case.corrected for case in cases]),
        "random": np.array([case.random for case in cases]),
    }
    return Simulation(build_population({"urn": np.ones((len(cases), urns), np.uint8)}, places=places), (kind(),))


def shares(simulation: Simulation, days: NDArray[np.int64], seed: int) -> NDArray[np.float64]:
    """Simulate urns, and note the share of place A.

    Parameters
    ----------
    simulation : Simulation
        Simulation that `build_simulation` built.
    days : ndarray of int, shape (days,)
        Days to note, 0 being the start.
    seed : int
        Random seed.

    Returns
    -------
    ndarray of float, shape (days, cases, urns)
        Share of A after each of the days.
    """
    districts = simulation.population.agents.districts
    begin = districts["start_a"] / (districts["start_a"] + districts["start_b"])
    shares_by_day = {0: np.broadcast_to(begin[:, None], simulation.population.index.shape)}
    wanted = set(days.tolist())
    for snapshot in simulation.weeks(int(days.max()), seed):
        if snapshot.week + 1 in wanted:
            in_a, in_b = snapshot.agents("in_a"), snapshot.agents("in_b")
            shares_by_day[snapshot.week + 1] = in_a / (in_a + in_b)
    return np.stack([shares_by_day[day] for day in days.tolist()])


RULES = [
    *((pair, rule) for pair in PLACES for rule in ("discovered", "corrected")),
    *((pair, rule) for pair in PLACES for rule in MIXED),
]


def rule(pair: str, named: str) -> Case:
    """Look up the kind of urn of a long run.

    Parameters
    ----------
    pair : str
        Pair of places, of `PLACES`.
    named : str
        ``"discovered"``, ``"corrected"`` or a weight, of `MIXED`.

    Returns
    -------
    Case
        The kind of urn.
    """
    if named in MIXED:
        return mixed(pair, float(named.removeprefix("w=")))
    return discovered(pair, corrected=named == "corrected", loss=FADING)
