"""What the report shows over time: figures of both arms by year, with the range over replicates."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.measure import Sums
from glasshouse.report.charts import NAMES
from glasshouse.results.result import Result
from glasshouse.results.time_series import Series
from glasshouse.results.totals import ARMS, YEAR


def years(result: Result) -> tuple[NDArray[np.int64], bool]:
    """Number the years of a run.

    Parameters
    ----------
    result : Result
        A finished run.

    Returns
    -------
    tuple
        The year of every week as an array of int, shape (weeks,), and whether years count from the start of the regime.
    """
    run = result.scenario.run
    starts = 0 < run.start < run.weeks
    return (np.arange(run.weeks) - (run.start if starts else 0)) // YEAR, starts


def points(result: Result, series: Series) -> list[dict[str, Any]]:
    """Rows for `charts.over_time`: for each arm and year the mean over replicates and their range.

    A year is shown where its middle is, and not at all if less than half of it was run.

    Parameters
    ----------
    result : Result
        A finished run.
    series : Series
        The time series.

    Returns
    -------
    list of dict
        Rows with the keys year, arm, mean, low and high; figures are in the unit of the series.
    """
    year, _ = years(result)
    rows = []
    for arm, name in zip(ARMS, NAMES, strict=True):
        for which in np.unique(year):
            weeks = np.flatnonzero(year == which)
            if len(weeks) < YEAR // 2 and len(np.unique(year)) > 1:
                continue
            found = [
                float(series.measure.value(Sums(totals.arm(arm).weekly[weeks].sum(axis=(0, 1)), result.sums)))
                * series.factor
                for totals in result.weekly_totals
            ]
            known = [value for value in found if np.isfinite(value)]
            if known:
                mean = float(np.mean(known))
                rows.append(
                    {
                        "year": int(which) + 0.5,
                        "arm": name,
                        "mean": mean,
                        "low": min(known),
                        "high": max(known),
                    }
                )
    return rows


def in_words(rows: list[dict[str, Any]], series: Series) -> str:
    """Describe the chart for its text alternative: where both arms began and where they ended.

    Parameters
    ----------
    rows : list of dict
        Rows of data for the chart, from `points`.
    series : Series
        The time series.

    Returns
    -------
    str
        The mean of each arm in the first and the last year.
    """
    parts = []
    for name in NAMES:
        line = [row for row in rows if row["arm"] == name]
        if line:
            parts.append(
                f"{name} from {_number(line[0]['mean'])} in the first year to {_number(line[-1]['mean'])} in the last"
            )
    return (
        f"{series.heading}, {series.unit}: " + "; ".join(parts) + "."
        if parts
        else f"{series.heading}: nothing to show."
    )


def _number(value: float) -> str:
    return f"{value:.3g}"
