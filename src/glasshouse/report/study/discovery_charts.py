"""A box in the space of settings, drawn: the ranges that it leaves within the full ones, and how it was chosen."""

import numpy as np
from markupsafe import Markup

from glasshouse.analysis.boxes import BoxLimit, ScenarioDiscovery
from glasshouse.report import charts
from glasshouse.report.elements import Figure, fold, paragraphs, together
from glasshouse.study.factor import Factor

SHOWN = 10
"""Settings that a chart shows, those with the smallest quasi-p-values."""
BOX, OTHER = "#f6d5c3", "#8a8a85"


def drawn(result: ScenarioDiscovery, name: str) -> Markup:
    """Both charts with their words, as HTML; words alone where no box stands. `name` keeps their parts apart.

    Parameters
    ----------
    result : ScenarioDiscovery
        The box that was found.
    name : str
        A name that no other chart of the page has.

    Returns
    -------
    markupsafe.Markup
        The content as HTML.
    """
    sentences = result.sentences()
    words = paragraphs(*sentences)
    if not result.stands:
        return words
    caption = (
        f"A row is a setting over its whole range; the shaded part is the box. Dark marks are points where this is so: "
        f"{result.what[0].lower()}{result.what[1:]}. Grey rings are the others. {result.density:.0%} of the points within "
        f"all the shaded parts are dark, against {result.base:.0%} everywhere."
    )
    curve = (
        "Every mark is a box of the search, from everything (below, right) to a few points. The large dot is the box above; the "
        "cross is what boxes found the same way held among points that the search had not seen, with a 95 % interval."
    )
    return together(
        Figure(f"Where: {result.what}", charts.svg(ranges(result), f"{name}-box"), " ".join(sentences), caption),
        Figure("How far to trust the box", charts.svg(trade_off(result), f"{name}-curve"), sentences[-1], curve),
        fold("In words", words),
    )


def ranges(result: ScenarioDiscovery) -> charts.Spec:
    """A row for each limited setting: its range from 0 to 1, the box shaded, every point as a mark in one of two lanes.

    Parameters
    ----------
    result : ScenarioDiscovery
        The box that was found.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    shown = sorted(result.limits, key=lambda limit: limit.quasi_p)[:SHOWN]
    rows = [row for limit in shown for row in _parts(limit)]
    marks = [row for limit in shown for row in _points(result, limit)]
    ends = [row for limit in shown for row in _ends(limit)]
    y = {
        "field": "setting",
        "type": "nominal",
        "sort": [str(limit) for limit in shown],
        "title": None,
        "axis": {"labelLimit": 460, "domain": False, "ticks": False, "labelPadding": 10},
    }
    x = {"field": "x", "type": "quantitative", "title": None, "scale": {"domain": [0, 1]}, "axis": None}
    lane = {"field": "lane", "type": "quantitative", "scale": {"domain": [0, 1], "range": [16, 62]}}
    layers: list[charts.Spec] = [
        {
            "mark": {"type": "bar", "color": "#f3f3ee", "stroke": "#c9c9c3", "height": 46},
            "encoding": {"y": y, "x": {**x, "field": "from"}, "x2": {"field": "to"}},
        },
        {
            "transform": [{"filter": "datum.inside"}],
            "mark": {"type": "bar", "color": BOX, "stroke": charts.REGIME, "height": 46},
            "encoding": {"y": y, "x": {**x, "field": "from"}, "x2": {"field": "to"}},
        },
        {
            "data": {"values": marks},
            "mark": {"type": "point", "size": 22, "strokeWidth": 1},
            "encoding": {
                "y": y,
                "x": x,
                "yOffset": lane,
                "stroke": {"field": "color", "type": "nominal", "scale": None},
                "fill": {"field": "filled", "type": "nominal", "scale": None},
            },
        },
        {
            "data": {"values": ends},
            "mark": {"type": "text", "fontSize": 11, "color": "#555", "dy": 33},
            "encoding": {"y": y, "x": x, "text": {"field": "label"}},
        },
    ]
    return charts.framed({"data": {"values": rows}, "width": 420, "height": {"step": 80}, "layer": layers})


def trade_off(result: ScenarioDiscovery) -> charts.Spec:
    """Coverage along, density up: the boxes of the peeling, the box taken, and what unseen points say.

    Parameters
    ----------
    result : ScenarioDiscovery
        The box that was found.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    share = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {"format": ".0%"}}
    x = {**share, "field": "coverage", "title": "coverage: share of all dark points that a box holds"}
    y = {**share, "field": "density", "title": "density: share of a box's points that are dark"}
    steps = [{"coverage": one.coverage, "density": one.density, "place": n} for n, one in enumerate(result.steps)]
    taken = [{"coverage": result.coverage, "density": result.density}]
    found = result.unseen
    unseen = [{"coverage": result.unseen_coverage, "density": found.mean, "low": found.low, "high": found.high}]
    small, blue = {"filled": True, "opacity": 1}, {"color": charts.REFERENCE, "strokeWidth": 2}
    everywhere = {"color": "#555", "text": "everywhere", "align": "left", "dx": 4, "dy": 10}
    layers: list[charts.Spec] = [
        _layer([{}], {"type": "rule", "color": "#555", "strokeDash": [2, 2]}, {"y": {"datum": result.base}}),
        _layer([{}], {"type": "text", **everywhere}, {"x": {"datum": 0}, "y": {"datum": result.base}}),
        _layer(
            steps,
            {"type": "line", "color": OTHER, "strokeWidth": 1, "point": {"color": OTHER, "size": 24}},
            {"x": x, "y": y, "order": {"field": "place"}},
        ),
        _layer(taken, {"type": "point", "size": 170, "color": charts.REGIME, **small}, {"x": x, "y": y}),
        _layer(unseen, {"type": "rule", **blue}, {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}),
        _layer(unseen, {"type": "point", "shape": "cross", "size": 130, **small, **blue}, {"x": x, "y": y}),
    ]
    return charts.framed({"width": 700, "height": 260, "layer": layers})


