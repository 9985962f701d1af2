"""Networks of many copies at once, drawn for models in which newcomers attach themselves to those who are there.

All copies grow in step: one loop over newcomers serves them all.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.sandbox import Ties

Draw = Callable[[NDArray[np.int64]], NDArray[np.int64]]
"""Draws one person for each of the rows named."""


def _distinct(rows: int, links: int, draw: Draw) -> NDArray[np.int64]:
    """Persons (rows, links), drawn one after the other, each again until it is none of the row's earlier ones."""
    chosen = np.full((rows, links), -1, np.int64)
    for link in range(links):
        waiting = np.arange(rows)
        while len(waiting):
            drawn = draw(waiting)
            chosen[waiting, link] = drawn
            waiting = waiting[(chosen[waiting, :link] == drawn[:, None]).any(axis=1)]
    return chosen


def grown(generator: np.random.Generator, copies: int, people: int, links: int, gamma: float) -> NDArray[np.int64]:
    """Grow networks by generalised preferential attachment, all copies in step.

    Attractiveness is links (gamma - 2) + links received so far. The first newcomer is person number `links` and joins
    all who are there before.

    Parameters
    ----------
    generator : numpy.random.Generator
        Generator of random numbers.
    copies : int
        Number of networks.
    people : int
        People in each network.
    links : int
        Links that each newcomer brings.
    gamma : float
        Exponent of the distribution of links.

    Returns
    -------
    ndarray of int, shape (copies, people - links, links)
        Whom each newcomer joins.
    """
    bonus = links * (gamma - 2.0)
    received = np.empty((copies, (people - links) * links), np.int64)
    received[:, :links] = np.arange(links)
    for newcomer in range(links + 1, people):
        there = (newcomer - links) * links
        even = bonus * newcomer

        def draw(rows: NDArray[np.int64], there: int = there, even: float = even) -> NDArray[np.int64]:
            # One number says whether the bonus or a link received decides, and which.
            place = generator.random(len(rows)) * (even + there)
            link = np.minimum(np.maximum(place - even, 0.0).astype(np.int64), there - 1)
            return np.where(place < even, (place / bonus).astype(np.int64), received[rows, link])

        received[:, there : there + links] = _distinct(copies, links, draw)
    return received.reshape(copies, people - links, links)


def attractiveness(joined: NDArray[np.int64], gamma: float) -> NDArray[np.float64]:
    """Compute attractiveness once all newcomers have come.

    Parameters
    ----------
    joined : ndarray of int, shape (copies, newcomers, links)
        Whom each newcomer joined, as `grown` returns it.
    gamma : float
        Exponent of the distribution of links.

    Returns
    -------
    ndarray of float, shape (copies, people)
        Links (gamma - 2) + links received.
    """
    copies, newcomers, links = joined.shape
    people = newcomers + links
    flat = (np.arange(copies)[:, None] * people + joined.reshape(copies, -1)).ravel()
    received = np.bincount(flat, minlength=copies * people).reshape(copies, people)
    attractive: NDArray[np.float64] = links * (gamma - 2.0) + received
    return attractive


def added(
    generator: np.random.Generator, weights: NDArray[np.float64], newcomers: int, links: int
) -> NDArray[np.int64]:
    """Draw whom later newcomers join.

    Parameters
    ----------
    generator : numpy.random.Generator
        Generator of random numbers.
    weights : ndarray of float, shape (copies, people)
        Chances are proportional to these.
    newcomers : int
        Newcomers in each network.
    links : int
        Links that each newcomer brings.

    Returns
    -------
    ndarray of int, shape (copies, newcomers, links)
        Whom each joins.
    """
    copies, people = weights.shape
    shares = np.cumsum(weights, axis=1)
    steps = (np.arange(copies)[:, None] + shares / shares[:, -1:]).ravel()

    def draw(rows: NDArray[np.int64]) -> NDArray[np.int64]:
        copy = rows // newcomers
        place = np.searchsorted(steps, copy + generator.random(len(rows)), side="right") - copy * people
        # Beside a great number of copies the draw can round up to the next copy's first.
        within_copy: NDArray[np.int64] = np.minimum(place, people - 1)
        return within_copy

    return _distinct(copies * newcomers, links, draw).reshape(copies, newcomers, links)


def ties_of(joined: NDArray[np.int64], first: int) -> Ties:
    """List the ties of newcomers with those whom they joined.

    Parameters
    ----------
    joined : ndarray of int, shape (copies, newcomers, links)
        Whom each newcomer joined.
    first : int
        Number of the first newcomer.

    Returns
    -------
    Ties
        Ties of all copies.
    """
    copies, newcomers, links = joined.shape
    copy = np.repeat(np.arange(copies), newcomers * links)
    return copy, np.tile(np.repeat(first + np.arange(newcomers), links), copies), joined.ravel()


def joined_ties(some: Ties, more: Ties) -> Ties:
    """Join two lists of ties.

    Parameters
    ----------
    some : Ties
        Ties.
    more : Ties
        Further ties.

    Returns
    -------
    Ties
        All ties of both.
    """
    copy, one, other = (np.concatenate(parts) for parts in zip(some, more, strict=True))
    return copy, one, other


def within(places: NDArray[np.float64], radius: float) -> Ties:
    """Tie all who stand within a radius of one another on a unit torus.

    Parameters
    ----------
    places : ndarray of float, shape (copies, people, 2)
        Where each stands, in [0, 1).
    radius : float
        Greatest distance of a tie.

    Returns
    -------
    Ties
        Ties of all copies.
    """
    copies, people, _ = places.shape
    one, other = np.triu_indices(people, 1)
    found = []
    for copy in range(copies):
        apart = np.abs(places[copy, one] - places[copy, other])
        apart = np.minimum(apart, 1.0 - apart)
        near = (apart**2).sum(axis=1) <= radius**2
        found.append((np.full(int(near.sum()), copy), one[near], other[near]))
    copy_of, ones, others = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return copy_of, ones, others
