"""What is kept of a replicate adds up, exactly."""

import numpy as np

from glasshouse.model.declarations import Sum
from glasshouse.model.entities import CELLS
from glasshouse.results.totals import YEAR, WeeklyTotals

SUMS = (Sum("a", "", ""), Sum("b", "", "", weekly_by_district=True))


def test_weeks_years_and_districts_are_sums_of_the_same_totals() -> None:
    rng = np.random.default_rng(1)
    weekly_totals = WeeklyTotals.empty(60, 3, SUMS, ())
    totals = rng.integers(0, 2**40, (60, 3, CELLS, 2))
    for week in range(60):
        weekly_totals.record("regime", week, totals[week], [1])
    assert (weekly_totals.arm("regime").weekly == totals.sum(axis=1)).all()
    assert (weekly_totals.arm("regime").yearly[0] == totals[:YEAR].sum(axis=(0, 2))).all()
    assert (weekly_totals.arm("regime").yearly[1] == totals[YEAR:].sum(axis=(0, 2))).all()
    assert weekly_totals.yearly.shape == (2, 2, 3, 2)
    assert not weekly_totals.arm("reference").weekly.any()


def test_flagged_sums_are_kept_by_week_and_district() -> None:
    weekly_totals = WeeklyTotals.empty(2, 3, SUMS, ())
    totals = np.arange(3 * CELLS * 2).reshape(3, CELLS, 2)
    weekly_totals.record("reference", 1, totals, [1])
    assert (weekly_totals.arm("reference").districts[1, :, 0] == totals[:, :, 1].sum(axis=1)).all()
