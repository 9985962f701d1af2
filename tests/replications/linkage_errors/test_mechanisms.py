"""Links by hand: all right, all wrong between two persons, lists that hold all or every second identity."""

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.replications.linkage_errors.formulas import innocents, stray
from glasshouse.replications.linkage_errors.mechanisms import GUESTS, LISTED, TRAVELLERS, BorderPost, Charge, Link, Room
from glasshouse.replications.sandbox import Simulation, build_population
from glasshouse.rng import stream, uniform


def links(right: float) -> Simulation:
    """Two copies of two persons: y is 2 x + noise, 1 and 8 in the first, 4 and 1 in the second."""
    traits = {"x": np.array([[0.0, 3.0], [1.0, 0.0]]), "noise": np.array([[1.0, 2.0], [2.0, 1.0]])}
    places = {"right": np.full(2, right), "persons": np.full(2, 2)}
    return Simulation(build_population(traits, places=places), (Link(),), "sequential")


def test_a_record_is_ones_own_or_the_others() -> None:
    assert links(1.0).last(1, 1).total("xy").tolist() == [24.0, 4.0]
    wrong = links(0.0).last(1, 1)
    assert wrong.total("xy").tolist() == [3.0, 1.0]
    assert (wrong.total("y").tolist(), wrong.total("yy").tolist()) == ([9.0, 5.0], [65.0, 17.0])
    assert (wrong.total("x").tolist(), wrong.total("xx").tolist()) == ([3.0, 1.0], [9.0, 1.0])


def charges(rate: float, right: float, persons: int) -> Simulation:
    places = {"rate": np.array([rate]), "right": np.array([right]), "persons": np.array([persons])}
    return Simulation(build_population({"weight": np.ones((1, persons), np.uint8)}, places=places), (Charge(),))


def test_a_charge_reaches_the_offender_or_anybody_else() -> None:
    everybody = charges(1.0, 0.0, 2).last(2, 1)
    assert [everybody.total(name)[0] for name in ("sanctioned", "innocent", "misdirected")] == [2, 0, 0]
    wrong, right = charges(0.3, 0.0, 20_000).last(2, 1), charges(0.3, 1.0, 20_000).last(2, 1)
    assert right.total("misdirected")[0] == 0
    assert right.total("sanctioned")[0] == 20_000 - right.total("innocent")[0]
    assert wrong.total("misdirected")[0] / wrong.total("innocent")[0] == pytest.approx(stray(0.3, 0.0), abs=0.012)
    assert wrong.total("misdirected")[0] / wrong.total("sanctioned")[0] == pytest.approx(innocents(0.3, 0.0), abs=0.03)


def posts(entries: np.ndarray, identities: int, count: int = 20) -> Simulation:
    listed = np.concatenate([entries, np.full(count, -1)])[None]
    places = {"identities": np.array([identities])}
    return Simulation(build_population({"listed": listed}, places=places), (BorderPost(),), "sequential")


def test_a_post_finds_who_is_listed_and_nobody_else() -> None:
    full, even = np.arange(LISTED), 2 * np.arange(LISTED)
    assert posts(full, LISTED).last(1, 1).total("taken")[0] == 20 * TRAVELLERS
    assert posts(full + LISTED, LISTED).last(1, 1).total("taken")[0] == 0
    assert posts(even, 2 * LISTED).last(1, 1).total("taken")[0] == pytest.approx(10 * TRAVELLERS, abs=200)
    assert posts(np.repeat([3, 5], LISTED // 2), 10).last(1, 1).total("taken")[0] == pytest.approx(2000, abs=160)


def test_guests_share_a_birthday_if_two_do() -> None:
    simulation = Simulation(build_population({"weight": np.ones((1, 200), np.uint8)}), (Room(),))
    shared = simulation.last(1, 9).agents("shared")[0]
    for room in range(200):
        days = {int(365 * uniform(9, stream("room.citizen"), 0, room, guest)) for guest in range(GUESTS)}
        assert shared[room] == (len(days) < GUESTS), room
    assert 0 < shared.sum() < 200


@pytest.mark.parametrize("simulation", [links(0.5), charges(0.5, 0.5, 30), posts(2 * np.arange(LISTED), 2 * LISTED, 2)])
def test_the_reference_backend_links_the_same(simulation: Simulation) -> None:
    compiled, reference = simulation.last(2, 5), simulation.last(2, 5, ReferenceBackend(simulation.layout))
    assert (compiled.state.totals == reference.state.totals).all()
    assert compiled.state.citizens.tobytes() == reference.state.citizens.tobytes()
