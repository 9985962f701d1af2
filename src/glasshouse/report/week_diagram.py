"""The picture of a week: its steps from top to bottom, and a mark for each step that reads what another keeps.

Marks differ by shape and filling, not by colour: what is filled is of this week, what is hollow of another.
"""

from collections import defaultdict
from dataclasses import dataclass

from markupsafe import Markup

from glasshouse.report.charts import FONT
from glasshouse.report.odd.dependencies import How, Link, Step, Wiring, heading
from glasshouse.report.templates import render

LABELS, HEAD, ROW, CELL, BAND = 400, 104, 36, 27, 30
"""Width of the steps' names, height of the heads, height of a step, width of a column, height of a kind's heading."""

SLANT = 56
"""Room to the right for the last columns' slanted names."""

SPINE = 44
"""Where the line through the steps runs."""

INK, SOFT, LINE, FAINT, TINT = "#1c1c1a", "#5b5b57", "#d9d9d4", "#efefea", "#ecece6"

LEGEND: dict[How, str] = {
    "this week": "reads its state of this week",
    "last week": "reads its state of last week",
    "others": "sees its signal of last week in contacts or household",
    "total": "reads its total of this week",
    "sent": "takes what it sent last week",
    "ahead": "reads its state ahead, in the reference arm",
}
"""What each mark says of the step in its row about the step in its column."""

OUTLINES: dict[How, tuple[tuple[float, float], ...]] = {
    "others": ((0, -6), (6, 0), (0, 6), (-6, 0)),
    "sent": ((-4.5, -5.5), (5.5, 0), (-4.5, 5.5)),
    "ahead": ((-5.5, 4.5), (0, -5.5), (5.5, 4.5)),
}
"""Corners of the marks that are polygons, from their middle."""

TURNS = ("First", "Then", "Last")


@dataclass(frozen=True)
class _Place:
    """Where a step's row begins, from the top."""

    step: Step
    top: float

    @property
    def middle(self) -> float:
        return self.top + ROW / 2


@dataclass(frozen=True)
class _Mark:
    """One way in which a step reads another: where it stands and what it says."""

    how: How
    x: float
    title: str


@dataclass(frozen=True)
class _Row:
    """A step with its summary and its marks; `own_x` is the middle of its own column."""

    place: _Place
    short: str
    summary: str
    own_x: float
    marks: tuple[_Mark, ...]


def week(wiring: Wiring) -> Markup:
    """Draws the week.

    Parameters
    ----------
    wiring : Wiring
        The steps of the model and what each reads.

    Returns
    -------
    markupsafe.Markup
        An SVG element that takes the width that there is. It is hidden from screen readers: words beside it say the same.
    """
    kinds = list(dict.fromkeys(step.kind for step in wiring.steps))
    places, bands, top = [], [], float(HEAD)
    for number, kind in enumerate(kinds):
        bands.append((_heading(kind, number, len(kinds)), top))
        top += BAND
        for step in wiring.steps:
            if step.kind == kind:
                places.append(_Place(step, top))
                top += ROW
    used = [(how, words) for how, words in LEGEND.items() if any(link.how == how for link in wiring.links)]
    return render(
        "week.svg",
        places=places,
        bands=bands,
        rows=[_row(place, places, wiring) for place in places],
        used=used,
        outlines=OUTLINES,
        width=LABELS + CELL * len(places) + SLANT,
        height=top + 34 + 22 * (len(used) // 2 + 1),
        bottom=top,
        top=HEAD,
        labels=LABELS,
        row=ROW,
        cell=CELL,
        band_height=BAND,
        spine=SPINE,
        font=FONT,
        ink=INK,
        soft=SOFT,
        line=LINE,
        faint=FAINT,
        tint=TINT,
    )


def _column(number: int) -> float:
    """The middle of a column."""
    return LABELS + CELL * (number + 0.5)


def _heading(kind: str, number: int, count: int) -> str:
    """When the turn of a kind comes, and whose it is."""
    turn = TURNS[0] if number == 0 else TURNS[2] if number == count - 1 else TURNS[1]
    return f"{turn}: {'the centre' if kind == 'centre' else f'every {kind}'}"


def _row(place: _Place, places: list[_Place], wiring: Wiring) -> _Row:
    step = place.step
    links: dict[int, dict[How, list[Link]]] = defaultdict(lambda: defaultdict(list))
    for link in wiring.links:
        if link.reader == step:
            links[link.owner.place][link.how].append(link)
    marks = [
        mark
        for number, other in enumerate(places)
        for mark in _marks(step, other.step, links[other.step.place], _column(number))
    ]
    summary = wiring.summary(step)
    return _Row(place, _cut(summary), summary, _column(places.index(place)), tuple(marks))


def _marks(step: Step, owner: Step, links: dict[How, list[Link]], x: float) -> list[_Mark]:
    """The marks of one step in the column of another, side by side."""
    found = []
    for turn, (how, same) in enumerate(links.items()):
        fields = ", ".join(dict.fromkeys(link.field for link in same))
        reads = LEGEND[how].replace("its", "the")
        title = f"{step.name}, step {step.place}, {reads}: {fields} of {owner.name}, step {owner.place}"
        found.append(_Mark(how, x + (turn - (len(links) - 1) / 2) * 12, title))
    return found


def _cut(text: str, most: int = 58) -> str:
    """The text, or its first words where it is too long for its place."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def caption(wiring: Wiring) -> str:
    """How to read the picture, and whose turn comes when.

    Parameters
    ----------
    wiring : Wiring
        The steps of the model and what each reads.

    Returns
    -------
    str
        The caption: the order of the steps in a week, and what the marks mean.
    """
    kinds = list(dict.fromkeys(heading(step.kind).lower() for step in wiring.steps))
    return (
        f"From top to bottom, a week: {', then '.join(kinds)}, then the next week. A mark in a row says that this step "
        "reads what the step in the column keeps; filled marks are of this week, hollow ones of another."
    )
