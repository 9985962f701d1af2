"""Best answers and the authority's two yardsticks by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.replications.dissent.mechanisms import AdaptiveAuthority, candidate, flat, graded
from glasshouse.replications.sandbox import Simulation, build_population


def test_best_answers_by_hand() -> None:
    """D_f = (0.25 + 0.2 * 0.6) / (1 - 0.8 * 0.6) = 0.37 / 0.52; D_g = (0.25 + 0.8 / 0.8) / 2."""
    assert flat(0.2, 1.0, 0.25, 0.6, 0.2) == 0.2
    assert flat(0.7115, 1.0, 0.25, 0.6, 0.2) == 0.25
    assert flat(0.7116, 1.0, 0.25, 0.6, 0.2) == 0.7116
    assert flat(1.0, 0.4, 0.25, 0.6, 0.2) == 0.25
    assert graded(0.5, 1.0, 0.25, 1.0, 0.2) == 0.5
    assert graded(1.0, 1.0, 0.25, 1.0, 0.2) == pytest.approx(0.625)
    assert graded(1.0, 0.1, 0.25, 1.0, 0.2) == 0.25
    assert (graded(0.9, 2.0, 0.25, 2.0, 1.0), graded(0.9, 1.9, 0.25, 2.0, 1.0)) == (0.9, 0.25)


def judged(strict: bool, costs: list[float]) -> list[float]:
    """Tolerances kept after rounds of these costs; the candidates are 0.1, 0.15, 0.2, ... as far as each is reached."""
    here = SimpleNamespace(first_tau=0.1, first_psi=1.0, first_nu=0.5, strict=strict)
    found = []
    for week, cost in enumerate([0.0, *costs]):
        total = SimpleNamespace(dissent=cost / 2, punishment=cost / 2)
        draws = {"which": 0.0, "where": 1.0}
        AdaptiveAuthority.district(here, total, draws.__getitem__, SimpleNamespace(eps=0.05), week)
        if week:
            found.append(round(here.tau, 9))
    return found


def test_the_yardstick_is_the_last_cost_or_that_of_the_policy_in_force() -> None:
    """After 10 the probe of 12 is rejected; the next, at 11, beats the probe but not the policy in force."""
    assert judged(False, [10.0, 12.0, 11.0]) == [0.1, 0.1, 0.15]
    assert judged(True, [10.0, 12.0, 11.0]) == [0.1, 0.1, 0.1]
    assert judged(True, [10.0, 10.0, 9.0]) == [0.1, 0.15, 0.2]


def test_candidates_stay_within_reach_and_range() -> None:
    assert candidate(0.5, 0.0, 1.0, 0.5, 0.05) == 0.5
    assert candidate(0.02, 0.0, 1.0, 0.0, 0.05) == 0.0
    assert candidate(0.98, 0.0, 1.0, 1.0, 0.05) == 1.0


def test_changes_keep_the_policy_within_its_range() -> None:
    """Tolerance and surveillance end at 0 and 1, severity just above 0; which third of the draw says what is changed."""

    def changed(which: float, where: float) -> SimpleNamespace:
        here = SimpleNamespace(first_tau=0.02, first_psi=0.01, first_nu=0.98, strict=False)
        total = SimpleNamespace(dissent=1.0, punishment=1.0)
        for week in range(2):
            draws = {"which": which, "where": where}
            AdaptiveAuthority.district(here, total, draws.__getitem__, SimpleNamespace(eps=0.05), week)
        return here

    assert changed(0.1, 0.0).tolerance == 0.0
    assert changed(0.5, 0.0).severity == pytest.approx(1e-9)
    assert changed(0.9, 1.0).surveillance == 1.0
    assert (changed(0.9, 1.0).tolerance, changed(0.9, 1.0).severity) == (0.02, 0.01)


def test_punishments_by_hand() -> None:
    """All is seen: two bold people at 0.75 above a tolerance of 0.25 pay 0.4 each, or by degree 0.4 * 0.5 each."""
    places = {"graded": np.array([False, True]), "strict": np.array([False, False])}
    places |= {f"first_{name}": np.full(2, first) for name, first in (("tau", 0.25), ("psi", 0.4), ("nu", 1.0))}
    people = {"desire": np.full((2, 2), 0.75), "boldness": np.full((2, 2), 100.0)}
    snapshot = Simulation(build_population(people, places=places), (AdaptiveAuthority(),)).last(2, 1)
    assert snapshot.total("dissent").tolist() == [1.5, 1.5]
    assert snapshot.total("punishment") == pytest.approx([0.8, 0.4], abs=1e-5)


def test_the_reference_backend_gives_the_same() -> None:
    drawn = np.random.Generator(np.random.Philox(2)).random((2, 2, 70))
    places = {"graded": np.array([False, True]), "strict": np.array([True, False])}
    places |= {name: np.full(2, first) for name, first in (("first_tau", 0.2), ("first_psi", 0.5), ("first_nu", 0.3))}
    simulation = Simulation(
        build_population({"desire": drawn[0], "boldness": 2.0 * drawn[1]}, places=places), (AdaptiveAuthority(),)
    )
    compiled, reference = simulation.last(8, 2), simulation.last(8, 2, ReferenceBackend(simulation.layout))
    assert compiled.state.districts.tobytes() == reference.state.districts.tobytes()
    assert (compiled.state.totals == reference.state.totals).all()
    assert (compiled.total("punishment") > 0.0).all()
