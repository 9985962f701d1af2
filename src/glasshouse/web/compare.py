"""Up to four finished runs side by side: what each regime changes, for whom, and over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from glasshouse.course import SERIES
from glasshouse.errors import ScenarioError
from glasshouse.measure import Measure
from glasshouse.measures import CATALOGUE
from glasshouse.measures.listing import ListedShare, WronglyListedShare
from glasshouse.measures.speech import Chilling, Control
from glasshouse.measures.state import Cost, GovernanceSoon, Waiting
from glasshouse.measures.welfare import WelfareLost
from glasshouse.report import charts
from glasshouse.report.sections import changed, unit
from glasshouse.report.series import in_words, points, years
from glasshouse.result import EVERYBODY, GROUPINGS, Result
from glasshouse.saved import open_result
from glasshouse.web.runs import RESULT, Run

MOST = 4
"""Runs that are compared at a time."""

SHOWN: tuple[type[Measure], ...] = (
    ListedShare, WronglyListedShare, WelfareLost, Chilling, Control, GovernanceSoon, Waiting, Cost,
)  # fmt: skip
"""What is compared first; the rest stands under it."""


@dataclass(frozen=True)
class Row:
    """One measure: its title, unit and source, and what each run's regime changes in it."""

    title: str
    unit: str
    explained: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """What a page of a comparison shows.

    `same` says whether all runs have the same society and luck, so that they differ by their regimes alone.
    """

    titles: tuple[str, ...]
    same: bool
    group: str
    first: tuple[Row, ...]
    rest: tuple[Row, ...]
    courses: tuple[tuple[str, str, str], ...]


def compared(runs: Sequence[Run], group: str = EVERYBODY) -> Comparison:
    """Compares finished runs for a group; ScenarioError for too many, one that is not finished, or an unknown group."""
    if not 1 <= len(runs) <= MOST:
        raise ScenarioError(f"{len(runs)} runs cannot be compared. Choose one to {MOST}.")
    if group not in GROUPINGS:
        raise ScenarioError(f"«{group}» is no group. Choose one of: {', '.join(GROUPINGS)}.")
    for run in runs:
        if run.state != "finished":
            raise ScenarioError(f"The run {run.name} is not finished, and only what is finished can be compared.")
    results = tuple(_result(run.folder / RESULT) for run in runs)
    shown = [measure for measure in CATALOGUE if group == EVERYBODY or measure.by_group]
    return Comparison(
        titles=titles(results),
        same=len({_luck(result) for result in results}) == 1,
        group=group,
        first=tuple(_row(measure, results, group) for measure in SHOWN if measure in shown),
        rest=tuple(_row(measure, results, group) for measure in shown if measure not in SHOWN),
        courses=tuple(_course(number, results) for number in range(len(SERIES))),
    )


@lru_cache(maxsize=8)
def _result(folder: Path) -> Result:
    return open_result(folder)


def _luck(result: Result) -> tuple[object, ...]:
    run = result.scenario.run
    return (result.scenario.society, run.seed, run.weeks, run.start, run.replicates)


def _row(measure: type[Measure], results: Sequence[Result], group: str) -> Row:
    cells = tuple(changed(measure, result.effect(measure, group)) for result in results)
    return Row(measure.title, unit(measure), measure.formula, cells)


def titles(results: Sequence[Result]) -> tuple[str, ...]:
    """«A: title», «B: title»: runs may have one title."""
    return tuple(f"{chr(ord('A') + place)}: {result.scenario.title}" for place, result in enumerate(results))


def _course(number: int, results: Sequence[Result]) -> tuple[str, str, str]:
    """Heading, chart and words of one figure: the regime's line of each run, and the first one's reference."""
    series = SERIES[number]
    rows, words = [], []
    for place, (title, result) in enumerate(zip(titles(results), results, strict=True)):
        drawn = points(result, series)
        words.append(f"{title}: {in_words(drawn, series)}")
        for row in drawn:
            with_regime = row["world"] == charts.NAMES[1]
            if with_regime or place == 0:
                rows.append({**row, "line": title if with_regime else charts.NAMES[0]})
    _, starts = years(results[0])
    lines = [charts.NAMES[0], *titles(results)]
    chart = charts.svg(charts.side_by_side(rows, lines, starts), f"c{number}") if rows else ""
    return series.heading, chart, " ".join(words)
