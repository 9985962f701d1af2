"""The charts of a calibration: predictions beside published figures, parameters before and after, the course of a search."""

import math
from collections.abc import Sequence

import numpy as np

from glasshouse.analysis.calibration.result import Calibration, TargetCheck
from glasshouse.model.measure import FloatArray
from glasshouse.report import charts
from glasshouse.study.factor import Factor

BINS = 12
"""Bars over a parameter's range."""
WIDEST = 3.0
"""The greatest multiple of a published figure that a chart shows; wider intervals run out of it."""
GREY, INK = "#8a8a84", "#1c1c1a"


def predictions(shown: Sequence[TargetCheck]) -> charts.Spec:
    """The chart of targets: those fitted above, those held out below, on one scale.

    Parameters
    ----------
    shown : sequence of TargetCheck
        Published figures beside those of the model.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    parts = [
        _panel([one for one in shown if one.target.fitted is fitted], title)
        for fitted, title in ((True, "fitted"), (False, "held out: not shown to the model"))
        if any(one.target.fitted is fitted for one in shown)
    ]
    return charts.framed({"vconcat": parts, "spacing": 14, "resolve": {"scale": {"x": "shared"}}})


def _panel(shown: Sequence[TargetCheck], title: str) -> charts.Spec:
    rows = [_row(one) for one in shown]
    axis = {"labelLimit": 400, "domain": False, "ticks": False, "labelPadding": 8}
    y = {"field": "what", "type": "nominal", "sort": [row["what"] for row in rows], "title": None, "axis": axis}
    scale = {"domain": [0, WIDEST], "nice": False}
    x = {"type": "quantitative", "title": "multiple of the published figure", "scale": scale}

    def line(low: str, high: str, color: str, width: float, across: int) -> charts.Spec:
        mark = {"type": "rule", "color": color, "strokeWidth": width, "yOffset": across, "clip": True}
        return {"mark": mark, "encoding": {"y": y, "x": {**x, "field": low}, "x2": {"field": high}}}

    dot = {
        "type": "point",
        "filled": True,
        "size": 55,
        "color": charts.REGIME,
        "yOffset": 5,
        "clip": True,
        "opacity": 1,
    }
    fill = {"condition": {"test": "datum.fitted", "value": INK}, "value": "#ffffff"}
    mark = {
        "type": "point",
        "shape": "diamond",
        "size": 80,
        "stroke": INK,
        "strokeWidth": 1.6,
        "yOffset": -5,
        "filled": True,
    }
    layers: list[charts.Spec] = [
        {"mark": {"type": "rule", "color": "#cfcfca", "strokeDash": [3, 3]}, "encoding": {"x": {"datum": 1}}},
        line("before_low", "before_high", GREY, 1.2, 11),
        line("after_low", "after_high", charts.REGIME, 3.0, 5),
        {"mark": dot, "encoding": {"y": y, "x": {**x, "field": "mean"}}},
        line("low", "high", INK, 1.4, -5),
        {"mark": mark, "encoding": {"y": y, "x": {**x, "field": "published"}, "fill": fill, "opacity": {"value": 1}}},
    ]
    heading = {"text": title, "anchor": "start", "fontSize": 13, "fontWeight": "bold", "frame": "group"}
    return {"title": heading, "data": {"values": rows}, "width": 400, "height": {"step": 34}, "layer": layers}


def _row(one: TargetCheck) -> dict[str, object]:
    """A target with everything as a multiple of what was published."""
    unit = one.target.figure
    spread = 1.96 * one.target.error / abs(unit)
    ends = {
        f"{name}_{end}": value / unit
        for name, span in (("before", one.before), ("after", one.after))
        for end, value in zip(("low", "high"), span, strict=True)
        if math.isfinite(value)
    }
    return {
        "what": one.target.what, "fitted": one.target.fitted, "published": 1.0, "low": 1.0 - spread, "high": 1.0 + spread,
        "mean": one.mean / unit, **ends,
    }  # fmt: skip


def densities(found: Calibration) -> charts.Spec:
    """Small charts, one a parameter: how often each part of its range occurs before and after.

    Parameters
    ----------
    found : Calibration
        What was found.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    assert found.posterior is not None
    assert found.sample is not None
    parts = []
    for k, factor in enumerate(found.factors):
        low, high = (-0.5, len(factor.values) - 0.5) if factor.values else (factor.low, factor.high)
        edges = np.linspace(low, high, (len(factor.values) or BINS) + 1)
        before = _density(found.sample.points[:, k], None, edges)
        after = _density(found.posterior.draws[:, k], found.posterior.weights, edges)
        rows = [
            {
                "from": float(edges[b]),
                "to": float(edges[b + 1]),
                "before": float(before[b]),
                "after": float(after[b]),
                "zero": 0,
            }
            for b in range(len(edges) - 1)
        ]
        parts.append(_histogram(factor, rows, [float(low), float(high)]))
    return charts.framed({"concat": parts, "columns": 3, "spacing": 22})


def _density(points: FloatArray, weights: FloatArray | None, edges: FloatArray) -> FloatArray:
    """Shares in each bar, as multiples of an even spread."""
    counts, _ = np.histogram(points, bins=edges, weights=weights)
    return np.asarray(counts / counts.sum() * len(counts), dtype=np.float64)


def _histogram(factor: Factor, rows: charts.Rows, ends: list[float]) -> charts.Spec:
    x = {
        "field": "from", "type": "quantitative", "title": f"{factor.key} ({unit(factor)})" if unit(factor) else factor.key,
        "scale": {"domain": ends, "nice": False}, "axis": {"grid": False, "tickCount": 4, "labelOverlap": True},
    }  # fmt: skip
    y = {"type": "quantitative", "title": None, "axis": None}

    def bars(field: str, mark: charts.Spec) -> charts.Spec:
        encoding = {"x": x, "x2": {"field": "to"}, "y": {**y, "field": field}, "y2": {"field": "zero"}}
        return {"mark": {"type": "rect", **mark}, "encoding": encoding}

    layers = [bars("before", {"color": "#d4d4ce"}), bars("after", {"color": charts.REGIME, "opacity": 0.62})]
    return {"data": {"values": rows}, "width": 230, "height": 80, "layer": layers}


def course(distances: FloatArray) -> charts.Spec:
    """The chart of a search: each point's distance in order, and the nearest so far.

    Parameters
    ----------
    distances : FloatArray
        Distance of each point from the published figures, in standard errors.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    rows = [
        {"point": number, "distance": float(value), "nearest": float(np.nanmin(distances[: number + 1]))}
        for number, value in enumerate(distances)
        if math.isfinite(value)
    ]
    x = {
        "field": "point",
        "type": "quantitative",
        "title": "points, in the order of the search",
        "axis": {"grid": False},
    }
    y = {"type": "quantitative", "title": "standard errors off", "scale": {"type": "log"}}
    layers = [
        {"mark": {"type": "point", "color": GREY, "size": 30}, "encoding": {"x": x, "y": {**y, "field": "distance"}}},
        {
            "mark": {"type": "line", "color": charts.REGIME, "interpolate": "step-after"},
            "encoding": {"x": x, "y": {**y, "field": "nearest"}},
        },
    ]
    return charts.framed({"data": {"values": rows}, "width": 620, "height": 220, "layer": layers})


def unit(factor: Factor) -> str:
    """Unit of a parameter, as the charts show it.

    Parameters
    ----------
    factor : Factor
        The parameter.

    Returns
    -------
    str
        The unit; empty where the parameter has none.
    """
    return "" if factor.unit == "1" else factor.unit
