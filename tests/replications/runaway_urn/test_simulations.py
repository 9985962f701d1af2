"""The urns of patrols by hand, in closed form, and the same in the reference backend."""

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.replications.runaway_urn.mechanisms import ExpectedUrn, PatrolUrn
from glasshouse.replications.runaway_urn.simulations import Case, build_simulation, discovered, mixed, shares
from glasshouse.rng import stream, uniform

ROWS = Case((2.0, 1.0), (3.0, 5.0), (4.0, 6.0), random=False)


def test_a_day_adds_the_row_of_the_place_that_was_drawn() -> None:
    """By hand: from (4, 6) to (6, 7) with probability 0.4, else to (7, 11)."""
    snapshot = build_simulation(PatrolUrn, [ROWS], 200).last(1, 5)
    goes = np.array([uniform(5, stream("patrol_urn.citizen"), 0, urn, 0) < 0.4 for urn in range(200)])
    assert snapshot.agents("in_a")[0].tolist() == np.where(goes, 6, 7).tolist()
    assert snapshot.agents("in_b")[0].tolist() == np.where(goes, 7, 11).tolist()
    assert 60 <= goes.sum() <= 100


def test_the_correction_leaves_out_what_is_found_where_all_patrols_go() -> None:
    """Only A is on record: a patrol goes there for sure, and what it finds counts only in the urn that is not corrected."""
    cases = [Case((3.0, 0.0), (0.0, 3.0), (5.0, 0.0), corrected=corrected) for corrected in (False, True)]
    snapshot = build_simulation(PatrolUrn, cases, 400).last(20, 2)
    free, corrected = snapshot.agents("in_a")
    assert free.mean() == pytest.approx(65.0, abs=4 * (60 / 400) ** 0.5)
    assert free.var() == pytest.approx(60.0, abs=17.0)
    assert (corrected == 5).all()
    assert (snapshot.agents("in_b") == 0).all()


def test_the_correction_records_in_proportion_to_the_other_share() -> None:
    """Shares .8 and .2: all that is found in B counts, and a quarter of what is found in A."""
    case = Case((1.0, 0.0), (0.0, 1.0), (8000.0, 2000.0), corrected=True, random=False)
    snapshot = build_simulation(PatrolUrn, [case], 4000).last(1, 3)
    more_a, more_b = (snapshot.agents("in_a") - 8000).mean(), (snapshot.agents("in_b") - 2000).mean()
    assert more_a == pytest.approx(0.2, abs=0.025)
    assert more_b == pytest.approx(0.2, abs=0.025)


def test_counts_fade_and_never_vanish() -> None:
    """Nothing is added: 600 fade to 600 (0.9)^10 on average, and 2 to no less than 1."""
    case = Case((0.0, 0.0), (0.0, 0.0), (600.0, 2.0), loss=0.1)
    snapshot = build_simulation(PatrolUrn, [case], 1000).last(10, 4)
    left = snapshot.agents("in_a")[0]
    kept = 0.9**10
    assert left.mean() == pytest.approx(600 * kept, abs=4 * (600 * kept * (1 - kept) / 1000) ** 0.5)
    assert set(snapshot.agents("in_b")[0].tolist()) == {1, 2}


@pytest.mark.parametrize(("pair", "weight"), [("top-2", 0.1), ("top-2", 1.0), ("top-vs-random", 0.3)])
def test_the_expected_urn_rests_at_the_stable_root(pair: str, weight: float) -> None:
    case = mixed(pair, weight)
    (a, b), (c, d) = case.row_a, case.row_b
    roots = np.roots([c + d - a - b, a - 2 * c - d, c])
    (root,) = roots[(0 <= roots) & (roots <= 1)]
    assert shares(build_simulation(ExpectedUrn, [case], 1), np.array([6000]), 0)[0, 0, 0] == pytest.approx(
        root, abs=1e-5
    )


def test_the_reference_backend_plays_the_same_urns() -> None:
    cases = [
        ROWS,
        mixed("top-vs-random", 0.3),
        discovered("top-2", corrected=True, loss=0.01),
        discovered("top-2", corrected=False, loss=0.0),
    ]
    for kind in (PatrolUrn, ExpectedUrn):
        simulation = build_simulation(kind, cases, 3)
        compiled, reference = simulation.last(5, 7), simulation.last(5, 7, ReferenceBackend(simulation.layout))
        for name in ("in_a", "in_b"):
            assert (compiled.agents(name) == reference.agents(name)).all()
            assert (compiled.agents(name) > 0).all()


def test_discovery_alone_runs_away_and_the_correction_brings_it_back() -> None:
    """Small: 60 urns of each, 400 days."""
    cases = [discovered("top-2", corrected=corrected, loss=0.01) for corrected in (False, True)]
    (free, corrected) = shares(build_simulation(PatrolUrn, cases, 60), np.array([400]), 1)[0].mean(axis=1)
    assert free > 0.7
    assert corrected == pytest.approx(0.5668, abs=0.03)


def test_arrivals_and_decay_in_one_place_do_not_depend_on_the_other() -> None:
    case = Case((5.0, 5.0), (5.0, 5.0), (300.0, 300.0), loss=0.02)
    snapshot = build_simulation(PatrolUrn, [case], 2000).last(1, 6)
    both = np.stack([snapshot.agents("in_a")[0], snapshot.agents("in_b")[0]])
    assert abs(np.corrcoef(both)[0, 1]) < 4 / 2000**0.5
    assert both.mean(axis=1) == pytest.approx([298.9, 298.9], abs=4 * (11 / 2000) ** 0.5)
