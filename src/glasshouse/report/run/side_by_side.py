"""Several results side by side: what their regimes change over time and from district to district."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from markupsafe import Markup

from glasshouse.model.measure import FloatArray, Measure
from glasshouse.report import charts
from glasshouse.report.chart import Chart
from glasshouse.report.elements import ChartTools, Figure, Table
from glasshouse.report.i18n import Words
from glasshouse.report.run.chart_tools import tools_of
from glasshouse.report.run.report_data import ReportData
from glasshouse.report.run.result_charts import Origin, citation, finding
from glasshouse.results.estimate import significant
from glasshouse.results.table import Table as Figures

MAX_RUNS = 4
"""Results that are shown side by side."""

MAX_LABELS = 48
"""Districts up to which a tile carries its figure."""

DRAWN = 1500
"""Districts that are drawn, the first ones: more cannot be distinguished on a page."""


@dataclass(frozen=True)
class Drawn:
    """A chart as SVG, what it shows in words and as a table, and what a reader takes along from it, if anything.

    Each of the `rows` has a text for each heading in `head`: of a course the year and every line's figure, of a map the
    district and what each regime changes there.
    """

    heading: str
    svg: Markup
    description: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    tools: ChartTools | None = None

    @property
    def figure(self) -> Figure:
        """The chart of a map with its heading."""
        return Figure(f"{self.heading}: what the regime changes in each district", self.svg, self.description)

    @property
    def table(self) -> Table:
        """The same as a table."""
        return Table(self.head, self.rows, numbers=range(len(self.head)))


def titles(results: Sequence[ReportData]) -> tuple[str, ...]:
    """Label results, for example “A: title”, “B: title”, because several may have one title.

    Parameters
    ----------
    results : sequence of ReportData
        The figures of each run.

    Returns
    -------
    tuple of str
        One label for each result; a single result needs no letter.
    """
    if len(results) == 1:
        return (results[0].scenario.title,)
    return tuple(f"{chr(ord('A') + place)}: {result.scenario.title}" for place, result in enumerate(results))


def course(number: int, results: Sequence[ReportData], name: str) -> Drawn:
    """One time series: the line of each regime and its reference; one line for the reference where all have the same.

    Parameters
    ----------
    number : int
        The place of the series in `ReportData.series`.
    results : sequence of ReportData
        The figures of each run.
    name : str
        A name that no other chart of the page has.

    Returns
    -------
    Drawn
        The chart.
    """
    series = results[0].series[number].series
    references = _reference_lines(number, results)
    rows, words = [], []
    for place, (title, result) in enumerate(zip(titles(results), results, strict=True)):
        one = result.series[number]
        words.append(f"{title}: {one.words}")
        for row in one.rows:
            with_regime = row["arm"] == charts.NAMES[1]
            if with_regime or place < len(references):
                rows.append({**row, "line": title if with_regime else references[place]})
    lines = [*references, *titles(results)]
    spec = charts.side_by_side(rows, lines, len(references), since_start=results[0].since_start)
    svg = charts.svg(spec, name) if rows else Markup()
    found = {(row["year"], row["line"]): f"{row['mean']:.3g}".replace("-", "−") for row in rows}
    table = tuple(
        (f"{year:g}".replace("-", "−"), *(found.get((year, line), "–") for line in lines))
        for year in sorted({year for year, _ in found})
    )
    return Drawn(series.heading, svg, " ".join(words), ("year", *lines), table)


def cited(drawn: Drawn, number: int, results: Sequence[ReportData], words: Words) -> Drawn:
    """A time series with what a reader takes along.

    Parameters
    ----------
    drawn : Drawn
        The time series, from `course`.
    number : int
        Its place in `ReportData.series`.
    results : sequence of ReportData
        The figures of each run.
    words : Words
        The language of heading and buttons.

    Returns
    -------
    Drawn
        With its figures as CSV and a sentence to cite for each run; the heading of a single run is its finding.
    """
    one = results[0].series[number]
    heading = words.gettext(one.series.heading)
    if len(results) == 1:
        heading = finding(one.estimates, words, one.series.heading, one.series.unit)
    if not drawn.rows:
        return replace(drawn, heading=heading)
    sentences = (
        citation(found.series[number].estimates, Origin(found.scenario, found.provenance, found.window))
        for found in results
    )
    columns = {name: np.array(column) for name, column in zip(drawn.head, zip(*drawn.rows, strict=True), strict=True)}
    chart = Chart(heading, " ".join(sentences), {}, Figures(one.series.name, columns))
    return replace(drawn, heading=heading, tools=tools_of(chart, words))


def _reference_lines(number: int, results: Sequence[ReportData]) -> list[str]:
    """Names of the reference's lines: one if the reference is the same for all regimes, else one for each."""
    found = [
        [(row["year"], row["mean"]) for row in result.series[number].rows if row["arm"] == charts.NAMES[0]]
        for result in results
    ]
    if all(one == found[0] for one in found):
        return [charts.NAMES[0]]
    return [f"{chr(ord('A') + place)}, {charts.NAMES[0]}" for place in range(len(results))]