def _layer(rows: list[dict[str, float]], mark: charts.Spec, encoding: charts.Spec) -> charts.Spec:
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def _placed(factor: Factor, value: float) -> float:
    """Where a point of a factor stands on the row, from 0 to 1; a listed value in the middle of its part."""
    if factor.values:
        return (value + 0.5) / len(factor.values)
    return (value - factor.low) / (factor.high - factor.low)


def _parts(limit: BoxLimit) -> list[dict[str, object]]:
    """The whole range of a setting, and the parts of it that the box leaves."""
    factor, setting = limit.factor, str(limit)
    whole: dict[str, object] = {"setting": setting, "from": 0.0, "to": 1.0, "inside": False}
    if factor.values:
        places = [factor.values.index(value) for value in limit.values]
        spans = [(place / len(factor.values), (place + 1) / len(factor.values)) for place in places]
    else:
        spans = [(_placed(factor, limit.low), _placed(factor, limit.high))]
    return [whole, *({"setting": setting, "from": low, "to": high, "inside": True} for low, high in spans)]


def _points(result: ScenarioDiscovery, limit: BoxLimit) -> list[dict[str, object]]:
    """Every point in the row of a setting: cases in the upper half, the others below, spread by their number."""
    column = result.design.points[:, result.design.factors.index(limit.factor)]
    # Two fractions that do not follow one another, so that marks neither overlap nor form lines.
    across, down = (np.modf(np.arange(len(column)) * step)[0] for step in (0.7549, 0.5698))
    wide = 0.8 / len(limit.factor.values) if limit.factor.values else 0.0
    return [
        {
            "setting": str(limit),
            "x": _placed(limit.factor, float(value)) + wide * float(across[n] - 0.5),
            "lane": (0.08 if case else 0.56) + 0.36 * float(down[n]),
            "color": charts.REGIME if case else OTHER,
            "filled": charts.REGIME if case else "transparent",
        }
        for n, (value, case) in enumerate(zip(column, result.cases, strict=True))
    ]


def _ends(limit: BoxLimit) -> list[dict[str, object]]:
    """The numbers at the ends of a range, or the names of the values."""
    factor, setting = limit.factor, str(limit)
    if factor.values:
        return [
            {"setting": setting, "x": _placed(factor, n), "label": str(value)} for n, value in enumerate(factor.values)
        ]
    ends = ((0.0, factor.low), (1.0, factor.high))
    return [{"setting": setting, "x": at, "label": f"{value:.3g}"} for at, value in ends]
