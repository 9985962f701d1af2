"""Automation: what it does to volume, speed and error besides cost. Equal draws make each check exact."""

import numpy as np
import pytest

from glasshouse.model.mechanisms.budget import Budget
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.safeguards import Safeguards
from tests.model.mechanisms.test_mechanisms import ERRORLESS, LAWFUL, SILENT, Lived

# Nobody is ever listed, so that what is recorded does not act on conduct; automated work costs what it costs by hand.
APART = (SILENT, Lists(threshold=(1000.0,) * 4), Safeguards(appeal=0.0))
MACHINES = {"automation": 1.0, "automated_cost": 1.0, "reinvestment": 0.0}


def watching(covert: float, rate: float) -> Observation:
    return Observation(
        coverage=0.0,
        covert=covert,
        misread=0.0,
        false_positive_rate=(rate,) * 4,
        mismatch_rate=(0.0,) * 4,
        lead=(1.0,) * 4,
    )


def same_from_second_week(one: Lived, other: Lived, name: str) -> bool:
    """What automation changes is worked out at the end of a week and holds from the next one on."""
    return one.series(name).sum() > 50 and np.array_equal(one.series(name)[1:], other.series(name)[1:])


def test_volume_doubles_coverage_and_records() -> None:
    offences = Conduct(rates=(4.0, 0.0, 0.0, 0.0, 0.0), gaming=0.0)
    doubled = Lived(*APART, offences, watching(0.1, 0.01), Budget(**MACHINES, automation_volume=1.0), people=2048)
    wider = Lived(*APART, offences, watching(0.2, 0.01), people=2048)
    assert same_from_second_week(doubled, wider, "records")
    assert doubled["firm_records"] > Lived(*APART, offences, watching(0.1, 0.01), people=2048)["firm_records"]


@pytest.mark.parametrize("rate", [0.01, 0.3])
def test_error_doubles_false_positive_rates_and_leaves_true_records_alone(rate: float) -> None:
    tables = (*APART, Conduct(rates=(4.0, 0.0, 0.0, 0.0, 0.0), gaming=0.0))
    doubled = Lived(*tables, watching(0.2, rate), Budget(**MACHINES, automation_error=1.0), people=2048)
    worse = Lived(*tables, watching(0.2, 2 * rate), people=2048)
    assert same_from_second_week(doubled, worse, "records_false")
    assert same_from_second_week(doubled, worse, "records")


def test_speed_halves_the_delay_of_a_listing() -> None:
    tables = (SILENT, LAWFUL, watching(0.5, 0.05), Safeguards(appeal=0.0))
    halved = Lived(*tables, Lists(delay_on=8.0), Budget(**MACHINES, automation_speed=0.5), people=2048)
    quicker = Lived(*tables, Lists(delay_on=4.0), people=2048)
    assert halved["listings"] > 50
    for name in ("listings", "restrictions", "listed_wrongly"):
        assert np.array_equal(halved.series(name), quicker.series(name)), name


def test_without_automation_its_strengths_change_no_sum() -> None:
    tables = (ERRORLESS, Conduct(rates=(4.0, 0.1, 0.5, 0.5, 0.5)))
    strong = Budget(automation_volume=4.0, automation_speed=1.0, automation_error=4.0)
    assert np.array_equal(Lived(*tables, strong, people=2048).weekly, Lived(*tables, people=2048).weekly)
