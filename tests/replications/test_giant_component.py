"""Spreading on graphs small enough to follow by hand."""

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.replications.giant_component import (
    Spread,
    best_connected,
    giant,
    giant_error,
    poisson_links,
    reached,
    three_links,
    three_links_share,
)
from glasshouse.replications.sandbox import Simulation, Ties, build_population, generator

STARS = 3000
"""Stars of a middle and three others, in one copy: the others of a star are the first."""


def stars() -> tuple[np.ndarray, Ties]:
    middle, other = np.repeat(np.arange(STARS) * 4, 3), np.flatnonzero(np.arange(4 * STARS) % 4)
    return (np.arange(4 * STARS) % 4 > 0)[None], (np.zeros_like(middle), middle, other)


def spread(first: np.ndarray, ties: Ties, passing: float) -> Simulation:
    places = {"passing": np.full(len(first), passing)}
    return Simulation(build_population({"first": first}, places=places, ties=ties), (Spread(),))


def test_along_a_chain_one_is_reached_a_week() -> None:
    one = np.arange(4)
    first = (np.arange(7) == 0)[None]
    found = spread(first, (np.zeros_like(one), one, one + 1), 1.0).history(6, 1, ["reached_all", "reached_now"])
    assert found["reached_all"][:, 0].tolist() == [1, 2, 3, 4, 5, 5]
    assert found["reached_now"][:, 0].tolist() == [1, 1, 1, 1, 1, 0]
    assert reached(1, (np.zeros_like(one), one, one + 1), first, np.zeros(1)).tolist() == [1 / 7]


def test_each_link_is_tried_once() -> None:
    """Three contacts pass on with chance 0.3 each: 1 - 0.7^3 in the second week, and nobody after it."""
    first, ties = stars()
    found = spread(first, ties, 0.3).history(4, 1, ["reached_now"])["reached_now"][:, 0]
    assert found[0] == 3 * STARS
    assert found[1] / STARS == pytest.approx(1 - 0.7**3, abs=0.03)
    assert found[2:].tolist() == [0, 0]


def test_graphs_have_the_links_they_should() -> None:
    copy, one, other = poisson_links(generator(1, "a"), 1000, np.array([2.0, 4.0]))
    assert np.bincount(copy) == pytest.approx([1000, 2000], abs=12)
    assert (one != other).all()
    copy, one, other = three_links(generator(1, "a"), 1000, 2)
    degree = np.bincount(np.concatenate([1000 * copy + one, 1000 * copy + other]), minlength=2000)
    assert degree.max() == 3
    assert degree.mean() == pytest.approx(3.0, abs=0.02)
    ties = (np.array([0, 0, 1]), np.array([0, 1, 2]), np.array([1, 2, 3]))
    assert best_connected(ties, 4, 2, 1).tolist() == [[False, True, False, False], [False, False, True, False]]


def test_formulas() -> None:
    assert giant(2.0) == pytest.approx(0.796812, abs=1e-6)
    assert giant(0.9) == pytest.approx(0.0, abs=1e-6)
    assert three_links_share(0.6) == pytest.approx(1 - (2 / 3) ** 3)
    assert three_links_share(0.45) == 0.0
    ties = poisson_links(generator(1, "b"), 500, np.full(400, 2.0))
    shares = reached(1, ties, best_connected(ties, 500, 400, 1), np.ones(400))
    assert shares.std() == pytest.approx(giant_error(2.0, 1.0, 500), rel=0.12)
    ties = poisson_links(generator(1, "c"), 500, np.full(400, 4.0))
    shares = reached(1, ties, best_connected(ties, 500, 400, 4), np.full(400, 0.5))
    assert shares.std() == pytest.approx(giant_error(4.0, 0.5, 500), rel=0.12)


def test_the_reference_backend_spreads_the_same() -> None:
    ties = three_links(generator(1, "d"), 40, 2)
    simulation = spread(np.tile(np.arange(40) < 3, (2, 1)), ties, 0.6)
    compiled, reference = simulation.last(5, 5), simulation.last(5, 5, ReferenceBackend(simulation.layout))
    assert (compiled.state.totals == reference.state.totals).all()
    assert compiled.state.citizens.tobytes() == reference.state.citizens.tobytes()