def districts(measure: type[Measure], results: Sequence[ReportData], name: str) -> Drawn:
    """Draw districts as tiles, shaded by what each regime changes there: orange is more, blue less, white the same.

    Parameters
    ----------
    measure : type of Measure
        The measure.
    results : sequence of ReportData
        The figures of each run.
    name : str
        A name that no other chart of the page has.

    Returns
    -------
    Drawn
        The map, with its description and its table.
    """
    factor = 100.0 if measure.unit == "share" else 1.0
    found = [factor * result.district_changes[measure][:DRAWN] for result in results]
    known = np.concatenate(found)
    known = known[np.isfinite(known)]
    head = ("district", *titles(results))
    if not len(known):
        return Drawn(measure.title, Markup(), "It is undefined in every district.", head, ())
    digits = significant(float(np.ptp(known)) or abs(float(known[0])) or 1.0)
    rows = [row for title, column in zip(titles(results), found, strict=True) for row in _tiles(title, column, digits)]
    unit = "percentage points" if factor != 1.0 else measure.unit
    svg = charts.svg(charts.tiles(rows, list(titles(results)), float(np.abs(known).max()) or 1.0, unit), name)
    description = " ".join(
        f"{title}: {_range_text(column, digits, unit)}." for title, column in zip(titles(results), found, strict=True)
    )
    size = max(map(len, found))
    table = tuple((str(at), *(_number(c[at], digits) if at < len(c) else "" for c in found)) for at in range(size))
    return Drawn(measure.title, svg, description, head, table)


def _tiles(title: str, column: FloatArray, digits: int) -> list[dict[str, Any]]:
    """The tiles of one map. Districts stand in rows, as in the towns of the tutorial: a population has no other geography."""
    across = int(np.ceil(np.sqrt(len(column) * 1.25)))
    return [
        {
            "map": title,
            "x": number % across,
            "y": number // across,
            "change": float(value) if np.isfinite(value) else None,
            "text": _number(value, digits) if len(column) <= MAX_LABELS else "",
        }
        for number, value in enumerate(column)
    ]


def _range_text(column: FloatArray, digits: int, unit: str) -> str:
    known = column[np.isfinite(column)]
    if not len(known):
        return "undefined everywhere"
    least, most = int(np.nanargmin(column)), int(np.nanargmax(column))
    return (
        f"from {_number(column[least], digits)} in district {least} to {_number(column[most], digits)} in district {most}, "
        f"in the middle {_number(float(np.median(known)), digits)} {unit}"
    )


def _number(value: float, digits: int) -> str:
    """A change with its sign; zero has none."""
    if not np.isfinite(value):
        return "–"
    text = f"{value:+.{digits}f}"
    return text.lstrip("+-") if float(text) == 0.0 else text.replace("-", "−")
