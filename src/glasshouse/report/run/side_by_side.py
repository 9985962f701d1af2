"""Several results side by side: what their regimes change over time and from district to district."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasshouse.model.measure import FloatArray, Measure
from glasshouse.model.measures import CATALOGUE
from glasshouse.report import charts
from glasshouse.report.html import details, escape, figure, table
from glasshouse.report.run.series import in_words, points, years
from glasshouse.results.estimate import significant
from glasshouse.results.result import Result
from glasshouse.results.time_series import Series
from glasshouse.results.totals import ARMS

MOST = 4
"""Results that are shown side by side."""

TOLD = 48
"""Districts up to which a tile carries its figure."""

DRAWN = 1500
"""Districts that are drawn, the first ones: more cannot be told apart on a page."""

MAPPED = tuple(measure for measure in CATALOGUE if measure.by_group and not measure.is_between())
"""Measures that have a value in each district."""


@dataclass(frozen=True)
class Drawn:
    """A chart as SVG, and what it shows in words and as a table, for those who do not see it.

    Each of the `rows` has a text for each heading in `head`: of a course the year and every line's figure, of a map the
    district and what each regime changes there.
    """

    heading: str
    svg: str
    said: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def titles(results: Sequence[Result]) -> tuple[str, ...]:
    """«A: title», «B: title»: results may have one title. A single one needs no letter."""
    if len(results) == 1:
        return (results[0].scenario.title,)
    return tuple(f"{chr(ord('A') + place)}: {result.scenario.title}" for place, result in enumerate(results))


def course(series: Series, results: Sequence[Result], name: str) -> Drawn:
    """One figure over time: the line of each regime, and the first result's world without one."""
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
    svg = charts.svg(charts.side_by_side(rows, lines, starts), name) if rows else ""
    found = {(row["year"], row["line"]): f"{row['mean']:.3g}".replace("-", "−") for row in rows}
    table = tuple(
        (f"{year:g}".replace("-", "−"), *(found.get((year, line), "–") for line in lines))
        for year in sorted({year for year, _ in found})
    )
    return Drawn(series.heading, svg, " ".join(words), ("year", *lines), table)


def changes(result: Result, measure: type[Measure]) -> FloatArray:
    """What the regime changes in a measure in each district of the first society (districts); NaN where it is undefined."""
    without, with_regime = (np.asarray(measure.value(result.by_district(0, arm)), float) for arm in ARMS)
    return np.asarray(with_regime - without)


def districts(measure: type[Measure], results: Sequence[Result], name: str) -> Drawn:
    """Districts as tiles, shaded by what each regime changes there; orange is more, blue is less, and white the same."""
    factor = 100.0 if measure.unit == "share" else 1.0
    found = [factor * changes(result, measure)[:DRAWN] for result in results]
    known = np.concatenate(found)
    known = known[np.isfinite(known)]
    head = ("district", *titles(results))
    if not len(known):
        return Drawn(measure.title, "", "It is undefined in every district.", head, ())
    digits = significant(float(np.ptp(known)) or abs(float(known[0])) or 1.0)
    rows = [row for title, column in zip(titles(results), found, strict=True) for row in _tiles(title, column, digits)]
    unit = "percentage points" if factor != 1.0 else measure.unit
    svg = charts.svg(charts.tiles(rows, list(titles(results)), float(np.abs(known).max()) or 1.0, unit), name)
    said = " ".join(
        f"{title}: {_said(column, digits, unit)}." for title, column in zip(titles(results), found, strict=True)
    )
    size = max(map(len, found))
    table = tuple((str(at), *(_told(c[at], digits) if at < len(c) else "" for c in found)) for at in range(size))
    return Drawn(measure.title, svg, said, head, table)


def mapped(measure: type[Measure], results: Sequence[Result], name: str) -> str:
    """The map of a measure with its heading, its words and its table, as HTML."""
    found = districts(measure, results, name)
    if not found.svg:
        return f"<p>{escape(found.heading)}: {escape(found.said)}</p>"
    told = details("As a table", table(found.head, found.rows, numbers=range(len(results) + 1)))
    drawn = figure(f"{found.heading}: what the regime changes in each district", found.svg, found.said)
    return f'<div class="map{"" if len(results) > 1 else " single"}">{drawn}</div><p>{escape(found.said)}</p>{told}'


def _tiles(title: str, column: FloatArray, digits: int) -> list[dict[str, Any]]:
    """The tiles of one map. Districts stand in rows, as in the towns of the story: a society has no other geography."""
    across = int(np.ceil(np.sqrt(len(column) * 1.25)))
    return [
        {
            "map": title,
            "x": number % across,
            "y": number // across,
            "change": float(value) if np.isfinite(value) else None,
            "text": _told(value, digits) if len(column) <= TOLD else "",
        }
        for number, value in enumerate(column)
    ]


def _said(column: FloatArray, digits: int, unit: str) -> str:
    known = column[np.isfinite(column)]
    if not len(known):
        return "undefined everywhere"
    least, most = int(np.nanargmin(column)), int(np.nanargmax(column))
    return (
        f"from {_told(column[least], digits)} in district {least} to {_told(column[most], digits)} in district {most}, "
        f"in the middle {_told(float(np.median(known)), digits)} {unit}"
    )


def _told(value: float, digits: int) -> str:
    """A change with its sign; nought has none."""
    if not np.isfinite(value):
        return "–"
    text = f"{value:+.{digits}f}"
    return text.lstrip("+-") if float(text) == 0.0 else text.replace("-", "−")
