"""Set-ups and outbursts of civil violence, by hand and on small towns."""

import numpy as np
import pytest

from glasshouse.replications.civil_violence.figures import cops_left
from glasshouse.replications.civil_violence.rules import (
    COP,
    FLOOR,
    LITERAL,
    PaperRules,
)
from glasshouse.replications.civil_violence.simulations import (
    Histories,
    Setup,
    outbursts,
    run_2,
    tipping,
    withdrawals,
)
from glasshouse.replications.civil_violence.variants import MesaRules


def test_cops_are_withdrawn_one_by_one() -> None:
    assert (withdrawals(118)[0], withdrawals(118)[-1]) == (54, 550)
    assert cops_left(np.array([1, 54, 185, 550])).tolist() == [118.0, 117.0, 86.0, 0.0]
    simulation = tipping(FLOOR).simulation(1)
    gone = simulation.last(301, 1).agents("shows")[0]
    assert (gone == COP).sum() == cops_left(np.array([300]))[0] == 59.0


def test_outbursts_by_hand() -> None:
    """Fifty neither begin nor end one."""
    active = np.array([0.0, 50, 51, 50, 80, 49, 50, 3, 60, 10, 70])
    assert list(outbursts(active)) == [(2, 5, 181.0, 80.0), (8, 9, 60.0, 60.0), (10, 11, 70.0, 70.0)]
    found = Histories(active[None], active[None], active[None]).figures()
    assert found["outbursts"][0] == 3.0
    assert found["wait"][0] == 2.0
    assert found["calm"][0] == pytest.approx(2 / 11)


def test_nothing_breaks_out_unless_the_ratio_is_rounded() -> None:
    histories = {q: run_2(q).run(1, 2, 150).figures() for q in (LITERAL, FLOOR)}
    assert histories[LITERAL]["outbursts"].sum() == 0.0
    assert histories[LITERAL]["largest"].max() < 50.0
    assert (histories[FLOOR]["outbursts"] > 2.0).all()


def test_a_setup_draws_its_town_from_the_seed() -> None:
    exact, drawn = Setup(PaperRules()), Setup(MesaRules(), "diamond", drawn=True)
    sizes = [int(exact.simulation(seed).population.agents.citizens["person"].sum()) for seed in (1, 2)]
    assert sizes == [1184, 1184]
    sizes = [int(drawn.simulation(seed).population.agents.citizens["person"].sum()) for seed in (1, 2, 3)]
    assert len(set(sizes)) > 1
    assert np.mean(sizes) == pytest.approx(1184, abs=60)
