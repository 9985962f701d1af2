"""The picture of a week: its steps from top to bottom, and a mark for each step that reads what another keeps.

Marks differ by shape and filling, not by colour: what is filled is of this week, what is hollow of another.
"""

from collections import defaultdict
from dataclasses import dataclass

from glasshouse.report.charts import FONT
from glasshouse.report.html import escape
from glasshouse.report.odd.dependencies import How, Link, Step, Wiring, heading

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
    "ahead": "reads its state ahead, in the reference world",
}
"""What each mark says of the step in its row about the step in its column."""

TURNS = ("First", "Then", "Last")


@dataclass(frozen=True)
class _Place:
    """Where a step's row begins, from the top."""

    step: Step
    top: float

    @property
    def middle(self) -> float:
        return self.top + ROW / 2


def week(wiring: Wiring) -> str:
    """The week as an SVG element that fills the width of its place; what it says stands in the words beside it."""
    kinds = list(dict.fromkeys(step.kind for step in wiring.steps))
    places, bands, top = [], [], float(HEAD)
    for kind in kinds:
        bands.append((kind, top))
        top += BAND
        for step in wiring.steps:
            if step.kind == kind:
                places.append(_Place(step, top))
                top += ROW
    width = LABELS + CELL * len(places) + SLANT
    used = [how for how in LEGEND if any(link.how == how for link in wiring.links)]
    height = top + 34 + 22 * (len(used) // 2 + 1)
    drawn = [
        _columns(len(places), top),
        *(_heads(place, n) for n, place in enumerate(places)),
        *(_band(kind, y, n, len(bands), width) for n, (kind, y) in enumerate(bands)),
        *(_row(place, places, wiring, width) for place in places),
        _spine(places),
        *(_legend(_mark(how, 0, -4), LEGEND[how], n, top + 30) for n, how in enumerate(used)),
        _legend(f'<rect x="-8" y="-12" width="16" height="16" fill="{TINT}"/>', "the step itself", len(used), top + 30),
    ]
    return (
        f'<svg class="week" aria-hidden="true" focusable="false" viewBox="0 0 {width} {height:g}" style="max-width: {width}px" '
        f'xmlns="http://www.w3.org/2000/svg" font-family="{escape(FONT)}" fill="{INK}">{"".join(drawn)}</svg>'
    )


def _column(number: int) -> float:
    """The middle of a column."""
    return LABELS + CELL * (number + 0.5)


def _columns(count: int, bottom: float) -> str:
    """Faint lines between the columns."""
    lines = " ".join(f"M {LABELS + CELL * number} {HEAD} V {bottom:g}" for number in range(count + 1))
    return f'<path d="{lines}" stroke="{FAINT}" fill="none"/>'


def _heads(place: _Place, number: int) -> str:
    """The number and name of a step above its column."""
    x = _column(number)
    name = escape(place.step.name)
    return (
        f'<text x="{x + 4:g}" y="{HEAD - 26}" font-size="12" transform="rotate(-60 {x + 4:g} {HEAD - 26})">{name}</text>'
        f'<text x="{x:g}" y="{HEAD - 8}" font-size="12" font-weight="bold" text-anchor="middle">{place.step.place}</text>'
    )


def _band(kind: str, top: float, number: int, count: int, width: float) -> str:
    """The heading of a kind: when its turn comes, and whose it is."""
    turn = TURNS[0] if number == 0 else TURNS[2] if number == count - 1 else TURNS[1]
    whom = "the centre" if kind == "centre" else f"every {kind}"
    return (
        f'<rect x="0" y="{top:g}" width="{width:g}" height="{BAND}" fill="{TINT}"/>'
        f'<text x="{SPINE + 24}" y="{top + 20:g}" font-size="15" font-weight="bold">{escape(f"{turn}: {whom}")}</text>'
    )


def _row(place: _Place, places: list[_Place], wiring: Wiring, width: float) -> str:
    """One step: its number, its name, what it is, and its marks."""
    step = place.step
    told = wiring.told(step)
    parts = [
        f'<line x1="{SPINE + 24}" y1="{place.top + ROW:g}" x2="{width:g}" y2="{place.top + ROW:g}" stroke="{LINE}"/>',
        f'<text x="{SPINE + 24}" y="{place.top + 15:g}" font-size="14" font-weight="bold">{escape(step.name)}</text>',
        f'<text x="{SPINE + 24}" y="{place.top + 29:g}" font-size="10.5" fill="{SOFT}">{escape(_cut(told))}'
        f"<title>{escape(told)}</title></text>",
    ]
    found: dict[int, dict[How, list[Link]]] = defaultdict(lambda: defaultdict(list))
    for link in wiring.links:
        if link.reader == step:
            found[link.owner.place][link.how].append(link)
    for number, other in enumerate(places):
        x = _column(number)
        if other is place:
            parts.append(f'<rect x="{x - CELL / 2:g}" y="{place.top:g}" width="{CELL}" height="{ROW}" fill="{TINT}"/>')
        marks = found[other.step.place]
        for turn, (how, links) in enumerate(marks.items()):
            shift = (turn - (len(marks) - 1) / 2) * 12
            fields = ", ".join(dict.fromkeys(link.field for link in links))
            owner = f"{other.step.name}, step {other.step.place}"
            said = f"{step.name}, step {step.place}, {LEGEND[how].replace('its', 'the')}: {fields} of {owner}"
            parts.append(f"<g>{_mark(how, x + shift, place.middle)}<title>{escape(said)}</title></g>")
    return f"<g>{''.join(parts)}</g>"


def _cut(text: str, most: int = 58) -> str:
    """The text, or its first words where it is too long for its place."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _mark(how: How, x: float, y: float) -> str:
    """The mark of one kind of reading."""
    hollow = f'fill="white" stroke="{INK}" stroke-width="1.8"'
    if how == "this week":
        return f'<circle cx="{x:g}" cy="{y:g}" r="5.2"/>'
    if how == "last week":
        return f'<circle cx="{x:g}" cy="{y:g}" r="4.6" {hollow}/>'
    if how == "total":
        return f'<rect x="{x - 4.8:g}" y="{y - 4.8:g}" width="9.6" height="9.6"/>'
    outlines = {
        "others": ((0, -6), (6, 0), (0, 6), (-6, 0)),
        "sent": ((-4.5, -5.5), (5.5, 0), (-4.5, 5.5)),
        "ahead": ((-5.5, 4.5), (0, -5.5), (5.5, 4.5)),
    }
    points = " ".join(f"{x + dx:g},{y + dy:g}" for dx, dy in outlines[how])
    return f'<polygon points="{points}" {hollow}/>'


def _spine(places: list[_Place]) -> str:
    """The line down through the numbers of all steps, and back up to the first: the next week."""
    if not places:
        return ""
    first, last = places[0].middle, places[-1].middle
    back = SPINE - 26
    circles = "".join(
        f'<circle cx="{SPINE}" cy="{place.middle:g}" r="12.5"/><text x="{SPINE}" y="{place.middle + 4.5:g}" '
        f'font-size="13" font-weight="bold" text-anchor="middle" fill="white">{place.step.place}</text>'
        for place in places
    )
    middle = (first + last) / 2
    return (
        f'<path d="M {SPINE} {first:g} V {last:g}" stroke="{INK}" stroke-width="2.4" fill="none"/>'
        f'<path d="M {SPINE} {last:g} H {back + 8} Q {back} {last:g} {back} {last - 8:g} V {first + 8:g} '
        f'Q {back} {first:g} {back + 8} {first:g} H {SPINE - 16}" stroke="{SOFT}" stroke-width="1.8" fill="none" '
        f'stroke-dasharray="5 4"/>'
        f'<polygon points="{SPINE - 13},{first:g} {SPINE - 21},{first - 5:g} {SPINE - 21},{first + 5:g}" fill="{SOFT}"/>'
        f'<text x="{back - 5}" y="{middle:g}" font-size="12" fill="{SOFT}" text-anchor="middle" '
        f'transform="rotate(-90 {back - 5} {middle:g})">next week</text>{circles}{_arrows(places)}'
    )


def _arrows(places: list[_Place]) -> str:
    """Heads of arrows on the line, one above each step but the first."""
    tips = [place.middle - 13 for place in places[1:]]
    return "".join(f'<polygon points="{SPINE},{y:g} {SPINE - 5},{y - 8:g} {SPINE + 5},{y - 8:g}"/>' for y in tips)


def _legend(mark: str, words: str, number: int, top: float) -> str:
    """One mark with its meaning, two to a line."""
    x, y = 30 + 400 * (number % 2), top + 22 * (number // 2)
    return f'<g transform="translate({x} {y:g})">{mark}<text x="16" font-size="12.5">{escape(words)}</text></g>'


def caption(wiring: Wiring) -> str:
    """How to read the picture, and whose turn comes when."""
    kinds = list(dict.fromkeys(heading(step.kind).lower() for step in wiring.steps))
    return (
        f"From top to bottom, a week: {', then '.join(kinds)}, then the next week. A mark in a row says that this step "
        "reads what the step in the column keeps; filled marks are of this week, hollow ones of another."
    )
