"""Applicants by hand: who moves, who pays, and that the reference agrees."""

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.replications.sandbox import Simulation, build_population
from glasshouse.replications.strategic_classification import Applicant, applicants, per

SCORES = np.array([[0.2, 0.5, 0.7, 0.9]])
DESERVING = np.array([[0.0, 0.25, 1.0, 1.0]])


def test_four_applicants_by_hand() -> None:
    """Cut 0.8 at cost 4 and gain 1: 0.2 would pay 2.4 and 0.5 would pay 1.2, so neither moves; 0.7 pays 0.4; 0.9 nothing."""
    snapshot = applicants(SCORES, DESERVING, np.array([0.8]), np.array([4.0]), 1.0)
    found = {name.name: float(snapshot.total(name.name)[0]) for name in Applicant.sums}
    assert found["persons"] == 4
    assert found["deserving"] == 2.25
    assert found["wrong"] == 0.25
    assert found["spent"] == found["spent_deserving"] == pytest.approx(0.4, abs=1e-8)
    assert found["burden"] == pytest.approx(0.25 * 1.2 + 0.4, abs=1e-8)


def test_who_does_not_deserve_is_wrongly_accepted_once_moving_pays() -> None:
    snapshot = applicants(SCORES, DESERVING, np.array([0.8]), np.array([4.0]), 1.2001)
    assert snapshot.total("wrong")[0] == 0.75
    assert snapshot.total("spent_deserving")[0] == pytest.approx(0.4 + 0.3, abs=1e-8)
    assert per(snapshot, "spent", "persons")[0] == pytest.approx(0.4, abs=1e-8)


def test_the_reference_backend_adds_up_the_same() -> None:
    places = {"cut": np.array([0.8]), "alpha": np.array([4.0]), "gain": np.array([1.0])}
    simulation = Simulation(build_population({"score": SCORES, "deserving": DESERVING}, places=places), (Applicant(),))
    compiled, reference = simulation.last(1, 0), simulation.last(1, 0, ReferenceBackend(simulation.layout))
    assert (compiled.state.totals == reference.state.totals).all()
