"""A round of opinions by hand."""

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.replications.degroot import WEIGHTS, experts, neighbours, ring, rounds, weighted

CHAIN = (np.zeros(2, np.int64), np.array([0, 1]), np.array([1, 2]))


def test_experts_weigh_one_another() -> None:
    """From (1, 0, 1/2): .5 + .1, .2 + .1, .1 + .3."""
    path = rounds(experts(np.array([[1.0, 0.0, 0.5]])), 2)[:, 0]
    assert path[0].tolist() == [1.0, 0.0, 0.5]
    assert path[1] == pytest.approx([0.6, 0.3, 0.4], abs=1e-15)
    assert path[2] == pytest.approx(WEIGHTS @ path[1], abs=1e-15)


def test_neighbours_take_half_from_contacts() -> None:
    """A chain of three and one who knows nobody: (0, 1, 5, 7) becomes (1/2, 1/2 + 5/4, 3, 7)."""
    path = rounds(neighbours(np.array([0.0, 1.0, 5.0, 7.0]), CHAIN), 1)[:, 0]
    assert path[1].tolist() == [0.5, 1.75, 3.0, 7.0]


def test_the_middle_of_a_chain_counts_twice() -> None:
    start = np.array([0.0, 1.0, 5.0])
    assert weighted(start, CHAIN) == 7 / 4
    assert rounds(neighbours(start, CHAIN), 60)[-1, 0] == pytest.approx(np.full(3, 1.75), abs=1e-9)


@pytest.mark.parametrize("simulation", [experts(np.array([[1.0, 0.0, 0.5]])), neighbours(*ring(1))])
def test_the_reference_backend_agrees(simulation) -> None:
    compiled, reference = simulation.last(6, 1), simulation.last(6, 1, ReferenceBackend(simulation.layout))
    assert compiled.state.citizens.tobytes() == reference.state.citizens.tobytes()
