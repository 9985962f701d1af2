"""Who knows whom: ties of work, neighbourhood, kinship and the network, as compressed rows.

Ties are undirected and kept from both ends. A stretch of districts draws its own; ties that leave it are sorted once
for the whole population. Household members are not stored: a citizen's are the indices around their own.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]

NEAR = 32
"""Places along the street within which neighbours are drawn."""

MAX_DEGREE = 10_000
"""Contacts that the best-known citizen has over the network, about (assumed; services set limits of this size)."""

TEAM = 2
"""Colleagues on either side, in the order of a workplace, with whom one works."""


@dataclass(frozen=True)
class Habits:
    """Mean number of ties a citizen has of each kind; `kin_near` is the share of kin in the same stretch of districts."""

    neighbours: float
    kin: float
    kin_near: float
    online: float


def _both(a: Ints, b: Ints, first: NDArray[np.uint32]) -> Keys:
    """Sort keys of ties from both ends, those to oneself or within a household left out.

    `first` is the index of the first household member for every citizen.
    """
    apart = first[a] != first[b]
    low, high = a[apart].astype(np.uint64), b[apart].astype(np.uint64)
    shift = np.uint64(32)
    return np.concatenate([low << shift | high, high << shift | low])


def _some(mean: float, count: int, rng: Generator) -> Ints:
    """An owner's index for each tie that `count` citizens begin, `mean` each, as evenly as whole numbers allow."""
    begun = np.floor(mean + rng.random(count)).astype(np.int64)
    return np.repeat(np.arange(count), begun)


def neighbours(start: int, stop: int, bounds: Ints, habits: Habits, first: NDArray[np.uint32], rng: Generator) -> Keys:
    """Ties to people a few doors along in the same district; a district is a ring.

    Parameters
    ----------
    start : int
        First citizen of the stretch of districts.
    stop : int
        End of the stretch, exclusive.
    bounds : array of int64, shape (districts + 1,)
        Index of the first citizen of each district, and the number of citizens.
    habits : Habits
        Mean numbers of ties.
    first : array of uint32, shape (citizens,)
        Index of the first household member for every citizen.
    rng : Generator
        Source of random numbers.

    Returns
    -------
    array of uint64
        Keys of the ties from both ends: owner in the upper 32 bits, contact in the lower.
    """
    a = start + _some(habits.neighbours / 2, stop - start, rng)
    district = np.searchsorted(bounds, a, side="right") - 1
    low, high = bounds[district], bounds[district + 1]
    b = low + (a - low + 1 + (rng.random(len(a)) * NEAR).astype(np.int64)) % (high - low)
    return _both(a, b, first)


def kin(start: int, stop: int, total: int, habits: Habits, first: NDArray[np.uint32], rng: Generator) -> Keys:
    """Ties to relatives in other households, near or anywhere.

    Parameters
    ----------
    start : int
        First citizen of the stretch of districts.
    stop : int
        End of the stretch, exclusive.
    total : int
        Number of citizens.
    habits : Habits
        Mean numbers of ties.
    first : array of uint32, shape (citizens,)
        Index of the first household member for every citizen.
    rng : Generator
        Source of random numbers.

    Returns
    -------
    array of uint64
        Keys of the ties from both ends: owner in the upper 32 bits, contact in the lower.
    """
    a = start + _some(habits.kin / 2, stop - start, rng)
    u, near = rng.random(len(a)), rng.random(len(a)) < habits.kin_near
    b = np.where(near, start + (u * (stop - start)).astype(np.int64), (u * total).astype(np.int64))
    return _both(a, b, first)


