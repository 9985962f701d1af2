"""Pages of replications: the published figures beside ours, with the equations, the bands and a picture."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.replications.replication import Chart, Line, Outcome, Replication
from glasshouse.replications.replication import Figure as ComparedFigure
from glasshouse.report import charts, templates
from glasshouse.report.elements import Cell, Figure, Table
from glasshouse.storage import write_atomic

INKS = (charts.REGIME, "#0072B2", "#007A5E", "#8A4A9E", "#6B6B66", "#B8860B")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3])
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down")
"""Five of each beside six inks, so that thirty lines differ."""
POINTS = 400
"""Points of a line that a picture shows at most; more could not be distinguished."""

VERDICTS = {"reproduced": "reproduced", "differs": "differs", "shown": "shown, not judged"}


@dataclass(frozen=True)
class ReplicationRun:
    """A replication that was simulated, from which seed, and how long that took (seconds)."""

    replication: Replication
    outcome: Outcome
    seed: int
    seconds: float

    @property
    def figures(self) -> tuple[ComparedFigure, ...]:
        """Ours beside the published figures."""
        return self.replication.figures(self.outcome)

    @property
    def judged(self) -> tuple[ComparedFigure, ...]:
        """Those that have a band."""
        return tuple(one for one in self.figures if one.verdict != "shown")

    @property
    def reproduced(self) -> int:
        """How many lie in their bands."""
        return sum(one.verdict == "reproduced" for one in self.judged)

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        sentence = f"{self.reproduced} of {len(self.judged)} figures come out as published, derived or claimed"
        missed = [one.target.name for one in self.judged if one.verdict == "differs"]
        return (
            f"{sentence}; {', '.join(missed)} {'differ' if len(missed) > 1 else 'differs'}."
            if missed
            else f"{sentence}."
        )


def simulate(kind: type[Replication], seed: int) -> ReplicationRun:
    """Simulate a replication and take the time.

    Parameters
    ----------
    kind : type of Replication
        The replication.
    seed : int
        The random seed.

    Returns
    -------
    ReplicationRun
        The outcome, with the random seed and the duration in seconds.
    """
    replication, begun = kind(), time.perf_counter()
    outcome = replication.simulate(seed)
    return ReplicationRun(replication, outcome, seed, time.perf_counter() - begun)


def write(run: ReplicationRun, path: Path) -> None:
    """Writes the page as one self-contained HTML file, whole or not at all; StoringError if that fails.

    Parameters
    ----------
    run : ReplicationRun
        The replication with its outcome.
    path : Path
        Where the file goes; folders are created as needed.
    """
    write_atomic(path, page(run), "the page")


def published(one: ComparedFigure) -> str:
    """State the published figure in words.

    Parameters
    ----------
    one : ComparedFigure
        The figure.

    Returns
    -------
    str
        The number; “a direction” where only a direction is claimed; “no number” where the figure is not judged.
    """
    target = one.target
    if target.published is not None:
        return f"{_plain(target.published)}"
    return "no number" if target.band is None else "a direction"


def band(one: ComparedFigure) -> str:
    """State the band in words.

    Parameters
    ----------
    one : ComparedFigure
        The figure.

    Returns
    -------
    str
        The range in which the figure is accepted, or that it is not judged.
    """
    if one.target.band is None:
        return "not judged"
    low, high = one.target.band
    if one.target.certain and low == 0.0:
        return "certainly above 0"
    if np.isinf(high):
        return f"at least {_plain(low)}"
    if np.isinf(low):
        return f"at most {_plain(high)}"
    return "exact" if low == high else f"{_plain(low)} to {_plain(high)}"


def ours(one: ComparedFigure) -> str:
    """State our figure in words, with its interval where it is random.

    Parameters
    ----------
    one : ComparedFigure
        The figure.

    Returns
    -------
    str
        The mean, with the interval in parentheses if it has a width; digits fit the interval and the band.
    """
    found = one.ours
    if np.isnan(found.mean):
        return "not found"
    widths = [
        (found.high - found.low) / 2,
        *([(one.target.band[1] - one.target.band[0]) / 2] if one.target.band else []),
    ]
    known = [width for width in widths if np.isfinite(width) and width > 0]
    digits = max((int(max(1 - np.floor(np.log10(width)), 0)) for width in known), default=0)
    mean = (f"{found.mean:.{digits}f}" if known else _plain(found.mean)).replace("-", "−")
    return (
        f"{mean} ({found.low:.{digits}f} to {found.high:.{digits}f})".replace("-", "−")
        if found.high > found.low
        else mean
    )


def page(run: ReplicationRun) -> str:
    """The page of one replication.

    Parameters
    ----------
    run : ReplicationRun
        The replication with its outcome.

    Returns
    -------
    str
        The whole page.
    """
    one = run.replication
    pictures = [
        Figure(chart.title, charts.svg(drawing(chart), f"r{place}"), chart.caption, chart.caption)
        for place, chart in enumerate(run.outcome.charts)
    ]
    return templates.page(
        "replication.html",
        one=one,
        run=run,
        about=" ".join((one.__doc__ or "").split()),
        pictures=pictures,
        figures=figures(run),
        differences=differences(run),
    )


def figures(run: ReplicationRun) -> Table:
    """The table of all figures.

    Parameters
    ----------
    run : ReplicationRun
        The replication with its outcome.

    Returns
    -------
    Table
        A row for each figure: published, simulated, band, verdict and reason.
    """
    rows = [
        (
            Cell(one.target.what, one.target.name),
            _with(published(one), one.target.unit),
            ours(one),
            band(one),
            VERDICTS[one.verdict] if one.verdict != "differs" else Cell("differs", style="strong"),
            Cell(one.target.why, style="small"),
        )
        for one in run.figures
    ]
    head = ("Figure", "Published", "Ours (95 % interval)", "Band", "Verdict", "Where it is from, and why that band")
    return Table(head, rows, numbers=(1, 2, 3))


def differences(run: ReplicationRun) -> list[tuple[str, str]]:
    """What does not lie in its band or cannot be had.

    Parameters
    ----------
    run : ReplicationRun
        The replication with its outcome.

    Returns
    -------
    list of (str, str)
        The name of each figure and the likely cause.
    """
    causes = run.replication.differs
    missed = [one.target.name for one in run.judged if one.verdict == "differs"]
    return [(name, causes.get(name, "no cause is known yet.")) for name in dict.fromkeys([*missed, *causes])]


def drawing(chart: Chart) -> charts.Spec:
    """The chart as a specification: lines differ by colour and dash, points by colour and shape, published ones hollow.

    Lines, our points and published points have a legend each, so that every sign stands there as it is drawn.

    Parameters
    ----------
    chart : Chart
        The published chart and what was simulated.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    x: charts.Spec = {"field": "x", "type": "quantitative", "title": chart.x, "scale": _scale(chart.log_x)}
    y: charts.Spec = {"field": "y", "type": "quantitative", "title": chart.y, "scale": _scale(chart.log_y)}
    x["scale"]["zero"] = False
    inks = {line.name: INKS[place % len(INKS)] for place, line in enumerate(chart.lines)}
    layers = [_band(line, x, y, inks[line.name]) for line in chart.lines if line.low is not None]
    for points, published in ((False, None), (True, False), (True, True)):
        group = [
            (place, line)
            for place, line in enumerate(chart.lines)
            if (line.marks == "points") == points and published in (None, line.published)
        ]
        if group:
            layers.append({"layer": [_mark(line, x, y, group) for _, line in group]})
    independent = {"scale": dict.fromkeys(("color", "shape", "strokeDash"), "independent")}
    found = charts.framed({"width": 560, "height": 300, "layer": layers, "resolve": independent})
    # Below one another: side by side, several legends would make the picture wider and its writing smaller.
    below = {"legend": {"layout": {"bottom": {"direction": "vertical", "anchor": "start"}}}}
    return {**found, "config": {**found["config"], **below}}


