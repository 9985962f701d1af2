"""The charts of the evidence sheet: where data was born against where it hurts, and harm suffered against harm done.

Both can be read in black and white: shades run from light to dark and carry their number, marks differ by shape and
filling, and what is rated unrelated or arguable has an outline of its own.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from glasshouse.analysis.ai_act.evidence import Flow, Gravity
from glasshouse.report.charts import REFERENCE, REGIME, Spec, framed
from glasshouse.results.estimate import Estimate

LIGHT, DARK = "#f6f3ec", "#7a2b00"
OUTLINES: dict[str, Spec] = {
    "related": {},
    "arguable": {"stroke": "#111", "strokeWidth": 2, "strokeDash": [4, 3]},
    "unrelated": {"stroke": "#111", "strokeWidth": 2.5},
}
"""How the cells of the map are drawn by their rating."""


def row_label(flow: Flow) -> str:
    """Label of a row of the map, for example “police: traffic breach”.

    Parameters
    ----------
    flow : Flow
        One kind of record and one context.

    Returns
    -------
    str
        The file and the kind of record, without what the kind has in parentheses.
    """
    return f"{flow.file}: {flow.kind.partition(' (')[0]}"


def _flow_rows(flows: Sequence[Flow]) -> list[dict[str, Any]]:
    return [
        {
            "data": row_label(flow),
            "context": flow.context,
            "rating": flow.rating,
            "ww": flow.found.mean if np.isfinite(flow.found.mean) else 0.0,
            "text": _short(flow.found.mean),
        }
        for flow in flows
    ]


def data_map(flows: Sequence[Flow]) -> Spec:
    """Kinds of records (rows) against contexts (columns): sanction that rests on them, welfare-weeks.

    Parameters
    ----------
    flows : sequence of Flow
        Sanction by kind of record and context.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    rows = _flow_rows(flows)
    most = max((float(row["ww"]) for row in rows), default=0.0) or 1.0
    axis: Spec = {"labelLimit": 420, "domain": False, "ticks": False, "labelPadding": 8, "title": None}
    x: Spec = {
        "field": "context",
        "type": "nominal",
        "sort": list(dict.fromkeys(row["context"] for row in rows)),
        "axis": {
            **axis,
            "orient": "top",
            "labelAngle": 0,
            "labelPadding": 24,
            "labelExpr": "split(replace(datum.label, ' and ', ' and_'), '_')",
        },
        "scale": {"paddingInner": 0.07},
    }
    y = {
        "field": "data",
        "type": "nominal",
        "sort": list(dict.fromkeys(row["data"] for row in rows)),
        "axis": axis,
        "scale": {"paddingInner": 0.16},
    }
    colour = {
        "field": "ww",
        "type": "quantitative",
        "legend": None,
        "scale": {"type": "sqrt", "domain": [0, most], "range": [LIGHT, DARK]},
    }
    cells: list[Spec] = [
        {
            "transform": [{"filter": f"datum.rating == '{rating}'"}],
            "mark": {**outline, "type": "rect"},
            "encoding": {"x": x, "y": y, "color": colour},
        }
        for rating, outline in OUTLINES.items()
    ]
    number: Spec = {
        "mark": {"type": "text"},
        "encoding": {
            "x": x,
            "y": y,
            "text": {"field": "text"},
            "color": {"condition": {"test": f"datum.ww > {0.2 * most}", "value": "#ffffff"}, "value": "#222222"},
        },
    }
    return framed({"data": {"values": rows}, "width": 430, "height": {"step": 30}, "layer": [*cells, number]})


def map_in_words(flows: Sequence[Flow]) -> str:
    """Describe the map for its text alternative: its largest flows, and how much goes where it is rated unrelated.

    Parameters
    ----------
    flows : sequence of Flow
        Sanction by kind of record and context.

    Returns
    -------
    str
        The three largest flows and the sum for each rating, in welfare-weeks per 1,000 adults and year.
    """
    known = sorted((f for f in flows if np.isfinite(f.found.mean)), key=lambda f: -f.found.mean)
    if not known or known[0].found.mean <= 0:
        return (
            f"Matrix of kinds of records against contexts of life. No sanction flows in any of its {len(flows)} cells."
        )
    first = "; ".join(f"{row_label(f)} to {f.context}, {_short(f.found.mean)}" for f in known[:3])
    parts = [
        f"{_short(sum(f.found.mean for f in known if f.rating == rating))} where the pair is rated {rating}"
        for rating in ("related", "arguable", "unrelated")
    ]
    return (
        "Matrix of kinds of records against contexts of life, sanction in welfare-weeks per 1,000 adults and year. "
        f"Largest flows: {first}. In all: {', '.join(parts)}."
    )


def proportionality(curve: Sequence[Gravity]) -> Spec:
    """Sanction suffered (filled dots with intervals) and harm done (hollow diamonds) by class of people.

    Parameters
    ----------
    curve : sequence of Gravity
        Classes of adults by the harm of their acts.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    rows = [
        {
            "label": f"{point.name} ({point.share.mean:.0%} of adults)",
            "harm": point.harm.mean,
            "sanction": point.sanction.mean,
            "low": _end(point.sanction, point.sanction.low),
            "high": _end(point.sanction, point.sanction.high),
        }
        for point in curve
        if np.isfinite(point.sanction.mean)
    ]
    y = {
        "field": "label",
        "type": "nominal",
        "sort": [row["label"] for row in rows],
        "title": None,
        "axis": {"labelLimit": 420, "domain": False, "ticks": False, "labelPadding": 8},
    }
    title = "welfare-weeks a person and year"
    x = {"type": "quantitative", "title": title, "scale": {"zero": True}}
    rule: Spec = {
        "mark": {"type": "rule", "strokeWidth": 2, "color": REGIME},
        "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
    }
    dot: Spec = {
        "mark": {"type": "point", "size": 75, "filled": True, "color": REGIME},
        "encoding": {"y": y, "x": {**x, "field": "sanction"}},
    }
    diamond: Spec = {
        "mark": {
            "type": "point",
            "shape": "diamond",
            "size": 95,
            "filled": False,
            "stroke": REFERENCE,
            "strokeWidth": 2,
        },
        "encoding": {"y": y, "x": {**x, "field": "harm"}},
    }
    return framed({"data": {"values": rows}, "width": 420, "height": {"step": 30}, "layer": [rule, dot, diamond]})


def curve_in_words(curve: Sequence[Gravity]) -> str:
    """Describe the curve for its text alternative, class by class.

    Parameters
    ----------
    curve : sequence of Gravity
        Classes of adults by the harm of their acts.

    Returns
    -------
    str
        Share of adults, harm done and sanction of each class, in welfare-weeks per person and year.
    """
    parts = [
        f"{point.name}, {point.share.mean:.1%} of adults: harm done {_short(point.harm.mean)}, sanction "
        f"{_short(point.sanction.mean)}"
        for point in curve
        if np.isfinite(point.sanction.mean)
    ]
    return "Welfare-weeks a person and year. " + "; ".join(parts) + "." if parts else "Nobody of 0 adults to show."


def _end(found: Estimate, end: float) -> float:
    return found.mean if np.isnan(end) else end


def _short(value: float) -> str:
    if not np.isfinite(value):
        return "–"
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}" if value >= 0.1 else "<0.1" if value > 0 else "0"
