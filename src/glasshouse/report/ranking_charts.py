"""The chart of regimes side by side: what each adds of a harm, and what is left of it with all safeguards."""

from collections.abc import Sequence

from glasshouse.report.charts import REFERENCE, REGIME, Rows, Spec, framed

_X = {
    "field": "mean",
    "type": "quantitative",
    "title": None,
    "scale": {"zero": True},
    "axis": {"tickCount": 4},
}
"""The axis of a harm."""


def harms_by_regime(rows: Rows, regimes: Sequence[str]) -> Spec:
    """A panel for each harm, with a line for each regime.

    Parameters
    ----------
    rows : list of dict
        `harm`, `regime`, `mean`, `low`, `high`, and `guarded`: the harm with all safeguards, or None. Where there is no
        interval, both limits are the mean.
    regimes : sequence of str
        The regimes in their order.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    y = {
        "field": "regime",
        "type": "nominal",
        "sort": list(regimes),
        "title": None,
        "axis": {"labelLimit": 230, "domain": False, "ticks": False, "labelPadding": 8},
    }
    panel = {
        "width": 300,
        "height": {"step": 24},
        "layer": [
            {"mark": {"type": "rule", "color": "#777"}, "encoding": {"x": {"datum": 0}}},
            {
                "mark": {"type": "rule", "strokeWidth": 2, "color": REGIME, "opacity": 0.55},
                "encoding": {"y": y, "x": {**_X, "field": "low"}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "size": 70, "filled": True, "opacity": 1, "color": REGIME},
                "encoding": {"y": y, "x": _X},
            },
            {
                "transform": [{"filter": "isValid(datum.guarded)"}],
                "mark": {"type": "point", "size": 90, "shape": "diamond", "color": REFERENCE, "strokeWidth": 2},
                "encoding": {"y": y, "x": {**_X, "field": "guarded"}},
            },
        ],
    }
    harms = list(dict.fromkeys(row["harm"] for row in rows))
    facet = {"field": "harm", "type": "nominal", "sort": harms, "header": {"title": None}}
    return framed(
        {
            "data": {"values": rows},
            "facet": facet,
            "columns": 1,
            "spec": panel,
            "resolve": {"scale": {"x": "independent"}, "axis": {"x": "independent"}},
        }
    )
