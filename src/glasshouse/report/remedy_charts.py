"""The chart of remedies: what each averts by the month in which it begins."""

from collections.abc import Sequence

from glasshouse.report.charts import REGIME, Rows, Spec, framed


def averted_by_month(rows: Rows, remedies: Sequence[str], axes: tuple[str, str]) -> Spec:
    """A panel for each remedy, with the harm that it averts from each month on.

    Parameters
    ----------
    rows : list of dict
        `remedy`, `month`, `mean`, `low` and `high`; where there is no interval, both limits are the mean.
    remedies : sequence of str
        The remedies in their order.
    axes : tuple of (str, str)
        Titles of the axes: months, and the unit of the harm.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    x = {
        "field": "month",
        "type": "quantitative",
        "title": axes[0],
        "scale": {"domainMin": 0},
        "axis": {"grid": False, "tickCount": 4},
    }
    y = {"field": "mean", "type": "quantitative", "title": axes[1], "scale": {"zero": True}}
    point = {"type": "point", "size": 45, "filled": True, "opacity": 1, "color": REGIME}
    panel = {
        # A page stretches a chart to its width, so that narrow panels that stand alone would have huge letters.
        "width": {1: 600, 2: 270}.get(len(remedies), 170),
        "height": 130,
        "layer": [
            {"mark": {"type": "rule", "color": "#555"}, "encoding": {"y": {"datum": 0}}},
            {
                "mark": {"type": "rule", "strokeWidth": 2, "color": REGIME, "opacity": 0.55},
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {"mark": {"type": "line", "color": REGIME}, "encoding": {"x": x, "y": y}},
            {"mark": point, "encoding": {"x": x, "y": y}},
        ],
    }
    facet = {"field": "remedy", "type": "nominal", "sort": list(remedies), "header": {"title": None}}
    return framed({"data": {"values": rows}, "facet": facet, "columns": min(len(remedies), 3), "spec": panel})
