"""Checks that cannot err, checks that always do, and the reference backend."""

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.base_rates.formulas import once, predictive, unequal_alarm
from glasshouse.replications.base_rates.mechanisms import AGREE, MISSED, VALUE, Check, Comparison, Score, Screening
from glasshouse.replications.base_rates.simulations import checks
from glasshouse.replications.sandbox import Simulation, build_population

PLACES = {
    "rate": np.array([0.3, 0.5]),
    "hit": np.array([0.9, 0.2]),
    "alarm": np.array([0.1, 0.4]),
    "file": np.array([0.0, 3.0]),
}


def cast(kind: type[Mechanism], persons: int) -> Simulation:
    return Simulation(build_population({"weight": np.ones((2, persons), np.uint8)}, places=PLACES), (kind(),))


def test_formulas_by_hand() -> None:
    """Of 100 persons 10 are guilty, 9 of them found, and 18 of the 90 others: a third of the 27 flags is right."""
    assert predictive(0.1, 0.9, 0.2) == pytest.approx(1 / 3)
    assert unequal_alarm(0.1, 1 / 3, 0.1) == pytest.approx(0.2)
    assert once(0.5, 3) == pytest.approx(7 / 8)


def test_a_check_flags_the_guilty_and_the_innocent_at_the_given_rates() -> None:
    rates, hits, alarms = np.full(3, 0.25), np.array([1.0, 0.0, 0.5]), np.array([0.0, 1.0, 0.5])
    snapshot = checks(rates, hits, alarms, 40_000).last(1, 3)
    flagged, rightly = snapshot.total("flagged"), snapshot.total("rightly")
    assert flagged[0] == rightly[0] == pytest.approx(10_000, abs=350)
    assert (flagged[1], rightly[1]) == (pytest.approx(30_000, abs=350), 0)
    assert rightly[2] / flagged[2] == pytest.approx(0.25, abs=0.012)


def test_a_score_keeps_its_value_and_its_misses_in_every_group() -> None:
    """Of 40,000, the guilty are the rate; those flagged are rate x 0.7 / 0.7, of whom three in ten are innocent."""
    snapshot = cast(Score, 40_000).last(1, 3)
    assert (VALUE, MISSED) == (0.7, 0.3)
    assert snapshot.total("innocent") == pytest.approx([28_000, 20_000], abs=400)
    assert snapshot.total("wrongly") == pytest.approx([3600, 6000], abs=250)


def test_who_was_flagged_stays_flagged() -> None:
    ever = cast(Screening, 20_000).history(5, 3, ["ever"])["ever"] / 20_000
    assert (np.diff(ever, axis=0) > 0).all()
    assert ever[-1] == pytest.approx([1 - 0.9**5, 1 - 0.6**5], abs=0.015)


def test_three_fields_must_agree() -> None:
    """In a file without others all pairs are of one person; of one in four, a quarter."""
    snapshot = cast(Comparison, 40_000).last(1, 3)
    same = AGREE[0] * AGREE[1] * AGREE[2]
    assert snapshot.total("flagged")[0] == snapshot.total("rightly")[0] == pytest.approx(40_000 * same, abs=400)
    assert snapshot.total("rightly")[1] == pytest.approx(10_000 * same, abs=350)


@pytest.mark.parametrize("kind", [Check, Score, Screening, Comparison])
def test_the_reference_backend_counts_the_same(kind: type[Mechanism]) -> None:
    simulation = cast(kind, 40)
    compiled, reference = simulation.last(3, 5), simulation.last(3, 5, ReferenceBackend(simulation.layout))
    assert (compiled.state.totals == reference.state.totals).all()
    assert compiled.state.citizens.tobytes() == reference.state.citizens.tobytes()
