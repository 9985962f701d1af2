"""The office that gives points: by hand, and the same uncompiled."""

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.replications.price_lists import WORTH, PointsOffice, office
from glasshouse.replications.sandbox import Simulation, build_population


def one(listed: bool, belief: int = 3, discretion: float = 0.0) -> Simulation:
    """One person who keeps every obligation and has two units to spare, one standard deviation close to officials."""
    traits = {
        "reliability": np.ones((1, 1)),
        "closeness": np.ones((1, 1)),
        "spare": np.full((1, 1), 2.0),
        "belief": np.full((1, 1), belief, np.uint8),
    }
    places = {"listed": np.array([listed]), "discretion": np.array([discretion])}
    return Simulation(build_population(traits, places=places), (PointsOffice(expires=0.5, found=1.0),))


def test_points_by_hand() -> None:
    """Half expires: a price list gives 1 + 2 * 3 a week, a black box 1 + 2 * 0.3 * 1 to one who believes in act 3."""
    assert one(True).last(2, 1).agents("score")[0, 0] == 7.0 + 3.5
    assert one(False).last(1, 1).agents("score")[0, 0] == pytest.approx(1.0 + 2.0 * (sum(WORTH) / 5 / 3) * 1.0)
    assert one(False, belief=0).last(1, 1).agents("score")[0, 0] == 1.0
    assert one(False, belief=0, discretion=0.25).last(1, 1).agents("score")[0, 0] == 1.25
    assert one(True).last(1, 1).total("bought")[0] == one(True).last(1, 1).total("cheapest")[0] == 6.0


def test_the_reference_backend_gives_the_same_points() -> None:
    simulation = office(3, "list", True, np.zeros(1), 0.5)
    small = Simulation(build_population({n: simulation.population.agents.citizens[n][None, :50] for n in ("reliability", "closeness", "spare", "belief")},
                         places={"listed": np.array([True]), "discretion": np.array([0.1])}), simulation.tables)  # fmt: skip
    assert (small.last(5, 2).agents("score") == small.last(5, 2, ReferenceBackend(small.layout)).agents("score")).all()
