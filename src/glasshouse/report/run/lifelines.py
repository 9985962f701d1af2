"""The chart of a life: what happens in both arms over the years, lane by lane, without the regime above with it.

Events are distinguished by shape and filling, the arms by the row and the dash of a line, so that the chart can be
read in black and white.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from glasshouse.report.charts import NAMES, REFERENCE, REGIME, Rows, Spec, framed
from glasshouse.results.life_course import Flags, Life, Trajectory, silenced
from glasshouse.results.life_narrative import short, spells
from glasshouse.results.totals import ARMS, YEAR
from glasshouse.results.totals import REGIME as REGIME_ARM

WIDTH, ROW, HEIGHT = 640, 15, 68
"""Pixels of a lane's width, a row's height and a line's height."""
LABELS = 190
"""Pixels that stand to the left of every part for its labels, so that their years lie below one another."""
MONTH = 4
"""Weeks that a point of a line is the mean of."""


@dataclass(frozen=True)
class Mark:
    """Something that happens in a week, and its sign: a shape of Vega, filled or not.

    `weeks` is asked with the course of the row and that of the other arm.
    """

    shape: str
    filled: bool
    weeks: Callable[[Trajectory, Trajectory], Flags]


@dataclass(frozen=True)
class Lane:
    """One lane of the chart, with a row for each arm: what lasts, in full and in hollow bars, and what happens."""

    title: str
    full: Callable[[Trajectory], Flags] | None = None
    hollow: Callable[[Trajectory], Flags] | None = None
    marks: tuple[Mark, ...] = ()
    arms: tuple[str, ...] = ARMS

    def happens(self, life: Life) -> bool:
        """Tell whether the lane has anything to show.

        Parameters
        ----------
        life : Life
            The life course in every arm.

        Returns
        -------
        bool
            Whether any bar or mark of the lane occurs in its arms.
        """
        courses = [life.trajectories[arm] for arm in self.arms]
        bars = [part(course) for part in (self.full, self.hollow) if part is not None for course in courses]
        marks = [mark.weeks(*_pair(life, arm)) for mark in self.marks for arm in self.arms]
        return any(flags.any() for flags in (*bars, *marks))


def _pair(life: Life, arm: str) -> tuple[Trajectory, Trajectory]:
    (other,) = (name for name in ARMS if name != arm)
    return life.trajectories[arm], life.trajectories[other]


def _context(context: int, name: str) -> Lane:
    return Lane(
        f"restricted: {short(name)}",
        full=lambda course: course.restricted(context) & ~course.wrongly(context),
        hollow=lambda course: course.wrongly(context),
    )


CROSS = "M-0.8,-0.8L0.8,0.8M-0.8,0.8L0.8,-0.8"
"""A slanted cross as a path, for Vega's own cross stands upright."""

BEFORE_LISTS = (
    Lane("open problem", full=lambda course: course.problem),
    Lane(
        "speaks up",
        marks=(
            Mark("circle", True, lambda course, _: course.complaint),
            Mark("triangle-up", True, lambda course, _: course.protest),
        ),
    ),
    Lane("left unsaid", marks=(Mark(CROSS, False, lambda course, other: silenced(other, course)),), arms=(REGIME_ARM,)),
    Lane(
        "recorded",
        marks=(
            Mark("square", True, lambda course, _: course.recorded & ~course.falsely),
            Mark("diamond", False, lambda course, _: course.falsely),
        ),
    ),
)
AFTER_LISTS = (
    Lane("appeals", full=lambda course: course.appealing),
    Lane("visited", marks=(Mark("triangle-down", True, lambda course, _: course.of("visited") > 0),)),
    Lane("household restricted", full=lambda course: course.kin),
    Lane("in debt", full=lambda course: course.indebted),
)
"""The lanes above and below those of the contexts; one in which nothing happens is left out."""

LEGEND = (
    "● complaint · ▲ protest · × complaint that is made only without the regime, about a problem open in both arms · "
    "■ rightful record · ◇ false record · full bar: as long as it lasts · hollow bar: restricted without cause by the "
    "regime's own rule · dotted line: the regime reaches the district. Solid lines: with the regime; dashed: without it; "
    "welfare in welfare-weeks a week."
)


@dataclass(frozen=True)
class Line:
    """A figure over the years."""

    title: str
    column: str
    factor: float


LINES = (
    Line("welfare lost or gained", "hardship", -1.0),
    Line("fear of speaking, %", "risk", 100.0),
    Line("score", "score", 1.0),
)