def _scale(logarithmic: bool) -> charts.Spec:
    return {"type": "log", "nice": False} if logarithmic else {}


def _band(line: Line, x: charts.Spec, y: charts.Spec, ink: str) -> charts.Spec:
    """The interval around a line, as an area, or around points, as rules."""
    look = {"type": "rule", "strokeWidth": 1.4} if line.marks == "points" else {"type": "area", "opacity": 0.2}
    spread = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
    return {"data": {"values": _rows(line)}, "mark": {**look, "color": ink}, "encoding": spread}


def _mark(line: Line, x: charts.Spec, y: charts.Spec, group: Sequence[tuple[int, Line]]) -> charts.Spec:
    """One line or row of points, coloured and formed by its place in the chart; `group` shares its legend."""
    names = [one.name for _, one in group]
    legend = {"title": None, "orient": "bottom", "columns": 3, "labelLimit": 260, "symbolStrokeWidth": 2}

    def by(values: Sequence[Any]) -> charts.Spec:
        chosen = [values[place % len(values)] for place, _ in group]
        return {"field": "line", "type": "nominal", "scale": {"domain": names, "range": chosen}, "legend": legend}

    mark: charts.Spec = {"type": "line", "strokeWidth": 1.4 if line.published else 2.2}
    if line.marks == "points":
        mark = {"type": "point", "size": 60, "filled": not line.published, "strokeWidth": 2}
    elif line.marks == "steps":
        mark["interpolate"] = "step-after"
    form = {"shape": by(SHAPES)} if line.marks == "points" else {"strokeDash": by(DASHES)}
    return {"data": {"values": _rows(line)}, "mark": mark, "encoding": {"x": x, "y": y, "color": by(INKS), **form}}


def _rows(line: Line) -> charts.Rows:
    """The line's points, thinned to what a picture can show."""
    places = np.unique(np.linspace(0, len(line.x) - 1, min(len(line.x), POINTS)).round().astype(int))
    rows = [{"line": line.name, "x": float(line.x[k]), "y": float(line.y[k])} for k in places]
    if line.low is not None and line.high is not None:
        rows = [
            {**row, "low": float(line.low[k]), "high": float(line.high[k])} for row, k in zip(rows, places, strict=True)
        ]
    return rows


def _plain(value: float) -> str:
    return f"{value:.6g}".replace("-", "−")


def _with(text: str, unit: str) -> str:
    return f"{text} {unit}".strip()
