"""Self-optimising: files that run without an official.

The count of reviews is checked at 4.5 standard errors of a Poisson count with a fixed seed: 7 in a million would fail. All
else is exact, since draws are equal.
"""

import numpy as np

from glasshouse.model.mechanisms.controllers import Controllers
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.safeguards import Safeguards
from tests.model.mechanisms.test_mechanisms import LAWFUL, SILENT, Lived, close
from tests.model.mechanisms.test_regime import SLANDERED, UNHELPED

TABLES = (SLANDERED, LAWFUL, SILENT)
REVIEWED = Safeguards(appeal=0.0, review=1.0, review_accuracy=0.0)
"""A reviewer looks at every listing and lets each stand, right or wrong."""


def test_a_system_that_optimises_wholly_has_no_delay_and_no_review() -> None:
    slow = Lists(delay_on=8.0, delay_off=12.0, spell=(0, 0, 0, 0))
    by_itself = Lived(*TABLES, slow, REVIEWED, Controllers(optimise=1.0), people=2048)
    at_once = Lived(
        *TABLES, Lists(delay_on=0.0, delay_off=0.0, spell=(0, 0, 0, 0)), Safeguards(appeal=0.0), people=2048
    )
    assert by_itself["listings"] > by_itself["delistings"] > 10
    assert np.array_equal(by_itself.weekly, at_once.weekly)


def test_an_official_decides_about_the_other_files() -> None:
    once = Lists(delay_on=0.0, spell=(2600,) * 4)
    half = Lived(*TABLES, once, REVIEWED, Controllers(optimise=0.5))
    assert half["listings"] > 1000
    assert close(half["reviews"], 0.5 * half["listings"])


def test_files_that_run_by_themselves_are_those_of_weaker_optimising_and_more() -> None:
    """No file is listed later under more optimising, and no delay is shortened for the others."""
    slow = Lists(delay_on=8.0, spell=(2600,) * 4)
    some, more = (Lived(*TABLES, UNHELPED, slow, Controllers(optimise=share), people=2048) for share in (0.3, 0.6))
    states = {column.name: column for column in Lists.columns}["state"]
    assert (states.values(some.state.citizens) <= states.values(more.state.citizens)).all()
    assert some["restrictions"] < more["restrictions"]


def test_without_optimising_nothing_is_drawn_and_no_sum_changes() -> None:
    plain = Lived(*TABLES, REVIEWED, people=2048)
    assert np.array_equal(Lived(*TABLES, REVIEWED, Controllers(optimise=0.0), people=2048).weekly, plain.weekly)