def chart(life: Life, start: int) -> Spec:
    """The chart of one life; years count from week `start`.

    Parameters
    ----------
    life : Life
        The life.
    start : int
        The week in which the regime begins; 0 if it does not begin within the run.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    weeks = len(life.regime.weeks)
    domain = [-start / YEAR, (weeks - start) / YEAR]
    x: Spec = {"type": "quantitative", "scale": {"domain": domain, "nice": False}, "axis": None}
    title = "years since the regime began" if 0 < start < weeks else "year of the run"
    titled = {**x, "axis": {"tickMinStep": 1, "grid": False, "title": title}}
    lines = [line for line in LINES if life.regime.has(line.column)]
    parts = [_lanes(life, start, x if lines else titled)]
    parts += [_line(life, line, start, x if line is not lines[-1] else titled) for line in lines]
    return framed({"vconcat": parts, "spacing": 14, "bounds": "flush"})


def _lanes(life: Life, start: int, x: Spec) -> Spec:
    contexts = (_context(k, name) for k, name in enumerate(life.regime.contexts))
    lanes = [lane for lane in (*BEFORE_LISTS, *contexts, *AFTER_LISTS) if lane.happens(life)]
    # An empty row sets one lane apart from the next.
    keys = [f"{number}|{row}" for number, lane in enumerate(lanes) for row in (*lane.arms, "")][:-1]
    names = {f"{n}|{arm}": f"{lane.title} · {WORDS[arm]}" for n, lane in enumerate(lanes) for arm in lane.arms}
    label = "".join(f"datum.value === '{key}' ? '{name}' : " for key, name in names.items()) + "''"
    y: Spec = {
        "field": "row",
        "type": "nominal",
        "scale": {"domain": keys, "paddingInner": 0.12},
        "axis": {"title": None, "domain": False, "ticks": False, "labelExpr": label, "labelLimit": LABELS, **_MARGIN},
    }
    colour: Spec = {"field": "arm", "type": "nominal", "legend": None, "scale": {"domain": ARMS, "range": COLOURS}}
    across = {"x": {**x, "field": "from"}, "x2": {"field": "to"}, "y": y}
    bars, marks = _bars(life, lanes, start), _marks(life, lanes, start)
    layers: list[Spec] = [
        {
            "data": {"values": [bar for bar in bars if bar["full"]]},
            "mark": {"type": "bar", "strokeWidth": 0.6},
            "encoding": {**across, "color": colour, "stroke": colour},
        },
        {
            "data": {"values": [bar for bar in bars if not bar["full"]]},
            "mark": {"type": "bar", "fill": "#ffffff", "strokeWidth": 1.8},
            "encoding": {**across, "stroke": colour},
        },
        _points([mark for mark in marks if mark["filled"]], x, y, colour, filled=True),
        _points([mark for mark in marks if not mark["filled"]], x, y, colour, filled=False),
    ]
    return {"width": WIDTH, "height": {"step": ROW}, "layer": [*_reached(life, start, x), *layers]}


WORDS = dict(zip(ARMS, ("without", "with"), strict=True))
COLOURS = (REFERENCE, REGIME)
_MARGIN: Spec = {"minExtent": LABELS, "maxExtent": LABELS}


def _points(rows: Rows, x: Spec, y: Spec, colour: Spec, *, filled: bool) -> Spec:
    shape: Spec = {"field": "shape", "type": "nominal", "legend": None, "scale": None}
    mark: Spec = {"type": "point", "filled": filled, "size": 30 if filled else 50, "strokeWidth": 1.7, "opacity": 1}
    return {
        "data": {"values": rows},
        "mark": mark,
        "encoding": {"x": {**x, "field": "at"}, "y": y, "shape": shape, "color": colour},
    }


def _bars(life: Life, lanes: list[Lane], start: int) -> Rows:
    return [
        {
            "row": f"{number}|{arm}",
            "arm": arm,
            "full": full,
            "from": (first - start) / YEAR,
            "to": (stop - start) / YEAR,
        }
        for number, lane in enumerate(lanes)
        for arm in lane.arms
        for full, part in ((True, lane.full), (False, lane.hollow))
        if part is not None
        for first, stop in spells(part(life.trajectories[arm]))
    ]


def _marks(life: Life, lanes: list[Lane], start: int) -> Rows:
    return [
        {
            "row": f"{number}|{arm}",
            "arm": arm,
            "shape": mark.shape,
            "filled": mark.filled,
            "at": (int(week) + 0.5 - start) / YEAR,
        }
        for number, lane in enumerate(lanes)
        for arm in lane.arms
        for mark in lane.marks
        for week in np.flatnonzero(mark.weeks(*_pair(life, arm)))
    ]


def _reached(life: Life, start: int, x: Spec) -> list[Spec]:
    """A rule where the regime reaches the citizen's district."""
    if life.adoption_week is None or life.adoption_week == 0:
        return []
    return [
        {
            "data": {"values": [{"at": (life.adoption_week - start) / YEAR}]},
            "mark": {"type": "rule", "color": "#777", "strokeDash": [2, 2]},
            "encoding": {"x": {**x, "field": "at"}},
        }
    ]


def _line(life: Life, line: Line, start: int, x: Spec) -> Spec:
    rows = []
    for name, course in zip(NAMES, life.trajectories.values(), strict=True):
        values = line.factor * course.of(line.column)
        for first in range(0, len(values), MONTH):
            month = values[first : first + MONTH]
            at = (first + len(month) / 2 - start) / YEAR
            rows.append({"at": round(at, 3), "value": round(float(month.mean()), 3), "arm": name})
    scale = {"domain": list(NAMES)}
    coded = {"field": "arm", "type": "nominal", "legend": None}
    axis = {"title": None, "tickCount": 3, "grid": True, **_MARGIN}
    drawn: Spec = {
        "data": {"values": rows},
        "mark": {"type": "line"},
        "encoding": {
            "x": {**x, "field": "at"},
            "y": {"field": "value", "type": "quantitative", "axis": axis},
            "color": {**coded, "scale": {**scale, "range": list(COLOURS)}},
            "strokeDash": {**coded, "scale": {**scale, "range": [[5, 4], [1, 0]]}},
            "strokeWidth": {**coded, "scale": {**scale, "range": [1.6, 2.4]}},
        },
    }
    heading: Spec = {
        "data": {"values": [{}]},
        "mark": {"type": "text", "align": "right", "baseline": "middle", "x": -46, "y": HEIGHT / 2, "text": line.title},
        "encoding": {},
    }
    return {"width": WIDTH, "height": HEIGHT, "layer": [*_reached(life, start, x), heading, drawn]}
