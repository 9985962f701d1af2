"""Charts of a run: a measure by year in both arms, with its finding as title and a sentence to cite."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from glasshouse.model.measure import Measure
from glasshouse.report import charts
from glasshouse.report.chart import Chart
from glasshouse.report.i18n import ENGLISH, Words
from glasshouse.report.i18n import mark as _
from glasshouse.report.run.report_data import MeasureEstimates, ReportData, YearlySeries, estimates
from glasshouse.report.run.series import years
from glasshouse.results.estimate import Estimate
from glasshouse.results.provenance import Provenance
from glasshouse.results.result import Result
from glasshouse.results.table import Table
from glasshouse.results.totals import ARMS, YEAR
from glasshouse.scenario.scenario import Scenario

EFFECT = "difference between the arms"
"""The name of the line of a measure that exists only between the arms."""

SHARE = "share"
"""The unit of measures that are shown in per cent."""


@dataclass(frozen=True)
class Origin:
    """What a figure comes from: the scenario, versions and digests, and the first and last week that it is taken over."""

    scenario: Scenario
    provenance: Provenance
    window: tuple[int, int]


def plot(result: Result, name: str) -> Chart:
    """Draw a measure of a run.

    Each year has a figure of its own with its 95 % interval over replicates. A measure that has one value for the whole run
    (over districts, or over the course of time) is drawn as that value with its interval.

    Parameters
    ----------
    result : Result
        A finished run.
    name : str
        Name of a measure.

    Returns
    -------
    Chart
        The chart.

    Raises
    ------
    AnalysisError
        If there is no such measure.
    """
    measure = result.measure(name)
    rows = _whole(result, measure) if measure.by_district or measure.by_week else _by_year(result, measure)
    unit = "%" if measure.unit == SHARE else measure.unit.replace("ww", "welfare-weeks")
    axis = f"{measure.title}, {unit}"
    known = [row for row in rows if np.isfinite(row["mean"])]
    drawn = [_without_nan(row) for row in known]
    if not drawn:
        spec = charts.framed({"data": {"values": [{}]}, "mark": {"type": "text", "text": "undefined in every year"}})
    elif "year" not in drawn[0]:
        labelled = [{**row, "label": row["arm"], "strong": row["arm"] != charts.NAMES[0]} for row in drawn]
        spec = charts.intervals(labelled, axis)
    elif measure.is_between():
        spec = _difference(drawn, axis, starts=years(result)[1])
    else:
        spec = {**charts.over_time(drawn, axis, years(result)[1]), "width": 460, "height": 260}
    columns = {key: np.array([row[key] for row in known]) for key in (known[0] if known else ())}
    found = estimates(result, measure)
    origin = Origin(result.scenario, result.provenance, (result.window.start, result.window.stop - 1))
    return Chart(finding(found), citation(found, origin), spec, Table(name, columns))


def of_series(data: ReportData, one: YearlySeries, words: Words = ENGLISH) -> Chart:
    """Draw a time series of a report.

    Parameters
    ----------
    data : ReportData
        The figures of the run.
    one : YearlySeries
        The time series, which has a value in some year.
    words : Words, default English
        The language of the title.

    Returns
    -------
    Chart
        Both arms by year with the range over replicates, as wide as the screen of a telephone; its title and sentence are of
        all years together.
    """
    drawn = charts.over_time(one.rows, words.gettext(one.series.unit), data.since_start)
    spec = {**_translated(drawn, words), "width": 250, "height": 150}
    columns = {key: np.array([row[key] for row in one.rows]) for key in one.rows[0]}
    origin = Origin(data.scenario, data.provenance, data.window)
    found = one.estimates
    title = finding(found, words, one.series.heading, one.series.unit)
    return Chart(title, citation(found, origin), spec, Table(one.series.name, columns))


READ = frozenset({_("years since the regime began"), _("year of the run"), _("with"), _("without")})
"""Texts of a chart over time that a reader sees."""


def _translated(part: Any, words: Words) -> Any:
    """A chart, or a part of one, with the texts that a reader sees in another language."""
    if isinstance(part, dict):
        return {key: _translated(value, words) for key, value in part.items()}
    if isinstance(part, list):
        return [_translated(value, words) for value in part]
    return words.gettext(part) if isinstance(part, str) and part in READ else part


def _by_year(result: Result, measure: type[Measure]) -> list[dict[str, Any]]:
    """The figure of each year that was run for half of it at least, in each arm or between them."""
    year, _ = years(result)
    known = np.unique(year)
    rows = []
    for which in known:
        weeks = np.flatnonzero(year == which)
        if len(weeks) < YEAR // 2 and len(known) > 1:
            continue
        window = result.within(int(weeks[0]), int(weeks[-1]) + 1)
        rows += [{"year": int(which) + 0.5, **row} for row in _whole(window, measure)]
    return rows


def _whole(result: Result, measure: type[Measure]) -> list[dict[str, Any]]:
    """The figure of a window in each arm, or between them for a measure that exists only there."""
    if measure.is_between():
        found = {EFFECT: result.effect(measure)}
    else:
        found = {name: result.level(measure, arm) for name, arm in zip(charts.NAMES, ARMS, strict=True)}
    factor = _factor(measure)
    return [
        {"arm": name, "mean": one.mean * factor, "low": one.low * factor, "high": one.high * factor}
        for name, one in found.items()
    ]


def _without_nan(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose interval, where it has none, has no width."""
    return {
        key: row["mean"] if key in ("low", "high") and not np.isfinite(value) else value for key, value in row.items()
    }


