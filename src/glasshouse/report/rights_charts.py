"""The chart of an impact assessment: each harm with and without the regime."""

from glasshouse.report.charts import NAMES, REFERENCE, REGIME, Rows, Spec, framed


def in_both_arms(rows: Rows) -> Spec:
    """Harms in both arms on one axis.

    Parameters
    ----------
    rows : list of dict
        For each harm and arm `harm` (its title), `arm` (one of `charts.NAMES`) and `mean`, for 100,000 adults.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    harms = list(dict.fromkeys(row["harm"] for row in rows))
    y = {
        "field": "harm",
        "type": "nominal",
        "sort": harms,
        "title": None,
        "axis": {"labelLimit": 420, "domain": False, "ticks": False, "labelPadding": 8},
    }
    x = {
        "field": "mean",
        "type": "quantitative",
        "title": "for 100,000 adults (square-root scale)",
        "scale": {"type": "sqrt"},
    }
    point: Spec = {"type": "point", "size": 75, "filled": True, "opacity": 1, "strokeWidth": 2}
    layers: list[Spec] = [
        {
            "transform": [{"filter": {"field": "arm", "equal": name}}],
            "mark": {**point, "shape": shape, "stroke": ink, "fill": fill},
            "encoding": {"y": y, "x": x},
        }
        for name, shape, ink, fill in zip(
            NAMES, ("diamond", "circle"), (REFERENCE, REGIME), ("#ffffff", REGIME), strict=True
        )
    ]
    return framed({"data": {"values": rows}, "width": 420, "height": {"step": 26}, "layer": layers})
