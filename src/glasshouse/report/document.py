"""A document as data, sections of paragraphs, lists, tables and pictures, and its writing as Markdown.

Texts are plain words; what stands between back-ticks is code. Writers escape everything else.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Text:
    """One paragraph."""

    words: str


@dataclass(frozen=True)
class Listing:
    """Items under one another."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table; columns in `numbers` are aligned to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Verbatim:
    """Text whose lines stay as they are, such as equations."""

    words: str


@dataclass(frozen=True)
class Picture:
    """A figure with its title and caption where the medium has pictures; elsewhere `words`, which say the same.

    `draw` makes the figure's SVG, and is called only where a picture is wanted.
    """

    title: str
    draw: Callable[[], Markup]
    caption: str
    words: str


Part = Text | Listing | Grid | Verbatim | Picture


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it; `name` is what links call it."""

    name: str
    title: str
    parts: tuple[Part, ...] = ()
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole document: what kind it is, its title, the paragraphs before the first heading, and its sections."""

    kind: str
    title: str
    lead: tuple[Part, ...]
    sections: tuple[Section, ...]


def pieces(words: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is code.

    Parameters
    ----------
    words : str
        The text.
    """
    for place, piece in enumerate(re.split(r"`([^`]*)`", words)):
        if piece:
            yield piece, place % 2 == 1


def joined(words: Sequence[str], last: str = "and") -> str:
    """Join words as in “a, b and c”.

    Parameters
    ----------
    words : sequence of str
        The words.
    last : str
        What stands before the last of them.

    Returns
    -------
    str
        The words, with commas between them and `last` before the last.
    """
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def markdown(document: Document) -> str:
    """Write a document in Markdown (CommonMark with tables).

    Parameters
    ----------
    document : Document
        What is written.

    Returns
    -------
    str
        The Markdown text.
    """
    blocks = [f"*{_escaped(document.kind)}*", f"# {_inline(document.title)}"]
    blocks += [_part(part) for part in document.lead]
    for section in document.sections:
        blocks += _section(section, 2)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _section(section: Section, depth: int) -> list[str]:
    blocks = [f"{'#' * depth} {_inline(section.title)}", *(_part(part) for part in section.parts)]
    for inner in section.sections:
        blocks += _section(inner, depth + 1)
    return blocks


def _part(part: Part) -> str:
    if isinstance(part, Text | Picture):
        return _inline(part.words)
    if isinstance(part, Listing):
        return "\n".join(f"- {_inline(item)}" for item in part.items)
    if isinstance(part, Verbatim):
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", part.words)), 3)
        return f"{fence}text\n{part.words}\n{fence}"
    return _grid(part)


def _grid(grid: Grid) -> str:
    marks = ["---:" if column in grid.numbers else "---" for column in range(len(grid.head))]
    return "\n".join([_row(grid.head), f"| {' | '.join(marks)} |", *(_row(row) for row in grid.rows)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_inline(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def _inline(words: str) -> str:
    """A text on one line with its code in back-ticks and nothing else that Markdown would read as a mark."""
    text = " ".join(words.split())
    return "".join(f"`{piece}`" if code else _escaped(piece) for piece, code in pieces(text))


def _escaped(words: str) -> str:
    return re.sub(r"([\\*_<>\[\]#~])", r"\\\1", words).replace("&", "&amp;")
