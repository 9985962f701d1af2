"""One step of each learner by hand, and the reference backend beside the compiled backend."""

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.replications.performative_prediction.mechanisms import DEPLOYMENTS, PENALTY, Learner, determinant
from glasshouse.replications.performative_prediction.simulations import (
    edge,
    moving_means,
    regressions,
    thetas,
    two_kinds,
)
from glasshouse.replications.sandbox import Simulation, build_population


def test_retraining_takes_the_mean_of_those_who_moved() -> None:
    """From 0: mu at once, then mu + eps mu; a mean of 10 + 0.5 theta with gain 2 goes 20, 40, 60."""
    assert thetas(two_kinds(2, False, np.array([0.4])), 2)[:, 0].tolist() == pytest.approx([0.1, 0.13], abs=1e-8)
    assert thetas(moving_means(np.array([0.5]), 10.0, 2.0), 3)[:, 0].tolist() == pytest.approx([20, 40, 60], abs=1e-6)


def test_the_risk_is_of_those_who_answered() -> None:
    """1/4 - 2 theta mu + (1 - 2 eps) theta^2 at theta = 0.4: 0.25 - 0.08 + 0.064."""
    snapshot = two_kinds(2, False, np.array([0.4])).last(2, 0)
    assert snapshot.total("loss")[1] / 2 == pytest.approx(0.234, abs=1e-8)


def test_an_edge_needs_both_sides() -> None:
    rising = np.array([1.0, 2.0, 3.0])
    assert edge(rising, np.array([True, False, False])) == 1.5
    assert np.isnan(edge(rising, np.array([True, True, True])))
    assert np.isnan(edge(rising, np.array([False, False, False])))


def test_a_learner_deploys_at_once_or_lazily() -> None:
    """Without spread in what it sees but a tenth: the first sample is about 10 + 0.9 * 10 = 19."""
    places = {"lazy": np.array([False, True]), "pull": np.full(2, 0.9), "base": np.full(2, 10.0)}
    simulation = Simulation(build_population({"number": np.tile(np.arange(40), (2, 1))}, places=places), (Learner(),))
    first = simulation.last(1, 1).agents("theta").mean(axis=1)
    assert first == pytest.approx([10 + 9 * 10 / 800, 10 + 9 / 8], abs=0.01)
    second = simulation.last(2, 1).agents("theta").mean(axis=1)
    # The lazy one sees 10 + 0.9 theta twice, with steps of 1/8 and 1/9.
    seen = 10 + 0.9 * first[1]
    assert second[1] == pytest.approx(seen - (seen - first[1]) * (7 / 8) * (8 / 9), abs=0.02)


def test_a_determinant_and_the_point_at_which_training_rests() -> None:
    assert determinant(2.0, 1.0, 0.0, 1.0, 3.0, 1.0, 0.0, 1.0, 4.0) == pytest.approx(18.0)
    simulation = regressions(1, 300)
    snapshot = next(snapshot for snapshot in simulation.weeks(200, 0) if (snapshot.places("deployments") == 1).all())
    x = np.stack(
        [simulation.population.agents.citizens[f"x{k}"][simulation.population.index[0]] for k in range(3)], axis=1
    )
    label = simulation.population.agents.citizens["label"][simulation.population.index[0]]
    w = np.array([snapshot.places(f"deployed_{k}")[0] for k in range(3)])
    gradient = x.T @ (1 / (1 + np.exp(-x @ w)) - label) / len(x) + PENALTY * w
    assert np.abs(gradient).max() < 1e-7
    assert DEPLOYMENTS == 25


@pytest.mark.parametrize(
    "simulation", [two_kinds(6, True, np.zeros(0)), regressions(1, 20)], ids=["kinds", "regression"]
)
def test_the_reference_backend_learns_the_same(simulation: Simulation) -> None:
    compiled, reference = simulation.last(6, 3), simulation.last(6, 3, ReferenceBackend(simulation.layout))
    assert (compiled.state.totals == reference.state.totals).all()
    assert compiled.state.districts.tobytes() == reference.state.districts.tobytes()


def test_the_reference_backend_takes_the_same_samples() -> None:
    places = {"lazy": np.array([False, True]), "pull": np.full(2, 0.9), "base": np.full(2, 10.0)}
    simulation = Simulation(build_population({"number": np.tile(np.arange(3), (2, 1))}, places=places), (Learner(),))
    assert (
        simulation.last(4, 1).agents("theta")
        == simulation.last(4, 1, ReferenceBackend(simulation.layout)).agents("theta")
    ).all()
