"""People and bots on networks and on a plane, simulated until they are at rest."""

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.preferential_attachment import added, attractiveness, grown, joined_ties, ties_of, within
from glasshouse.replications.sandbox import Simulation, Snapshot, Ties, build_population, generator
from glasshouse.replications.spiral_of_silence.mechanisms import SpiralOfSilence
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate

LIMIT = 6000
"""Ticks after which runs that have not come to rest are left as they are."""


def people(seed: int, copies: int, size: int, *name: int | str) -> dict[str, NDArray[np.generic]]:
    """Draw traits of humans: opinion, inner confidence at the start and willingness to self-censor.

    Parameters
    ----------
    seed : int
        Random seed.
    copies : int
        Number of networks.
    size : int
        People in each network.
    *name : int | str
        Name of the draw; other names give other people.

    Returns
    -------
    dict of str to ndarray
        Traits (copies, size) by name.
    """
    drawn = generator(seed, "spiral of silence", "people", *name).random((3, copies, size))
    return {"plus": drawn[0] < 0.5, "start": drawn[1], "shy": drawn[2], "bot": np.zeros((copies, size), bool)}


def with_bots(humans: dict[str, NDArray[np.generic]], bots: int) -> dict[str, NDArray[np.generic]]:
    """Add bots after the humans.

    Parameters
    ----------
    humans : dict of str to ndarray
        Traits (copies, people) by name.
    bots : int
        Bots in each copy.

    Returns
    -------
    dict of str to ndarray
        Traits (copies, people + bots) by name.
    """
    return {
        name: np.concatenate([values, np.full((len(values), bots), name == "bot", values.dtype)], axis=1)
        for name, values in humans.items()
    }


def settled(traits: dict[str, NDArray[np.generic]], ties: Ties, limit: int = LIMIT) -> Snapshot:
    """Simulate until every copy has come to rest.

    Parameters
    ----------
    traits : dict of str to ndarray
        Traits (copies, people) by name.
    ties : Ties
        Who knows whom.
    limit : int
        Ticks after which copies are left as they are.

    Returns
    -------
    Snapshot
        The state at rest, or that after `limit` ticks.
    """
    simulation = Simulation(build_population(traits, ties=ties), (SpiralOfSilence(),))
    for snapshot in simulation.weeks(limit, 0):
        if snapshot.places("rested").all():
            break
    return snapshot


PEOPLE, GAMMA = 1000, 2.5

RUNS = 400
"""Runs with bots; as many as the published figures take, 1000, without."""

LINKS = (1, 5, 10)

PLACEMENTS = ("preferential", "inverse", "random")

SHARES = (1.0, 2.0, 2.5, 3.0, 4.0, 5.0, 10.0)
"""Bots in per cent of the humans: beside the table's 5 and 10, those between which two wins in three are looked for."""

NEIGHBOURS = (20.0, 40.0, 80.0, 160.0)
"""Mean numbers of people within the radius, for Sohn and Geidner's plane."""


def graphs(seed: int, links: int) -> NDArray[np.int64]:
    """Grow the networks of 1000 runs without bots, of which those with bots take the first.

    Parameters
    ----------
    seed : int
        Random seed.
    links : int
        Links that each newcomer brings.

    Returns
    -------
    ndarray of int, shape (1000, people - links, links)
        Whom each newcomer joins.
    """
    return grown(generator(seed, "spiral of silence", "network", links), 1000, PEOPLE, links, GAMMA)


def wins(seed: int, links: int, joined: NDArray[np.int64], placement: str, share: float) -> NDArray[np.float64]:
    """Simulate runs with bots, and tell which the bots win.

    Parameters
    ----------
    seed : int
        Random seed.
    links : int
        Links that each newcomer brings.
    joined : ndarray of int, shape (runs, people - links, links)
        Networks, as `graphs` grows them.
    placement : str
        Whom bots join, of `PLACEMENTS`.
    share : float
        Bots in per cent of the humans.

    Returns
    -------
    ndarray of float, shape (runs,)
        100 if more humans speak for the bots' opinion than against it at rest, else 0.
    """
    bots = round(share / 100.0 * PEOPLE)
    attractive = attractiveness(joined, GAMMA)
    weights = {"preferential": attractive, "inverse": 1.0 / attractive, "random": np.ones_like(attractive)}[placement]
    more = added(generator(seed, "spiral of silence", "bots", links, placement), weights, bots, links)
    traits = {name: values[: len(joined)] for name, values in people(seed, 1000, PEOPLE, links).items()}
    rest = settled(with_bots(traits, bots), joined_ties(ties_of(joined, links), ties_of(more, PEOPLE)))
    return np.where(rest.places("for_minus") > rest.places("for_plus"), 100.0, 0.0)


def alone(seed: int, links: int, joined: NDArray[np.int64]) -> dict[str, Estimate]:
    """Simulate runs without bots.

    Parameters
    ----------
    seed : int
        Random seed.
    links : int
        Links that each newcomer brings.
    joined : ndarray of int, shape (runs, people - links, links)
        Networks, as `graphs` grows them.

    Returns
    -------
    dict of str to Estimate
        By name of target: the minority's voices, wins of the best-connected person's opinion, and ticks to rest.
    """
    traits = people(seed, len(joined), PEOPLE, links)
    rest = settled(traits, ties_of(joined, links))
    plus, minus = rest.places("for_plus"), rest.places("for_minus")
    # Everybody but those at the start has as many links of their own as they came with.
    degree = attractiveness(joined, GAMMA)
    degree[:, links:] += links
    opinion = traits["plus"][np.arange(len(joined)), degree.argmax(axis=1)]
    return {
        f"T7.c m={links}": estimate.from_replicates(np.minimum(plus, minus) / PEOPLE * 100.0),
        f"T7.b best-connected m={links}": estimate.from_replicates(np.where(opinion == (plus > minus), 100.0, 0.0)),
        f"T7.d m={links}": estimate.from_replicates(rest.places("ticks").astype(float)),
    }


def winners(seed: int, neighbours: float) -> NDArray[np.float64]:
    """Simulate 100 runs on a plane, and tell in which one opinion wins everywhere.

    Parameters
    ----------
    seed : int
        Random seed.
    neighbours : float
        Mean number of people within the radius.

    Returns
    -------
    ndarray of float, shape (100,)
        100 if fewer than one person in a hundred speaks for the losing opinion at rest, else 0.
    """
    size = 400
    places = generator(seed, "spiral of silence", "plane", f"{neighbours:g}").random((100, size, 2))
    rest = settled(people(seed, 100, size, f"plane {neighbours:g}"), within(places, (neighbours / size / np.pi) ** 0.5))
    left = np.minimum(rest.places("for_plus"), rest.places("for_minus"))
    return np.where(left < 0.01 * size, 100.0, 0.0)
