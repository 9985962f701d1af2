"""The chart of simulated audits: how often each method finds what is there, and what is not."""

from glasshouse.report.charts import REGIME, Rows, Spec, framed

STATED = 5.0
"""Error rate of the audits' tests, in per cent."""


def findings(rows: Rows, shares: str) -> Spec:
    """Shares of audits by method, beside a line at the stated error rate.

    Parameters
    ----------
    rows : list of dict
        For each method `method` (its title), `power` and `alarms`, in per cent of audits.
    shares : str
        Title of the axis.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    y = {
        "field": "method",
        "type": "nominal",
        "sort": [row["method"] for row in rows],
        "title": None,
        "axis": {"labelLimit": 420, "domain": False, "ticks": False, "labelPadding": 8},
    }
    x = {
        "field": "power",
        "type": "quantitative",
        "title": shares,
        "scale": {"domain": [0, 100]},
    }
    point = {"type": "point", "size": 75, "filled": True, "opacity": 1, "stroke": REGIME, "strokeWidth": 2}
    return framed(
        {
            "data": {"values": rows},
            "width": 420,
            "height": {"step": 26},
            "layer": [
                {
                    "mark": {"type": "rule", "color": "#777", "strokeDash": [4, 3]},
                    "encoding": {"x": {"datum": STATED}},
                },
                {"mark": {**point, "fill": REGIME}, "encoding": {"y": y, "x": x}},
                {
                    "mark": {**point, "shape": "diamond", "fill": "#ffffff"},
                    "encoding": {"y": y, "x": {**x, "field": "alarms"}},
                },
            ],
        }
    )
