"""The town of Epstein 2002: a torus of sites, and the persons on it.

Sites come first among the citizens of a copy, then persons.
"""

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.civil_violence.rules import COP, NEVER
from glasshouse.replications.sandbox import AgentPopulation, Ties, build_population, generator


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
    return build_population({name: values[None] for name, values in traits.items()}, ties=ties)


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
