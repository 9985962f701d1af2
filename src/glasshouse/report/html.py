"""Small pieces of HTML; every text that comes from outside passes through `escape`."""

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["details", "escape", "figure", "section", "table"]


def section(name: str, title: str, body: str) -> str:
    """A part of the page with its heading, which links can name."""
    return f'<section id="{name}"><h2>{escape(title)}</h2>{body}</section>'


def figure(title: str, chart: str, said: str, caption: str = "") -> str:
    """A chart with its heading, its alternative text and, below it, what it shows."""
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f'<figure><h3>{escape(title)}</h3>{below}<div role="img" aria-label="{escape(said)}">{chart}</div></figure>'


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = ()) -> str:
    """A table; cells are HTML already, headings are text, and columns in `numbers` are aligned to the right."""
    marks = ['class="n"' if column in numbers else "" for column in range(len(head))]
    heads = "".join(f'<th scope="col" {mark}>{escape(text)}</th>' for text, mark in zip(head, marks, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td {mark}>{cell}</td>" for cell, mark in zip(row, marks, strict=True)) + "</tr>"
        for row in rows
    )
    return f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


def details(summary: str, body: str) -> str:
    """A fold; both parts are HTML already."""
    return f"<details><summary>{summary}</summary>{body}</details>"
