"""Creep by central decision: what it adds everywhere, and that none is taken at rate zero.

Counts are checked at 4.5 standard errors of a Poisson count with fixed seeds: 7 in a million fail.
"""

import numpy as np
import pytest

from glasshouse.model.mechanisms.function_creep import FunctionCreep
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.safeguards import Safeguards
from tests.model.mechanisms.test_mechanisms import LAWFUL, SILENT, Lived, close
from tests.model.mechanisms.test_regime import SLANDERED

TABLES = (SLANDERED, LAWFUL, SILENT, Safeguards(appeal=0.0))


def test_the_centre_decides_at_its_rate_and_every_district_follows() -> None:
    lived = Lived(SILENT, FunctionCreep(central=0.3, follow=0.0, integration_step=0.01), weeks=104, people=4096)
    decisions = float(lived.state.centre["decisions"][0])
    assert close(decisions, 0.3 * 104)
    # The last week's decision reaches districts in the next week.
    weights = lived.state.districts["linked"]
    before = decisions - float(lived.state.centre["decided"][0])
    assert weights == pytest.approx(0.01 * before, rel=1e-6)
    assert lived["creep_added"] == 0


def test_a_decision_becomes_a_kind_without_any_unrest() -> None:
    lived = Lived(SILENT, FunctionCreep(central=1.0, follow=1.0, exposure=0.0), weeks=8, people=4096)
    assert (lived.state.districts["crept"] == 3.0).all()
    assert lived["creep_added"] == 3 * len(lived.state.districts)


def test_decisions_integrate_as_the_lever_of_integration_does() -> None:
    """A step of 1 is one file for all agencies two weeks later."""
    decided = Lived(*TABLES, FunctionCreep(central=1.0, follow=0.0, integration_step=1.0), people=2048)
    shared = Lived(*TABLES, Lists(integration=1.0), people=2048)
    apart = Lived(*TABLES, people=2048)
    assert np.array_equal(decided.series("views")[2:], shared.series("views")[2:])
    assert decided["views"] > 2 * apart["views"]


def test_at_rate_zero_no_sum_changes() -> None:
    idle = FunctionCreep(central=0.0, follow=1.0, integration_step=1.0)
    assert np.array_equal(Lived(*TABLES, idle, people=2048).weekly, Lived(*TABLES, people=2048).weekly)
