"""Desires, defiance and full surveillance by hand, and small simulations of an authority."""

import numpy as np
import pytest

from glasshouse.replications.dissent.figures import suppressed
from glasshouse.replications.dissent.simulations import (
    Trial,
    answers,
    defiant_from,
    desires,
    full_surveillance,
    simulate_trials,
)


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


def test_desires_have_the_mean_asked_for_and_end_at_one() -> None:
    wished = desires((np.arange(100_000) + 0.5) / 100_000, 0.405)
    assert wished.mean() == pytest.approx(0.405, abs=1e-4)
    assert 0.0 < wished.min() < wished.max() < 1.0


def test_full_surveillance_costs_what_its_integral_says() -> None:
    """E[(d + psi) exp(-psi / (B d))] with B = 3 at psi = 0.5 and 1, over the same desires."""
    wished = desires((np.arange(20_000) + 0.5) / 20_000, 0.25)
    integral = [np.mean((wished + psi) * np.exp(-psi / (3.0 * wished))) for psi in (0.5, 1.0)]
    assert full_surveillance((3.0,), 0.5, 2, heads=20_000)[:, 0] == pytest.approx(integral, abs=1e-3)


def test_a_small_authority_silences_the_timid_and_gives_up_on_the_bold() -> None:
    """Eight small populations, 20 of the article's 100 thousand people; dissent desired is 0.25 a head."""
    trials = [Trial(True, 0.25, 1.0)] * 4 + [Trial(False, 0.25, 8.0)] * 4
    trajectory = simulate_trials(1, trials, range(8), 4000, 1500)
    assert suppressed(trajectory).tolist()[4:] == [0.0] * 4
    assert suppressed(trajectory)[:4].mean() >= 50.0
    assert trajectory.desired == pytest.approx(np.full(8, 0.25), abs=0.02)
    assert trajectory.dissent[0, :4] == pytest.approx(np.full(4, 0.2446), abs=0.02)
    assert trajectory.of([0]).psi.shape == (1500, 1)
    assert trajectory.psi[0].tolist() == [0.1] * 8