def _difference(rows: charts.Rows, axis: str, *, starts: bool) -> charts.Spec:
    """One line with its intervals beside a line at zero."""
    title = "years since the regime began" if starts else "year of the run"
    x = {"field": "year", "type": "quantitative", "title": title, "axis": {"tickMinStep": 1, "grid": False}}
    y = {"field": "mean", "type": "quantitative", "title": axis, "scale": {"zero": True}}
    band = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
    layers: list[charts.Spec] = [
        {"data": {"values": [{}]}, "mark": {"type": "rule", "color": "#555"}, "encoding": {"y": {"datum": 0}}},
        {"mark": {"type": "area", "opacity": 0.18, "color": charts.REGIME}, "encoding": band},
        {"mark": {"type": "line", "color": charts.REGIME, "strokeWidth": 2.8}, "encoding": {"x": x, "y": y}},
    ]
    return charts.framed({"data": {"values": rows}, "width": 460, "height": 260, "layer": layers})


def _factor(measure: type[Measure]) -> float:
    return 100.0 if measure.unit == SHARE else 1.0


def _text(measure: type[Measure], found: Estimate, words: Words = ENGLISH, *, points: bool = False) -> str:
    """A figure in words; the difference of two shares in percentage points."""
    spelled = words.gettext(measure.unit.replace("ww", "welfare-weeks").replace("points", "percentage points"))
    unit = {True: " percentage points", False: " %"}[points] if measure.unit == SHARE else f" {spelled}"
    return found.text(_factor(measure), unit)


HIGHER = _("{title}: higher under the regime ({without} without the regime, {under} with it)")
LOWER = _("{title}: lower under the regime ({without} without the regime, {under} with it)")
UNCERTAIN = _("{title}: no certain change ({without} without the regime, {under} with it)")
UNCHANGED = _("{title}: the regime changes nothing")
UNKNOWN = _("{title}: undefined in this run")
NO_INTERVAL = _("{title}: {without} without the regime, {under} with it ({reason})")
BETWEEN = _("{title}: {figure}")
BETWEEN_UNCERTAIN = _("{title}: no certain effect, {figure}")


def finding(found: MeasureEstimates, words: Words = ENGLISH, title: str = "", unit: str = "") -> str:
    """What the regime changes in a measure, as a title.

    Parameters
    ----------
    found : MeasureEstimates
        The measure in both arms and the effect on it.
    words : Words, default English
        The language.
    title : str, default ""
        What the measure is called; by default its own title.
    unit : str, default ""
        The unit behind figures that are no shares; by default its own.

    Returns
    -------
    str
        A rise or fall is said only where the whole interval of the effect lies on one side of zero.
    """
    measure, effect = found.measure, found.effect
    title = words.gettext(title or measure.title)
    if not np.isfinite(effect.mean):
        return words.say(UNKNOWN, title=title)
    if found.reference is None or found.regime is None:
        message = BETWEEN_UNCERTAIN if effect.low < 0.0 < effect.high else BETWEEN
        return words.say(message, title=title, figure=words.figures(_text(measure, effect, words)))
    if effect.is_zero:
        return words.say(UNCHANGED, title=title)
    without, under = (
        words.figures(_text(measure, level, words).partition(" (")[0]) for level in (found.reference, found.regime)
    )
    if measure.unit != SHARE:
        # The unit stands once, behind the second figure.
        without = without.partition(" ")[0]
        under = f"{under.partition(' ')[0]} {words.gettext(unit)}" if unit else under
    levels = {"title": title, "without": without, "under": under}
    if not np.isfinite(effect.low):
        return words.say(NO_INTERVAL, reason=words.gettext(effect.why), **levels)
    if effect.low <= 0.0 <= effect.high:
        return words.say(UNCERTAIN, **levels)
    return words.say(HIGHER if effect.mean > 0.0 else LOWER, **levels)


def citation(found: MeasureEstimates, origin: Origin) -> str:
    """A sentence to cite a figure of a run.

    Parameters
    ----------
    found : MeasureEstimates
        The measure in both arms and the effect on it.
    origin : Origin
        What it comes from.

    Returns
    -------
    str
        The figure with its interval, what was simulated, what the interval holds, version and digests.
    """
    facts, scenario, measure = origin.provenance, origin.scenario, found.measure
    first, last = origin.window
    if found.reference is None or found.regime is None:
        said = f"“{measure.title}” is {_text(measure, found.effect)}"
    else:
        reference, regime = (_text(measure, level) for level in (found.reference, found.regime))
        said = (
            f"“{measure.title}” is {regime} with the regime and {reference} without it, a difference of "
            f"{_text(measure, found.effect, points=True)}"
        )
    count = "one replicate" if facts.replicates == 1 else f"{facts.replicates:,} replicates"
    return (
        f"In the simulated scenario “{scenario.title}” ({scenario.society.citizens:,} synthetic citizens, "
        f"{scenario.run.weeks:,} weeks, {count}), {said}, over weeks {first:,} to {last:,}; "
        "95 % intervals hold Monte Carlo error alone. "
        f"Glasshouse {facts.version}, scenario digest {facts.scenario_digest}, random seed {facts.seed}, code digest "
        f"{facts.code_digest}."
    )
