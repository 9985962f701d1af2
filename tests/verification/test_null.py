"""The null study at a small size: every row has a rate, limits know how many rows there are, and equal regimes do not differ."""

import null
import pytest


def test_the_limit_knows_the_stated_rate_and_the_number_of_rows() -> None:
    """Of 160 a rate of 5 % gives 8; a single row exceeds 13 by chance in less than 5 %, and one of 15 rows exceeds 16 so."""
    one = null.Rate("an effect", 14, 160, 0.05)
    assert (one.limit(1), one.limit(15)) == (13, 16)
    assert "too many" in one.line(1)
    assert "too many" not in one.line(15)
    assert null.Rate("a change", 0, 50, 0.0).limit(15) == 0


def test_what_could_not_be_found_does_not_count() -> None:
    assert null.rate("x", [True, None, False, None], 0.05) == null.Rate("x", 1, 2, 0.05)
    assert null.excludes_zero(float("nan"), 1.0) is None
    assert null.excludes_zero(-1.0, 1.0) is False


def test_every_row_is_worked_out() -> None:
    pytest.importorskip("SALib")
    pytest.importorskip("ema_workbench")
    small = null.Null(16, seed=1)
    rates = [one for kind in (null.comparisons, null.indices, null.claims) for one in kind(small, 2)]
    assert len(rates) == 15
    assert len({one.what for one in rates}) == 15
    assert all(0 <= one.found <= one.among for one in rates)
    same = rates[0]
    assert (same.found, same.stated) == (0, 0.0)
    assert same.among > 40
