"""The state's bill by hand, what its plan does to citizens, and the reference backend."""

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.replications.repress_or_coopt import SETTINGS, outcomes, states, switches

SETTING = np.tile(SETTINGS["r .1"], (2, 1))


def test_the_cheaper_bill_is_chosen() -> None:
    """r .1, b .2, k .5, D 3 at s .7: .5 (.07 + .27) + .09 = .26, above .2; at s .9: .5 (.09 + .09) + .03 = .12."""
    snapshot = states(SETTING, np.array([0.7, 0.9]), 1000).last(1, 1)
    assert snapshot.total("flags") == pytest.approx([340, 180])
    assert snapshot.total("missed") == pytest.approx([30, 10])
    assert snapshot.places("represses").tolist() == [0, 1]


def test_a_plan_pays_all_or_hits_those_flagged() -> None:
    """A sure signal finds the hundred radicals and nobody else; one that is mostly wrong costs too much to use."""
    hit, innocent, transfers, welfare = outcomes(states(SETTING, np.array([1.0, 0.6]), 1000).last(2, 1)).values()
    assert (hit.tolist(), innocent.tolist()) == ([0.1, 0.0], [0.0, 0.0])
    assert transfers == pytest.approx([0.0, 0.2])
    assert welfare == pytest.approx([-0.1, 0.2])
    costly = np.array([[0.1, 1.0, 0.5, 3.0]])
    hit, innocent, _, welfare = outcomes(states(costly, np.array([0.6]), 20_000).last(2, 1)).values()
    assert innocent[0] / hit[0] == pytest.approx(0.36 / 0.42, abs=0.015)
    assert welfare[0] == pytest.approx(-hit[0])


def test_the_switch_is_where_both_bills_are_equal() -> None:
    r, b, k, damage = np.array(list(SETTINGS.values())).T
    assert switches() == pytest.approx((k * (1 - r) + r * damage - b) / (k * (1 - 2 * r) + r * damage), abs=1e-6)


def test_the_reference_backend_plans_and_hits_the_same() -> None:
    simulation = states(SETTING, np.array([0.7, 0.9]), 30)
    compiled, reference = simulation.last(3, 5), simulation.last(3, 5, ReferenceBackend(simulation.layout))
    assert (compiled.state.totals == reference.state.totals).all()
    assert compiled.state.citizens.tobytes() == reference.state.citizens.tobytes()
