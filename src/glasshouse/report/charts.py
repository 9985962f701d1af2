"""Charts as Vega-Lite specifications, and their printing as SVG.

Arms differ by dash, width and end label, also in black and white; Okabe and Ito's colours suit colour-blind readers.
"""

import json
import re
from typing import Any

from markupsafe import Markup

Spec = dict[str, Any]
Rows = list[dict[str, Any]]

REFERENCE, REGIME = "#0072B2", "#C44500"
NAMES = ("without the regime", "with the regime")
FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"

_LOOK: Spec = {
    "font": FONT,
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": "#e4e4e0",
        "domainColor": "#888",
        "tickColor": "#888",
        "labelColor": "#333",
        "titleColor": "#333",
    },
    "header": {"labelFontSize": 13, "labelFontWeight": "bold", "title": None},
    "text": {"font": FONT, "fontSize": 12},
}


def over_time(rows: Rows, unit: str, starts: bool) -> Spec:
    """Both arms by year. Rows: year, arm (one of NAMES), mean, low, high over replicates.

    Parameters
    ----------
    rows : Rows
        Rows of data for the chart, one dictionary each.
    unit : str
        The unit, as the axis has it.
    starts : bool
        Whether years count from the start of the regime.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    colours = {
        "field": "arm",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": NAMES, "range": [REFERENCE, REGIME]},
    }
    dashes = {
        "field": "arm",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": NAMES, "range": [[5, 4], [1, 0]]},
    }
    widths = {"field": "arm", "type": "nominal", "legend": None, "scale": {"domain": NAMES, "range": [1.8, 2.8]}}
    title = "years since the regime began" if starts else "year of the run"
    x = {"field": "year", "type": "quantitative", "title": title, "axis": {"tickMinStep": 1, "grid": False}}
    y = {"field": "mean", "type": "quantitative", "title": unit, "scale": {"zero": True}}
    last = max(row["year"] for row in rows)
    band: Spec = {
        "mark": {"type": "area", "opacity": 0.18},
        "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colours},
    }
    line: Spec = {
        "mark": {"type": "line"},
        "encoding": {"x": x, "y": y, "color": colours, "strokeDash": dashes, "strokeWidth": widths},
    }
    layers = [band, line, *_end_labels([row for row in rows if row["year"] == last])]
    if starts:
        layers.insert(
            0,
            {
                "data": {"values": [{"year": 0}]},
                "mark": {"type": "rule", "color": "#777", "strokeDash": [2, 2]},
                "encoding": {"x": {"field": "year", "type": "quantitative"}},
            },
        )
    return framed({"data": {"values": rows}, "width": 330, "height": 190, "layer": layers})


def side_by_side(rows: Rows, lines: list[str], references: int, *, since_start: bool) -> Spec:
    """Several regimes by year beside their references. Rows: year, line (one of `lines`), mean.

    Parameters
    ----------
    rows : Rows
        Rows of data for the chart, one dictionary each.
    lines : list[str]
        Names of the lines, the references first.
    references : int
        How many of the lines are references: one for all regimes, or one for each in the order of the regimes.
    since_start : bool
        Whether years count from the start of the regime.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    regimes = [REGIME, "#007A5E", "#8A4A9E", "#6B6B66"][: len(lines) - references]
    # The reference of one regime alone has its colour and the dashes of a reference.
    inks = [*([REFERENCE] if references == 1 else regimes), *regimes]
    dashes = [*[[5, 4]] * references, *[[1, 0], [1, 0], [8, 3], [2, 2]][: len(regimes)]]
    title = "years since the regime began" if since_start else "year of the run"
    line = {
        "field": "line",
        "type": "nominal",
        "legend": {"title": None, "orient": "top", "columns": 1, "labelLimit": 300},
    }
    encoding = {
        "x": {"field": "year", "type": "quantitative", "title": title, "axis": {"tickMinStep": 1, "grid": False}},
        "y": {"field": "mean", "type": "quantitative", "title": None, "scale": {"zero": True}},
        "color": {**line, "scale": {"domain": lines, "range": inks}},
        "strokeDash": {**line, "scale": {"domain": lines, "range": dashes}},
    }
    mark = {"type": "line", "strokeWidth": 2.2}
    return framed({"data": {"values": rows}, "width": 330, "height": 190, "mark": mark, "encoding": encoding})


