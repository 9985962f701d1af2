"""Families by hand, from the draws themselves."""

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.model.kernel_math import poisson
from glasshouse.replications.galton_watson import MANY, extinction, families, grown
from glasshouse.rng import stream, uniform


def test_two_generations_by_hand() -> None:
    """The first draws by number 0, their children by 1 and on."""
    simulation = families(np.array([1.5]), 30)
    snapshot = simulation.last(2, 7)
    for tree in range(30):
        drawn = [uniform(7, stream("family.citizen"), 0, tree, person) for person in range(12)]
        number = [poisson(1.5, float(np.exp(-1.5)), u) for u in drawn]
        grandchildren = sum(number[1 : 1 + number[0]])
        assert snapshot.agents("alive")[0, tree] == grandchildren
        assert snapshot.agents("born")[0, tree] == 1 + number[0] + grandchildren


def test_families_end_or_grow_large() -> None:
    snapshot, shares = grown(families(np.array([0.5, 3.0]), 2000), 1)
    alive = snapshot.agents("alive")
    assert set((alive[0] > 0).tolist()) == {False}
    assert alive[1][alive[1] > 0].min() >= MANY
    assert (np.diff(shares, axis=0) >= 0).all()
    assert shares[-1, 1] == pytest.approx(extinction(3.0), abs=0.02)
    assert extinction(3.0) == pytest.approx(0.059520, abs=1e-6)


def test_the_reference_backend_has_the_same_children() -> None:
    simulation = families(np.array([0.8, 1.2]), 20)
    assert (
        simulation.last(4, 1).state.citizens.tobytes()
        == simulation.last(4, 1, ReferenceBackend(simulation.layout)).state.citizens.tobytes()
    )
