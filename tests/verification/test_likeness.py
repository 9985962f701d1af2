"""The share of the machine's effect that safeguards take away."""

import likeness
import numpy as np
import pytest
from hypotheses import CATALOGUE

from glasshouse.scenario.scenario import load, override


def test_the_share_is_none_where_safeguards_do_nothing_and_all_where_they_bring_back_what_was() -> None:
    assert likeness.share_explained(10.0, 10.0, 2.0) == 0.0
    assert likeness.share_explained(10.0, 2.0, 2.0) == 1.0
    assert likeness.share_explained(2.0, 4.0, 6.0) == pytest.approx(0.5)
    assert np.isnan(likeness.share_explained(2.0, 2.0, 2.0))


def test_ordinary_policing_is_that_of_the_base_of_the_rows() -> None:
    ordinary, base = override(load("rows/s00-likeness"), dict(likeness.ORDINARY)), load("rows/base")
    assert ordinary.mechanisms == base.mechanisms


def test_the_arms_of_the_row_differ_in_safeguards_alone() -> None:
    row = next(row for row in CATALOGUE if row.name == "S0")
    assert {dial.setting.partition(".")[0] for dial in row.strength} == {"safeguards"}
