"""Best answers by hand, the authority's two yardsticks by hand, and small simulations of it."""

from types import SimpleNamespace

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.replications.dissent.figures import suppressed
from glasshouse.replications.dissent.mechanisms import AdaptiveAuthority, candidate, flat, graded
from glasshouse.replications.dissent.simulations import (
    Trial,
    answers,
    defiant_from,
    desires,
    full_surveillance,
    simulate_trials,
)
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


def test_people_turn_defiant_where_the_closed_form_says_and_no_grid_does_better() -> None:
    assert defiant_from(1.0, 0.25, 0.6, 0.5) == pytest.approx(0.55 / 0.7, abs=1e-8)
    drawn = np.random.Generator(np.random.Philox(1)).random((6, 500))
    drawn[2] *= 0.4
    cases = dict(zip(("desire", "boldness", "tau", "psi", "nu"), drawn, strict=False))
    act, shortfall = answers({**cases, "boldness": 3.0 * drawn[1], "graded": np.where(drawn[5] < 0.5, 1.0, 0.0)})
    assert (act <= cases["desire"]).all()
    assert shortfall.max() < 1e-9
    # Of every kind there are some: silent people, and people who say part of what exceeds the tolerance.
    assert (act < cases["desire"]).sum() > 50
    assert ((act > cases["tau"]) & (act < cases["desire"])).sum() > 10


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


def test_desires_have_the_mean_asked_for_and_end_at_one() -> None:
    wished = desires((np.arange(100_000) + 0.5) / 100_000, 0.405)
    assert wished.mean() == pytest.approx(0.405, abs=1e-4)
    assert 0.0 < wished.min() < wished.max() < 1.0


def test_full_surveillance_costs_what_its_integral_says() -> None:
    """E[(d + psi) exp(-psi / (B d))] with B = 3 at psi = 0.5 and 1, over the same desires."""
    wished = desires((np.arange(20_000) + 0.5) / 20_000, 0.25)
    integral = [np.mean((wished + psi) * np.exp(-psi / (3.0 * wished))) for psi in (0.5, 1.0)]
    assert full_surveillance((3.0,), 0.5, 2, heads=20_000)[:, 0] == pytest.approx(integral, abs=1e-3)


def test_the_twin_plays_the_same() -> None:
    drawn = np.random.Generator(np.random.Philox(2)).random((2, 2, 70))
    places = {"graded": np.array([False, True]), "strict": np.array([True, False])}
    places |= {name: np.full(2, first) for name, first in (("first_tau", 0.2), ("first_psi", 0.5), ("first_nu", 0.3))}
    simulation = Simulation(
        build_population({"desire": drawn[0], "boldness": 2.0 * drawn[1]}, places=places), (AdaptiveAuthority(),)
    )
    compiled, twin = simulation.last(8, 2), simulation.last(8, 2, ReferenceBackend(simulation.layout))
    assert compiled.state.districts.tobytes() == twin.state.districts.tobytes()
    assert (compiled.state.totals == twin.state.totals).all()
    assert (compiled.total("punishment") > 0.0).all()


def test_a_small_authority_silences_the_timid_and_gives_up_on_the_bold() -> None:
    """Eight small societies, 20 of the article's 100 thousand people; dissent desired is 0.25 a head."""
    trials = [Trial(True, 0.25, 1.0)] * 4 + [Trial(False, 0.25, 8.0)] * 4
    trajectory = simulate_trials(1, trials, range(8), 4000, 1500)
    assert suppressed(trajectory).tolist()[4:] == [0.0] * 4
    assert suppressed(trajectory)[:4].mean() >= 50.0
    assert trajectory.desired == pytest.approx(np.full(8, 0.25), abs=0.02)
    assert trajectory.dissent[0, :4] == pytest.approx(np.full(4, 0.2446), abs=0.02)
    assert trajectory.of([0]).psi.shape == (1500, 1)
    assert trajectory.psi[0].tolist() == [0.1] * 8
