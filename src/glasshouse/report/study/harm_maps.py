"""Where a harm is large: its mean over the points, by the two settings that it depends on most."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.measure import FloatArray
from glasshouse.report import charts
from glasshouse.report.ai_act_charts import DARK, LIGHT
from glasshouse.report.elements import Figure, Table
from glasshouse.results.estimate import significant
from glasshouse.study.design import Design
from glasshouse.study.factor import Factor

EACH = 5
"""Points that a cell of a map holds in the mean."""


@dataclass(frozen=True)
class Cell:
    """A cell of a map: its place on both axes, the mean of the outcome there, and over how many points (0: unknown)."""

    x: str
    y: str
    mean: float
    points: int


def classes(factor: Factor, column: FloatArray, points: int) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Divide the values of a factor into classes.

    A short list of values has a class for each; a range is cut into equal parts, labelled by their middles.

    Parameters
    ----------
    factor : Factor
        The parameter.
    column : ndarray of float, shape (points,)
        The factor's value at each point.
    points : int
        How many points the design has.

    Returns
    -------
    tuple
        Labels of the classes, from low to high, and the class of each point as an array of int, shape (points,).
    """
    if factor.values:
        return tuple(str(value) for value in factor.values), column.astype(np.int64)
    known = np.unique(column)
    if len(known) <= 8:
        return tuple(f"{value:.4g}" for value in known), np.searchsorted(known, column)
    count = int(np.clip(np.sqrt(points / EACH), 2, 8))
    width = (factor.high - factor.low) / count
    places = np.clip(((column - factor.low) / width).astype(np.int64), 0, count - 1)
    return tuple(f"{factor.low + (k + 0.5) * width:.3g}" for k in range(count)), places


def cells(design: Design, first: int, second: int, outcome: FloatArray) -> tuple[Cell, ...]:
    """Compute the cells of the map over two factors.

    Parameters
    ----------
    design : Design
        The design of the study.
    first : int
        Place of the factor on the x axis.
    second : int
        Place of the factor on the y axis.
    outcome : ndarray of float, shape (points,)
        The outcome at each point.

    Returns
    -------
    tuple of Cell
        The cells, column by column; the mean of a cell without points is NaN.
    """
    xs, ys = (classes(design.factors[k], design.points[:, k], len(outcome)) for k in (first, second))
    found = []
    for i, x in enumerate(xs[0]):
        for j, y in enumerate(ys[0]):
            here = outcome[(xs[1] == i) & (ys[1] == j)]
            found.append(Cell(x, y, float(here.mean()) if len(here) else float("nan"), len(here)))
    return tuple(found)


@dataclass(frozen=True)
class HarmMap:
    """A map of an outcome over two factors.

    Attributes
    ----------
    spec : dict
        The chart in Vega-Lite.
    description : str
        Where the outcome is largest and smallest, in a sentence.
    cells : tuple of Cell
        The cells that hold points.
    """

    spec: charts.Spec
    description: str
    cells: tuple[Cell, ...]


def described(design: Design, pair: tuple[int, int], outcome: FloatArray, title: str, unit: str) -> HarmMap:
    """Map an outcome over two factors.

    Parameters
    ----------
    design : Design
        The design of the study.
    pair : tuple of int
        Places of the factors on the x and the y axis.
    outcome : ndarray of float, shape (points,)
        The outcome at each point, as a reader expects it.
    title : str
        Heading of the map.
    unit : str
        Unit as it follows a number, with a space before it.

    Returns
    -------
    HarmMap
        The chart, what it shows, and its cells.
    """
    found = cells(design, *pair, outcome)
    keys = [design.factors[k].key for k in pair]
    known = tuple(cell for cell in found if cell.points)
    worst, best = (pick(known, key=lambda cell: cell.mean) for pick in (max, min))
    description = (
        f"{title} is largest, {_number(worst.mean, known)}{unit}, where {keys[0]} is {worst.x} and {keys[1]} is {worst.y}, and "
        f"smallest, {_number(best.mean, known)}{unit}, where they are {best.x} and {best.y}."
    )
    spec = _spec(known, found, (_label(design.factors[pair[0]]), _label(design.factors[pair[1]])))
    return HarmMap(spec, description, known)


def drawn(
    design: Design, pair: tuple[int, int], outcome: FloatArray, title: str, unit: str, name: str
) -> tuple[Figure, Table]:
    """Draw the map of an outcome over two factors, and give the same as a table.

    Parameters
    ----------
    design : Design
        The design of the study.
    pair : tuple of int
        Places of the factors on the x and the y axis.
    outcome : ndarray of float, shape (points,)
        The outcome at each point, as a reader expects it.
    title : str
        Heading of the map.
    unit : str
        Unit as it follows a number, with a space before it.
    name : str
        A name that no other chart of the page has; it keeps their identifiers apart.

    Returns
    -------
    tuple
        The map as a `Figure`, and the same as a `Table`.
    """
    found = described(design, pair, outcome, title, unit)
    caption = f"{found.description} Each cell is a mean over points that differ in everything else; labels are middles of ranges."
    rows = [(c.x, c.y, _number(c.mean, found.cells), str(c.points)) for c in found.cells]
    head = (*(design.factors[k].key for k in pair), f"{title}{unit}", "Points")
    return Figure(title, charts.svg(found.spec, name), found.description, caption), Table(
        head, rows, numbers=(0, 1, 2, 3)
    )


def _label(factor: Factor) -> str:
    return f"{factor.key}{f', {factor.unit}' if factor.unit else ''}"


def _number(value: float, known: Sequence[Cell]) -> str:
    spread = max(cell.mean for cell in known) - min(cell.mean for cell in known)
    return f"{value:.{significant(spread)}f}".replace("-", "−")


def _spec(known: Sequence[Cell], found: Sequence[Cell], titles: tuple[str, str]) -> charts.Spec:
    rows: list[dict[str, Any]] = [{"x": c.x, "y": c.y, "mean": c.mean, "text": _number(c.mean, known)} for c in known]
    xs, ys = list(dict.fromkeys(c.x for c in found)), list(dict.fromkeys(c.y for c in found))
    low, high = min(c.mean for c in known), max(c.mean for c in known)
    axis = {"labelAngle": 0, "domain": False, "ticks": False}
    x = {"field": "x", "type": "ordinal", "sort": xs, "title": titles[0], "axis": axis, "scale": {"domain": xs}}
    y = {
        "field": "y",
        "type": "ordinal",
        "sort": ys[::-1],
        "title": titles[1],
        "axis": axis,
        "scale": {"domain": ys[::-1]},
    }
    shade = {
        "field": "mean", "type": "quantitative", "scale": {"range": [LIGHT, DARK], "domain": [low, high]}, "legend": None,
    }  # fmt: skip
    ink = {"condition": {"test": f"datum.mean > {(low + high) / 2}", "value": "#fff"}, "value": "#111"}
    layers: list[charts.Spec] = [
        {"mark": {"type": "rect", "stroke": "#fdfdfb"}, "encoding": {"x": x, "y": y, "color": shade}},
        {
            "mark": {"type": "text", "fontSize": 11},
            "encoding": {"x": x, "y": y, "text": {"field": "text"}, "color": ink},
        },
    ]
    return charts.framed({"data": {"values": rows}, "width": 330, "height": 240, "layer": layers})