def tiles(rows: Rows, maps: list[str], most: float, unit: str) -> Spec:
    """Maps of tiles beside one another. Rows: map (one of `maps`), x, y, change (None: unknown) up to `most` either way, text.

    Parameters
    ----------
    rows : Rows
        Rows of data for the chart, one dictionary each.
    maps : list[str]
        Titles of the maps.
    most : float
        The largest change, which has the strongest shade.
    unit : str
        The unit, as the axis has it.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    place = {"type": "ordinal", "axis": None}
    shade = {
        "field": "change",
        "type": "quantitative",
        "scale": {"domain": [-most, 0, most], "range": [REFERENCE, "#f7f5ef", REGIME], "interpolate": "lab"},
        "legend": {"title": unit, "orient": "bottom", "gradientLength": 160},
    }
    ink = {"condition": {"test": f"abs(datum.change) > {0.85 * most}", "value": "#fff"}, "value": "#111"}
    across = 1 + max(int(row["x"]) for row in rows)
    side = max(6, min(46, 330 // across))
    both: Spec = {
        "width": {"step": side},
        "height": {"step": side},
        "encoding": {"x": {"field": "x", **place}, "y": {"field": "y", **place}},
        "layer": [
            {"mark": {"type": "rect", "stroke": "#bbb", "strokeWidth": 0.5}, "encoding": {"color": shade}},
            {
                "mark": {"type": "text", "fontSize": 11},
                "encoding": {"text": {"field": "text"}, "color": ink},
            },
        ],
    }
    header = {"labelLimit": 330, "labelFontSize": 11, "labelFontWeight": "normal"}
    facet = {"field": "map", "type": "nominal", "sort": maps, "title": None, "header": header}
    apart = {"scale": {"x": "independent", "y": "independent"}}
    return framed({"data": {"values": rows}, "facet": facet, "columns": 2, "spec": both, "resolve": apart})


def live(first: float, last: float) -> Spec:
    """Both arms while they run, from year `first` to `last`; a page puts rows into the data set `rows` as they come.

    Rows: year, arm (one of NAMES), mean, replicate.

    Parameters
    ----------
    first : float
        The first year.
    last : float
        The last year.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    field = {"field": "arm", "type": "nominal", "legend": None}
    x = {"field": "year", "type": "quantitative", "title": None, "scale": {"domain": [first, last], "nice": False},
         "axis": {"tickMinStep": 1, "grid": False}}  # fmt: skip
    encoding = {
        "x": x,
        "y": {"field": "mean", "type": "quantitative", "title": None, "scale": {"zero": True}},
        "detail": {"field": "replicate"},
        "color": {**field, "scale": {"domain": NAMES, "range": [REFERENCE, REGIME]}},
        "strokeDash": {**field, "scale": {"domain": NAMES, "range": [[5, 4], [1, 0]]}},
        "strokeWidth": {"condition": {"test": f"datum.arm === '{NAMES[0]}'", "value": 1.8}, "value": 2.8},
    }
    begins: Spec = {
        "data": {"values": [{"year": 0}]},
        "mark": {"type": "rule", "color": "#777", "strokeDash": [2, 2]},
        "encoding": {"x": {"field": "year", "type": "quantitative"}},
    }
    lines: Spec = {"data": {"name": "rows"}, "mark": {"type": "line"}, "encoding": encoding}
    layers = [begins, lines] if first < 0.0 < last else [lines]
    return framed({"width": "container", "height": 150, "layer": layers})


def _end_labels(ends: Rows) -> list[Spec]:
    """“with” and “without” to the right of the lines' ends, moved apart where the ends are close."""
    upper = max(ends, key=lambda row: float(row["mean"]))
    return [
        {
            "data": {"values": [{**row, "short": row["arm"].partition(" ")[0]}]},
            "mark": {
                "type": "text",
                "align": "left",
                "dx": 6,
                "dy": (-5 if row is upper else 7) if len(ends) > 1 else 0,
                "fontWeight": "bold" if row["arm"] == NAMES[1] else "normal",
                "color": REGIME if row["arm"] == NAMES[1] else REFERENCE,
            },
            "encoding": {
                "x": {"field": "year", "type": "quantitative"},
                "y": {"field": "mean", "type": "quantitative"},
                "text": {"field": "short"},
            },
        }
        for row in ends
    ]