def online(
    start: int, stop: int, connected: NDArray[np.bool_], habits: Habits, first: NDArray[np.uint32], rng: Generator
) -> Keys:
    """Ties of the network: a few people, spread over the country, are known to very many.

    The chance to be chosen falls with (rank + shift)^(-2/3), so that the tail of degrees has exponent 5/2 up to `MAX_DEGREE`.

    Parameters
    ----------
    start : int
        First citizen of the stretch of districts.
    stop : int
        End of the stretch, exclusive.
    connected : array of bool, shape (citizens,)
        Whether each citizen uses the network.
    habits : Habits
        Mean numbers of ties.
    first : array of uint32, shape (citizens,)
        Index of the first household member for every citizen.
    rng : Generator
        Source of random numbers.

    Returns
    -------
    array of uint64
        Keys of the ties from both ends: owner in the upper 32 bits, contact in the lower.
    """
    total, share = len(connected), max(float(connected.mean()), 1e-9)
    root = round((habits.online / share / 6 / MAX_DEGREE) ** 0.5, 12)
    reach = round((1.0 + root**3) ** (1 / 3), 12) - root
    a = start + _some(habits.online / 2 / share**2, stop - start, rng)
    a = a[connected[a]]
    u = rng.random(len(a))
    x = root + reach * u
    rank = np.minimum((total * (x * x * x - root * root * root)).astype(np.int64), total - 1)
    b = (rank * _stride(total) + total // 3) % total
    kept = connected[b]
    return _both(a[kept], b[kept], first)


def _stride(total: int) -> int:
    """A number without a common factor with `total`, near its golden section: it spreads ranks over the country."""
    stride = max(int(total * 0.6180339887), 1)
    while np.gcd(stride, total) != 1:
        stride += 1
    return stride


def colleagues(workers: NDArray[np.uint32], begins: Ints, low: int, high: int, first: NDArray[np.uint32]) -> Keys:
    """Ties within workplaces, for the workers at places low to high of the list of all.

    Each workplace is a ring; one works with the two next on either side, or with all of a small one.

    Parameters
    ----------
    workers : array of uint32, shape (workers,)
        Indices of citizens, listed by workplace.
    begins : array of int64, shape (workplaces + 1,)
        Where each workplace begins in that list, and the end of the last.
    low : int
        First place in the list.
    high : int
        End of the places, exclusive.
    first : array of uint32, shape (citizens,)
        Index of the first household member for every citizen.

    Returns
    -------
    array of uint64
        Keys of the ties from both ends: owner in the upper 32 bits, contact in the lower.
    """
    place = np.arange(low, high)
    work = np.searchsorted(begins, place, side="right") - 1
    begin, size = begins[work], begins[work + 1] - begins[work]
    seat = place - begin
    found = []
    for step in range(1, TEAM + 1):
        ties = (size > 2 * step) | ((size == 2 * step) & (seat < step))
        other = begin[ties] + (seat[ties] + step) % size[ties]
        found.append(_both(workers[place[ties]].astype(np.int64), workers[other].astype(np.int64), first))
    return np.concatenate(found)


def split(keys: Keys, start: int, stop: int) -> tuple[Keys, Keys]:
    """Split keys into those whose owner lies in the stretch, and the others.

    Parameters
    ----------
    keys : array of uint64
        Keys of ties.
    start : int
        First citizen of the stretch.
    stop : int
        End of the stretch, exclusive.

    Returns
    -------
    inside : array of uint64
        Keys whose owner lies in the stretch.
    outside : array of uint64
        The others.
    """
    owner = (keys >> np.uint64(32)).astype(np.int64)
    inside = (owner >= start) & (owner < stop)
    return keys[inside], keys[~inside]


def rows(keys: Keys, start: int, stop: int) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Number of ties and the contacts of citizens start to stop, each contact once and in ascending order.

    Parameters
    ----------
    keys : array of uint64
        Keys of all ties whose owner lies in the stretch, in any order.
    start : int
        First citizen of the stretch.
    stop : int
        End of the stretch, exclusive.

    Returns
    -------
    degrees : array of int64, shape (stop - start,)
        Number of ties of each citizen.
    contacts : array of uint32, shape (ties,)
        Indices of the contacts, citizen by citizen.
    """
    keys = np.sort(keys)
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if len(keys) else keys
    owner = (keys >> np.uint64(32)).astype(np.int64) - start
    return np.bincount(owner, minlength=stop - start), (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32)
