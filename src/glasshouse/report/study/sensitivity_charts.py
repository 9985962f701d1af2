"""Which settings an outcome depends on, drawn: a bar with its interval for each factor and index."""

import numpy as np
from markupsafe import Markup

from glasshouse.analysis.sensitivity_indices import UNBOUNDED, Index, Method, Sensitivity
from glasshouse.report import charts
from glasshouse.report.elements import Figure, fold, paragraphs, together

SHOWN = 20
"""Factors that a chart shows; the weaker ones stand in the words alone."""

AXES: dict[Method, str] = {
    "sobol": "share of the outcome's variance",
    "morris": "change of the outcome over the factor's whole range, in the outcome's unit",
    "delta": "share by which the outcome's distribution shifts when the factor is known",
    "pawn": "greatest distance between the outcome's distributions, 0 to 1",
}
LIGHT = "#f6d5c3"
"""The second index of a factor, which prints pale where the first prints dark."""


def drawn(result: Sensitivity, outcome: str, name: str) -> Markup:
    """The chart with its heading and words, as HTML; `name` keeps its parts apart from those of other charts.

    Parameters
    ----------
    result : Sensitivity
        The sensitivity indices.
    outcome : str
        The outcome's name.
    name : str
        A name that no other chart of the page has.

    Returns
    -------
    markupsafe.Markup
        The content as HTML.
    """
    sentences = result.sentences()
    left = max(len(result.factors) - SHOWN, 0)
    weaker = f" {left} weaker factors stand only in the words below." if left else ""
    caption = f"{legend(result)}{weaker} {' '.join(result.notes())}"
    chart = Figure(f"What {outcome} depends on", charts.svg(bars(result), name), " ".join(sentences), caption)
    return together(chart, fold("In words", paragraphs(*sentences)))


def legend(result: Sensitivity) -> str:
    """Explain the lines, pale bars and grey marks of the chart.

    Parameters
    ----------
    result : Sensitivity
        The sensitivity indices.

    Returns
    -------
    str
        Sentences.
    """
    spread = result.method in UNBOUNDED
    lines = "Lines are the spread over bootstrap samples" if spread else "Lines are 95 % intervals"
    pale = "is not distinguishable from no effect"
    if result.replicates == 1 and not spread:
        pale = "is not known to differ from no effect"
    marks = ""
    if any(index.floor > 0.0 for index in result.indices):
        marks = (
            " The grey mark is the most that 39 settings without any effect showed."
            if spread
            else " The grey mark is what Monte Carlo noise alone would show."
        )
    return f"{lines}. A pale bar with a dashed edge {pale}.{marks}"


def bars(result: Sensitivity) -> charts.Spec:
    """The chart: factors from the strongest down, their indices side by side, dark and pale, with intervals.

    Parameters
    ----------
    result : Sensitivity
        The sensitivity indices.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    order, names = result.strongest[:SHOWN], list(result.names)
    rows = [_row(index) for key in order for index in result.indices if index.factor.key == key]
    y = {
        "field": "factor",
        "type": "nominal",
        "sort": list(order),
        "title": None,
        "axis": {"labelLimit": 420, "domain": False, "ticks": False, "labelPadding": 8},
    }
    along = {"y": y, "yOffset": {"field": "index", "sort": names}}
    x = {"field": "value", "type": "quantitative", "title": AXES[result.method]}
    fill = {
        "field": "index",
        "type": "nominal",
        "scale": {"domain": names, "range": [charts.REGIME, LIGHT][: len(names)]},
        "legend": {"title": None, "orient": "top", "symbolStrokeColor": charts.REGIME} if len(names) > 1 else None,
    }
    unclear = {"condition": {"test": "datum.distinct", "value": 1.0}, "value": 0.3}
    dashes = {"condition": {"test": "datum.distinct", "value": [1, 0]}, "value": [3, 2]}
    mark = {"type": "bar", "stroke": charts.REGIME, "strokeWidth": 1}
    grey = {"type": "tick", "color": "#555", "thickness": 2}
    layers: list[charts.Spec] = [
        {"mark": mark, "encoding": {**along, "x": x, "fill": fill, "fillOpacity": unclear, "strokeDash": dashes}},
        {
            "mark": {"type": "rule", "color": "#111"},
            "encoding": {**along, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "transform": [{"filter": "datum.floor > 0"}],
            "mark": grey,
            "encoding": {**along, "x": {**x, "field": "floor"}},
        },
        {"mark": {"type": "rule", "color": "#555"}, "encoding": {"x": {"datum": 0}}},
    ]
    return charts.framed({"data": {"values": rows}, "width": 420, "height": {"step": 15}, "layer": layers})


def _row(index: Index) -> dict[str, object]:
    estimate = index.estimate
    floor = index.floor if np.isfinite(index.floor) else 0.0
    ends = {"value": estimate.mean, "low": estimate.low, "high": estimate.high, "floor": floor}
    return {"factor": index.factor.key, "index": index.name, **ends, "distinct": bool(index.distinct)}