def intervals(rows: Rows, unit: str, *, width: int = 420) -> Spec:
    """Means with intervals beside a line at zero. Rows: label, mean, low, high, strong (yes draws it filled).

    Parameters
    ----------
    rows : Rows
        Rows of data for the chart, one dictionary each.
    unit : str
        The unit, as the axis has it.
    width : int, optional
        Width in pixels.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    order = [row["label"] for row in rows]
    y = {
        "field": "label",
        "type": "nominal",
        "sort": order,
        "title": None,
        "axis": {"labelLimit": 420, "domain": False, "ticks": False, "labelPadding": 8},
    }
    x = {"field": "low", "type": "quantitative", "title": unit, "scale": {"zero": True}}
    filled = {"condition": {"test": "datum.strong", "value": REGIME}, "value": "#ffffff"}
    return framed(
        {
            "data": {"values": rows},
            "width": width,
            "height": {"step": 26},
            "layer": [
                {"mark": {"type": "rule", "color": "#555"}, "encoding": {"x": {"datum": 0}}},
                {
                    "mark": {"type": "rule", "strokeWidth": 2, "color": REGIME},
                    "encoding": {"y": y, "x": x, "x2": {"field": "high"}},
                },
                {
                    "mark": {"type": "point", "size": 75, "filled": True, "stroke": REGIME, "strokeWidth": 2},
                    "encoding": {"y": y, "x": {**x, "field": "mean"}, "fill": filled},
                },
            ],
        }
    )


def event_study(rows: Rows, unit: str) -> Spec:
    """Effects by time since joining beside the truth. Rows: years, mean, low, high, truth.

    Parameters
    ----------
    rows : Rows
        Rows of data for the chart, one dictionary each.
    unit : str
        The unit, as the axis has it.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    axis = {"grid": False, "tickMinStep": 0.5, "format": "~g"}
    x = {"field": "years", "type": "quantitative", "title": "years since the district joined", "axis": axis}
    y = {"field": "mean", "type": "quantitative", "title": f"effect, {unit}"}
    once: Spec = {"data": {"values": [{}]}}
    joining = {"color": "#777", "strokeDash": [2, 2]}
    spread = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
    last = rows[-1]
    upper = last["mean"] >= last["truth"]
    layers = [
        {**once, "mark": {"type": "rule", "color": "#555"}, "encoding": {"y": {"datum": 0}}},
        {**once, "mark": {"type": "rule", **joining}, "encoding": {"x": {"datum": 0}}},
        {"mark": {"type": "rule", "color": REGIME, "strokeWidth": 1.2}, "encoding": spread},
        {"mark": {"type": "line", "color": REGIME, "strokeWidth": 1.6}, "encoding": {"x": x, "y": y}},
        {"mark": {"type": "point", "filled": True, "size": 55, "color": REGIME}, "encoding": {"x": x, "y": y}},
        {
            "mark": {"type": "line", "color": REFERENCE, "strokeDash": [5, 4], "strokeWidth": 2},
            "encoding": {"x": x, "y": {**y, "field": "truth"}},
        },
        _end_label(last, "mean", "field", REGIME, -6 if upper else 8),
        _end_label(last, "truth", "truth", REFERENCE, 8 if upper else -6),
    ]
    return framed({"data": {"values": rows}, "width": 620, "height": 260, "layer": layers})


def _end_label(row: dict[str, Any], field: str, text: str, color: str, dy: int) -> Spec:
    return {
        "data": {"values": [row]},
        "mark": {"type": "text", "align": "left", "dx": 8, "dy": dy, "color": color, "text": text},
        "encoding": {
            "x": {"field": "years", "type": "quantitative"},
            "y": {"field": field, "type": "quantitative"},
        },
    }


def framed(spec: Spec) -> Spec:
    """Add the schema and the look that all charts share.

    Parameters
    ----------
    spec : dict
        The chart in Vega-Lite.

    Returns
    -------
    dict
        A copy of the chart with both.
    """
    return {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": _LOOK, **spec}


def svg_file(spec: Spec) -> str:
    """Draws a chart as a file of its own.

    Parameters
    ----------
    spec : dict
        The chart in Vega-Lite.

    Returns
    -------
    str
        The SVG.
    """
    import vl_convert

    return str(vl_convert.vegalite_to_svg(json.dumps(spec)))


def svg(spec: Spec, name: str) -> Markup:
    """Draws a chart as a part of a page, where it takes the width that there is.

    Parameters
    ----------
    spec : dict
        The chart in Vega-Lite.
    name : str
        A name that no other chart of the page has; it keeps their identifiers apart.

    Returns
    -------
    markupsafe.Markup
        The SVG element, in which the printer has escaped every text.
    """
    drawn = svg_file(spec)
    found: dict[str, int] = {}

    def renamed(part: re.Match[str]) -> str:
        # The printer numbers such parts over all charts of a process: the same chart shall have the same bytes.
        number = found.setdefault(part[2] + part[3], len(found))
        return f"{part[1]}{name}-{part[2]}{number}"

    drawn = re.sub(r'(id="|url\(#)(clip|gradient_?|marker)(\d+)', renamed, drawn)
    drawn = re.sub(r' (width|height)="[\d.]+"', "", drawn[: drawn.index(">")]) + drawn[drawn.index(">") :]
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))
