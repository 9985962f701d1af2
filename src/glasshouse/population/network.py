"""Who knows whom: ties of work, neighbourhood, kinship and the network, as compressed rows.

Ties are undirected and kept from both ends. A stretch of districts draws its own; ties that leave it are sorted once
for the whole population. Household members are not stored: a citizen's are the indices around their own.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glasshouse.model.entities import COLLEGE
from glasshouse.population.deviates import EVEN

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]

STREET = 128
"""Citizens of a stretch of a street, among whom neighbours are drawn."""

FAMILY = 4
"""Relatives nearby in different households who all know one another, least."""

PER_BAND, PER_LEVEL = 0.13, 0.53
"""Weight of a five-year age band and of a level of schooling in who is alike: a standard deviation of either counts the
same, and both together have a standard deviation of about 1 (from the shipped marginals)."""

MAX_DEGREE = 10_000
"""Contacts that the best-known citizen has over the network, about (assumed; services set limits of this size)."""

TEAM = 2
"""Colleagues on either side, in the order of a workplace, with whom one works."""


@dataclass(frozen=True)
class Habits:
    """Mean number of ties a citizen has of each kind, and how alike in age and schooling those are who know each other.

    `kin_near` is the share of kin in the same district, `online_near` that of contacts on the network in the same street;
    `likeness` is 0 for ties at random and 1 for ties among the most
    alike only.
    """

    neighbours: float
    kin: float
    kin_near: float
    online: float
    online_near: float
    likeness: float


def alike(citizens: NDArray[np.void], likeness: float, rng: Generator) -> NDArray[np.float64]:
    """Draw a score by which people with similar scores know one another: age less schooling, blurred.

    Schooling falls with age in a country whose schools have grown, so that one score holds both. Children count as of the
    highest level, which makes them neighbours of the young.

    Parameters
    ----------
    citizens : structured ndarray of `CITIZEN`, shape (citizens,)
        The citizens.
    likeness : float
        Correlation of the score with age less schooling, 0 to 1.
    rng : numpy.random.Generator
        Source of the random draws.

    Returns
    -------
    ndarray of float64, shape (citizens,)
        The scores, from -8 to 8.
    """
    level = np.where(citizens["adult"] == 1, citizens["education"], COLLEGE)
    score = PER_BAND * citizens["age"].astype(np.float64) - PER_LEVEL * level
    blurred = likeness * score + round(1.0 - likeness * likeness, 12) ** 0.5 * EVEN * (rng.random(len(citizens)) - 0.5)
    return np.asarray(np.clip(blurred, -8.0, 8.0))


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


@dataclass(frozen=True)
class Circle:
    """People in an order in which those next to one another are alike; only those of the same group know one another."""

    people: Ints
    group: Ints

    @classmethod
    def of(cls, people: Ints, group: Ints, score: NDArray[np.float64]) -> "Circle":
        """Order people by group and, within it, by score.

        Parameters
        ----------
        people : array of int64, shape (people,)
            Index of each citizen.
        group : array of int64, shape (people,)
            Group of each.
        score : array of float64, shape (people,)
            Scores from -8 to 8.

        Returns
        -------
        Circle
            The people in order.
        """
        order = np.argsort(group * 32.0 + score, kind="stable")
        return cls(people[order], group[order])

    def ties(self, mean: float, beyond: int, rng: Generator) -> tuple[Ints, Ints]:
        """Tie everybody to those who come next, who for the most part know one another too.

        Parameters
        ----------
        mean : float
            Mean number of ties a person.
        beyond : int
            How many of those who come next are passed over.
        rng : Generator
            Source of random numbers.

        Returns
        -------
        a : array of int64
            Citizens at one end of the ties.
        b : array of int64
            Citizens at the other.
        """
        begun = np.floor(mean / 2 + rng.random(len(self.people)))
        ends = []
        for step in range(1, int(mean / 2) + 2):
            apart = step + beyond
            near = np.flatnonzero((begun[:-apart] >= step) & (self.group[apart:] == self.group[:-apart]))
            ends.append((self.people[near], self.people[near + apart]))
        return np.concatenate([a for a, _ in ends]), np.concatenate([b for _, b in ends])

    def families(self, mean: float, rng: Generator) -> tuple[Ints, Ints]:
        """Tie all members of some of the families into which the circle is cut, `FAMILY` people or more each.

        Parameters
        ----------
        mean : float
            Mean number of ties a person.
        rng : Generator
            Source of random numbers.

        Returns
        -------
        a : array of int64
            Citizens at one end of the ties.
        b : array of int64
            Citizens at the other.
        """
        size = max(FAMILY, int(mean) + 2)
        place, family = np.arange(len(self.people)) % size, np.arange(len(self.people)) // size
        tied = (rng.random(len(self.people) // size + 1) < mean / (size - 1))[family]
        ends = []
        for step in range(1, size):
            near = (tied & (place < size - step))[:-step] & (self.group[step:] == self.group[:-step])
            ends.append((self.people[:-step][near], self.people[step:][near]))
        return np.concatenate([a for a, _ in ends]), np.concatenate([b for _, b in ends])


def neighbours(
    circle: Circle, connected: NDArray[np.bool_], habits: Habits, first: NDArray[np.uint32], rng: Generator
) -> Keys:
    """Ties to people of the same street who are alike, and those of the network among them.

    Parameters
    ----------
    circle : Circle
        The citizens of a stretch of districts, grouped by street.
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
    a, b = circle.ties(habits.neighbours, 0, rng)
    on = connected[circle.people]
    known = Circle(circle.people[on], circle.group[on])
    mean = habits.online * habits.online_near / max(float(connected.mean()), 1e-9)
    c, d = known.ties(mean, int(habits.neighbours / 2 + 0.5), rng)
    return _both(np.concatenate([a, c]), np.concatenate([b, d]), first)


def kin(circle: Circle, habits: Habits, first: NDArray[np.uint32], rng: Generator) -> Keys:
    """Ties to relatives in other households: near, among the alike, and anywhere.

    Parameters
    ----------
    circle : Circle
        The citizens of a stretch of districts, grouped by where they have relatives.
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
    a, b = circle.families(habits.kin * habits.kin_near, rng)
    far = circle.people[_some(habits.kin * (1.0 - habits.kin_near) / 2, len(circle.people), rng)]
    anywhere = (rng.random(len(far)) * len(first)).astype(np.int64)
    return _both(np.concatenate([a, far]), np.concatenate([b, anywhere]), first)


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
    mean = habits.online * (1.0 - habits.online_near)
    root = round((mean / share / 6 / MAX_DEGREE) ** 0.5, 12)
    reach = round((1.0 + root**3) ** (1 / 3), 12) - root
    a = start + _some(mean / 2 / share**2, stop - start, rng)
    a = a[connected[a]]
    u = rng.random(len(a))
    x = root + reach * u
    rank = np.minimum((total * (x * x * x - root * root * root)).astype(np.int64), total - 1)
    b = (rank * _stride(total) + total // 3) % total
    both_online = connected[b]
    return _both(a[both_online], b[both_online], first)


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
