"""Parallel coordinates: a line for each point of a study across one axis for each outcome, which can be brushed.

The picture is printed like every other chart and reads without scripts. A short script in the page, without a library
and without `eval`, lets a reader keep the lines that run through a part of an axis: with the pointer on the axis, or with
two sliders for each axis below, which work from the keyboard. Every axis has its better end above.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from glasshouse.model.measure import FloatArray
from glasshouse.report import charts
from glasshouse.report.elements import Table
from glasshouse.report.templates import render
from glasshouse.results.estimate import significant

MAX_LINES = 1_000
"""Lines that a picture holds; of more, evenly many are left out."""

LESS, MORE = charts.REFERENCE, charts.REGIME


@dataclass(frozen=True)
class Axis:
    """One axis: its name, its values at the points, their unit, and whether more stands above."""

    name: str
    kind: str
    values: FloatArray
    unit: str
    up: bool

    @property
    def ends(self) -> tuple[float, float]:
        """The value at the bottom and the value at the top."""
        low, high = float(self.values.min()), float(self.values.max())
        inner = [float(end) for end in np.quantile(self.values, (0.02, 0.98))]
        # A few points far out would press all others into a corner.
        if 0.0 < inner[1] - inner[0] < (high - low) / 2:
            low, high = inner
        low, high = (low, high) if high > low else (low - 0.5, low + 0.5)
        return (low, high) if self.up else (high, low)

    @property
    def shares(self) -> FloatArray:
        """How far up each value stands, 0 to 1; what lies beyond an end stands at the end."""
        bottom, top = self.ends
        return np.clip((self.values - bottom) / (top - bottom), 0.0, 1.0)

    @property
    def digits(self) -> int:
        """Decimals that fit the axis."""
        return significant(self.ends[1] - self.ends[0])

    def label(self, end: float) -> str:
        """An end of the axis with its unit, and whether values lie beyond it.

        Parameters
        ----------
        end : float
            One of the two `ends`, in the axis's unit.

        Returns
        -------
        str
            For instance “≥ 12 %”: the number with the axis's digits, after “≤” or “≥” if values lie beyond this end.
        """
        text = f"{end:.{self.digits}f}"
        text = text.lstrip("-") if float(text) == 0.0 else text.replace("-", "−")
        beyond = (
            "≤ "
            if self.values.min() < end == min(self.ends)
            else "≥ "
            if self.values.max() > end == max(self.ends)
            else ""
        )
        return f"{beyond}{text}{self.unit}"


def parallel(axes: Sequence[Axis], judged: int, name: str) -> Markup:
    """The picture with its words as HTML; lines are coloured by the axis numbered `judged`, in two halves.

    `name` keeps its parts apart from those of other charts on the page.

    Parameters
    ----------
    axes : sequence of Axis
        One axis for each outcome.
    judged : int
        Place of the axis by which lines are coloured.
    name : str
        A name that no other chart of the page has.

    Returns
    -------
    markupsafe.Markup
        The content as HTML.
    """
    chosen = np.unique(np.linspace(0, len(axes[0].values) - 1, min(MAX_LINES, len(axes[0].values))).astype(np.int64))
    shares = np.stack([axis.shares[chosen] for axis in axes], axis=1)
    drawn = charts.svg(_spec(axes, shares, judged), name)
    data = json.dumps({"axes": [_ends(axis) for axis in axes], "shares": shares.round(4).tolist()}, ensure_ascii=False)
    description = " ".join(_sentences(axes))
    left = len(axes[0].values) - len(chosen)
    far = any(axis.values.min() < min(axis.ends) or axis.values.max() > max(axis.ends) for axis in axes)
    beyond = " At an end with ≤ or ≥ stand the points beyond it too." if far else ""
    more = f" {left:,} of the points are left out of the picture, evenly." if left else ""
    caption = (
        f"A line is a point of the study. Every axis has its better end above: most control, best governance, least harm. "
        f"Blue: less harm than the middle point in “{axes[judged].name}”. Orange: more. Where lines cross between two axes, "
        f"what is better on one is worse on the other.{beyond}{more}"
    )
    return render(
        "study/parallel_coordinates.html",
        data=data,
        height=HEIGHT,
        caption=caption,
        alt=description,
        svg=drawn,
        pairs=_pairs(axes),
    )


HEIGHT = 280


def _ends(axis: Axis) -> dict[str, Any]:
    bottom, top = axis.ends
    return {"name": axis.name, "bottom": bottom, "top": top, "unit": axis.unit, "digits": axis.digits}


def _spec(axes: Sequence[Axis], shares: FloatArray, judged: int) -> charts.Spec:
    """Lines over axes that stand side by side."""
    order = [str(place) for place in range(len(axes))]
    rows = [
        {
            "point": row,
            "axis": order[k],
            "share": round(float(shares[row, k]), 4),
            "harm": bool(_worse(shares[:, judged])[row]),
        }
        for row in range(len(shares))
        for k in range(len(axes))
    ]
    ends = [
        {
            "axis": order[k],
            "top": axis.label(axis.ends[1]),
            "bottom": axis.label(axis.ends[0]),
            "name": _broken(axis.name),
            "kind": axis.kind,
        }
        for k, axis in enumerate(axes)
    ]
    x = {"field": "axis", "type": "ordinal", "sort": order, "axis": None, "scale": {"type": "point", "padding": 0.5}}
    y: charts.Spec = {"field": "share", "type": "quantitative", "axis": None, "scale": {"domain": [0, 1]}}
    ink = {"condition": {"test": "datum.harm", "value": MORE}, "value": LESS}
    data: charts.Spec = {"data": {"values": ends}}

    def words(field: str, share: float, dy: int, **style: Any) -> charts.Spec:
        mark = {"type": "text", "dy": dy, "fontSize": 12, "color": "#333", **style}
        return {
            **data,
            "mark": mark,
            "encoding": {"x": x, "y": {"datum": share, "axis": None}, "text": {"field": field}},
        }

    layers: list[charts.Spec] = [
        {
            **data,
            "mark": {"type": "rule", "color": "#555"},
            "encoding": {"x": x, "y": {"datum": 0, "axis": None}, "y2": {"datum": 1}},
        },
        {
            "mark": {"type": "line", "strokeWidth": 1.1, "opacity": 0.55},
            "encoding": {"x": x, "y": y, "detail": {"field": "point"}, "stroke": ink},
        },
        words("top", 1, -12),
        words("bottom", 0, 14),
        words("kind", 1, -78, color="#5b5b57", fontStyle="italic"),
        words("name", 1, -62, fontWeight="bold", baseline="top", lineHeight=14),
    ]
    return charts.framed({"data": {"values": rows}, "width": 122 * len(axes), "height": HEIGHT, "layer": layers})


def _worse(shares: FloatArray) -> NDArray[np.bool_]:
    return np.asarray(shares < np.median(shares))


def _broken(name: str, width: int = 17) -> list[str]:
    """A name in lines of about `width` characters."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _correlations(axes: Sequence[Axis]) -> list[tuple[Axis, Axis, float]]:
    """Spearman's rank correlation of each pair of axes of different kinds, better with better."""
    from scipy.stats import rankdata

    ranks = [rankdata(axis.shares) for axis in axes]
    return [
        (
            one,
            other,
            float(np.corrcoef(ranks[i], ranks[j])[0, 1]) if np.ptp(ranks[i]) and np.ptp(ranks[j]) else float("nan"),
        )
        for i, one in enumerate(axes)
        for j, other in enumerate(axes)
        if i < j and one.kind != other.kind
    ]


def _sentences(axes: Sequence[Axis]) -> list[str]:
    return [_relation(one, other, found) for one, other, found in _correlations(axes)]


def _relation(one: Axis, other: Axis, found: float) -> str:
    pair = f"“{one.name}” and “{other.name}”"
    if not np.isfinite(found):
        return f"{pair} cannot be compared: one does not vary."
    if abs(found) < 0.2:
        return f"{pair} have little to do with each other over the points."
    return f"{pair} {'get better together' if found > 0 else 'are at odds: better on one is worse on the other'}."


def _pairs(axes: Sequence[Axis]) -> Table:
    rows = [
        (
            one.name,
            other.name,
            "undefined" if np.isnan(found) else f"{found:+.2f}".replace("-", "−"),
            _relation(one, other, found),
        )
        for one, other, found in _correlations(axes)
    ]
    return Table(("One", "Other", "Rank correlation, better with better", "In words"), rows, numbers=(2,))
