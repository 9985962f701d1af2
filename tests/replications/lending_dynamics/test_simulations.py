"""Banks and the masses they move: by hand, against a search over rates, and the same in the reference backend."""

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.model.measure import FloatArray
from glasshouse.replications.lending_dynamics.mechanisms import FIRST, REPAYS, SCORES, SECOND, filled
from glasshouse.replications.lending_dynamics.simulations import SETTINGS, banks, masses, profit, recall
from glasshouse.replications.sandbox import Snapshot

MOST, EQUAL, STATIC = range(3)


def accepted(snapshot: Snapshot, group: str) -> FloatArray:
    return np.stack([snapshot.agents(f"{group}_accepted_{k}") for k in range(SCORES)], axis=-1)


def test_the_share_of_a_score_that_is_accepted() -> None:
    """By hand: a rate of .7 between .6 above the score and .8 with it is half of it; an empty score is all or nothing."""
    assert [filled(rate, 0.6, 0.8) for rate in (0.5, 0.6, 0.7, 0.8, 0.9)] == pytest.approx([0, 0, 0.5, 1, 1])
    assert [filled(rate, 0.6, 0.6) for rate in (0.5, 0.7)] == [0.0, 1.0]


def test_the_first_applicant_is_accepted_and_moves_a_hundredth_of_the_group() -> None:
    snapshot = banks(SETTINGS, 400).last(1, 3)
    loans = snapshot.agents("loans_0") + snapshot.agents("loans_1")
    repaid = snapshot.agents("repaid_0") + snapshot.agents("repaid_1")
    assert (loans == 1).all()
    one, two = masses(snapshot, "first") - FIRST, masses(snapshot, "second") - SECOND
    assert (one[STATIC] == 0).all()
    assert (two[STATIC] == 0).all()
    both = one[EQUAL] + two[EQUAL]
    # Who stands at score 0 and does not repay, about 18 of 400, stays there.
    moved = np.abs(both).sum(axis=1) > 0
    assert 5 <= (~moved).sum() <= 35
    assert (repaid[EQUAL][~moved] == 0).all()
    both = both[moved]
    assert np.sort(np.abs(both), axis=1)[:, -2:] == pytest.approx(np.full((len(both), 2), 0.01))
    assert both.sum(axis=1) == pytest.approx(np.zeros(len(both)), abs=1e-12)
    rises = both @ np.arange(SCORES)
    assert rises == pytest.approx(np.where(repaid[EQUAL][moved] == 1, 0.01, -0.01))
    assert (profit(snapshot) == 2 * repaid - 1).all()


def test_the_first_policies() -> None:
    """By hand: group 1 is caught at .525 / .59 from score 3 on; the second needs .7274 of its score 2 for as much."""
    snapshot = banks(SETTINGS, 1).last(1, 1)
    share = (0.525 / 0.59 * 0.495 - 0.375) / 0.09
    assert accepted(snapshot, "first")[[MOST, STATIC], 0].tolist() == [[0, 0, 0, 1, 1, 1, 1]] * 2
    assert accepted(snapshot, "second")[MOST, 0].tolist() == [0, 0, 0, 1, 1, 1, 1]
    assert accepted(snapshot, "second")[STATIC, 0] == pytest.approx([0, 0, share, 1, 1, 1, 1])
    assert share == pytest.approx(0.7274, abs=5e-5)


def gained(mass: FloatArray, rate: float) -> float:
    """What a randomised cut of this true-positive rate gains, filled from the top."""
    good = mass * REPAYS
    left, gain = rate * good.sum(), 0.0
    for k in reversed(range(SCORES)):
        taken = min(left, good[k])
        left -= taken
        gain += taken / REPAYS[k] * (2 * REPAYS[k] - 1)
    return gain


def test_no_other_rate_gains_more_and_both_groups_have_the_chosen_one() -> None:
    snapshot = banks(SETTINGS[EQUAL : EQUAL + 1], 12).last(4000, 2)
    held = [masses(snapshot, "first")[0], masses(snapshot, "second")[0]]
    rates = snapshot.agents("rate")[0]
    for mass, group in zip(held, ("first", "second"), strict=True):
        assert mass.sum(axis=1) == pytest.approx(np.ones(12))
        good = mass * REPAYS
        assert (good * accepted(snapshot, group)[0]).sum(axis=1) / good.sum(axis=1) == pytest.approx(rates)
    assert len(np.unique(rates)) > 1
    for bank, rate in enumerate(rates):
        best = max(gained(held[0][bank], r) + gained(held[1][bank], r) for r in np.linspace(0, 1, 501))
        found = gained(held[0][bank], rate) + gained(held[1][bank], rate)
        assert best - 1e-12 <= found <= best + 1e-3


def test_applicants_come_by_the_masses_and_repay_by_their_score() -> None:
    """In the static setting .295 and .2475 of the applicants are of a group and would repay; everyone accepted is caught."""
    snapshot = banks(SETTINGS, 200).last(200, 5)
    for group, share in enumerate((0.295, 0.2475)):
        good = snapshot.agents(f"good_{group}")[STATIC].mean() / 200
        assert good == pytest.approx(share, abs=4 * (share * (1 - share) / 40_000) ** 0.5)
    assert recall(snapshot)[:, STATIC].mean(axis=1) == pytest.approx([0.525 / 0.59] * 2, abs=0.015)


def test_the_maximum_reward_takes_mass_down_to_score_two_and_leaves_it_there() -> None:
    weeks = list(banks(SETTINGS[:1], 20).weeks(3000, 4))
    early, late = (masses(snapshot, "first")[0] for snapshot in (weeks[0], weeks[-1]))
    assert (early[:, :2] == late[:, :2]).all()
    assert (late[:, 2] >= early[:, 2]).all()
    assert late[:, 2].mean() > 0.2
    assert late[:, 3:].sum(axis=1) == pytest.approx(1 - late[:, :3].sum(axis=1))


def test_the_reference_backend_lends_the_same() -> None:
    simulation = banks(SETTINGS, 3)
    compiled, reference = simulation.last(6, 9), simulation.last(6, 9, ReferenceBackend(simulation.layout))
    assert (compiled.state.citizens == reference.state.citizens).all()
    assert compiled.agents("loans_0").sum() + compiled.agents("loans_1").sum() > 20
