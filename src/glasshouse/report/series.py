"""What the report shows over time: figures of both worlds by year, with the range over replicates."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.ledger import WORLDS, YEAR
from glasshouse.measure import Numbers, Sums, ratio
from glasshouse.measures.listing import ListedShare, WronglyListedShare
from glasshouse.measures.state import Cost, GovernanceSoon, Unrest, Waiting
from glasshouse.report.charts import NAMES
from glasshouse.result import Result


@dataclass(frozen=True)
class Series:
    """One figure of a world by year: heading, what it says, unit, formula, and the factor from formula to unit."""

    heading: str
    explained: str
    unit: str
    formula: Callable[[Sums], Numbers]
    factor: float = 1.0


def _risk(sums: Sums) -> Numbers:
    return ratio(sums.risk_sum, sums.adults)


def _complaining(sums: Sums) -> Numbers:
    return ratio(sums.complaints, sums.problems_open)


SERIES = (
    Series(
        "Adults on a list",
        "Restricted in travel, credit, benefits or licences, at any moment.",
        "% of adults",
        ListedShare.value,
        100,
    ),
    Series(
        "Wrongful restrictions",
        "Of restrictions in force, those without cause by the regime's own rule: misread, mixed up or invented records.",
        "% of restrictions",
        WronglyListedShare.value,
        100,
    ),
    Series(
        "Fear of speaking",
        "How likely the average adult believes it to be that speaking up brings a sanction.",
        "believed chance, %",
        _risk,
        100,
    ),
    Series(
        "Complaints",
        "Complaints for every 100 weeks that somebody lives with an open problem.",
        "per 100 weeks",
        _complaining,
        100,
    ),
    Series("Protest", "Citizens protesting, for every thousand adults and year.", "per 1,000 adults", Unrest.value),
    Series(
        "Problems solved in time",
        "Of all problems of everyday life, those the state solves within 12 weeks.",
        "% of problems",
        GovernanceSoon.value,
        100,
    ),
    Series("Living with a problem", "How long a problem lasts until it ends in whatever way.", "weeks", Waiting.value),
    Series(
        "Spending on control",
        "Control and rewards together; a welfare-week is a week of the median citizen's welfare.",
        "welfare-weeks an adult and year",
        Cost.value,
    ),
)


def years(result: Result) -> tuple[NDArray[np.int64], bool]:
    """The year of every week, and whether years count from the start of the regime."""
    run = result.scenario.run
    starts = 0 < run.start < run.weeks
    return (np.arange(run.weeks) - (run.start if starts else 0)) // YEAR, starts


def points(result: Result, series: Series) -> list[dict[str, Any]]:
    """Rows for `charts.over_time`: for each world and year the mean over replicates and their range.

    A year is shown where its middle is, and not at all if less than half of it was run.
    """
    year, _ = years(result)
    rows = []
    for place, world in enumerate(WORLDS):
        for which in np.unique(year):
            weeks = np.flatnonzero(year == which)
            if len(weeks) < YEAR // 2 and len(np.unique(year)) > 1:
                continue
            found = [
                float(series.formula(Sums(ledger.weekly[place, weeks].sum(axis=(0, 1)), result.sums))) * series.factor
                for ledger in result.ledgers
            ]
            known = [value for value in found if np.isfinite(value)]
            if known:
                mean = float(np.mean(known))
                rows.append(
                    {
                        "year": int(which) + 0.5,
                        "world": NAMES[WORLDS.index(world)],
                        "mean": mean,
                        "low": min(known),
                        "high": max(known),
                    }
                )
    return rows


def in_words(rows: list[dict[str, Any]], series: Series) -> str:
    """The chart's alternative text: where both worlds began and where they ended."""
    told = []
    for name in NAMES:
        line = [row for row in rows if row["world"] == name]
        if line:
            told.append(
                f"{name} from {_number(line[0]['mean'])} in the first year to {_number(line[-1]['mean'])} in the last"
            )
    return (
        f"{series.heading}, {series.unit}: " + "; ".join(told) + "." if told else f"{series.heading}: nothing to show."
    )


def _number(value: float) -> str:
    return f"{value:.3g}"
