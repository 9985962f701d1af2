"""Firms and other units, from a truncated power law, and who works in which."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glasshouse.model.entities import FIRM
from glasshouse.population.deviates import normal
from glasshouse.population.marginals import Marginals
from glasshouse.population.network import alike

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LARGEST = 20_000
"""Persons of the largest workplace."""

CONNECTED = 0.1
"""Share of legal units with a tie to officials (assumed, 0.05 to 0.2)."""


@dataclass(frozen=True)
class Staff:
    """Who works in the units of one kind: firm f's are `workers[begins[f]:begins[f + 1]]`.

    `who` are the same citizens in ascending order. A stretch of districts has the same places in both lists.
    """

    who: NDArray[np.uint32]
    workers: NDArray[np.uint32]
    begins: Ints

    def places(self, start: int, stop: int) -> tuple[int, int]:
        """Find the workers among a range of citizens, which covers whole districts.

        Parameters
        ----------
        start : int
            Index of the first citizen.
        stop : int
            Index after the last citizen.

        Returns
        -------
        tuple of int
            First place of these workers and the place after the last, in `who` and in `workers` alike.
        """
        low, high = np.searchsorted(self.who, (start, stop))
        return int(low), int(high)


def survival(mean: float, largest: int) -> Floats:
    """Shares of units with at least 1, 2 ... `largest` persons: a truncated power law with the given mean.

    The truncation is given and the exponent solved, so that the mean is met in a small population too, where the largest
    unit cannot be the country's largest.

    Parameters
    ----------
    mean : float
        Mean size of a unit (persons).
    largest : int
        Size of the largest possible unit (persons).

    Returns
    -------
    ndarray of float, shape (largest,)
        Entry k - 1 is the share of units with at least k persons.
    """
    sizes = np.arange(1, largest + 1, dtype=np.float64)

    def at(exponent: float) -> Floats:
        end = (largest + 1.0) ** -exponent
        return np.asarray((sizes**-exponent - end) / (1.0 - end))

    low, high = 0.05, 4.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if at(middle).sum() > mean else (low, middle)
    return np.asarray(np.round(at(high), 12))


def staff(
    citizens: NDArray[np.void],
    employment: NDArray[np.uint8],
    bounds: Ints,
    facts: Marginals,
    likeness: float,
    rng: Generator,
) -> tuple[NDArray[np.void], tuple[Staff, ...]]:
    """Found the firms, legal units first and then the self-employed, and assign the workers of both kinds.

    Writes every worker's `workplace`. Units take the workers of a place one after the other, so that a large one spans
    neighbouring districts.

    Parameters
    ----------
    citizens : structured ndarray, shape (citizens,)
        The citizens; their `workplace` is overwritten.
    employment : ndarray of uint8, shape (citizens,)
        Where each citizen works, as an index into `people.UNITS`.
    bounds : ndarray of int, shape (districts + 1,)
        Index of the first citizen of each district, and the number of citizens.
    facts : Marginals
        The published marginals.
    likeness : float
        How alike in age and schooling colleagues are, 0 to 1.
    rng : numpy.random.Generator
        Source of the random draws.

    Returns
    -------
    tuple
        The firms as a structured array, and a tuple with the `Staff` of legal units and that of self-employed units.
    """
    firms: list[NDArray[np.void]] = []
    staffs: list[Staff] = []
    founded = 0
    for kind, shares in enumerate(_survivals(employment, facts)):
        who = np.flatnonzero(employment == kind).astype(np.uint32)
        district = np.searchsorted(bounds, who, side="right") - 1
        workers = who[np.argsort(32.0 * district + alike(citizens[who], likeness, rng), kind="stable")]
        begins = _begins(shares, len(workers), rng)
        size = np.diff(begins)
        citizens["workplace"][workers] = founded + np.repeat(np.arange(len(size)), size)
        found = np.zeros(len(size), FIRM)
        found["size"] = size
        found["district"] = np.searchsorted(bounds, workers[begins[:-1]], side="right") - 1
        found["own_account"] = kind
        found["representative"] = _eldest(citizens, workers, begins)
        firms.append(found)
        staffs.append(Staff(who, workers, begins))
        founded += len(size)
    both = np.concatenate(firms)
    _traits(both, facts, rng)
    return both, tuple(staffs)


def _eldest(citizens: NDArray[np.void], workers: NDArray[np.uint32], begins: Ints) -> NDArray[np.uint32]:
    """The eldest worker of each unit; of several of the same age, the one with the lowest index."""
    unit = np.repeat(np.arange(len(begins) - 1), np.diff(begins))
    order = np.lexsort((workers, -citizens["age"][workers].astype(np.int64), unit))
    return np.asarray(workers[order][begins[:-1]])


def _survivals(employment: NDArray[np.uint8], facts: Marginals) -> tuple[Floats, Floats]:
    """Size distributions of legal units and of the self-employed's, whose sizes fall by a constant share."""
    workers = int((employment == 0).sum())
    largest = min(max(workers // 20, 50), LARGEST)
    alone = 1.0 - 1.0 / (facts.figure("own_account_mean") or 1.0)
    return survival(facts.figure("unit_mean"), largest), np.power(alone, np.arange(40))


def _begins(shares: Floats, workers: int, rng: Generator) -> Ints:
    """Where each unit's workers begin when units of drawn sizes take `workers` persons; the last takes what is left.

    Sizes are even quantiles in drawn order, so that their mean is met although their tail is heavy.
    """
    ends = np.zeros(1, np.int64)
    rising = -shares
    while ends[-1] < workers:
        count = int((workers - ends[-1]) / shares.sum()) + 1
        u = (rng.permutation(count) + rng.random()) / count
        sizes = np.searchsorted(rising, -u, side="left")
        ends = np.concatenate([ends, ends[-1] + np.cumsum(np.maximum(sizes, 1))])
    return np.append(ends[: int(np.searchsorted(ends, workers))], workers)


def _traits(firms: NDArray[np.void], facts: Marginals, rng: Generator) -> None:
    count, legal = len(firms), firms["own_account"] == 0
    firms["foreign"] = legal & (rng.random(count) < facts.figure("foreign_units"))
    linked = legal & (rng.random(count) < CONNECTED)
    firms["connection"] = np.where(linked, rng.random(count), 0.0)
    firms["leverage"] = 0.25 + 0.6 * rng.random(count)
    firms["governance"] = normal(rng.random(count))
